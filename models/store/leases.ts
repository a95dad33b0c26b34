import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import type { RecordStatus } from '../actions.ts';
import { Failure } from '../failures.ts';
import { BookId, type PersonId, RecordId } from '../ids.ts';
import type { Person, Scope } from '../people.ts';
import { hasRole, rolesNeeded } from '../record.ts';
import { LEASE_SECONDS, Lease, MOVE_OF, moveOf, Work } from '../work.ts';
import {
  type Database,
  parameters,
  parseOne,
  parseRow,
  parseRows,
  prepared,
  transaction,
} from './database.ts';
import { inScope } from './scope.ts';

/** A lease with the book of its record, for who supervises. */
const LeaseOfBook = Lease.extend({ bookId: BookId });
type LeaseOfBook = z.infer<typeof LeaseOfBook>;

const UNTIL = `now() + make_interval(secs => ${LEASE_SECONDS})`;

/** @throws Failure `leased` while somebody else has the record open. */
export async function mustNotBeLeased(
  client: PoolClient,
  id: RecordId,
  person: PersonId,
): Promise<void> {
  const { rows } = await client.query(
    'select 1 from leases where record_id = $1 and person_id <> $2 and until > now()',
    [id, person],
  );
  if (rows[0]) throw new Failure('leased');
}

/** Ends a lease for a kind of work that a record of this status does not wait for. */
export async function endLease(
  client: PoolClient,
  id: RecordId,
  status: RecordStatus,
): Promise<void> {
  const over = Work.options.filter((work) => !moveOf(work).from.includes(status));
  await client.query('delete from leases where record_id = $1 and work = any($2)', [id, over]);
}

/**
 * Opens a record for a person: a new lease, or one's own again, or one that is past its time.
 * Undefined when somebody else was faster.
 */
async function lease(
  database: Database,
  id: RecordId,
  person: PersonId,
  work: Work,
): Promise<Lease | undefined> {
  const { rows } = await database.query(
    `insert into leases (record_id, person_id, work, until) values ($1, $2, $3, ${UNTIL})
     on conflict (record_id) do update
       set person_id = excluded.person_id, work = excluded.work, until = excluded.until,
           since = case when leases.person_id = excluded.person_id and leases.until > now()
                        then leases.since else now() end
     where leases.person_id = excluded.person_id or leases.until <= now()
     returning *`,
    [id, person, work],
  );
  return rows[0] && parseRow(Lease, rows[0]);
}

type Take = (value: unknown) => string;

/** That a record `r` is one to work on, and not skipped by this person. */
const wanted = (me: string) => `not r.set_aside
  and not exists (select 1 from marks m where m.record_id = r.id and m.closed_at is null
                     and m.kind = 'skip' and m.person_id = ${me}::uuid)`;

/**
 * What a record `r` of book `b` must be for `person` to be given it: open to nobody else, in nobody
 * else's batch, not skipped by them, and not theirs by the rule of four eyes.
 */
function fits(person: Person, work: Work, take: Take): string {
  const me = take(person.id);
  const kind = take(work);
  return `${wanted(me)}
    and not exists (select 1 from leases l where l.record_id = r.id
                       and l.person_id <> ${me}::uuid and l.until > now())
    and not exists (select 1 from batch_records o where o.record_id = r.id and o.work = ${kind}
                       and o.live and o.person_id <> ${me}::uuid)
    and ${otherEyes(person, work, take)}`;
}

/** That the rule of four eyes lets `person` do this work on a record `r` of book `b`. */
export function otherEyes(person: Person, work: Work, take: Take): string {
  if (work === 'key') return 'true';
  const me = take(person.id);
  const conditions: string[] = [];
  if (work === 'second')
    conditions.push(
      `not ${me}::uuid = any(r.first_keyers) and not ${me}::uuid = any(r.arbiters)`,
      `not exists (select 1 from sights s where s.record_id = r.id and s.person_id = ${me}::uuid)`,
    );
  if (work === 'arbitrate')
    conditions.push(
      `not ${me}::uuid = any(r.first_keyers) and r.second_keyer is distinct from ${me}::uuid`,
    );
  if (work === 'check' || work === 'approve') {
    const organisation = take(person.organisationId);
    const name = take(work === 'check' ? 'checkers' : 'approvers');
    const organisationKind = take(person.organisationKind ?? '');
    conditions.push(
      `not ${me}::uuid = any(r.keyers) and r.checker is distinct from ${me}::uuid`,
      `(not ${organisation}::uuid = any(r.keyer_organisations)
        or not coalesce((b.policy ->> 'otherOrganisation')::boolean, true))`,
      `coalesce(b.policy -> ${name}::text ? ${organisationKind}::text, true)`,
    );
  }
  return conditions.join(' and ');
}

/** Page order: documents as they came, pages as they lie in them. */
const ORDER = 'r.document_seq, r.page_index, r.entry';

const may = (person: Person, work: Work) => hasRole(person, MOVE_OF[work]);

interface Wanted {
  readonly person: Person;
  readonly work: Work;
  readonly bookId?: BookId | undefined;
}

/** The record that the person has open for this work, as long as it still is for them. */
function opened({ person, work, bookId }: Wanted) {
  const { values, take } = parameters();
  const book = bookId === undefined ? 'true' : `r.book_id = ${take(bookId)}`;
  return {
    values,
    text: `select r.id from leases own
             join records r on r.id = own.record_id join books b on b.id = r.book_id
            where own.person_id = ${take(person.id)} and own.work = ${take(work)}
              and own.until > now() and r.status = any(${take(moveOf(work).from)}::text[])
              and ${book} and ${inScope(person.scope, take)} and ${fits(person, work, take)}
            order by own.since limit 1`,
  };
}

/** The first record of the person's own batches that waits. */
function ofBatches({ person, work, bookId }: Wanted) {
  const { values, take } = parameters();
  const book = bookId === undefined ? 'true' : `r.book_id = ${take(bookId)}`;
  return {
    values,
    text: `select r.id from batch_records br
             join records r on r.id = br.record_id join books b on b.id = r.book_id
            where br.person_id = ${take(person.id)} and br.work = ${take(work)} and br.live
              and r.status = any(${take(moveOf(work).from)}::text[]) and ${book}
              and ${inScope(person.scope, take)} and ${fits(person, work, take)}
            order by ${ORDER} limit 1 for update of r skip locked`,
  };
}

/** The first record that was returned to this keyer. */
function returnedTo({ person, work, bookId }: Wanted) {
  const { values, take } = parameters();
  const book = bookId === undefined ? 'true' : `r.book_id = ${take(bookId)}`;
  return {
    values,
    text: `select r.id from records r join books b on b.id = r.book_id
            where r.status = 'returned' and r.first_keyers @> array[${take(person.id)}::uuid]
              and ${book} and ${inScope(person.scope, take)} and ${fits(person, work, take)}
            order by ${ORDER} limit 1 for update of r skip locked`,
  };
}

/** The first record of this status: of all books in the order of their arrival. */
function ofAll({ person, work }: Wanted, status: RecordStatus) {
  const { values, take } = parameters();
  return {
    values,
    text: `select r.id from records r join books b on b.id = r.book_id
            where r.status = ${take(status)} and ${fits(person, work, take)}
            order by ${ORDER} limit 1 for update of r skip locked`,
  };
}

/** The first record of this status, book after book. One look into an index for each book. */
function ofBooks(wanted: Wanted, status: RecordStatus) {
  const { person, work, bookId } = wanted;
  // A thousand finished books would be looked into in vain; one index has all that wait.
  if (bookId === undefined && person.scope === undefined) return ofAll(wanted, status);
  const { values, take } = parameters();
  const book = bookId === undefined ? 'true' : `b.id = ${take(bookId)}`;
  return {
    values,
    text: `select r.id
             from (select b.id, b.policy from books b
                    where ${book} and ${inScope(person.scope, take)}
                    order by b.created_at, b.id) b
            cross join lateral (
              select r.id from records r
               where r.book_id = b.id and r.status = ${take(status)}
                 and ${fits(person, work, take)}
               order by ${ORDER} limit 1 for update of r skip locked
            ) r limit 1`,
  };
}

/** Somebody else may take a record between the look and the lease; then the next one is tried. */
const TRIES = 20;

export function leases(pool: Pool) {
  return {
    /**
     * The record to work on next, opened for `person` until {@link LEASE_SECONDS} from now: the one
     * that they have open already, else of their batches, else what was returned to them, else in
     * page order. No two people get the same. Undefined when nothing waits for them.
     */
    async next(asked: Wanted): Promise<Lease | undefined> {
      const { person, work } = asked;
      if (!may(person, work)) return undefined;
      return transaction(pool, async (client) => {
        const looks = [
          opened(asked),
          ofBatches(asked),
          ...(work === 'key' ? [returnedTo(asked)] : []),
          ...moveOf(work).from.map((status) => ofBooks(asked, status)),
        ];
        for (const look of looks) {
          for (let n = 0; n < TRIES; n++) {
            const { rows } = await client.query<{ id: RecordId }>(prepared(look));
            if (!rows[0]) break;
            const taken = await lease(client, rows[0].id, person.id, work);
            if (taken) return taken;
          }
        }
        return undefined;
      });
    },

    /**
     * As {@link next} without opening anything: behind `after` in page order, else from the
     * beginning of the book, never `after` itself.
     */
    async peek(
      asked: Wanted & { readonly bookId: BookId; readonly after?: RecordId | undefined },
    ): Promise<RecordId | undefined> {
      const { person, work, bookId, after } = asked;
      if (!may(person, work)) return undefined;
      const places = after
        ? [
            `(r.document_seq, r.page_index, r.entry) >
              (select document_seq, page_index, entry from records where id = $1)`,
            'r.id <> $1',
          ]
        : ['$1::uuid is null'];
      for (const place of places) {
        const { values, take } = parameters();
        take(after ?? null);
        const { rows } = await pool.query(
          `select r.id from records r join books b on b.id = r.book_id
            where r.book_id = ${take(bookId)} and r.status = any(${take(moveOf(work).from)}::text[])
              and ${fits(person, work, take)} and ${place}
            order by ${ORDER} limit 1`,
          values,
        );
        if (rows[0]) return RecordId.parse(rows[0].id);
      }
      return undefined;
    },

    /**
     * Opens one record, or goes on having it open.
     * @throws Failure `leased` when somebody else has it open, `notAllowedNow` when it does not wait
     *   for this work, `forbidden` without the role
     */
    async open(id: RecordId, person: Person, work: Work): Promise<Lease> {
      if (!may(person, work)) throw new Failure('forbidden', rolesNeeded(MOVE_OF[work]));
      return transaction(pool, async (client) => {
        const { rows } = await client.query<{ status: RecordStatus }>(
          'select status from records where id = $1 for update',
          [id],
        );
        const { status } = parseOne(z.object({ status: z.string() }), rows, 'record');
        if (!moveOf(work).from.some((s) => s === status))
          throw new Failure('notAllowedNow', `${MOVE_OF[work]} from ${status}`);
        const { values, take } = parameters();
        const fit = await client.query(
          `select 1 from records r join books b on b.id = r.book_id
            where r.id = ${take(id)} and ${fits(person, work, take)}`,
          values,
        );
        const taken = fit.rows[0] && (await lease(client, id, person.id, work));
        if (!taken) throw new Failure('leased');
        return taken;
      });
    },

    /** Who has the record open now. */
    async of(id: RecordId): Promise<Lease | undefined> {
      const { rows } = await pool.query(
        'select * from leases where record_id = $1 and until > now()',
        [id],
      );
      return rows[0] && parseRow(Lease, rows[0]);
    },

    /** Gives a record back; nothing happens when it is not one's own. */
    async release(id: RecordId, person: PersonId): Promise<void> {
      await pool.query('delete from leases where record_id = $1 and person_id = $2', [id, person]);
    },

    /**
     * Gives a record to `person`, whoever has it open, and takes it out of anybody else's batch.
     * @throws Failure `notAllowedNow` when nobody has, or the person has skipped it; `invalid` for a
     *   person without the role; `fourEyes`
     */
    async takeOver(id: RecordId, person: Person): Promise<Lease> {
      return transaction(pool, async (client) => {
        const { rows } = await client.query(
          'select * from leases where record_id = $1 and until > now() for update',
          [id],
        );
        if (!rows[0]) throw new Failure('notAllowedNow', 'nobody has this record open');
        const { work } = parseRow(Lease, rows[0]);
        if (!may(person, work)) throw new Failure('invalid', rolesNeeded(MOVE_OF[work]));
        const { values, take } = parameters([id, person.id]);
        const asked = await client.query<{ wanted: boolean; eyes: boolean }>(
          `select ${wanted('$2')} as wanted, ${otherEyes(person, work, take)} as eyes
             from records r join books b on b.id = r.book_id where r.id = $1`,
          values,
        );
        if (!asked.rows[0]?.eyes) throw new Failure('fourEyes');
        if (!asked.rows[0].wanted) throw new Failure('notAllowedNow', 'skipped by this person');
        await client.query(
          `update batch_records set live = false
            where record_id = $1 and work = $3 and live and person_id <> $2`,
          [id, person.id, work],
        );
        const taken = await client.query(
          `update leases set person_id = $2, since = now(), until = ${UNTIL}
            where record_id = $1 returning *`,
          [id, person.id],
        );
        return parseOne(Lease, taken.rows, 'lease');
      });
    },

    /** What is open now within a scope, or of one person. Longest open first. */
    async list(query: {
      readonly scope: Scope | undefined;
      readonly personId?: PersonId | undefined;
      readonly bookId?: BookId | undefined;
      readonly limit: number;
    }): Promise<LeaseOfBook[]> {
      const { values, take } = parameters();
      const { rows } = await pool.query(
        `select l.*, r.book_id from leases l
           join records r on r.id = l.record_id join books b on b.id = r.book_id
          where l.until > now() and ${inScope(query.scope, take)}
            and (${take(query.personId ?? null)}::uuid is null or l.person_id = $${values.length})
            and (${take(query.bookId ?? null)}::uuid is null or b.id = $${values.length})
          order by l.since, l.record_id limit ${take(query.limit)}`,
        values,
      );
      return parseRows(LeaseOfBook, rows);
    },
  };
}
