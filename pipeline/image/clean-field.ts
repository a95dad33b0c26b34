import { type Component, type Components, findComponents } from './components.ts';
import { evenPaper, type Gray } from './gray.ts';
import { findKnownLeader, findLeaders, type Leader, type LeaderStyle } from './leaders.ts';
import { findWritingRule, wipeWritingRule } from './writing-rule.ts';

/** Ink darker than this on evened paper (0 to 255) counts as ink. */
export const INK = 165;

/** A writing area without its printed furniture. */
export interface CleanField {
  /** Grey image for the reader, cut to the ink with a white rim; undefined when blank. */
  readonly image: Gray | undefined;
  /**
   * The same cut with everything but the furniture: faint strokes, and the paper's grain with them.
   * For a reader that was taught to tell the two.
   */
  readonly soft: Gray | undefined;
  /** Where the ink lies in the area, pixels; undefined when blank. */
  readonly ink: { x0: number; y0: number; x1: number; y1: number } | undefined;
  /** Dark pixels of the writing. */
  readonly inkArea: number;
  /** A line runs through the writing from end to end. */
  readonly struck: boolean;
}

/** A writing area as cut, evened, with what is printed in it found but not yet taken out. */
export interface OpenedField {
  readonly even: Gray;
  readonly dpi: number;
  readonly baseline: number;
  readonly components: Components;
  readonly leaders: readonly Leader[];
}

/**
 * Opens a writing area that was cut from the straightened page at `dpi`; its baseline lies near
 * `baseline` (pixels from the top).
 */
export function openField(area: Gray, dpi: number, baseline: number): OpenedField {
  const even = evenPaper(area, Math.max(24, Math.round(dpi / 5)));
  const components = findComponents(even, INK);
  return { even, dpi, baseline, components, leaders: findLeaders(components.list, dpi) };
}

/**
 * Takes leaders, rules and what hangs in from neighbouring lines out of a writing area. `style` is
 * how the page's leaders are printed, where that is known.
 */
export function cleanField(opened: OpenedField, style?: LeaderStyle): CleanField {
  const { dpi, baseline, components: first } = opened;
  const { width, height } = opened.even;
  const even = { ...opened.even, data: opened.even.data.slice() };
  const known = style ? findKnownLeader(first.list, dpi, style, baseline) : [];
  const leaders = [...opened.leaders, ...known];
  const furniture = new Set<number>();
  let { list, labels } = first;
  if (leaders.length > 0) {
    for (const leader of leaders) {
      for (const dot of leader.dots) wipe(even, dot);
      for (const spot of leader.hidden) wipeHidden(even, first, spot, leader.size, dpi);
    }
    ({ list, labels } = findComponents(even, INK));
  }
  const writingRule = findWritingRule(even, INK, dpi, baseline);
  if (writingRule) {
    wipeWritingRule(even, INK, writingRule);
    ({ list, labels } = findComponents(even, INK));
  }

  const speck = Math.max(3, Math.round((dpi / 150) ** 2 * 2));
  const lineHeight = dpi / 4.6; // about 13 points, a usual size of type and of a hand
  for (const c of list) {
    const w = c.x1 - c.x0 + 1;
    const h = c.y1 - c.y0 + 1;
    if (c.area < speck) furniture.add(c.label);
    // Rules of the frame or a solid writing line.
    else if (
      w > dpi &&
      h < dpi / 20 &&
      w > 12 * h &&
      Math.abs((c.y0 + c.y1) / 2 - baseline) < dpi / 8
    )
      furniture.add(c.label);
    else if (h > height * 0.9 && w < dpi / 25) furniture.add(c.label);
    // The frame's corner, its double rules joined.
    else if (Math.max(w, h) > dpi / 2 && isRuled(c, labels, width, dpi)) furniture.add(c.label);
    // The last stroke of the label before.
    else if (c.x0 === 0 && w < dpi / 25) furniture.add(c.label);
    // The dot inside a typewriter's zero, which would make a 9 or an 8 of it.
    else if (h < dpi / 20 && w < dpi / 20 && isInsideZero(c, list, dpi)) furniture.add(c.label);
    // Feet of the line above, heads of the line below.
    else if (c.y0 <= 1 && c.y1 < baseline - lineHeight * 0.55) furniture.add(c.label);
    else if (c.y1 >= height - 2 && c.y0 > baseline + dpi / 60) furniture.add(c.label);
  }

  const kept = list.filter((c) => !furniture.has(c.label));
  // Blank paper has grain, stains and show-through: writing has at least one stroke of letter size.
  const strokes = kept.filter(
    (c) => c.y1 - c.y0 + 1 >= dpi / 30 && c.area >= dpi / 8 && c.y0 < baseline + dpi / 40,
  );
  if (strokes.length === 0)
    return { image: undefined, soft: undefined, ink: undefined, inkArea: 0, struck: false };

  const [x0, x1] = withHyphens(strokes, kept, baseline, dpi);
  const y0 = Math.min(...strokes.map((c) => c.y0));
  const y1 = Math.max(...strokes.map((c) => c.y1));
  const keep = new Set(kept.map((c) => c.label));
  const rim = Math.round(dpi / 25);
  const left = Math.max(0, x0 - rim);
  const right = Math.min(width - 1, x1 + rim);
  const top = Math.max(0, y0 - rim);
  const bottom = Math.min(height - 1, y1 + rim);
  const outWidth = right - left + 1;
  const outHeight = bottom - top + 1;
  const out = new Uint8Array(outWidth * outHeight).fill(255);
  const soft = new Uint8Array(outWidth * outHeight).fill(255);
  // A kept stroke brings its grey edge along; the edge of a removed dot goes with the dot.
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const i = y * width + x;
      const o = (y - top) * outWidth + x - left;
      const label = labels[i]!;
      if (label !== 0) {
        if (keep.has(label)) out[o] = soft[o] = even.data[i]!;
      } else if (near(labels, keep, width, height, x, y)) {
        out[o] = soft[o] = even.data[i]!;
      } else if (!near(labels, furniture, width, height, x, y)) {
        soft[o] = even.data[i]!;
      }
    }
  }
  const line = strikeLine(labels, keep, strokes, width, { x0, y0, x1, y1 });
  const image = { data: out, width: outWidth, height: outHeight };
  const softImage = { data: soft, width: outWidth, height: outHeight };
  if (line)
    for (const one of [image, softImage])
      eraseLine(one, { x: x0 - left, w: x1 - x0 + 1, a: line.a - top, b: line.b - top }, dpi);
  return {
    image,
    soft: softImage,
    ink: { x0, y0, x1, y1 },
    inkArea: strokes.reduce((sum, c) => sum + c.area, 0),
    struck: line !== undefined,
  };
}

/** From the first stroke to the last one, a hyphen before or behind them included. */
function withHyphens(
  strokes: readonly Component[],
  kept: readonly Component[],
  baseline: number,
  dpi: number,
): [x0: number, x1: number] {
  const x0 = Math.min(...strokes.map((c) => c.x0));
  const x1 = Math.max(...strokes.map((c) => c.x1));
  const hyphens = kept.filter((c) => {
    const [w, h] = [c.x1 - c.x0 + 1, c.y1 - c.y0 + 1];
    const above = baseline - (c.y0 + c.y1) / 2;
    const gap = Math.max(x0 - c.x1, c.x0 - x1);
    return (
      w >= dpi / 40 &&
      w <= dpi / 8 &&
      w > 1.5 * h &&
      gap < dpi / 8 &&
      above > dpi / 40 &&
      above < dpi / 9
    );
  });
  return [Math.min(x0, ...hyphens.map((c) => c.x0)), Math.max(x1, ...hyphens.map((c) => c.x1))];
}

/** True when nearly all ink of a component lies in long straight runs along the axes. */
export function isRuled(c: Component, labels: Int32Array, width: number, dpi: number): boolean {
  const long = dpi / 8;
  let inRuns = 0;
  const count = (from: number, step: number, length: number) => {
    let run = 0;
    for (let k = 0; k <= length; k++) {
      if (k < length && labels[from + k * step] === c.label) run++;
      else {
        if (run >= long) inRuns += run;
        run = 0;
      }
    }
  };
  for (let y = c.y0; y <= c.y1; y++) count(y * width + c.x0, 1, c.x1 - c.x0 + 1);
  for (let x = c.x0; x <= c.x1; x++) count(c.y0 * width + x, width, c.y1 - c.y0 + 1);
  return inRuns > 0.8 * c.area;
}

/** True for a blob in the middle of another that is as large as a digit. */
function isInsideZero(dot: Component, list: readonly Component[], dpi: number): boolean {
  return list.some((c) => {
    const w = c.x1 - c.x0 + 1;
    const h = c.y1 - c.y0 + 1;
    if (w > dpi / 6 || h > dpi / 4 || h < w) return false;
    const middle = Math.abs((dot.y0 + dot.y1) / 2 - (c.y0 + c.y1) / 2) < h * 0.15;
    return (
      middle && c.x0 < dot.x0 - 2 && c.x1 > dot.x1 + 2 && c.y0 < dot.y0 - 5 && c.y1 > dot.y1 + 5
    );
  });
}

/** Whitens a dot with its grey edge. */
function wipe({ data, width, height }: Gray, { x0, y0, x1, y1 }: Extent) {
  for (let y = Math.max(0, y0 - 2); y <= Math.min(height - 1, y1 + 2); y++)
    data.fill(255, y * width + Math.max(0, x0 - 2), y * width + Math.min(width - 1, x1 + 2) + 1);
}

interface Extent {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/**
 * Whitens a dot that has grown together with a letter: column by column, unless the letter's stroke
 * goes on below the dot. A blob of its own is not touched: there it may be a tone mark.
 */
function wipeHidden(
  { data, width, height }: Gray,
  { list, labels }: Components,
  spot: { readonly x: number; readonly y: number },
  size: Leader['size'],
  dpi: number,
) {
  const half = size.w / 2 + 1;
  const bottom = Math.round(spot.y + size.h / 2 + 1);
  if (spot.y < 1 || bottom + 2 >= height) return;
  const at = labels[Math.round(spot.y) * width + Math.round(spot.x)];
  const blob = at ? list.find((c) => c.label === at) : undefined;
  if (!blob || blob.y1 - blob.y0 < dpi / 18) return;
  for (
    let x = Math.max(0, Math.round(spot.x - half));
    x <= Math.min(width - 1, spot.x + half);
    x++
  ) {
    const below = data[(bottom + 1) * width + x]! < INK || data[(bottom + 2) * width + x]! < INK;
    if (below) continue;
    // The foot of the letter ends within the dot's rows or above them: what is above stays.
    for (let y = Math.round(spot.y - size.h * 0.2); y <= bottom; y++) data[y * width + x] = 255;
  }
}

/** True when a pixel of one of `these` components lies within a pixel. */
function near(
  labels: Int32Array,
  these: ReadonlySet<number>,
  width: number,
  height: number,
  x: number,
  y: number,
): boolean {
  for (let dy = -1; dy <= 1; dy++) {
    const yy = y + dy;
    if (yy < 0 || yy >= height) continue;
    for (let dx = -1; dx <= 1; dx++) {
      const xx = x + dx;
      if (xx < 0 || xx >= width) continue;
      const label = labels[yy * width + xx]!;
      if (label !== 0 && these.has(label)) return true;
    }
  }
  return false;
}

/**
 * The straight path near the middle height that is inked over nearly the whole width, by its heights
 * at the ends of the ink; undefined when nothing is struck through.
 */
function strikeLine(
  labels: Int32Array,
  keep: ReadonlySet<number>,
  pieces: readonly Component[],
  width: number,
  ink: Extent,
): { readonly a: number; readonly b: number } | undefined {
  const w = ink.x1 - ink.x0 + 1;
  const h = ink.y1 - ink.y0 + 1;
  if (w < 1.2 * h) return undefined;
  // The line joins what it crosses: the bars of two figures 4 lie in a row, but apart.
  if (!pieces.some((c) => c.x1 - c.x0 + 1 > 0.6 * w)) return undefined;
  // Every second column of the ink, a pixel higher and lower than it is.
  const columns = (w + 1) >> 1;
  const thick = new Uint8Array(columns * (h + 2));
  for (let y = 0; y < h; y++)
    for (let c = 0; c < columns; c++) {
      const label = labels[(ink.y0 + y) * width + ink.x0 + 2 * c]!;
      if (label === 0 || !keep.has(label)) continue;
      for (let dy = 0; dy <= 2; dy++) thick[(y + dy) * columns + c] = 1;
    }
  const from = Math.round(h * 0.2);
  const to = h - 1 - from;
  const lean = Math.round(h * 0.35);
  let best: { a: number; b: number } | undefined;
  let fewest = 0.07 * columns;
  for (let a = from; a <= to; a++)
    for (let b = Math.max(from, a - lean); b <= Math.min(to, a + lean); b += 2) {
      let missed = 0;
      const step = (b - a) / columns;
      for (let c = 0; c < columns && missed < fewest; c++)
        if (thick[(Math.round(a + step * c) + 1) * columns + c] === 0) missed++;
      if (missed >= fewest) continue;
      fewest = missed;
      best = { a: ink.y0 + a, b: ink.y0 + b };
    }
  return best;
}

/**
 * Whitens the line that strikes a text through, so that the text can be read: column by column the
 * ink nearest to the path, unless it is taller than the line, as where a letter's stroke crosses.
 */
function eraseLine(
  { data, width, height }: Gray,
  line: { readonly x: number; readonly w: number; readonly a: number; readonly b: number },
  dpi: number,
) {
  const reach = Math.round(dpi / 60);
  const dark = (x: number, y: number) => y >= 0 && y < height && data[y * width + x]! < 200;
  const runs: { x: number; from: number; to: number }[] = [];
  for (let k = 0; k < line.w; k++) {
    const x = line.x + k;
    const path = Math.round(line.a + ((line.b - line.a) * k) / line.w);
    for (let off = 0; off <= reach; off++) {
      const y = [path - off, path + off].find((at) => dark(x, at));
      if (y === undefined) continue;
      let [from, to] = [y, y];
      while (dark(x, from - 1)) from--;
      while (dark(x, to + 1)) to++;
      runs.push({ x, from, to });
      break;
    }
  }
  const tall = runs.map((r) => r.to - r.from + 1).sort((p, q) => p - q);
  const most = (tall[Math.floor(tall.length * 0.3)] ?? 0) + 2;
  for (const { x, from, to } of runs)
    if (to - from + 1 <= most)
      for (let y = Math.max(0, from - 1); y <= Math.min(height - 1, to + 1); y++)
        data[y * width + x] = 255;
}
