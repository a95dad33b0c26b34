import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hashAction, NO_HASH } from '../../models/actions.ts';
import type { Page } from '../../models/books.ts';
import type { BookId, RecordId } from '../../models/ids.ts';
import { openStore } from '../../models/store/store.ts';
import { signHeads, verifyHeads } from '../../pipeline/evidence/heads.ts';
import { openSigningKey } from '../../pipeline/evidence/key.ts';
import { testDatabase } from '../support/database.ts';
import { killPrograms, runProgram } from '../support/programs.ts';

let url: string;
let pool: pg.Pool;
let dataDir: string;
let bookId: BookId;
let pages: Page[];
const records: RecordId[] = [];

const entry = (n: number) => ({
  bookId,
  pages: [{ pageId: pages[n]!.id, box: { x: 0, y: 0, w: 1, h: 1 } }],
  values: {},
});

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
  bookId = book.id;
  pages = await store.pages.ofBook(bookId);
  for (const [n] of pages.entries()) {
    const { recordId } = await store.records.createPrefilled({
      ...entry(n),
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

  const settings = () => ({ dataDir, logHeadsDir: undefined });
  const day = (n: number) => () => new Date(Date.UTC(2026, 0, n, 12));
  const folder = () => path.join(dataDir, 'log-heads');
  const verify = () => verifyLog({ DATABASE_URL: url, DATA_DIR: dataDir });
  async function problems(key?: string): Promise<object[]> {
    const found: object[] = [];
    await verifyHeads(openStore(pool), settings(), (problem) => found.push(problem), key);
    return found;
  }
  /** Does what `harm` says to the files, asks, and puts them back. */
  async function afterHarm(harm: () => Promise<void>): Promise<object[]> {
    const kept = `${folder()}.kept`;
    await fs.cp(folder(), kept, { recursive: true });
    await harm();
    const found = await problems();
    await fs.rm(folder(), { recursive: true, force: true });
    await fs.rename(kept, folder());
    return found;
  }

  test('compares histories with the heads that were signed outside the database', async () => {
    const store = openStore(pool);
    expect(await signHeads(store, settings(), { now: day(1) })).toBe(2);
    expect(await signHeads(store, settings(), { now: day(1) })).toBe(0);
    await store.records.createPrefilled({ ...entry(0), effect: randomUUID() });
    expect(await signHeads(store, settings(), { now: day(2) })).toBe(1);
    await store.records.createPrefilled({ ...entry(1), effect: randomUUID() });
    expect(await signHeads(store, settings(), { now: day(2) })).toBe(1);
    expect(await fs.readdir(folder())).toEqual([
      'heads-2026-01-01.jsonl',
      'heads-2026-01-02.jsonl',
    ]);
    const key = path.join(dataDir, 'keys', 'log-heads.pem');
    expect((await fs.stat(key)).mode & 0o777).toBe(0o600);
    const { code, output } = await verify();
    expect(output).toContain('4 signed heads: all fit.');
    expect(code).toBe(0);
  });

  test('goes on after a write that was cut off, which counts for nothing', async () => {
    const file = path.join(folder(), 'heads-2026-01-02.jsonl');
    await fs.appendFile(file, '{"content":{"kind":"heads","at":"20');
    expect(await problems()).toEqual([]);
    const store = openStore(pool);
    await store.records.createPrefilled({ ...entry(0), effect: randomUUID() });
    expect(await signHeads(store, settings(), { now: day(2) })).toBe(1);
    expect(await problems()).toEqual([]);
  });

  test('finds lines and files of heads that were changed, cut off or taken away', async () => {
    const [first, second] = (await fs.readdir(folder())).map((name) => path.join(folder(), name));
    const lines = (await fs.readFile(second!, 'utf8')).trimEnd().split('\n');
    const write = (kept: readonly string[]) =>
      fs.writeFile(second!, kept.map((line) => `${line}\n`).join(''));
    const last = lines.at(-1)!;
    expect(lines).toHaveLength(4);
    const file = 'heads-2026-01-02.jsonl';
    const [one, two] = records;
    const changed = await afterHarm(() =>
      write([...lines.slice(0, -1), last.replace(',3,', ',2,')]),
    );
    expect(changed).toEqual([
      { why: 'line', file, line: 4 },
      { why: 'unsigned', recordId: one, version: 3 },
    ]);
    expect(await afterHarm(() => write(lines.slice(0, -1)))).toEqual([
      { why: 'unsigned', recordId: one, version: 3 },
    ]);
    expect(await afterHarm(() => write([lines[0]!, ...lines.slice(2)]))).toEqual([
      { why: 'chain', file, line: 2 },
    ]);
    expect(await afterHarm(() => write([lines[1]!, lines[0]!, ...lines.slice(2)]))).toContainEqual({
      why: 'chain',
      file,
      line: 1,
    });
    expect(await afterHarm(() => fs.rm(first!))).toEqual([{ why: 'chain', file, line: 1 }]);
    expect(await afterHarm(() => fs.appendFile(first!, 'x\n'))).toContainEqual({
      why: 'chain',
      file,
      line: 1,
    });
    const gone = await afterHarm(() => fs.rm(folder(), { recursive: true }));
    expect(gone).toHaveLength(2);
    expect(gone).toContainEqual({ why: 'unsigned', recordId: two, version: 2 });
    const other = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-key-'));
    await openSigningKey(other);
    const strange = await problems(path.join(other, 'keys', 'log-heads.pub.pem'));
    expect(strange).toContainEqual({ why: 'line', file, line: 1 });
    await fs.rm(other, { recursive: true });
    expect(await problems()).toEqual([]);
  });

  test('finds a history that was made anew, row, chain and all', async () => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query('alter table actions disable trigger user');
      const { rows } = await client.query(
        'select * from actions where record_id = $1 order by version',
        [records[1]],
      );
      let previous = NO_HASH;
      for (const row of rows) {
        const action = {
          recordId: row.record_id,
          version: row.version,
          personId: null,
          organisationId: null,
          at: row.at,
          seen: row.seen,
          content: { ...row.content, effect: `forged ${row.version}` },
          previous,
        };
        previous = hashAction(action);
        await client.query(
          `update actions set content = $3, previous = $4, hash = $5
            where record_id = $1 and version = $2`,
          [action.recordId, action.version, action.content, action.previous, previous],
        );
      }
      await client.query('update records set head = $2 where id = $1', [records[1], previous]);
      await client.query('alter table actions enable trigger user');
      await client.query('commit');
    } finally {
      client.release();
    }
    const { code, output } = await verify();
    expect(output).toContain('2 records: every history holds.');
    expect(output).toContain(`${records[1]}  version 1: another action was signed`);
    expect(output).toContain(`${records[1]}  version 2: another action was signed`);
    expect(output).not.toContain(records[0]);
    expect(code).toBe(1);
  });

  test('names a record whose history was changed behind its back, and ends with 1', async () => {
    await pool.query('alter table actions disable trigger user');
    await pool.query(
      `update actions set content = jsonb_set(content, '{effect}', '"another"')
        where record_id = $1 and version = 1`,
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
