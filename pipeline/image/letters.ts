import { type Component, findComponents } from './components.ts';
import type { Gray } from './gray.ts';

/** Darker than this on an evened page is ink, faint ink too; what shines through is lighter. */
const DARK = 190;
/** Letters are this high, in millimetres. */
const LOW = 1;
const HIGH = 9;
/** What reaches into this share of the page at its edges may be the neighbouring page or the desk. */
const EDGE = 0.03;

/** The connected pieces of ink on an evened page that have the size of letters or short words. */
export function findLetters(page: Gray, dpi: number): Component[] {
  const { width, height } = page;
  const mm = dpi / 25.4;
  const [left, top] = [width * EDGE, height * EDGE];
  return findComponents(page, DARK).list.filter((c) => {
    const h = c.y1 - c.y0 + 1;
    const w = c.x1 - c.x0 + 1;
    const [less, more] = h < w ? [h, w] : [w, h];
    return (
      more >= LOW * mm &&
      less <= HIGH * mm &&
      less >= 0.3 * mm &&
      more < 12 * less &&
      c.x0 > left &&
      c.y0 > top &&
      c.x1 < width - left &&
      c.y1 < height - top
    );
  });
}
