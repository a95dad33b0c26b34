import {
  type Form,
  type FormBlank,
  type FormChoice,
  type FormItem,
  type FormLabel,
  isBlank,
  isChoice,
  isLabel,
} from '../../models/forms/define.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { type Face, font, widthOf } from './fonts.ts';
import type { Layout } from './layouts.ts';
import { composeTable } from './table.ts';

/** Pixels of the upright page. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Printed text; `y` of `at` is the baseline. */
export interface PrintedLabel {
  readonly text: string;
  /** `text` as the house prints it: with a colon, in capitals, broken into lines. */
  readonly printed: string;
  readonly face: Face;
  readonly size: number;
  readonly at: { readonly x: number; readonly y: number };
  readonly box: Rect;
}

/** A stretch to write on; `y` is the baseline of what is written. */
export interface WritingLine {
  readonly x: number;
  readonly y: number;
  readonly w: number;
}

export interface PrintedBlank {
  readonly item: FormBlank;
  /** Which entry of the page, from 0; absent where it belongs to all of them. */
  readonly entry?: number;
  readonly lines: readonly WritingLine[];
  /** Height above the baseline that one line has. */
  readonly pitch: number;
  readonly dotted: boolean;
  readonly place: 'line' | 'signature' | 'margin';
}

export interface PrintedOption {
  readonly code: string;
  readonly text: string;
  readonly box: Rect;
  /** The square to tick; absent where the wrong alternative is struck out. */
  readonly square?: Rect;
}

export interface PrintedChoice {
  readonly item: FormChoice;
  readonly options: readonly PrintedOption[];
}

/** A horizontal or vertical rule from one corner to the other. */
export interface Stroke {
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
}

/** A room to sign in. */
export interface SignatureRoom extends Rect {
  readonly entry?: number;
}

/** A cell of a column that the register has no field for. */
export interface OtherWriting {
  readonly column: string;
  readonly entry: number;
  readonly lines: readonly WritingLine[];
  readonly pitch: number;
}

/** Distance of the lines of one label, in parts of its size. */
export const LEADING = 1.15;

/** One form as one house prints it. */
export interface Print {
  readonly labels: readonly PrintedLabel[];
  readonly blanks: readonly PrintedBlank[];
  readonly choices: readonly PrintedChoice[];
  /** Where people sign. */
  readonly signatures: readonly SignatureRoom[];
  /** x of the rule between text and margin; absent on a form without one. */
  readonly marginRule?: number;
  /** Rules inside the frame: below the first line, around the cells of tables. */
  readonly rules: readonly Stroke[];
  /** What is written besides the form's fields. */
  readonly others?: readonly OtherWriting[];
  /** The frame and the sheet of a print that are not the house's usual ones. */
  readonly frame?: Rect;
  readonly size?: { readonly width: number; readonly height: number };
}

/** Least width of a place to write, in pixels at 300 dpi, by kind of field; also its share of what is left. */
const NEED: Readonly<Record<string, number>> = {
  pageNumber: 150,
  bookNumber: 220,
  registrationNumber: 250,
  integer: 150,
  code: 210,
  date: 320,
  partialDate: 330,
  dateInWords: 420,
  name: 620,
  place: 620,
  personalId: 420,
  documentNumber: 400,
  time: 300,
  text: 420,
};
const FIRST_PARTS: ReadonlySet<string> = new Set(['hour', 'day']);
const PART_NEED = { hour: 130, minute: 130, day: 130, month: 130, year: 190 } as const;

/**
 * Sets a form in the way of a house: labels in the form's order, writing lines where the labels
 * leave room, lines broken where they would not fit, lines up to an eighth further apart or closer
 * together so that the page is filled.
 * @throws Error when the form does not fit on the page.
 */
export function compose(form: Form, layout: Layout): Print {
  if (form.table) return composeTable(form, layout);
  for (let squeeze = 1.12; squeeze > 0.6; squeeze -= 0.02) {
    const print = set(form, layout, squeeze);
    if (print) return print;
  }
  throw new Error(`${form.id} does not fit the page of ${layout.house}`);
}

type Group = FormItem[];

function set(form: Form, layout: Layout, squeeze: number): Print | undefined {
  const { frame } = layout;
  const fields = registerOf(form.register).fields;
  const pitch = layout.pitch * squeeze;
  const hasMargin = form.margin.length > 0;
  const marginRule = frame.right - frame.margin;
  const left = frame.left + layout.inset;
  const right = (hasMargin ? marginRule : frame.right) - layout.inset;
  const labels: PrintedLabel[] = [];
  const blanks: PrintedBlank[] = [];
  const choices: PrintedChoice[] = [];
  const signatures: Rect[] = [];
  const rules: Stroke[] = [];
  const type = font(layout.labels, layout.size);

  const wording = (item: FormLabel) =>
    layout.otherWording && item.variants[0] ? item.variants[0] : item.label;
  const withColon = (text: string, followed: boolean) =>
    layout.colon && followed && /[\p{L}]$/u.test(text) ? `${text}:` : text;
  const followed = (group: Group, i: number) =>
    group[i + 1] !== undefined && isBlank(group[i + 1]!);
  const put = (
    text: string,
    printed: string,
    face: Face,
    size: number,
    x: number,
    y: number,
  ): PrintedLabel => {
    const w = widthOf(printed, font(face, size));
    const label = {
      text,
      printed,
      face,
      size,
      at: { x, y },
      box: { x, y: y - size * 0.76, w, h: size },
    };
    labels.push(label);
    return label;
  };

  let y = frame.top + pitch * 0.35;
  let below = false;
  let columns: ReturnType<typeof columnsOf> = [];
  for (const line of form.lines) {
    const only = line[0]!;
    if (line.length === 1 && isLabel(only) && only.heading) {
      y += pitch * 1.02;
      const printed = layout.headingCapitals ? only.label.toLocaleUpperCase('vi') : only.label;
      const natural = widthOf(printed, font(layout.headings, layout.headingSize));
      const w = Math.min(natural, right - left);
      const x = layout.headingAlign === 'centre' ? (left + right - w) / 2 : left;
      put(only.label, printed, layout.headings, (layout.headingSize * w) / natural, x, y);
      below = true;
      continue;
    }
    if (line.some((i) => 'signature' in i || (isBlank(i) && i.area === 'below'))) {
      y = signatureBlock(line, y);
      continue;
    }
    if (line.length === 1 && isChoice(only) && only.mark === 'tick') {
      y = tickBlock(only, y);
      continue;
    }
    if (line.every(isLabel)) {
      y = columnHeads(line, y);
      continue;
    }
    if (line.some((i) => isBlank(i) && i.under)) {
      y = tableRow(line, y);
      continue;
    }
    const start = left + (below ? layout.indent : 0);
    const first = line === form.lines[0];
    for (const groups of brokenIntoRows(groupsOf(line), right - start)) {
      y = writeRow(groups, y, start, first);
    }
    if (first && layout.headRule) {
      y += pitch * 0.42;
      const end = hasMargin ? marginRule : frame.right;
      rules.push({ from: { x: frame.left, y }, to: { x: end, y } });
    }
  }
  if (hasMargin) margin();
  if (y > frame.bottom - 20) return undefined;
  return {
    labels,
    blanks,
    choices,
    signatures,
    ...(hasMargin ? { marginRule } : {}),
    rules,
  };

  /**
   * A label and what belongs to it: choices and the place to write behind it. What is printed
   * behind a choice goes on with its label: "Nơi thường trú/tạm trú cuối cùng".
   */
  function groupsOf(line: readonly FormItem[]): Group[] {
    const groups: Group[] = [];
    for (const item of line) {
      const last = groups[groups.length - 1];
      const goesOn = last && isChoice(last[last.length - 1]!);
      if ((isLabel(item) && !goesOn) || !last) groups.push([item]);
      else last.push(item);
    }
    return groups;
  }

  function need(item: FormItem): number {
    if (!isBlank(item)) return 0;
    return item.part ? PART_NEED[item.part] : (NEED[fields[item.blank[0]!]!.kind] ?? 300);
  }

  function fixedWidth(group: Group): number {
    let w = 0;
    for (const [i, item] of group.entries()) {
      if (isLabel(item))
        w += widthOf(withColon(wording(item), followed(group, i)), type) + layout.gap;
      if (isChoice(item)) w += widthOf(withColon(choiceText(item), true), type) + layout.gap;
      if (isBlank(item) && i > 0) w += layout.gap;
    }
    return w;
  }

  function brokenIntoRows(groups: readonly Group[], width: number): Group[][] {
    const rows: Group[][] = [];
    let used = 0;
    const widths = groups.map(
      (group) => fixedWidth(group) + Math.max(...group.map(need), 0) * 0.85,
    );
    const later = (group: Group | undefined) =>
      group?.some((i) => isBlank(i) && i.part !== undefined && !FIRST_PARTS.has(i.part)) ?? false;
    for (const [g, group] of groups.entries()) {
      const head = group[0]!;
      // Day, month and year stay on one line.
      let w = widths[g]!;
      for (let n = g + 1; later(groups[n]); n++) w += widths[n]!;
      const broken = isLabel(head) && layout.breakBefore.includes(head.label);
      if (rows.length === 0 || broken || (!later(group) && used + w > width)) {
        rows.push([group]);
        used = widths[g]!;
      } else {
        rows[rows.length - 1]!.push(group);
        used += widths[g]!;
      }
    }
    return rows;
  }

  function writeRow(groups: readonly Group[], above: number, from: number, head: boolean): number {
    let base = above + pitch;
    let start = from;
    const fixed = groups.map(fixedWidth);
    const needs = groups.map((group) => group.reduce((sum, item) => sum + need(item), 0));
    const total = needs.reduce((a, b) => a + b, 0);
    const sumFixed = fixed.reduce((a, b) => a + b, 0);
    if (head && layout.head === 'right') start = Math.max(from, right - sumFixed - total * 1.25);
    const left_ = right - start - sumFixed;
    const tabs = layout.tabs?.[groups.length];
    // A tab stop holds only where every group before it has room.
    const stops = tabs?.map((t) => start + t * (right - start));
    const tabbed = stops?.every(
      (stop, i) => (stops[i + 1] ?? right) - stop - fixed[i]! >= needs[i]! * 0.75,
    );
    let x = start;
    for (const [g, group] of groups.entries()) {
      if (stops && tabbed) x = stops[g]!;
      const end =
        stops && tabbed
          ? (stops[g + 1] ?? right)
          : g === groups.length - 1
            ? right
            : x + fixed[g]! + (total ? (left_ * needs[g]!) / total : 0);
      for (const [i, item] of group.entries()) {
        if (isLabel(item)) {
          const text = wording(item);
          const printed = withColon(text, followed(group, i));
          const label = put(text, printed, layout.labels, layout.size, x, base);
          x += label.box.w + layout.gap;
        } else if (isChoice(item)) {
          x = strikeChoice(item, x, base);
        } else if (isBlank(item)) {
          if (groups.length === 1 && i === 1 && layout.valuesAt) {
            const stop = start + layout.valuesAt * (right - start);
            if (right - stop >= need(item) * 0.75) x = Math.max(x, stop);
          }
          const to = end - (g === groups.length - 1 ? 0 : layout.gap);
          const lines: WritingLine[] = [{ x, y: base, w: to - x }];
          if (g === groups.length - 1 && i === group.length - 1) {
            // A long label leaves too little behind it: a second line is given, where there may be one.
            const short = to - x < need(item) * 0.6;
            const count = Math.min(item.lines, Math.max(linesOf(item), short ? 2 : 1));
            for (let n = 1; n < count; n++) {
              base += pitch;
              lines.push({ x: start, y: base, w: right - start });
            }
            if (to - x < 120 && lines.length > 1) lines.shift();
          }
          blanks.push({ item, lines, pitch, dotted: true, place: 'line' });
          x = end;
        }
      }
    }
    return base;
  }

  function linesOf(item: FormBlank): number {
    if (item.lines === 1) return 1;
    const own = layout.otherLines?.[item.blank[0]!];
    return Math.min(item.lines, own ?? (layout.lines === 'one' ? 1 : item.lines));
  }

  function choiceText(item: FormChoice): string {
    return item.options.map((o) => o.text).join('/');
  }

  /** Alternatives set as one word group with strokes between; the label before them is cut off by a blank only. */
  function strikeChoice(item: FormChoice, x: number, base: number): number {
    const whole = choiceText(item);
    const label = put(whole, withColon(whole, true), layout.labels, layout.size, x, base);
    let before = '';
    const options = item.options.map((option, i) => {
      if (i > 0) before += '/';
      const from = x + widthOf(before, type);
      before += option.text;
      return {
        code: option.code,
        text: option.text,
        box: { ...label.box, x: from, w: widthOf(option.text, type) },
      };
    });
    choices.push({ item, options });
    return x + label.box.w + layout.gap;
  }

  function tickBlock(item: FormChoice, above: number): number {
    const { boxes } = layout;
    const width = right - left;
    const widest = Math.max(...item.options.map((o) => widthOf(o.text, type))) + boxes.size + 60;
    const columns = Math.max(1, Math.min(boxes.columns, Math.floor(width / widest)));
    // Boxes of unequal texts in one row stand where the texts leave them.
    const natural = item.options.map((o) => widthOf(o.text, type) + boxes.size + 30);
    const oneRow =
      boxes.columns >= 4 && natural.reduce((a, b) => a + b, 0) + 40 * natural.length <= width;
    const spare = oneRow
      ? (width - natural.reduce((a, b) => a + b, 0)) / Math.max(1, natural.length)
      : 0;
    let base = above;
    let x = left;
    const options = item.options.map((option, i) => {
      const column = i % columns;
      if (oneRow) {
        if (i === 0) base += pitch;
        else x += natural[i - 1]! + spare;
      } else {
        if (column === 0) base += pitch * 0.9;
        x = left + (column * width) / columns;
      }
      const textWidth = widthOf(option.text, type);
      const textX = boxes.side === 'before' ? x + boxes.size + 18 : x;
      const square = {
        x: boxes.side === 'before' ? x : x + textWidth + 18,
        y: base - boxes.size * 0.86,
        w: boxes.size,
        h: boxes.size,
      };
      const label = put(option.text, option.text, layout.labels, layout.size, textX, base);
      return { code: option.code, text: option.text, box: label.box, square };
    });
    choices.push({ item, options });
    return base;
  }

  /** The columns of a table: a third of the width is left for the labels of its rows. */
  function columnsOf(heads: readonly FormLabel[]): { head: string; x: number; w: number }[] {
    const w = ((right - left) * 0.7) / heads.length;
    return heads.map(({ label }, i) => ({ head: label, x: right - w * (heads.length - i), w }));
  }

  function columnHeads(heads: readonly FormLabel[], above: number): number {
    columns = columnsOf(heads);
    const top = above + pitch * 0.4;
    const base = top + pitch * 0.72;
    for (const { head, x, w } of columns) {
      const width = widthOf(head, type);
      put(head, head, layout.labels, layout.size, x + (w - width) / 2, base);
    }
    rules.push({ from: { x: left, y: top }, to: { x: right, y: top } });
    return closeRow(top, top + pitch);
  }

  /** One row of a table: its label, and a cell in each column. */
  function tableRow(line: readonly FormItem[], top: number): number {
    const [label, ...cells] = line as [FormLabel, ...FormBlank[]];
    const base = top + pitch * 0.76;
    const room = columns[0]!.x - left - layout.gap * 2;
    const text = wording(label);
    const size = layout.size * Math.min(1, room / widthOf(text, type));
    put(text, text, layout.labels, size, left + layout.gap, base);
    let count = 1;
    for (const item of cells) {
      const column = columns.find((c) => c.head === item.under)!;
      count = Math.max(count, linesOf(item));
      const lines = Array.from({ length: linesOf(item) }, (_, n) => ({
        x: column.x + layout.gap,
        y: base + n * pitch,
        w: column.w - layout.gap * 2,
      }));
      blanks.push({ item, lines, pitch, dotted: false, place: 'line' });
    }
    return closeRow(top, top + pitch * count);
  }

  /** Draws the rules at the sides and below a row of a table. */
  function closeRow(top: number, bottom: number): number {
    for (const x of [left, ...columns.map((c) => c.x), right])
      rules.push({ from: { x, y: top }, to: { x, y: bottom } });
    rules.push({ from: { x: left, y: bottom }, to: { x: right, y: bottom } });
    return bottom;
  }

  /** Labels side by side, each with the room to sign, or to sign above a name, below it. */
  function signatureBlock(line: readonly FormItem[], above: number): number {
    const base = above + pitch * 1.15;
    const groups = groupsOf(line);
    const height = pitch * (form.lines[form.lines.length - 1] === line ? 3 : 2.3);
    const width = right - left;
    for (const [g, group] of groups.entries()) {
      const centre =
        groups.length === 1 ? left + width * 0.72 : left + (width * (g + 0.5)) / groups.length;
      for (const item of group) {
        if (isLabel(item)) {
          const text = wording(item);
          // A long one is set smaller, so that it leaves its neighbour alone.
          const natural = widthOf(text, font(layout.headings, layout.size));
          const room = (width / groups.length) * 0.96;
          const size = layout.size * Math.min(1, room / natural);
          const w = Math.min(natural, room);
          put(text, text, layout.headings, size, Math.min(centre - w / 2, right - w), base);
        } else if (isBlank(item)) {
          const w = Math.min(width * 0.48, 900);
          const x = Math.min(centre - w / 2, right - w);
          blanks.push({
            item,
            lines: [{ x, y: base + height - pitch * 0.3, w }],
            pitch,
            dotted: false,
            place: 'signature',
          });
          signatures.push({ x, y: base + pitch * 0.3, w, h: height - pitch * 1.1 });
        } else {
          signatures.push({
            x: centre - 260,
            y: base + pitch * 0.3,
            w: 520,
            h: height - pitch * 0.6,
          });
        }
      }
    }
    return base + height;
  }

  function margin(): void {
    const x = marginRule + 24;
    const width = frame.right - 24 - x;
    let base = frame.top + pitch * 0.9;
    for (const item of form.margin) {
      if (isLabel(item)) {
        const rows = wrapped(item.label, width);
        const leading = LEADING * layout.size;
        const w = Math.max(...rows.map((row) => widthOf(row, type)));
        labels.push({
          text: item.label,
          printed: rows.join('\n'),
          face: layout.labels,
          size: layout.size,
          at: { x: x + (width - w) / 2, y: base },
          box: {
            x: x + (width - w) / 2,
            y: base - layout.size * 0.76,
            w,
            h: layout.size + leading * (rows.length - 1),
          },
        });
        base += leading * (rows.length - 1);
      } else if (isBlank(item)) {
        const step = Math.max(pitch * 0.86, 84);
        const lines = Array.from({ length: item.lines }, () => {
          base += step;
          return { x, y: base, w: width };
        });
        blanks.push({ item, lines, pitch: step, dotted: false, place: 'margin' });
      }
    }
  }

  /** The narrow column breaks its label where it must. */
  function wrapped(text: string, width: number): string[] {
    const rows: string[] = [];
    for (const word of text.split(' ')) {
      const longer = rows.length === 0 ? word : `${rows[rows.length - 1]} ${word}`;
      if (rows.length > 0 && widthOf(longer, type) <= width) rows[rows.length - 1] = longer;
      else rows.push(word);
    }
    return rows;
  }
}
