import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import type { FieldValues } from '../../models/fields.ts';
import { Stage } from '../../models/stages.ts';
import { makeScratch } from '../../pipeline/database/scratch.ts';
import { splitPdf } from '../../pipeline/pdf/split.ts';
import { readSettings } from '../../pipeline/settings.ts';
import { openSystem } from '../../pipeline/system.ts';
import { processFiles } from '../../workers/process-files.ts';
import {
  accuracyTable,
  calibrationError,
  compare,
  errorsAmongDoubtful,
  fitLogistic,
  type Outcome,
} from './accuracy.ts';
import { type DrawnBook, drawnBooks, MEASURED, REPORTED, TUNING } from './books.ts';
import { table } from './table.ts';

const USAGE = `usage: npm run bench -- [options]

  --pages N       typed pages to time, at least               (108)
  --rounds N      interleaved rounds of each program          (3)
  --ocrmypdf N    rounds of ocrmypdf, which is slow; 0 leaves it out (1)
  --data NAME     which data the tesseract program reads with: debian, npm, both (both)
  --accuracy      only accuracy, print and hand
  --calibrate     fits pipeline/prefill/calibration.json on the tuning books`;

const { values: options } = parseArgs({
  options: {
    pages: { type: 'string', default: '108' },
    rounds: { type: 'string', default: '3' },
    ocrmypdf: { type: 'string', default: '1' },
    data: { type: 'string', default: 'both' },
    accuracy: { type: 'boolean', default: false },
    calibrate: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const WORKERS = 2;

interface Run {
  readonly seconds: number;
  readonly firstSeconds: number;
  readonly pages: number;
  readonly failed: number;
  readonly outcomes: Outcome[];
  /** Mean seconds of a stage, on one worker. */
  readonly stages: Map<string, number>;
}

/** All books through a fresh system: from the queued document to the last committed record. */
async function ours(books: readonly DrawnBook[]): Promise<Run> {
  const scratch = await makeScratch();
  const system = await openSystem(readSettings({ DATA_DIR: scratch.dataDir }), { server: 'own' });
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 2 });
  try {
    const files = books.map(({ pdf, truth }) => ({ file: pdf, book: truth.book }));
    const {
      seconds,
      firstSeconds,
      books: done,
    } = await processFiles(system, { files, processes: WORKERS });
    const outcomes: Outcome[] = [];
    for (const [i, { book }] of done.entries()) {
      const byIndex = new Map<number, FieldValues>();
      for await (const { pages, values } of system.store.records.forExport(book.id, ['prefilled']))
        byIndex.set(pages[0]!.index, values);
      for (const page of books[i]!.truth.pages)
        outcomes.push(...compare(byIndex.get(page.index) ?? {}, page, book.register));
    }
    const times = await pool.query(
      'select stage, avg(seconds)::float8 as mean from stage_results group by stage',
    );
    for (const { failures, book } of done)
      for (const { index, failure } of failures)
        console.error(`${book.form} page ${index + 1}: ${failure.kind} ${failure.detail ?? ''}`);
    return {
      seconds,
      firstSeconds,
      pages: done.reduce((s, b) => s + b.pages, 0),
      failed: done.reduce((s, b) => s + b.failed, 0),
      outcomes,
      stages: new Map(times.rows.map((row) => [row.stage, row.mean])),
    };
  } finally {
    await pool.end();
    await system.close();
    await scratch.remove();
  }
}

const median = (list: readonly number[]) =>
  [...list].sort((a, b) => a - b)[list.length >> 1] ?? Number.NaN;

/** Runs a program to its end; undefined when it is not installed. */
async function timed(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const start = performance.now();
  const code = await new Promise<number | undefined>((resolve) => {
    const child = spawn(command, args, {
      stdio: 'ignore',
      env: { ...process.env, OMP_THREAD_LIMIT: '1', ...env },
    });
    child.on('error', () => resolve(undefined));
    child.on('close', (c) => resolve(c ?? 1));
  });
  return code === undefined ? undefined : { seconds: (performance.now() - start) / 1000, code };
}

async function main(): Promise<void> {
  if (options.help) return void console.log(USAGE);
  if (options.calibrate) return calibrate();
  const perBook = Math.ceil(Number(options.pages) / (MEASURED.length * REPORTED.layouts.length));
  const typed = await drawnBooks(REPORTED, 'typed', perBook);
  const hand = await drawnBooks(REPORTED, 'hand', 4);
  const load = os.loadavg()[0]!;
  console.log(
    `${os.cpus().length} cores, Node ${process.version}, load at start ${load.toFixed(1)}\n`,
  );

  const runs: Run[] = [];
  const others = new Map<string, number[]>();
  const note = (name: string, seconds: number) =>
    others.set(name, [...(others.get(name) ?? []), seconds]);
  const work = await mkdtemp(path.join(os.tmpdir(), 'so-goc-bench-others-'));
  try {
    const lists = options.accuracy ? [] : await imageLists(typed, work);
    for (let round = 0; round < (options.accuracy ? 1 : Number(options.rounds)); round++) {
      runs.push(await ours(typed));
      process.stderr.write(`round ${round + 1}: ${runs.at(-1)!.seconds.toFixed(1)} s\n`);
      if (options.accuracy) break;
      for (const [name, env] of await tesseractData(work)) {
        const start = performance.now();
        const ended = await Promise.all(
          lists.map((list, i) =>
            timed('tesseract', [list, path.join(work, `out${i}`), '-l', 'vie', '--psm', '3'], env),
          ),
        );
        if (ended.every((e) => e?.code === 0)) note(name, (performance.now() - start) / 1000);
        else process.stderr.write(`${name}: not installed or failed, left out\n`);
      }
      if (round < Number(options.ocrmypdf)) {
        let total = 0;
        for (const { pdf } of typed) {
          const ended = await timed('ocrmypdf', [
            '--force-ocr',
            '--deskew',
            '--jobs',
            '2',
            '-l',
            'vie',
            pdf,
            path.join(work, 'out.pdf'),
          ]);
          total = ended?.code === 0 ? total + ended.seconds : Number.NaN;
        }
        if (Number.isNaN(total))
          process.stderr.write('ocrmypdf: not installed or failed, left out\n');
        else note('ocrmypdf --force-ocr --deskew --jobs 2 -l vie', total);
      }
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }

  const pages = runs[0]!.pages;
  if (!options.accuracy) {
    const own = median(runs.map((r) => r.seconds));
    const row = (name: string, seconds: readonly number[]) => {
      const m = median(seconds);
      return [
        name,
        seconds.map((s) => s.toFixed(1)).join(' '),
        ((60 * pages) / m).toFixed(0),
        (m / own).toFixed(2),
      ];
    };
    console.log(
      `Speed: ${pages} typed pages, A4, 300 dpi, from ${typed.length} PDFs, ${WORKERS} workers, interleaved rounds\n`,
    );
    table(
      ['program', 'seconds per round', 'pages/min (median)', 'time against ours'],
      [
        row(
          'PDF to committed prefilled record (ours)',
          runs.map((r) => r.seconds),
        ),
        ...[...others].map(([n, s]) => row(n, s)),
      ],
    );
    console.log(
      `First prefilled record after ${median(runs.map((r) => r.firstSeconds)).toFixed(1)} s (worker start included).\n`,
    );
    table(
      ['stage', 'ms a page on one worker (median of rounds)'],
      Stage.options
        .filter((s) => runs[0]!.stages.has(s))
        .map((s) => [
          s,
          (1000 * median(runs.map((r) => r.stages.get(s) ?? Number.NaN))).toFixed(0),
        ]),
    );
  }
  const handRun = await ours(hand);
  const outcomes = [...runs[0]!.outcomes, ...handRun.outcomes];
  console.log(
    `Accuracy: layouts ${REPORTED.layouts.join(', ')}, seeds from ${REPORTED.seed}, mixed ageing; ${pages} typed and ${handRun.pages} handwriting-font pages, ${runs[0]!.failed + handRun.failed} pages failed\n`,
  );
  table(['ink', 'kind', 'fields', 'exactly right', 'CER'], accuracyTable(outcomes));
  console.log(
    `Expected calibration error ${(100 * calibrationError(outcomes)).toFixed(1)} %; the least confident 20 % of fields hold ${(100 * errorsAmongDoubtful(outcomes, 0.2)).toFixed(0)} % of the errors.`,
  );
}

/** The pages as the PDFs hold them, in two lists: the other programs do not have to open PDFs. */
async function imageLists(books: readonly DrawnBook[], work: string): Promise<string[]> {
  const files: string[] = [];
  const limits = { maxPages: 5000, maxPixels: 2e8, memoryMb: 1024, seconds: 60 };
  for (const { pdf } of books)
    await splitPdf(pdf, limits, async ({ image }) => {
      files.push(path.join(work, `${files.length}.jpg`));
      await writeFile(files.at(-1)!, image);
    });
  return Promise.all(
    [0, 1].map(async (half) => {
      const list = path.join(work, `list${half}.txt`);
      await writeFile(list, files.filter((_, i) => i % 2 === half).join('\n'));
      return list;
    }),
  );
}

/** Debian's data as installed, and npm's unpacked. */
async function tesseractData(work: string): Promise<[string, Record<string, string>][]> {
  const folder = path.join(work, 'tessdata');
  await mkdir(folder, { recursive: true });
  const npm = createRequire(import.meta.url).resolve('@tesseract.js-data/vie/package.json');
  const packed = await readFile(path.join(path.dirname(npm), '4.0.0_best_int/vie.traineddata.gz'));
  await writeFile(path.join(folder, 'vie.traineddata'), gunzipSync(packed));
  const all: [string, string, Record<string, string>][] = [
    ['debian', 'tesseract, 2 processes, OMP_THREAD_LIMIT=1, Debian data', {}],
    [
      'npm',
      'tesseract, 2 processes, OMP_THREAD_LIMIT=1, npm best_int data',
      { TESSDATA_PREFIX: folder },
    ],
  ];
  return all.flatMap(([data, name, env]) =>
    options.data === 'both' || options.data === data ? [[name, env] as [string, typeof env]] : [],
  );
}

/** Fits the curves of `calibration.json` on layouts and seeds that are not reported. */
async function calibrate(): Promise<void> {
  const file = path.resolve(import.meta.dirname, '../../pipeline/prefill/calibration.json');
  const before = JSON.parse(await readFile(file, 'utf8')) as Record<
    string,
    { a: number; b: number }
  >;
  const books = [
    ...(await drawnBooks(TUNING, 'typed', 3)),
    ...(await drawnBooks(TUNING, 'hand', 2)),
  ];
  const { outcomes } = await ours(books);
  const curves = [...new Set([...Object.keys(before), ...outcomes.map((o) => o.curve)])].sort();
  const fitted = Object.fromEntries(
    curves.map((curve) => {
      const { a, b } = before[curve] ?? before[curve.replace('line:', '')]!;
      const pairs = outcomes
        .filter((o) => o.curve === curve && o.confidence !== undefined)
        .map((o) => ({
          logit: (Math.log(o.confidence! / (1 - o.confidence!)) - a) / b,
          right: o.right,
        }));
      return [curve, pairs.length < 30 ? { a, b } : fitLogistic(pairs)];
    }),
  );
  await cp(file, `${file}.bak`);
  await writeFile(file, `${JSON.stringify(fitted, null, 2)}\n`);
  await rm(`${file}.bak`);
  table(['ink', 'kind', 'fields', 'exactly right', 'CER'], accuracyTable(outcomes));
  console.log(JSON.stringify(fitted, null, 1));
}

await main();
