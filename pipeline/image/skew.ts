import type { Gray } from './gray.ts';

/**
 * The angle in degrees by which the printed lines run down to the right (positive = clockwise), from
 * `around − reach` to `around + reach`. Dark pixels are projected along each candidate angle; the
 * sharpest profile wins. `image` should be evened and about 600 to 1,300 pixels wide.
 */
export function skewAngle(image: Gray, around = 0, reach = 5): number {
  const points = darkPoints(image);
  if (points.x.length < 200) return 0;
  let best = around;
  for (const step of [0.5, 0.1, 0.02]) {
    const span = step === 0.5 ? reach : step * 6;
    const centre = best;
    let top = -1;
    for (let a = centre - span; a <= centre + span + 1e-9; a += step) {
      const score = sharpness(points, image, a);
      if (score > top) {
        top = score;
        best = a;
      }
    }
  }
  return best;
}

interface Points {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Dark pixels whose lower neighbour is light: bottoms of strokes and rules, where lines are sharpest. */
function darkPoints({ data, width, height }: Gray): Points {
  const xs: number[] = [];
  const ys: number[] = [];
  const marginX = Math.round(width * 0.04);
  const marginY = Math.round(height * 0.03);
  for (let y = marginY; y < height - marginY - 1; y++)
    for (let x = marginX; x < width - marginX; x++) {
      const i = y * width + x;
      if (data[i]! < 150 && data[i + width]! >= 150) {
        xs.push(x - width / 2);
        ys.push(y);
      }
    }
  return { x: Float32Array.from(xs), y: Float32Array.from(ys) };
}

function sharpness(points: Points, { width, height }: Gray, degrees: number): number {
  const slope = Math.tan((degrees * Math.PI) / 180);
  const pad = Math.ceil((Math.abs(slope) * width) / 2) + 2;
  const rows = new Float32Array(height + 2 * pad);
  for (let i = 0; i < points.x.length; i++) {
    const y = points.y[i]! - points.x[i]! * slope + pad;
    const row = Math.floor(y);
    const part = y - row;
    rows[row]! += 1 - part;
    rows[row + 1]! += part;
  }
  let sum = 0;
  for (let i = 1; i < rows.length; i++) sum += rows[i]! * rows[i]!;
  return sum;
}
