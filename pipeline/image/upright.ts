import sharp, { type OutputInfo } from 'sharp';
import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import type { Gray } from './gray.ts';

/**
 * How a stored image becomes the straightened page: first turned by `quarterTurns`, then rotated by
 * −`angle` about its centre onto a sheet that is large enough to lose nothing. All boxes of fields
 * are fractions of that sheet.
 */
export const Upright = z.object({
  quarterTurns: z.number().int().min(0).max(3),
  /** Degrees, clockwise positive: how far the scan is turned. */
  angle: z.number().min(-45).max(45),
  /** Pixels of the stored image after its quarter turns. */
  sourceWidth: z.number().int().positive(),
  sourceHeight: z.number().int().positive(),
  /** Pixels of the straightened sheet. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
export type Upright = z.infer<typeof Upright>;

/** The transform for an image of the given size (after quarter turns) and skew. */
export function uprightOf(
  size: { readonly width: number; readonly height: number },
  angle: number,
  quarterTurns: number,
): Upright {
  const a = Math.abs((angle * Math.PI) / 180);
  return {
    quarterTurns,
    angle,
    sourceWidth: size.width,
    sourceHeight: size.height,
    width: Math.round(size.width * Math.cos(a) + size.height * Math.sin(a)),
    height: Math.round(size.width * Math.sin(a) + size.height * Math.cos(a)),
  };
}

/** Maps a point of the straightened sheet (pixels) to the turned source image (pixels). */
export function toSource(t: Upright): (x: number, y: number) => readonly [number, number] {
  const a = (t.angle * Math.PI) / 180;
  const cos = Math.cos(a);
  const sin = Math.sin(a);
  return (x, y) => {
    const dx = x - t.width / 2;
    const dy = y - t.height / 2;
    return [dx * cos - dy * sin + t.sourceWidth / 2, dx * sin + dy * cos + t.sourceHeight / 2];
  };
}

/** Maps a point of the turned source image (pixels) to the straightened sheet (pixels). */
export function fromSource(t: Upright): (x: number, y: number) => readonly [number, number] {
  const a = (t.angle * Math.PI) / 180;
  const cos = Math.cos(a);
  const sin = Math.sin(a);
  return (x, y) => {
    const dx = x - t.sourceWidth / 2;
    const dy = y - t.sourceHeight / 2;
    return [dx * cos + dy * sin + t.width / 2, -dx * sin + dy * cos + t.height / 2];
  };
}

/** A rectangle of the straightened sheet in its pixels. */
export interface PixelBox {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/**
 * Cuts `box` out of the straightened sheet, sampling the source bilinearly; what lies outside the
 * source is white. `scale` > 1 enlarges, < 1 shrinks (by point sampling; halve the source first for
 * factors below one half).
 */
export function cut(source: Gray, t: Upright, box: PixelBox, scale = 1): Gray {
  const width = Math.max(1, Math.round(box.w * scale));
  const height = Math.max(1, Math.round(box.h * scale));
  const out = new Uint8Array(width * height).fill(255);
  const { data, width: sw, height: sh } = source;
  // The source may be a shrunk copy of the image that the transform speaks of.
  const shrink = sw / t.sourceWidth;
  const a = (t.angle * Math.PI) / 180;
  const cos = Math.cos(a);
  const sin = Math.sin(a);
  const across = new Float64Array(width);
  const down = new Float64Array(width);
  for (let x = 0; x < width; x++) {
    const dx = box.x + (x + 0.5) / scale - t.width / 2;
    across[x] = dx * cos + t.sourceWidth / 2;
    down[x] = dx * sin + t.sourceHeight / 2;
  }
  for (let y = 0, o = 0; y < height; y++) {
    const dy = box.y - t.height / 2 + (y + 0.5) / scale;
    const left = dy * sin;
    const below = dy * cos;
    for (let x = 0; x < width; x++, o++) {
      const sx = (across[x]! - left) * shrink - 0.5;
      const sy = (down[x]! + below) * shrink - 0.5;
      if (sx < 0 || sy < 0) continue;
      const ix = sx | 0;
      const iy = sy | 0;
      if (ix + 1 >= sw || iy + 1 >= sh) continue;
      const fx = sx - ix;
      const fy = sy - iy;
      const i = iy * sw + ix;
      const upper = data[i]!;
      const lower = data[i + sw]!;
      const top = upper + (data[i + 1]! - upper) * fx;
      const bottom = lower + (data[i + sw + 1]! - lower) * fx;
      out[o] = top + (bottom - top) * fy + 0.5;
    }
  }
  return { data: out, width, height };
}

/**
 * The pixels of the straightened page in sRGB for people, no wider than `maxWidth`; what lies
 * outside the scan is white.
 * @throws Failure `pageUnreadable` when the image cannot be decoded.
 */
export async function uprightPixels(
  image: Buffer,
  t: Upright,
  maxWidth?: number,
): Promise<{ data: Buffer; info: OutputInfo }> {
  try {
    // A pipeline applies its operations in its own order, so turning and rotating are two pipelines.
    const shrink = maxWidth === undefined ? 1 : Math.min(1, maxWidth / t.width);
    const turned = await sharp(image, { autoOrient: false })
      .rotate(t.quarterTurns * 90)
      .toColourspace('srgb')
      .toBuffer();
    const sized = await sharp(turned)
      .resize({ width: Math.max(1, Math.round(t.sourceWidth * shrink)) })
      .raw()
      .toBuffer({ resolveWithObject: true });
    return await sharp(sized.data, { raw: sized.info })
      .rotate(-t.angle, { background: '#ffffff' })
      .resize({
        width: Math.round(t.width * shrink),
        height: Math.round(t.height * shrink),
        fit: 'fill',
      })
      .raw()
      .toBuffer({ resolveWithObject: true });
  } catch (cause) {
    throw new Failure('pageUnreadable', undefined, { cause });
  }
}

/**
 * The straightened page in colour for people, no wider than `maxWidth`, as WebP.
 * @throws Failure `pageUnreadable` when the image cannot be decoded.
 */
export async function uprightImage(image: Buffer, t: Upright, maxWidth?: number): Promise<Buffer> {
  const { data, info } = await uprightPixels(image, t, maxWidth);
  return sharp(data, { raw: info }).webp({ quality: 75, effort: 1 }).toBuffer();
}
