import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { z } from 'zod';
import { BookId } from '../ids.ts';
import { jsonb, parseRow, parseRows } from './database.ts';

export const LayoutId = z.uuid().brand<'LayoutId'>();
export type LayoutId = z.infer<typeof LayoutId>;

/** Where a form was found on a page of this book: the first guess for the pages after it. */
export const Layout = z.object({
  id: LayoutId,
  bookId: BookId,
  form: z.string(),
  /** What the placement stage knows; its own schema parses it. */
  data: z.unknown(),
  blobKey: z.string().optional(),
  createdAt: z.coerce.date(),
});
export type Layout = z.infer<typeof Layout>;

export function layouts(pool: Pool) {
  return {
    /** Oldest first. */
    async ofBook(bookId: BookId): Promise<Layout[]> {
      const { rows } = await pool.query(
        'select * from layouts where book_id = $1 order by created_at, id',
        [bookId],
      );
      return parseRows(Layout, rows);
    },

    async add(
      bookId: BookId,
      layout: {
        readonly form: string;
        readonly data: unknown;
        readonly blobKey?: string | undefined;
      },
    ): Promise<Layout> {
      const { rows } = await pool.query(
        `insert into layouts (id, book_id, form, data, blob_key)
         values ($1, $2, $3, $4, $5) returning *`,
        [randomUUID(), bookId, layout.form, jsonb(layout.data), layout.blobKey ?? null],
      );
      return parseRow(Layout, rows[0]);
    },
  };
}
