import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { Failure } from '../failures.ts';
import type { BookId, MarkId, PersonId, RecordId } from '../ids.ts';
import type { Scope } from '../people.ts';
import { Mark, type MarkKind } from '../work.ts';
import {
  type Database,
  parameters,
  parseOne,
  parseRows,
  storable,
  transaction,
} from './database.ts';
import { BLIND, inScope, UNSETTLED } from './scope.ts';

const SELECT = `select m.*, r.book_id from marks m
  join records r on r.id = m.record_id join books b on b.id = r.book_id`;

/** Open flags and questions of a record: while there is one, nobody approves it. */
export async function openMarks(database: Database, id: RecordId): Promise<Mark[]> {
  const { rows } = await database.query(
    `${SELECT} where m.record_id = $1 and m.closed_at is null and m.kind <> 'skip' order by m.at`,
    [id],
  );
  return parseRows(Mark, rows);
}

/** What people say about records that they cannot finish. */
export function marks(pool: Pool) {
  return {
    /** Also gives the record back when one has it open. A second skip by the same person is the first. */
    async add(input: {
      readonly recordId: RecordId;
      readonly personId: PersonId;
      readonly kind: MarkKind;
      readonly field?: string | undefined;
      readonly text: string;
    }): Promise<Mark> {
      const { recordId, personId, kind, field, text } = input;
      return transaction(pool, async (client) => {
        // The same lock as for actions: no approval slips in between a question and its effect.
        await client.query('select 1 from records where id = $1 for update', [recordId]);
        if (kind === 'skip')
          await client.query('delete from leases where record_id = $1 and person_id = $2', [
            recordId,
            personId,
          ]);
        const known = await client.query(
          `${SELECT} where m.record_id = $1 and m.person_id = $2 and m.closed_at is null
              and m.kind = 'skip' and $3 = 'skip'`,
          [recordId, personId, kind],
        );
        if (known.rows[0]) return parseOne(Mark, known.rows, 'mark');
        const id = randomUUID();
        await client.query(
          `insert into marks (id, record_id, person_id, kind, field, text)
           values ($1, $2, $3, $4, $5, $6)`,
          [id, recordId, personId, kind, field ?? null, storable(text)],
        );
        const { rows } = await client.query(`${SELECT} where m.id = $1`, [id]);
        return parseOne(Mark, rows, 'mark');
      });
    },

    /** Open flags and questions of one record, oldest first. */
    openOf: (recordId: RecordId): Promise<Mark[]> => openMarks(pool, recordId),

    /** @throws Failure `notFound`; `notAllowedNow` when it is closed already */
    async close(input: {
      readonly id: MarkId;
      readonly recordId: RecordId;
      readonly by: PersonId;
      readonly answer: string;
    }): Promise<Mark> {
      const { id, recordId, by, answer } = input;
      const { rowCount } = await pool.query(
        `update marks set closed_at = now(), closed_by = $3, answer = $4
          where id = $1 and record_id = $2 and closed_at is null`,
        [id, recordId, by, storable(answer)],
      );
      const { rows } = await pool.query(`${SELECT} where m.id = $1 and m.record_id = $2`, [
        id,
        recordId,
      ]);
      const mark = parseOne(Mark, rows, 'mark');
      if (rowCount === 0) throw new Failure('notAllowedNow', 'closed already');
      return mark;
    },

    /** Newest first; to a `keyer`, of a book that is keyed blindly only their own. */
    async list(query: {
      readonly keyer?: PersonId | undefined;
      readonly scope: Scope | undefined;
      readonly bookId?: BookId | undefined;
      readonly personId?: PersonId | undefined;
      readonly open: boolean;
      readonly limit: number;
      readonly offset: number;
    }): Promise<Mark[]> {
      const { values, take } = parameters();
      const book = take(query.bookId ?? null);
      const person = take(query.personId ?? null);
      const { rows } = await pool.query(
        `${SELECT} where ${inScope(query.scope, take)}
            and (${book}::uuid is null or r.book_id = ${book})
            and (${person}::uuid is null or m.person_id = ${person})
            and (${take(query.keyer ?? null)}::uuid is null
                 or not (${BLIND} or r.${UNSETTLED})
                 or m.person_id = $${values.length})
            and (not ${take(query.open)}::boolean or m.closed_at is null)
          order by m.at desc, m.id limit ${take(query.limit)} offset ${take(query.offset)}`,
        values,
      );
      return parseRows(Mark, rows);
    },
  };
}
