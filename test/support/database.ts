import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { openStore, type Store } from '../../models/store/store.ts';
import { applicationOf } from '../../pipeline/database/application.ts';
import { readSettings, type Settings } from '../../pipeline/settings.ts';
import { openSystem, type System } from '../../pipeline/system.ts';
import { TEMPLATE_DATABASE } from './template.ts';

/**
 * A new database with the schema and nothing in it, on the server that all test files share. It
 * lives until the run ends. Answers its URL.
 */
export async function testDatabase(): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: inject('databaseUrl') });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE_DATABASE}`);
  await admin.end();
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  return url.href;
}

/** A pool on a {@link testDatabase}; end it in `afterAll`. */
export async function testPool(): Promise<pg.Pool> {
  return new pg.Pool({ connectionString: await testDatabase(), max: 10 });
}

/** A store on a {@link testDatabase}; close it in `afterAll`. */
export async function testStore(): Promise<{
  store: Store;
  pool: pg.Pool;
  close(): Promise<void>;
}> {
  const pool = await testPool();
  return { store: openStore(pool), pool, close: () => pool.end() };
}

/**
 * A whole system on a {@link testDatabase}, with a folder of its own as DATA_DIR and the queue in
 * the database; close it in `afterAll`. `settings` replaces single settings. As in the product, it
 * works as a role that owns nothing.
 */
export async function testSystem(settings: Partial<Settings> = {}): Promise<System> {
  const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-test-system-'));
  const databaseOwnerUrl = await testDatabase();
  const system = await openSystem(
    {
      ...readSettings({ WORKERS: '1', PORT: '0' }),
      dataDir,
      databaseUrl: applicationOf(databaseOwnerUrl).url,
      databaseOwnerUrl,
      ...settings,
    },
    { server: 'own' },
  );
  return {
    ...system,
    async close() {
      await system.close();
      await fs.rm(dataDir, { recursive: true, force: true });
    },
  };
}
