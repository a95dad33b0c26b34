import type { Gray } from './gray.ts';

/** The path of a solid or dashed writing line: its height at each column, pixels from the top. */
export interface WritingRule {
  readonly at: (x: number) => number;
  readonly thickness: number;
}

/** Share of the columns in which a rule must be seen; writing alone keeps no one height so long. */
const SEEN = 0.6;

/**
 * Finds the printed rule that people wrote on, near `baseline` of a writing area on evened paper
 * (darker than `ink` is ink). It may bend and be written over; undefined when there is none.
 */
export function findWritingRule(
  image: Gray,
  ink: number,
  dpi: number,
  baseline: number,
): WritingRule | undefined {
  const { data, width, height } = image;
  const from = Math.max(1, Math.round(baseline - dpi / 20));
  const to = Math.min(height - 2, Math.round(baseline + dpi / 8));
  const thickest = Math.max(3, Math.round(dpi / 40));
  const step = Math.round(dpi / 5);
  if (to <= from || width < 2 * step) return undefined;

  // Middles of thin runs of ink, column by column.
  const middles: number[][] = [];
  const heights: number[] = [];
  for (let x = 0; x < width; x++) {
    const found: number[] = [];
    for (let y = from; y <= to; y++) {
      if (data[y * width + x]! >= ink || data[(y - 1) * width + x]! < ink) continue;
      let end = y;
      while (end + 1 < height && data[(end + 1) * width + x]! < ink) end++;
      if (end - y + 1 <= thickest) {
        found.push((y + end) / 2);
        heights.push(end - y + 1);
      }
      y = end;
    }
    middles.push(found);
  }

  // Stretch by stretch the height that most columns share, near that of the stretch before.
  const knots: { x: number; y: number }[] = [];
  let seen = 0;
  let columns = 0;
  for (let start = 0; start < width; start += step) {
    const end = Math.min(width, start + step);
    const last = knots[knots.length - 1]?.y;
    let best = { y: last ?? baseline, count: 0 };
    for (let y = from; y <= to; y++) {
      if (last !== undefined && Math.abs(y - last) > dpi / 60) continue;
      let count = 0;
      for (let x = start; x < end; x++)
        if (middles[x]!.some((m) => Math.abs(m - y) <= 1.5)) count++;
      if (count > best.count) best = { y, count };
    }
    seen += best.count;
    columns += end - start;
    // A stretch that is written over tells nothing of where the rule lies.
    if (best.count > 0.3 * (end - start)) knots.push({ x: (start + end) / 2, y: best.y });
  }
  if (knots.length < 2 || seen < SEEN * columns) return undefined;
  heights.sort((a, b) => a - b);
  return { at: (x) => between(knots, x), thickness: heights[heights.length >> 1]! };
}

function between(knots: readonly { x: number; y: number }[], x: number): number {
  const right = knots.findIndex((k) => k.x >= x);
  if (right === 0) return knots[0]!.y;
  if (right < 0) return knots[knots.length - 1]!.y;
  const [a, b] = [knots[right - 1]!, knots[right]!];
  return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
}

/** Whitens the rule with its grey edge, but for where a stroke stands on it or crosses it. */
export function wipeWritingRule({ data, width, height }: Gray, ink: number, rule: WritingRule) {
  for (let x = 0; x < width; x++) {
    const path = Math.round(rule.at(x));
    const y = [0, -1, 1, -2, 2].map((d) => path + d).find((at) => dark(x, at));
    if (y === undefined) continue;
    let [top, bottom] = [y, y];
    while (dark(x, top - 1)) top--;
    while (dark(x, bottom + 1)) bottom++;
    if (bottom - top + 1 > rule.thickness + 3) continue;
    for (let at = Math.max(0, top - 2); at <= Math.min(height - 1, bottom + 2); at++)
      data[at * width + x] = 255;
  }

  function dark(x: number, y: number): boolean {
    return y >= 0 && y < height && data[y * width + x]! < ink;
  }
}
