import type { CleanField } from '../../image/clean-field.ts';
import type { Gray } from '../../image/gray.ts';

/** Rows of a prepared line. */
export const LINE_HEIGHT = 48;
/** A longer line is squeezed: 1,600 columns hold about 100 letters. */
export const LINE_MAX_WIDTH = 1600;
/**
 * Most that a field is shrunk by less than its height asks for: 300 dpi print comes to about 16
 * rows of x-height, so that a lone hyphen or full stop is not blown up to a capital's size.
 */
const MAX_SCALE = 0.72;
/** White rows above and below the ink. */
const RIM = 2;
/** White columns left and right of the ink. */
const SIDE = 6;
/** Columns of a prepared line for each that the recognizer tells of. */
export const STRIDE = 4;
/** Darker than this is ink when the extent is measured. */
const INK = 190;

/**
 * Brings a cleaned field (300 dpi; its extent from `image`, its pixels from `soft`) to the shape that
 * the recognizer was trained on: its ink between white rims of {@link RIM} rows, centred in
 * {@link LINE_HEIGHT} rows, at least 16 and at most {@link LINE_MAX_WIDTH} columns. Training data goes
 * through this same function, so there is no second one to agree with.
 * @returns undefined for an image without ink.
 */
export function prepareLine(field: Pick<CleanField, 'image' | 'soft'>): Gray | undefined {
  const ink = cutToInk(field);
  if (!ink) return undefined;
  const scaleY = Math.min(MAX_SCALE, (LINE_HEIGHT - 2 * RIM) / ink.height);
  const innerWidth = widthOf(ink);
  const innerHeight = Math.max(1, Math.min(LINE_HEIGHT - 2 * RIM, Math.round(ink.height * scaleY)));
  const inner = shrink(ink, innerWidth, innerHeight);
  const width = Math.max(16, innerWidth + 2 * SIDE);
  const data = new Uint8Array(width * LINE_HEIGHT).fill(255);
  const top = (LINE_HEIGHT - innerHeight) >> 1;
  for (let y = 0; y < innerHeight; y++)
    data.set(inner.subarray(y * innerWidth, (y + 1) * innerWidth), (top + y) * width + SIDE);
  return { data, width, height: LINE_HEIGHT };
}

/** Columns of the ink when it is prepared. */
function widthOf(ink: { readonly width: number; readonly height: number }): number {
  const scaleY = Math.min(MAX_SCALE, (LINE_HEIGHT - 2 * RIM) / ink.height);
  const scaleX = Math.min(scaleY, (LINE_MAX_WIDTH - 2 * SIDE) / ink.width);
  return Math.max(1, Math.round(ink.width * scaleX));
}

/**
 * Where the middle of a recognizer's column lies on the field's image, in pixels from its left.
 * Undefined for an image without ink.
 */
export function columnsOf({
  image,
}: Pick<CleanField, 'image'>): ((column: number) => number) | undefined {
  const extent = image && extentOfInk(image);
  if (!extent) return undefined;
  const [width, height] = [extent.x1 - extent.x0 + 1, extent.y1 - extent.y0 + 1];
  const scale = widthOf({ width, height }) / width;
  return (column) => extent.x0 + ((column + 0.5) * STRIDE - SIDE) / scale;
}

/**
 * The pixels of a field's ink alone: {@link prepareLine} makes of them, given as both images, what it
 * makes of the field. Undefined for an image without ink.
 */
export function cutToInk({ image, soft }: Pick<CleanField, 'image' | 'soft'>): Gray | undefined {
  const extent = image && extentOfInk(image);
  if (!extent || !soft) return undefined;
  const { x0, y0, x1, y1 } = extent;
  const [width, height] = [x1 - x0 + 1, y1 - y0 + 1];
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y0 + y) * soft.width + x0;
    data.set(soft.data.subarray(from, from + width), y * width);
  }
  return { data, width, height };
}

function extentOfInk({ data, width, height }: Gray) {
  let [x0, y0, x1, y1] = [width, height, -1, -1];
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if (data[i]! >= INK) continue;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      y1 = y;
    }
  return x1 < 0 ? undefined : { x0, y0, x1, y1 };
}

/** Mean over the source area of each target pixel; also enlarges, blockwise. */
function shrink(
  { data, width: fromWidth, height: fromHeight }: Gray,
  toWidth: number,
  toHeight: number,
): Uint8Array {
  const rows = new Float32Array(fromHeight * toWidth);
  const stepX = fromWidth / toWidth;
  for (let x = 0; x < toWidth; x++) {
    const [a, b] = [x * stepX, Math.min(fromWidth, (x + 1) * stepX)];
    const first = Math.floor(a);
    const last = Math.min(fromWidth - 1, Math.ceil(b) - 1);
    for (let y = 0; y < fromHeight; y++) {
      const row = y * fromWidth;
      let sum = 0;
      for (let k = first; k <= last; k++)
        sum += data[row + k]! * (Math.min(b, k + 1) - Math.max(a, k));
      rows[y * toWidth + x] = sum / (b - a);
    }
  }
  const out = new Uint8Array(toWidth * toHeight);
  const stepY = fromHeight / toHeight;
  for (let y = 0; y < toHeight; y++) {
    const [a, b] = [y * stepY, Math.min(fromHeight, (y + 1) * stepY)];
    const first = Math.floor(a);
    const last = Math.min(fromHeight - 1, Math.ceil(b) - 1);
    for (let x = 0; x < toWidth; x++) {
      let sum = 0;
      for (let k = first; k <= last; k++)
        sum += rows[k * toWidth + x]! * (Math.min(b, k + 1) - Math.max(a, k));
      out[y * toWidth + x] = Math.round(sum / (b - a));
    }
  }
  return out;
}
