import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import type { Gray } from '../../pipeline/image/gray.ts';
import { font, setText } from '../../samples/draw/fonts.ts';

/** One writing line as cut and as cleaned for the reader. */
export interface Crop {
  readonly caption: string;
  readonly raw: Gray;
  /** Undefined when cleaning found it blank. */
  readonly image: Gray | undefined;
}

const WIDTH = 1700;
const PER_SHEET = 10;
const TEXT = 20;

/** Writes PNG sheets into `folder`: each crop's caption, the raw crop, the cleaned crop. */
export async function drawSheet(crops: readonly Crop[], folder: string): Promise<void> {
  for (let from = 0; from < crops.length; from += PER_SHEET) {
    const some = crops.slice(from, from + PER_SHEET);
    const heights = some.map((c) => TEXT * 2 + c.raw.height + (c.image?.height ?? 0) + 24);
    const canvas = createCanvas(
      WIDTH,
      heights.reduce((a, b) => a + b, 0),
    );
    const ctx = canvas.getContext('2d');
    ctx.fillStyle = '#dde8dd';
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    let y = 0;
    for (const [i, crop] of some.entries()) {
      ctx.fillStyle = '#000000';
      setText(ctx, font({ family: 'arimo' }, TEXT - 4), crop.caption, 4, y + TEXT, false);
      let at = y + TEXT + 8;
      for (const image of [crop.raw, crop.image]) {
        if (!image) continue;
        const pixels = ctx.createImageData(image.width, image.height);
        for (const [k, grey] of image.data.entries())
          pixels.data.set([grey, grey, grey, 255], 4 * k);
        ctx.putImageData(pixels, 4, at);
        at += image.height + 6;
      }
      y += heights[i]!;
    }
    const name = `sheet-${String(from / PER_SHEET).padStart(3, '0')}.png`;
    await writeFile(path.join(folder, name), await canvas.encode('png'));
  }
}
