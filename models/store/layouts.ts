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

/** Class of the locks on books; see {@link layouts}. */
const LEARNING = 7_602_119;

export function layouts(pool: Pool) {
  /** Whether pages should wait for the first of their book: not when one was read in vain. */
  async function worthWaiting(bookId: BookId): Promise<boolean> {
    const { rows } = await pool.query(
      `select not exists (
         select 1 from pages where book_id = $1
            and (failed_stage = 'place' or reason ->> 'kind' in ('notPlaced', 'printUnknown'))
       ) as worth`,
      [bookId],
    );
    return rows[0].worth;
  }

  return {
    /**
     * Runs `work`, which finds out a first layout of the book, unless another page of the book is at
     * it: then undefined at once. When a page of the book could not be placed all go their own way.
     * The lock is the session's: it ends with the process that holds it, however that ends.
     */
    async learn<T>(bookId: BookId, work: () => Promise<T>): Promise<T | undefined> {
      if (!(await worthWaiting(bookId))) return work();
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        const { rows } = await client.query(
          'select pg_try_advisory_lock($1, hashtext($2)) as mine',
          [LEARNING, bookId],
        );
        if (!rows[0].mine) return undefined;
        try {
          return await work();
        } finally {
          // A connection that still holds the lock must not go back to the pool.
          await client
            .query('select pg_advisory_unlock($1, hashtext($2))', [LEARNING, bookId])
            .catch((cause: Error) => {
              broken = cause;
            });
        }
      } finally {
        client.release(broken);
      }
    },

    /** Whether a page of the book is in {@link learn} now and pages after it should wait. */
    async isBeingLearned(bookId: BookId): Promise<boolean> {
      const { rows } = await pool.query(
        `select exists (
           select 1 from pg_locks
            where locktype = 'advisory' and granted and objsubid = 2 and classid = $1::int8::oid
              and objid = (hashtext($2)::int8 & 4294967295)::oid
              and database = (select oid from pg_database where datname = current_database())
         ) as locked`,
        [LEARNING, bookId],
      );
      return rows[0].locked && (await worthWaiting(bookId));
    },

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
