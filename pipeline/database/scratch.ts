import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findPostmaster, stopPostmaster } from './cluster.ts';
import { findHomeOf } from './embedded.ts';
import { isAlive } from './owner.ts';

const PREFIX = 'so-goc-run-';

export interface Scratch {
  readonly dataDir: string;
  /** Close the system before. Removes everything, also what lies outside the folder. */
  remove(): Promise<void>;
}

/**
 * A DATA_DIR for one run of a command. What earlier runs left because they were killed is removed,
 * server and all: it holds personal data.
 */
export async function makeScratch(): Promise<Scratch> {
  await removeAbandoned();
  const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`));
  // Not 0700 as made: the database's account, when this is root, has to pass through.
  await fs.chmod(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
  return { dataDir, remove: () => removeDataDir(dataDir) };
}

/** Stops the server of a DATA_DIR if one runs, and removes the folder and its database. */
export async function removeDataDir(dataDir: string): Promise<void> {
  const home = await findHomeOf(dataDir);
  if (await findPostmaster(home)) await stopPostmaster(home);
  await fs.rm(home, { recursive: true, force: true });
  await fs.rm(dataDir, { recursive: true, force: true });
}

async function removeAbandoned(): Promise<void> {
  for (const name of await fs.readdir(os.tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // Another user's cannot be removed, and is not ours to.
    await removeDataDir(path.join(os.tmpdir(), name)).catch(() => undefined);
  }
}
