import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { formOf, PRINTED } from '../../models/forms/registry.ts';
import type { PageId } from '../../models/ids.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { openWorking } from '../../pipeline/image/working.ts';
import { openReaders } from '../../pipeline/readers/open.ts';
import { place } from '../../pipeline/stages/place.ts';
import { prefill } from '../../pipeline/stages/prefill.ts';
import { read } from '../../pipeline/stages/read.ts';
import { ofEntry } from '../../pipeline/stages/reading.ts';
import { straighten } from '../../pipeline/stages/straighten.ts';
import { openBook } from '../../samples/draw/book.ts';
import { accuracyTable, compare, type Outcome } from './accuracy.ts';
import { REPORTED, TUNING } from './books.ts';
import { table } from './table.ts';

/*
 * `npx tsx test/bench/spreads.ts [--pages N] [--tuning] [--errors]`: drawn A3 tables from scan to
 * prefilled entries in one process: seconds a spread, entries found, and field accuracy.
 */
const { values: options } = parseArgs({
  options: {
    pages: { type: 'string', default: '3' },
    form: { type: 'string', default: 'marriage-1999' },
    tuning: { type: 'boolean', default: false },
    errors: { type: 'boolean', default: false },
  },
});

sharp.concurrency(1);
sharp.cache(false);
const set = options.tuning ? TUNING : REPORTED;
const form = formOf(options.form);
const register = registerOf(form.register);
const readers = openReaders('line-vi');
const outcomes: Outcome[] = [];
let [spreads, entries, unplaced, seconds] = [0, 0, 0, 0];
for (const layout of set.layouts)
  for (const ink of ['typed', 'hand'] as const) {
    const book = openBook({ form, layout, seed: set.seed + 700 + layout, ink, ageing: 'mixed' });
    for (let index = 0; index < Number(options.pages); index++) {
      const { jpeg, truth, more } = await book.page(index);
      const start = process.cpuUsage();
      const { result, scan } = await straighten({
        image: jpeg,
        quarterTurns: 0,
        maxPixels: 2e8,
        dpi: book.head.dpi,
        paper: form.paper,
      });
      const page = openWorking(scan, result.upright, book.head.dpi);
      const placed = await place({ page, form, forms: PRINTED, layouts: [], readers });
      const readings = await read({ page, placement: placed.result, form, register, readers });
      const values = [truth, ...more].map(({ entry }) =>
        prefill({
          readings: ofEntry(readings, entry),
          form,
          register,
          book: book.head.book,
          pageId: 'page' as PageId,
        }),
      );
      const { user, system } = process.cpuUsage(start);
      seconds += (user + system) / 1e6;
      spreads++;
      if (placed.result.how === 'none') unplaced++;
      for (const [i, drawn] of [truth, ...more].entries()) {
        entries++;
        for (const outcome of compare(values[i]!, drawn, form.register)) {
          outcomes.push(outcome);
          if (options.errors && !outcome.right)
            console.log(
              `${layout} ${ink} ${index}.${i} ${outcome.key}: ${outcome.got} | ${outcome.wanted}`,
            );
        }
      }
    }
  }
await readers.close();
console.log(
  `${spreads} spreads, ${entries} entries, ${unplaced} spreads not placed; ${(seconds / spreads).toFixed(2)} core-seconds a spread\n`,
);
table(['ink', 'kind', 'fields', 'exactly right', 'CER'], accuracyTable(outcomes));
