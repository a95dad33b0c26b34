/**
 * Writes the written lines of a drawn book as `npm run training-set` writes those of an approved one:
 * `npx tsx pipeline/readers/line/train/book.ts --book DIR --out DIR [--pages FROM-TO]`.
 * The book's truth stands in for what people approved; a line is one that a field has alone.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { FIELD_KINDS } from '../../../../models/field-kinds.ts';
import { isBlank, itemsOf } from '../../../../models/forms/define.ts';
import { FORMS, formOf } from '../../../../models/forms/registry.ts';
import { registerOf } from '../../../../models/registers/registry.ts';
import { readTruth } from '../../../../samples/truth.ts';
import type { Layout } from '../../../forms/layout.ts';
import { openWorking } from '../../../image/working.ts';
import { splitPdf } from '../../../pdf/split.ts';
import { place } from '../../../stages/place.ts';
import { cleanLines } from '../../../stages/read.ts';
import { straighten } from '../../../stages/straighten.ts';
import { openReaders } from '../../open.ts';
import { cutToInk } from '../prepare.ts';

const LIMITS = { maxPages: 5000, maxPixels: 2e8, memoryMb: 1024, seconds: 60 };

const { values: options } = parseArgs({
  options: {
    book: { type: 'string' },
    out: { type: 'string' },
    /** First and last page, from 1. */
    pages: { type: 'string', default: '1-100000' },
  },
});
if (!options.book || !options.out) throw new Error('--book DIR and --out DIR are missing');
const [first, last] = options.pages.split('-').map(Number) as [number, number];
const truth = readTruth(path.join(options.book, 'truth.json'));
const form = formOf(truth.form);
const { fields } = registerOf(form.register);
const items = itemsOf(form);
const blanks = items.filter(isBlank);
await mkdir(options.out, { recursive: true });
const readers = openReaders('line-vi-drawn');
const layouts: Layout[] = [];
const labels: string[] = [];
let index = -1;
await splitPdf(path.join(options.book, 'book.pdf'), LIMITS, async ({ image, dpi }) => {
  if (++index + 1 < first || index + 1 > last) return;
  const { result, scan } = await straighten({ image, quarterTurns: 0, maxPixels: 2e8 });
  const page = openWorking(scan, result.upright, dpi);
  const { result: placement, learned } = await place({
    page,
    ink: result.ink,
    form,
    forms: Object.values(FORMS),
    layouts,
    readers,
  });
  if (learned) layouts.unshift(learned);
  const clean = cleanLines(page, placement.areas);
  for (const area of placement.areas) {
    const item = items[area.item]!;
    if (!isBlank(item) || item.area === 'below' || item.blank.length > 1 || item.part) continue;
    const key = item.blank[0]!;
    const field = truth.pages[index]!.fields[key];
    const [text, ...more] = field?.lines ?? [];
    const only = blanks.filter((b) => b.blank.includes(key)).length === 1;
    if (!only || field?.state !== 'written' || !text || more.length > 0 || area.lines.length !== 1)
      continue;
    const ink = cutToInk(clean(area.lines[0]!));
    if (!ink) continue;
    const name = `${String(labels.length + 1).padStart(6, '0')}.png`;
    const { data, width, height } = ink;
    const png = await sharp(data, { raw: { width, height, channels: 1 } })
      .png()
      .toBuffer();
    await writeFile(path.join(options.out!, name), png);
    const kind = FIELD_KINDS[fields[key]!.kind].group;
    labels.push(JSON.stringify({ image: name, text: text.text, cleaned: true, kind }));
  }
});
await readers.close();
await writeFile(path.join(options.out, 'labels.jsonl'), `${labels.join('\n')}\n`);
console.log(`${labels.length} lines`);
