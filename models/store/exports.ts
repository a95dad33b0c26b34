import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { z } from 'zod';
import { BookId, PersonId } from '../ids.ts';
import { jsonb, parseOne, parseRow, parseRows } from './database.ts';

export const ExportId = z.uuid().brand<'ExportId'>();
export type ExportId = z.infer<typeof ExportId>;

/** A dataset that somebody had made of a book. */
export const ExportRow = z.object({
  id: ExportId,
  bookId: BookId,
  personId: PersonId,
  draft: z.boolean(),
  /** Files, counts and refusals, as the export tells them; its own schema parses it. */
  summary: z.unknown(),
  createdAt: z.coerce.date(),
});
export type ExportRow = z.infer<typeof ExportRow>;

export function exports(pool: Pool) {
  return {
    /** `id` may be given by the caller, whose files carry it already. */
    async add(input: {
      readonly id?: string | undefined;
      readonly bookId: BookId;
      readonly personId: PersonId;
      readonly draft: boolean;
      readonly summary: unknown;
    }): Promise<ExportRow> {
      const { rows } = await pool.query(
        `insert into exports (id, book_id, person_id, draft, summary)
         values ($1, $2, $3, $4, $5) returning *`,
        [input.id ?? randomUUID(), input.bookId, input.personId, input.draft, jsonb(input.summary)],
      );
      return parseRow(ExportRow, rows[0]);
    },

    /** Newest first. */
    async ofBook(bookId: BookId): Promise<ExportRow[]> {
      const { rows } = await pool.query(
        'select * from exports where book_id = $1 order by created_at desc, id',
        [bookId],
      );
      return parseRows(ExportRow, rows);
    },

    /** @throws Failure `notFound` */
    async byId(id: string): Promise<ExportRow> {
      const { rows } = await pool.query('select * from exports where id = $1', [id]);
      return parseOne(ExportRow, rows, 'export');
    },
  };
}
