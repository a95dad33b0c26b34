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
/** A page is turned when its letters end together so much better at another side than at its foot. */
const CLEAR = 1.03;

/**
 * Finds the way in which letters stand on common lines. Letters of a line share the line at their
 * feet, while their heads end at different heights: small letters, tall ones, marks above vowels.
 * So the side on which most letters end together is the foot of the page.
 * @returns undefined where there are too few letters to tell
 */
export function orientationOf(letters: readonly Component[]): Orientation | undefined {
  if (letters.length < FEWEST) return undefined;
  const sides = sidesOf(letters);
  const best = ([1, 2, 3] as const).reduce<0 | 1 | 2 | 3>(
    (top, turns) => (sides[turns].pairs > sides[top].pairs ? turns : top),
    0,
  );
  const turns = sides[best].pairs > sides[0].pairs * CLEAR ? best : 0;
  // Seen from a side, the lines run down where from the foot they run up.
  return { turns, skew: turns % 2 === 0 ? sides[turns].degrees : -sides[turns].degrees };
}

export function sidesOf(letters: readonly Component[]) {
  const x = letters.map((c) => (c.x0 + c.x1) / 2);
  const y = letters.map((c) => (c.y0 + c.y1) / 2);
  const side = (end: 'x0' | 'y0' | 'x1' | 'y1', along: readonly number[]) =>
    sharpest(
      letters.map((c) => c[end]),
      along,
    );
  // By the number of turns that bring this side down.
  return [side('y1', x), side('x1', y), side('y0', x), side('x0', y)] as const;
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
