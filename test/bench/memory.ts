import { FORMS, formOf } from '../../models/forms/registry.ts';
import type { Layout } from '../../pipeline/forms/layout.ts';
import { openWorking } from '../../pipeline/image/working.ts';
import { splitPdf } from '../../pipeline/pdf/split.ts';
import { openTesseract } from '../../pipeline/readers/tesseract.ts';
import { place } from '../../pipeline/stages/place.ts';
import { read } from '../../pipeline/stages/read.ts';
import { straighten } from '../../pipeline/stages/straighten.ts';
import { drawnBooks, TUNING } from './books.ts';

/**
 * `npx tsx test/bench/memory.ts [PAGES]`: resident memory of one process that straightens, places and
 * reads PAGES pages (1,000), printed at every hundredth page.
 */
const wanted = Number(process.argv[2] ?? 1000);
const books = await drawnBooks(TUNING, 'typed', 3);
const limits = { maxPages: 5000, maxPixels: 2e8, memoryMb: 1024, seconds: 60 };
const reader = openTesseract();
const at = new Map<number, number>();
let pages = 0;
while (pages < wanted) {
  for (const { pdf, truth } of books) {
    const form = formOf(truth.form);
    const layouts: Layout[] = [];
    await splitPdf(pdf, limits, async ({ image, dpi }) => {
      if (pages >= wanted) return;
      const { result, scan } = await straighten({ image, quarterTurns: 0, maxPixels: 2e8 });
      const page = openWorking(scan, result.upright, dpi);
      const placed = await place({
        page,
        ink: result.ink,
        form,
        forms: Object.values(FORMS),
        layouts,
        reader,
      });
      if (placed.learned && layouts.length < 4) layouts.push(placed.learned);
      await read({ page, placement: placed.result, form, reader });
      pages++;
      if (pages % 100 === 0) {
        at.set(pages, process.memoryUsage.rss() / 2 ** 20);
        console.log(`page ${pages}: ${at.get(pages)!.toFixed(0)} MiB`);
      }
    });
  }
}
await reader.close();
const first = at.get(100);
const last = at.get(Math.floor(pages / 100) * 100);
if (first && last) console.log(`page ${pages} against page 100: ${(last / first).toFixed(2)}`);
