import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Reader, ReadLine } from '../../pipeline/readers/port.ts';

/**
 * A reader that keeps what `reader` answered in a file of JSON lines and answers the same image
 * from there: a reading depends on the image and the hint alone, so only changed crops are read.
 */
export function remembering(reader: Reader, file: string): Reader {
  const known = new Map<string, readonly ReadLine[]>();
  if (existsSync(file))
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (!line) continue;
      const [key, lines] = JSON.parse(line) as [string, readonly ReadLine[]];
      known.set(key, lines);
    }
  return {
    ...reader,
    async read(image, hint) {
      const key = createHash('sha256')
        .update(`${reader.name} ${JSON.stringify(hint)} ${image.width} ${image.height}`)
        .update(image.data)
        .digest('base64');
      const before = known.get(key);
      if (before) return before;
      const lines = await reader.read(image, hint);
      known.set(key, lines);
      appendFileSync(file, `${JSON.stringify([key, lines])}\n`);
      return lines;
    },
  };
}
