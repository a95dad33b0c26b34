import { z } from 'zod';
import { type Form, isBlank, isChoice, isLabel, itemsOf } from '../../models/forms/define.ts';
import type { FoundLabel } from './labels.ts';

/** A rectangle in pixels of the straightened sheet. */
export const Rect = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() });
export type Rect = z.infer<typeof Rect>;

/** One writing line of a blank: the rectangle to read and the height of its printed line in it. */
export const WritingLine = Rect.extend({
  /** Pixels from the top of the rectangle to the line that is written on. */
  baseline: z.number(),
});
export type WritingLine = z.infer<typeof WritingLine>;

/** Where one item of the form is written or marked on the page. */
export const Area = z.object({
  item: z.number().int(),
  /** Which entry of the page, from 0; absent for what belongs to all of them. */
  entry: z.number().int().optional(),
  /** Writing lines of a blank, in reading order. */
  lines: z.array(WritingLine).default([]),
  /** Printed options of a choice. */
  options: z.array(Rect.extend({ code: z.string() })).default([]),
});
export type Area = z.infer<typeof Area>;

/** What bounds the writing: pixels of the straightened sheet. */
export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  /** The margin column, when the form has one. */
  readonly margin?: { readonly left: number; readonly right: number } | undefined;
}

const mid = (l: FoundLabel) => (l.box.y0 + l.box.y1) / 2;

/** The usual distance from one printed line to the next, pixels. */
export function linePitch(labels: readonly FoundLabel[]): number {
  const rows = rowsOf(labels).map((r) => r.baseline);
  const gaps = rows.slice(1).map((y, i) => y - rows[i]!);
  gaps.sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length * 0.3)] ?? 60;
}

interface Row {
  readonly labels: readonly FoundLabel[];
  readonly baseline: number;
}

/** Labels at one height, left to right. Bottoms vary with p, q, y, comma: the median is the line. */
function rowsOf(labels: readonly FoundLabel[]): readonly Row[] {
  const sorted = [...labels].sort((a, b) => mid(a) - mid(b));
  const rows: FoundLabel[][] = [];
  for (const label of sorted) {
    const row = rows[rows.length - 1];
    const height = label.box.y1 - label.box.y0;
    if (row && Math.abs(mid(label) - mid(row[row.length - 1]!)) < height * 0.6) row.push(label);
    else rows.push([label]);
  }
  return rows.map((row) => {
    const bottoms = row.map((l) => baselineOf(l)).sort((a, b) => a - b);
    return {
      labels: row.sort((a, b) => a.box.x0 - b.box.x0),
      baseline: bottoms[bottoms.length >> 1]!,
    };
  });
}

/** The line that a label stands on: its bottom, less the descender that some of its letters have. */
function baselineOf(label: FoundLabel): number {
  const height = label.box.y1 - label.box.y0;
  return /[gpqy(),ạặậẹệịọộợụự]/u.test(label.text.toLowerCase())
    ? label.box.y1 - height * 0.18
    : label.box.y1;
}

/**
 * Where each blank and choice of the form lies, from the labels that were found: a blank begins
 * where its label ends and runs to the next label on the line or to the edge, and goes on over the
 * lines below that have no label. A blank whose own label was not found has no area.
 */
export function areasOf(
  form: Form,
  labels: readonly FoundLabel[],
  bounds: Bounds,
): readonly Area[] {
  const items = itemsOf(form);
  const bodyItems = form.lines.flat().length;
  const body = labels.filter((l) => l.item < bodyItems);
  const rows = rowsOf(body);
  const pitch = linePitch(body);
  const typeHeight = median(body.map((l) => l.box.y1 - l.box.y0)) || pitch / 2;
  const areas: Area[] = [];

  const rowOf = (label: FoundLabel) => rows.find((r) => r.labels.includes(label));
  const before = (item: number) =>
    labels.filter((l) => l.item < item).sort((a, b) => b.item - a.item || b.option - a.option)[0];

  for (const [at, item] of items.entries()) {
    const margin = at >= bodyItems;
    if (isChoice(item)) {
      const options = labels
        .filter((l) => l.item === at)
        .map((l) => ({
          x: l.box.x0,
          y: l.box.y0,
          w: l.box.x1 - l.box.x0,
          h: l.box.y1 - l.box.y0,
          code: item.options[l.option]!.code,
        }));
      if (options.length > 0) areas.push({ item: at, lines: [], options });
      continue;
    }
    if (!isBlank(item)) continue;
    if (item.under) {
      const cell = cellOf(at, item.under, item.lines);
      if (cell) areas.push({ item: at, lines: cell, options: [] });
      continue;
    }
    const label = before(at);
    // The item right before a blank is its label or the choice that serves as one.
    if (!label || !isOwnLabel(items, at, label.item)) continue;

    if (item.area === 'below') {
      const column = margin && bounds.margin ? bounds.margin : undefined;
      const centre = (label.box.x0 + label.box.x1) / 2;
      const half = Math.max((label.box.x1 - label.box.x0) * 0.75, pitch * 4);
      const x = column ? column.left : Math.max(bounds.left, centre - half);
      const right = column ? column.right : Math.min(bounds.right, centre + half);
      const top = label.box.y1 + typeHeight * 0.3;
      const bottom = column ? bounds.bottom : Math.min(bounds.bottom, top + pitch * 6);
      const h = Math.max(1, bottom - top);
      areas.push({
        item: at,
        lines: [{ x, y: top, w: Math.max(1, right - x), h, baseline: h }],
        options: [],
      });
      continue;
    }

    const row = rowOf(label);
    if (!row) continue;
    const index = rows.indexOf(row);
    const next = row.labels.find((l) => l.box.x0 > label.box.x1 && l.item > at);
    const x = label.box.x1 + 1;
    const right = next ? next.box.x0 - typeHeight * 0.25 : bounds.right;
    const lines = [lineAt(row.baseline, x, right)];
    if (!next) {
      // Lines without a label until the next row belong to this blank.
      const below = rows[index + 1]?.baseline ?? row.baseline + pitch;
      const extra = Math.min(item.lines - 1, Math.round((below - row.baseline) / pitch) - 1);
      for (let k = 1; k <= extra; k++) {
        const y =
          row.baseline +
          ((below - row.baseline) * k) / (Math.round((below - row.baseline) / pitch) || 1);
        lines.push(lineAt(y, bounds.left - typeHeight * 0.2, bounds.right));
      }
    }
    areas.push({ item: at, lines, options: [] });
  }
  return areas;

  /** The writing lines of a table's cell: in the row of its label, in the column of its head. */
  function cellOf(at: number, under: string, most: number): WritingLine[] | undefined {
    let own = at - 1;
    while (own >= 0 && isBlank(items[own]!)) own--;
    const label = labels.find((l) => l.item === own);
    const head = body.filter((l) => l.item < at && l.text === under).pop();
    if (!label || !head) return undefined;
    const row = rowOf(label)!;
    const heads = rowOf(head)!.labels;
    const centres = heads.map((l) => (l.box.x0 + l.box.x1) / 2);
    const column = heads.indexOf(head);
    // Columns meet in the middle between their heads; the last one ends at the edge.
    const between = (i: number) => (centres[i]! + centres[i + 1]!) / 2;
    const half = heads.length > 1 ? between(0) - centres[0]! : bounds.right - centres[0]!;
    const inset = typeHeight * 0.2;
    const left = (column === 0 ? centres[0]! - half : between(column - 1)) + inset;
    const right = (column === heads.length - 1 ? bounds.right : between(column)) - inset;
    const x = Math.max(left, label.box.x1 + 1);
    const next = rows[rows.indexOf(row) + 1]?.baseline ?? row.baseline + pitch;
    const count = Math.max(1, Math.min(most, Math.round((next - row.baseline) / pitch)));
    return Array.from({ length: count }, (_, k) =>
      lineAt(row.baseline + ((next - row.baseline) * k) / count, x, right),
    );
  }

  function lineAt(baseline: number, x: number, right: number): WritingLine {
    const above = Math.min(pitch * 0.92, typeHeight * 2.2);
    const below = Math.min(pitch * 0.4, typeHeight * 0.75);
    return { x, y: baseline - above, w: Math.max(1, right - x), h: above + below, baseline: above };
  }
}

/** True when only other blanks' labels could stand between: the label directly before the blank. */
function isOwnLabel(items: ReturnType<typeof itemsOf>, blank: number, label: number): boolean {
  for (let i = label + 1; i < blank; i++) {
    const item = items[i]!;
    if (isLabel(item) || isBlank(item) || isChoice(item)) return false;
  }
  return true;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
