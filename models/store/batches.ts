import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { Failure } from '../failures.ts';
import { type BatchId, BookId, type PersonId, type RecordId } from '../ids.ts';
import { type Person, type Scope, scopeHolds, Unit } from '../people.ts';
import { hasRole, rolesNeeded } from '../record.ts';
import { Batch, MOVE_OF, moveOf, Work } from '../work.ts';
import { parameters, parseOne, parseRows, storable, transaction, violated } from './database.ts';
import { otherEyes } from './leases.ts';
import { inScope } from './scope.ts';

/** A batch, or a record that somebody has open. */
const Handed = z.object({ id: z.uuid(), work: Work, bookId: BookId, unit: Unit });

const WAITING = Object.fromEntries(Work.options.map((work) => [work, moveOf(work).from]));

const SELECT = `
  select ba.*,
         (select count(*)::int from batch_records br where br.batch_id = ba.id) as records,
         (select count(*)::int from batch_records br join records r on r.id = br.record_id
           where br.batch_id = ba.id and br.live and not r.set_aside
             and $1::jsonb -> ba.work ? r.status) as waiting
    from batches ba join books b on b.id = ba.book_id`;

/** Ends batches; leases of their person on what is not done end too. */
async function revokeAll(client: PoolClient, ids: readonly BatchId[]): Promise<void> {
  await client.query(
    'update batches set revoked_at = now() where id = any($1::uuid[]) and revoked_at is null',
    [ids],
  );
  await client.query(
    `with freed as (
       update batch_records set live = false where batch_id = any($1::uuid[]) and live
       returning record_id, person_id, work)
     delete from leases l using freed f
      where l.record_id = f.record_id and l.person_id = f.person_id and l.work = f.work`,
    [ids],
  );
}

/** @throws Failure `invalid` for records of another book; `fourEyes` for those not for the person */
async function mustSuit(
  client: PoolClient,
  wanted: {
    readonly bookId: BookId;
    readonly work: Work;
    readonly person: Person;
    readonly recordIds: readonly RecordId[];
  },
): Promise<void> {
  const { bookId, work, person, recordIds } = wanted;
  const { values, take } = parameters([recordIds, bookId]);
  const { rows } = await client.query<{ eyes: boolean }>(
    `select ${otherEyes(person, work, take)} as eyes
       from records r join books b on b.id = r.book_id
      where r.id = any($1::uuid[]) and r.book_id = $2 and not r.set_aside`,
    values,
  );
  if (rows.length !== new Set(recordIds).size)
    throw new Failure('invalid', 'records of this book needed');
  if (rows.some(({ eyes }) => !eyes)) throw new Failure('fourEyes');
}

/**
 * Gives everybody back what a person has been handed, or has open, and is no more to work on: they
 * left, lost the role, or the book lies outside their scope.
 */
export async function releaseWork(client: PoolClient, person: Person): Promise<void> {
  const lost = ({ work, bookId: id, unit }: z.infer<typeof Handed>) =>
    !hasRole(person, MOVE_OF[work]) || !scopeHolds(person.scope, { id, unit });
  const handed = await client.query(
    `select ba.id, ba.work, b.id as book_id, b.unit from batches ba join books b on b.id = ba.book_id
      where ba.person_id = $1 and ba.revoked_at is null`,
    [person.id],
  );
  const batches = parseRows(Handed, handed.rows).filter(lost);
  await revokeAll(
    client,
    batches.map(({ id }) => id as BatchId),
  );
  const opened = await client.query(
    `select l.record_id as id, l.work, b.id as book_id, b.unit
       from leases l join records r on r.id = l.record_id join books b on b.id = r.book_id
      where l.person_id = $1`,
    [person.id],
  );
  const leases = parseRows(Handed, opened.rows).filter(lost);
  await client.query('delete from leases where person_id = $1 and record_id = any($2::uuid[])', [
    person.id,
    leases.map(({ id }) => id),
  ]);
}

/** Batches of records, handed out and revoked. */
export function batches(pool: Pool) {
  const byId = async (id: BatchId): Promise<Batch> => {
    const { rows } = await pool.query(`${SELECT} where ba.id = $2`, [JSON.stringify(WAITING), id]);
    return parseOne(Batch, rows, 'batch');
  };

  return {
    byId,

    /**
     * Hands the first `count` records that wait for this work by this person and lie in no other batch
     * to them, or exactly `recordIds`.
     * @throws Failure `invalid` when the person lacks the role or a record is of another book;
     *   `fourEyes` when one of these records is not for them; `notAllowedNow` when a record lies in
     *   another batch or nothing waits
     */
    async create(input: {
      readonly bookId: BookId;
      readonly work: Work;
      readonly person: Person;
      readonly name: string;
      readonly by: PersonId;
      readonly count: number;
      readonly recordIds?: readonly RecordId[] | undefined;
    }): Promise<Batch> {
      const { bookId, work, person, name, by, count, recordIds } = input;
      const { from } = moveOf(work);
      if (!hasRole(person, MOVE_OF[work]))
        throw new Failure('invalid', `a person with ${rolesNeeded(MOVE_OF[work])}`);
      const id = randomUUID() as BatchId;
      try {
        await transaction(pool, async (client) => {
          // Who leaves at this moment takes none along, see `releaseWork`.
          const { rows } = await client.query('select active from people where id = $1 for share', [
            person.id,
          ]);
          if (!rows[0]?.active) throw new Failure('invalid', 'an active person');
          await client.query(
            `insert into batches (id, book_id, work, person_id, name, created_by)
             values ($1, $2, $3, $4, $5, $6)`,
            [id, bookId, work, person.id, storable(name), by],
          );
          if (recordIds) await mustSuit(client, { bookId, work, person, recordIds });
          const { values, take } = parameters([id, work, person.id, bookId]);
          const chosen = recordIds
            ? `r.id = any(${take(recordIds)}::uuid[]) order by r.id for update of r`
            : `r.status = any(${take(from)}::text[]) and ${otherEyes(person, work, take)}
                  and not exists (select 1 from batch_records o
                                   where o.record_id = r.id and o.work = $2 and o.live)
                order by r.document_seq, r.page_index, r.entry limit ${take(count)}
                for update of r skip locked`;
          const { rowCount } = await client.query(
            `insert into batch_records (batch_id, record_id, work, person_id)
             select $1, r.id, $2, $3 from records r join books b on b.id = r.book_id
              where r.book_id = $4 and not r.set_aside and ${chosen}`,
            values,
          );
          if (!rowCount) throw new Failure('notAllowedNow', 'no record waits for this work');
        });
      } catch (error) {
        if (violated(error) === 'batch_records_live')
          throw new Failure('notAllowedNow', 'a record lies in another batch', { cause: error });
        throw error;
      }
      return byId(id);
    },

    /** What is not done goes back to everybody. Leases of the batch's person on it end. */
    async revoke(id: BatchId): Promise<Batch> {
      await transaction(pool, (client) => revokeAll(client, [id]));
      return byId(id);
    },

    /** Newest first. */
    async list(query: {
      readonly scope: Scope | undefined;
      readonly bookId?: BookId | undefined;
      readonly personId?: PersonId | undefined;
      readonly limit: number;
      readonly offset: number;
    }): Promise<Batch[]> {
      const { values, take } = parameters([JSON.stringify(WAITING)]);
      const book = take(query.bookId ?? null);
      const person = take(query.personId ?? null);
      const { rows } = await pool.query(
        `${SELECT} where ${inScope(query.scope, take)}
            and (${book}::uuid is null or ba.book_id = ${book})
            and (${person}::uuid is null or ba.person_id = ${person})
          order by ba.created_at desc, ba.id
          limit ${take(query.limit)} offset ${take(query.offset)}`,
        values,
      );
      return parseRows(Batch, rows);
    },
  };
}
