import { type Canvas, createCanvas } from '@napi-rs/canvas';
import sharp, { type Sharp } from 'sharp';
import type { Rect } from './composition.ts';
import { PAGE } from './layouts.ts';
import type { Random } from './random.ts';

/** How strongly a book is aged; `mixed` differs from page to page. */
export type Ageing = 'none' | 'light' | 'mixed' | 'heavy';

export interface AgedPage {
  /** Colour, quality 60, as office scanners deliver. */
  readonly jpeg: Buffer;
  /** Degrees, clockwise positive. */
  readonly skew: number;
  /** Where a rectangle of the upright page lies on the scan: the upright rectangle around it. */
  readonly onScan: (rect: Rect) => Rect;
}

/** How strongly this page is aged, 0 to 1. */
export function strengthOf(ageing: Ageing, random: Random): number {
  if (ageing === 'none') return 0;
  if (ageing === 'light') return random.between(0.1, 0.35);
  return ageing === 'heavy' ? random.between(0.7, 1) : random.between(0.08, 0.95);
}

/**
 * Turns a clean upright page into a scan of an old one: what the years did to the paper (yellow,
 * spots, the back shining through), how it lay on the glass (turned, bent near the spine, the
 * neighbouring page at the edge) and what the scanner added (uneven light, blur, noise, JPEG).
 * `other` gives the page that shines through and lies beside. Strength 0 only compresses.
 */
export async function age(
  page: Canvas,
  other: () => Canvas,
  strength: number,
  random: Random,
): Promise<AgedPage> {
  const { width: W, height: H } = page;
  if (strength === 0) {
    const { data } = page.getContext('2d').getImageData(0, 0, W, H);
    const clean = sharp(Buffer.from(data.buffer), { raw: { width: W, height: H, channels: 4 } });
    return { jpeg: await compressed(clean.removeAlpha()), skew: 0, onScan: (rect) => rect };
  }
  const side: Side = random.chance(0.5) ? 'left' : 'right';
  // An open book has its spine in the middle.
  const spine: Side = W > H ? 'middle' : side;
  const lie = howItLies(page, strength, spine, random.fork('lie'));
  const paper = wornPaper(page, other, strength, random.fork('paper'));
  const around = surroundings(other, lie, random.fork('surroundings'));
  const light = await lighting(page, strength, spine, lie.paperSide, random.fork('light'));
  const pixels = photograph(page, paper, around, light, lie, strength, random.fork('photograph'));
  const sharpness = random.between(0.35, 0.5 + 0.75 * strength);
  const blurred = sharp(pixels, { raw: { width: W, height: H, channels: 3 } }).blur(sharpness);
  return { jpeg: await compressed(blurred), skew: lie.skew, onScan: lie.onScan };
}

function compressed(image: Sharp): Promise<Buffer> {
  return image.withMetadata({ density: PAGE.dpi }).jpeg({ quality: 60 }).toBuffer();
}

type Side = 'left' | 'right' | 'middle';

/** Pixels of the sheet. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** The way from a point of the paper to the scan: bent, then scaled, turned and shifted. */
interface Lie {
  readonly skew: number;
  readonly cos: number;
  readonly sin: number;
  readonly scale: number;
  readonly shift: { readonly x: number; readonly y: number };
  /** By x of the paper: it is bent down by `bend[x] + lift[x] * y` pixels. */
  readonly bend: Float32Array;
  readonly lift: Float32Array;
  readonly spine: Side;
  /** Paper pixels that are seen beyond the spine, 0 when it was covered. */
  readonly neighbour: number;
  readonly paperSide: number;
  readonly onScan: (rect: Rect) => Rect;
}

/** Nothing printed lies nearer to the edges; it stays on the scan whatever happens. */
const CONTENT = { left: 130, top: 170, right: 95, bottom: 148 };

function howItLies(
  { width: W, height: H }: Size,
  strength: number,
  spine: Side,
  random: Random,
): Lie {
  const skew = Math.max(-3, Math.min(3, random.normal(0.25 + 1.5 * strength)));
  const angle = (skew * Math.PI) / 180;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const scale = random.between(0.995 - 0.035 * strength - Math.abs(skew) * 0.008, 0.998);

  const bend = new Float32Array(W);
  const lift = new Float32Array(W);
  const atSpine = random.normal(11 * strength);
  const fan = random.normal(7 * strength);
  const wave = random.normal(4 * strength);
  const phase = random.between(0, 6);
  for (let x = 0; x < W; x++) {
    const away = spine === 'left' ? x : spine === 'right' ? W - 1 - x : Math.abs(x - W / 2);
    const near = Math.exp(-away / 520);
    bend[x] = atSpine * near - fan * near * 0.9 + wave * Math.sin(x / 420 + phase);
    lift[x] = (fan * near * 1.8) / H;
  }

  const turned = (x: number, y: number, shift: { x: number; y: number }) => {
    const bent = y + bend[clamp(x, W)]! + lift[clamp(x, W)]! * y;
    const dx = (x - W / 2) * scale;
    const dy = (bent - H / 2) * scale;
    return {
      x: dx * cos - dy * sin + W / 2 + shift.x,
      y: dx * sin + dy * cos + H / 2 + shift.y,
    };
  };
  const corners = [
    turned(CONTENT.left, CONTENT.top, { x: 0, y: 0 }),
    turned(W - CONTENT.right, CONTENT.top, { x: 0, y: 0 }),
    turned(CONTENT.left, H - CONTENT.bottom, { x: 0, y: 0 }),
    turned(W - CONTENT.right, H - CONTENT.bottom, { x: 0, y: 0 }),
  ];
  const least = (axis: 'x' | 'y') => 10 - Math.min(...corners.map((c) => c[axis]));
  const most = (axis: 'x' | 'y', size: number) =>
    size - 10 - Math.max(...corners.map((c) => c[axis]));
  const within = (v: number, low: number, high: number) =>
    Math.min(Math.max(v, Math.min(low, high)), Math.max(low, high));
  // A strip of the neighbouring page pushes this one away from the spine.
  const beside = random.chance(0.3 + 0.5 * strength) ? random.between(20, 40 + 90 * strength) : 0;
  const strip = spine === 'middle' ? 0 : beside;
  const shift = {
    x: within(
      (spine === 'left' ? strip : -strip) + random.normal(8 * strength),
      least('x'),
      most('x', W),
    ),
    y: within(random.normal(22 * strength), least('y'), most('y', H)),
  };
  return {
    skew,
    cos,
    sin,
    scale,
    shift,
    bend,
    lift,
    spine,
    neighbour: strip > 0 ? 320 : 0,
    paperSide: strip,
    onScan: ({ x, y, w, h }) => {
      // Edges of wide boxes bend, so points along them count too.
      const points = [0, 0.25, 0.5, 0.75, 1].flatMap((t) => [
        turned(x + w * t, y, shift),
        turned(x + w * t, y + h, shift),
      ]);
      const left = Math.min(...points.map((p) => p.x));
      const top = Math.min(...points.map((p) => p.y));
      return {
        x: left,
        y: top,
        w: Math.max(...points.map((p) => p.x)) - left,
        h: Math.max(...points.map((p) => p.y)) - top,
      };
    },
  };
}

function clamp(v: number, size: number): number {
  return v < 0 ? 0 : v >= size ? size - 1 : v | 0;
}

/** The page with its back shining through, dust and fibres; RGBA. */
function wornPaper(page: Canvas, other: () => Canvas, strength: number, random: Random) {
  const { width: W, height: H } = page;
  const canvas = createCanvas(W, H);
  const ctx = canvas.getContext('2d');
  ctx.drawImage(page, 0, 0);
  ctx.globalCompositeOperation = 'multiply';
  if (random.chance(0.35 + 0.5 * strength)) {
    // Small and enlarged again: light spreads in the paper.
    const small = createCanvas(W / 5, Math.ceil(H / 5));
    const s = small.getContext('2d');
    s.imageSmoothingQuality = 'high';
    s.translate(small.width, 0);
    s.scale(-1, 1);
    s.drawImage(other(), 0, 0, small.width, small.height);
    ctx.imageSmoothingQuality = 'high';
    ctx.globalAlpha = random.between(0.03, 0.05 + 0.13 * strength);
    ctx.drawImage(small, random.normal(18), random.normal(18), W, H);
  }
  const specks = random.int(5, 20 + Math.round(190 * strength));
  for (let i = 0; i < specks; i++) {
    ctx.globalAlpha = random.between(0.15, 0.7);
    ctx.fillStyle = random.pick(['#3a2f24', '#5a4a33', '#222', '#7b6a4c']);
    ctx.beginPath();
    ctx.arc(random.between(0, W), random.between(0, H), random.between(0.6, 2.6), 0, 7);
    ctx.fill();
  }
  const fibres = Math.round(random.between(0, 7 * strength));
  ctx.strokeStyle = '#6b5a40';
  ctx.lineWidth = 1.4;
  for (let i = 0; i < fibres; i++) {
    const x = random.between(0, W);
    const y = random.between(0, H);
    ctx.globalAlpha = random.between(0.2, 0.5);
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.quadraticCurveTo(
      x + random.normal(40),
      y + random.normal(40),
      x + random.normal(70),
      y + random.normal(70),
    );
    ctx.stroke();
  }
  if (random.chance(0.45 * strength)) crease(ctx, random);
  return ctx.getImageData(0, 0, W, H).data;
}

/** A fold across the whole page, lighter on one side. */
function crease(ctx: ReturnType<Canvas['getContext']>, random: Random): void {
  const { width: W, height: H } = ctx.canvas;
  const across = random.chance(0.7);
  const at = random.between(0.3, 0.7) * (across ? H : W);
  const tilt = random.normal(30);
  for (const [off, width, alpha] of [
    [0, 3, 0.22],
    [5, 9, 0.07],
  ] as const) {
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = '#5d4c33';
    ctx.lineWidth = width;
    ctx.beginPath();
    if (across) {
      ctx.moveTo(0, at + off - tilt);
      ctx.quadraticCurveTo(W / 2, at + off + random.normal(6), W, at + off + tilt);
    } else {
      ctx.moveTo(at + off - tilt, 0);
      ctx.quadraticCurveTo(at + off + random.normal(6), H / 2, at + off + tilt, H);
    }
    ctx.stroke();
  }
}

interface Surroundings {
  readonly kind: 'paper' | 'dark' | 'lid';
  readonly shade: number;
  /** The edge of the neighbouring page, RGBA, `width` wide. */
  readonly strip?: Uint8ClampedArray;
  readonly width: number;
}

function surroundings(other: () => Canvas, lie: Lie, random: Random): Surroundings {
  const kind = random.weighted([
    ['paper', 5],
    ['dark', 3],
    ['lid', 3],
  ] as const);
  const shade = kind === 'dark' ? random.between(14, 62) : random.between(208, 236);
  const width = lie.neighbour;
  if (width === 0) return { kind, shade, width };
  const page = other();
  const from = lie.spine === 'left' ? page.width - width : 0;
  const strip = page.getContext('2d').getImageData(from, 0, width, page.height).data;
  return { kind, shade, width, strip };
}

/** Colour of the paper with the light of the scanner on it, a byte for each channel and pixel; 255 is white. */
async function lighting(
  { width: W, height: H }: Size,
  strength: number,
  spine: Side,
  strip: number,
  random: Random,
): Promise<Buffer> {
  const step = 16;
  const w = W / step;
  const h = Math.ceil(H / step);
  const map = new Float32Array(w * h * 3);
  const yellow = random.between(0.15, 1) * strength;
  const paper = [253 - 9 * yellow, 252 - 21 * yellow, 248 - 62 * yellow];
  const edges = random.between(0, 0.2) * strength;
  const slope = { x: random.normal(0.045 * strength), y: random.normal(0.055 * strength) };
  const gutter =
    (strip > 0 || spine === 'middle' ? random.between(0.1, 0.4) : random.between(0, 0.12)) *
    (0.3 + strength);
  const gutterWidth = random.between(0.02, 0.07);
  const clouds = Array.from({ length: 7 }, () => ({
    x: random.next(),
    y: random.next(),
    r: random.between(0.12, 0.45),
    by: random.normal(0.035 * strength),
  }));
  const stains = Array.from({ length: random.int(0, Math.round(6 * strength)) }, () => ({
    x: random.next(),
    y: random.next(),
    r: random.between(0.012, 0.11),
    by: random.between(0.04, 0.1 + 0.16 * strength),
    ring: random.chance(0.4),
    waves: [2, 3, 5, 9].map((lobes) => ({
      lobes,
      size: random.between(0, 0.16 / lobes),
      phase: random.between(0, 6),
    })),
  }));
  for (let j = 0, at = 0; j < h; j++) {
    for (let i = 0; i < w; i++, at += 3) {
      const x = i / w;
      const y = (j / h) * (H / W);
      let gain = 1 + slope.x * (x - 0.5) + slope.y * (y - 0.7);
      const fromSpine =
        spine === 'middle' ? x - 0.5 : spine === 'left' ? x - strip / W : 1 - strip / W - x;
      gain -= gutter * Math.exp(-Math.abs(fromSpine) / gutterWidth);
      const edge = Math.min(x, 1 - x, y, H / W - y);
      let brown = edges * Math.exp(-edge / 0.05);
      for (const cloud of clouds) {
        const d = ((x - cloud.x) ** 2 + (y - cloud.y * 1.41) ** 2) / cloud.r ** 2;
        if (d < 5) brown += cloud.by * Math.exp(-d);
      }
      for (const stain of stains) {
        const dx = x - stain.x;
        const dy = y - stain.y * 1.41;
        const angle = Math.atan2(dy, dx);
        let wobble = 1;
        for (const wave of stain.waves) {
          wobble += wave.size * Math.sin(wave.lobes * angle + wave.phase);
        }
        const d = Math.sqrt(dx * dx + dy * dy) / (stain.r * wobble);
        if (d > 1.4) continue;
        const inner = 1 / (1 + Math.exp((d - 1) * 22));
        const rim = Math.exp(-(((d - 0.97) / 0.07) ** 2));
        brown += stain.by * (stain.ring ? rim * 0.9 + inner * 0.25 : inner * 0.7 + rim * 0.3);
      }
      map[at] = paper[0]! * gain * (1 - brown * 0.45);
      map[at + 1] = paper[1]! * gain * (1 - brown * 0.75);
      map[at + 2] = paper[2]! * gain * (1 - brown * 1.25);
    }
  }
  const small = Buffer.from(Uint8ClampedArray.from(map).buffer);
  return sharp(small, { raw: { width: w, height: h, channels: 3 } })
    .resize(W, h * step, { kernel: 'cubic', fit: 'fill' })
    .raw()
    .toBuffer();
}

const NOISE = 1 << 16;

/** Looks up every pixel of the scan on the paper, puts light and noise on it; RGB. */
function photograph(
  { width: W, height: H }: Size,
  paper: Uint8ClampedArray,
  around: Surroundings,
  light: Buffer,
  lie: Lie,
  strength: number,
  random: Random,
): Buffer {
  // Clamped, so that bright and dark pixels need no test.
  const out = new Uint8ClampedArray(W * H * 3);
  const noise = new Int8Array(NOISE);
  const grain = random.between(2, 4 + 9 * strength);
  for (let i = 0; i < NOISE; i++) noise[i] = Math.max(-100, Math.min(100, random.normal(grain)));
  // Old ink and a bright lamp: black is not quite black.
  const contrast = 1 - random.between(0.02, 0.06 + 0.16 * strength);
  const floor = 255 * (1 - contrast);
  const { cos, sin, scale, shift, bend, lift, spine } = lie;
  const stepX = cos / scale;
  const stepY = -sin / scale;
  const { strip, width: stripWidth } = around;
  for (let v = 0; v < H; v++) {
    const dx = -W / 2 - shift.x;
    const dy = v - H / 2 - shift.y;
    let x = (dx * cos + dy * sin) / scale + W / 2;
    let bent = (-dx * sin + dy * cos) / scale + H / 2;
    let to = v * W * 3;
    let n = random.int(0, NOISE - 1);
    for (let u = 0; u < W; u++, to += 3, x += stepX, bent += stepY) {
      const column = x < 0 ? 0 : x >= W ? W - 1 : x | 0;
      const y = (bent - bend[column]!) / (1 + lift[column]!);
      let r: number;
      let g: number;
      let b: number;
      let lit = 1;
      if (x >= 0 && x < W - 1 && y >= 0 && y < H - 1) {
        const xi = x | 0;
        const yi = y | 0;
        const fx = x - xi;
        const fy = y - yi;
        const p = (yi * W + xi) * 4;
        const q = p + W * 4;
        const w11 = fx * fy;
        const w10 = fx - w11;
        const w01 = fy - w11;
        const w00 = 1 - fx - w01;
        r = paper[p]! * w00 + paper[p + 4]! * w10 + paper[q]! * w01 + paper[q + 4]! * w11;
        g = paper[p + 1]! * w00 + paper[p + 5]! * w10 + paper[q + 1]! * w01 + paper[q + 5]! * w11;
        b = paper[p + 2]! * w00 + paper[p + 6]! * w10 + paper[q + 2]! * w01 + paper[q + 6]! * w11;
      } else {
        const beyond = spine === 'left' ? -x : x - W;
        if (strip && beyond > -1 && beyond < stripWidth - 1 && y >= 0 && y < H) {
          const column = spine === 'left' ? stripWidth - 1 - (beyond | 0) : Math.max(0, beyond | 0);
          const p = ((y | 0) * stripWidth + column) * 4;
          r = strip[p]!;
          g = strip[p + 1]!;
          b = strip[p + 2]!;
          // The pages meet in the shadow of the fold.
          lit = 1 - 0.55 * Math.exp(-Math.abs(beyond) / 7);
        } else if (around.kind === 'paper') {
          r = g = b = 255;
        } else {
          r = g = b = around.shade;
          if (around.kind === 'dark') lit = 0.8;
        }
      }
      const k = noise[n]!;
      n = (n + 1) & (NOISE - 1);
      r = ((floor + r * contrast) * light[to]! * lit) / 255 + k;
      g = ((floor + g * contrast) * light[to + 1]! * lit) / 255 + k;
      b = ((floor + b * contrast) * light[to + 2]! * lit) / 255 + k * 1.2;
      out[to] = r;
      out[to + 1] = g;
      out[to + 2] = b;
    }
  }
  return Buffer.from(out.buffer);
}
