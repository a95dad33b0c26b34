import { type Form, isBlank, isLabel } from '../../models/forms/define.ts';
import { evenPaper, type Gray } from '../image/gray.ts';
import { withoutLeaders } from '../image/leaders.ts';
import { ruleAt, tableRules, type VerticalRule } from '../image/rules.ts';
import { cut } from '../image/upright.ts';
import type { WorkingPage } from '../image/working.ts';
import type { LineReader } from '../readers/line/line.ts';
import { mapBoxes, type ReadLine } from '../readers/port.ts';
import { type Area, areasOf, type Rect } from './areas.ts';
import { lettersOf, matchLabels, occurrences } from './labels.ts';
import { readPrintedRows } from './printed-rows.ts';

/** Where the cells of a form that is one ruled table lie on a page. */
export interface FoundTable {
  /** Share of the letters at the heads of its columns that were read, 0 to 1. */
  readonly score: number;
  readonly areas: readonly Area[];
}

/** The lines of a table's body, as rules that run across the sheet. */
interface Rows {
  /** Above each entry and below the last. */
  readonly entries: readonly VerticalRule[];
  /** Where the heads of the columns begin, in pixels from the top. */
  readonly head: number;
  readonly all: readonly VerticalRule[];
}

/** The entries take at least this part of the page's height. */
const LEAST_BODY = 0.4;
/** A rule may lie so far from where equal entries would have it, in parts of an entry. */
const UNEVEN = 0.05;
/** Heads take at most this part of the page's height. */
const MOST_HEAD = 0.3;
/** A column's head counts as read up to this share of wrong letters. */
const MISREAD = 0.45;
/** So many neighbouring cells may be one column: a fold or a scratch is no rule. */
const MOST_SPLIT = 3;
/** Letters that a joint of two cells must bring. */
const JOINED = 1;
/** Of a cell, in inches: what belongs to its rules. */
const RIM = 1 / 55;

/**
 * Finds a ruled table: its entries by rules that run across at equal distances, its columns by the
 * rules between the heads that the form names.
 * @throws Failure `readerFailed`, `timeout`
 */
export async function findTable(
  page: WorkingPage,
  form: Form,
  reader: LineReader,
): Promise<FoundTable | undefined> {
  const sheet = sheetOf(page);
  const { look } = sheet;
  const { down, across: all } = tableRules(look);
  const entries = findRows(form, all, look.height);
  if (!entries) return undefined;
  const [first, last] = [entries[0]!, entries[entries.length - 1]!];
  const body = [first.x / look.height, last.x / look.height] as const;
  const candidates = down.filter((rule) => isSeen(rule, body));
  const highest = Math.max(0, first.x - look.height * MOST_HEAD);
  const heads: string[] = [];
  for (const [i, rule] of candidates.slice(1).entries()) {
    const left = candidates[i]!;
    const box = { x: left.x, y: highest, w: rule.x - left.x, h: first.x - highest };
    heads.push(lettersOf(textOf(await readPart(sheet, box, reader))));
  }
  const found = assign(form, heads);
  if (!found) return undefined;
  const columns = found.at.map((i) => candidates[i]!);
  const rows: Rows = { entries, all, head: headOf(look, columns, first) };
  return {
    score: found.score,
    areas: [
      ...(await areasAbove(sheet, form, rows, columns, reader)),
      ...cells(sheet, form, rows, columns),
    ],
  };
}

/** A page and the picture of it that its rules are looked for on. */
interface Sheet {
  readonly page: WorkingPage;
  /** Straightened and evened; thin rules vanish from less than {@link LEAST_DPI}. */
  readonly look: Gray;
  /** Pixels of the page for one of `look`. */
  readonly factor: 1 | 2;
}

const LEAST_DPI = 100;
/** What the line recognizer is used to. */
const READ_DPI = 300;

function sheetOf(page: WorkingPage): Sheet {
  if (page.dpi / 2 >= LEAST_DPI) return { page, look: page.half, factor: 2 };
  const { width, height } = page.upright;
  const whole = cut(page.scan.ink, page.upright, { x: 0, y: 0, w: width, h: height });
  return { page, look: evenPaper(whole, 32), factor: 1 };
}

/** Whether a rule runs through most of the table's body. */
function isSeen({ path }: VerticalRule, [from, to]: readonly [number, number]): boolean {
  const bands = path.filter(
    (_, i) => (i + 0.5) / path.length > from && (i + 0.5) / path.length < to,
  );
  return bands.filter((v) => v !== undefined).length >= bands.length * 0.6;
}

/** The rules above and below entries of one height: those that most rules agree with. */
function findRows(
  form: Form,
  rules: readonly VerticalRule[],
  height: number,
): readonly VerticalRule[] | undefined {
  const count = form.entriesPerPage;
  const lines = form.table!.rows;
  let best: { readonly score: number; readonly entries: readonly VerticalRule[] } | undefined;
  for (const top of rules)
    for (const bottom of rules) {
      const each = (bottom.x - top.x) / count;
      if (each * count < height * LEAST_BODY) continue;
      const near = (y: number) => nearest(rules, y, each * UNEVEN);
      let score = 0;
      const entries: VerticalRule[] = [];
      for (let i = 0; i <= count; i++) {
        const rule = near(top.x + i * each);
        score += rule?.seen ?? -0.5;
        entries.push(rule ?? between(top, bottom, i / count));
        // Lines inside an entry do not reach through all columns.
        for (let row = 1; row < lines && i < count; row++)
          score += (near(top.x + (i + row / lines) * each)?.seen ?? 0) * 0.3;
      }
      if (!best || score > best.score) best = { score, entries };
    }
  return best && best.score >= count * 0.75 ? best.entries : undefined;
}

/** So many columns' rules reach up to the top of the table. */
const REACH_UP = 3;

/** The top of the table: the highest place to which several columns' rules run up from its body. */
function headOf(look: Gray, columns: readonly VerticalRule[], first: VerticalRule): number {
  const gap = look.height / 120;
  const tops = columns.map((rule) => {
    let top = first.x;
    for (let y = first.x; y > 0 && top - y < gap; y--) {
      const x = Math.round(ruleAt(rule, y / look.height));
      for (let d = -4; d <= 4; d++) if (look.data[y * look.width + x + d]! < 175) top = y;
    }
    return top;
  });
  const usual = Math.max(0, first.x - look.height * MOST_HEAD);
  const agreed = tops
    .sort((a, b) => a - b)
    .find((top, i) => (tops[i + REACH_UP - 1] ?? Number.POSITIVE_INFINITY) - top < gap);
  return agreed !== undefined && agreed < first.x - gap ? Math.max(usual, agreed) : usual;
}

function nearest(
  rules: readonly VerticalRule[],
  at: number,
  within: number,
): VerticalRule | undefined {
  const close = rules.filter((r) => Math.abs(r.x - at) <= within);
  return close.sort((a, b) => Math.abs(a.x - at) - Math.abs(b.x - at))[0];
}

/** A rule that was not seen, from two others. */
function between(one: VerticalRule, other: VerticalRule, share: number): VerticalRule {
  const mix = (a: number, b: number) => a + (b - a) * share;
  const path = one.path.map((_, band) => {
    const at = (band + 0.5) / one.path.length;
    return mix(ruleAt(one, at), ruleAt(other, at));
  });
  return { x: mix(one.x, other.x), seen: 0, path };
}

/** Lines of print in a part of the sheet; boxes are in pixels of the page. */
async function readPart(
  { page, factor }: Sheet,
  box: Rect,
  reader: LineReader,
): Promise<ReadLine[]> {
  const area = { x: box.x * factor, y: box.y * factor, w: box.w * factor, h: box.h * factor };
  if (area.w < page.dpi / 12 || area.h < page.dpi / 12) return [];
  const scale = READ_DPI / page.dpi;
  const even = evenPaper(cut(page.scan.ink, page.upright, area, scale));
  const lines = await readPrintedRows(withoutLeaders(even, READ_DPI), READ_DPI, reader);
  return lines.map((line) =>
    mapBoxes(line, ({ x0, y0, x1, y1 }) => ({
      x0: x0 / scale + area.x,
      y0: y0 / scale + area.y,
      x1: x1 / scale + area.x,
      y1: y1 / scale + area.y,
    })),
  );
}

/** The words of a cell from line to line; a line may have been read in pieces. */
function textOf(pieces: readonly ReadLine[]): string {
  const lines: ReadLine[][] = [];
  for (const piece of [...pieces].sort((a, b) => a.box.y0 - b.box.y0)) {
    const { y0, y1 } = piece.box;
    const own = lines.find(([first]) => first && (y0 + y1) / 2 < first.box.y1);
    if (own) own.push(piece);
    else lines.push([piece]);
  }
  return lines
    .flatMap((line) => line.sort((a, b) => a.box.x0 - b.box.x0))
    .flatMap((piece) => piece.words.map((w) => w.text))
    .join(' ');
}

/**
 * Which rules bound the form's columns: of all ways to join neighbouring cells the one in which most
 * letters of the heads were read. `at` are indices of rules, one more than columns.
 */
function assign(
  form: Form,
  heads: readonly string[],
): { readonly at: readonly number[]; readonly score: number } | undefined {
  const labels = form.table!.columns.map(({ items }) =>
    isLabel(items[0]!) ? lettersOf(items[0].label) : '',
  );
  const letters = labels.reduce((sum, label) => sum + label.length, 0);
  interface Way {
    readonly read: number;
    readonly at: readonly number[];
  }
  // By the rule at which the columns so far end.
  let ways = new Map<number, Way>(heads.map((_, i) => [i, { read: 0, at: [i] }]));
  for (const label of labels) {
    const next = new Map<number, Way>();
    for (const [from, way] of ways)
      for (let to = from + 1; to <= Math.min(heads.length, from + MOST_SPLIT); to++) {
        const text = heads.slice(from, to).join('');
        const joined = (to - from - 1) * JOINED;
        const read = way.read + label.length * similarity(label, text) - joined;
        if (read <= (next.get(to)?.read ?? -1)) continue;
        next.set(to, { read, at: [...way.at, to] });
      }
    ways = next;
  }
  const best = [...ways.values()].sort((a, b) => b.read - a.read)[0];
  return best && { at: best.at, score: best.read / letters };
}

/** How well a label stands somewhere in a text, 0 to 1. */
function similarity(label: string, text: string): number {
  const found = occurrences(text, label, Math.floor(label.length * MISREAD));
  return found.reduce((most, { edits }) => Math.max(most, 1 - edits / label.length), 0);
}

/** The places of the form's lines above the table. */
async function areasAbove(
  sheet: Sheet,
  form: Form,
  rows: Rows,
  columns: readonly VerticalRule[],
  reader: LineReader,
): Promise<readonly Area[]> {
  const above = { ...form, table: undefined, margin: [] };
  const { look, factor } = sheet;
  const strip = { x: 0, y: 0, w: look.width, h: rows.head };
  const { found } = matchLabels(above, await readPart(sheet, strip, reader));
  if (found.length === 0) return [];
  const [left, right] = [columns[0]!.x, columns[columns.length - 1]!.x].map((x) => x * factor);
  return areasOf(above, found, { left: left!, right: right!, bottom: rows.head * factor });
}

/** The cells of all entries, in pixels of the straightened sheet. */
function cells(
  { page, look, factor }: Sheet,
  form: Form,
  { entries, all }: Rows,
  columns: readonly VerticalRule[],
): Area[] {
  const rim = page.dpi * RIM;
  const lines = form.table!.rows;
  const areas: Area[] = [];
  let item = form.lines.flat().length;
  for (const [column, { items }] of form.table!.columns.entries()) {
    const [left, right] = [columns[column]!, columns[column + 1]!];
    const across = (left.x + right.x) / 2 / look.width;
    for (const one of items) {
      const at = item++;
      if (!isBlank(one)) continue;
      for (let entry = 0; entry < form.entriesPerPage; entry++) {
        const line = (row: number) => lineOf(entry, row);
        const rules =
          one.row === undefined ? [line(0), line(lines)] : [line(one.row), line(one.row + 1)];
        const [top, bottom] = rules.map((rule) => ruleAt(rule!, across) * factor) as [
          number,
          number,
        ];
        const down = (top + bottom) / 2 / factor / look.height;
        const x = ruleAt(left, down) * factor + rim;
        const w = Math.max(1, ruleAt(right, down) * factor - rim - x);
        const h = Math.max(1, bottom - top - 2 * rim);
        areas.push({
          item: at,
          entry,
          lines: [{ x, y: top + rim, w, h, baseline: h }],
          options: [],
        });
      }
    }
  }
  return areas;

  /** The rule above the line `row` of an entry. */
  function lineOf(entry: number, row: number): VerticalRule {
    const [top, bottom] = [entries[entry]!, entries[entry + 1]!];
    if (row === 0) return top;
    if (row === lines) return bottom;
    const each = bottom.x - top.x;
    const seen = nearest(all, top.x + (each * row) / lines, each * UNEVEN * 2);
    return seen ?? between(top, bottom, row / lines);
  }
}
