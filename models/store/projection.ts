import { isoDate, parseDate } from '../dates.ts';
import type { FieldValue, FieldValues } from '../fields.ts';
import { type Form, fieldsOnForm } from '../forms/define.ts';
import { peopleOf } from '../names.ts';
import { byPerson, type RecordState, searchText, shownText } from '../record.ts';
import type { Register } from '../registers/define.ts';
import { fold } from '../text.ts';

/** Below this a machine's value is worth a look before the others. */
export const DOUBTFUL_BELOW = 0.9;

/** How many fields of the page nobody has answered, or only a machine that was unsure. */
export function countDoubtful(values: FieldValues, form: Form): number {
  return fieldsOnForm(form).filter((key) => {
    const value = values[key];
    if (!value) return true;
    const { confidence } = value.evidence;
    return !byPerson(value) && confidence !== undefined && confidence < DOUBTFUL_BELOW;
  }).length;
}

/** The names by which people know a record: the child, husband and wife, at most two. */
export function namesOf(values: FieldValues, register: Register): string[] {
  return register.people
    .flatMap((key) => {
      const value = values[key];
      const text = value && shownText(register.fields[key]!, value);
      return text ? [text] : [];
    })
    .slice(0, 2);
}

/** A whole date as PostgreSQL takes it. */
function dateOf(value: FieldValue | undefined): string | null {
  const date = parseDate((value?.state === 'written' && value.normalized) || '');
  return (date && isoDate(date)) ?? null;
}

/** What the row of a record says besides its log: for lists, search and the next one to work on. */
export function project(state: RecordState, form: Form, register: Register) {
  const {
    status,
    version,
    head,
    values,
    keyers,
    valuesVersion,
    firstKeyers,
    secondKeyer,
    arbiters,
    checker,
  } = state;
  const shown = (key: string) => {
    const field = register.fields[key];
    const value = values[key];
    return (field && value && shownText(field, value)) || null;
  };
  return {
    status,
    version,
    head,
    values,
    keyers: [...keyers.keys()],
    keyerOrganisations: [...new Set(keyers.values())].filter((id) => id !== null),
    valuesVersion,
    firstKeyers,
    secondKeyer,
    arbiters,
    checker,
    names: namesOf(values, register),
    number: shown('so'),
    registered: shown('ngayDangKy'),
    registeredOn: dateOf(values.ngayDangKy),
    people: peopleOf(values, register),
    doubtful: countDoubtful(values, form),
    search: fold(searchText(values)),
  };
}
