import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { jsonOnOneLine } from './text.ts';

/**
 * Values on their way through several files, kept on the disk instead of in memory: written once,
 * read as often as there are files, always the same.
 */
export function openSpool<T>(path: string) {
  const out = createWriteStream(path);
  const done = finished(out);
  done.catch(() => undefined);
  return {
    async add(value: T): Promise<void> {
      if (!out.write(`${jsonOnOneLine(value)}\n`)) await Promise.race([once(out, 'drain'), done]);
    },
    /** To be called once, before reading. */
    async close(): Promise<void> {
      out.end();
      await done;
    },
    async *read(): AsyncGenerator<T> {
      const lines = createInterface({
        input: createReadStream(path, 'utf8'),
        crlfDelay: Number.POSITIVE_INFINITY,
      });
      for await (const line of lines) yield JSON.parse(line) as T;
    },
  };
}
