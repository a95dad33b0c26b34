import { createHash, randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { Book } from '../books.ts';
import {
  BookEvent,
  BookException,
  type BookState,
  type BookStep,
  ClosingNote,
  type Oddity,
  oddities,
  type Standing,
  stateOf,
} from '../completeness.ts';
import { Failure } from '../failures.ts';
import { type BookId, PageId, RecordId } from '../ids.ts';
import type { Person, Scope } from '../people.ts';
import {
  type Database,
  jsonb,
  parameters,
  parseOne,
  parseRow,
  parseRows,
  storable,
  transaction,
} from './database.ts';
import { SAID_NO_ENTRY } from './pages.ts';
import { inScope } from './scope.ts';

const PageRow = z.object({
  id: PageId,
  place: z.coerce.number().int(),
  failed: z.boolean(),
  said: z.boolean(),
  entries: z.number().int(),
});
const NumberRow = z.object({ id: RecordId, number: z.string().nullable() });
const Noted = z.object({ closingNote: ClosingNote.optional() });

/** A book with everything that is odd about it, what people said of that, and what was done to it. */
export interface Completeness {
  readonly state: BookState;
  readonly note: ClosingNote | undefined;
  readonly standing: Standing;
  readonly oddities: readonly (Oddity & { readonly exception?: BookException | undefined })[];
  /** Reasons for what is no longer so. */
  readonly stale: readonly BookException[];
  /** Oddities without a reason, and records that are not approved: none is complete. */
  readonly open: number;
  readonly steps: readonly BookEvent[];
}

async function standingOf(database: Database, id: BookId): Promise<Standing> {
  const [counts, records] = await Promise.all([
    database.query(
      `select (select count(*)::int from documents where book_id = $1) as documents,
              (select count(*)::int from documents where book_id = $1 and state <> 'split') as open,
              count(*)::int as pages,
              count(*) filter (where next is null or failure is not null)::int as pages_done
         from pages where book_id = $1`,
      [id],
    ),
    database.query<{ status: string; head: string; twice: boolean; decided: boolean }>(
      `select status, head, second_keyer is not null as twice, arbiters <> '{}' as decided
         from records where book_id = $1 and not set_aside order by id`,
      [id],
    ),
  ]);
  const byStatus: Record<string, number> = {};
  const hash = createHash('sha256');
  for (const { status, head } of records.rows) {
    byStatus[status] = (byStatus[status] ?? 0) + 1;
    hash.update(head);
  }
  const { documents, open, pages, pages_done: pagesDone } = counts.rows[0];
  return {
    // One that is not split has pages that nobody knows of.
    documents: open > 0 ? 0 : documents,
    pages,
    pagesDone,
    records: byStatus,
    keyedTwice: records.rows.filter((r) => r.twice).length,
    arbitrated: records.rows.filter((r) => r.decided).length,
    fingerprint: hash.digest('hex'),
  };
}

async function read(database: Database, id: BookId): Promise<Completeness> {
  const noted = await database.query('select closing_note from books where id = $1', [id]);
  const { closingNote: note } = parseOne(Noted, noted.rows, 'book');
  const standing = await standingOf(database, id);
  const [documents, pages, records, exceptions, steps] = [
    await database.query<{ id: string; state: string }>(
      'select id, state from documents where book_id = $1 order by seq',
      [id],
    ),
    await database.query(
      `select p.id, row_number() over (order by d.seq, p.index, p.part) as place,
              p.failure is not null as failed,
              ${SAID_NO_ENTRY} as said,
              (select count(*)::int from record_pages rp join records r on r.id = rp.record_id
                where rp.page_id = p.id and not r.set_aside) as entries
         from pages p join documents d on d.id = p.document_id where p.book_id = $1
        order by d.seq, p.index, p.part`,
      [id],
    ),
    await database.query(
      `select id, number from records where book_id = $1 and not set_aside
        order by document_seq, page_index, entry`,
      [id],
    ),
    await database.query(
      'select * from book_exceptions where book_id = $1 and revoked_at is null order by at, id',
      [id],
    ),
    await database.query('select * from book_events where book_id = $1 order by seq desc', [id]),
  ];
  const reasons = parseRows(BookException, exceptions.rows);
  const events = parseRows(BookEvent, steps.rows);
  const found = oddities({
    note,
    documents: documents.rows,
    pages: parseRows(PageRow, pages.rows),
    records: parseRows(NumberRow, records.rows),
  }).map((odd) => ({ ...odd, exception: reasons.find((r) => r.key === odd.key) }));
  const unapproved = records.rows.length - (standing.records.approved ?? 0);
  const open = found.filter((odd) => !odd.exception).length + unapproved;
  const state = stateOf(standing, lastStep(events));
  return {
    // A new note, a reason taken back: what is odd again is not ready.
    state: state === 'ready' && open > 0 ? 'approved' : state,
    note,
    standing,
    oddities: found,
    stale: reasons.filter((r) => !found.some((odd) => odd.key === r.key)),
    open,
    steps: events,
  };
}

/** The last step that still holds: one that was withdrawn leaves the delivery before it. */
const lastStep = (newestFirst: readonly BookEvent[]): BookEvent | undefined =>
  newestFirst[0]?.kind === 'withdrawn'
    ? newestFirst.find((event) => event.kind === 'delivered')
    : newestFirst[0];

/** The states from which each step is taken. */
const FROM: Readonly<Record<BookStep, readonly BookState[]>> = {
  delivered: ['keyed', 'delivered', 'approved'],
  ready: ['approved'],
  withdrawn: ['ready'],
  transferred: ['ready'],
};

/** Reads of several tables that must tell of one moment, while nobody takes the same step. */
async function held<T>(
  pool: Pool,
  id: BookId,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return transaction(pool, async (client) => {
    await client.query('select 1 from books where id = $1 for no key update', [id]);
    // No action gets in between: each holds its record's row while it writes.
    await client.query('select 1 from records where book_id = $1 order by id for share', [id]);
    return work(client);
  });
}

/** Whether books are complete, and what is done to them as a whole. */
export function completeness(pool: Pool) {
  return {
    /** @throws Failure `notFound` */
    of: (id: BookId): Promise<Completeness> => read(pool, id),

    /** @throws Failure `notFound` */
    async setNote(id: BookId, note: ClosingNote): Promise<void> {
      const { rowCount } = await pool.query('update books set closing_note = $2 where id = $1', [
        id,
        jsonb(ClosingNote.parse(note)),
      ]);
      if (rowCount === 0) throw new Failure('notFound', 'book');
    },

    /**
     * Says why something odd is right as it is. A second reason for the same replaces the first, which
     * stays in the table.
     * @throws Failure `invalid` for what is not odd about the book now
     */
    async except(id: BookId, key: string, reason: string, by: Person): Promise<void> {
      await held(pool, id, async (client) => {
        const { oddities: found } = await read(client, id);
        if (!found.some((odd) => odd.key === key))
          throw new Failure('invalid', 'nothing of this book is odd in that way');
        await client.query(
          `update book_exceptions set revoked_at = now(), revoked_by = $3
            where book_id = $1 and key = $2 and revoked_at is null`,
          [id, key, by.id],
        );
        await client.query(
          `insert into book_exceptions (id, book_id, key, reason, person_id)
           values ($1, $2, $3, $4, $5)`,
          [randomUUID(), id, key, storable(reason), by.id],
        );
      });
    },

    /** Takes a reason back. @throws Failure `notFound` */
    async revoke(id: BookId, exception: string, by: Person): Promise<void> {
      const { rowCount } = await pool.query(
        `update book_exceptions set revoked_at = now(), revoked_by = $3
          where book_id = $1 and id = $2 and revoked_at is null`,
        [id, exception, by.id],
      );
      if (rowCount === 0) throw new Failure('notFound', 'exception');
    },

    /**
     * Takes a step with a book, and keeps how it stood.
     * @throws Failure `notAllowedNow` from another state; `notComplete` when it is to be ready or
     *   transferred while something odd has no reason
     */
    async step(
      id: BookId,
      kind: BookStep,
      by: Person,
      said: { readonly to?: string | undefined; readonly note?: string | undefined },
    ): Promise<BookEvent> {
      return held(pool, id, async (client) => {
        const now = await read(client, id);
        if (!FROM[kind].includes(now.state))
          throw new Failure('notAllowedNow', `${kind} from ${now.state}`);
        if (kind === 'ready' && !now.steps.some((step) => step.kind === 'delivered'))
          throw new Failure('notAllowedNow', 'it was not handed over');
        if ((kind === 'ready' || kind === 'transferred') && now.open > 0)
          throw new Failure('notComplete', `${now.open} open`);
        const { standing } = now;
        const documents = await client.query(
          `select name, bytes::float8 as bytes, page_count as "pageCount", sha256
             from documents where book_id = $1 order by seq`,
          [id],
        );
        const data = {
          standing,
          documents: documents.rows,
          oddities: now.oddities.map(({ exception, ...odd }) => ({
            ...odd,
            reason: exception?.reason ?? '',
          })),
          ...said,
        };
        const { rows } = await client.query(
          `insert into book_events
             (id, book_id, kind, person_id, organisation_id, data, fingerprint)
           values ($1, $2, $3, $4, $5, $6, $7) returning *`,
          [randomUUID(), id, kind, by.id, by.organisationId, jsonb(data), standing.fingerprint],
        );
        return parseRow(BookEvent, rows[0]);
      });
    },

    /** The books that are ready for transfer ("sẵn sàng chuyển đổi"), the longest waiting first. */
    async ready(scope: Scope | undefined): Promise<{ book: Book; since: Date; records: number }[]> {
      const { values, take } = parameters();
      const scoped = inScope(scope, take);
      const { rows } = await pool.query(
        `select b.*, e.at as since
           from books b, lateral (
             select kind, at from book_events where book_id = b.id
              order by seq desc limit 1) e
          where e.kind = 'ready' and ${scoped} order by e.at, b.id`,
        values,
      );
      const ready: { book: Book; since: Date; records: number }[] = [];
      for (const row of rows) {
        // A record that was reopened since takes its book off the list, as does whatever is odd now.
        const { state, standing } = await read(pool, row.id);
        if (state !== 'ready') continue;
        const records = standing.records.approved ?? 0;
        ready.push({ book: parseRow(Book, row), since: row.since, records });
      }
      return ready;
    },
  };
}
