import { FIELD_KINDS } from '../../models/field-kinds.ts';
import {
  type Form,
  type FormBlank,
  isBlank,
  isChoice,
  itemsOf,
} from '../../models/forms/define.ts';
import type { Box } from '../../models/geometry.ts';
import { union } from '../../models/geometry.ts';
import type { Register } from '../../models/registers/define.ts';
import { isSyllable } from '../../models/syllable.ts';
import type { Area, Rect, WritingLine } from '../forms/areas.ts';
import {
  type CleanField,
  cleanField,
  INK,
  type OpenedField,
  openField,
} from '../image/clean-field.ts';
import { findComponents } from '../image/components.ts';
import { evenPaper, type Gray } from '../image/gray.ts';
import { leaderStyle } from '../image/leaders.ts';
import { baselines, textLines } from '../image/text-lines.ts';
import { cut } from '../image/upright.ts';
import type { WorkingPage } from '../image/working.ts';
import {
  beliefOf,
  type FieldLine,
  type FieldReading,
  type Opinion,
  ownOpinion,
  type Readers,
  readFieldLines,
  textOf,
  type Word,
} from '../readers/fields.ts';
import type { ApprovedTexts, LanguageKind } from '../readers/line/language.ts';
import { missingItems, type Placement } from './place.ts';
import type { BlankReading, ChoiceReading, Readings } from './reading.ts';

/** The resolution that fields are read at: enough for print, and a 600 dpi scan costs no more. */
const READ_DPI = 300;

/** Cuts every field out, cleans it and has it read. */
export async function read(input: {
  readonly page: WorkingPage;
  readonly placement: Placement;
  readonly form: Form;
  readonly register: Register;
  readonly readers: Readers;
  /** What people approved in the book, which its other pages repeat. */
  readonly approved?: ApprovedTexts;
}): Promise<Readings> {
  const { page, placement, form, register, readers } = input;
  const items = itemsOf(form);
  const isFree = ({ item }: Area) => {
    const one = items[item]!;
    return isBlank(one) && one.area === 'below';
  };
  const isCell = (area: Area) => area.entry !== undefined && !isFree(area);
  const clean = cleanLines(
    page,
    placement.areas.filter((a) => !isFree(a) && !isCell(a)),
  );
  const blanks: { area: Area; lines: readonly FieldLine[] }[] = [];
  const free: Area[] = [];
  const choices: ChoiceReading[] = [];
  for (const area of placement.areas) {
    const item = items[area.item]!;
    if (isChoice(item)) choices.push(readChoice(page, area, item.mark));
    else if (isFree(area)) free.push(area);
    else if (isCell(area) && isBlank(item)) {
      const kind = languageOfBlank(item, register);
      blanks.push({ area, lines: cellLines(page, area, kind) });
    } else if (isBlank(item)) {
      const kind = languageOfBlank(item, register);
      blanks.push({ area, lines: area.lines.map((line) => ({ field: clean(line), kind })) });
    }
  }
  const read = await readFieldLines(
    blanks.flatMap((b) => b.lines),
    readers,
    input.approved,
  );
  let next = 0;
  const done: BlankReading[] = [];
  for (const { area, lines } of blanks) {
    const own = read.slice(next, next + lines.length);
    next += lines.length;
    const reading = readBlank(page, area, lines, own, readers.lines.name);
    // Names of those who sign are stamped in red too, which is no ink.
    const item = items[area.item]!;
    const stamped = isBlank(item) && item.split === 'nameAndPosition' && reading.state === 'blank';
    done.push(stamped ? await readFree(page, area, readers) : reading);
  }
  for (const area of free) done.push(await readFree(page, area, readers));
  return {
    reader: readers.lines.name,
    blanks: done.sort((a, b) => a.item - b.item),
    choices,
    missing: missingItems(form, placement.areas),
  };
}

/** The readings of a page on which the form was not found: nothing, of every field. */
export function nothingRead(form: Form, readers: Readers): Readings {
  return { reader: readers.lines.name, blanks: [], choices: [], missing: missingItems(form, []) };
}

/** A blank that several fields share is no field's kind. */
function languageOfBlank(item: FormBlank, register: Register): LanguageKind {
  const field = item.blank.length === 1 ? register.fields[item.blank[0]!] : undefined;
  if (!field) return 'any';
  // A day or a month alone is a number.
  return item.part ? 'number' : FIELD_KINDS[field.kind].group;
}

function fraction(page: WorkingPage, { x, y, w, h }: Rect): Box {
  const { width, height } = page.upright;
  const clamp = (v: number) => Math.min(1, Math.max(0, v));
  const left = clamp(x / width);
  const top = clamp(y / height);
  return { x: left, y: top, w: clamp((x + w) / width) - left, h: clamp((y + h) / height) - top };
}

/** How far a line without a printed one reaches, in heights of its letters … */
const ABOVE = 2.3;
const BELOW = 0.9;
/** … and in parts of the way to its neighbours. */
const ABOVE_SHARE = 0.82;
const BELOW_SHARE = 0.34;

/** The lines of writing in a table's cell, which nothing but the writing tells. */
function cellLines(page: WorkingPage, area: Area, kind: LanguageKind): FieldLine[] {
  return area.lines.flatMap((whole) => {
    const cell = withoutRules(page, whole);
    const scale = page.dpi / READ_DPI;
    const found = baselines(open(page, page.scan.ink, cell).even, READ_DPI);
    return found.map(({ y, height }, i) => {
      const toLast = y - (found[i - 1]?.y ?? Number.NEGATIVE_INFINITY);
      const toNext = (found[i + 1]?.y ?? Number.POSITIVE_INFINITY) - y;
      const from = Math.max(0, y - Math.min(ABOVE * height, ABOVE_SHARE * toLast));
      const to = y + Math.min(BELOW * height, BELOW_SHARE * toNext);
      const line = {
        ...cell,
        y: cell.y + from * scale,
        h: Math.min(cell.h, to * scale) - from * scale,
        baseline: (y - from) * scale,
      };
      return { field: cleanField(open(page, page.scan.ink, line)), kind };
    });
  });
}

/** So far into a cell, in inches, its own rules may reach. */
const RULE_REACH = 1 / 16;

/** A cell less the rules around it, where the table bends. */
function withoutRules(page: WorkingPage, cell: WritingLine): WritingLine {
  const { even } = open(page, page.scan.ink, cell);
  const { data, width, height } = even;
  const dark = (x: number, y: number) => data[y * width + x]! < INK;
  const share = (along: number, isDark: (i: number) => boolean) => {
    let count = 0;
    for (let i = 0; i < along; i++) if (isDark(i)) count++;
    return count / along;
  };
  /** How many rows or columns from an edge on a rule takes. */
  const taken = (size: number, at: (depth: number) => number) => {
    const reach = Math.min(READ_DPI * RULE_REACH, size / 4);
    let end = 0;
    for (let depth = 0; depth < reach; depth++) if (at(depth) > 0.5) end = depth + 3;
    return end;
  };
  const left = taken(width, (d) => share(height, (y) => dark(d, y)));
  const right = taken(width, (d) => share(height, (y) => dark(width - 1 - d, y)));
  const top = taken(height, (d) => share(width, (x) => dark(x, d)));
  const bottom = taken(height, (d) => share(width, (x) => dark(x, height - 1 - d)));
  const scale = page.dpi / READ_DPI;
  const h = cell.h - (top + bottom) * scale;
  return {
    x: cell.x + left * scale,
    y: cell.y + top * scale,
    w: cell.w - (left + right) * scale,
    h,
    baseline: h,
  };
}

/**
 * Opens all writing lines of a page, so that the free ones tell how leaders are printed on it.
 * @returns what cleans one of them
 */
export function cleanLines(
  page: WorkingPage,
  areas: readonly Area[],
): (line: WritingLine) => CleanField {
  const opened = new Map(
    areas.flatMap((a) => a.lines).map((line) => [line, open(page, page.scan.ink, line)]),
  );
  const style = leaderStyle([...opened.values()], READ_DPI);
  return (line) => cleanField(opened.get(line)!, style);
}

/** Cuts a writing line out of one channel, at the resolution of reading. */
export function open(page: WorkingPage, channel: Gray, line: WritingLine): OpenedField {
  const scale = READ_DPI / page.dpi;
  return openField(cut(channel, page.upright, line, scale), READ_DPI, line.baseline * scale);
}

function readBlank(
  page: WorkingPage,
  area: Area,
  lines: readonly FieldLine[],
  read: readonly (FieldReading | undefined)[],
  reader: string,
): BlankReading {
  const inked = read.filter((r) => r !== undefined);
  const struck = lines.some(({ field }) => field.image && field.struck);
  const state = inked.length === 0 ? 'blank' : struck ? 'struckOut' : 'written';
  const words = inked.map((r) => withoutDirt(r.words));
  const second = inked.map((r) => withoutDirt((r.second ?? r).words));
  const other = inked.find((r) => r.second)?.second?.reader;
  return {
    ...reading(page, area, state, words.flat(), inked[0]?.reader ?? reader),
    candidates: inked.length === 1 ? [...inked[0]!.candidates] : [],
    ...(other ? { second: { reader: other, words: second.flat() } } : {}),
  };
}

/**
 * Words at the ends of a line that are far less sure than the rest: the edge of the label before,
 * of the seal beside.
 */
function withoutDirt(words: readonly Word[]): Word[] {
  if (!words.some((w) => w.belief >= SURE_WORD)) return [...words];
  const dirty = (w: Word) =>
    w.belief < DIRT && w.text.length <= 3 && !(w.text.length > 1 && isSyllable(w.text));
  let from = 0;
  let to = words.length;
  while (from < to && dirty(words[from]!)) from++;
  while (to > from && dirty(words[to - 1]!)) to--;
  return words.slice(from, to);
}

/** A line of a free area with fewer sure words is no text: signatures, seals, show-through. */
const SURE_WORD = 0.6;
/** A word less sure than this in a line of text is dirt beside it. */
const DIRT = 0.35;

/** Letters of a line of text in a table's cell. */
const LEAST_IN_CELL = 2;

/**
 * Reads an area without writing lines, where signatures and seals stand among the words: only lines
 * that were read as words count. Names may be stamped in red, so what the ink does not show is
 * looked for in all colours. Ink without words stays open: written, without a text.
 */
async function readFree(page: WorkingPage, area: Area, readers: Readers): Promise<BlankReading> {
  let inked = false;
  // In a narrow cell the last word of a name stands alone.
  const least = area.entry === undefined ? undefined : LEAST_IN_CELL;
  const { name } = readers.lines;
  for (const channel of [page.scan.ink, page.scan.all]) {
    const words: Word[] = [];
    for (const line of area.lines) {
      const field = open(page, channel, line);
      // What a seal leaves of itself is little; a note is more.
      if (channel === page.scan.ink && cleanField(field).inkArea > (READ_DPI * READ_DPI) / 40)
        inked = true;
      const lines = textLines(field.even, READ_DPI, least);
      const read = await readers.lines.readLines(
        lines.map(({ image }) => ({ field: { image, soft: image }, kind: 'any' as const })),
      );
      for (const { words: all } of read.map((decoded): Opinion => ownOpinion(name, decoded))) {
        const sure = all.filter(
          (w) =>
            w.belief >= SURE_WORD &&
            /\p{L}{2}/u.test(w.text) &&
            // In all colours the seal shows: bits of its ring look like letters, not like words.
            (channel === page.scan.ink || isSyllable(w.text.replace(/\P{L}/gu, ''))),
        );
        // A date or a last word may stand alone on the line below.
        const goesOn = words.length > 0 && all.length > 0 && beliefOf(all) >= 0.75;
        if (!goesOn && (sure.length < 2 || sure.length < all.length * 0.4)) continue;
        words.push(...all.filter((w) => w.belief >= DIRT && /[\p{L}\d]/u.test(w.text)));
      }
    }
    if (words.length > 0) return reading(page, area, 'written', words, name);
    if (page.scan.all === page.scan.ink) break;
  }
  return reading(page, area, inked ? 'written' : 'blank', [], name);
}

function reading(
  page: WorkingPage,
  area: Area,
  state: BlankReading['state'],
  words: readonly Word[],
  reader: string,
): BlankReading {
  return {
    item: area.item,
    ...(area.entry === undefined ? {} : { entry: area.entry }),
    state,
    text: textOf(words),
    words: [...words],
    candidates: [],
    reader,
    box: union(area.lines.map((l) => fraction(page, l)))!,
  };
}

/** Measures the mark at each printed option: a line through it, or ink in the box beside it. */
function readChoice(page: WorkingPage, area: Area, mark: 'strike' | 'tick'): ChoiceReading {
  const scale = READ_DPI / page.dpi;
  const options = area.options.map((option) => ({
    code: option.code,
    box: fraction(page, option),
    strength:
      mark === 'strike' ? strikeStrength(page, option, scale) : tickStrength(page, option, scale),
  }));
  return { item: area.item, options, box: union(options.map((o) => o.box))! };
}

/**
 * How completely a straight line crosses the word, 0 to 1: the best path from the left to the right
 * edge through its middle, counted over the gaps between letters, where print leaves paper.
 */
function strikeStrength(page: WorkingPage, option: Rect, scale: number): number {
  const pad = option.h * 0.25;
  const image = evenPaper(
    cut(
      page.scan.ink,
      page.upright,
      { x: option.x - pad, y: option.y - pad, w: option.w + 2 * pad, h: option.h + 2 * pad },
      scale,
    ),
    64,
  );
  const { data, width, height } = image;
  const inset = Math.round(pad * scale);
  const wide = width - 2 * inset;
  let best = 0;
  const from = Math.round(height * 0.25);
  const to = Math.round(height * 0.8);
  const lean = Math.round(height * 0.5);
  for (let a = from; a <= to; a++)
    for (let b = Math.max(from, a - lean); b <= Math.min(to, a + lean); b += 2) {
      let hit = 0;
      for (let k = 0; k < wide; k++) {
        const i = Math.round(a + ((b - a) * k) / wide) * width + inset + k;
        if (data[i]! < INK || data[i - width]! < INK || data[i + width]! < INK) hit++;
      }
      best = Math.max(best, hit / wide);
    }
  // Print alone covers about 55 to 65 % of a row at x-height; a strike covers nearly all.
  return Math.min(1, Math.max(0, (best - 0.7) / 0.25));
}

/** How much ink lies inside the square box left (or right) of the option's text, 0 to 1. */
function tickStrength(page: WorkingPage, option: Rect, scale: number): number {
  const size = option.h * 1.5;
  const gap = option.h * 0.3;
  const sides = [option.x - gap - size * 1.4, option.x + option.w + gap].map((x) => {
    const image = evenPaper(
      cut(
        page.scan.ink,
        page.upright,
        { x, y: option.y - option.h * 0.4, w: size * 1.4, h: option.h * 1.8 },
        scale,
      ),
      48,
    );
    const { list, labels } = findComponents(image, INK);
    // The box itself: about as high as wide, and hollow.
    const frame = list
      .filter((c) => {
        const w = c.x1 - c.x0 + 1;
        const h = c.y1 - c.y0 + 1;
        return (
          w > 0.45 * option.h * scale && h > 0.45 * option.h * scale && w < 1.6 * h && h < 1.6 * w
        );
      })
      .sort((a, b) => b.area - a.area)[0];
    if (!frame) return undefined;
    const w = frame.x1 - frame.x0 + 1;
    const h = frame.y1 - frame.y0 + 1;
    const inset = Math.max(4, Math.round(Math.min(w, h) * 0.22));
    let dark = 0;
    let all = 0;
    for (let y = frame.y0 + inset; y <= frame.y1 - inset; y++)
      for (let x2 = frame.x0 + inset; x2 <= frame.x1 - inset; x2++) {
        all++;
        if (labels[y * image.width + x2] !== 0) dark++;
      }
    return all === 0 ? undefined : dark / all;
  });
  const inside = sides.find((s) => s !== undefined) ?? 0;
  return Math.min(1, inside / 0.12);
}
