import { z } from 'zod';
import { numberToWords, wordsToNumber } from './numbers.ts';
import { fold, tidy } from './text.ts';

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

/**
 * A date as registers know it: a year, with or without month, with or without day. An unknown part
 * is absent, never 0 or 1.
 */
export const PartialDate = z
  .object({
    year: z.number().int().min(1800).max(2200),
    month: z.number().int().min(1).max(12).optional(),
    day: z.number().int().min(1).max(31).optional(),
  })
  .refine((d) => d.day === undefined || d.month !== undefined, 'a day needs its month')
  .refine(
    (d) => d.day === undefined || d.month === undefined || d.day <= daysIn(d.year, d.month),
    'this month has no such day',
  );
export type PartialDate = z.infer<typeof PartialDate>;

/** Reads yyyy, MM.yyyy, dd.MM.yyyy with dots, slashes, hyphens or "ngày … tháng … năm …". */
export function parseDate(text: string): PartialDate | undefined {
  const plain = fold(text)
    .replace(/ngay|thang|nam/g, ' ')
    .replace(/[.,/\-–]/g, ' ')
    .trim();
  if (!/^[\d ]+$/.test(plain)) return undefined;
  const parts = plain.split(/\s+/).map(Number);
  const [a, b, c] = parts;
  const date =
    parts.length === 1
      ? { year: a }
      : parts.length === 2
        ? { month: a, year: b }
        : parts.length === 3
          ? { day: a, month: b, year: c }
          : undefined;
  const parsed = PartialDate.safeParse(date);
  return parsed.success ? parsed.data : undefined;
}

const two = (n: number) => String(n).padStart(2, '0');

/** dd.MM.yyyy, MM.yyyy or yyyy: the form of the ministry's template. */
export function formatDate(date: PartialDate): string {
  return [date.day && two(date.day), date.month && two(date.month), String(date.year)]
    .filter(Boolean)
    .join('.');
}

/** yyyy-MM-dd for a full date; undefined for a partial one. */
export function isoDate(date: PartialDate): string | undefined {
  if (date.day === undefined || date.month === undefined) return undefined;
  return `${date.year}-${two(date.month)}-${two(date.day)}`;
}

/** "Ngày mười lăm, tháng một, năm hai nghìn không trăm linh tám" for a full or partial date. */
export function dateToWords(date: PartialDate): string {
  const parts = [];
  // The first ten days of a month are "mùng" in speech; registers write both, this writes neither.
  if (date.day !== undefined) parts.push(`ngày ${numberToWords(date.day)}`);
  if (date.month !== undefined)
    parts.push(`tháng ${date.month === 4 ? 'tư' : numberToWords(date.month)}`);
  parts.push(`năm ${numberToWords(date.year)}`);
  const text = parts.join(', ');
  return text[0]!.toUpperCase() + text.slice(1);
}

/**
 * Reads a date in words. "năm" is both *year* and *five*: the last one that leaves a year from 1800
 * behind it is taken as *year*. Returns undefined when day, month and year cannot be told apart.
 */
export function wordsToDate(text: string): PartialDate | undefined {
  const words = fold(text)
    .split(/[^a-z]+/)
    .filter((w) => w && w !== 'mong' && w !== 'mung');
  const month = words.indexOf('thang');
  const readYear = (from: number) => wordsToNumber(words.slice(from).join(' '));
  for (let i = words.length - 2; i >= 0; i--) {
    if (words[i] !== 'nam') continue;
    const year = readYear(i + 1);
    if (year === undefined || year < 1800 || year > 2200) continue;
    if (month < 0) return words.slice(0, i).includes('ngay') ? undefined : { year };
    const named = monthOf(words.slice(month + 1, i));
    const before = words.slice(words.indexOf('ngay') + 1, month);
    const day = before.length > 0 ? wordsToNumber(before.join(' ')) : undefined;
    // A part that stands there and cannot be read makes the date unread, not partial.
    if (named === undefined || (before.length > 0 && day === undefined)) return undefined;
    const parsed = PartialDate.safeParse({
      year,
      month: named,
      ...(day === undefined ? {} : { day }),
    });
    return parsed.success ? parsed.data : undefined;
  }
  return undefined;
}

function monthOf(words: readonly string[]): number | undefined {
  const joined = words.join(' ');
  if (joined === 'gieng') return 1;
  if (joined === 'chap') return 12;
  return wordsToNumber(joined);
}

/** Before, equal or after by the parts that both have; 0 when they cannot be told apart. */
export function compareDates(a: PartialDate, b: PartialDate): number {
  if (a.year !== b.year) return a.year - b.year;
  if (a.month === undefined || b.month === undefined) return 0;
  if (a.month !== b.month) return a.month - b.month;
  if (a.day === undefined || b.day === undefined) return 0;
  return a.day - b.day;
}

/** True when `text` gives an age ("23 tuổi") where a date is asked. */
export function isAge(text: string): boolean {
  return /^\d{1,3} tuoi$/.test(fold(tidy(text)));
}
