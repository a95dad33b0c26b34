import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { killPrograms, type Program, runProgram } from '../support/programs.ts';

const OWN = new URL('../support/own.ts', import.meta.url);
const WORKER = new URL('../../workers/commands/worker.ts', import.meta.url);
const PROCESS = new URL('../../workers/commands/process.ts', import.meta.url);
const RECONCILE = new URL('../../workers/commands/reconcile.ts', import.meta.url);

describe('beside a running program', () => {
  let folder: string;
  let owner: Program;
  let env: Record<string, string>;
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-test-commands-'));
    await fs.chmod(folder, 0o711);
    env = { DATA_DIR: path.join(folder, 'data') };
    owner = runProgram(OWN, { env });
    await owner.line(/^ready/);
  });
  afterAll(async () => {
    owner.child.kill('SIGINT');
    await owner.ended;
    killPrograms();
    await fs.rm(folder, { recursive: true, force: true });
  });

  test('npm run worker joins, more than once, and ends on Ctrl+C', async () => {
    const workers = [1, 2].map(() => runProgram(WORKER, { env }));
    for (const worker of workers) await worker.line(/at work/);
    for (const worker of workers) worker.child.kill('SIGINT');
    for (const worker of workers) expect(await worker.ended, worker.output()).toBe(0);
  });

  test('npm run reconcile says what it did', async () => {
    const command = runProgram(RECONCILE, { env });
    expect(await command.ended, command.output()).toBe(0);
    expect(command.output()).toMatch(/^0 jobs from the database; the queue has 0 waiting/);
  });
});

test.each([
  ['worker', WORKER],
  ['reconcile', RECONCILE],
])('npm run %s says what to do when nothing runs', async (_, file) => {
  const command = runProgram(file, { env: { DATA_DIR: path.join(os.tmpdir(), 'so-goc-nothing') } });
  expect(await command.ended).toBe(1);
  expect(command.output()).toContain('The database is not running. Run `npm start` first.');
});

describe('npm run process', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-test-process-'));
    const pdf = await PDFDocument.create();
    for (let page = 0; page < 2; page++) pdf.addPage();
    await fs.writeFile(path.join(folder, 'blank.pdf'), await pdf.save());
  });
  afterAll(() => fs.rm(folder, { recursive: true, force: true }));

  const run = (out: string) => {
    const args = [path.join(folder, 'blank.pdf'), '--form', 'birth-2006', '--out', out];
    return runProgram(PROCESS, { args: [...args, '--workers', '1'] });
  };

  test('says of each page why it has no record, and makes no dataset of none', {
    timeout: 120_000,
  }, async () => {
    const out = path.join(folder, 'dataset');
    const command = run(out);
    expect(await command.ended, command.output()).toBe(1);
    for (const page of [1, 2])
      expect(command.output()).toContain(`page ${page}: blankPage: A blank page`);
    expect(command.output()).toContain('None of 2 pages became a record');
    expect(command.output()).not.toContain('approved');
    await expect(fs.stat(out)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('refuses a folder that holds something before it does any work', async () => {
    const command = run(folder);
    expect(await command.ended).toBe(1);
    expect(command.output()).toContain('The target folder is not empty.');
    expect(command.output()).not.toContain('pages');
  });
});
