import { createCanvas } from '@napi-rs/canvas';
import sharp from 'sharp';
import { extentOf, font, setText, widthOf } from '../../../../samples/draw/fonts.ts';
import { type Pen, wordsThatFit, write } from '../../../../samples/draw/ink.ts';
import type { Random } from '../../../../samples/draw/random.ts';
import { type CleanField, cleanField, openField } from '../../../image/clean-field.ts';
import type { Gray } from '../../../image/gray.ts';
import type { TrainingFace } from './faces.ts';

const DPI = 300;
const WIDTH = 2000;
const HEIGHT = 260;
const BASELINE = 150;

/** The pen that one line is written with; small letters of all faces come to similar heights. */
function penOf(face: TrainingFace, random: Random): Pen {
  const xHeight = extentOf('x', font(face, 100)).up / 100;
  const hand = face.ink === 'hand';
  const wanted = hand ? random.between(15, 33) : random.between(18, 29);
  return {
    ink: face.ink,
    face,
    size: Math.min(96, wanted / xHeight),
    colour: '#000000',
    stroke: random.chance(0.5) ? 0 : random.between(0, hand ? 2 : 1.2),
    loose: !face.joined && random.chance(hand ? 0.75 : 0.4),
    unrest: hand ? random.between(0.4, 2.2) : random.between(0, 1),
  };
}

type Ctx = ReturnType<ReturnType<typeof createCanvas>['getContext']>;

/** Printed furniture on and below the baseline. */
function drawLeader(ctx: Ctx, y: number, random: Random): void {
  const kind = random.weighted([
    ['dots', 6],
    ['text', 3],
    ['dashes', 1],
    ['rule', 1.2],
    ['none', 1.5],
  ] as const);
  const [left, right] = [0, WIDTH];
  ctx.save();
  ctx.globalAlpha = random.between(0.5, 1);
  if (kind === 'dots') {
    const radius = random.between(1.5, 3);
    const pitch = random.between(radius * 3.2, 19);
    ctx.beginPath();
    for (let x = left + random.between(0, pitch); x < right; x += pitch) {
      ctx.moveTo(x + radius, y);
      ctx.arc(x, y, radius, 0, Math.PI * 2);
    }
    ctx.fill();
  } else if (kind === 'text') {
    const type = font(
      { family: random.pick(['tinos', 'arimo', 'noto-serif']) },
      random.between(36, 54),
    );
    const sign = random.pick(['.', '.', '…']);
    setText(
      ctx,
      type,
      sign.repeat(Math.ceil(WIDTH / widthOf(sign, type))),
      left - random.between(0, 20),
      y,
    );
  } else if (kind !== 'none') {
    ctx.lineWidth = random.between(1.5, 4);
    if (kind === 'dashes') ctx.setLineDash([random.between(5, 14), random.between(4, 12)]);
    ctx.beginPath();
    ctx.moveTo(left, y);
    ctx.lineTo(right, y + random.normal(1.5));
    ctx.stroke();
    ctx.setLineDash([]);
  }
  ctx.restore();
}

/**
 * Draws `text` on a writing line as registers have it, ages it and cleans it as the product does.
 * @returns undefined when cleaning left no ink.
 */
export async function drawLine(
  text: string,
  face: TrainingFace,
  neighbour: string,
  random: Random,
): Promise<CleanField | undefined> {
  const pen = penOf(face, random);
  const full = widthOf(text, font(face, pen.size));
  const x = random.between(8, 60);
  const room = random.chance(0.25) ? full * random.between(0.8, 1) : full * 1.15 + 60;
  const w = Math.min(WIDTH - x - 20, Math.max(60, room));
  const canvas = createCanvas(WIDTH, HEIGHT);
  const ctx = canvas.getContext('2d');
  ctx.fillStyle = '#fff';
  ctx.fillRect(0, 0, WIDTH, HEIGHT);
  ctx.fillStyle = '#000';
  drawLeader(ctx, BASELINE + random.between(2, 11), random);

  const hand = face.ink === 'hand';
  const shear = random.normal(hand ? 0.13 : 0.02);
  const slope = random.normal(hand ? 0.008 : 0.002);
  ctx.save();
  ctx.translate(x, BASELINE);
  ctx.transform(random.between(0.86, 1.14), slope, -shear, 1, 0, 0);
  ctx.translate(-x, -BASELINE);
  const words = wordsThatFit([[{ text }]], [{ x, y: BASELINE, w }], pen, random);
  const drawn = write(ctx, words, pen, random);
  ctx.restore();
  const end = Math.min(WIDTH, Math.max(...drawn.map((d) => d.box.x + d.box.w)) * 1.15 + 40);

  const pitch = random.between(96, 124);
  if (random.chance(0.45)) {
    const y = BASELINE + (random.chance(0.5) ? -pitch : pitch);
    setText(ctx, font(face, pen.size * 0.95), neighbour, random.between(0, 80), y);
  }
  const above = Math.round(Math.min(pitch * 0.92, random.between(88, 108)));
  const below = Math.round(random.between(30, 46));
  const height = above + below;
  const width = Math.round(Math.min(WIDTH, end + random.between(0, 160)));
  const { data } = ctx.getImageData(0, BASELINE - above, width, height);
  const strip = await aged(data, width, height, random);
  const field = cleanField(openField(strip, DPI, above + random.normal(3)));
  return field.image ? field : undefined;
}

/** Ink of some darkness on uneven paper, blurred, noisy, sometimes through JPEG. */
async function aged(
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
  random: Random,
): Promise<Gray> {
  const paper = random.between(185, 250);
  const ink = random.between(10, 95);
  const tilt = random.normal(14) / width;
  const sigma = random.between(0, 1.3);
  const noise = random.between(0, 11);
  let state = random.int(1, 2 ** 31 - 1);
  const plain = new Float32Array(width * height);
  for (let i = 0; i < plain.length; i++) plain[i] = rgba[4 * i]! / 255;
  const soft = blurred(plain, width, height, sigma);
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) {
    // xorshift: three summed bytes are near enough to a normal distribution.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const grain = ((state & 255) + ((state >>> 8) & 255) + ((state >>> 16) & 255)) / 128 - 3;
    const shade = paper + tilt * ((i % width) - width / 2);
    const value = ink + (shade - ink) * soft[i]! + grain * noise;
    data[i] = Math.min(255, Math.max(0, value));
  }
  if (!random.chance(0.35)) return { data, width, height };
  const jpeg = await sharp(data, { raw: { width, height, channels: 1 } })
    .jpeg({ quality: random.int(35, 80) })
    .toBuffer();
  const back = await sharp(jpeg).toColourspace('b-w').raw().toBuffer();
  return { data: back, width, height };
}

/** Three-tap smoothing in both directions, applied as often as `sigma` needs. */
function blurred(image: Float32Array, width: number, height: number, sigma: number): Float32Array {
  if (sigma < 0.2) return image;
  const passes = sigma > 0.8 ? 2 : 1;
  const variance = (sigma * sigma) / passes;
  const side = Math.min(0.33, variance / 2);
  const mid = 1 - 2 * side;
  let from = image;
  for (let p = 0; p < passes; p++) {
    const across = new Float32Array(from.length);
    for (let y = 0; y < height; y++) {
      const row = y * width;
      for (let x = 0; x < width; x++)
        across[row + x] =
          mid * from[row + x]! +
          side * (from[row + Math.max(0, x - 1)]! + from[row + Math.min(width - 1, x + 1)]!);
    }
    const down = new Float32Array(from.length);
    for (let y = 0; y < height; y++) {
      const up = Math.max(0, y - 1) * width;
      const under = Math.min(height - 1, y + 1) * width;
      const row = y * width;
      for (let x = 0; x < width; x++)
        down[row + x] = mid * across[row + x]! + side * (across[up + x]! + across[under + x]!);
    }
    from = down;
  }
  return from;
}
