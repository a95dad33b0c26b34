import { type Component, findComponents } from './components.ts';
import type { Gray } from './gray.ts';

/** Darker than this on an evened page is ink, faint ink too; what shines through is lighter. */
const DARK = 190;
/** Letters are this high, in millimetres. */
const LOW = 1;
const HIGH = 9;
/** What reaches into this share of the page at its edges may be the neighbouring page or the desk. */
const EDGE = 0.03;

/** Within this part of the width from an edge the page's margin lies, if its text ends there … */
const BESIDE = 0.15;
/** … and it is so wide at least. */
const MARGIN = 0.008;

export interface Letters {
  /** The connected pieces of ink that have the size of letters or short words. */
  readonly list: readonly Component[];
  /** How many letters of the page's own text are cut through by the left or right edge of the picture. */
  readonly cut: number;
}

/** Finds letters on an evened page, of what is darker than `dark`. */
export function findLetters(page: Gray, dpi: number, dark = DARK): Letters {
  const { width, height } = page;
  const mm = dpi / 25.4;
  const [left, top] = [width * EDGE, height * EDGE];
  const sized = findComponents(page, dark).list.filter((c) => {
    const h = c.y1 - c.y0 + 1;
    const w = c.x1 - c.x0 + 1;
    const [less, more] = h < w ? [h, w] : [w, h];
    return more >= LOW * mm && less <= HIGH * mm && less >= 0.3 * mm && more < 12 * less;
  });
  const inside = (c: Component) =>
    c.x0 > left && c.y0 > top && c.x1 < width - left && c.y1 < height - top;
  const goesOn = [
    ...(isMargin(sized, 0, width) ? [] : sized.filter((c) => c.x0 === 0)),
    ...(isMargin(sized, width * (1 - BESIDE), width)
      ? []
      : sized.filter((c) => c.x1 === width - 1)),
  ];
  return { list: sized.filter(inside), cut: goesOn.length };
}

/** Whether an empty strip runs down beside the text: what lies beyond it is the neighbouring page. */
function isMargin(letters: readonly Component[], from: number, width: number): boolean {
  const start = Math.round(from);
  const crossing = new Uint16Array(Math.round(width * BESIDE));
  for (const { x0, x1 } of letters)
    for (let x = Math.max(0, x0 - start); x <= x1 - start && x < crossing.length; x++)
      crossing[x]!++;
  let run = 0;
  for (const n of crossing) {
    run = n <= 1 ? run + 1 : 0;
    if (run >= width * MARGIN) return true;
  }
  return false;
}
