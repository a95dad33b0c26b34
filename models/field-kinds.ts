import { z } from 'zod';
import { codeOf } from './code-lists.ts';
import { formatDate, isAge, isoDate, parseDate, wordsToDate } from './dates.ts';
import { tidy } from './text.ts';

/** How a field is read, checked and shown. A new kind is a row in {@link FIELD_KINDS}. */
export const FieldKind = z.enum([
  'registrationNumber',
  'bookNumber',
  'pageNumber',
  'integer',
  'date',
  'partialDate',
  'dateInWords',
  'code',
  'name',
  'place',
  'personalId',
  'documentNumber',
  'time',
  'text',
]);
export type FieldKind = z.infer<typeof FieldKind>;

/** The group that figures are reported by: numbers and dates are held to a stricter target. */
export const FieldGroup = z.enum(['number', 'date', 'list', 'name', 'place', 'text']);
export type FieldGroup = z.infer<typeof FieldGroup>;

interface Kind {
  readonly group: FieldGroup;
  /** The template's way of writing `text`; undefined when it cannot be told. `list` is the field's code list. */
  readonly normalize: (text: string, list?: string) => string | undefined;
  /** The on-screen keyboard and width hint for one-line inputs. */
  readonly input: 'text' | 'numeric' | 'date' | 'list' | 'multiline';
}

const number = (text: string) => tidy(text).replace(/\s*\/\s*/g, '/') || undefined;
const date = (text: string) => {
  const parsed = parseDate(text);
  return parsed && formatDate(parsed);
};

export const FIELD_KINDS: Readonly<Record<FieldKind, Kind>> = {
  registrationNumber: { group: 'number', normalize: number, input: 'text' },
  bookNumber: { group: 'number', normalize: number, input: 'text' },
  pageNumber: {
    group: 'number',
    normalize: (t) => (/^\d+$/.test(tidy(t)) ? tidy(t) : undefined),
    input: 'numeric',
  },
  integer: {
    group: 'number',
    normalize: (t) => (/^\d+$/.test(tidy(t)) ? String(Number(tidy(t))) : undefined),
    input: 'numeric',
  },
  // A registration date is whole or it is not a date for the template (S4, S5: ten characters).
  date: {
    group: 'date',
    normalize: (t) => {
      const parsed = parseDate(t);
      return parsed && isoDate(parsed) ? formatDate(parsed) : undefined;
    },
    input: 'date',
  },
  partialDate: {
    group: 'date',
    normalize: (t) => date(t) ?? (isAge(t) ? tidy(t) : undefined),
    input: 'date',
  },
  dateInWords: {
    group: 'date',
    normalize: (t) => (wordsToDate(t) ? tidy(t) : undefined),
    input: 'text',
  },
  code: {
    group: 'list',
    normalize: (t, list) => (list ? codeOf(list, t) : undefined),
    input: 'list',
  },
  name: { group: 'name', normalize: (t) => tidy(t) || undefined, input: 'text' },
  place: { group: 'place', normalize: (t) => tidy(t) || undefined, input: 'multiline' },
  personalId: {
    group: 'number',
    normalize: (t) =>
      /^\d{12}$/.test(tidy(t).replace(/ /g, '')) ? tidy(t).replace(/ /g, '') : undefined,
    input: 'numeric',
  },
  documentNumber: {
    group: 'number',
    normalize: (t) => tidy(t).replace(/ /g, '') || undefined,
    input: 'text',
  },
  time: { group: 'number', normalize: (t) => tidy(t) || undefined, input: 'text' },
  text: { group: 'text', normalize: (t) => tidy(t) || undefined, input: 'multiline' },
};
