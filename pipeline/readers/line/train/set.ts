import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type { Gray } from '../../../image/gray.ts';
import { CHARSET } from '../charset.ts';
import { LINE_HEIGHT } from '../prepare.ts';

/**
 * A training set on disk: `NAME.bin` holds prepared lines row by row one after the other, `NAME.tsv`
 * a line each with offset, width, source and text, `charset.json` the characters in the order of the
 * network's outputs.
 */
export async function openSet(folder: string, name: string) {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'charset.json'), JSON.stringify(CHARSET));
  const bin = createWriteStream(path.join(folder, `${name}.bin`));
  const tsv = createWriteStream(path.join(folder, `${name}.tsv`));
  const known = new Set(CHARSET);
  let offset = 0;
  let count = 0;
  return {
    /** @returns false when the text has characters that the recognizer cannot write. */
    async add(line: Gray, source: string, text: string): Promise<boolean> {
      if (line.height !== LINE_HEIGHT) throw new RangeError(`${line.height} rows`);
      if (text === '' || [...text].some((c) => !known.has(c))) return false;
      if (!bin.write(line.data))
        await new Promise<void>((resolve) => bin.once('drain', () => resolve()));
      tsv.write(`${offset}\t${line.width}\t${source}\t${text}\n`);
      offset += line.data.length;
      count++;
      return true;
    },
    get count() {
      return count;
    },
    async close() {
      bin.end();
      tsv.end();
      await Promise.all([finished(bin), finished(tsv)]);
    },
  };
}
