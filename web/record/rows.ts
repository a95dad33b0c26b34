import type { FindingAnswer, FormAnswer, FormField, RecordAnswer } from '../../api/contract.ts';
import { saidOf, type Waiting } from './outbox.ts';

export type Value = RecordAnswer['values'][string];

/**
 * How a field meets the eye. `person`: somebody answered; `uncertain`: with a note why not for sure. `sure`: the machine is. `look`: the
 * machine is not. `broken`: against a rule. `empty`: nobody has an answer. `waiting`: answered, not
 * sent yet.
 */
export type Look = 'person' | 'uncertain' | 'sure' | 'look' | 'broken' | 'empty' | 'waiting';

/** One field of the record, in the order of the page. */
export interface Row {
  readonly field: FormField;
  /** The printed heading above the field, on the first field below it. */
  readonly heading: string | undefined;
  readonly value: Value | undefined;
  readonly look: Look;
  readonly findings: readonly FindingAnswer[];
  /** Why it was returned. */
  readonly reasons: readonly { readonly code: string; readonly reason: string }[];
  /** What a checker has accepted as it stands on the page, though a rule says otherwise. */
  readonly accepted: RecordAnswer['accepted'];
  /** Answered on the cover for every page of the book: shown last, never asked. */
  readonly fromBook: boolean;
  /** Where it is written; absent when nothing on the page tells. */
  readonly place: Place | undefined;
  /** The heading above says already whose it is. */
  readonly ownerKnown: boolean;
}

export interface Place {
  readonly pageId: string;
  readonly box: Box;
  /** The machine found it; otherwise it lies somewhere between its neighbours. */
  readonly exact: boolean;
}

type Box = RecordAnswer['pages'][number]['box'];

/** A machine's value from here on is passed over by `Enter`; it is shown before the record is done. */
export const SURE = 0.95;

/** The values with what waits to be sent on top. */
export function withWaiting(
  values: RecordAnswer['values'],
  waiting: readonly Waiting[],
): RecordAnswer['values'] {
  const merged = { ...values };
  for (const w of waiting)
    for (const [key, answer] of Object.entries(saidOf(w))) {
      const old = merged[key];
      merged[key] = {
        state: answer.state,
        ...(answer.text === undefined ? {} : { text: answer.text }),
        ...(answer.note === undefined ? {} : { note: answer.note }),
        evidence: {
          ...(old?.evidence ?? { candidates: [], rules: [] }),
          source: 'person',
        },
      };
    }
  return merged;
}

export const isByPerson = (value: Value | undefined) => value?.evidence.source === 'person';

/** How a value meets the eye, with what was found about it. */
export function lookOf(value: Value | undefined, findings: readonly FindingAnswer[]): Look {
  if (!value) return 'empty';
  if (findings.some((f) => f.severity === 'error')) return 'broken';
  if (isByPerson(value)) return value.note === undefined ? 'person' : 'uncertain';
  if (findings.length > 0) return 'look';
  if (value.evidence.source === 'book') return 'sure';
  return (value.evidence.confidence ?? 0) >= SURE ? 'sure' : 'look';
}

/** Where each field is written; what the machine did not find lies between its neighbours. */
function placesOf(
  keys: readonly string[],
  places: RecordAnswer['places'],
): ReadonlyMap<string, Place> {
  const exact = keys.map(
    (key): Place | undefined => places[key] && { ...places[key], exact: true },
  );
  const found = new Map<string, Place>();
  for (const [i, key] of keys.entries()) {
    const own =
      exact[i] ?? between(exact.slice(0, i).findLast(Boolean), exact.slice(i).find(Boolean));
    if (own) found.set(key, own);
  }
  return found;
}

/** The lines from the field before to the field after, over the width of the page. */
function between(before: Place | undefined, after: Place | undefined): Place | undefined {
  const first = before ?? after;
  if (!first) return undefined;
  const last = after && after.pageId === first.pageId ? after : first;
  // At the end of a page there is no neighbour below: some lines more.
  const reach = last === first ? 4 * first.box.h : 0;
  const y = Math.max(0, Math.min(first.box.y, last.box.y) - (before ? 0 : reach));
  const bottom = Math.max(first.box.y + first.box.h, last.box.y + last.box.h);
  const h = Math.min(1, bottom + (before ? reach : 0)) - y;
  return { pageId: first.pageId, box: { x: 0.02, y, w: 0.96, h }, exact: false };
}

/** The printed headings, by the first field below each. */
function headingsOf(form: FormAnswer, marginHeading: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const seen = new Set<string>();
  let heading: string | undefined;
  const visit = (item: FormAnswer['margin'][number]) => {
    if ('label' in item && item.heading) heading = item.label.replace(/:$/, '');
    const keys = 'blank' in item ? item.blank : 'choice' in item ? [item.choice] : [];
    for (const key of keys) {
      if (heading !== undefined && !seen.has(key)) {
        found.set(key, heading);
        heading = undefined;
      }
      seen.add(key);
    }
  };
  form.lines.flat().forEach(visit);
  if (form.margin.length > 0) heading = marginHeading;
  form.margin.forEach(visit);
  return found;
}

/** A record of which nothing is shown but where its fields are written. */
export const blindly = (record: RecordAnswer): RecordAnswer => ({
  ...record,
  values: {},
  findings: [],
  reasons: [],
  accepted: [],
});

/** The rows of a record: the fields of the page in its order, then those of the cover. */
export function rowsOf(
  record: RecordAnswer,
  form: FormAnswer,
  waiting: readonly Waiting[],
  lineUp: boolean,
  words: { readonly margin: string; readonly book: string },
): readonly Row[] {
  const values = withWaiting(record.values, waiting);
  const unsent = new Set(waiting.flatMap((w) => Object.keys(saidOf(w))));
  const headings = headingsOf(form, words.margin);
  const places = placesOf(
    form.fields.map((f) => f.key),
    record.places,
  );
  const row = (field: FormField, heading: string | undefined, fromBook: boolean): Row => {
    const value = values[field.key];
    // What the server found is about the value before: it speaks again when this one is saved.
    const findings = unsent.has(field.key)
      ? []
      : record.findings.filter((f) => f.fields.includes(field.key));
    return {
      field,
      heading,
      value,
      findings,
      fromBook,
      look: unsent.has(field.key) && !lineUp ? 'waiting' : lookOf(value, findings),
      reasons: record.reasons.filter((r) => r.field === field.key),
      accepted: record.accepted.filter((a) => a.fields.includes(field.key)),
      place: places.get(field.key),
      ownerKnown: false,
    };
  };
  return withOwners([
    ...form.fields.map((f) => row(f, headings.get(f.key), false)),
    ...form.bookFields.map((f, i) => row(f, i === 0 ? words.book : undefined, true)),
  ]);
}

/** Marks the rows below a heading that are all about the same person: the label need not say it. */
function withOwners(rows: readonly Row[]): readonly Row[] {
  const ownerOf = (row: Row) => splitLabel(row.field.vi)[1];
  let from = 0;
  return rows.map((row, i) => {
    if (row.heading !== undefined) from = i;
    const end = rows.findIndex((r, n) => n > i && r.heading !== undefined);
    const group = rows.slice(from, end < 0 ? rows.length : end);
    const ownerKnown =
      rows[from]!.heading !== undefined &&
      group.filter((r) => ownerOf(r) === ownerOf(row)).length * 2 > group.length;
    return { ...row, ownerKnown };
  });
}

/** True when a person should look at it before `Enter` passes on. */
export function needsLook(row: Row, revisit: ReadonlySet<string>): boolean {
  if (row.fromBook) return row.look === 'broken' && !isByPerson(row.value);
  if (revisit.has(row.field.key)) return true;
  return !isByPerson(row.value) && row.look !== 'sure' && row.look !== 'waiting';
}

/** The next row after `key` that needs a look, going round once; undefined when none does. */
export function nextToLookAt(
  rows: readonly Row[],
  key: string | undefined,
  revisit: ReadonlySet<string>,
): Row | undefined {
  const at = rows.findIndex((r) => r.field.key === key);
  const order = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
  return order.find((r) => r.field.key !== key && needsLook(r, revisit));
}

/** The rows that a person must see together before the record is done. */
export function unconfirmed(
  rows: readonly Row[],
  seen: ReadonlySet<string>,
  revisit: ReadonlySet<string>,
): readonly Row[] {
  return rows.filter(
    (row) =>
      !row.fromBook &&
      row.value !== undefined &&
      (needsLook(row, revisit) ||
        row.look === 'broken' ||
        (!isByPerson(row.value) && !seen.has(row.field.key))),
  );
}

/** The main words of a label and what it is about: "Dân tộc - cha" → "Dân tộc", "cha". */
export function splitLabel(label: string): readonly [string, string] {
  const [, main = label, of = ''] = /^(.*) - ([^()]*)$/.exec(label) ?? [];
  return [main, of];
}
