import type { Pool } from 'pg';
import { Failure } from '../failures.ts';
import { BookId } from '../ids.ts';
import { type Scope, scopeHolds } from '../people.ts';

/**
 * A condition that the book `b` lies in `scope`, in SQL; `add` takes a parameter and answers its
 * name. Says the same as `scopeHolds`.
 */
export function inScope(scope: Scope | undefined, add: (value: unknown) => string): string {
  if (scope === undefined) return 'true';
  const books = add(scope.books);
  const units = add(scope.units);
  return `(b.id = any(${books}::uuid[]) or exists (
    select 1 from unnest(${units}::text[]) u
     where b.unit = u or right(b.unit, length(u) + 2) = ', ' || u))`;
}

/** That the book `b` is keyed blindly; says the same as `isKeyedBlind`. */
export const BLIND = `coalesce(b.policy #>> '{keying,kind}', 'single') <> 'single'`;
/** That the record waits for other eyes; says the same as `UNSETTLED`. */
export const UNSETTLED = `status in ('secondKeying', 'arbitration')`;

/** What leads from a thing to its book. */
const BOOK_OF = {
  book: 'select id as book_id from books where id = $1',
  document: 'select book_id from documents where id = $1',
  page: 'select book_id from pages where id = $1',
  record: 'select book_id from records where id = $1',
  export: 'select book_id from exports where id = $1',
  sample: 'select book_id from samples where id = $1',
  batch: 'select book_id from batches where id = $1',
} as const;
export type Scoped = keyof typeof BOOK_OF;

export function scopes(pool: Pool) {
  return {
    /**
     * True when the book is keyed blindly, or was and has records left whose second reading is not
     * settled.
     */
    async isBlind(id: BookId): Promise<boolean> {
      const { rows } = await pool.query<{ blind: boolean }>(
        `select ${BLIND} or exists (
                  select 1 from records where book_id = b.id and not set_aside and ${UNSETTLED}
                ) as blind
           from books b where b.id = $1`,
        [id],
      );
      return rows[0]?.blind ?? false;
    },

    /**
     * The book of a thing.
     * @throws Failure `notFound` naming `what`, the same for a thing that is not there and for one
     *   outside the scope
     */
    async mustHold(scope: Scope | undefined, what: Scoped, id: string): Promise<BookId> {
      const { rows } = await pool.query(
        `select id, unit from books where id = (${BOOK_OF[what]})`,
        [id],
      );
      const [row] = rows;
      if (!row || !scopeHolds(scope, row)) throw new Failure('notFound', what);
      return BookId.parse(row.id);
    },
  };
}
