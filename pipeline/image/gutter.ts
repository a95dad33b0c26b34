import type { Component } from './components.ts';
import type { Gray } from './gray.ts';

/** Where the gutter of a spread is looked for, in parts of its width. */
const FROM = 0.42;
const TO = 0.58;
/** Paper going down to the spine is darker than the pages beside it by this part. */
const SHADE = 0.06;
/** And these are so far away, in parts of the width. */
const BESIDE = 0.07;
/** Without shade: a strip this wide without a letter, with pages of letters at both sides. */
const STRIP = 0.025;
const LETTERS = 40;

/**
 * Finds the gutter of a spread of two pages that lies upright.
 * @param letters pieces of ink the size of letters, in the same pixels
 * @returns its x in pixels, undefined where the page is none
 */
export function findGutter(image: Gray, letters: readonly Component[]): number | undefined {
  const { width } = image;
  if (width < image.height * 1.15) return undefined;
  const beside = (x: number) => letters.filter((c) => (c.x0 + c.x1) / 2 < x).length;
  const both = (x: number) => {
    const left = beside(x);
    return left >= LETTERS && letters.length - left >= LETTERS;
  };
  const covered = new Uint8Array(width);
  for (const { x0, x1 } of letters) covered.fill(1, x0, x1 + 1);
  const dark = darkestColumn(image, covered);
  if (dark !== undefined && both(dark)) return dark;
  const gap = widestGap(covered);
  return gap !== undefined && both(gap) ? gap : undefined;
}

/** The middle of the shade at the spine, where nothing is written. */
function darkestColumn({ data, width, height }: Gray, covered: Uint8Array): number | undefined {
  const light = new Float32Array(width);
  const histogram = new Uint16Array(256);
  const top = Math.round(height * 0.1);
  const bottom = height - top;
  for (let x = 0; x < width; x++) {
    histogram.fill(0);
    let count = 0;
    for (let y = top; y < bottom; y += 2, count++) histogram[data[y * width + x]!]!++;
    let left = count * 0.25;
    let grey = 255;
    while (grey > 0 && left > histogram[grey]!) left -= histogram[grey--]!;
    light[x] = grey;
  }
  let darkest: number | undefined;
  for (let x = Math.round(width * FROM); x < width * TO; x++)
    if (!covered[x] && (darkest === undefined || light[x]! < light[darkest]!)) darkest = x;
  if (darkest === undefined) return undefined;
  const off = Math.round(width * BESIDE);
  const lower = Math.min(light[darkest - off]!, light[darkest + off]!);
  return light[darkest]! < lower * (1 - SHADE) ? darkest : undefined;
}

function widestGap(covered: Uint8Array): number | undefined {
  const width = covered.length;
  let best = { at: 0, wide: 0 };
  let start = Math.round(width * FROM);
  for (let x = start; x <= width * TO; x++) {
    if (covered[x] === 0 && x < width * TO - 1) continue;
    if (x - start > best.wide) best = { at: (start + x) / 2, wide: x - start };
    start = x + 1;
  }
  return best.wide >= width * STRIP ? Math.round(best.at) : undefined;
}
