import { parseArgs } from 'node:util';
import sharp from 'sharp';
import type { PageKind } from '../../models/books.ts';
import { Failure } from '../../models/failures.ts';
import { PRINTED } from '../../models/forms/registry.ts';
import type { Layout } from '../../pipeline/forms/layout.ts';
import { openWorking } from '../../pipeline/image/working.ts';
import { openReaders } from '../../pipeline/readers/open.ts';
import { place } from '../../pipeline/stages/place.ts';
import { straighten } from '../../pipeline/stages/straighten.ts';
import { openBook } from '../../samples/draw/book.ts';
import { type Damage, damage } from '../../samples/draw/damage.ts';
import { seeded } from '../../samples/draw/random.ts';
import { SHEETS, type Sheet } from '../../samples/draw/sheets.ts';
import { REPORTED } from './books.ts';
import { table } from './table.ts';

/*
 * `npx tsx test/bench/pages.ts [--books N] [--entries N]`: what becomes of every kind of page, on
 * drawn books of all forms in layouts and with seeds that nothing was tuned on: entries, sheets that
 * are none, pages that came in turned or by phone, and pages too poor to read. Stages straighten and
 * place only.
 */
const { values: options } = parseArgs({
  options: {
    books: { type: 'string', default: '12' },
    entries: { type: 'string', default: '4' },
  },
});

/** Sheets laid in are pages that no form fits. An unused sheet is told by reading: entry until then. */
const KIND: Readonly<Record<Sheet, PageKind>> = {
  cover: 'cover',
  closing: 'closing',
  blank: 'blank',
  unused: 'entry',
  certificate: 'other',
  list: 'other',
};

/** Odd on their way in, and still to be read. */
const ODD: readonly [string, Damage][] = [
  ['turned by 90°', { kind: 'turned', quarters: 1 }],
  ['turned by 180°', { kind: 'turned', quarters: 2 }],
  ['turned by 270°', { kind: 'turned', quarters: 3 }],
  ['skewed by 9°', { kind: 'skewed', degrees: 9 }],
  ['skewed by −7°', { kind: 'skewed', degrees: -7 }],
  ['grey', { kind: 'grey' }],
  ['fax of 1 bit, 200 dpi', { kind: 'fax', dpi: 200 }],
  ['1,200 dpi', { kind: 'resolution', dpi: 1200 }],
  ['phone photo, dark desk', { kind: 'photo', tilt: 0.1, desk: 'dark' }],
  ['phone photo, light desk', { kind: 'photo', tilt: 0.12, desk: 'light' }],
  ['phone photo, from above', { kind: 'photo', tilt: 0.03, desk: 'light' }],
  ['spread of two pages', { kind: 'spread' }],
];

/** Not to be read: no machine value may come of them. */
const POOR: readonly [string, Damage][] = [
  ['72 dpi', { kind: 'resolution', dpi: 72 }],
  ['fax of 1 bit, 100 dpi', { kind: 'fax', dpi: 100 }],
  ['blurred', { kind: 'blurred', sigma: 3.4 }],
  ['too dark', { kind: 'exposure', gain: 0.3, lift: 0 }],
  ['too light', { kind: 'exposure', gain: 0.26, lift: 185 }],
  ['upper half', { kind: 'half', keep: 'top' }],
  ['left half', { kind: 'half', keep: 'left' }],
  ['right half', { kind: 'half', keep: 'right' }],
  ['two books over each other', { kind: 'twoBooks' }],
  ['photo of a desk', { kind: 'desk' }],
];

/** A4 pages; tables over an open book: spreads.ts. */
const SINGLE = PRINTED.filter((f) => !f.table);

interface Tally {
  pages: number;
  right: number;
  flagged: number;
}

sharp.concurrency(1);
sharp.cache(false);
const readers = openReaders('line-vi');
const tallies = new Map<string, Tally>();
const wrong: string[] = [];

function note(row: string, right: boolean, flagged: boolean, what: string): void {
  const tally = tallies.get(row) ?? { pages: 0, right: 0, flagged: 0 };
  tallies.set(row, tally);
  tally.pages++;
  if (right) tally.right++;
  else {
    wrong.push(`${row}: ${what}`);
    process.stderr.write(`\n${row}: ${what}\n`);
  }
  if (flagged) tally.flagged++;
}

for (let n = 0; n < Number(options.books); n++) {
  const form = SINGLE[n % SINGLE.length]!;
  const layout = REPORTED.layouts[n % REPORTED.layouts.length]!;
  const book = openBook({
    form,
    layout,
    seed: REPORTED.seed + 500 + n,
    ink: n % 2 === 0 ? 'hand' : 'typed',
    ageing: 'mixed',
  });
  const layouts: Layout[] = [];

  const look = async (image: Buffer, dpi = 300) => {
    const straight = await straighten({ image, quarterTurns: 0, maxPixels: 3e8, dpi });
    const { result, quality, scan } = straight;
    try {
      const { result: placed, learned } = await place({
        page: openWorking(scan, result.upright, result.dpi ?? dpi),
        form,
        forms: PRINTED,
        layouts,
        readers,
        problems: quality.problems,
      });
      if (learned) layouts.push(learned);
      const { kind, how, reason } = placed;
      return { kind: kind as string, read: how !== 'none', why: reason?.detail ?? '' };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { kind: error.kind, read: false, why: error.detail ?? '' };
    }
  };

  const where = `${form.id}, layout ${layout}, book ${n}`;
  for (let i = 0; i < Number(options.entries); i++) {
    const { kind, read, why } = await look((await book.page(i)).jpeg);
    note('entry', kind === 'entry', !read, `${where}, page ${i}: ${kind} ${why}`);
  }
  for (const sheet of SHEETS) {
    const { kind, read, why } = await look(await book.sheet(sheet, n));
    note(`sheet: ${sheet}`, kind === KIND[sheet], !read, `${where}: ${kind} ${why}`);
  }
  // One page of each sort a book would take hours: every book has a third of them.
  for (const [at, [name, how]] of [...ODD, ...POOR].entries()) {
    if (at % 3 !== n % 3) continue;
    const poor = at >= ODD.length;
    const scan = (await book.page(1)).jpeg;
    const other = async () => (await book.page(2)).jpeg;
    const { image, dpi } = await damage(scan, other, how, seeded(`${where} ${name}`));
    const { kind, read, why } = await look(image, dpi);
    const right = poor ? !read : kind === 'entry' && read;
    note(`${poor ? 'poor' : 'odd'}: ${name}`, right, !read, `${where}: ${kind} ${why}`);
  }
  process.stderr.write(`\rbook ${n + 1} of ${options.books} `);
}
await readers.close();

const percent = (part: number, all: number) =>
  all === 0 ? '' : `${((100 * part) / all).toFixed(1)} %`;
const sum = (rows: readonly (readonly [string, Tally])[]): Tally => ({
  pages: rows.reduce((s, [, t]) => s + t.pages, 0),
  right: rows.reduce((s, [, t]) => s + t.right, 0),
  flagged: rows.reduce((s, [, t]) => s + t.flagged, 0),
});
const rows = [...tallies];
const starting = (head: string) => rows.filter(([name]) => name.startsWith(head));
const totals: [string, Tally][] = [
  ['all entries and sheets', sum([...starting('entry'), ...starting('sheet')])],
  ['all odd ones', sum(starting('odd'))],
  ['all poor ones', sum(starting('poor'))],
];
console.log();
table(
  ['pages', 'number', 'as it should be', 'flagged, not read'],
  [...rows, ...totals].map(([name, { pages, right, flagged }]) => [
    name,
    String(pages),
    percent(right, pages),
    percent(flagged, pages),
  ]),
);
for (const line of wrong) console.log(`- ${line}`);
