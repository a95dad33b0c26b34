/**
 * Why a record cannot be delivered. Nothing is invented to make it fit: the record is left out and
 * named, with these sentences.
 */
export const REFUSALS = {
  notApproved: ['Bản ghi chưa được phê duyệt', 'The record is not approved'],
  noNumber: ['Không có số đăng ký', 'There is no registration number'],
  numberUnclear: [
    'Số đăng ký không phải một số (kèm một chữ cái, kèm năm)',
    'The registration number is not one number (with a letter, with a year)',
  ],
  noDate: ['Không có ngày đăng ký', 'There is no registration date'],
  dateIncomplete: [
    'Ngày đăng ký không đủ ngày, tháng, năm',
    'The registration date lacks day, month or year',
  ],
  sameName: [
    'Tên tệp PDF trùng với bản ghi khác trong sổ',
    'Another record of the book would get the same PDF name',
  ],
  requiredEmpty: ['Trường bắt buộc còn trống', 'A required field is empty'],
  ruleBroken: ['Vi phạm quy tắc kiểm tra', 'A check is broken'],
  noPages: ['Bản ghi không có trang nào', 'The record has no page'],
  imageMissing: ['Không tìm thấy ảnh của trang', 'The image of a page is missing'],
  imageUnreadable: ['Không đọc được ảnh của trang', 'The image of a page cannot be read'],
} as const satisfies Record<string, readonly [vi: string, en: string]>;

export type RefusalKind = keyof typeof REFUSALS;

/** One reason; `vi` and `en` are whole sentences without personal values. */
export interface Reason {
  readonly kind: RefusalKind;
  readonly fields: readonly string[];
  readonly vi: string;
  readonly en: string;
}

/** A record that is not delivered (or, in a draft, would not be), and all the reasons. */
export interface Refusal {
  readonly recordId: string;
  /** What stands on the page as registration number, to find it by; empty without one. */
  readonly number: string;
  /** Places of its pages in their document, from 1. */
  readonly pages: readonly number[];
  readonly reasons: readonly Reason[];
}

/** A reason with what it is about appended: field names, record ids or a rule's sentence. */
export function reason(
  kind: RefusalKind,
  fields: readonly string[] = [],
  about?: readonly [vi: string, en: string],
): Reason {
  const [vi, en] = REFUSALS[kind];
  const shown = about ?? (fields.length > 0 ? [fields.join(', '), fields.join(', ')] : undefined);
  return {
    kind,
    fields,
    vi: shown ? `${vi}: ${shown[0]}` : vi,
    en: shown ? `${en}: ${shown[1]}` : en,
  };
}

/** The reasons as one line for people. */
export function sayRefusal(refusal: Refusal, language: 'vi' | 'en'): string {
  return refusal.reasons.map((r) => r[language]).join('; ');
}
