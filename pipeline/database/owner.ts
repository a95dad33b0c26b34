import { createHash } from 'node:crypto';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Failure } from '../../models/failures.ts';

const APPLICATION = 'so-goc owner';
/** A killed owner's connection is gone within this time. */
const PATIENCE_MS = 5_000;

export interface Ownership {
  release(): Promise<void>;
}

/**
 * Makes this process the only one that runs `npm start` on a DATA_DIR: a lock in the database on a
 * connection of its own, so that the system frees it however the process ends. Failure `inUse`
 * names the process that has it. `lost` is called when the connection breaks.
 */
export async function takeOwnership(
  url: string,
  dataDir: string,
  lost: () => void,
): Promise<Ownership> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `${APPLICATION} ${process.pid}`,
    keepAlive: true,
  });
  let released = false;
  client.on('error', () => undefined);
  client.on('end', () => {
    if (!released) lost();
  });
  await client.connect();
  try {
    await lock(client, dataDir);
  } catch (error) {
    released = true;
    await client.end();
    throw error;
  }
  return {
    async release() {
      released = true;
      await client.end();
    },
  };
}

async function lock(client: pg.Client, dataDir: string): Promise<void> {
  const hash = createHash('sha256').update(`${os.hostname()}:${dataDir}`).digest();
  const keys = [hash.readInt32BE(0), hash.readInt32BE(4)];
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1, $2) AS taken', keys);
    if (rows[0].taken) return;
    const holder = await findHolder(client, keys);
    if ((holder && isAlive(holder)) || Date.now() > deadline) {
      throw new Failure('inUse', `${dataDir}${holder ? `, process ${holder}` : ''}`);
    }
    await sleep(20);
  }
}

async function findHolder(
  client: pg.Client,
  [first, second]: readonly number[],
): Promise<number | undefined> {
  const { rows } = await client.query(
    `SELECT application_name AS name
       FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND granted AND objsubid = 2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid::bigint = $1::bigint AND objid::bigint = $2::bigint`,
    // PostgreSQL shows the two keys as unsigned.
    [first! >>> 0, second! >>> 0],
  );
  const pid = /(\d+)$/.exec(rows[0]?.name ?? '')?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** True when a process of this id runs, also one of another user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
