import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { type Account, type Binaries, findBinaries, run, unprivilegedAccount } from './binaries.ts';
import {
  dataFolder,
  freePort,
  initialise,
  isInitialised,
  readPassword,
  SUPERUSER,
  startPostmaster,
  stopPostmaster,
  waitUntilSettled,
} from './cluster.ts';

/** Where root keeps what another account has to reach and DATA_DIR does not let it. */
const ROOT_STORE = '/var/lib/so-goc';
const DATABASE = 'so_goc';
/** A log larger than this is begun anew at the next start. */
const LOG_BYTES = 10 * 1024 ** 2;

/** `DATA_DIR/postgres.json`, mode 0600: where the server is and how to get in. */
const Access = z.object({
  /** Absolute path of the folder it belongs to: tells a moved DATA_DIR from a copied one. */
  dataDir: z.string(),
  /** Folder of the cluster when it is not `DATA_DIR/postgres`. */
  home: z.string().optional(),
  port: z.number().int().optional(),
  pid: z.number().int().optional(),
  password: z.string().optional(),
});
type Access = z.infer<typeof Access>;

export interface EmbeddedDatabase {
  readonly url: string;
  /** True when the server was running already, left by a program that was killed. */
  readonly adopted: boolean;
  /** Starts it again if it has died meanwhile, on the same port. */
  revive(): Promise<void>;
  /** Close every pool before. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL of a DATA_DIR, or adopts the one that is running there. `flags` are server
 * settings, `name=value`.
 */
export async function startEmbedded(
  dataDir: string,
  options: { readonly flags?: readonly string[] } = {},
): Promise<EmbeddedDatabase> {
  const account = await unprivilegedAccount();
  await makeDataDir(dataDir, account);
  const home = await findHome(dataDir, account);
  const copies = account ? ROOT_STORE : dataDir;
  // A cluster stays with the account that made it.
  const owner = await ownerOf(home, account);
  const binaries = await findBinaries(owner, copies);
  if (!(await isInitialised(home))) await initialise(home, binaries, owner);
  await checkVersion(home, binaries, owner);

  const server = { dataDir, home, binaries, account: owner, flags: options.flags ?? [] };
  const { url, adopted } = await ensureRunning(server);
  return {
    url,
    adopted,
    revive: async () => {
      await ensureRunning(server, Number(new URL(url).port));
    },
    stop: () => stopPostmaster(home, binaries),
  };
}

/** The URL of the server that `npm start` runs on this DATA_DIR; Failure `notRunning`. */
export async function joinEmbedded(dataDir: string): Promise<string> {
  const access = await readAccess(dataDir);
  if (!access?.port || !access.password) throw new Failure('notRunning', dataDir);
  const url = urlOf(access.port, access.password);
  const problem = await tryConnect(url);
  if (problem) throw new Failure('notRunning', problem.message, { cause: problem });
  return url;
}

interface Server {
  readonly dataDir: string;
  readonly home: string;
  readonly binaries: Binaries;
  readonly account: Account;
  readonly flags: readonly string[];
}

/** Without `fixedPort` the last one is taken again, or another when somebody else has it now. */
async function ensureRunning(
  server: Server,
  fixedPort?: number,
): Promise<{ url: string; adopted: boolean }> {
  const { dataDir, home } = server;
  const password = await readPassword(home);
  let port = fixedPort ?? (await readAccess(dataDir))?.port ?? (await freePort());
  let problem: Error | undefined;
  for (let round = 0; round < 20; round++) {
    const running = await waitUntilSettled(home);
    if (running) {
      const url = urlOf(running.port, password);
      problem = await tryConnect(url);
      if (!problem) {
        await writeAccess(server, { ...running, password });
        return { url, adopted: true };
      }
      // It may be stopping, or somebody else's who is alive: it is not stopped from here.
      await sleep(100);
      continue;
    }
    const log = path.join(dataDir, 'postgres.log');
    await shorten(log);
    const started = await startPostmaster({ ...server, port, log });
    if (started === 'portTaken') {
      if (fixedPort) throw new Error(`port ${fixedPort} is taken`);
      port = await freePort();
    } else if (started === 'startedElsewhere') {
      await sleep(100);
    } else {
      const url = urlOf(port, password);
      problem = await tryConnect(url);
      if (problem) continue;
      await writeAccess(server, { ...started, password });
      return { url, adopted: false };
    }
  }
  throw new Failure(
    'badConfiguration',
    `PostgreSQL in ${home} does not let us in: ${problem?.message ?? 'it starts and ends again and again'}`,
  );
}

const urlOf = (port: number, password: string) =>
  `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${DATABASE}`;

/** Connects once and makes our database when it is missing; what went wrong, or undefined. */
async function tryConnect(url: string): Promise<Error | undefined> {
  const attempt = async (target: string, statement: string) => {
    const client = new pg.Client({ connectionString: target, connectionTimeoutMillis: 10_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(statement);
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  try {
    await attempt(url, 'SELECT 1');
    return undefined;
  } catch (error) {
    const MISSING_DATABASE = '3D000';
    if ((error as { code?: string }).code !== MISSING_DATABASE) return error as Error;
  }
  try {
    const maintenance = new URL(url);
    maintenance.pathname = '/postgres';
    await attempt(maintenance.href, `CREATE DATABASE ${DATABASE}`);
    return undefined;
  } catch (error) {
    // Another start made it in the same moment: by the name, or by the catalogue's own key.
    const MADE_MEANWHILE = ['42P04', '23505'];
    const { code } = error as { code?: string };
    return MADE_MEANWHILE.includes(code ?? '') ? undefined : (error as Error);
  }
}

/** As root others may pass through DATA_DIR but not list it; else it is the user's alone. */
async function makeDataDir(dataDir: string, account: Account): Promise<void> {
  try {
    await fs.mkdir(dataDir, { recursive: true, mode: account ? 0o711 : 0o700 });
    await fs.access(dataDir, fs.constants.W_OK);
  } catch (error) {
    throw new Failure('badConfiguration', `DATA_DIR ${dataDir} cannot be written`, {
      cause: error,
    });
  }
}

/**
 * `DATA_DIR/postgres` where the server's account can get there, so that a backup or a container's
 * volume holds everything; else, for root, a folder of its own below {@link ROOT_STORE} which
 * `postgres.json` names.
 */
async function findHome(dataDir: string, account: Account): Promise<string> {
  const inside = path.join(dataDir, 'postgres');
  if (await isInitialised(inside)) return inside;
  const access = await readAccess(dataDir);
  if (access?.home) {
    await refuseCopy(dataDir, access);
    return access.home;
  }
  if (!account || (await canEnter(dataDir, account))) return inside;
  const home = path.join(ROOT_STORE, randomUUID());
  try {
    // Written before the cluster is made: the faster of two first starts decides.
    const access: Access = { dataDir, home };
    await fs.writeFile(accessFile(dataDir), JSON.stringify(access), { flag: 'wx', mode: 0o600 });
    return home;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return findHome(dataDir, account);
  }
}

async function canEnter(folder: string, account: Account): Promise<boolean> {
  // A spawn option `cwd` would be entered before the account changes.
  const { code } = await run('/bin/sh', ['-c', 'cd "$0"', folder], account);
  return code === 0;
}

/** Two folders on one cluster would mix two sites' data. */
async function refuseCopy(dataDir: string, access: Access): Promise<void> {
  if (access.dataDir === dataDir) return;
  const original = await readAccess(access.dataDir).catch(() => undefined);
  if (original?.home !== access.home) return;
  throw new Failure(
    'badConfiguration',
    `DATA_DIR ${dataDir} is a copy of ${access.dataDir}, whose database is in ${access.home}: remove postgres.json here to begin with an empty database`,
  );
}

async function ownerOf(home: string, account: Account): Promise<Account> {
  if (!account) return undefined;
  const stats = await fs.stat(dataFolder(home)).catch(() => undefined);
  return stats && stats.uid !== 0 ? { uid: stats.uid, gid: stats.gid } : account;
}

async function checkVersion(home: string, binaries: Binaries, account: Account): Promise<void> {
  const made = (await fs.readFile(path.join(dataFolder(home), 'PG_VERSION'), 'utf8')).trim();
  const { output } = await run(binaries.postgres, ['--version'], account);
  const ours = /(\d+)/.exec(output)?.[1];
  if (made === ours) return;
  throw new Failure(
    'badConfiguration',
    `the database in ${home} was made by PostgreSQL ${made}, this version brings ${ours}: dump it with the version before and load it here`,
  );
}

const accessFile = (dataDir: string) => path.join(dataDir, 'postgres.json');

async function readAccess(dataDir: string): Promise<Access | undefined> {
  try {
    return Access.parse(JSON.parse(await fs.readFile(accessFile(dataDir), 'utf8')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    const detail = code === 'EACCES' ? 'belongs to another user' : 'cannot be read';
    throw new Failure('badConfiguration', `${accessFile(dataDir)} ${detail}`, { cause: error });
  }
}

async function writeAccess(
  server: Server,
  { pid, port, password }: { pid: number; port: number; password: string },
): Promise<void> {
  const { dataDir, home } = server;
  const inside = home === path.join(dataDir, 'postgres');
  const access: Access = { dataDir, ...(inside ? {} : { home }), port, pid, password };
  const partial = `${accessFile(dataDir)}.${randomUUID()}`;
  await fs.writeFile(partial, JSON.stringify(access), { mode: 0o600, flush: true });
  await fs.rename(partial, accessFile(dataDir));
}

async function shorten(log: string): Promise<void> {
  const stats = await fs.stat(log).catch(() => undefined);
  if (stats && stats.size > LOG_BYTES) await fs.truncate(log);
}

/** Where the cluster of a DATA_DIR is, or would be. */
export async function findHomeOf(dataDir: string): Promise<string> {
  return (await readAccess(dataDir))?.home ?? path.join(dataDir, 'postgres');
}
