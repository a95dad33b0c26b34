import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import type { BookId } from '../../models/ids.ts';
import { openStore } from '../../models/store/store.ts';
import { findPostmaster } from '../../pipeline/database/cluster.ts';
import { joinEmbedded } from '../../pipeline/database/embedded.ts';
import { addDocument } from '../support/documents.ts';
import { killPrograms, type Program, runProgram } from '../support/programs.ts';

const START = new URL('../support/toy-start.ts', import.meta.url);
const DOCUMENTS = 3;
const PAGES = 40;
/** Stages of a page, prefill included. */
const ALL = DOCUMENTS * PAGES * 4;

const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-test-crash-'));
await fs.chmod(folder, 0o711);
const dataDir = path.join(folder, 'data');
const home = path.join(dataDir, 'postgres');

afterAll(async () => {
  killPrograms();
  const server = await findPostmaster(home);
  if (server) process.kill(server.pid, 'SIGKILL');
  while (await findPostmaster(home)) await sleep(10);
  await fs.rm(folder, { recursive: true, force: true });
});

async function start(): Promise<Program> {
  const program = runProgram(START, {
    env: { DATA_DIR: dataDir, WORKERS: '2', QUEUE_LOCK_SECONDS: '1', TOY_PAUSE_MS: '20' },
  });
  await program.line(/^ready/);
  return program;
}

const childrenOf = (pid: number) =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child!);

function kill(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

/** What is killed in turn, each at a random moment. */
const VICTIMS: Record<string, (program: Program) => Promise<void>> = {
  'one worker': async (program) => kill(childrenOf(program.pid).slice(0, 1)),
  'the program': async (program) => {
    kill([program.pid]);
    await program.ended;
  },
  everything: async (program) => {
    const server = await findPostmaster(home);
    kill([program.pid, ...childrenOf(program.pid), server!.pid]);
    await program.ended;
  },
  'the database': async () => kill([(await findPostmaster(home))!.pid]),
};

/** Connects, waits out a server that starts, and answers what `ask` does. */
async function asking<T>(ask: (pool: pg.Pool) => Promise<T>): Promise<T> {
  for (;;) {
    const url = await joinEmbedded(dataDir).catch(() => undefined);
    if (!url) {
      await sleep(20);
      continue;
    }
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    pool.on('error', () => undefined);
    try {
      return await ask(pool);
    } finally {
      await pool.end();
    }
  }
}

const countEffects = async (pool: pg.Pool): Promise<number> =>
  (await pool.query('SELECT count(*)::int AS n FROM stage_results')).rows[0].n;

test('whatever is killed whenever, each page ends with each effect exactly once', async () => {
  let program = await start();
  const books = new Set<BookId>();
  await asking(async (pool) => {
    const store = openStore(pool);
    for (let i = 0; i < DOCUMENTS; i++) {
      const id = await addDocument(store, `${PAGES} pages`);
      books.add((await store.documents.byId(id)).bookId);
    }
  });

  const history: string[] = [];
  let done = 0;
  const names = Object.keys(VICTIMS);
  for (let round = 0; round < 2 * names.length; round++) {
    const name = names[round % names.length]!;
    const before = done;
    while (done < before + 5 + Math.random() * 30 && done < ALL) {
      done = await asking(countEffects);
    }
    await sleep(Math.random() * 100);
    history.push(`after ${done} of ${ALL} effects: ${name}`);
    await VICTIMS[name]!(program);
    if (name === 'the program' || name === 'everything') program = await start();
  }

  // Three kills in the middle of one page count as the page's own fault: a person tries it again.
  for (;;) {
    const left = await asking(async (pool) => {
      const store = openStore(pool);
      for (const id of books) await store.pages.retryBook(id);
      return store.pages.pending();
    });
    if (left.length === 0) break;
    await sleep(200);
  }

  const [effects, records, actions] = await asking((pool) =>
    Promise.all([
      pool.query('SELECT stage, count(*)::int AS n FROM stage_results GROUP BY stage'),
      pool.query('SELECT page_id, count(*)::int AS n FROM records GROUP BY page_id'),
      pool.query('SELECT record_id, count(*)::int AS n FROM actions GROUP BY record_id'),
    ]),
  );
  const pages = DOCUMENTS * PAGES;
  const said = history.join('\n');
  expect(effects.rows, said).toHaveLength(4);
  expect(new Set(effects.rows.map(({ n }) => n)), said).toEqual(new Set([pages]));
  for (const { rows } of [records, actions]) {
    expect(rows, said).toHaveLength(pages);
    expect(new Set(rows.map(({ n }) => n)), said).toEqual(new Set([1]));
  }
  process.kill(program.pid, 'SIGINT');
  expect(await program.ended).toBe(0);
  expect(await findPostmaster(home)).toBeUndefined();
  console.info(said);
}, 300_000);
