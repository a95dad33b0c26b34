import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { Failure } from '../failures.ts';
import type { BatchId, BookId, PersonId, RecordId } from '../ids.ts';
import type { Person, Scope } from '../people.ts';
import { hasRole, rolesNeeded } from '../record.ts';
import { Batch, MOVE_OF, moveOf, Work } from '../work.ts';
import { parameters, parseOne, parseRows, storable, transaction, violated } from './database.ts';
import { inScope } from './scope.ts';

const WAITING = Object.fromEntries(Work.options.map((work) => [work, moveOf(work).from]));

const SELECT = `
  select ba.*,
         (select count(*)::int from batch_records br where br.batch_id = ba.id) as records,
         (select count(*)::int from batch_records br join records r on r.id = br.record_id
           where br.batch_id = ba.id and br.live
             and $1::jsonb -> ba.work ? r.status) as waiting
    from batches ba join books b on b.id = ba.book_id`;

/** Batches of records, handed out and revoked. */
export function batches(pool: Pool) {
  const byId = async (id: BatchId): Promise<Batch> => {
    const { rows } = await pool.query(`${SELECT} where ba.id = $2`, [JSON.stringify(WAITING), id]);
    return parseOne(Batch, rows, 'batch');
  };

  return {
    byId,

    /**
     * Hands the first `count` records that wait for this work and lie in no other batch to a person,
     * or exactly `recordIds`.
     * @throws Failure `invalid` when the person lacks the role or a record is of another book;
     *   `notAllowedNow` when a record lies in another batch or nothing waits
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
          await client.query(
            `insert into batches (id, book_id, work, person_id, name, created_by)
             values ($1, $2, $3, $4, $5, $6)`,
            [id, bookId, work, person.id, storable(name), by],
          );
          const { rowCount } = recordIds
            ? await client.query(
                `insert into batch_records (batch_id, record_id, work, person_id)
                 select $1, id, $2, $3 from records
                  where book_id = $4 and not set_aside and id = any($5::uuid[]) order by id`,
                [id, work, person.id, bookId, recordIds],
              )
            : await client.query(
                `insert into batch_records (batch_id, record_id, work, person_id)
                 select $1, r.id, $2, $3 from records r
                  where r.book_id = $4 and not r.set_aside and r.status = any($5::text[])
                    and not exists (select 1 from batch_records o
                                     where o.record_id = r.id and o.work = $2 and o.live)
                  order by r.document_seq, r.page_index, r.entry limit $6
                  for update of r skip locked`,
                [id, work, person.id, bookId, from, count],
              );
          if (recordIds && rowCount !== new Set(recordIds).size)
            throw new Failure('invalid', 'records of this book needed');
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
      await transaction(pool, async (client) => {
        await client.query(
          'update batches set revoked_at = now() where id = $1 and revoked_at is null',
          [id],
        );
        const { rows } = await client.query(
          `update batch_records set live = false where batch_id = $1 and live
           returning record_id, person_id, work`,
          [id],
        );
        await client.query(
          `delete from leases where record_id = any($1::uuid[]) and person_id = $2 and work = $3`,
          [rows.map((r) => r.record_id), rows[0]?.person_id ?? null, rows[0]?.work ?? null],
        );
      });
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
