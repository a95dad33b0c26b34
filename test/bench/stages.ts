import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { FORMS, formOf } from '../../models/forms/registry.ts';
import type { Layout } from '../../pipeline/forms/layout.ts';
import { openWorking } from '../../pipeline/image/working.ts';
import { openReaders } from '../../pipeline/readers/open.ts';
import { place } from '../../pipeline/stages/place.ts';
import { split } from '../../pipeline/stages/split.ts';
import { straighten } from '../../pipeline/stages/straighten.ts';
import { drawnBooks, REPORTED } from './books.ts';

/*
 * `npx tsx test/bench/stages.ts [--pages N] [--books N] [--out FILE]`: CPU time of each step of a
 * page before reading, in one process without queue and database, and a hash of what each step
 * gives, so that two versions can be compared. `--out` writes the placements.
 */
const { values: options } = parseArgs({
  options: {
    pages: { type: 'string', default: '9' },
    books: { type: 'string', default: '3' },
    out: { type: 'string' },
  },
});

sharp.concurrency(1);
sharp.cache(false);
const spent = new Map<string, { ms: number; count: number }>();
const hashes = new Map<string, ReturnType<typeof createHash>>();
const placements: unknown[] = [];

async function timed<T>(step: string, work: () => T | Promise<T>): Promise<T> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const { ms, count } = spent.get(step) ?? { ms: 0, count: 0 };
  spent.set(step, { ms: ms + (user + system) / 1000, count: count + 1 });
  return result;
}

function note(step: string, value: unknown): void {
  const hash = hashes.get(step) ?? createHash('sha256');
  hashes.set(step, hash);
  hash.update(value instanceof Uint8Array ? value : JSON.stringify(value));
}

const all = await drawnBooks(REPORTED, 'typed', Number(options.pages));
const every = Math.max(1, Math.floor(all.length / Number(options.books)));
const books = all.filter((_, i) => i % every === 0).slice(0, Number(options.books));
const limits = { maxPages: 5000, maxPixels: 2e8, memoryMb: 1024, seconds: 60 };
const readers = openReaders('line-vi');
for (const { pdf, truth } of books) {
  const form = formOf(truth.form);
  const images: { image: Buffer; dpi: number }[] = [];
  await split({ path: pdf, limits }, async ({ image, dpi }) => void images.push({ image, dpi }));
  const layouts: Layout[] = [];
  for (const { image, dpi } of images) {
    const { result, scan } = await timed('straighten', () =>
      straighten({ image, quarterTurns: 0, maxPixels: 2e8 }),
    );
    note('straighten', result);
    const page = await timed('working page', () => openWorking(scan, result.upright, dpi));
    note('working page', page.half.data);
    const how = layouts.length === 0 ? 'place by labels' : 'place';
    const { result: placement, learned } = await timed(how, () =>
      place({ page, ink: result.ink, form, forms: Object.values(FORMS), layouts, readers }),
    );
    if (learned) layouts.unshift(learned);
    note('place', placement);
    placements.push({ pdf, ...placement });
  }
}
await readers.close();
console.log('| step | ms of CPU | times |\n| --- | --- | --- |');
for (const [step, { ms, count }] of spent)
  console.log(`| ${step} | ${(ms / count).toFixed(0)} | ${count} |`);
for (const [step, hash] of hashes) console.log(`${step}: ${hash.digest('hex').slice(0, 16)}`);
if (options.out) await writeFile(options.out, JSON.stringify(placements, null, 1));
