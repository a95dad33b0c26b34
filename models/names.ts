import { isoDate, parseDate } from './dates.ts';
import type { FieldValue, FieldValues } from './fields.ts';
import type { Register } from './registers/define.ts';
import { fold, tidy } from './text.ts';

/** Fields that name somebody whom the record is about end so; those of officials do not. */
const NAME = 'HoTen';
const BORN = 'NgaySinh';

/** Somebody whom a record names. */
export interface NamedPerson {
  /** The field that names them, `meHoTen`. */
  readonly field: string;
  readonly name: string;
  /** When they were born, as far as it is known: 1987, 1987-04, 1987-04-05. */
  readonly born: string | null;
}

const written = (value: FieldValue | undefined) =>
  value?.state === 'written' ? value.text : undefined;

/** A date as far as it is known, in the order of ISO; null for what is none. */
function bornOf(value: FieldValue | undefined): string | null {
  const date = parseDate((value?.state === 'written' && value.normalized) || '');
  if (!date) return null;
  const { year, month } = date;
  const full = isoDate(date);
  if (full) return full;
  return month === undefined ? `${year}` : `${year}-${String(month).padStart(2, '0')}`;
}

/** The people whom a record is about or who stand in it as kin, in the order of its register. */
export function peopleOf(values: FieldValues, register: Register): NamedPerson[] {
  return Object.keys(register.fields).flatMap((field) => {
    const name = tidy(written(values[field]) ?? '');
    if (!field.endsWith(NAME) || fold(name) === '') return [];
    const born = bornOf(values[field.slice(0, -NAME.length) + BORN]);
    return [{ field, name, born }];
  });
}

/**
 * True when one slip of the fingers leads from one word to the other: a letter left out, too many,
 * another one, or two that changed places.
 */
export function isOneSlip(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const rest = (from: number, other: number) => a.slice(i + from) === b.slice(i + other);
  if (a.length > b.length) return rest(1, 0);
  if (a.length < b.length) return rest(0, 1);
  return rest(1, 1) || (a[i] === b[i + 1] && a[i + 1] === b[i] && rest(2, 2));
}
