import { z } from 'zod';
import { decodeScan, evenPaper, halve, type Scan, turnScan } from '../image/gray.ts';
import { skewAngle } from '../image/skew.ts';
import { Upright, uprightOf } from '../image/upright.ts';

/** What straightening stores: no new image, only how the stored one becomes upright. */
export const Straightened = z.object({
  upright: Upright,
});
export type Straightened = z.infer<typeof Straightened>;

/**
 * Decodes a page and measures how it lies.
 * @throws Failure `pageTooLarge`, `pageUnreadable`
 */
export async function straighten(input: {
  readonly image: Buffer;
  readonly quarterTurns: number;
  readonly maxPixels: number;
}): Promise<{ result: Straightened; scan: Scan }> {
  const scan = turnScan(await decodeScan(input.image, input.maxPixels), input.quarterTurns);
  let small = scan.ink;
  while (small.width > 1300 || small.height > 1900) small = halve(small);
  const even = evenPaper(small, 32);
  const angle = skewAngle(even);
  return { result: { upright: uprightOf(scan.ink, angle, input.quarterTurns) }, scan };
}
