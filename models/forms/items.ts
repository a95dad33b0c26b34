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

/** "Nơi thường trú/tạm trú …" of the person whose fields begin with `who`. */
export const residencePlace = (who: string): FormItemInput[] => [
  { label: 'Nơi' },
  residence(`${who}LoaiCuTru`),
  { blank: [`${who}NoiCuTru`], lines: 2 },
];

/** The signatory's name and position on one line. */
export const signatory = (label: string): FormItemInput[] => [
  { label },
  { blank: ['nguoiKy', 'chucVuNguoiKy'], split: 'nameAndPosition', lines: 2 },
];
