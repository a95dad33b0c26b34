import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { applicationOf } from '../../pipeline/database/application.ts';
import { startEmbedded } from '../../pipeline/database/embedded.ts';
import { makeScratch } from '../../pipeline/database/scratch.ts';
import { TEMPLATE_DATABASE } from './template.ts';

/**
 * One PostgreSQL for the whole test run, the one the product embeds, with a migrated template from
 * which each test file copies its own database. What is written need not survive: no fsync.
 */
export default async function setup({ provide }: TestProject) {
  const scratch = await makeScratch();
  const server = await startEmbedded(scratch.dataDir, {
    flags: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'],
  });
  try {
    await makeTemplate(server.url);
  } catch (error) {
    await server.stop();
    await scratch.remove();
    throw error;
  }
  provide('databaseUrl', server.url);
  return async () => {
    await server.stop();
    await scratch.remove();
  };
}

async function makeTemplate(url: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await admin.end();

  const template = new URL(url);
  template.pathname = `/${TEMPLATE_DATABASE}`;
  const pool = new pg.Pool({ connectionString: template.href });
  const { migrate } = await import('../../models/store/migrate.ts');
  const { grantApplication } = await import('../../models/store/roles.ts');
  await migrate(pool);
  await grantApplication(pool, applicationOf(url));
  await pool.end();
}

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string;
  }
}
