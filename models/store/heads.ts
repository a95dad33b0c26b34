import type { Pool } from 'pg';
import { z } from 'zod';
import { RecordId, Sha256 } from '../ids.ts';
import { parseRows, transaction } from './database.ts';

/** The hash of a record's action of this version: all its history up to there. */
export const Head = z.object({
  recordId: RecordId,
  version: z.number().int().min(1),
  hash: Sha256,
});
export type Head = z.infer<typeof Head>;

/** Up to where a record's history is signed. */
const Signed = Head.omit({ hash: true });
type Signed = z.infer<typeof Signed>;

/** Any number, the same in every process: one at a time writes heads. */
const LOCK = 7_602_120;
/** How many records are read at once. */
const BATCH = 5000;

/** Heads of records, which are signed and kept outside the database. */
export function heads(pool: Pool) {
  return {
    /**
     * Hands the heads of up to `limit` records that have changed since theirs was signed to `write`,
     * and notes them as signed when that returns. Records that somebody is writing to are left for
     * later. 0 when nothing is left, or another process is at it.
     */
    async sign(limit: number, write: (heads: readonly Head[]) => Promise<void>): Promise<number> {
      return transaction(pool, async (client) => {
        const lock = await client.query('select pg_try_advisory_xact_lock($1) as mine', [LOCK]);
        if (!lock.rows[0].mine) return 0;
        const { rows } = await client.query(
          `select id as record_id, version, head as hash from records
            where version <> signed_version order by id limit $1
            for no key update skip locked`,
          [limit],
        );
        if (rows.length === 0) return 0;
        const found = parseRows(Head, rows);
        await write(found);
        await client.query(
          `update records set signed_version = version where id = any($1::uuid[])`,
          [found.map(({ recordId }) => recordId)],
        );
        return found.length;
      });
    },

    /** Those heads that no action of the log bears: it was changed, or is not there any more. */
    async missing(signed: readonly Head[]): Promise<Head[]> {
      const { rows } = await pool.query(
        `select s.record_id, s.version, s.hash
           from unnest($1::uuid[], $2::int[], $3::text[]) s (record_id, version, hash)
           left join actions a on a.record_id = s.record_id and a.version = s.version
          where a.hash is distinct from s.hash::char(64)`,
        [
          signed.map((head) => head.recordId),
          signed.map((head) => head.version),
          signed.map((head) => head.hash),
        ],
      );
      return parseRows(Head, rows);
    },

    /** Of all records with a signed head, up to where the database says that they are signed. */
    async *signed(): AsyncGenerator<Signed> {
      for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
        const { rows } = await pool.query(
          `select id as record_id, signed_version as version from records
            where id > $1 and signed_version > 0 order by id limit $2`,
          [after, BATCH],
        );
        const found = parseRows(Signed, rows);
        yield* found;
        const last = found.at(-1);
        if (!last) return;
        after = last.recordId;
      }
    },
  };
}
