import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { z } from 'zod';
import { Book, BookHabits, BookSummary, NewBook } from '../books.ts';
import { formOf } from '../forms/registry.ts';
import type { BookId } from '../ids.ts';
import { fold } from '../text.ts';
import { containing, jsonb, parseOne, parseRow, parseRows, storableJson } from './database.ts';
import { PAGE_LISTS } from './pages.ts';

/** The books that `source` gives as `b`, each with its counts. */
const summaries = (source: string) => `
  select b.*, d.*, p.*, r.*
    from (${source}) b,
    lateral (
      select count(*)::int as documents,
             count(*) filter (where state = 'waiting')::int as waiting_documents,
             count(*) filter (where state = 'failed')::int as failed_documents
        from documents where book_id = b.id
    ) d,
    lateral (
      select count(*)::int as pages,
             count(*) filter (where next is null)::int as pages_done,
             count(*) filter (where failure is not null)::int as pages_failed,
             count(*) filter (where excluded)::int as pages_excluded,
             count(*) filter (where ${PAGE_LISTS.byHand})::int as pages_by_hand,
             count(*) filter (where ${PAGE_LISTS.rescan})::int as pages_to_rescan,
             json_build_object(
               'cover', count(*) filter (where kind = 'cover'),
               'entry', count(*) filter (where kind = 'entry'),
               'closing', count(*) filter (where kind = 'closing'),
               'blank', count(*) filter (where kind = 'blank'),
               'other', count(*) filter (where kind = 'other')
             ) as page_kinds
        from pages p where book_id = b.id
    ) p,
    lateral (
      select json_build_object(
               'prefilled', count(*) filter (where status = 'prefilled'),
               'keyed', count(*) filter (where status = 'keyed'),
               'checked', count(*) filter (where status = 'checked'),
               'returned', count(*) filter (where status = 'returned'),
               'approved', count(*) filter (where status = 'approved')
             ) as records
        from records where book_id = b.id and not set_aside
    ) r
   order by b.created_at desc, b.id`;

export function books(pool: Pool) {
  return {
    /** @throws Failure `notFound` for an unknown form. */
    async create(input: z.input<typeof NewBook>): Promise<Book> {
      const book = NewBook.parse(storableJson(input));
      const form = formOf(book.form);
      const { rows } = await pool.query(
        `insert into books
           (id, register, form, form_version, place, place_short, number, opened, closed, policy, search)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning *`,
        [
          randomUUID(),
          form.register,
          form.id,
          form.version,
          book.place,
          book.placeShort,
          book.number,
          book.opened ? jsonb(book.opened) : null,
          book.closed ? jsonb(book.closed) : null,
          jsonb(book.policy),
          fold(`${book.place} ${book.placeShort} ${book.number} ${form.register} ${form.vi}`),
        ],
      );
      return parseRow(Book, rows[0]);
    },

    /** @throws Failure `notFound` */
    async byId(id: BookId): Promise<Book> {
      const { rows } = await pool.query('select * from books where id = $1', [id]);
      return parseOne(Book, rows, 'book');
    },

    /** Newest first. `search`: every word stands somewhere in place, number or form. */
    async list(
      query: {
        readonly search?: string | undefined;
        readonly limit?: number | undefined;
        readonly offset?: number | undefined;
      } = {},
    ): Promise<{ items: BookSummary[]; total: number }> {
      const words = fold(query.search ?? '')
        .split(' ')
        .filter(Boolean)
        .map(containing);
      const where = 'search like all ($1::text[])';
      const [items, total] = await Promise.all([
        pool.query(
          summaries(
            `select * from books where ${where} order by created_at desc, id limit $2 offset $3`,
          ),
          [words, query.limit ?? 50, query.offset ?? 0],
        ),
        pool.query(`select count(*)::int as n from books where ${where}`, [words]),
      ]);
      return { items: parseRows(BookSummary, items.rows), total: total.rows[0].n };
    },

    /** @throws Failure `notFound` */
    async summary(id: BookId): Promise<BookSummary> {
      const { rows } = await pool.query(summaries('select * from books where id = $1'), [id]);
      return parseOne(BookSummary, rows, 'book');
    },

    /** What is usual in a book, over all records that it has now; nothing in an empty one. */
    async habits(id: BookId): Promise<BookHabits> {
      const { rows } = await pool.query(
        `select count(*) filter (where number like '%/%') * 2 > count(number) as numbers_have_slash
           from records where book_id = $1 and not set_aside`,
        [id],
      );
      return parseRow(BookHabits, rows[0]);
    },
  };
}
