import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file of a dataset, as the manifest lists it. */
export interface FileFacts {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export async function factsOf(name: string, file: string): Promise<FileFacts> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { name, bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}

/** Writes text part by part and waits until it is on the disk. */
export async function writeText(file: string, parts: AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(parts, { objectMode: false }), createWriteStream(file));
  await flush(file);
}

/** Waits until the bytes of a file, or the names in a folder, are on the disk. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The names in a folder; none when it does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
