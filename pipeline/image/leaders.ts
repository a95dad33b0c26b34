import type { Component } from './components.ts';

/** A dotted leader: the dots of one printed line, left to right, in pixels. */
export interface Leader {
  readonly dots: readonly Component[];
  /** Centres where the pitch says that dots are hidden under writing, pixels. */
  readonly hidden: readonly { readonly x: number; readonly y: number }[];
  /** Diameter of a dot, pixels. */
  readonly size: number;
}

const middle = (c: Component) => (c.y0 + c.y1) / 2;
const centre = (c: Component) => (c.x0 + c.x1) / 2;

const sizeOf = (c: Component) => Math.max(c.x1 - c.x0, c.y1 - c.y0) + 1;

/** Small and about as high as wide, for a page of `dpi`. */
function dotLike(c: Component, dpi: number): boolean {
  const w = c.x1 - c.x0 + 1;
  const h = c.y1 - c.y0 + 1;
  const largest = dpi / 28;
  return w <= largest && h <= largest && c.area >= 2 && w <= 2.5 * h && h <= 2.5 * w;
}

/**
 * Finds dotted leaders among components: rows of dots of one size at a regular pitch. A dot that is
 * out of the row or of another size (the dot of an i, the tone mark nặng) belongs to none.
 */
export function findLeaders(components: readonly Component[], dpi: number): readonly Leader[] {
  const dots = components.filter((c) => dotLike(c, dpi)).sort((a, b) => centre(a) - centre(b));
  const maxGap = dpi / 10;
  const slack = Math.max(1.2, dpi / 150);
  const used = new Set<Component>();
  const leaders: Leader[] = [];
  for (let i = 0; i < dots.length; i++) {
    const first = dots[i]!;
    if (used.has(first)) continue;
    const chain = [first];
    for (let j = i + 1; j < dots.length; j++) {
      const last = chain[chain.length - 1]!;
      const next = dots[j]!;
      const gap = centre(next) - centre(last);
      // Written text hides dots, so a chain may jump; what it lands on must lie on the same line.
      if (gap > maxGap * 12) break;
      if (used.has(next) || gap < 2) continue;
      const limit = gap > maxGap ? slack * 1.5 : slack;
      if (Math.abs(middle(next) - middle(last)) <= limit) chain.push(next);
    }
    if (chain.length < 5) continue;
    const usual = median(chain.map((c) => c.area));
    const size = median(chain.map(sizeOf));
    // Paper curls, so the row is straight only over a few dots.
    const row = chain.filter(
      (c, k) =>
        Math.abs(middle(c) - median(chain.slice(Math.max(0, k - 6), k + 7).map(middle))) <= slack &&
        // A tone mark that touches a dot makes it larger; blur alone changes it by a pixel or two.
        c.area <= usual * 1.6 + 1 &&
        sizeOf(c) <= size + Math.max(1, dpi / 150) &&
        c.area >= usual / 4,
    );
    const kept = inStep(row);
    if (kept.length < 5) continue;
    for (const c of kept) used.add(c);
    leaders.push({ dots: kept, hidden: hiddenDots(kept), size });
  }
  return leaders;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/**
 * The longest run of dots that keep the leader's pitch, gaps of whole pitches allowed: the tone mark
 * nặng of a letter that stands on the line is as large as a dot, but out of step.
 */
function inStep(row: readonly Component[]): readonly Component[] {
  if (row.length < 5) return [];
  const pitch = pitchOf(row);
  if (pitch < 3) return [];
  const length = new Array<number>(row.length).fill(1);
  const before = new Array<number>(row.length).fill(-1);
  let last = 0;
  for (let i = 0; i < row.length; i++) {
    for (let j = i - 1; j >= 0; j--) {
      const steps = (centre(row[i]!) - centre(row[j]!)) / pitch;
      if (steps > 14) break;
      // The pitch is known to a few hundredths, so the tolerance grows with the gap.
      const off = Math.abs(steps - Math.round(steps));
      if (steps < 0.7 || off > 0.17 + 0.012 * steps) continue;
      if (length[j]! + 1 > length[i]!) {
        length[i] = length[j]! + 1;
        before[i] = j;
      }
    }
    if (length[i]! > length[last]!) last = i;
  }
  const kept: Component[] = [];
  for (let i = last; i >= 0; i = before[i]!) kept.push(row[i]!);
  // The dots of i and the tone marks of a line of writing lie in a row too, but keep no pitch.
  return kept.length < row.length * 0.6 ? [] : kept.reverse();
}

/** The pitch that most gaps are a multiple of: the usual among the small gaps. */
function pitchOf(row: readonly Component[]): number {
  const gaps = row
    .slice(1)
    .map((c, i) => centre(c) - centre(row[i]!))
    .sort((a, b) => a - b);
  const small = gaps[Math.floor(gaps.length * 0.15)] ?? 0;
  return median(gaps.filter((g) => g <= small * 1.35));
}

/** Dots between, before and after the visible ones, as far as three pitches beyond the ends. */
function hiddenDots(dots: readonly Component[]): { x: number; y: number }[] {
  const pitch = pitchOf(dots);
  const spots: { x: number; y: number }[] = [];
  for (let i = 1; i < dots.length; i++) {
    const [a, b] = [dots[i - 1]!, dots[i]!];
    const steps = Math.round((centre(b) - centre(a)) / pitch);
    for (let k = 1; k < steps; k++)
      spots.push({
        x: centre(a) + ((centre(b) - centre(a)) * k) / steps,
        y: middle(a) + ((middle(b) - middle(a)) * k) / steps,
      });
  }
  const [first, last] = [dots[0]!, dots[dots.length - 1]!];
  for (let k = 1; k <= 3; k++) {
    spots.push({ x: centre(first) - k * pitch, y: middle(first) });
    spots.push({ x: centre(last) + k * pitch, y: middle(last) });
  }
  return spots;
}
