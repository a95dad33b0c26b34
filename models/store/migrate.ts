import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Pool } from 'pg';
import { Failure } from '../failures.ts';

const FOLDER = new URL('./migrations/', import.meta.url);
/** Any number, the same in every process: only one of them migrates a database at a time. */
const LOCK = 7_602_118;

interface Migration {
  readonly id: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => /^\d{3}-.*\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, FOLDER), 'utf8');
      const sha256 = createHash('sha256').update(sql).digest('hex');
      return { id: Number(name.slice(0, 3)), name, sql, sha256 };
    }),
  );
}

/**
 * Brings the database to the program's schema: each file of `migrations/` once, in order, each in
 * its own transaction. Safe to call from several processes at once.
 * @throws Failure `badConfiguration` when the database was migrated by a newer program or by other
 *   files than these.
 */
export async function migrate(pool: Pool): Promise<void> {
  const migrations = await readMigrations();
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(
      `create table if not exists migrations (
         id integer primary key,
         name text not null,
         sha256 text not null,
         applied_at timestamptz not null default now()
       )`,
    );
    const { rows } = await client.query<{ id: number; name: string; sha256: string }>(
      'select id, name, sha256 from migrations',
    );
    const known = new Map(migrations.map((m) => [m.id, m]));
    for (const row of rows)
      if (known.get(row.id)?.sha256 !== row.sha256)
        throw new Failure('badConfiguration', `the database has another migration ${row.name}`);
    const applied = new Set(rows.map((row) => row.id));
    for (const { id, name, sql, sha256 } of migrations) {
      if (applied.has(id)) continue;
      await client.query('begin');
      try {
        await client.query(sql);
        await client.query('insert into migrations (id, name, sha256) values ($1, $2, $3)', [
          id,
          name,
          sha256,
        ]);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw new Error(`migration ${name}`, { cause: error });
      }
    }
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => undefined);
    client.release();
  }
}
