import { randomUUID } from 'node:crypto';
import { close, createReadStream, createWriteStream, open, type PathLike, read } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../../models/failures.ts';
import type { Blobs } from './port.ts';

/** Half-written files live here, in the same file system, so that a rename is atomic. */
const TEMPORARY = '.partial';
/** A half-written file this old belongs to a process that was killed. */
const ABANDONED_MS = 24 * 3_600_000;
const PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;
const LONGEST_KEY = 900;

/** Throws Failure `invalid` unless the key stays inside the store; see {@link Blobs}. */
export function checkKey(key: string): string {
  if (key.length > LONGEST_KEY || !key.split('/').every((part) => PART.test(part))) {
    throw new Failure('invalid', 'blob key');
  }
  return key;
}

/** Blobs in a folder of a local or mounted file system, one file a key. */
export async function openFolder(root: string): Promise<Blobs> {
  const temporary = path.join(root, TEMPORARY);
  await fs.mkdir(temporary, { recursive: true, mode: 0o700 });
  await removeAbandoned(temporary);

  const place = (key: string) => path.join(root, ...checkKey(key).split('/'));

  /** Moves a file that is on the disk to its key's place. */
  async function settle(partial: string, key: string): Promise<void> {
    const target = place(key);
    const made = await fs.mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    await fs.rename(partial, target);
    // The file's name is in its folder, a new folder's name in the one above it.
    const last = made === undefined ? path.dirname(target) : path.dirname(made);
    for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
      await sync(folder);
      if (folder === last) return;
    }
  }

  async function put(key: string, content: Uint8Array | Readable): Promise<void> {
    checkKey(key);
    const partial = path.join(temporary, randomUUID());
    try {
      if (content instanceof Readable) {
        await pipeline(content, createWriteStream(partial, { flags: 'wx', mode: 0o600 }));
        await sync(partial);
      } else {
        await fs.writeFile(partial, content, { flag: 'wx', mode: 0o600, flush: true });
      }
      await settle(partial, key);
    } catch (error) {
      await fs.rm(partial, { force: true });
      throw error;
    }
  }

  async function take(key: string, file: string): Promise<void> {
    checkKey(key);
    await fs.chmod(file, 0o600);
    await sync(file);
    try {
      await settle(file, key);
    } catch (error) {
      // Another file system: a rename cannot reach it.
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      await put(key, createReadStream(file));
      await fs.rm(file);
    }
  }

  async function existing<T>(key: string, use: (file: string) => Promise<T>): Promise<T> {
    const file = place(key);
    try {
      return await use(file);
    } catch (error) {
      if (isMissing(error)) throw new Failure('notFound', `blob ${key}`, { cause: error });
      throw error;
    }
  }

  async function size(key: string): Promise<number> {
    return existing(key, async (file) => {
      const stats = await fs.stat(file);
      if (!stats.isFile()) throw new Failure('notFound', `blob ${key}`);
      return stats.size;
    });
  }

  async function* list(prefix = ''): AsyncGenerator<string> {
    // Only the prefix's whole folders narrow the walk; the rest of it is compared.
    const folder = prefix.includes('/') ? checkKey(prefix.slice(0, prefix.lastIndexOf('/'))) : '';
    for await (const key of walk(root, folder)) if (key.startsWith(prefix)) yield key;
  }

  return {
    put,
    take,
    get: (key) => existing(key, (file) => fs.readFile(file)),
    stream: (key, range = {}) => createReadStream(place(key), { ...range, fs: failing(key) }),
    size,
    has: async (key) => {
      try {
        await size(key);
        return true;
      } catch (error) {
        if (error instanceof Failure && error.kind === 'notFound') return false;
        throw error;
      }
    },
    remove: (key) => fs.rm(place(key), { force: true }),
    list,
    path: place,
  };
}

/** The functions of `fs` that a read stream uses, with a missing file as Failure `notFound`. */
function failing(key: string) {
  return {
    read,
    close,
    open: (
      file: PathLike,
      flags: string,
      mode: number,
      done: (error: Error | null, descriptor?: number) => void,
    ) =>
      open(file, flags, mode, (error, descriptor) =>
        error && isMissing(error)
          ? done(new Failure('notFound', `blob ${key}`, { cause: error }))
          : done(error, descriptor),
      ),
  };
}

async function* walk(root: string, folder: string): AsyncGenerator<string> {
  let entries: AsyncIterable<{ name: string; isDirectory(): boolean; isFile(): boolean }>;
  try {
    entries = await fs.opendir(path.join(root, folder));
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  for await (const entry of entries) {
    const key = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (!PART.test(entry.name)) continue;
    if (entry.isDirectory()) yield* walk(root, key);
    else if (entry.isFile()) yield key;
  }
}

/** Makes a file's bytes, or a folder's names, survive a power cut. */
async function sync(target: string): Promise<void> {
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(target, 'r');
  } catch (error) {
    // Windows opens no folders; its file system keeps names without being asked.
    if (process.platform === 'win32') return;
    throw error;
  }
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeAbandoned(temporary: string): Promise<void> {
  for (const name of await fs.readdir(temporary)) {
    const file = path.join(temporary, name);
    const stats = await fs.stat(file).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > ABANDONED_MS) await fs.rm(file, { force: true });
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}
