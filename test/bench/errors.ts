import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FIELD_KINDS } from '../../models/field-kinds.ts';
import { type FormItem, isBlank, isChoice, itemsOf } from '../../models/forms/define.ts';
import { FORMS, formOf } from '../../models/forms/registry.ts';
import type { PageId } from '../../models/ids.ts';
import { registerOf } from '../../models/registers/registry.ts';
import type { Layout } from '../../pipeline/forms/layout.ts';
import { textLines } from '../../pipeline/image/text-lines.ts';
import { openWorking } from '../../pipeline/image/working.ts';
import { splitPdf } from '../../pipeline/pdf/split.ts';
import type { LineModel } from '../../pipeline/readers/line/line.ts';
import { openReaders } from '../../pipeline/readers/open.ts';
import { place } from '../../pipeline/stages/place.ts';
import { prefill } from '../../pipeline/stages/prefill.ts';
import { cleanLines, open, read } from '../../pipeline/stages/read.ts';
import { straighten } from '../../pipeline/stages/straighten.ts';
import { accuracyTable, compare, type Outcome } from './accuracy.ts';
import { cached, drawnBooks, REPORTED, TUNING } from './books.ts';
import { type Crop, drawSheet } from './error-sheet.ts';
import { remembering } from './remembering-reader.ts';
import { table } from './table.ts';

const USAGE = `usage: npx tsx test/bench/errors.ts [options]

Runs straighten, place, read and prefill on drawn books in this process and lists every wrong field.
What a crop was read as is remembered, so a second run reads changed crops only.

  --set NAME      tuning or reported                       (reported)
  --ink NAME      typed or hand                            (typed)
  --form ID       only this form
  --layout N      only this layout
  --pages 0,3     only these pages of a book               (all)
  --key KEY       sheets show this field only
  --model NAME    line-vi or line-vi-drawn                 (line-vi)
  --out DIR       writes errors.txt and sheets of crops, raw above cleaned`;

const { values: options } = parseArgs({
  options: {
    set: { type: 'string', default: 'reported' },
    ink: { type: 'string', default: 'typed' },
    form: { type: 'string' },
    layout: { type: 'string' },
    pages: { type: 'string' },
    key: { type: 'string' },
    model: { type: 'string', default: 'line-vi' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const PER_BOOK = {
  reported: { typed: 9, hand: 4 },
  tuning: { typed: 3, hand: 2 },
} as const;

interface Wrong {
  readonly outcome: Outcome;
  readonly text: string;
}

async function main(): Promise<void> {
  if (options.help) return void console.log(USAGE);
  const set = options.set === 'tuning' ? TUNING : REPORTED;
  const ink = options.ink === 'hand' ? 'hand' : 'typed';
  const perBook = PER_BOOK[options.set === 'tuning' ? 'tuning' : 'reported'][ink];
  const wantedPages = options.pages?.split(',').map(Number);
  const opened = openReaders(options.model as LineModel);
  const reader = remembering(opened.print, cached('readings.jsonl'));
  const readers = { print: reader, lines: opened.lines };
  const outcomes: Outcome[] = [];
  const wrong: Wrong[] = [];
  const crops: Crop[] = [];
  const limits = { maxPages: 5000, maxPixels: 2e8, memoryMb: 1024, seconds: 60 };
  for (const { pdf, truth } of await drawnBooks(set, ink, perBook)) {
    if (options.form && truth.form !== options.form) continue;
    if (options.layout && truth.layout !== Number(options.layout)) continue;
    const form = formOf(truth.form);
    const items = itemsOf(form);
    const register = registerOf(form.register);
    const layouts: Layout[] = [];
    let index = -1;
    await splitPdf(pdf, limits, async ({ image, dpi }) => {
      index++;
      if (wantedPages && !wantedPages.includes(index)) return;
      const page = truth.pages[index]!;
      const { result, scan } = await straighten({ image, quarterTurns: 0, maxPixels: 2e8 });
      const working = openWorking(scan, result.upright, dpi);
      const { result: placement, learned } = await place({
        page: working,
        ink: result.ink,
        form,
        forms: Object.values(FORMS),
        layouts,
        readers,
      });
      if (learned) layouts.unshift(learned);
      const clean = cleanLines(working, placement.areas);
      const readings = await read({ page: working, placement, form, register, readers });
      const pageId = '00000000-0000-4000-8000-000000000000' as PageId;
      const values = prefill({ readings, form, register, book: truth.book, pageId });
      for (const outcome of compare(values, page, form.register)) {
        outcomes.push(outcome);
        if (outcome.right) continue;
        const { key } = outcome;
        const own = items.flatMap((item, at) =>
          (isBlank(item) && item.blank.includes(key)) || keyOf(item) === key ? [at] : [],
        );
        const blanks = readings.blanks.filter((b) => own.includes(b.item));
        const where = `${truth.form} layout ${truth.layout} page ${index} ${placement.how} ${key}`;
        const raw = blanks
          .map(
            (b) =>
              `${b.reader} ${b.state} ${b.words.map((w) => `${w.text}(${Math.round(100 * w.belief)})`).join(' ')}`,
          )
          .join(' | ');
        const marks = readings.choices
          .filter((c) => keyOf(items[c.item]!) === key)
          .flatMap((c) => c.options.map((o) => `${o.code}: ${o.strength.toFixed(2)}`))
          .join(' ');
        const { kind } = register.fields[key]!;
        const believed = Math.round(100 * (outcome.confidence ?? 0));
        const text = [
          `${where} [${outcome.ink} ${outcome.group} ${kind} ${FIELD_KINDS[kind].group} ${believed} %]`,
          `  want ${outcome.wanted}`,
          `  got  ${outcome.got}`,
          `  read ${raw}${marks}`,
        ].join('\n');
        wrong.push({ outcome, text });
        if (!options.out || (options.key && options.key !== key)) continue;
        for (const area of placement.areas.filter((a) => own.includes(a.item))) {
          const caption = text.replace(/\n {2}/g, ' · ');
          for (const { x, y, w, h } of area.options) {
            const option = { x: x - 40, y: y - 20, w: w + 80, h: h + 40, baseline: h };
            crops.push({ caption, raw: open(working, scan.ink, option).even, image: undefined });
          }
          for (const line of area.lines) {
            if (!isFree(items[area.item]!))
              crops.push({
                caption,
                raw: open(working, scan.ink, line).even,
                image: clean(line).image,
              });
            else
              for (const channel of [scan.ink, scan.all]) {
                const raw = open(working, channel, line).even;
                crops.push({ caption, raw, image: undefined });
                for (const { image } of textLines(raw, 300))
                  crops.push({ caption: '', raw: image, image: undefined });
              }
          }
        }
      }
    });
  }
  await opened.close();
  wrong.sort((a, b) => (group(a) < group(b) ? -1 : 1));
  const list = wrong.map((w) => w.text).join('\n');
  if (options.out) {
    await mkdir(options.out, { recursive: true });
    await writeFile(path.join(options.out, 'errors.txt'), `${list}\n`);
    await drawSheet(crops, options.out);
  } else console.log(list);
  table(['ink', 'kind', 'fields', 'exactly right', 'CER'], accuracyTable(outcomes));
}

const keyOf = (item: FormItem) => (isChoice(item) ? item.choice : undefined);

const isFree = (item: FormItem) => isBlank(item) && item.area === 'below';

const group = ({ outcome }: Wrong) => `${outcome.ink} ${outcome.group} ${outcome.key}`;

await main();
