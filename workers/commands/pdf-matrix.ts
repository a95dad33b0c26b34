import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { z } from 'zod';
import { Failure, type FailureData } from '../../models/failures.ts';
import { type SplitPage, splitPdf } from '../../pipeline/pdf/split.ts';
import { readSettings } from '../../pipeline/settings.ts';

/*
 * npm run pdf-matrix -- DIR
 *
 * Splits every PDF of a folder and prints what came of it: pages against the number that the
 * folder's `manifest.json` states, where there is one, and each page against poppler's `pdftoppm`,
 * where that is installed. Ends with 1 when a page differs and nobody has looked why.
 */

const Manifest = z.array(
  z.object({
    file: z.string(),
    odd: z.string().optional(),
    pages: z.coerce.number().int().nullish(),
  }),
);

/**
 * Both pictures are averaged to about this many grey pixels, 60 × 80 of a page. At this size a line
 * of text is a grey shade, so that other anti-aliasing, another substitute for a missing font and
 * half a pixel of offset do not count, while a lost image, a wrong turn, a crop or an inversion
 * does.
 */
const PIXELS = 4800;
/** Least correlation of the grey values … */
const ALIKE = 0.95;
/** … or largest mean difference, of 255: nearly empty pages correlate by chance. */
const CLOSE = 1;
/** Proportions may differ by this. */
const SAME_SHAPE = 0.02;
/** A page whose grey values spread less than this is blank. */
const BLANK = 0.5;
/** Long side in pixels of the page as poppler draws it. */
const POPPLER_PIXELS = 1600;

/** What a look at the file says where it is not as stated or not as poppler has it. */
const LOOKED_AT: Readonly<Record<string, string>> = {
  'page-tree-wrong-count': '/Count says 9, the tree holds one page',
  'premature-EOF': 'an %%EOF in the middle hides the content from pdfium: failed, not blank',
  '1biticc': 'the image lacks its last rows, which poppler leaves white and pdfium black',
  form_dd0293: 'pdfium draws the buttons of drop-down lists',
  'refine-tpgron': 'poppler draws noise, pdfium the picture of the sibling files',
  'refine-template1-tpgron': 'poppler draws noise, pdfium the picture of the sibling files',
  'and-xnor-halftone': 'poppler draws a bar, pdfium the picture of the sibling files',
};

/** A page in grey, one byte a pixel. */
interface Picture {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

interface Row {
  readonly file: string;
  readonly stated: number | undefined;
  readonly odd: string;
  pages: number;
  agreed: boolean;
  readonly sources: Set<string>;
  readonly failures: string[];
  readonly differences: string[];
  readonly kinds: FailureData['kind'][];
  alike: number;
  popplerBlank: number;
  seconds: number;
}

async function pictureOf(image: Buffer, quarterTurns: number): Promise<Picture> {
  const { data, info } = await sharp(image, { limitInputPixels: false })
    .flatten({ background: '#fff' })
    .rotate(quarterTurns * 90)
    .toColourspace('b-w')
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** The mean grey of each of `columns` × `rows` cells. */
function averaged(picture: Picture, columns: number, rows: number): Buffer {
  const { data, width, height } = picture;
  const cells = Buffer.alloc(columns * rows);
  for (let y = 0; y < rows; y++) {
    const [top, bottom] = [edge(y, rows, height), edge(y + 1, rows, height)];
    for (let x = 0; x < columns; x++) {
      const [left, right] = [edge(x, columns, width), edge(x + 1, columns, width)];
      let sum = 0;
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++) sum += data[row * width + column]!;
      cells[y * columns + x] = sum / ((bottom - top) * (right - left));
    }
  }
  return cells;
}

function gridOf(...pictures: readonly Picture[]): [columns: number, rows: number] {
  const [first] = pictures;
  const columns = Math.round(Math.sqrt((PIXELS * first!.width) / first!.height));
  return [
    Math.max(1, Math.min(columns, ...pictures.map((picture) => picture.width))),
    Math.max(1, Math.min(Math.round(PIXELS / columns), ...pictures.map((p) => p.height))),
  ];
}

function isBlank(picture: Picture): boolean {
  return spread(averaged(picture, ...gridOf(picture))) < BLANK;
}

/** Where cell `i` of `cells` begins on a side of `length` pixels. */
function edge(i: number, cells: number, length: number): number {
  return Math.round((i * length) / cells);
}

function mean(values: Buffer): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function spread(values: Buffer): number {
  const middle = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - middle) ** 2;
  return Math.sqrt(sum / values.length);
}

/** Why the two pictures are not of the same page; undefined when they are. */
function difference(ours: Picture, theirs: Picture): string | undefined {
  const shapes = [ours, theirs].map((picture) => picture.height / picture.width);
  if (Math.abs(shapes[0]! / shapes[1]! - 1) > SAME_SHAPE)
    return `proportions ${shapes[0]!.toFixed(2)}, poppler ${shapes[1]!.toFixed(2)}`;
  const grid = gridOf(ours, theirs);
  const a = averaged(ours, ...grid);
  const b = averaged(theirs, ...grid);
  const [meanA, meanB] = [mean(a), mean(b)];
  let apart = 0;
  let together = 0;
  for (let i = 0; i < a.length; i++) {
    apart += Math.abs(a[i]! - b[i]!);
    together += (a[i]! - meanA) * (b[i]! - meanB);
  }
  const alike = together / a.length / (spread(a) * spread(b) || 1);
  const close = apart / a.length;
  if (alike >= ALIKE || close <= CLOSE) return undefined;
  return `correlation ${alike.toFixed(2)}, mean difference ${close.toFixed(1)}`;
}

const run = promisify(execFile);

/** The page as poppler draws it; undefined when it draws none. */
async function popplerPage(file: string, index: number): Promise<Picture | undefined> {
  const page = String(index + 1);
  const size = String(POPPLER_PIXELS);
  try {
    const { stdout } = await run(
      'pdftoppm',
      ['-cropbox', '-scale-to', size, '-f', page, '-l', page, '-png', file],
      { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024, timeout: 120_000 },
    );
    return await pictureOf(stdout, 0);
  } catch {
    return undefined;
  }
}

async function hasPoppler(): Promise<boolean> {
  return run('pdftoppm', ['-v']).then(
    () => true,
    () => false,
  );
}

async function fill(row: Row, file: string, poppler: boolean): Promise<void> {
  const settings = readSettings(process.env);
  const compare = async (page: SplitPage): Promise<void> => {
    row.sources.add(page.source);
    if (!poppler) return;
    const theirs = await popplerPage(file, page.index);
    const ours = await pictureOf(page.image, page.quarterTurns);
    const blank = isBlank(ours);
    if (!theirs || (isBlank(theirs) && !blank)) {
      row.popplerBlank++;
      return;
    }
    const lost = blank && !isBlank(theirs);
    const apart = lost ? 'blank, poppler draws something' : difference(ours, theirs);
    if (apart) row.differences.push(`page ${page.index + 1}: ${apart}`);
    else row.alike++;
  };
  const fail = async (index: number | undefined, failure: FailureData): Promise<void> => {
    row.kinds.push(failure.kind);
    const theirs = poppler ? await popplerPage(file, index ?? 0) : undefined;
    const draws = theirs ? (isBlank(theirs) ? 'a blank page' : 'something') : 'nothing';
    row.failures.push(
      [
        index === undefined ? '' : `page ${index + 1}: `,
        failure.kind,
        failure.detail ? ` (${failure.detail})` : '',
        poppler ? `, poppler draws ${draws}` : '',
      ].join(''),
    );
  };
  const started = performance.now();
  const limits = { ...settings.pdf, maxPixels: settings.pageMaxPixels };
  try {
    const result = await splitPdf(file, limits, compare);
    row.pages = result.pages;
    row.agreed = result.agreed;
    for (const { index, failure } of result.failed) await fail(index, failure);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await fail(undefined, error.toData());
  }
  row.seconds = (performance.now() - started) / 1000;
}

function lookedAt(row: Row): string | undefined {
  return Object.entries(LOOKED_AT).find(([end]) => row.file.endsWith(`${end}.pdf`))?.[1];
}

function verdict(row: Row): string {
  if (row.differences.length > 0) return lookedAt(row) ? 'differs' : 'DIFFERS';
  if (row.pages === 0) return 'refused';
  if (row.failures.length === row.pages) return 'no page';
  return row.failures.length > 0 ? 'partly' : 'pages';
}

function line(row: Row): string {
  const count = row.stated !== undefined && row.pages !== row.stated ? '≠' : '';
  return [
    row.file.padEnd(66),
    `${row.stated ?? '-'}`.padStart(4),
    `${row.pages}${count}`.padStart(5),
    `${row.pages === 0 ? '-' : row.agreed ? 2 : 1}`.padStart(3),
    verdict(row).padEnd(8),
    [...row.sources].sort().join('+').padEnd(18),
    [
      row.odd,
      ...row.failures,
      ...row.differences,
      row.popplerBlank > 0 ? `poppler draws nothing on ${row.popplerBlank} page(s)` : '',
      lookedAt(row),
    ]
      .filter(Boolean)
      .join(' | '),
  ].join(' ');
}

function totals(rows: readonly Row[], poppler: boolean): string[] {
  const sum = (value: (row: Row) => number) => rows.reduce((total, row) => total + value(row), 0);
  const stated = rows.filter((row) => row.stated !== undefined);
  const kinds = new Map<string, number>();
  for (const kind of rows.flatMap((row) => row.kinds)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const alike = sum((row) => row.alike);
  const differ = sum((row) => row.differences.length);
  return [
    `${rows.length} files, ${rows.filter((row) => row.sources.size > 0).length} with pages; ${sum((row) => row.pages)} pages, ${sum((row) => (row.pages > 0 ? row.failures.length : 0))} of them failed`,
    `page count as stated: ${stated.filter((row) => row.pages === row.stated).length} of ${stated.length}`,
    poppler
      ? `like pdftoppm (averaged to ${PIXELS} grey pixels: correlation ≥ ${ALIKE} or mean difference ≤ ${CLOSE} of 255): ${alike} of ${alike + differ} pages; poppler draws nothing on ${sum((row) => row.popplerBlank)} more`
      : 'pdftoppm is not installed: nothing was compared',
    `failures: ${[...kinds].map(([kind, n]) => `${kind} ${n}`).join(', ') || 'none'}`,
    `longest: ${Math.max(0, ...rows.map((row) => row.seconds)).toFixed(1)} s`,
  ];
}

async function filesOf(folder: string): Promise<z.infer<typeof Manifest>> {
  const manifest = path.join(folder, 'manifest.json');
  if (existsSync(manifest)) return Manifest.parse(JSON.parse(await readFile(manifest, 'utf8')));
  const names = await readdir(folder);
  return names
    .filter((name) => name.toLowerCase().endsWith('.pdf'))
    .sort()
    .map((file) => ({ file }));
}

const folder = process.argv[2];
if (!folder) {
  console.error('npm run pdf-matrix -- DIR');
  process.exit(2);
}
const poppler = await hasPoppler();
const rows: Row[] = [];
console.log(
  'file, pages stated, pages, parsers, verdict, source, what is odd | what failed or differs',
);
for (const { file, odd, pages } of await filesOf(folder)) {
  const row: Row = {
    file,
    stated: pages ?? undefined,
    odd: odd ?? '',
    pages: 0,
    agreed: false,
    sources: new Set(),
    failures: [],
    differences: [],
    kinds: [],
    alike: 0,
    popplerBlank: 0,
    seconds: 0,
  };
  await fill(row, path.join(folder, file), poppler);
  rows.push(row);
  console.log(line(row));
}
for (const text of totals(rows, poppler)) console.log(text);
process.exit(rows.some((row) => verdict(row) === 'DIFFERS') ? 1 : 0);
