import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { z } from 'zod';
import { Action, canonicalJson, findBreak } from '../actions.ts';
import { Failure } from '../failures.ts';
import { FieldValues } from '../fields.ts';
import { RecordId } from '../ids.ts';
import { fold, type RecordState } from '../record.ts';
import { type Database, transaction } from './database.ts';
import { readRawLogs } from './log.ts';

/**
 * Where a record's history does not hold. `gap`, `previous`, `hash`: in the chain itself, see
 * `findBreak`. `head`: the log ends elsewhere than the record's row says, so something was cut off
 * or put on. `content`: the chain holds, but an action says what the schemas do not know. `row`: the
 * row says something else than the log adds up to.
 */
export interface Break {
  readonly recordId: RecordId;
  readonly version: number;
  readonly why: 'gap' | 'previous' | 'hash' | 'head' | 'content' | 'row';
}

/** How many records are read at once. */
const BATCH = 200;

const sameSet = (a: readonly string[], b: readonly string[]) =>
  canonicalJson([...a].sort()) === canonicalJson([...b].sort());

/** True when the row says what the log adds up to. */
function addsUp(state: RecordState, row: QueryResultRow): boolean {
  const values = FieldValues.safeParse(row.field_values);
  return (
    values.success &&
    canonicalJson(state.values) === canonicalJson(values.data) &&
    state.status === row.status &&
    state.checker === row.checker &&
    state.valuesVersion === row.values_version &&
    state.secondKeyer === row.second_keyer &&
    sameSet(state.firstKeyers, row.first_keyers) &&
    sameSet(state.arbiters, row.arbiters) &&
    sameSet([...state.keyers.keys()], row.keyers)
  );
}

async function findBreaks(database: Database, ids: readonly RecordId[]): Promise<Break[]> {
  const logs = await readRawLogs(database, ids);
  const { rows } = await database.query(
    `select id, version, head, status, field_values, keyers, checker, first_keyers,
            second_keyer, arbiters, values_version
       from records where id = any($1::uuid[])`,
    [ids],
  );
  const breaks: Break[] = [];
  for (const row of rows) {
    const log = logs.get(row.id) ?? [];
    const broken = findBreak(log);
    if (broken) {
      breaks.push({ recordId: row.id, ...broken });
      continue;
    }
    const parsed = z.array(Action).safeParse(log);
    if (!parsed.success) {
      breaks.push({ recordId: row.id, version: log.length, why: 'content' });
      continue;
    }
    const state = fold(parsed.data);
    const wrong =
      state.version !== row.version || state.head !== row.head
        ? 'head'
        : addsUp(state, row)
          ? undefined
          : 'row';
    if (wrong) breaks.push({ recordId: row.id, version: state.version, why: wrong });
  }
  return breaks;
}

/** One snapshot, so that a row and its log tell of the same version while people work. */
async function snapshot<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return transaction(pool, async (client) => {
    await client.query('set transaction isolation level repeatable read, read only');
    return work(client);
  });
}

export function verification(pool: Pool) {
  return {
    /** Undefined when the record's history holds. @throws Failure `notFound` */
    async verify(recordId: RecordId): Promise<Break | undefined> {
      return snapshot(pool, async (client) => {
        const { rows } = await client.query('select 1 from records where id = $1', [recordId]);
        if (!rows[0]) throw new Failure('notFound', 'record');
        return (await findBreaks(client, [recordId]))[0];
      });
    },

    /** All records in batches; calls `onBroken` for each whose history does not hold. */
    async verifyAll(
      onBroken: (found: Break) => void | Promise<void>,
    ): Promise<{ records: number; broken: number }> {
      let records = 0;
      let broken = 0;
      let after = '00000000-0000-0000-0000-000000000000';
      for (;;) {
        const batch = await snapshot(pool, async (client) => {
          const { rows } = await client.query<{ id: string }>(
            'select id from records where id > $1 order by id limit $2',
            [after, BATCH],
          );
          const ids = rows.map((row) => RecordId.parse(row.id));
          return { ids, breaks: await findBreaks(client, ids) };
        });
        const last = batch.ids.at(-1);
        if (last === undefined) return { records, broken };
        after = last;
        records += batch.ids.length;
        broken += batch.breaks.length;
        for (const found of batch.breaks) await onBroken(found);
      }
    },
  };
}
