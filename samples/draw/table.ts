import { type Form, isBlank, isLabel } from '../../models/forms/define.ts';
import type {
  OtherWriting,
  Print,
  PrintedBlank,
  PrintedLabel,
  Rect,
  SignatureRoom,
  Stroke,
  WritingLine,
} from './composition.ts';
import { LEADING } from './composition.ts';
import { font, widthOf } from './fonts.ts';
import { type Layout, PAGE, SPREAD } from './layouts.ts';
import { seeded } from './random.ts';

/** What a column is wide by what is asked in it, in pixels of the usual print. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/^(STT|Số)$/, 140],
  [/^Ngày, tháng, năm cấp/, 300],
  [/^Họ và tên/, 560],
  [/^Ngày, tháng, năm sinh/, 300],
  [/^Dân tộc/, 190],
  [/^Quốc tịch/, 220],
  [/^Quê quán/, 470],
  [/^Nơi/, 590],
  [/^Giấy/, 500],
  [/^Kết hôn lần/, 150],
  [/^Chữ ký/, 340],
  [/^Họ tên, chức vụ/, 430],
  [/^Họ tên, chữ ký/, 370],
];
const USUAL = 290;

/**
 * Sets a form that is one table over an open book, in the way of a house.
 * @throws Error for a form without a table
 */
export function composeTable(form: Form, layout: Layout): Print {
  if (!form.table) throw new Error(`${form.id} has no table`);
  const { rows, columns } = form.table;
  const random = seeded(`table/${layout.house}`);
  const size = layout.size * random.between(0.62, 0.7);
  const type = font(layout.labels, size);
  const frame: Rect = box(
    Math.max(165, layout.frame.left * 0.8),
    layout.frame.top + random.between(60, 150),
    SPREAD.width - Math.max(150, PAGE.width - layout.frame.right),
    layout.frame.bottom,
  );
  const right = frame.x + frame.w;
  const bottom = frame.y + frame.h;
  const labels: PrintedLabel[] = [];
  const blanks: PrintedBlank[] = [];
  const others: OtherWriting[] = [];
  const signatures: SignatureRoom[] = [];
  const rules: Stroke[] = [];
  const across = (y: number, from: number, to: number) =>
    rules.push({ from: { x: from, y }, to: { x: to, y } });
  const down = (x: number, from: number, to: number) =>
    rules.push({ from: { x, y: from }, to: { x, y: to } });

  const heads = columns.map(({ items }) => (isLabel(items[0]!) ? items[0].label : ''));
  const wide = heads.map(
    (head) => (WIDTHS.find(([of]) => of.test(head))?.[1] ?? USUAL) * random.between(0.9, 1.12),
  );
  const all = wide.reduce((a, b) => a + b, 0);
  const xs = [frame.x];
  for (const w of wide) xs.push(xs[xs.length - 1]! + (w / all) * frame.w);

  const groupHeight = size * random.between(2.2, 3);
  const wrapped = heads.map((head, i) => wrap(head, xs[i + 1]! - xs[i]! - size * 0.5));
  const headHeight = (Math.max(...wrapped.map((l) => l.length)) + 1) * size * LEADING;
  const numbered = random.chance(0.75);
  const numbersHeight = numbered ? size * 1.7 : 0;
  const groupBottom = frame.y + groupHeight;
  const headBottom = groupBottom + headHeight;
  const body = headBottom + numbersHeight;
  const entryHeight = (bottom - body) / form.entriesPerPage;

  headLines();
  groups();
  for (const [i, lines] of wrapped.entries()) {
    const grouped = columns[i]!.group !== undefined;
    const top = grouped ? groupBottom : frame.y;
    centred(heads[i]!, lines, xs[i]!, xs[i + 1]!, top, headBottom);
    if (i > 0) {
      const inside = grouped && columns[i - 1]!.group === columns[i]!.group;
      down(xs[i]!, inside ? groupBottom : frame.y, bottom);
    }
    if (numbered) centred('', [`${i + 1}`], xs[i]!, xs[i + 1]!, headBottom, body);
  }
  across(headBottom, frame.x, right);
  if (numbered) across(body, frame.x, right);
  for (let entry = 0; entry < form.entriesPerPage; entry++) oneEntry(entry);

  return {
    labels,
    blanks,
    choices: [],
    signatures,
    rules,
    others,
    frame,
    size: { width: SPREAD.width, height: SPREAD.height },
  };

  /** What stands above the table: a label and a place to write, at the right or at the left. */
  function headLines(): void {
    const y = frame.y - size * 2.1;
    for (const line of form.lines) {
      let x = layout.head === 'right' ? right - 700 : frame.x;
      for (const item of line) {
        if (isLabel(item)) x = put(item.label, item.label, x, y).x + layout.gap;
        else if (isBlank(item)) {
          blanks.push({
            item,
            lines: [{ x, y, w: 260 }],
            pitch: size * 2.2,
            dotted: true,
            place: 'line',
          });
          x += 320;
        }
      }
    }
  }

  function groups(): void {
    for (const [i, { group }] of columns.entries()) {
      if (group === undefined || columns[i - 1]?.group === group) continue;
      let end = i;
      while (columns[end]?.group === group) end++;
      centred(group, [group], xs[i]!, xs[end]!, frame.y, groupBottom);
      across(groupBottom, xs[i]!, xs[end]!);
    }
  }

  function oneEntry(entry: number): void {
    const top = body + entry * entryHeight;
    if (entry > 0) across(top, frame.x, right);
    const height = entryHeight / rows;
    for (const [i, { items }] of columns.entries()) {
      const [left, end] = [xs[i]!, xs[i + 1]!];
      const cell = (row: number | undefined) =>
        row === undefined
          ? box(left, top, end, top + entryHeight)
          : box(left, top + row * height, end, top + (row + 1) * height);
      const own = items.slice(1);
      if (own.length === 0)
        for (let row = 0; row < rows; row++)
          others.push({ column: heads[i]!, entry, ...written(cell(row)) });
      for (const item of own) {
        if ('signature' in item) signatures.push({ ...inset(cell(item.row), 18), entry });
        if (!isBlank(item)) continue;
        if (item.area === 'below') {
          // The clerk's name, and the signature under it.
          const room = cell(item.row);
          blanks.push({ item, entry, dotted: false, place: 'line', ...written(room, 0.4) });
          signatures.push({
            ...inset({ ...room, y: room.y + room.h * 0.5, h: room.h * 0.4 }, 20),
            entry,
          });
        } else {
          blanks.push({ item, entry, dotted: false, place: 'line', ...written(cell(item.row)) });
        }
      }
    }
    const first = columns.findIndex((c) => c.group !== undefined);
    const last = columns.findLastIndex((c) => c.group !== undefined);
    for (let row = 1; row < rows; row++) across(top + row * height, xs[first]!, xs[last + 1]!);
  }

  /** The lines that a clerk writes into a cell, from its top. */
  function written(cell: Rect, share = 1): { lines: WritingLine[]; pitch: number } {
    const pitch = 68;
    const count = Math.max(1, Math.floor((cell.h * share - 14) / pitch));
    const lines = Array.from({ length: count }, (_, n) => ({
      x: cell.x + 12,
      y: cell.y + 4 + (n + 0.86) * pitch,
      w: cell.w - 24,
    }));
    return { lines, pitch };
  }

  function wrap(text: string, width: number): string[] {
    const lines: string[] = [];
    for (const word of text.split(' ')) {
      const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
      if (lines.length > 0 && widthOf(longer, type) <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }

  function centred(text: string, lines: string[], x0: number, x1: number, y0: number, y1: number) {
    const w = Math.max(...lines.map((l) => widthOf(l, type)));
    const tall = size * LEADING * lines.length;
    const y = (y0 + y1 - tall) / 2 + size * 0.85;
    put(text, lines.join('\n'), (x0 + x1 - w) / 2, y, w, tall);
  }

  /** @returns the point behind the label */
  function put(text: string, printed: string, x: number, y: number, w?: number, h = size) {
    const width = w ?? widthOf(printed, type);
    const label = { text, printed, face: layout.labels, size, at: { x, y } };
    labels.push({ ...label, box: { x, y: y - size * 0.76, w: width, h } });
    return { x: x + width };
  }
}

const box = (x0: number, y0: number, x1: number, y1: number): Rect => ({
  x: x0,
  y: y0,
  w: x1 - x0,
  h: y1 - y0,
});

const inset = ({ x, y, w, h }: Rect, by: number): Rect => ({
  x: x + by,
  y: y + by,
  w: w - 2 * by,
  h: h - 2 * by,
});
