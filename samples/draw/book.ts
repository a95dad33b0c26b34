import type { Canvas } from '@napi-rs/canvas';
import type { Form } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { Box } from '../../models/geometry.ts';
import type { Truth, TruthField, TruthPage } from '../truth.ts';
import { type Ageing, age, strengthOf } from './ageing.ts';
import { compose, type Rect } from './composition.ts';
import { inventEntry } from './entries.ts';
import { handPen, type Pen, typedPen } from './ink.ts';
import { layoutOf, PAGE } from './layouts.ts';
import { type DrawnField, type DrawnPage, drawPage } from './page.ts';
import { type Random, seeded } from './random.ts';
import { drawSheet, type Sheet } from './sheets.ts';
import { inventVolume } from './volume.ts';
import { type Entry, written } from './writing.ts';

export interface BookOptions {
  /** Id of a form, or a form that is in no registry yet. */
  readonly form: string | Form;
  /** Number of the layout, from 1. */
  readonly layout: number;
  readonly seed: number;
  readonly ink: Truth['ink'];
  readonly ageing: Ageing;
  /** After so many entries the book is empty; without it, it has no end. */
  readonly entries?: number;
}

export interface Scan {
  /** A JPEG in colour, as it stands in the PDF. */
  readonly jpeg: Buffer;
  readonly truth: TruthPage;
  /** Of the other entries of the page. */
  readonly more: readonly TruthPage[];
}

export interface DrawnBook {
  /** What the truth says besides its pages. */
  readonly head: Omit<Truth, 'pages'>;
  /** Draws page `index`, from 0; the same options and index give the same bytes. */
  readonly page: (index: number) => Promise<Scan>;
  /** Draws a sheet that is no entry, the `index`-th of its kind, aged as the book is. */
  readonly sheet: (sheet: Sheet, index?: number) => Promise<Buffer>;
}

/** Opens a book that can draw each of its pages, in any order, without end. */
export function openBook(options: BookOptions): DrawnBook {
  const form = typeof options.form === 'string' ? formOf(options.form) : options.form;
  const layout = layoutOf(options.layout);
  const print = compose(form, layout);
  const sheet = print.size ?? PAGE;
  const root = seeded(`${form.id}/${options.layout}/${options.seed}`);
  const volume = inventVolume(form, root.fork('volume'));
  const pens = (kind: 'hand' | 'typed') =>
    [0, 1].map((n) => (kind === 'hand' ? handPen : typedPen)(root.fork(`${kind} ${n}`)));
  const hands = pens('hand');
  const machines = pens('typed');

  const clean = remember((index: number): DrawnPage & { pen: Pen } => {
    const random = root.fork(`page ${index}`);
    const pen = penOf(index, random.fork('pen'));
    const entries = entriesOn(index, random);
    return { ...drawPage(volume, layout, print, entries, pen, random.fork('drawing')), pen };
  });

  function entriesOn(index: number, random: Random): Entry[] {
    const each = form.entriesPerPage;
    if (each === 1) return [inventEntry(volume, index, random.fork('entry'))];
    const count = Math.min(each, (options.entries ?? Number.POSITIVE_INFINITY) - index * each);
    return Array.from({ length: Math.max(0, count) }, (_, i) => ({
      ...inventEntry(volume, index * each + i, random.fork(`entry ${i}`)),
      // A table counts its entries.
      so: written(String(volume.entry(index * each + i).number)),
      trangSo: written(String(volume.firstPage + index).padStart(2, '0')),
    }));
  }

  function penOf(index: number, random: Random): Pen {
    const typed = options.ink === 'typed' || (options.ink === 'mixed' && typedPages(index));
    // One clerk, or one machine, does most of a book.
    const pen = (typed ? machines : hands)[random.chance(0.7) ? 0 : 1]!;
    return typed || random.chance(0.7)
      ? pen
      : { ...pen, colour: random.pick(['#1d1d26', '#20349a', '#1b2f7e']) };
  }

  /** Of every four pages two are typed. */
  function typedPages(index: number): boolean {
    const block = Math.floor(index / 4);
    return root
      .fork(`ink ${block}`)
      .pick(PAIRS)
      .includes(index % 4);
  }

  return {
    sheet: async (sheet, index = 0) => {
      const random = root.fork(`${sheet} ${index}`);
      const canvas = drawSheet(sheet, volume, layout, print, hands[0]!, random.fork('drawing'));
      const aged = random.fork('ageing');
      const other = (): Canvas => clean(index).canvas;
      return (await age(canvas, other, strengthOf(options.ageing, aged), aged)).jpeg;
    },
    head: {
      form: form.id,
      formVersion: form.version,
      layout: options.layout,
      seed: options.seed,
      ink: options.ink,
      ageing: options.ageing,
      width: sheet.width,
      height: sheet.height,
      dpi: PAGE.dpi,
      book: volume.book,
    },
    page: async (index) => {
      const { canvas, entries, pen } = clean(index);
      // Whatever shines through or lies beside it is the page before, or behind the first one.
      const other = (): Canvas => clean(index === 0 ? 1 : index - 1).canvas;
      const random = root.fork(`ageing ${index}`);
      const strength = strengthOf(options.ageing, random);
      const scan = await age(canvas, other, strength, random);
      const place: Places = (rect) => ({
        box: fractions(rect, sheet),
        boxOnScan: fractions(scan.onScan(rect), sheet),
      });
      const truths = entries.map((fields, entry): TruthPage => {
        return {
          index,
          entry,
          ink: pen.ink,
          skew: round(scan.skew),
          ageing: round(strength),
          fields: Object.fromEntries(
            Object.entries(fields).map(([key, field]) => [key, truthOf(field, pen, place)]),
          ),
          labels: print.labels.map((label) => ({ text: label.text, ...place(label.box) })),
        };
      });
      const [truth, ...more] = truths;
      if (!truth) throw new RangeError(`page ${index} is behind the last entry`);
      return { jpeg: scan.jpeg, truth, more };
    },
  };
}

type Places = (rect: Rect) => { box: Box; boxOnScan: Box };

function truthOf(field: DrawnField, pen: Pen, place: Places): TruthField {
  const area = place(field.area);
  return {
    state: field.state,
    ...(field.text === undefined ? {} : { text: field.text }),
    ...(field.normalized === undefined ? {} : { normalized: field.normalized }),
    ...place(field.rect),
    area: area.box,
    areaOnScan: area.boxOnScan,
    ink: pen.ink,
    stamp: field.stamp,
    lines: field.lines.map(({ text, rect }) => ({ text, ...place(rect) })),
  };
}

const PAIRS: readonly (readonly number[])[] = [
  [0, 1],
  [0, 2],
  [0, 3],
  [1, 2],
  [1, 3],
  [2, 3],
];

/** Fractions of the page to five places, about a fiftieth of a pixel; cut at the page's edges. */
function fractions(
  { x, y, w, h }: Rect,
  { width, height }: { width: number; height: number },
): Box {
  const cut = (v: number) => round(Math.min(1, Math.max(0, v)));
  const left = cut(x / width);
  const top = cut(y / height);
  return {
    x: left,
    y: top,
    w: cut(cut((x + w) / width) - left),
    h: cut(cut((y + h) / height) - top),
  };
}

const round = (v: number) => Math.round(v * 1e5) / 1e5;

/** Keeps the last two results: a page is needed again as its neighbour's neighbour. */
function remember<T>(make: (index: number) => T): (index: number) => T {
  const kept = new Map<number, T>();
  return (index) => {
    const known = kept.get(index);
    if (known !== undefined) return known;
    const made = make(index);
    kept.set(index, made);
    for (const old of kept.keys()) if (kept.size > 2) kept.delete(old);
    return made;
  };
}
