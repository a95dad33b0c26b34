import type { Component } from './components.ts';

/**
 * Marks of one printed leader line that stand a whole number of periods apart, left to right, in
 * pixels: all dots of a dotted line, every third of a line set of ellipses.
 */
export interface Leader {
  readonly dots: readonly Component[];
  /** Centres where the period says that marks are hidden under writing, pixels. */
  readonly hidden: readonly { readonly x: number; readonly y: number }[];
  /** Usual width and height of a mark, pixels. */
  readonly size: { readonly w: number; readonly h: number };
}

const middle = (c: Component) => (c.y0 + c.y1) / 2;
const centre = (c: Component) => (c.x0 + c.x1) / 2;
const widthOf = (c: Component) => c.x1 - c.x0 + 1;
const heightOf = (c: Component) => c.y1 - c.y0 + 1;

/** A dot, or a dash that lies, for a page of `dpi`. */
function markLike(c: Component, dpi: number): boolean {
  return (
    heightOf(c) <= dpi / 28 &&
    widthOf(c) <= dpi / 12 &&
    c.area >= 2 &&
    heightOf(c) <= 2.5 * widthOf(c)
  );
}

/** Fewer marks in step are no leader. */
const FEWEST = 5;

/**
 * Finds leaders among components: rows of marks of one size that repeat with a period. A mark that
 * is out of the row, of another size or out of step (the dot of an i, the tone mark nặng) belongs to
 * none.
 */
export function findLeaders(components: readonly Component[], dpi: number): readonly Leader[] {
  const marks = components.filter((c) => markLike(c, dpi)).sort((a, b) => centre(a) - centre(b));
  const maxGap = dpi / 10;
  const slack = Math.max(1.2, dpi / 150);
  const used = new Set<Component>();
  const leaders: Leader[] = [];
  for (let i = 0; i < marks.length; i++) {
    const first = marks[i]!;
    if (used.has(first)) continue;
    const chain = [first];
    for (let j = i + 1; j < marks.length; j++) {
      const last = chain[chain.length - 1]!;
      const next = marks[j]!;
      const gap = centre(next) - centre(last);
      // Written text hides marks, so a chain may jump; what it lands on must lie on the same line.
      if (gap > maxGap * 12) break;
      if (used.has(next) || gap < 2) continue;
      const limit = gap > maxGap ? slack * 1.5 : slack;
      if (Math.abs(middle(next) - middle(last)) <= limit) chain.push(next);
    }
    if (chain.length < FEWEST) continue;
    const row = alike(chain, slack);
    const period = periodOf(row, dpi);
    if (period === undefined) continue;
    const size = { w: median(row.map(widthOf)), h: median(row.map(heightOf)) };
    for (const dots of inStep(row, period, dpi)) {
      for (const c of dots) used.add(c);
      leaders.push({ dots, hidden: hiddenMarks(dots, period), size });
    }
  }
  return leaders;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** The marks of the chain that are as large as most and lie as high as their neighbours. */
function alike(chain: readonly Component[], slack: number): readonly Component[] {
  const area = median(chain.map((c) => c.area));
  const w = median(chain.map(widthOf));
  const h = median(chain.map(heightOf));
  return chain.filter(
    (c, k) =>
      // Paper curls, so the row is straight only over a few marks.
      Math.abs(middle(c) - median(chain.slice(Math.max(0, k - 6), k + 7).map(middle))) <= slack &&
      // A tone mark that touches a dot makes it larger; blur alone changes it by a pixel or two.
      c.area <= area * 1.6 + 1 &&
      c.area >= area / 4 &&
      widthOf(c) <= w + slack &&
      heightOf(c) <= h + slack,
  );
}

/** Pixels by which a mark may miss its step `distance` pixels away: paper shrinks and stretches. */
const tolerance = (distance: number, dpi: number) => dpi / 250 + 0.012 * distance;

/**
 * The shortest distance at which nearly as many marks have another mark as at any: one step of a
 * dotted line, three of a line set of ellipses. Undefined when fewer than a third have one at any,
 * as with the dots of i and the tone marks of a line of writing.
 */
function periodOf(row: readonly Component[], dpi: number): number | undefined {
  if (row.length < FEWEST) return undefined;
  const xs = row.map(centre);
  const longest = dpi / 5;
  const gaps = new Map<number, number[]>();
  for (let i = 0; i < xs.length; i++)
    for (let j = i + 1; j < xs.length && xs[j]! - xs[i]! <= longest; j++) {
      const gap = xs[j]! - xs[i]!;
      // A gap counts for its half pixel and for both beside it.
      for (const bin of [-1, 0, 1].map((d) => Math.round(gap * 2) + d))
        gaps.set(bin, [...(gaps.get(bin) ?? []), gap]);
    }
  const most = Math.max(0, ...[...gaps.values()].map((g) => g.length));
  if (most < FEWEST - 1 || most < row.length / 3) return undefined;
  const bins = [...gaps].filter(([, g]) => g.length >= 0.8 * most).sort(([a], [b]) => a - b);
  const [shortest] = bins;
  if (!shortest) return undefined;
  // Of the bins at one peak the fullest tells best.
  const peak = bins
    .filter(([bin]) => bin - shortest[0] <= 3)
    .sort(([, a], [, b]) => b.length - a.length)[0]!;
  const period = peak[1].reduce((sum, g) => sum + g, 0) / peak[1].length;
  return period < 3 ? undefined : period;
}

/** Groups of marks that stand whole periods apart, the large ones only. */
function inStep(row: readonly Component[], period: number, dpi: number): Component[][] {
  const groups: Component[][] = [];
  for (const c of row) {
    const group = groups.find((g) =>
      g.slice(-4).some((other) => {
        const distance = centre(c) - centre(other);
        const steps = Math.round(distance / period);
        return (
          steps >= 1 &&
          steps <= 14 &&
          Math.abs(distance - steps * period) <= tolerance(distance, dpi)
        );
      }),
    );
    if (group) group.push(c);
    else groups.push([c]);
  }
  return groups.filter((g) => g.length >= FEWEST && g.length >= row.length * 0.12);
}

/** Places between, before and after the visible marks, as far as three periods beyond the ends. */
function hiddenMarks(dots: readonly Component[], period: number): { x: number; y: number }[] {
  const spots: { x: number; y: number }[] = [];
  for (let i = 1; i < dots.length; i++) {
    const [a, b] = [dots[i - 1]!, dots[i]!];
    const steps = Math.round((centre(b) - centre(a)) / period);
    for (let k = 1; k < steps; k++)
      spots.push({
        x: centre(a) + ((centre(b) - centre(a)) * k) / steps,
        y: middle(a) + ((middle(b) - middle(a)) * k) / steps,
      });
  }
  const [first, last] = [dots[0]!, dots[dots.length - 1]!];
  for (let k = 1; k <= 3; k++) {
    spots.push({ x: centre(first) - k * period, y: middle(first) });
    spots.push({ x: centre(last) + k * period, y: middle(last) });
  }
  return spots;
}
