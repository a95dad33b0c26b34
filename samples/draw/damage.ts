import sharp, { type Sharp } from 'sharp';
import { type Point, projective, type Quad } from '../../models/geometry.ts';
import type { Random } from './random.ts';

/**
 * What happens to a scan on its way in, or instead of a scan. `photo`: by phone on a desk, from an
 * angle, in uneven light. `spread`: with the page beside it, the gutter between them. `twoBooks`: a
 * second page lies over it. `desk`: no page at all.
 */
export type Damage =
  | { readonly kind: 'turned'; readonly quarters: 1 | 2 | 3 }
  | { readonly kind: 'skewed'; readonly degrees: number }
  | { readonly kind: 'resolution'; readonly dpi: number }
  | { readonly kind: 'fax'; readonly dpi: number }
  | { readonly kind: 'grey' }
  | { readonly kind: 'exposure'; readonly gain: number; readonly lift: number }
  | { readonly kind: 'blurred'; readonly sigma: number }
  | { readonly kind: 'half'; readonly keep: 'top' | 'bottom' | 'left' | 'right' }
  | { readonly kind: 'photo'; readonly tilt: number; readonly desk: 'dark' | 'light' }
  | { readonly kind: 'spread' }
  | { readonly kind: 'twoBooks' }
  | { readonly kind: 'desk' };

interface Damaged {
  /** A JPEG; PNG of a fax. */
  readonly image: Buffer;
  /** Pixels per inch of the paper, as far as the image tells. */
  readonly dpi: number;
}

const DPI = 300;
const JPEG = { quality: 80 };

interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

async function pixelsOf(image: Buffer | Sharp): Promise<Pixels> {
  const input = Buffer.isBuffer(image) ? sharp(image) : image;
  const { data, info } = await input
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const toSharp = ({ data, width, height }: Pixels) =>
  sharp(data, { raw: { width, height, channels: 3 } });

/** Damages a scan; `other` gives another page of the book, for those that want one. */
export async function damage(
  scan: Buffer,
  other: () => Promise<Buffer>,
  how: Damage,
  random: Random,
): Promise<Damaged> {
  const jpeg = (image: Sharp) => image.jpeg(JPEG).toBuffer();
  switch (how.kind) {
    case 'turned':
      return { image: await jpeg(sharp(scan).rotate(how.quarters * 90)), dpi: DPI };
    case 'skewed':
      return skewed(scan, how.degrees);
    case 'resolution': {
      const { width } = await sharp(scan).metadata();
      const wide = Math.round((width * how.dpi) / DPI);
      return { image: await jpeg(sharp(scan).resize(wide)), dpi: how.dpi };
    }
    case 'fax': {
      const { width } = await sharp(scan).metadata();
      const wide = Math.round((width * how.dpi) / DPI);
      const image = await sharp(scan)
        .resize(wide)
        .greyscale()
        .threshold(random.int(120, 160))
        .png({ palette: true, colours: 2 })
        .toBuffer();
      return { image, dpi: how.dpi };
    }
    case 'grey':
      return { image: await jpeg(sharp(scan).greyscale()), dpi: DPI };
    case 'exposure':
      return { image: await jpeg(sharp(scan).linear(how.gain, how.lift)), dpi: DPI };
    case 'blurred':
      return { image: await jpeg(sharp(scan).blur(how.sigma)), dpi: DPI };
    case 'half':
      return half(scan, how.keep, random);
    case 'spread':
      return spread(await pixelsOf(scan), await pixelsOf(await other()), random);
    case 'photo': {
      const page = await pixelsOf(scan);
      return photo([{ page, quad: tilted(how.tilt, random) }], how.desk, random);
    }
    case 'twoBooks': {
      const below = { page: await pixelsOf(await other()), quad: tilted(0.03, random, -0.3) };
      const above = { page: await pixelsOf(scan), quad: tilted(0.03, random, 0.35) };
      return photo([below, above], random.pick(['dark', 'light']), random);
    }
    case 'desk':
      return photo([], random.pick(['dark', 'light']), random);
  }
}

async function skewed(scan: Buffer, degrees: number): Promise<Damaged> {
  const shade = degrees > 0 ? '#e6e4df' : '#2b2a28';
  const turned = await pixelsOf(sharp(scan).rotate(degrees, { background: shade }));
  return { image: await toSharp(turned).jpeg(JPEG).toBuffer(), dpi: DPI };
}

/** A part of a page, as when the sheet lay beside the glass. */
async function half(
  scan: Buffer,
  keep: 'top' | 'bottom' | 'left' | 'right',
  random: Random,
): Promise<Damaged> {
  const { width: w, height: h } = await sharp(scan).metadata();
  const share = random.between(0.42, 0.6);
  const upright = keep === 'top' || keep === 'bottom';
  const width = upright ? w : Math.round(w * share);
  const height = upright ? Math.round(h * share) : h;
  const left = keep === 'right' ? w - width : 0;
  const top = keep === 'bottom' ? h - height : 0;
  const image = await sharp(scan).extract({ left, top, width, height }).jpeg(JPEG).toBuffer();
  return { image, dpi: DPI };
}

/** This page at the left, another at the right, the paper darker where both go down to the spine. */
async function spread(page: Pixels, right: Pixels, random: Random): Promise<Damaged> {
  const { width: w, height: h } = page;
  const deep = random.between(0.35, 0.6);
  const reach = random.between(0.02, 0.045) * w;
  const at = new Float32Array(2 * w);
  for (let x = 0; x < 2 * w; x++) at[x] = 1 - deep * Math.exp(-Math.abs(x - w) / reach);
  const data = Buffer.alloc(2 * w * h * 3);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < 2 * w; x++) {
      const from = (y * w + (x < w ? x : x - w)) * 3;
      const source = x < w ? page.data : right.data;
      for (let c = 0; c < 3; c++) data[(y * 2 * w + x) * 3 + c] = source[from + c]! * at[x]!;
    }
  const image = await toSharp({ data, width: 2 * w, height: h })
    .jpeg(JPEG)
    .toBuffer();
  return { image, dpi: DPI };
}

/** Size of a phone's picture. */
const PHOTO = { width: 2700, height: 3600 };

/** Where the corners of a page come to lie; `aside` moves it over the edge. */
function tilted(tilt: number, random: Random, aside = 0): Quad {
  const { width, height } = PHOTO;
  const w = width * random.between(0.8, 0.9);
  const h = w * Math.SQRT2;
  const turn = random.normal(tilt * 0.5);
  const centre = {
    x: width / 2 + aside * width + random.normal(15),
    y: height / 2 + aside * 0.4 * height + random.normal(15),
  };
  // The far edge is shorter; which one that is depends on where the phone was held.
  const far = random.pick([0, 0, 2, 1, 3]);
  const corner = (sx: number, sy: number, i: number): Point => {
    const near = i === far || i === (far + 1) % 4 ? 1 - tilt : 1 + tilt * 0.3;
    const x = (sx * w * near) / 2;
    const y = (sy * h * (far % 2 === 0 ? 1 - tilt * 0.4 : near)) / 2;
    const k = random.normal(tilt * 20);
    return {
      x: centre.x + x * Math.cos(turn) - y * Math.sin(turn) + k,
      y: centre.y + x * Math.sin(turn) + y * Math.cos(turn) + k,
    };
  };
  return [corner(-1, -1, 0), corner(1, -1, 1), corner(1, 1, 2), corner(-1, 1, 3)];
}

/** Photographs pages on a desk, each over those before it. */
async function photo(
  pages: readonly { readonly page: Pixels; readonly quad: Quad }[],
  desk: 'dark' | 'light',
  random: Random,
): Promise<Damaged> {
  const { width, height } = PHOTO;
  const data = Buffer.alloc(width * height * 3);
  grain(data, desk, random.fork('desk'));
  for (const { page, quad } of pages) lay(data, page, quad);
  shade(data, random.fork('light'));
  const image = await toSharp({ data, width, height })
    .blur(random.between(0.6, 1))
    .jpeg({ quality: 82 })
    .toBuffer();
  // What cameras write.
  return { image, dpi: 72 };
}

/** Wood or cloth: streaks in one direction. */
function grain(data: Buffer, desk: 'dark' | 'light', random: Random): void {
  const { width, height } = PHOTO;
  const base =
    desk === 'dark'
      ? random.pick([
          [74, 52, 38],
          [48, 50, 56],
          [60, 66, 48],
        ])
      : random.pick([
          [158, 142, 120],
          [150, 150, 146],
          [142, 158, 164],
        ]);
  const waves = Array.from({ length: 6 }, () => ({
    length: random.between(6, 160),
    lean: random.normal(0.04),
    size: random.between(1.5, 5),
    phase: random.between(0, 6),
  }));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let k = random.next() * 6 - 3;
      for (const v of waves) k += v.size * Math.sin((y + x * v.lean) / v.length + v.phase);
      const at = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) data[at + c] = Math.max(0, Math.min(255, base[c]! + k));
    }
}

function lay(data: Buffer, page: Pixels, quad: Quad): void {
  const { width, height } = PHOTO;
  const { width: w, height: h } = page;
  const onPage = projective(quad, [
    { x: 0, y: 0 },
    { x: w, y: 0 },
    { x: w, y: h },
    { x: 0, y: h },
  ]);
  const left = Math.max(0, Math.floor(Math.min(...quad.map((p) => p.x))));
  const right = Math.min(width, Math.ceil(Math.max(...quad.map((p) => p.x))) + 24);
  const top = Math.max(0, Math.floor(Math.min(...quad.map((p) => p.y))));
  const bottom = Math.min(height, Math.ceil(Math.max(...quad.map((p) => p.y))) + 24);
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const { x: u, y: v } = onPage(x, y);
      const to = (y * width + x) * 3;
      if (u < 0 || v < 0 || u >= w - 1 || v >= h - 1) {
        // The sheet's own shadow on the desk.
        const { x: su, y: sv } = onPage(x - 18, y - 18);
        if (su >= 0 && sv >= 0 && su < w && sv < h)
          for (let c = 0; c < 3; c++) data[to + c] = data[to + c]! * 0.6;
        continue;
      }
      const ix = u | 0;
      const iy = v | 0;
      const fx = u - ix;
      const fy = v - iy;
      const from = (iy * w + ix) * 3;
      for (let c = 0; c < 3; c++) {
        const p = from + c;
        const upper = page.data[p]! + (page.data[p + 3]! - page.data[p]!) * fx;
        const q = p + w * 3;
        const lower = page.data[q]! + (page.data[q + 3]! - page.data[q]!) * fx;
        data[to + c] = upper + (lower - upper) * fy;
      }
    }
}

/** Light from one side, darker corners, and the soft shadow of an arm or the phone. */
function shade(data: Buffer, random: Random): void {
  const { width, height } = PHOTO;
  const slope = { x: random.between(-0.3, 0.3), y: random.between(-0.25, 0.25) };
  const gain = random.between(0.82, 0.98);
  const arm = {
    x: random.between(0, 1),
    y: random.between(0, 1),
    angle: random.between(0, Math.PI),
    width: random.between(0.08, 0.3),
    depth: random.between(0.1, 0.4),
  };
  const across = { x: Math.cos(arm.angle), y: Math.sin(arm.angle) };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const u = x / width - 0.5;
      const v = y / height - 0.5;
      const off = (u + 0.5 - arm.x) * across.x + (v + 0.5 - arm.y) * across.y;
      const dark = arm.depth / (1 + Math.exp((Math.abs(off) - arm.width) * 40));
      const light =
        gain * (1 + slope.x * u + slope.y * v) * (1 - 0.25 * (u * u + v * v)) * (1 - dark);
      const at = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) data[at + c] = Math.min(255, data[at + c]! * light);
    }
}
