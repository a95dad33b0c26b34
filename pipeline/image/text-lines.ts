import { isRuled } from './clean-field.ts';
import { type Component, findComponents } from './components.ts';
import type { Gray } from './gray.ts';

/** Stamps print unevenly: what is this dark on evened paper (0 to 255) may be part of a letter. */
const FAINT_INK = 205;

const heightOf = (c: Component) => c.y1 - c.y0 + 1;
const widthOf = (c: Component) => c.x1 - c.x0 + 1;

/** A line of text and where its image's left top corner lies in the image that it was found on. */
export interface TextLine {
  readonly image: Gray;
  readonly x: number;
  readonly y: number;
}

/**
 * Lines of text in an area without writing lines, top to bottom, each as an image of its own with
 * nothing else in it: letters of one size in a row. Signatures, seals and the frame are larger,
 * stains and grain smaller, or alone.
 * @param even the area, evened, at `dpi`
 * @param least letters that a line has at least
 */
export function textLines(even: Gray, dpi: number, least = 4): readonly TextLine[] {
  const { list, labels } = findComponents(even, FAINT_INK);
  const pieces = list.filter(
    (c) =>
      c.area >= (dpi / 100) ** 2 / 2 &&
      heightOf(c) <= dpi / 4 &&
      widthOf(c) <= dpi / 1.5 &&
      // A capital's stems are straight too; the frame's pieces are longer.
      (Math.max(heightOf(c), widthOf(c)) <= dpi / 5 || !isRuled(c, labels, even.width, dpi)),
  );
  const letters = pieces.filter((c) => heightOf(c) >= dpi / 25);
  const lines = rowsOf(letters).filter((row) => row.length >= least);
  return lines
    .sort((a, b) => top(a) - top(b))
    .map((row) => {
      const height = median(row.map(heightOf));
      const own = new Set([...row, ...pieces.filter((c) => belongs(c, row, height))]);
      return imageOf(even, labels, own, Math.round(dpi / 25));
    });
}

/** A line of writing without a printed one: the line that its letters stand on, pixels from the top. */
export interface Baseline {
  readonly y: number;
  /** Median height of its letters. */
  readonly height: number;
}

/** Letters of one line have their middles so near each other, in parts of their height. */
const SPREAD = 0.3;
/** Two lines are at least so far apart. */
const APART = 1.2;
/** A line has at least this share of the letters of the fullest. */
const FULL = 0.12;

/**
 * The lines of writing in a cell, from the top: where the middles of letters gather. A cell with no
 * more than a stain has none.
 * @param even the cell, evened, at `dpi`
 */
export function baselines(even: Gray, dpi: number): readonly Baseline[] {
  const letters = findComponents(even, FAINT_INK).list.filter(
    (c) =>
      heightOf(c) >= dpi / 25 &&
      heightOf(c) <= dpi / 3 &&
      (Math.max(heightOf(c), widthOf(c)) >= dpi / 15 || c.area > (dpi / 40) ** 2),
  );
  if (letters.length === 0) return [];
  const height = median(letters.map(heightOf));
  const middles = letters.map((c) => (c.y0 + c.y1) / 2);
  const weight = (c: Component) => Math.min(widthOf(c), height * 4);
  const density = Array.from({ length: even.height }, (_, y) =>
    letters.reduce(
      (sum, c, i) => sum + weight(c) * Math.exp(-(((y - middles[i]!) / (SPREAD * height)) ** 2)),
      0,
    ),
  );
  const most = Math.max(...density);
  const peaks: number[] = [];
  const order = density.map((_, y) => y).sort((a, b) => density[b]! - density[a]!);
  for (const y of order) {
    if (density[y]! < most * FULL) break;
    const here = density[y]!;
    if (here < (density[y - 1] ?? 0) || here < (density[y + 1] ?? 0)) continue;
    if (peaks.every((p) => Math.abs(p - y) >= APART * height)) peaks.push(y);
  }
  return peaks
    .sort((a, b) => a - b)
    .map((peak) => {
      const own = letters.filter((_, i) => Math.abs(middles[i]! - peak) < height * APART * 0.5);
      return { y: median(own.map((c) => c.y1)) + 1, height };
    });
}

const top = (row: readonly Component[]) => median(row.map((c) => c.y0));

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Letters side by side at one height, no further apart than words are. */
function rowsOf(letters: readonly Component[]): Component[][] {
  const rows: Component[][] = [];
  for (const c of [...letters].sort((a, b) => a.x0 - b.x0)) {
    const row = rows.find((r) =>
      r.slice(-3).some((last) => {
        const shared = Math.min(c.y1, last.y1) - Math.max(c.y0, last.y0) + 1;
        const gap = c.x0 - last.x1;
        const [low, high] = [heightOf(c), heightOf(last)].sort((a, b) => a - b) as [number, number];
        return shared > 0.5 * low && gap < 1.7 * high && high < 2.6 * low;
      }),
    );
    if (row) row.push(c);
    else rows.push([c]);
  }
  return rows;
}

/** True for marks above, below and behind the letters of a row. */
function belongs(c: Component, row: readonly Component[], height: number): boolean {
  if (heightOf(c) > height) return false;
  return row.some(
    (letter) =>
      c.x1 >= letter.x0 - height * 0.3 &&
      c.x0 <= letter.x1 + height * 0.5 &&
      c.y1 >= letter.y0 - height * 0.6 &&
      c.y0 <= letter.y1 + height * 0.4,
  );
}

function imageOf(
  even: Gray,
  labels: Int32Array,
  own: ReadonlySet<Component>,
  rim: number,
): TextLine {
  const list = [...own];
  const keep = new Set(list.map((c) => c.label));
  const x0 = Math.min(...list.map((c) => c.x0));
  const y0 = Math.min(...list.map((c) => c.y0));
  const width = Math.max(...list.map((c) => c.x1)) - x0 + 1 + 2 * rim;
  const height = Math.max(...list.map((c) => c.y1)) - y0 + 1 + 2 * rim;
  const data = new Uint8Array(width * height).fill(255);
  for (let y = rim; y < height - rim; y++)
    for (let x = rim; x < width - rim; x++) {
      const i = (y + y0 - rim) * even.width + x + x0 - rim;
      if (keep.has(labels[i]!)) data[y * width + x] = even.data[i]!;
    }
  return { image: { data, width, height }, x: x0 - rim, y: y0 - rim };
}
