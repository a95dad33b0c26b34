import { z } from 'zod';
import type { BookHabits } from './books.ts';
import { compareDates, isAge, parseDate, wordsToDate } from './dates.ts';

/** `error` blocks the export of the record, `warning` is shown and may be accepted by a person. */
export const Severity = z.enum(['error', 'warning']);
export type Severity = z.infer<typeof Severity>;

interface Rule {
  /** How many field values it compares. */
  readonly fields: number;
  /** Checked only in books that have this habit. */
  readonly habit?: keyof BookHabits;
  readonly severity: Severity;
  readonly vi: string;
  readonly en: string;
  /** True when broken; called only with values that are present, in the order of the register's entry. */
  readonly broken: (...values: string[]) => boolean;
}

const order = (first: string, second: string) => {
  const a = parseDate(first);
  const b = parseDate(second);
  return a && b ? compareDates(a, b) > 0 : false;
};

const age = (born: string, then: string, years: number) => {
  const a = parseDate(born);
  const b = parseDate(then);
  // By years alone, as books often know no more; a warning only, a historical fact is never rejected.
  return a && b ? b.year - a.year < years : false;
};

/**
 * Checks on values, by name. Sources: registers.md §4 (vendor quality control S1, S4, S5; law of
 * 2014 on marriage age). They never change a value.
 */
export const RULES: Readonly<Record<string, Rule>> = {
  numberHasSlash: {
    fields: 1,
    severity: 'warning',
    vi: 'Thường có dạng số/năm',
    en: 'Usually number/year',
    broken: (v) => !v.includes('/'),
  },
  // A vendor wants "/" in every number (S4), but many books number plainly: asked where it is usual.
  slashLikeOthers: {
    fields: 1,
    habit: 'numbersHaveSlash',
    severity: 'warning',
    vi: 'Các số khác trong sổ có dạng số/năm',
    en: 'The other numbers of this book are number/year',
    broken: (v) => !v.includes('/'),
  },
  yearOfNumber: {
    fields: 2,
    severity: 'warning',
    vi: 'Năm trong số đăng ký khác năm đăng ký',
    en: 'The year in the number is not the year of registration',
    broken: (so, ngay) => /\/\d{4}$/.test(so) && so.slice(-4) !== ngay.slice(-4),
  },
  wholeDate: {
    fields: 1,
    severity: 'error',
    vi: 'Phải đủ ngày, tháng, năm',
    en: 'Needs day, month and year',
    broken: (v) => parseDate(v)?.day === undefined,
  },
  dateOrAge: {
    fields: 1,
    severity: 'error',
    vi: 'Không phải ngày tháng hợp lệ',
    en: 'Not a valid date',
    broken: (v) => parseDate(v) === undefined && !isAge(v),
  },
  notAfter: {
    fields: 2,
    severity: 'error',
    vi: 'Ngày trước lại muộn hơn ngày sau',
    en: 'The earlier date lies after the later one',
    broken: order,
  },
  wordsAgree: {
    fields: 2,
    severity: 'warning',
    vi: 'Ngày bằng chữ khác ngày bằng số',
    en: 'The date in words differs from the date in figures',
    broken: (figures, words) => {
      const a = parseDate(figures);
      const b = wordsToDate(words);
      return (
        a !== undefined &&
        b !== undefined &&
        (a.year !== b.year || a.month !== b.month || a.day !== b.day)
      );
    },
  },
  ageOfHusband: {
    fields: 2,
    severity: 'warning',
    vi: 'Chồng chưa đủ 20 tuổi khi đăng ký',
    en: 'Husband under 20 at registration',
    broken: (born, then) => age(born, then, 20),
  },
  ageOfWife: {
    fields: 2,
    severity: 'warning',
    vi: 'Vợ chưa đủ 18 tuổi khi đăng ký',
    en: 'Wife under 18 at registration',
    broken: (born, then) => age(born, then, 18),
  },
  personalIdFormat: {
    fields: 1,
    severity: 'error',
    vi: 'Số định danh có 12 chữ số',
    en: 'A personal id has 12 digits',
    broken: (v) => !/^\d{12}$/.test(v),
  },
  digitsOnly: {
    fields: 1,
    severity: 'warning',
    vi: 'Chỉ gồm chữ số',
    en: 'Digits only',
    broken: (v) => !/^\d+$/.test(v),
  },
};
