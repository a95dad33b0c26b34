import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { readTruth, type Truth } from '../../samples/truth.ts';

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '../..');

/** Where drawn books are kept between runs. */
const CACHE = path.join(ROOT, 'node_modules/.cache/so-goc-bench');

/** The forms that are measured. */
export const MEASURED = ['birth-2006', 'birth-2015', 'marriage-2006'] as const;
/** Layouts and seeds that thresholds, rules and calibration may be tuned on. */
export const TUNING = { layouts: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], seed: 100 } as const;
/** Those that figures are reported for; nobody looks at their errors to change a rule. */
export const REPORTED = { layouts: [11, 12, 13, 14], seed: 15000 } as const;

/** For what a bench keeps between runs. */
export const cached = (name: string): string => path.join(CACHE, name);

export interface DrawnBook {
  readonly pdf: string;
  readonly truth: Truth;
}

/** Draws one book of each measured form and layout, `pages` each, unless it is there already. */
export async function drawnBooks(
  set: { readonly layouts: readonly number[]; readonly seed: number },
  ink: 'typed' | 'hand',
  pages: number,
): Promise<DrawnBook[]> {
  const books: DrawnBook[] = [];
  for (const form of MEASURED) {
    for (const layout of set.layouts) {
      const seed = set.seed + layout;
      const folder = path.join(CACHE, `${form}-${layout}-${seed}-${ink}-${pages}`);
      const pdf = path.join(folder, 'book.pdf');
      const truth = path.join(folder, 'truth.json');
      const there = await access(truth).then(
        () => true,
        () => false,
      );
      if (!there) {
        process.stderr.write(`drawing ${form}, layout ${layout}, ${ink}, ${pages} pages\n`);
        const args = ['--form', form, '--layout', layout, '--seed', seed, '--ink', ink];
        await run(
          process.execPath,
          [
            '--import',
            'tsx',
            'samples/draw/main.ts',
            ...args,
            '--pages',
            pages,
            '--out',
            folder,
          ].map(String),
          { cwd: ROOT },
        );
      }
      books.push({ pdf, truth: readTruth(truth) });
    }
  }
  return books;
}
