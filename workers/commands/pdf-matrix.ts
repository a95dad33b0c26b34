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
 * Splits every PDF of a folder and prints what came of it: pages against the number that
 * `manifest.json` states, where there is one, and each page against poppler's `pdftoppm`, where that
 * is installed. Ends with 1 when a page disagrees or a decoder was left hanging.
 */

const run = promisify(execFile);

const Manifest = z.array(
  z.object({
    file: z.string(),
    odd: z.string().optional(),
    pages: z.coerce.number().int().nullish(),
  }),
);

/**
 * Both pictures are made this wide and grey. At this width a stroke is a grey shade, so that other
 * anti-aliasing, another substitute for a missing font and half a pixel of offset do not count,
 * while a lost image, a wrong turn, a crop or an inversion does.
 */
const WIDTH = 100;
/** Least correlation of the grey values … */
const ALIKE = 0.8;
/** … or largest mean difference, of 255: nearly empty pages correlate by chance. */
const CLOSE = 2.5;
/** Proportions may differ by rounding to whole pixels, or by this. */
const SAME_SHAPE = 0.02;
/** A page whose grey values spread less than this is blank. */
const BLANK = 0.5;

interface Small {
  readonly grey: Buffer;
  readonly width: number;
  readonly height: number;
  readonly shape: number;
  readonly blank: boolean;
}

interface Row {
  readonly file: string;
  readonly expected: number | undefined;
  readonly odd: string;
  pages: number;
  agreed: boolean;
  readonly sources: Set<string>;
  readonly failures: { readonly index: number | undefined; readonly failure: FailureData }[];
  readonly disagreements: string[];
  compared: number;
  seconds: number;
}

async function small(image: Buffer, quarterTurns: number): Promise<Small> {
  const upright = await sharp(image, { limitInputPixels: false })
    .flatten({ background: '#fff' })
    .rotate(quarterTurns * 90)
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = upright.info;
  const rows = Math.max(1, Math.round((WIDTH * height) / width));
  const { data, info } = await sharp(upright.data, {
    raw: { width, height, channels: upright.info.channels },
    limitInputPixels: false,
  })
    .resize(WIDTH, rows, { fit: 'fill' })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    grey: data,
    width: info.width,
    height: info.height,
    shape: height / width,
    blank: spread(data) < BLANK,
  };
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
function difference(ours: Small, theirs: Small): string | undefined {
  if (ours.blank && !theirs.blank) return 'blank, poppler draws something';
  if (
    Math.abs(ours.shape / theirs.shape - 1) > SAME_SHAPE &&
    Math.abs(ours.height - theirs.height) > 1
  )
    return `proportions ${ours.shape.toFixed(2)}, poppler ${theirs.shape.toFixed(2)}`;
  const length = Math.min(ours.grey.length, theirs.grey.length);
  const a = ours.grey.subarray(0, length);
  const b = theirs.grey.subarray(0, length);
  const [meanA, meanB] = [mean(a), mean(b)];
  let apart = 0;
  let together = 0;
  for (let i = 0; i < length; i++) {
    apart += Math.abs(a[i]! - b[i]!);
    together += (a[i]! - meanA) * (b[i]! - meanB);
  }
  const alike = together / length / (spread(a) * spread(b) || 1);
  const close = apart / length;
  if (alike >= ALIKE || close <= CLOSE) return undefined;
  return `correlation ${alike.toFixed(2)}, mean difference ${close.toFixed(1)}`;
}

/** The page as poppler draws it; undefined when it draws nothing. */
async function popplerPage(file: string, index: number): Promise<Buffer | undefined> {
  const page = String(index + 1);
  try {
    const { stdout } = await run(
      'pdftoppm',
      ['-cropbox', '-scale-to', '1000', '-f', page, '-l', page, '-png', file],
      { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024, timeout: 120_000 },
    );
    return stdout.length > 0 ? stdout : undefined;
  } catch {
    return undefined;
  }
}

async function hasPoppler(): Promise<boolean> {
  try {
    await run('pdftoppm', ['-v']);
    return true;
  } catch {
    return false;
  }
}

async function split(folder: string, row: Row, poppler: boolean): Promise<void> {
  const file = path.join(folder, row.file);
  const settings = readSettings(process.env);
  const compare = async (page: SplitPage): Promise<void> => {
    row.sources.add(page.source);
    const theirs = poppler ? await popplerPage(file, page.index) : undefined;
    if (!theirs) return;
    row.compared++;
    const apart = difference(await small(page.image, page.quarterTurns), await small(theirs, 0));
    if (apart) row.disagreements.push(`page ${page.index + 1}: ${apart}`);
  };
  const started = performance.now();
  try {
    const result = await splitPdf(
      file,
      { ...settings.pdf, maxPixels: settings.pageMaxPixels },
      compare,
    );
    row.pages = result.pages;
    row.agreed = result.agreed;
    row.failures.push(...result.failed);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    row.failures.push({ index: undefined, failure: error.toData() });
  }
  row.seconds = (performance.now() - started) / 1000;
}

function verdict(row: Row): string {
  if (row.disagreements.length > 0) return 'DIFFERS';
  if (row.pages === 0) return 'refused';
  if (row.failures.length === row.pages) return 'no page';
  return row.failures.length > 0 ? 'partly' : 'pages';
}

function line(row: Row): string {
  const failures = row.failures.map(({ index, failure }) => {
    const where = index === undefined ? '' : `page ${index + 1}: `;
    return `${where}${failure.kind}${failure.detail ? ` (${failure.detail})` : ''}`;
  });
  const count = row.expected !== undefined && row.pages !== row.expected ? '≠' : '';
  return [
    row.file.padEnd(66),
    `${row.expected ?? '-'}`.padStart(4),
    `${row.pages}${count}`.padStart(5),
    `${row.agreed ? 2 : 1}`.padStart(3),
    verdict(row).padEnd(8),
    [...row.sources].sort().join('+').padEnd(18),
    [row.odd, ...failures, ...row.disagreements].filter(Boolean).join(' | '),
  ].join(' ');
}

function totals(rows: readonly Row[], poppler: boolean): string[] {
  const withPages = rows.filter((row) => row.pages > row.failures.length);
  const stated = rows.filter((row) => row.expected !== undefined);
  const kinds = new Map<string, number>();
  for (const { failure } of rows.flatMap((row) => row.failures))
    kinds.set(failure.kind, (kinds.get(failure.kind) ?? 0) + 1);
  const compared = rows.reduce((sum, row) => sum + row.compared, 0);
  const differing = rows.reduce((sum, row) => sum + row.disagreements.length, 0);
  return [
    `${rows.length} files, ${withPages.length} with pages, ${rows.reduce((n, r) => n + r.pages, 0)} pages`,
    `page count as stated: ${stated.filter((row) => row.pages === row.expected).length} of ${stated.length}`,
    poppler
      ? `like pdftoppm (${WIDTH} px wide, correlation ≥ ${ALIKE} or mean difference ≤ ${CLOSE}): ${compared - differing} of ${compared} pages`
      : 'pdftoppm is not installed: nothing was compared',
    `failures: ${[...kinds].map(([kind, n]) => `${kind} ${n}`).join(', ') || 'none'}`,
    `longest: ${Math.max(0, ...rows.map((row) => row.seconds)).toFixed(1)} s`,
  ];
}

const folder = process.argv[2];
if (!folder) {
  console.error('npm run pdf-matrix -- DIR');
  process.exit(2);
}
const manifestFile = path.join(folder, 'manifest.json');
const manifest = existsSync(manifestFile)
  ? Manifest.parse(JSON.parse(await readFile(manifestFile, 'utf8')))
  : (await readdir(folder))
      .filter((file) => file.toLowerCase().endsWith('.pdf'))
      .sort()
      .map((file) => ({ file, odd: '', pages: undefined }));

const poppler = await hasPoppler();
const rows: Row[] = [];
console.log(
  'file, pages stated, pages, parsers that agree, verdict, source, what is odd and what failed',
);
for (const entry of manifest) {
  const row: Row = {
    file: entry.file,
    expected: entry.pages ?? undefined,
    odd: entry.odd ?? '',
    pages: 0,
    agreed: false,
    sources: new Set(),
    failures: [],
    disagreements: [],
    compared: 0,
    seconds: 0,
  };
  await split(folder, row, poppler);
  rows.push(row);
  console.log(line(row));
}
for (const text of totals(rows, poppler)) console.log(text);
process.exit(rows.some((row) => row.disagreements.length > 0) ? 1 : 0);
