import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { FIELD_KINDS } from '../../models/field-kinds.ts';
import type { FormBlank } from '../../models/forms/define.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { tidy } from '../../models/text.ts';
import type { OtherWriting, Print, PrintedBlank, PrintedChoice, Rect } from './composition.ts';
import { type DrawnWord, type Pen, type Run, strikeOut, tick, wordsThatFit, write } from './ink.ts';
import { type Layout, PAGE } from './layouts.ts';
import { communeTexts } from './places.ts';
import { drawPrint } from './print.ts';
import type { Random } from './random.ts';
import { nameStamp, seal, signature, stampSet } from './stamps.ts';
import { partsOf, type Volume } from './volume.ts';
import type { Entry, Writing } from './writing.ts';

/** One field as drawn, in pixels of the upright page. */
export interface DrawnField {
  readonly state: 'written' | 'blank' | 'struckOut';
  readonly text?: string;
  readonly normalized?: string;
  readonly rect: Rect;
  readonly area: Rect;
  readonly stamp: boolean;
  readonly lines: readonly { readonly text: string; readonly rect: Rect }[];
}

/** By field key. */
export type DrawnFields = Readonly<Record<string, DrawnField>>;

export interface DrawnPage {
  readonly canvas: Canvas;
  /** Of each entry, from the top. */
  readonly entries: readonly DrawnFields[];
}

/** Draws the upright, clean page: print, writing, signatures, stamps. */
export function drawPage(
  volume: Volume,
  layout: Layout,
  print: Print,
  entries: readonly Entry[],
  pen: Pen,
  random: Random,
): DrawnPage {
  const { width, height } = print.size ?? PAGE;
  const canvas = createCanvas(width, height);
  const ctx = canvas.getContext('2d');
  ctx.fillStyle = '#ffffff';
  ctx.fillRect(0, 0, width, height);
  drawPrint(ctx, print, layout);
  if (!volume.form.table)
    return { canvas, entries: [drawEntry(ctx, volume, print, entries[0]!, pen, random)] };
  const ofAll = print.blanks.filter((b) => b.entry === undefined);
  const shared = entries[0]
    ? drawEntry(ctx, volume, ownOf(print, ofAll), entries[0], pen, random.fork('all'))
    : {};
  return {
    canvas,
    entries: entries.map((entry, i) => {
      const own = ownOf(print, print.blanks, i);
      const drawing = random.fork(`entry ${i}`);
      drawOthers(ctx, volume, own.others ?? [], pen, drawing.fork('others'));
      return { ...shared, ...drawEntry(ctx, volume, own, entry, pen, drawing) };
    }),
  };
}

/** A print reduced to one entry of its table, or to what belongs to all of them. */
function ownOf(print: Print, blanks: readonly PrintedBlank[], entry?: number): Print {
  return {
    ...print,
    blanks: blanks.filter((b) => b.entry === entry),
    signatures: print.signatures.filter((s) => s.entry === entry),
    others: (print.others ?? []).filter((o) => o.entry === entry),
  };
}

/** What stands in columns that the register has no field for. */
function drawOthers(
  ctx: SKRSContext2D,
  volume: Volume,
  others: readonly OtherWriting[],
  pen: Pen,
  random: Random,
): void {
  for (const { column, lines, pitch } of others) {
    const texts = /lần/.test(column)
      ? [random.pick(['1', 'Lần 1', 'một'])]
      : communeTexts(random.pick([volume.commune, ...volume.neighbours]), volume.places);
    const own = { ...pen, size: pen.size * Math.min(1, pitch / 92) };
    const alternatives = texts.map((text) => [{ text }]);
    write(ctx, wordsThatFit(alternatives, lines, own, random), own, random);
  }
}

/** Writes, signs and stamps one entry. */
function drawEntry(
  ctx: SKRSContext2D,
  volume: Volume,
  print: Print,
  entry: Entry,
  pen: Pen,
  random: Random,
): DrawnFields {
  const fields: Record<string, DrawnField> = {};
  const kinds = registerOf(volume.form.register).fields;
  const normalized = (key: string, text: string) =>
    FIELD_KINDS[kinds[key]!.kind].normalize(text, kinds[key]!.list);
  // Officials sign in their own ink.
  const official = random.pick(['#1b2f7e', '#20349a', '#1d1d26', '#2436a0']);
  let sealAt: { x: number; y: number } | undefined;
  const parts = new Map<string, { words: DrawnWord[]; area: Rect }[]>();

  for (const blank of print.blanks) {
    const { item } = blank;
    const key = item.blank[0]!;
    const area = areaOf(blank);
    if (item.part) {
      const text = partText(entry[key]!, item.part, random);
      const words = text === undefined ? [] : writeOn(ctx, blank, [[{ key, text }]], pen, random);
      parts.set(key, [...(parts.get(key) ?? []), { words, area }]);
      continue;
    }
    const stamped =
      blank.place === 'signature'
        ? // Only officials have a stamp of their name.
          key === 'nguoiThucHien' && (pen.ink === 'typed' || random.chance(0.55))
        : item.split === 'nameAndPosition' && pen.ink === 'hand' && random.chance(0.18);
    if (blank.place === 'signature') {
      signature(ctx, signatureRoom(print, area), official, random);
    }
    if (item.split === 'nameAndPosition' && blank.place === 'line') {
      const last = blank.lines[blank.lines.length - 1]!;
      sealAt = {
        x: last.x + last.w * random.between(0.7, 1.02),
        y: last.y + random.between(60, 190),
      };
    }
    if (stamped && entry[key]!.texts.length > 0) {
      Object.assign(fields, stampOn(ctx, blank, entry, area, random));
      continue;
    }
    const alternatives = compose(item, entry, random);
    const words = alternatives.length === 0 ? [] : writeOn(ctx, blank, alternatives, pen, random);
    if (entry[key]!.struckOut) {
      for (const line of linesOf(words, undefined)) strikeOut(ctx, line.rect, pen, random);
    }
    for (const k of item.blank) fields[k] = fieldOf(k, words, area, entry[k]!);
  }
  for (const [key, drawn] of parts) fields[key] = fieldInParts(key, drawn);
  for (const choice of print.choices) {
    fields[choice.item.choice] = choose(ctx, choice, entry[choice.item.choice]!, pen, random);
  }
  for (const area of print.signatures) {
    if (!print.blanks.some((b) => b.place === 'signature' && inside(area, areaOf(b))))
      if (random.chance(0.93)) signature(ctx, area, random.pick(HAND_INKS), random);
  }
  // A table has no certificates' seals.
  if (!volume.form.table && random.chance(0.8)) pressSeal(sealAt);
  return fields;

  function fieldOf(key: string, words: readonly DrawnWord[], area: Rect, w: Writing): DrawnField {
    const own = words.filter((word) => word.key === key);
    if (own.length === 0) return { state: 'blank', rect: area, area, stamp: false, lines: [] };
    const text = tidy(own.map((word) => word.text).join(' '));
    const value = w.struckOut ? undefined : (w.normalized ?? normalized(key, text));
    return {
      state: w.struckOut ? 'struckOut' : 'written',
      text,
      ...(value === undefined ? {} : { normalized: value }),
      rect: around(own.map((word) => word.box)),
      area,
      stamp: false,
      lines: linesOf(own, key),
    };
  }

  function fieldInParts(
    key: string,
    drawn: readonly { words: DrawnWord[]; area: Rect }[],
  ): DrawnField {
    const words = drawn.flatMap((d) => d.words);
    const area = around(drawn.map((d) => d.area));
    if (words.length === 0) return { state: 'blank', rect: area, area, stamp: false, lines: [] };
    const text = entry[key]!.time
      ? words.map((w, i) => `${w.text} ${['giờ', 'phút'][i]}`).join(' ')
      : words.map((w) => w.text).join('.');
    const value = normalized(key, text);
    return {
      state: 'written',
      text,
      ...(value === undefined ? {} : { normalized: value }),
      rect: around(words.map((w) => w.box)),
      area,
      stamp: false,
      lines: words.map((w) => ({ text: w.text, rect: w.box })),
    };
  }

  function stampOn(
    ctx: SKRSContext2D,
    blank: PrintedBlank,
    entry: Entry,
    area: Rect,
    random: Random,
  ): Record<string, DrawnField> {
    const stamps = stampSet(random);
    const order =
      blank.item.split === 'nameAndPosition' ? [...blank.item.blank].reverse() : blank.item.blank;
    const result: Record<string, DrawnField> = {};
    const lines = blank.lines;
    const oneLine = lines.length < order.length;
    for (const [i, key] of order.entries()) {
      const text = entry[key]!.texts[0];
      if (text === undefined) {
        result[key] = { state: 'blank', rect: area, area, stamp: false, lines: [] };
        continue;
      }
      const line = lines[Math.min(i, lines.length - 1)]!;
      const share = oneLine ? line.w / order.length : line.w;
      const centre = oneLine
        ? line.x + share * (i + 0.5)
        : line.x + line.w * (blank.place === 'signature' ? 0.5 : random.between(0.45, 0.6));
      const y = line.y + random.between(-12, 10);
      const rect = nameStamp(ctx, { x: centre, y }, share * 0.9, text, stamps, random);
      const value = normalized(key, text);
      result[key] = {
        state: 'written',
        text,
        ...(value === undefined ? {} : { normalized: value }),
        rect,
        area,
        stamp: true,
        lines: [{ text, rect }],
      };
    }
    return result;
  }

  /** Below where the signatory is named, often across the margin rule. */
  function pressSeal(at: { x: number; y: number } | undefined): void {
    const { commune } = volume;
    const place = at ?? { x: PAGE.width * 0.6, y: PAGE.height * 0.82 };
    const x =
      print.marginRule !== undefined && random.chance(0.55)
        ? print.marginRule + random.between(-160, 60)
        : place.x;
    const radius = random.between(195, 215);
    const upper = (text: string) => text.toLocaleUpperCase('vi');
    seal(
      ctx,
      {
        x: Math.min(Math.max(x, radius + 40), PAGE.width - radius - 30),
        y: Math.min(place.y, PAGE.height - radius - 40),
      },
      radius,
      {
        top: upper(`U.B.N.D ${commune.kind} ${commune.name}`),
        bottom: upper(`${commune.districtKind} ${commune.district} - ${commune.province}`).slice(
          0,
          30,
        ),
      },
      random,
    );
  }
}

const HAND_INKS = ['#20349a', '#1b2f7e', '#1d1d26', '#2a3fae'];

const two = (n: number) => String(n).padStart(2, '0');

/** What is written for one part of a date or time; undefined where nothing is. */
function partText(
  { day, time }: Writing,
  part: NonNullable<FormBlank['part']>,
  random: Random,
): string | undefined {
  if (part === 'hour') return time && String(time.hour);
  if (part === 'minute') return time && two(time.minute);
  if (day === undefined) return undefined;
  const parts = partsOf(day);
  if (part === 'year') return String(parts.year);
  // Clerks pad the first ten days and the first months against later additions, but not always.
  return random.chance(0.85) ? two(parts[part]) : String(parts[part]);
}

/** The ways to write what a blank asks, fields that share it put together as people do. */
function compose(item: FormBlank, entry: Entry, random: Random): Run[][] {
  const first = (key: string) => entry[key]?.texts[0];
  if (item.split === 'nameAndPosition') {
    const [name, position] = item.blank as [string, string];
    const who = first(name);
    const what = first(position);
    if (who === undefined) return what === undefined ? [] : [[{ key: position, text: what }]];
    if (what === undefined) return [[{ key: name, text: who }]];
    const forms: Run[][] = [
      [
        { key: name, text: who, tail: ',' },
        { key: position, text: what },
      ],
      [{ key: name, text: who }, { text: '-' }, { key: position, text: what }],
      [
        { key: position, text: what },
        { key: name, text: who },
      ],
    ];
    return [random.weighted(forms.map((form, i) => [form, i === 2 ? 1 : 3] as const))];
  }
  if (item.split === 'identityDocument') {
    const [kind, number, day, authority] = item.blank as [string, string, string?, string?];
    const head: Run[] = [
      { key: kind, text: first(kind) ?? '' },
      ...(random.chance(0.6) ? [{ text: 'số' }] : []),
    ];
    // Some forms ask no more than kind and number.
    if (day === undefined || authority === undefined) {
      const short = [...head, { key: number, text: first(number) ?? '' }];
      return first(number) === undefined ? [] : [short];
    }
    const offices = entry[authority]?.texts ?? [];
    const dated: Run[] = [{ text: 'cấp ngày' }, { key: day, text: first(day) ?? '' }];
    const before = random.chance(0.5);
    return offices.map((office) =>
      before
        ? [
            ...head,
            { key: number, text: first(number) ?? '' },
            { text: 'do' },
            { key: authority, text: office },
            ...dated,
          ]
        : [
            ...head,
            { key: number, text: first(number) ?? '', tail: ',' },
            ...dated.slice(0, 1),
            { ...dated[1]!, tail: ',' },
            { text: 'nơi cấp' },
            { key: authority, text: office },
          ],
    );
  }
  if (item.split === 'timeAndDate') {
    const [time, day] = item.blank as [string, string];
    const [at, on] = [first(time), first(day)];
    if (on === undefined) return [];
    const dated: Run[] = [{ text: 'ngày' }, { key: day, text: on }];
    return [at === undefined ? dated : [{ key: time, text: at, tail: ',' }, ...dated]];
  }
  const key = item.blank[0]!;
  return entry[key]!.texts.map((text) => [{ key, text }]);
}

function writeOn(
  ctx: SKRSContext2D,
  blank: PrintedBlank,
  alternatives: readonly (readonly Run[])[],
  pen: Pen,
  random: Random,
): DrawnWord[] {
  const size = blank.place === 'margin' ? 0.74 : Math.min(1, blank.pitch / 92);
  const first = alternatives[0]!.map((run) => run.text).join(' ');
  const capitals = /^\P{Ll}*\p{Lu}{2}\P{Ll}*$/u.test(first);
  const own =
    capitals && pen.block
      ? { ...pen, ...pen.block, size: pen.block.size * size, loose: true, figures: 1 }
      : { ...pen, size: pen.size * size };
  const lines =
    blank.place === 'signature'
      ? blank.lines.map((l) => ({ ...l, x: l.x + l.w * 0.18, w: l.w * 0.82 }))
      : blank.lines;
  return write(ctx, wordsThatFit(alternatives, lines, own, random), own, random);
}

function choose(
  ctx: SKRSContext2D,
  choice: PrintedChoice,
  writing: Writing,
  pen: Pen,
  random: Random,
): DrawnField {
  const boxes = choice.options.flatMap((o) => (o.square ? [o.box, o.square] : [o.box]));
  const area = around(boxes);
  const chosen = choice.options.find((o) => o.code === writing.normalized);
  if (!chosen) return { state: 'blank', rect: area, area, stamp: false, lines: [] };
  const field = { state: 'written', text: chosen.text, normalized: chosen.code } as const;
  if (chosen.square) {
    tick(ctx, chosen.square, pen, random);
    return { ...field, rect: around([chosen.box, chosen.square]), area, stamp: false, lines: [] };
  }
  for (const option of choice.options) {
    if (option !== chosen) strikeOut(ctx, option.box, pen, random);
  }
  return { ...field, rect: chosen.box, area, stamp: false, lines: [] };
}

/** What stands on each writing line, top to bottom, of one field or of all. */
function linesOf(words: readonly DrawnWord[], key: string | undefined) {
  const own = key === undefined ? words : words.filter((w) => w.key === key);
  return [...new Set(own.map((w) => w.line))].map((line) => {
    const ofLine = own.filter((w) => w.line === line);
    return {
      text: ofLine.map((w) => w.text).join(' '),
      rect: around(ofLine.map((w) => w.box)),
    };
  });
}

function areaOf(blank: PrintedBlank): Rect {
  return around(
    blank.lines.map((l) => ({ x: l.x, y: l.y - blank.pitch * 0.72, w: l.w, h: blank.pitch })),
  );
}

function signatureRoom(print: Print, area: Rect): Rect {
  return print.signatures.find((s) => inside(s, area)) ?? area;
}

/** True when `room` is the signing room above the name's `area`. */
function inside(room: Rect, area: Rect): boolean {
  return Math.abs(room.x - area.x) < 2 && Math.abs(room.w - area.w) < 2;
}

export function around(rects: readonly Rect[]): Rect {
  const x = Math.min(...rects.map((r) => r.x));
  const y = Math.min(...rects.map((r) => r.y));
  return {
    x,
    y,
    w: Math.max(...rects.map((r) => r.x + r.w)) - x,
    h: Math.max(...rects.map((r) => r.y + r.h)) - y,
  };
}
