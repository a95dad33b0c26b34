import { type Component, findComponents } from './components.ts';
import type { Gray } from './gray.ts';

/**
 * Marks of one printed leader line that stand a whole number of periods apart, left to right, in
 * pixels: all dots of a dotted line, every third of a line set of ellipses.
 */
export interface Leader {
  readonly dots: readonly Component[];
  /** Centres where the period says that marks are hidden under writing, pixels. */
  readonly hidden: readonly { readonly x: number; readonly y: number }[];
  /** Usual width and height of a mark, pixels, and its dark pixels. */
  readonly size: MarkSize;
  readonly period: number;
}

interface MarkSize {
  readonly w: number;
  readonly h: number;
  readonly area: number;
}

/** How the leaders of a page are printed: what a free line tells about one that is written on. */
export interface LeaderStyle {
  readonly period: number;
  /** Distances between marks within a period, 0 among them. */
  readonly steps: readonly number[];
  readonly size: MarkSize;
  /** From the baseline down to the marks' middle, pixels. */
  readonly drop: number;
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

/** Fewer marks in step are no leader, unless the page's style is known. */
const FEWEST = 5;
const FEWEST_KNOWN = 3;

/**
 * Finds leaders among components: rows of marks of one size that repeat with a period. A mark that
 * is out of the row, of another size or out of step (the dot of an i, the tone mark nặng) belongs to
 * none.
 */
export function findLeaders(components: readonly Component[], dpi: number): readonly Leader[] {
  const marks = components.filter((c) => markLike(c, dpi)).sort((a, b) => centre(a) - centre(b));
  const slack = slackAt(dpi);
  const used = new Set<Component>();
  const leaders: Leader[] = [];
  for (const first of marks) {
    if (used.has(first)) continue;
    const chain = chainFrom(first, marks, used, dpi);
    if (chain.length < FEWEST) continue;
    const row = alike(chain, sizeOf(chain), slack);
    const period = periodOf(row, dpi);
    if (period === undefined) continue;
    const groups = inStep(row, period, [0], dpi).filter(
      (g) => g.length >= FEWEST && g.length >= row.length * 0.12,
    );
    for (const dots of groups) {
      for (const c of dots) used.add(c);
      leaders.push({ dots, hidden: hiddenMarks(dots, period), size: sizeOf(row), period });
    }
  }
  return leaders;
}

/** The leader of a line whose print is known, also where writing leaves but a few marks free. */
export function findKnownLeader(
  components: readonly Component[],
  dpi: number,
  style: LeaderStyle,
  baseline: number,
): readonly Leader[] {
  const slack = slackAt(dpi);
  const marks = components
    .filter((c) => markLike(c, dpi) && Math.abs(middle(c) - baseline - style.drop) <= dpi / 40)
    .sort((a, b) => centre(a) - centre(b));
  const alikeMarks = alike(marks, style.size, slack);
  return inStep(alikeMarks, style.period, style.steps, dpi)
    .filter((dots) => dots.length >= FEWEST_KNOWN)
    .map((dots) => ({
      dots,
      hidden: hiddenMarks(dots, style.period, style.steps),
      size: style.size,
      period: style.period,
    }));
}

/** How most leaders of a page are printed; undefined when they agree on nothing. */
export function leaderStyle(
  lines: readonly { readonly leaders: readonly Leader[]; readonly baseline: number }[],
  dpi: number,
): LeaderStyle | undefined {
  const near = lines.flatMap(({ leaders, baseline }) => {
    const own = leaders.filter((l) => Math.abs(middle(l.dots[0]!) - baseline) < dpi / 12);
    const marks = own.reduce((sum, l) => sum + l.dots.length, 0);
    return marks >= 3 * FEWEST ? [{ leaders: own, baseline, marks }] : [];
  });
  const all = near.flatMap((l) => l.leaders);
  const period = weightedMedian(all.map((l) => [l.period, l.dots.length]));
  const agreeing = all.filter((l) => Math.abs(l.period - period) < period * 0.04);
  const count = (list: readonly Leader[]) => list.reduce((sum, l) => sum + l.dots.length, 0);
  if (all.length === 0 || count(agreeing) < count(all) / 2) return undefined;
  // The line with the most marks shows the whole pattern.
  const [best] = near
    .filter((l) => l.leaders.some((x) => agreeing.includes(x)))
    .sort((a, b) => b.marks - a.marks);
  const groups = best!.leaders.filter((l) => agreeing.includes(l));
  const phases = groups.map((g) => phaseOf(g, groups[0]!, period));
  const steps = new Set(phases.flatMap((a) => phases.map((b) => modulo(a - b, period))));
  const dots = agreeing.flatMap((l) => l.dots);
  return {
    period,
    steps: [...steps],
    size: sizeOf(dots),
    drop: median(
      near.flatMap((l) => l.leaders.flatMap((x) => x.dots.map((d) => middle(d) - l.baseline))),
    ),
  };
}

const modulo = (x: number, by: number) => ((x % by) + by) % by;

/** How far behind a mark of `other` the marks of `group` stand, less than a period. */
function phaseOf(group: Leader, other: Leader, period: number): number {
  if (group === other) return 0;
  return median(
    group.dots.map((d) => {
      const nearest = other.dots.reduce((best, o) =>
        Math.abs(centre(o) - centre(d)) < Math.abs(centre(best) - centre(d)) ? o : best,
      );
      return modulo(centre(d) - centre(nearest), period);
    }),
  );
}

function weightedMedian(values: readonly (readonly [number, number])[]): number {
  const sorted = [...values].sort(([a], [b]) => a - b);
  let rest = sorted.reduce((sum, [, w]) => sum + w, 0) / 2;
  for (const [value, weight] of sorted) {
    rest -= weight;
    if (rest <= 0) return value;
  }
  return 0;
}

const slackAt = (dpi: number) => Math.max(1.2, dpi / 150);

/** Marks that follow `first` on its line. */
function chainFrom(
  first: Component,
  marks: readonly Component[],
  used: ReadonlySet<Component>,
  dpi: number,
): Component[] {
  const maxGap = dpi / 10;
  const slack = slackAt(dpi);
  const chain = [first];
  for (let j = marks.indexOf(first) + 1; j < marks.length; j++) {
    const last = chain[chain.length - 1]!;
    const next = marks[j]!;
    const gap = centre(next) - centre(last);
    // Written text hides marks, so a chain may jump; what it lands on must lie on the same line.
    if (gap > maxGap * 12) break;
    if (used.has(next) || gap < 2) continue;
    const limit = gap > maxGap ? slack * 1.5 : slack;
    if (Math.abs(middle(next) - middle(last)) <= limit) chain.push(next);
  }
  return chain;
}

const sizeOf = (marks: readonly Component[]): MarkSize => ({
  w: median(marks.map(widthOf)),
  h: median(marks.map(heightOf)),
  area: median(marks.map((c) => c.area)),
});

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** The marks of the chain that are of the given size and lie as high as their neighbours. */
function alike(
  chain: readonly Component[],
  { w, h, area }: MarkSize,
  slack: number,
): readonly Component[] {
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

/** Groups of marks that stand whole periods apart, or one of `within` more. */
function inStep(
  row: readonly Component[],
  period: number,
  within: readonly number[],
  dpi: number,
): Component[][] {
  const groups: Component[][] = [];
  for (const c of row) {
    const group = groups.find((g) =>
      g.slice(-4).some((other) => isStep(centre(c) - centre(other))),
    );
    if (group) group.push(c);
    else groups.push([c]);
  }
  return groups;

  function isStep(distance: number): boolean {
    return within.some((more) => {
      const steps = Math.round((distance - more) / period);
      return (
        steps >= (more === 0 ? 1 : 0) &&
        steps <= 14 &&
        Math.abs(distance - more - steps * period) <= tolerance(distance, dpi)
      );
    });
  }
}

/**
 * Places between, before and after the visible marks where more are to be expected: one of `within`
 * behind a mark or any number of periods, as far as three periods beyond the ends.
 */
function hiddenMarks(
  dots: readonly Component[],
  period: number,
  within: readonly number[] = [0],
): { x: number; y: number }[] {
  const spots: { x: number; y: number }[] = [];
  const beyond = 3 * period;
  for (let i = -1; i < dots.length; i++) {
    const [a, b] = [dots[i], dots[i + 1]];
    const from = a ? centre(a) : centre(b!) - beyond;
    const to = b ? centre(b) : from + beyond;
    const at = (x: number) => {
      const [ya, yb] = [middle(a ?? b!), middle(b ?? a!)];
      return { x, y: ya + ((yb - ya) * (x - from)) / (to - from) };
    };
    const known = a ?? b!;
    // Between two marks the period is stretched so that both are met.
    const steps = Math.round((to - from) / period);
    const own = a && b && within.length === 1 && steps > 0 ? (to - from) / steps : period;
    for (const more of within)
      for (let k = -15; k <= 15; k++) {
        const x = centre(known) + more + k * own;
        if (x > from + 1.5 && x < to - 1.5) spots.push(at(x));
      }
  }
  return spots;
}

/** The page without its dotted leaders, which would drown the labels. */
export function withoutLeaders(page: Gray, dpi: number): Gray {
  const { list, labels } = findComponents(page, 190);
  const gone = new Set<number>();
  for (const leader of findLeaders(list, dpi)) for (const dot of leader.dots) gone.add(dot.label);
  const { width, height } = page;
  const data = page.data.slice();
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      if (!gone.has(labels[y * width + x]!)) continue;
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const i = (y + dy) * width + x + dx;
          if (labels[i] === 0 || gone.has(labels[i]!)) data[i] = 255;
        }
    }
  return { data, width, height };
}
