import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Sha256 } from '../../models/ids.ts';

const NAME = /^heads-\d{4}-\d{2}-\d{2}\.jsonl$/;

/** `heads-2026-01-31.jsonl`, by the day in UTC. */
export const fileOf = (at: Date) => `heads-${at.toISOString().slice(0, 10)}.jsonl`;

/** The files of a folder, oldest first; none when it is not there. */
export async function filesIn(folder: string): Promise<string[]> {
  const names = await fs.readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => NAME.test(name)).sort();
}

/** SHA-256 of a whole file, which need not fit into memory. */
export async function hashFile(file: string): Promise<Sha256> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The whole lines of a file, one after the other; not what a write that was cut off has left. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    yield* parts;
  }
}

/**
 * The last whole line; undefined in an empty file. What a write that was cut off has left behind it is
 * removed: nothing was noted as signed by it.
 */
export async function lastLine(file: string): Promise<string | undefined> {
  const handle = await fs.open(file, 'r+');
  try {
    const { size } = await handle.stat();
    for (let length = 1 << 18; ; length *= 2) {
      const from = Math.max(0, size - length);
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(size - from),
        0,
        size - from,
        from,
      );
      const tail = buffer.subarray(0, bytesRead);
      const end = tail.lastIndexOf(0x0a);
      const begin = end > 0 ? tail.lastIndexOf(0x0a, end - 1) : -1;
      if (from > 0 && begin < 0) continue;
      if (end < 0) {
        await handle.truncate(0);
        return undefined;
      }
      if (from + end + 1 < size) await handle.truncate(from + end + 1);
      return tail.subarray(begin + 1, end).toString('utf8');
    }
  } finally {
    await handle.close();
  }
}

/** Adds lines; they are on the disk when it returns. */
export async function append(file: string, lines: readonly string[]): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const handle = await fs.open(file, 'a', 0o600);
  try {
    await handle.write(lines.map((line) => `${line}\n`).join(''));
    await handle.sync();
  } finally {
    await handle.close();
  }
}
