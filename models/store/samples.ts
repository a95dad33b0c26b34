import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { Failure } from '../failures.ts';
import { fieldsOnForm } from '../forms/define.ts';
import { formOf } from '../forms/registry.ts';
import { BookId, PersonId, RecordId, SampleId } from '../ids.ts';
import type { Person } from '../people.ts';
import { BookPolicy } from '../policy.ts';
import { judge, type Sample, SampleError } from '../quality.ts';
import { type Database, jsonb, parseOne, parseRow, parseRows, transaction } from './database.ts';

const Row = z.object({
  id: SampleId,
  bookId: BookId,
  accept: z.number().int(),
  drawnBy: PersonId,
  drawnAt: z.coerce.date(),
});
const RecordRow = z.object({
  recordId: RecordId,
  number: z.string().nullable(),
  fields: z.number().int(),
  errors: z.array(SampleError).nullable(),
  sentBack: z.boolean(),
});
const LotRow = z.object({ id: RecordId, version: z.number().int() });

async function describe(database: Database, row: z.infer<typeof Row>): Promise<Sample> {
  const { rows } = await database.query(
    `select s.record_id, r.number, s.fields, s.errors,
            s.errors is null and s.values_version <> r.values_version as sent_back
       from sample_records s join records r on r.id = s.record_id where s.sample_id = $1
      order by r.document_seq, r.page_index, r.entry`,
    [row.id],
  );
  const records = parseRows(RecordRow, rows);
  return { ...row, records, ...judge(row.accept, records) };
}

/**
 * What the samples of a book say against approving a record that was checked at `checkedAt`;
 * undefined when nothing. Asked for only where the book's policy wants samples.
 */
export async function sampleRefusal(
  client: PoolClient,
  record: { readonly id: RecordId; readonly bookId: BookId; readonly valuesVersion: number },
  checkedAt: Date,
): Promise<Failure | undefined> {
  const { rows } = await client.query(
    `select * from samples where book_id = $1 and drawn_at >= $2 order by drawn_at desc limit 1`,
    [record.bookId, checkedAt],
  );
  const sample = rows[0] && (await describe(client, parseRow(Row, rows[0])));
  if (sample?.verdict !== 'accepted')
    return new Failure('sampleNeeded', sample ? `sample ${sample.verdict}` : undefined);
  const wrong = await client.query(
    `select 1 from sample_records
      where record_id = $1 and values_version = $2 and errors <> '[]'`,
    [record.id, record.valuesVersion],
  );
  return wrong.rows[0] && new Failure('openDeviation', 'wrong in the sample');
}

/**
 * The records that a sample spoke for and that still wait for approval by the check of then: those
 * checked before it was drawn.
 */
const LOT = `
  from samples s join records r on r.book_id = s.book_id
 where s.id = $1 and not r.set_aside and r.status = 'checked'
   and (select max(a.at) from actions a
         where a.record_id = r.id and a.type = 'checked') <= s.drawn_at`;

/**
 * A sample is judged to its end, and a lot that was rejected is checked anew, before chance is asked
 * again: else a bad lot would be drawn from until it passes.
 * @throws Failure `notAllowedNow`
 */
async function mustBeOver(client: PoolClient, bookId: BookId): Promise<void> {
  const { rows } = await client.query(
    'select * from samples where book_id = $1 order by drawn_at desc, id limit 1',
    [bookId],
  );
  if (!rows[0]) return;
  const last = await describe(client, parseRow(Row, rows[0]));
  if (last.verdict === 'open')
    throw new Failure('notAllowedNow', 'the last sample is not judged to its end');
  if (last.verdict === 'accepted') return;
  const lot = await client.query(`select count(*)::int as n ${LOT}`, [last.id]);
  if (lot.rows[0].n > 0)
    throw new Failure('notAllowedNow', `${lot.rows[0].n} of the rejected lot not checked anew`);
}

/** Samples of a book for its approver. */
export function samples(pool: Pool) {
  const byId = async (id: SampleId): Promise<Sample> => {
    const { rows } = await pool.query('select * from samples where id = $1', [id]);
    return describe(pool, parseOne(Row, rows, 'sample'));
  };

  return {
    byId,

    /**
     * Draws as many of the book's checked records as its policy says; all of them when they are fewer.
     * @throws Failure `notAllowedNow` when the policy wants no sample, nothing waits for approval, the
     *   last sample is open, or of the lot that it rejected not all is checked anew
     */
    async draw(bookId: BookId, by: PersonId): Promise<Sample> {
      const id = randomUUID() as SampleId;
      await transaction(pool, async (client) => {
        // One draw at a time.
        const { rows } = await client.query(
          'select policy, form from books where id = $1 for no key update',
          [bookId],
        );
        const { policy, form } = parseOne(
          z.object({ policy: BookPolicy, form: z.string() }),
          rows,
          'book',
        );
        if (!policy.sampling) throw new Failure('notAllowedNow', 'this book wants no sample');
        await mustBeOver(client, bookId);
        await client.query(
          'insert into samples (id, book_id, accept, drawn_by) values ($1, $2, $3, $4)',
          [id, bookId, policy.sampling.accept, by],
        );
        const { rowCount } = await client.query(
          `insert into sample_records (sample_id, record_id, values_version, fields)
           select $1, r.id, r.values_version, $3 from records r
            where r.book_id = $2 and not r.set_aside and r.status = 'checked' order by random() limit $4`,
          [id, bookId, fieldsOnForm(formOf(form)).length, policy.sampling.size],
        );
        if (!rowCount) throw new Failure('notAllowedNow', 'no record waits for approval');
      });
      return byId(id);
    },

    /**
     * Stores what the person found wrong in a record of a sample; nothing is an empty list. Said once:
     * a lot is not made good by a second thought.
     * @throws Failure `fourEyes` for who had a hand in the record or checked it; `notAllowedNow` when
     *   the record was changed after the draw
     */
    async judge(
      id: SampleId,
      recordId: RecordId,
      person: Person,
      errors: readonly SampleError[],
    ): Promise<Sample> {
      await transaction(pool, async (client) => {
        const { rows } = await client.query(
          `select s.errors, r.keyers, r.checker, r.values_version = s.values_version as same, b.form
             from sample_records s join records r on r.id = s.record_id
             join books b on b.id = r.book_id
            where s.sample_id = $1 and s.record_id = $2 for update of s`,
          [id, recordId],
        );
        const [row] = rows;
        if (!row) throw new Failure('notFound', 'record of this sample');
        if (row.keyers.includes(person.id) || row.checker === person.id)
          throw new Failure('fourEyes');
        if (row.errors !== null) throw new Failure('notAllowedNow', 'judged already');
        if (!row.same) throw new Failure('notAllowedNow', 'the record was changed after the draw');
        const asked = fieldsOnForm(formOf(row.form));
        if (errors.some((error) => !asked.includes(error.field)))
          throw new Failure('invalid', 'a field that is not asked');
        await client.query(
          `update sample_records set errors = $3, judged_by = $4, judged_at = now()
            where sample_id = $1 and record_id = $2`,
          [id, recordId, jsonb(errors), person.id],
        );
      });
      return byId(id);
    },

    /**
     * The first `limit` records of a rejected lot that were not sent back yet, to be sent back.
     * @throws Failure `notFound`; `notAllowedNow` when the sample was not rejected
     */
    async rejectedLot(
      id: SampleId,
      limit: number,
    ): Promise<{ items: { id: RecordId; version: number }[]; total: number }> {
      if ((await byId(id)).verdict !== 'rejected')
        throw new Failure('notAllowedNow', 'this sample was not rejected');
      const [items, total] = await Promise.all([
        pool.query(`select r.id, r.version ${LOT} order by r.id limit $2`, [id, limit]),
        pool.query(`select count(*)::int as n ${LOT}`, [id]),
      ]);
      return { items: parseRows(LotRow, items.rows), total: total.rows[0].n };
    },

    /** Newest first. */
    async ofBook(bookId: BookId): Promise<Sample[]> {
      const { rows } = await pool.query(
        'select * from samples where book_id = $1 order by drawn_at desc, id limit 50',
        [bookId],
      );
      return Promise.all(parseRows(Row, rows).map((row) => describe(pool, row)));
    },
  };
}
