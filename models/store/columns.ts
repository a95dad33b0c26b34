import type { Pool } from 'pg';
import { z } from 'zod';
import { FieldValue } from '../fields.ts';
import { type BookId, RecordId } from '../ids.ts';
import { MOVES } from '../record.ts';
import { parseRows } from './database.ts';

/** One field of one record that still may be keyed. */
export const ColumnRow = z.object({
  recordId: RecordId,
  /** Of the record: send it back as `seen`. */
  version: z.number().int().nonnegative(),
  /** The registration number as written. */
  number: z.string().optional(),
  /** Absent while nobody, man or machine, has answered. */
  value: FieldValue.optional(),
});
export type ColumnRow = z.infer<typeof ColumnRow>;

/** How many records of a book still want a person's answer in a field. */
export const ColumnCount = z.object({
  field: z.string(),
  open: z.number().int(),
  total: z.number().int(),
});
export type ColumnCount = z.infer<typeof ColumnCount>;

/** In these a keyer may answer. */
const OPEN = MOVES.keyed.from;
const BY_PERSON = `coalesce(v.value -> 'evidence' ->> 'source' = 'person', false)`;

/** The same field of many records of a book. */
export function columns(pool: Pool) {
  return {
    /** For each of `fields`, in their order. */
    async counts(bookId: BookId, fields: readonly string[]): Promise<ColumnCount[]> {
      const { rows } = await pool.query(
        `select f.key as field, count(r.id)::int as total,
                count(r.id) filter (where not ${BY_PERSON})::int as open
           from unnest($2::text[]) with ordinality f(key, n)
           left join records r on r.book_id = $1 and not r.set_aside and r.status = any($3::text[])
           left join lateral (select r.field_values -> f.key as value) v on true
          group by f.key, f.n order by f.n`,
        [bookId, fields, OPEN],
      );
      return parseRows(ColumnCount, rows);
    },

    /**
     * The rows that no person has answered yet: those without a text first, then by text, the least
     * certain first among equal ones.
     */
    async open(bookId: BookId, field: string, limit: number): Promise<ColumnRow[]> {
      const { rows } = await pool.query(
        `select r.id as record_id, r.version, r.number, v.value
           from records r, lateral (select r.field_values -> $2::text as value) v
          where r.book_id = $1 and not r.set_aside and r.status = any($3::text[])
            and not ${BY_PERSON}
          order by coalesce(lower(v.value ->> 'text'), ''), v.value ->> 'state' nulls first,
                   (v.value -> 'evidence' ->> 'confidence')::float8 nulls first,
                   r.document_seq, r.page_index, r.entry
          limit $4`,
        [bookId, field, OPEN, limit],
      );
      return parseRows(ColumnRow, rows);
    },
  };
}
