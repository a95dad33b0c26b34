import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Failure } from '../models/failures.ts';
import { migrate } from '../models/store/migrate.ts';
import { grantApplication } from '../models/store/roles.ts';
import { openStore, type Store } from '../models/store/store.ts';
import { openFolder } from './blobs/folder.ts';
import type { Blobs } from './blobs/port.ts';
import { applicationOf } from './database/application.ts';
import { type EmbeddedDatabase, joinEmbedded, startEmbedded } from './database/embedded.ts';
import { type Ownership, takeOwnership } from './database/owner.ts';
import { openQueue } from './queue/bullmq.ts';
import type { Queue } from './queue/port.ts';
import type { Settings } from './settings.ts';

/** What stages, workers and the API work with. Whoever opens it closes it. */
export interface System {
  readonly settings: Settings;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly queue: Queue;
  /** Where the database is, password included: for what needs a connection of its own. */
  readonly databaseUrl: string;
  /** The same as the schema's owner, who may do anything: for migrations and the queue's own tables. */
  readonly ownerUrl: string;
  close(): Promise<void>;
}

/**
 * Opens the parts that the settings name.
 *
 * `own` is for the one program that runs a DATA_DIR: it takes the folder (Failure `inUse`), starts
 * the embedded database unless DATABASE_URL is set, and stops it on close. `join` is for programs
 * beside it: they find the running database through the folder (Failure `notRunning`).
 */
export async function openSystem(
  settings: Settings,
  options: { readonly server: 'own' | 'join'; readonly warn?: (sentence: string) => void },
): Promise<System> {
  const { warn = console.warn } = options;
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    // In the opposite order; each once, also when close is called again.
    for (let next = closers.pop(); next; next = closers.pop()) await next();
  };
  try {
    const ownerUrl = await openDatabase(settings, options.server, closers, warn);
    const databaseUrl = await prepareSchema(ownerUrl, settings, options.server);
    const pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 10,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
    });
    // A connection that breaks while nobody uses it is replaced at the next query.
    pool.on('error', (error) => {
      if (!pool.ended) warn(`database: ${error.message}`);
    });
    // One that breaks inside a transaction fails the next query of it; unheard it ends the process.
    pool.on('connect', (client) => client.on('error', () => undefined));
    closers.push(() => pool.end());

    const blobs = await openFolder(
      settings.blobsUrl ? fileURLToPath(settings.blobsUrl) : path.join(settings.dataDir, 'blobs'),
    );
    const queue = await openQueue({
      databaseUrl: ownerUrl,
      queueUrl: settings.queueUrl,
      lockSeconds: settings.queueLockSeconds,
      warn,
    });
    closers.push(() => queue.close());
    return { settings, store: openStore(pool), blobs, queue, databaseUrl, ownerUrl, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

/**
 * Migrates as the owner, and answers where the application connects to: as a role without rights to
 * change what is append-only, unless the site names one role for everything.
 */
async function prepareSchema(
  ownerUrl: string,
  { databaseUrl, databaseOwnerUrl }: Settings,
  server: 'own' | 'join',
): Promise<string> {
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 1 });
  // One that breaks while nobody uses it is of no use any more.
  owner.on('error', () => undefined);
  try {
    await migrate(owner);
    if (databaseUrl !== undefined) {
      const role = decodeURIComponent(new URL(databaseUrl).username);
      if (databaseOwnerUrl && server === 'own') await grantApplication(owner, { role });
      return databaseUrl;
    }
    const { url, ...application } = applicationOf(ownerUrl);
    if (server === 'own') await grantApplication(owner, application);
    return url;
  } finally {
    await owner.end();
  }
}

/** Where the owner of the schema connects to. */
async function openDatabase(
  settings: Settings,
  server: 'own' | 'join',
  closers: (() => Promise<unknown>)[],
  warn: (sentence: string) => void,
): Promise<string> {
  const { dataDir } = settings;
  const given = settings.databaseOwnerUrl ?? settings.databaseUrl;
  if (server === 'join') return given ?? (await joinEmbedded(dataDir));
  if (given) await fs.mkdir(dataDir, { recursive: true, mode: 0o700 });
  const embedded = given ? undefined : await startEmbedded(dataDir);
  const url = given ?? embedded!.url;
  try {
    const ownership = await keepOwnership(url, dataDir, embedded, warn);
    if (embedded) closers.push(() => embedded.stop());
    closers.push(() => ownership.release());
    return url;
  } catch (error) {
    // A server that another program uses is not ours to stop.
    const inUse = error instanceof Failure && error.kind === 'inUse';
    if (embedded && !inUse) await embedded.stop();
    throw error;
  }
}

/** Holds the folder; a database that dies is started again, on the same port. */
async function keepOwnership(
  url: string,
  dataDir: string,
  embedded: EmbeddedDatabase | undefined,
  warn: (sentence: string) => void,
): Promise<Ownership> {
  let released = false;
  let regaining = Promise.resolve();
  const lost = () => {
    regaining = regain();
  };
  let current = await takeOwnership(url, dataDir, lost);

  async function regain(): Promise<void> {
    for (let pause = 50; !released; pause = Math.min(pause * 2, 10_000)) {
      try {
        await embedded?.revive();
        current = await takeOwnership(url, dataDir, lost);
        return;
      } catch (error) {
        warn(`database: ${(error as Error).message}`);
        await sleep(pause);
      }
    }
  }
  return {
    async release() {
      released = true;
      await regaining;
      await current.release();
    },
  };
}
