import { evenPaper, type Gray, halve, type Scan } from './gray.ts';
import { cut, type Upright } from './upright.ts';

/**
 * A page ready for measuring and reading. `scan` has its quarter turns behind it and is still
 * skewed; fields are cut out of it straight. `half` is the whole straightened page, evened, at half
 * size.
 */
export interface WorkingPage {
  readonly scan: Scan;
  readonly upright: Upright;
  /** Pixels per inch of `scan`, and so of the straightened sheet. */
  readonly dpi: number;
  readonly half: Gray;
}

/** Straightens and evens the half-size page. */
export function openWorking(scan: Scan, upright: Upright, dpi: number): WorkingPage {
  const small = halve(scan.ink);
  const sheet = cut(small, upright, { x: 0, y: 0, w: upright.width, h: upright.height }, 0.5);
  return { scan, upright, dpi, half: evenPaper(sheet, 32) };
}
