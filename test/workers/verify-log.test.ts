import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RecordId } from '../../models/ids.ts';
import { openStore } from '../../models/store/store.ts';
import { testDatabase } from '../support/database.ts';
import { killPrograms, runProgram } from '../support/programs.ts';

let url: string;
let pool: pg.Pool;
let dataDir: string;
const records: RecordId[] = [];

beforeAll(async () => {
  url = await testDatabase();
  pool = new pg.Pool({ connectionString: url });
  dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-verify-'));
  const store = openStore(pool);
  const book = await store.books.create({
    form: 'birth-2006',
    place: 'UBND xã Mẫu Đơn',
    placeShort: 'Mẫu Đơn',
    number: '01/2008',
  });
  const sha256 = createHash('sha256').update('pdf').digest('hex');
  const { document } = await store.documents.create({
    bookId: book.id,
    name: 'so.pdf',
    bytes: 1,
    sha256,
    blobKey: 'documents/so',
  });
  await store.documents.markSplit(
    document.id,
    [0, 1].map((index) => ({
      index,
      imageKey: `pages/${index}`,
      imageHash: sha256,
      width: 10,
      height: 10,
      dpi: 300,
      source: 'embedded' as const,
      quarterTurns: 0,
    })),
  );
  for (const page of await store.pages.ofBook(book.id)) {
    const { recordId } = await store.records.createPrefilled({
      bookId: book.id,
      pages: [{ pageId: page.id, box: { x: 0, y: 0, w: 1, h: 1 } }],
      values: {},
      effect: randomUUID(),
    });
    records.push(recordId);
  }
});

afterEach(killPrograms);

afterAll(async () => {
  await pool.end();
  await fs.rm(dataDir, { recursive: true, force: true });
});

async function verifyLog(env: Record<string, string>) {
  const program = runProgram(new URL('../../workers/commands/verify-log.ts', import.meta.url), {
    env,
  });
  return { code: await program.ended, output: program.output() };
}

describe('npm run verify-log', () => {
  test('says that every history holds', async () => {
    const { code, output } = await verifyLog({ DATABASE_URL: url, DATA_DIR: dataDir });
    expect(output).toContain('2 records: every history holds.');
    expect(code).toBe(0);
  });

  test('names a record whose history was changed behind its back, and ends with 1', async () => {
    await pool.query('alter table actions disable trigger user');
    await pool.query(
      `update actions set content = jsonb_set(content, '{effect}', '"another"') where record_id = $1`,
      [records[1]],
    );
    const { code, output } = await verifyLog({ DATABASE_URL: url, DATA_DIR: dataDir });
    expect(output).toContain(`${records[1]}  version 1: `);
    expect(output).not.toContain(records[0]);
    expect(output).toContain('2 records: the history of 1 does not hold.');
    expect(code).toBe(1);
  });

  test('ends with 2 when there is nothing to look at', async () => {
    const { code, output } = await verifyLog({ DATA_DIR: path.join(dataDir, 'nowhere') });
    expect(output).toContain('nowhere');
    expect(code).toBe(2);
  });
});
