import type { FormItemInput } from './define.ts';

/** A label and the place to write behind it. */
export const line = (label: string, field: string, lines = 1): FormItemInput[] => [
  { label },
  { blank: [field], lines },
];

/** A heading on a line of its own. */
export const heading = (label: string): FormItemInput[] => [{ label, heading: true }];

/** "… ngày … tháng … năm …": a date asked in three places; `label` stands before the day. */
export const dateInParts = (label: string, field: string): FormItemInput[] => [
  { label },
  { blank: [field], part: 'day' },
  { label: 'tháng' },
  { blank: [field], part: 'month' },
  { label: 'năm' },
  { blank: [field], part: 'year' },
];

/** "thường trú/tạm trú", of which the wrong one is struck out. */
export const residence = (field: string): FormItemInput => ({
  choice: field,
  mark: 'strike',
  options: [
    { text: 'thường trú', code: '1' },
    { text: 'tạm trú', code: '2' },
  ],
});

/**
 * "Nơi thường trú/tạm trú …" of the person whose fields begin with `who`; `behind` is what is
 * printed between the alternatives and the place to write.
 */
export const residencePlace = (who: string, behind?: string): FormItemInput[] => [
  { label: 'Nơi' },
  residence(`${who}LoaiCuTru`),
  ...(behind ? [{ label: behind }] : []),
  { blank: [`${who}NoiCuTru`], lines: 2 },
];

/** Number, book and page of the forms of 2015. */
export const numberBookPage: FormItemInput[] = [
  ...line('Số', 'so'),
  ...line('Quyển', 'quyenSo'),
  ...line('Trang số', 'trangSo'),
];

/** "Giấy tờ tùy thân …" of the person whose fields begin with `who`: as much as the register has. */
export const identityDocument = (
  who: string,
  asked: 'whole' | 'kindAndNumber' = 'whole',
): FormItemInput[] => [
  { label: 'Giấy tờ tùy thân' },
  {
    blank: (asked === 'whole' ? ['Loai', 'So', 'NgayCap', 'NoiCap'] : ['Loai', 'So']).map(
      (part) => `${who}${part}GiayToTuyThan`,
    ),
    split: 'identityDocument',
    lines: 2,
  },
];

/** Boxes of which one is ticked: what stands beside each, and its code in the field's list. */
export const boxes = (
  field: string,
  options: Readonly<Record<string, string>>,
): FormItemInput[] => [
  {
    choice: field,
    mark: 'tick',
    options: Object.entries(options).map(([text, code]) => ({ text, code })),
  },
];

/** The signatory's name and position on one line. */
export const signatory = (label: string): FormItemInput[] => [
  { label },
  { blank: ['nguoiKy', 'chucVuNguoiKy'], split: 'nameAndPosition', lines: 2 },
];
