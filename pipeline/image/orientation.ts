import type { Component } from './components.ts';

/** Which way a page of text lies. */
export interface Orientation {
  /** Clockwise turns by 90° that bring the text upright. */
  readonly turns: 0 | 1 | 2 | 3;
  /** Degrees by which its lines run down to the right after those turns, to half a degree. */
  readonly skew: number;
}

/** Pages are laid at most so far from straight, in degrees. */
export const MOST_SKEW = 10;
const STEP = 0.5;
/** With fewer letters than this nothing can be said. */
const FEWEST = 40;
/** Its lines run down the sheet when letters end together so much better along it. */
const CLEAR = 1.03;
/** A page stands on its head when so much speaks for it, in terms of {@link lean}. */
const CLEARLY_ON_HEAD = 0.03;
/** What marks say against what the letters' ends say. */
const MARKS_WEIGH = 0.4;
/** So few marks say little. */
const FEW_MARKS = 10;

/**
 * Finds the way in which letters stand on common lines. Letters of a line share the line at their
 * feet, while their heads end at different heights: small letters, tall ones, marks above vowels.
 * So the side on which most letters end together is the foot of the page. Capitals and digits end
 * together at both; so the marks of Vietnamese vowels are asked too, all of which but one stand above.
 * @returns undefined where there are too few letters to tell
 */
export function orientationOf(pieces: readonly Component[]): Orientation | undefined {
  const letters = withoutDashes(pieces);
  if (letters.length < FEWEST) return undefined;
  const x = letters.map((c) => (c.x0 + c.x1) / 2);
  const y = letters.map((c) => (c.y0 + c.y1) / 2);
  const side = (end: 'x0' | 'y0' | 'x1' | 'y1', along: readonly number[]) =>
    sharpest(
      letters.map((c) => c[end]),
      along,
    );
  // By the number of turns that bring this side down.
  const sides = [side('y1', x), side('x1', y), side('y0', x), side('x0', y)] as const;
  const across = Math.max(sides[0].pairs, sides[2].pairs);
  const along = Math.max(sides[1].pairs, sides[3].pairs);
  const first = along > across * CLEAR ? 1 : 0;
  const over = lean(sides[first].pairs, sides[first + 2]!.pairs, letters.map(SEEN[first]));
  const turns = over > CLEARLY_ON_HEAD ? ((first + 2) as 2 | 3) : first;
  // Seen from a side, the lines run down where from the foot they run up.
  return { turns, skew: turns % 2 === 0 ? sides[turns].degrees : -sides[turns].degrees };
}

/** A dash of a writing line has another one beside it; in multiples of its length. */
const DASH = { flat: 1.8, apart: 2.5, alike: 0.6 } as const;

interface Stroke {
  readonly of: Component;
  readonly from: number;
  readonly to: number;
}

/** Leaves out the rows of dashes that people write on: they say nothing and look like marks. */
function withoutDashes(pieces: readonly Component[]): Component[] {
  const rows = new Map<number, Stroke[]>();
  const add = (row: number, stroke: Stroke) => {
    const own = rows.get(row);
    if (own) own.push(stroke);
    else rows.set(row, [stroke]);
  };
  for (const of of pieces) {
    const [w, h] = [of.x1 - of.x0 + 1, of.y1 - of.y0 + 1];
    // Rows of lying strokes have even numbers, columns of standing ones odd ones.
    if (w >= h * DASH.flat) add(((of.y0 + of.y1) >> 3) << 1, { of, from: of.x0, to: of.x1 });
    else if (h >= w * DASH.flat)
      add((((of.x0 + of.x1) >> 3) << 1) + 1, { of, from: of.y0, to: of.y1 });
  }
  const dashes = new Set<Component>();
  for (const [row, own] of rows) {
    // A skewed row of dashes goes on in the next one.
    const near = [...own, ...(rows.get(row + 2) ?? [])].sort((a, b) => a.from - b.from);
    for (let i = 1; i < near.length; i++) {
      const [one, next] = [near[i - 1]!, near[i]!];
      const [long, other] = [one.to - one.from + 1, next.to - next.from + 1];
      const alike = Math.min(long, other) >= DASH.alike * Math.max(long, other);
      if (!alike || next.from - one.to > DASH.apart * long) continue;
      dashes.add(one.of).add(next.of);
    }
  }
  return pieces.filter((p) => !dashes.has(p));
}

/** A letter's extent along the line and down from it, once turned. */
interface Stand {
  readonly left: number;
  readonly right: number;
  readonly head: number;
  readonly foot: number;
}

/** By turns: as they lie, and turned once (from which only what is up and down matters). */
const SEEN: readonly [(c: Component) => Stand, (c: Component) => Stand] = [
  (c) => ({ left: c.x0, right: c.x1, head: c.y0, foot: c.y1 }),
  (c) => ({ left: c.y0, right: c.y1, head: c.x0, foot: c.x1 }),
];

/** How much speaks for the letters standing on their heads; below 0, for their standing upright. */
function lean(atFoot: number, atHead: number, letters: readonly Stand[]): number {
  const { above, below } = countMarks(letters);
  return Math.log(atHead / atFoot) + (MARKS_WEIGH * (below - above)) / (below + above + FEW_MARKS);
}

/** Small pieces close above and close below letters, in multiples of the median height. */
const MARK = { high: 0.6, wide: 1.2, host: 0.8, away: 0.45 } as const;

function countMarks(letters: readonly Stand[]): { above: number; below: number } {
  const heights = letters.map((l) => l.foot - l.head + 1).sort((a, b) => a - b);
  const unit = heights[heights.length >> 1]!;
  // By column of the page, so that a page full of specks does not compare each with all.
  const hosts = new Map<number, Stand[]>();
  const column = (at: number) => Math.floor(at / (2 * unit));
  for (const l of letters) {
    if (l.foot - l.head + 1 < MARK.host * unit) continue;
    for (let c = column(l.left); c <= column(l.right); c++) {
      const own = hosts.get(c);
      if (own) own.push(l);
      else hosts.set(c, [l]);
    }
  }
  let [above, below] = [0, 0];
  for (const m of letters) {
    if (m.foot - m.head + 1 > MARK.high * unit || m.right - m.left + 1 > MARK.wide * unit) continue;
    const middle = (m.left + m.right) / 2;
    for (const l of hosts.get(column(middle)) ?? []) {
      if (l.left > middle || l.right < middle) continue;
      const [over, under] = [l.head - m.foot, m.head - l.foot];
      if (over > 0 && over < MARK.away * unit) above++;
      if (under > 0 && under < MARK.away * unit) below++;
    }
  }
  return { above, below };
}

/** How many letters end together, within two pixels, at the angle at which most do. */
function sharpest(ends: readonly number[], along: readonly number[]) {
  let best = { degrees: 0, pairs: 0 };
  const low = Math.min(...ends) - Math.max(...along);
  const counts = new Int32Array(Math.max(...ends) - low + Math.max(...along) + 2);
  for (let degrees = -MOST_SKEW; degrees <= MOST_SKEW; degrees += STEP) {
    const slope = Math.tan((degrees * Math.PI) / 180);
    counts.fill(0);
    for (let i = 0; i < ends.length; i++) counts[(ends[i]! - along[i]! * slope - low) >> 1]!++;
    let pairs = 0;
    for (const n of counts) pairs += n * n;
    if (pairs > best.pairs) best = { degrees, pairs };
  }
  return best;
}
