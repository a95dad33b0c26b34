import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { z } from 'zod';
import { RecordStatus } from '../actions.ts';
import { Book, BookHabits, BookSummary, NewBook, PageKind } from '../books.ts';
import { Failure } from '../failures.ts';
import { formOf } from '../forms/registry.ts';
import type { BookId } from '../ids.ts';
import { type Scope, unitIsIn } from '../people.ts';
import { BookPolicy, type BookPolicyChange, isLooser, SharingPolicy } from '../policy.ts';
import { fold, tidy } from '../text.ts';
import {
  containing,
  type Database,
  jsonb,
  parameters,
  parseOne,
  parseRow,
  parseRows,
  storableJson,
  transaction,
} from './database.ts';
import { PAGE_LISTS } from './pages.ts';
import { inScope } from './scope.ts';

/** How many rows have each of these values in a column, as JSON. */
const countsBy = (column: string, values: readonly string[]) =>
  `json_build_object(${values
    .map((v) => `'${v}', count(*) filter (where ${column} = '${v}')`)
    .join(', ')})`;

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
             ${countsBy('kind', PageKind.options)} as page_kinds
        from pages p where book_id = b.id
    ) p,
    lateral (
      select ${countsBy('status', RecordStatus.options)} as records
        from records where book_id = b.id and not set_aside
    ) r
   order by b.created_at desc, b.id`;

/** A policy with some changes; null takes a setting away. */
const policyOf = (policy: SharingPolicy, change: BookPolicyChange): BookPolicy =>
  BookPolicy.parse(
    Object.fromEntries(
      Object.entries({ ...policy, ...change }).filter(([, value]) => value !== null),
    ),
  );

/** See `books.habits`. */
export async function habitsOf(database: Database, id: BookId): Promise<BookHabits> {
  const { rows } = await database.query(
    `select count(*) filter (where number like '%/%') * 2 > count(number) as numbers_have_slash
       from records where book_id = $1 and not set_aside`,
    [id],
  );
  return parseRow(BookHabits, rows[0]);
}

export function books(pool: Pool) {
  return {
    /**
     * A book of the project that it names, else of the site's first one. What its policy leaves open
     * is as in the project.
     * @throws Failure `notFound` for an unknown form or project; `forbidden` for a policy that lets
     *   more people check or approve than the project does, unless `mayLoosen`, and for a unit outside
     *   `scope`
     */
    async create(
      input: z.input<typeof NewBook>,
      { mayLoosen, scope }: { readonly mayLoosen: boolean; readonly scope?: Scope | undefined } = {
        mayLoosen: true,
      },
    ): Promise<Book> {
      const book = NewBook.parse(storableJson(input));
      const form = formOf(book.form);
      const unit = book.unit ?? tidy(book.place);
      if (scope && !scope.units.some((above) => unitIsIn(unit, above)))
        throw new Failure('forbidden', 'a unit of your own scope needed');
      return transaction(pool, async (client) => {
        const projects = await client.query(
          `select id, policy from projects where $1::uuid is null or id = $1
            order by created_at, id limit 1 for share`,
          [book.projectId ?? null],
        );
        const [project] = projects.rows;
        if (!project) throw new Failure('notFound', 'project');
        const shared = SharingPolicy.parse(project.policy);
        const policy = policyOf(shared, book.policy);
        if (!mayLoosen && isLooser(policy, shared))
          throw new Failure('forbidden', 'the project says who checks and approves');
        const { rows } = await client.query(
          `insert into books
           (id, register, form, form_version, place, place_short, number, opened, closed, policy,
            search, unit, project_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning *`,
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
            jsonb(policy),
            fold(
              `${book.place} ${book.placeShort} ${book.number} ${form.register} ${form.vi} ${unit}`,
            ),
            unit,
            project.id,
          ],
        );
        return parseRow(Book, rows[0]);
      });
    },

    /** @throws Failure `notFound` */
    async byId(id: BookId): Promise<Book> {
      const { rows } = await pool.query('select * from books where id = $1', [id]);
      return parseOne(Book, rows, 'book');
    },

    /**
     * What `change` leaves out stays.
     * @throws Failure `notFound`; `forbidden` as in {@link create}
     */
    async setPolicy(
      id: BookId,
      change: BookPolicyChange,
      { mayLoosen } = { mayLoosen: true },
    ): Promise<void> {
      await transaction(pool, async (client) => {
        const { rows } = await client.query('select * from books where id = $1 for update', [id]);
        const book = parseOne(Book, rows, 'book');
        const projects = await client.query('select policy from projects where id = $1 for share', [
          book.projectId,
        ]);
        const policy = policyOf(book.policy, change);
        if (!mayLoosen && isLooser(policy, SharingPolicy.parse(projects.rows[0].policy)))
          throw new Failure('forbidden', 'the project says who checks and approves');
        await client.query('update books set policy = $2 where id = $1', [id, jsonb(policy)]);
      });
    },

    /**
     * Those of `scope`, newest first. `search`: every word stands somewhere in place, number or form.
     */
    async list(
      query: {
        readonly scope?: Scope | undefined;
        readonly search?: string | undefined;
        readonly limit?: number | undefined;
        readonly offset?: number | undefined;
      } = {},
    ): Promise<{ items: BookSummary[]; total: number }> {
      const words = fold(query.search ?? '')
        .split(' ')
        .filter(Boolean)
        .map(containing);
      const { values, take } = parameters([words]);
      const where = `search like all ($1::text[]) and ${inScope(query.scope, take)}`;
      const n = values.length;
      const [items, total] = await Promise.all([
        pool.query(
          summaries(
            `select * from books b where ${where}
              order by created_at desc, id limit $${n + 1} offset $${n + 2}`,
          ),
          [...values, query.limit ?? 50, query.offset ?? 0],
        ),
        pool.query(`select count(*)::int as n from books b where ${where}`, values),
      ]);
      return { items: parseRows(BookSummary, items.rows), total: total.rows[0].n };
    },

    /** @throws Failure `notFound` */
    async summary(id: BookId): Promise<BookSummary> {
      const { rows } = await pool.query(summaries('select * from books where id = $1'), [id]);
      return parseOne(BookSummary, rows, 'book');
    },

    /** What is usual in a book, over all records that it has now; nothing in an empty one. */
    habits: (id: BookId): Promise<BookHabits> => habitsOf(pool, id),
  };
}
