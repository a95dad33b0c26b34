/**
 * Prepares real lines for training: `npx tsx pipeline/readers/line/train/real.ts --labels FILE
 * --out DIR`. FILE has a JSON object a line, `image` (path beside FILE) and `text`, one line of
 * writing an image: as scanned, or `cleaned` as `npm run training-set` writes them. Writes the sets `real-train`, `real-held` and `real-photo`.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type CleanField, cleanField, openField } from '../../../image/clean-field.ts';
import { decodeScan, type Gray } from '../../../image/gray.ts';
import { prepareLine } from '../prepare.ts';
import { openSet } from './set.ts';

/** One real line: an image with the text that is written on it. */
export const RealLine = z.object({
  image: z.string(),
  text: z.string(),
  paper: z.enum(['paper', 'photo']).default('paper'),
  /** Cut to its ink and cleaned, 300 dots an inch. */
  cleaned: z.boolean().default(false),
});
export type RealLine = z.infer<typeof RealLine>;

/**
 * Five blocks of 62 file numbers, in all 300 lines of the set that figures are reported for: its
 * writers are not recorded, and neighbours in number share one.
 */
export function isHeldBack(image: string): boolean {
  const number = Number(/(\d+)\.\w+$/.exec(image)?.[1] ?? Number.NaN);
  return number % 360 >= 200 && number % 360 < 262;
}

/** The line as a field; one that is not cleaned yet is cleaned as the product does. */
export function fieldOf({ cleaned }: RealLine, ink: Gray): Pick<CleanField, 'image' | 'soft'> {
  if (cleaned) return { image: ink, soft: ink };
  // Lines of this kind are cut to about 100 rows; a larger photograph has more dots an inch.
  const dpi = Math.round((300 * ink.height) / 104);
  return cleanField(openField(ink, dpi, ink.height * 0.7));
}

if (process.argv[1] === import.meta.filename) await main();

async function main() {
  const { values } = parseArgs({
    options: { labels: { type: 'string' }, out: { type: 'string' } },
  });
  if (!values.labels || !values.out) throw new Error('--labels FILE and --out DIR are missing');
  const rows = (await readFile(values.labels, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((row) => RealLine.parse(JSON.parse(row)));
  const sets = {
    train: await openSet(values.out, 'real-train'),
    held: await openSet(values.out, 'real-held'),
    photo: await openSet(values.out, 'real-photo'),
  };
  for (const row of rows) {
    const { image, text, paper } = row;
    const file = await readFile(path.join(path.dirname(values.labels), image));
    const { ink } = await decodeScan(file, 1e8);
    const line = prepareLine(fieldOf(row, ink));
    const set = paper === 'photo' ? 'photo' : isHeldBack(image) ? 'held' : 'train';
    if (!line || !(await sets[set].add(line, image, text.normalize('NFC'))))
      console.error(`left out: ${image}`);
  }
  for (const [name, set] of Object.entries(sets)) {
    await set.close();
    console.error(`${name}: ${set.count} lines`);
  }
}
