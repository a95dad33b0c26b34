import type { Pool } from 'pg';
import { z } from 'zod';
import { BookId, PersonId } from '../ids.ts';
import type { Scope } from '../people.ts';
import { jsonb, parameters, parseRows } from './database.ts';
import { inScope } from './scope.ts';

/**
 * What was read. `search`: records found by words. `pages`: pictures of a page. `export`: a dataset was
 * made; `file`: one of its files taken.
 */
export const ReadKind = z.enum([
  'record',
  'history',
  'records',
  'search',
  'page',
  'column',
  'preview',
  'export',
  'file',
]);
export type ReadKind = z.infer<typeof ReadKind>;

/** What a thing that was read is. */
export const ReadThing = z.enum(['record', 'page', 'book', 'export']);
export type ReadThing = z.infer<typeof ReadThing>;

/** One reading, as it is noted. */
export interface NewAccess {
  readonly at: Date;
  readonly personId: PersonId;
  readonly what: ReadKind;
  /** The work that the person has it open for, or what they said. */
  readonly purpose: string;
  /** Absent for a list over several books. */
  readonly thing?: { readonly is: ReadThing; readonly id: string } | undefined;
}

/** A reading as it is kept. */
export const Access = z.object({
  at: z.coerce.date(),
  personId: PersonId,
  what: ReadKind,
  purpose: z.string(),
  bookId: BookId.optional(),
  thingId: z.uuid().optional(),
});
export type Access = z.infer<typeof Access>;

/** Who has read what, and what for. */
export function accesses(pool: Pool) {
  return {
    /** What a person has a record, or one of a page, open for now. */
    async workOn(personId: PersonId, thing: NewAccess['thing']): Promise<string | undefined> {
      if (thing?.is !== 'record' && thing?.is !== 'page') return undefined;
      const { rows } = await pool.query<{ work: string }>(
        thing.is === 'record'
          ? `select work from leases
              where record_id = $2 and person_id = $1 and until > now()`
          : `select l.work from record_pages rp join leases l using (record_id)
              where rp.page_id = $2 and l.person_id = $1 and l.until > now() limit 1`,
        [personId, thing.id],
      );
      return rows[0]?.work;
    },

    /** Notes readings, many at once. */
    async add(read: readonly NewAccess[]): Promise<void> {
      if (read.length === 0) return;
      const rows = read.map(({ at, personId, what, purpose, thing }) => ({
        at,
        person: personId,
        what,
        purpose,
        is: thing?.is ?? null,
        thing: thing?.id ?? null,
      }));
      await pool.query(
        `insert into accesses (at, person_id, what, purpose, book_id, thing_id)
         select e.at, e.person, e.what, e.purpose,
                case e."is"
                  when 'record' then (select book_id from records where id = e.thing)
                  when 'page' then (select book_id from pages where id = e.thing)
                  when 'export' then (select book_id from exports where id = e.thing)
                  when 'book' then e.thing
                end, e.thing
           from jsonb_to_recordset($1::jsonb) as e (
             at timestamptz, person uuid, what text, purpose text, "is" text, thing uuid)`,
        [jsonb(rows)],
      );
    },

    /** Newest first. Within a scope those of its books; a list over several books is of none. */
    async list(query: {
      readonly scope: Scope | undefined;
      readonly personId?: PersonId | undefined;
      readonly bookId?: BookId | undefined;
      readonly thingId?: string | undefined;
      readonly what?: ReadKind | undefined;
      readonly from?: Date | undefined;
      readonly to?: Date | undefined;
      readonly limit: number;
      readonly offset: number;
    }): Promise<Access[]> {
      const { values, take } = parameters();
      const conditions: string[] = [];
      const add = (condition: (name: string) => string, value: unknown) => {
        if (value !== undefined) conditions.push(condition(take(value)));
      };
      add((n) => `a.person_id = ${n}`, query.personId);
      add((n) => `a.book_id = ${n}`, query.bookId);
      add((n) => `a.thing_id = ${n}`, query.thingId);
      add((n) => `a.what = ${n}`, query.what);
      add((n) => `a.at >= ${n}`, query.from);
      add((n) => `a.at < ${n}`, query.to);
      if (query.scope)
        conditions.push(
          `a.book_id in (select b.id from books b where ${inScope(query.scope, take)})`,
        );
      const { rows } = await pool.query(
        `select a.* from accesses a ${conditions.length > 0 ? 'where' : ''}
           ${conditions.join(' and ')}
          order by a.at desc, a.id desc limit ${take(query.limit)} offset ${take(query.offset)}`,
        values,
      );
      return parseRows(Access, rows);
    },
  };
}
