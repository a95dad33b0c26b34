import sharp from 'sharp';
import { Failure } from '../../models/failures.ts';
import { projective, type Quad } from '../../models/geometry.ts';

/**
 * Cuts a sheet out of a picture and flattens it: what lies between the corners becomes an upright
 * rectangle of `size`, in colour.
 * @param corners in parts of the picture after its quarter turns
 * @returns a JPEG
 * @throws Failure `pageUnreadable`
 */
export async function flatten(
  image: Buffer,
  quarterTurns: number,
  corners: Quad,
  size: { readonly width: number; readonly height: number },
): Promise<Buffer> {
  try {
    const { data, info } = await sharp(image, { autoOrient: false })
      .rotate(quarterTurns * 90)
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width: w, height: h, channels } = info;
    const { width, height } = size;
    const onPicture = projective(
      [
        { x: 0, y: 0 },
        { x: width, y: 0 },
        { x: width, y: height },
        { x: 0, y: height },
      ],
      corners.map(({ x, y }) => ({ x: x * w, y: y * h })) as unknown as Quad,
    );
    const out = Buffer.alloc(width * height * channels, 255);
    for (let y = 0, to = 0; y < height; y++)
      for (let x = 0; x < width; x++, to += channels) {
        const { x: u, y: v } = onPicture(x + 0.5, y + 0.5);
        const ix = Math.floor(u - 0.5);
        const iy = Math.floor(v - 0.5);
        if (ix < 0 || iy < 0 || ix + 1 >= w || iy + 1 >= h) continue;
        const fx = u - 0.5 - ix;
        const fy = v - 0.5 - iy;
        for (let c = 0; c < channels; c++) {
          const p = (iy * w + ix) * channels + c;
          const q = p + w * channels;
          const upper = data[p]! + (data[p + channels]! - data[p]!) * fx;
          const lower = data[q]! + (data[q + channels]! - data[q]!) * fx;
          out[to + c] = upper + (lower - upper) * fy;
        }
      }
    return await sharp(out, { raw: { width, height, channels } }).jpeg({ quality: 88 }).toBuffer();
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('pageUnreadable', undefined, { cause });
  }
}
