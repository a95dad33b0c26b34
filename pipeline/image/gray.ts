import sharp from 'sharp';
import { Failure } from '../../models/failures.ts';

/** One channel, 8 bit, row by row; 0 is black. */
export interface Gray {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** An empty image of the given grey. */
export function blankGray(width: number, height: number, grey = 255): Gray {
  return { data: new Uint8Array(width * height).fill(grey), width, height };
}

/** A decoded scan: dark ink alone for reading, and everything dark for stamps. */
export interface Scan {
  /** Black and blue writing; red seals, red stamps and brown stains are as light as paper. */
  readonly ink: Gray;
  /** The green channel: red and blue stamps are as dark as ink. */
  readonly all: Gray;
}

/**
 * Decodes a scan for measuring and reading.
 * @throws Failure `pageTooLarge` above `maxPixels`, `pageUnreadable` when the decoder refuses.
 */
export async function decodeScan(image: Buffer, maxPixels: number): Promise<Scan> {
  const { data, info } = await decode(image, maxPixels);
  const { width, height, channels } = info;
  if (channels === 1) {
    const gray = { data, width, height };
    return { ink: gray, all: gray };
  }
  const ink = new Uint8Array(width * height);
  const all = new Uint8Array(width * height);
  for (let i = 0, o = 0; o < ink.length; i += 3, o++) {
    const red = data[i]!;
    const green = data[i + 1]!;
    all[o] = green;
    // The red channel alone leaves seals grey; what is redder than paper is lifted to paper.
    const redness = red - ((green + data[i + 2]!) >> 1) - 24;
    const value = redness > 0 ? red + 2 * redness : red;
    ink[o] = Math.min(value, 255);
  }
  return { ink: { data: ink, width, height }, all: { data: all, width, height } };
}

async function decode(image: Buffer, maxPixels: number) {
  try {
    // One channel stays one; sharp would make three of it when asked for sRGB.
    // Measuring needs no colour management, which takes longer than decoding.
    const input = sharp(image, { limitInputPixels: maxPixels, failOn: 'error', ignoreIcc: true });
    return await input
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
  } catch (cause) {
    const message = String(cause);
    if (/pixel limit/i.test(message)) throw new Failure('pageTooLarge', undefined, { cause });
    throw new Failure('pageUnreadable', undefined, { cause });
  }
}

/** Turns both channels; see {@link turn}. */
export function turnScan(scan: Scan, turns: number): Scan {
  const ink = turn(scan.ink, turns);
  return { ink, all: scan.all === scan.ink ? ink : turn(scan.all, turns) };
}

/** Turns clockwise by 90° as often as `turns` says. */
export function turn(image: Gray, turns: number): Gray {
  const { data, width, height } = image;
  if (turns % 4 === 0) return image;
  if (turns % 4 === 2) return { data: data.slice().reverse(), width, height };
  const out = new Uint8Array(data.length);
  const clockwise = turns % 4 === 1;
  for (let y = 0; y < height; y++) {
    const column = clockwise ? height - 1 - y : y;
    for (let x = 0; x < width; x++) {
      const row = clockwise ? x : width - 1 - x;
      out[row * height + column] = data[y * width + x]!;
    }
  }
  return { data: out, width: height, height: width };
}

/** Halves both sides; each pixel is the mean of four. */
export function halve(image: Gray): Gray {
  const width = image.width >> 1;
  const height = image.height >> 1;
  const out = new Uint8Array(width * height);
  const { data, width: w } = image;
  for (let y = 0, o = 0; y < height; y++) {
    let i = 2 * y * w;
    for (let x = 0; x < width; x++, i += 2)
      out[o++] = (data[i]! + data[i + 1]! + data[i + w]! + data[i + w + 1]! + 2) >> 2;
  }
  return { data: out, width, height };
}

/**
 * Evens the paper: each pixel relative to the light of the paper around it, so that paper is near
 * 255 whatever its colour or shade. The paper's light is the 80th percentile of each block of
 * `block` pixels, smoothed over its neighbours.
 */
export function evenPaper(image: Gray, block = 64): Gray {
  const { data, width, height } = image;
  const columns = Math.max(1, Math.ceil(width / block));
  const rows = Math.max(1, Math.ceil(height / block));
  const light = new Float32Array(columns * rows);
  const histogram = new Uint32Array(256);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      histogram.fill(0);
      let count = 0;
      const bottom = Math.min(height, (r + 1) * block);
      const right = Math.min(width, (c + 1) * block);
      // Every second pixel of every second row tells enough.
      for (let y = r * block; y < bottom; y += 2)
        for (let x = c * block; x < right; x += 2, count++) histogram[data[y * width + x]!]!++;
      let rest = count * 0.2;
      let grey = 255;
      while (grey > 0 && rest > histogram[grey]!) rest -= histogram[grey--]!;
      light[r * columns + c] = Math.max(grey, 60);
    }
  }
  const smooth = smoothGrid(light, columns, rows);
  const out = new Uint8Array(width * height);
  const left = new Int32Array(width);
  const share = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const gx = Math.min(Math.max((x + 0.5) / block - 0.5, 0), columns - 1);
    left[x] = Math.min(Math.floor(gx), Math.max(0, columns - 2));
    share[x] = gx - left[x]!;
  }
  const line = new Float32Array(columns);
  for (let y = 0; y < height; y++) {
    const gy = Math.min(Math.max((y + 0.5) / block - 0.5, 0), rows - 1);
    const top = Math.min(Math.floor(gy), Math.max(0, rows - 2));
    const below = Math.min(top + 1, rows - 1);
    for (let c = 0; c < columns; c++) {
      const a = smooth[top * columns + c]!;
      line[c] = a + (smooth[below * columns + c]! - a) * (gy - top);
    }
    let i = y * width;
    for (let x = 0; x < width; x++, i++) {
      const c = left[x]!;
      const a = line[c]!;
      const paper = a + ((line[c + 1] ?? a) - a) * share[x]!;
      const value = (data[i]! * 250) / paper;
      out[i] = Math.min(value, 255);
    }
  }
  return { data: out, width, height };
}

function smoothGrid(grid: Float32Array, columns: number, rows: number): Float32Array {
  const out = new Float32Array(grid.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      let count = 0;
      for (let y = Math.max(0, r - 1); y <= Math.min(rows - 1, r + 1); y++)
        for (let x = Math.max(0, c - 1); x <= Math.min(columns - 1, c + 1); x++) {
          sum += grid[y * columns + x]!;
          count++;
        }
      out[r * columns + c] = sum / count;
    }
  }
  return out;
}

/** A PGM file in memory: what Tesseract's loader takes without decompressing. */
export function toPgm(image: Gray): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${image.width} ${image.height}\n255\n`), image.data]);
}
