import sharp from 'sharp';
import { FORMS, formOf } from '../../models/forms/registry.ts';
import { registerOf } from '../../models/registers/registry.ts';
import type { Layout } from '../../pipeline/forms/layout.ts';
import { openWorking } from '../../pipeline/image/working.ts';
import { splitPdf } from '../../pipeline/pdf/split.ts';
import { openReaders } from '../../pipeline/readers/open.ts';
import { place } from '../../pipeline/stages/place.ts';
import { read } from '../../pipeline/stages/read.ts';
import { straighten } from '../../pipeline/stages/straighten.ts';
import { drawnBooks, TUNING } from './books.ts';

/**
 * `npx tsx test/bench/memory.ts [PAGES]`: resident memory of one process that straightens, places and
 * reads PAGES pages (1,000), as a worker process does, after each tenth of them. One look may fall
 * before or after the collector's, so each figure is the highest of the last ten pages.
 */
const wanted = Number(process.argv[2] ?? 1000);
const tenth = Math.max(1, Math.round(wanted / 10));
const LAST = 10;

sharp.concurrency(1);
sharp.cache(false);
const books = await drawnBooks(TUNING, 'typed', 3);
const limits = { maxPages: 5000, maxPixels: 2e8, memoryMb: 1024, seconds: 60 };
const readers = openReaders('line-vi');
const recent: number[] = [];
const marks: number[] = [];
const enough = new AbortController();
let pages = 0;
while (pages < wanted) {
  for (const { pdf, truth } of books) {
    if (pages >= wanted) break;
    const form = formOf(truth.form);
    const layouts: Layout[] = [];
    await splitPdf(
      pdf,
      limits,
      async ({ image, dpi }) => {
        const { result, scan } = await straighten({ image, quarterTurns: 0, maxPixels: 2e8 });
        const page = openWorking(scan, result.upright, dpi);
        const placed = await place({
          page,
          ink: result.ink,
          form,
          forms: Object.values(FORMS),
          layouts,
          readers,
        });
        if (placed.learned) layouts.unshift(placed.learned);
        layouts.length = Math.min(layouts.length, 4);
        const register = registerOf(form.register);
        await read({ page, placement: placed.result, form, register, readers });
        recent.push(process.memoryUsage.rss() / 2 ** 20);
        if (++pages % tenth === 0) {
          marks.push(Math.max(...recent.splice(0).slice(-LAST)));
          console.log(`page ${pages}: ${marks.at(-1)!.toFixed(0)} MiB`);
        }
        if (pages >= wanted) enough.abort();
      },
      { signal: enough.signal },
    ).catch((error) => {
      if (!enough.signal.aborted) throw error;
    });
  }
}
await readers.close();
const [first, last] = [marks[0], marks.at(-1)];
if (first && last)
  console.log(
    `page ${tenth * marks.length} against page ${tenth}: ${(last / first).toFixed(2)}; ` +
      `${(process.cpuUsage().user / 1e6 / pages).toFixed(2)} s of CPU a page`,
  );
