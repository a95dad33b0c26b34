import { z } from 'zod';
import type { RecordStatus } from './actions.ts';
import { BookId, OrganisationId, PageId, PersonId, RecordId, Sha256 } from './ids.ts';
import { tidy } from './text.ts';

const Count = z.number().int().nonnegative();

/** What the note at the end of a volume says, as far as it is there and legible. */
export const ClosingNote = z.object({
  entries: Count.optional(),
  pages: Count.optional(),
  first: Count.optional(),
  last: Count.optional(),
  /** The note as written. */
  text: z.string().trim().max(2000).optional(),
});
export type ClosingNote = z.infer<typeof ClosingNote>;

/** What can be odd about a book. */
export const OddityKind = z.enum([
  'documentOpen',
  'pageFailed',
  'pageWithoutEntry',
  'noNumber',
  'gap',
  'double',
  'noClosingNote',
  'entriesDiffer',
  'pagesDiffer',
]);
export type OddityKind = z.infer<typeof OddityKind>;

/** An oddity; `key` names it for the reason that a person gives, and changes when it does. */
export const Oddity = z.object({
  key: z.string(),
  kind: OddityKind,
  /** Numbers, years and counts; never a name. */
  detail: z.string(),
  recordIds: z.array(RecordId),
  pageId: PageId.optional(),
});
export type Oddity = z.infer<typeof Oddity>;

export interface BookContent {
  readonly note: ClosingNote | undefined;
  readonly documents: readonly { readonly id: string; readonly state: string }[];
  readonly pages: readonly {
    readonly id: PageId;
    /** Place in the book, from 1. */
    readonly place: number;
    readonly failed: boolean;
    readonly entries: number;
  }[];
  readonly records: readonly { readonly id: RecordId; readonly number: string | null }[];
}

interface Numbered {
  readonly id: RecordId;
  /** Of a number written 41/2008; empty otherwise. Numbers begin anew with each. */
  readonly year: string;
  readonly value: number;
  /** The whole number, with what stands behind the digits: 41a is not 41. */
  readonly whole: string;
}

function numbered(id: RecordId, text: string | null): Numbered | undefined {
  const [, digits, suffix = '', year = ''] =
    /^(\d{1,7})\s*([^\d/]{0,10}?)\s*(?:\/\s*(\d{2,4}))?$/u.exec(tidy(text ?? '')) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(digits);
  return { id, year, value, whole: `${value}${suffix.toLowerCase()}` };
}

const oddity = (
  kind: OddityKind,
  what: string,
  detail: string,
  more: Partial<Pick<Oddity, 'recordIds' | 'pageId'>> = {},
): Oddity => ({ key: `${kind}:${what}`, kind, detail, recordIds: [], ...more });

/** Runs of missing numbers between `from` and `to`. */
function* gapsIn(values: readonly number[], from: number, to: number): Generator<[number, number]> {
  let next = from;
  for (const value of values) {
    if (value > to) break;
    if (value > next) yield [next, value - 1];
    next = Math.max(next, value + 1);
  }
  if (next <= to) yield [next, to];
}

function oddNumbers({ records, note }: BookContent): Oddity[] {
  const found: Oddity[] = [];
  const years = new Map<string, Numbered[]>();
  for (const { id, number } of records) {
    const n = numbered(id, number);
    if (!n) {
      found.push(oddity('noNumber', id, number === null ? '' : '?', { recordIds: [id] }));
      continue;
    }
    years.set(n.year, [...(years.get(n.year) ?? []), n]);
  }
  for (const [year, all] of years) {
    const shown = (n: number | string) => (year === '' ? `${n}` : `${n}/${year}`);
    const values = [...new Set(all.map((n) => n.value))].sort((a, b) => a - b);
    // What the note says is of the whole volume: with several years it cannot be split.
    const single = years.size === 1;
    const from = (single ? note?.first : undefined) ?? values[0]!;
    const to = (single ? note?.last : undefined) ?? values.at(-1)!;
    for (const [a, b] of gapsIn(values, from, to)) {
      const range = a === b ? shown(a) : `${shown(a)}–${shown(b)}`;
      found.push(oddity('gap', range, range));
    }
    const same = new Map<string, RecordId[]>();
    for (const { whole, id } of all) same.set(whole, [...(same.get(whole) ?? []), id]);
    for (const [whole, recordIds] of same)
      if (recordIds.length > 1)
        found.push(
          // A third one of the same number is another oddity than two.
          oddity('double', `${shown(whole)}×${recordIds.length}`, shown(whole), { recordIds }),
        );
  }
  return found;
}

/** Everything about a book that wants a person's reason before it is complete. */
export function oddities(content: BookContent): Oddity[] {
  const { note, documents, pages, records } = content;
  const found: Oddity[] = [];
  for (const { id, state } of documents)
    if (state !== 'split') found.push(oddity('documentOpen', id, state));
  for (const { id, place, failed, entries } of pages) {
    // A page that the machine failed on may have been keyed by hand.
    if (entries > 0) continue;
    found.push(oddity(failed ? 'pageFailed' : 'pageWithoutEntry', id, `${place}`, { pageId: id }));
  }
  found.push(...oddNumbers(content));
  if (note?.entries === undefined && note?.last === undefined)
    found.push(oddity('noClosingNote', 'book', ''));
  if (note?.entries !== undefined && note.entries !== records.length)
    found.push(
      oddity(
        'entriesDiffer',
        `${note.entries}:${records.length}`,
        `${note.entries}, ${records.length}`,
      ),
    );
  if (note?.pages !== undefined && note.pages !== pages.length)
    found.push(
      oddity('pagesDiffer', `${note.pages}:${pages.length}`, `${note.pages}, ${pages.length}`),
    );
  return found;
}

/**
 * How far a book has come. `received`: not all of it is split and read. `digitised`: people key.
 * `keyed`: nothing is left to key. `delivered`: handed to the managing unit, by a document. `approved`:
 * all records are. `ready`: on the list "sẵn sàng chuyển đổi". `transferred`: handed on from there.
 */
export const BookState = z.enum([
  'received',
  'digitised',
  'keyed',
  'delivered',
  'approved',
  'ready',
  'transferred',
]);
export type BookState = z.infer<typeof BookState>;

/** What people do to a book as a whole. */
export const BookStep = z.enum(['delivered', 'ready', 'withdrawn', 'transferred']);
export type BookStep = z.infer<typeof BookStep>;

/** A reason for an oddity. */
export const BookException = z.object({
  id: z.uuid(),
  key: z.string(),
  reason: z.string(),
  personId: PersonId,
  at: z.coerce.date(),
});
export type BookException = z.infer<typeof BookException>;

/** How a book stood at one moment. */
export const Standing = z.object({
  documents: Count,
  pages: Count,
  /** Pages that the machine has finished with. */
  pagesDone: Count,
  records: z.record(z.string(), Count),
  /** Keyed by two people. */
  keyedTwice: Count,
  /** Two people differed, a third decided. */
  arbitrated: Count,
  fingerprint: Sha256,
});
export type Standing = z.infer<typeof Standing>;

/** A file that a book was made of. */
export const DeliveredDocument = z.object({
  name: z.string(),
  bytes: Count,
  pageCount: Count.nullable(),
  sha256: Sha256,
});

/** A step as it is kept. */
export const BookEvent = z.object({
  bookId: BookId,
  kind: BookStep,
  personId: PersonId,
  organisationId: OrganisationId,
  at: z.coerce.date(),
  fingerprint: Sha256,
  data: z.object({
    standing: Standing,
    documents: z.array(DeliveredDocument).default([]),
    oddities: z.array(Oddity.extend({ reason: z.string() })),
    /** To whom it was handed, or what was said with it. */
    to: z.string().optional(),
    note: z.string().optional(),
  }),
});
export type BookEvent = z.infer<typeof BookEvent>;

/** The state of a book from how it stands and the last step, which counts while nothing has changed. */
export function stateOf(
  standing: Standing,
  last: Pick<BookEvent, 'kind' | 'fingerprint'> | undefined,
): BookState {
  const { pages, pagesDone, documents, records, fingerprint } = standing;
  const count = (...statuses: readonly RecordStatus[]) =>
    statuses.reduce((n, status) => n + (records[status] ?? 0), 0);
  const all = Object.values(records).reduce((a, b) => a + b, 0);
  const same = last?.fingerprint === fingerprint;
  if (documents === 0 || pagesDone < pages || all === 0) return 'received';
  if (count('prefilled', 'returned', 'secondKeying', 'arbitration') > 0)
    // What came back from the check has been delivered all the same.
    return last ? 'delivered' : 'digitised';
  if (count('approved') < all) return last ? 'delivered' : 'keyed';
  if (same && last.kind === 'transferred') return 'transferred';
  if (same && last.kind === 'ready') return 'ready';
  return 'approved';
}
