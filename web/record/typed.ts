import type { FormField } from '../../api/contract.ts';
import { isByPerson, type Value } from './rows.ts';

/** Bare digits typed for a date get their dots: 15012008 → 15.01.2008, 012008 → 01.2008. */
function withDots(text: string): string {
  if (/^[0-3]\d[01]\d(1[89]|2[01])\d{2}$/.test(text))
    return `${text.slice(0, 2)}.${text.slice(2, 4)}.${text.slice(4)}`;
  if (/^[01]\d(1[89]|2[01])\d{2}$/.test(text)) return `${text.slice(0, 2)}.${text.slice(2)}`;
  return text;
}

const isAllCapitals = (text: string) => text === text.toUpperCase() && text !== text.toLowerCase();

/**
 * A name typed without any capital gets them as the page has them: all of its letters where the
 * machine read capitals there, else the first of each word.
 */
function withCapitals(text: string, value: Value | undefined): string {
  if (text !== text.toLowerCase()) return text;
  const read = [value?.text ?? '', ...(value?.evidence.candidates ?? []).map((c) => c.text)];
  if (read.some(isAllCapitals)) return text.toUpperCase();
  return text.replace(/(^|[\s\-–/(])(\p{L})/gu, (_, before: string, letter: string) =>
    before.concat(letter.toUpperCase()),
  );
}

/**
 * What a person has typed, as it is taken when they leave the field. Only what was typed is
 * changed, never a text that was read or accepted; who types the same again has it as typed, as
 * then that is how it is written.
 */
export function asTaken(field: FormField, typed: string, value: Value | undefined): string {
  const text = typed.normalize('NFC').trim();
  const isDate = field.kind === 'date' || field.kind === 'partialDate';
  const tidied = isDate ? withDots(text) : field.kind === 'name' ? withCapitals(text, value) : text;
  return isByPerson(value) && value?.text === tidied ? text : tidied;
}
