import type { NewBookRequest } from '../../api/contract.ts';

type PartialDate = NonNullable<NewBookRequest['opened']>;

/** Reads yyyy, MM.yyyy or dd.MM.yyyy; undefined for nothing, null for what is no such date. */
export function readPartialDate(text: string): PartialDate | undefined | null {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const match = /^(?:(?:(\d{1,2})[./-])?(\d{1,2})[./-])?(\d{4})$/.exec(trimmed);
  if (!match) return null;
  const [, day, month, year] = match;
  const m = month === undefined ? undefined : Number(month);
  const d = day === undefined ? undefined : Number(day);
  if (m !== undefined && (m < 1 || m > 12)) return null;
  if (d !== undefined && (d < 1 || d > new Date(Number(year), m!, 0).getDate())) return null;
  return {
    year: Number(year),
    ...(m === undefined ? {} : { month: m }),
    ...(d === undefined ? {} : { day: d }),
  };
}

/** dd.MM.yyyy, MM.yyyy or yyyy. */
export function showPartialDate(date: PartialDate): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return [date.day && two(date.day), date.month && two(date.month), date.year]
    .filter(Boolean)
    .join('.');
}
