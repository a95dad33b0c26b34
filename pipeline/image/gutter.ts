import type { Component } from './components.ts';
import type { Gray } from './gray.ts';

/** Where the gutter of a spread is looked for, in parts of its width. */
const FROM = 0.42;
const TO = 0.58;
/** It lies in a strip so wide, in parts of the width … */
const STRIP = 0.025;
/** … that so few of all letters reach into, those of a heading over both pages. */
const STRAY = 0.003;
/** Both pages have so many letters at least. */
const LETTERS = 40;

/**
 * Finds the gutter of a spread of two pages that lies upright: where the paper is darkest, going down
 * to the spine, in the strip between the pages.
 * @param letters pieces of ink the size of letters, in the same pixels
 * @returns its x in pixels, undefined where the page is none
 */
export function findGutter(image: Gray, letters: readonly Component[]): number | undefined {
  const { width, height } = image;
  if (width < height * 1.15) return undefined;
  const strip = emptyStrip(letters, width);
  if (strip.to - strip.from < width * STRIP) return undefined;
  const gutter = darkestColumn(image, strip);
  const left = letters.filter((c) => (c.x0 + c.x1) / 2 < gutter).length;
  return left >= LETTERS && letters.length - left >= LETTERS ? gutter : undefined;
}

interface Strip {
  readonly from: number;
  readonly to: number;
}

/** The widest strip near the middle into which hardly a letter reaches. */
function emptyStrip(letters: readonly Component[], width: number): Strip {
  const crossing = new Uint16Array(width);
  for (const { x0, x1 } of letters) for (let x = x0; x <= x1; x++) crossing[x]!++;
  const most = Math.max(1, letters.length * STRAY);
  const last = Math.round(width * TO);
  let best = { from: 0, to: 0 };
  let from = Math.round(width * FROM);
  for (let x = from; x <= last; x++) {
    if (x < last && crossing[x]! <= most) continue;
    if (x - from > best.to - best.from) best = { from, to: x };
    from = x + 1;
  }
  return best;
}

function darkestColumn({ data, width, height }: Gray, { from, to }: Strip): number {
  const histogram = new Uint16Array(256);
  const top = Math.round(height * 0.1);
  let darkest = { x: (from + to) >> 1, light: 256 };
  for (let x = from; x < to; x++) {
    histogram.fill(0);
    let count = 0;
    for (let y = top; y < height - top; y += 2, count++) histogram[data[y * width + x]!]!++;
    // The paper's light: ink and rules are in the lower three quarters.
    let left = count * 0.25;
    let light = 255;
    while (light > 0 && left > histogram[light]!) left -= histogram[light--]!;
    if (light < darkest.light) darkest = { x, light };
  }
  return darkest.x;
}
