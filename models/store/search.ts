import type { Pool } from 'pg';
import type { RecordStatus } from '../actions.ts';
import type { BookId } from '../ids.ts';
import { isOneSlip } from '../names.ts';
import type { Person, Scope } from '../people.ts';
import { fold, tidy } from '../text.ts';
import { containing, parameters, parseRow, storable } from './database.ts';
import { syllablesLike } from './names.ts';
import { COUNTED, RecordRow, selectRecords } from './records.ts';
import { BLIND, inScope, UNSETTLED } from './scope.ts';

/** What is looked for; all of it must fit. */
interface Sought {
  readonly scope?: Scope | undefined;
  readonly reader: Person;
  /** Somebody's name or a part of it: words of one name, with or without diacritics. */
  readonly name?: string | undefined;
  /** Words that stand anywhere in the record. */
  readonly words?: string | undefined;
  /** What stands in single fields, by key. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly bookId?: BookId | undefined;
  readonly register?: string | undefined;
  /** Words of the place that keeps the book, or of its unit. */
  readonly place?: string | undefined;
  readonly status?: RecordStatus | undefined;
  /** Registered on this day or later, yyyy-MM-dd. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** `exact`: as it was typed; `folded`: but for diacritics; `slip`: but for one slip of the fingers. */
export const MATCHES = ['exact', 'folded', 'slip'] as const;
type Match = (typeof MATCHES)[number];
type Found = RecordRow & { readonly match: Match };

/** So few found by the name as typed: it may have been typed wrongly. */
const FEW = 20;
/** More syllables than these are no slip away from a word that Vietnamese has. */
const MOST_SLIPS = 300;
/** Not asked of shorter words: everything is one slip away from them. */
const SHORTEST_SLIP = 3;

const wordsOf = (text: string | undefined) =>
  storable(fold(text ?? ''))
    .split(' ')
    .filter(Boolean);

type Take = (value: unknown) => string;

/** Records by name, words, fields, place, book and time. */
export function search(pool: Pool) {
  /** For each word of a name all syllables that are one slip away from it. */
  async function slipsOf(words: readonly string[]): Promise<string[][]> {
    return Promise.all(
      words.map(async (word) =>
        word.length < SHORTEST_SLIP
          ? []
          : (await syllablesLike(pool, word))
              .filter((syllable) => isOneSlip(word, syllable))
              .slice(0, MOST_SLIPS),
      ),
    );
  }

  /** Records with a name of these words, ranked as in {@link MATCHES}. */
  function named(name: string, slips: readonly string[][] | undefined, take: Take): string {
    const words = wordsOf(name);
    const typed = take(tidy(name).toLowerCase().split(' '));
    const all = take(words);
    const looks = [
      `select record_id,
              case when string_to_array(lower(name), ' ') @> ${typed}::text[] then 0 else 1 end as rank
         from record_names where syllables @> ${all}::text[]`,
    ];
    for (const [i, slip] of (slips ?? []).entries()) {
      if (slip.length === 0) continue;
      const others = words.filter((_, j) => j !== i);
      looks.push(
        `select record_id, 2 as rank from record_names
          where syllables && ${take(slip)}::text[] and syllables @> ${take(others)}::text[]`,
      );
    }
    return `select record_id, min(rank) as rank from (${looks.join(' union all ')}) l group by 1`;
  }

  /** The conditions on a record `r` of book `b`, and the rank of its match. */
  function statement(sought: Sought, slips: readonly string[][] | undefined) {
    const { values, take } = parameters();
    const conditions = ['not r.set_aside', inScope(sought.scope, take)];
    const add = (condition: string) => conditions.push(condition);
    if (sought.bookId) add(`r.book_id = ${take(sought.bookId)}`);
    if (sought.register) add(`b.register = ${take(sought.register)}`);
    if (sought.status) add(`r.status = ${take(sought.status)}`);
    if (sought.from) add(`r.registered_on >= ${take(sought.from)}::date`);
    if (sought.to) add(`r.registered_on <= ${take(sought.to)}::date`);
    for (const word of wordsOf(sought.place)) add(`b.search like ${take(containing(word))}`);
    for (const word of wordsOf(sought.words)) add(`r.search like ${take(containing(word))}`);
    for (const [key, text] of Object.entries(sought.fields ?? {})) {
      const field = take(key);
      for (const word of wordsOf(text)) {
        const like = take(containing(word));
        // The first finds records by the index of all words, the second looks into the field.
        add(`r.search like ${like}`);
        add(`fold_text(r.field_values -> ${field}::text ->> 'text') like ${like}`);
      }
    }
    // Whoever may have to key a record again finds it by nothing that it says.
    if (sought.reader.roles.includes('keyer')) {
      const me = take(sought.reader.id);
      add(`(${me}::uuid = any(r.first_keyers) or not (${BLIND} or r.${UNSETTLED}))`);
    }
    const names = wordsOf(sought.name).length > 0;
    const from = names
      ? `(${named(sought.name!, slips, take)}) n join records r on r.id = n.record_id`
      : 'records r';
    const rank = names ? 'n.rank' : '0';
    return {
      values,
      take,
      rank,
      text: `from ${from} join books b on b.id = r.book_id where ${conditions.join(' and ')}`,
    };
  }

  async function count(sought: Sought, slips?: readonly string[][]): Promise<number> {
    const { text, values } = statement(sought, slips);
    const { rows } = await pool.query<{ n: number }>(
      `select count(*)::int as n from (select 1 ${text} limit ${COUNTED + 1}) r`,
      values,
    );
    return rows[0]!.n;
  }

  return {
    /**
     * Those that fit as typed first, then those but for diacritics, then, where few do, those but for
     * one slip in one word of the name; each in page order. `total` is exact up to {@link COUNTED}.
     */
    async find(sought: Sought): Promise<{ items: Found[]; total: number }> {
      const words = wordsOf(sought.name);
      const plain = await count(sought);
      const slips = words.length > 0 && plain < FEW ? await slipsOf(words) : undefined;
      const total = slips ? await count(sought, slips) : plain;
      const { text, values, take, rank } = statement(sought, slips);
      const page = `select r.*, ${rank} as rank ${text}
        order by rank, r.document_seq, r.page_index, r.entry
        limit ${take(sought.limit)} offset ${take(sought.offset)}`;
      const { rows } = await pool.query(selectRecords(page, ', r.rank', 'r.rank, '), values);
      return {
        items: rows.map((row) => ({ ...parseRow(RecordRow, row), match: MATCHES[row.rank]! })),
        total,
      };
    },
  };
}
