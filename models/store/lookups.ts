import type { Pool } from 'pg';
import { z } from 'zod';
import { BookId, RecordId } from '../ids.ts';
import { parseOne, parseRows } from './database.ts';

/** Where a record stands among those of its book, in page order. */
export const Around = z.object({
  bookId: BookId,
  previous: RecordId.nullable(),
  next: RecordId.nullable(),
  /** From 1. */
  position: z.number().int(),
  total: z.number().int(),
});
export type Around = z.infer<typeof Around>;

/** A text that people have written in a book, and how often. */
export const Wording = z.object({ text: z.string(), count: z.number().int() });
export type Wording = z.infer<typeof Wording>;

/** More would be no help for who types, and too much for a poor line. */
const MOST_WORDINGS = 300;

/** Small questions of a person at work on one record. */
export function lookups(pool: Pool) {
  return {
    /** @throws Failure `notFound` */
    async around(id: RecordId): Promise<Around> {
      const { rows } = await pool.query(
        `select me.book_id,
                (select r.id from records r where r.book_id = me.book_id and not r.set_aside
                    and (r.document_seq, r.page_index, r.entry)
                      < (me.document_seq, me.page_index, me.entry)
                  order by r.document_seq desc, r.page_index desc, r.entry desc limit 1) as previous,
                (select r.id from records r where r.book_id = me.book_id and not r.set_aside
                    and (r.document_seq, r.page_index, r.entry)
                      > (me.document_seq, me.page_index, me.entry)
                  order by r.document_seq, r.page_index, r.entry limit 1) as next,
                (select count(*)::int from records r where r.book_id = me.book_id and not r.set_aside
                    and (r.document_seq, r.page_index, r.entry)
                     <= (me.document_seq, me.page_index, me.entry)) as position,
                (select count(*)::int from records r where r.book_id = me.book_id and not r.set_aside) as total
           from records me where me.id = $1`,
        [id],
      );
      return parseOne(Around, rows, 'record');
    },

    /** What people, not machines, have written in these fields of a book, the most frequent first. */
    async wordings(bookId: BookId, fields: readonly string[]): Promise<Wording[]> {
      const { rows } = await pool.query(
        `select v.value ->> 'text' as text, count(*)::int as count
           from records r, unnest($2::text[]) f(key),
                lateral (select r.field_values -> f.key as value) v
          where r.book_id = $1 and not r.set_aside and v.value ->> 'state' = 'written'
            and v.value -> 'evidence' ->> 'source' = 'person'
          group by 1 order by 2 desc, 1 limit ${MOST_WORDINGS}`,
        [bookId, fields],
      );
      return parseRows(Wording, rows);
    },
  };
}
