import type { Point, Quad } from '../../models/geometry.ts';
import type { Gray } from './gray.ts';

/** What is seen of a sheet's edges: where the desk, or the dark of the scanner, goes over into paper. */
export interface Outline {
  /** All four edges were found: the corners, in pixels of the image. */
  readonly quad: Quad | undefined;
  /** How far inside of the image each edge lies, in parts of its side; undefined where none was found. */
  readonly inset: Readonly<Record<Side, number | undefined>>;
}

type Side = 'left' | 'right' | 'top' | 'bottom';

/** Rows or columns between two along which an edge is looked for. */
const EVERY = 3;
/** Pixels on both sides of a step that are compared. */
const REACH = 5;
/** Paper is lighter than what lies outside by so much at least, in grey and in parts of itself. */
const STEP = 16;
const STEP_SHARE = 0.12;
/** An edge is a line on which this share of the rows agree, within so many pixels. */
const AGREE = 0.5;
const NEAR = 2;
/** Paper in the shade has this share of the light in the middle of the page. */
const SHADED = 0.45;
/** What is seen outside of the sheet is so wide at least, in pixels. */
const NARROWEST = 4;
/** A sheet fills this share of the picture at least. */
const LEAST_AREA = 0.25;

/** Finds the edges of a sheet in a picture of 250 to 500 pixels a side. */
export function findOutline(image: Gray): Outline {
  const { width, height } = image;
  const paper = paperLevel(image);
  const lines: Partial<Record<Side, Line>> = {};
  for (const side of ['left', 'right', 'top', 'bottom'] as const) {
    const line = edgeLine(image, side, paper);
    if (line) lines[side] = line;
  }
  const { left, right, top, bottom } = lines;
  const inset = {
    left: left && left.at(height / 2) / width,
    right: right && 1 - right.at(height / 2) / width,
    top: top && top.at(width / 2) / height,
    bottom: bottom && 1 - bottom.at(width / 2) / height,
  };
  if (!left || !right || !top || !bottom) return { quad: undefined, inset };
  const quad: Quad = [
    crossing(left, top),
    crossing(right, top),
    crossing(right, bottom),
    crossing(left, bottom),
  ];
  const sound = isConvex(quad) && areaOf(quad) > LEAST_AREA * width * height;
  return { quad: sound ? quad : undefined, inset };
}

/** The light of the paper in the middle of the picture. */
function paperLevel({ data, width, height }: Gray): number {
  const values: number[] = [];
  for (let y = height >> 2; y < (height * 3) >> 2; y += 3)
    for (let x = width >> 2; x < (width * 3) >> 2; x += 3) values.push(data[y * width + x]!);
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length * 0.75)] ?? 255;
}

/** A line across the picture: x by y for the edges at the sides, y by x for those above and below. */
interface Line {
  readonly at: (along: number) => number;
  readonly slope: number;
  readonly offset: number;
}

function edgeLine(image: Gray, side: Side, paper: number): Line | undefined {
  const { data, width, height } = image;
  const upright = side === 'left' || side === 'right';
  const length = upright ? width : height;
  const rows = upright ? height : width;
  const backwards = side === 'right' || side === 'bottom';
  const points: { along: number; at: number }[] = [];
  const profile = new Float32Array(length + 1);
  let count = 0;
  for (let along = 2; along < rows - 2; along += EVERY) {
    count++;
    for (let i = 0; i < length; i++) {
      const at = backwards ? length - 1 - i : i;
      profile[i + 1] = profile[i]! + data[upright ? along * width + at : at * width + along]!;
    }
    const at = firstStep(profile, length, paper);
    if (at !== undefined) points.push({ along, at: backwards ? length - at : at });
  }
  return lineThrough(points, count * AGREE);
}

/** The first place, from outside, where dark goes over into paper that stays light for a while. */
function firstStep(sums: Float32Array, length: number, paper: number): number | undefined {
  const mean = (from: number, to: number) => (sums[to]! - sums[from]!) / (to - from);
  const last = Math.floor(length * 0.6);
  let best: { at: number; step: number } | undefined;
  for (let i = NARROWEST; i < last; i++) {
    const outside = mean(Math.max(0, i - REACH), i);
    const inside = mean(i, i + REACH);
    const step = inside - outside;
    // A printed frame is dark on a narrow strip only, with paper outside of it.
    const around = mean(Math.max(0, i - 3 * REACH), i);
    const beyond = mean(i, i + 3 * REACH);
    const clear = Math.max(STEP, STEP_SHARE * inside);
    if (step < clear || beyond - around < 0.8 * clear || beyond < SHADED * paper) {
      if (best) return best.at;
      continue;
    }
    if (!best || step > best.step) best = { at: i, step };
  }
  return best?.at;
}

/** The line on which most points lie; undefined when fewer than `least` do. */
function lineThrough(
  points: readonly { along: number; at: number }[],
  least: number,
): Line | undefined {
  if (points.length < Math.max(8, least)) return undefined;
  let best: { slope: number; offset: number; count: number } | undefined;
  const stride = Math.max(1, Math.floor(points.length / 36));
  for (let i = 0; i < points.length; i += stride)
    for (let j = i + 6 * stride; j < points.length; j += stride) {
      const [a, b] = [points[i]!, points[j]!];
      const slope = (b.at - a.at) / (b.along - a.along);
      if (Math.abs(slope) > 0.4) continue;
      const offset = a.at - slope * a.along;
      let count = 0;
      for (const p of points) if (Math.abs(p.at - offset - slope * p.along) <= NEAR) count++;
      if (!best || count > best.count) best = { slope, offset, count };
    }
  if (!best || best.count < least) return undefined;
  // Once more through all that agree, for parts of a pixel.
  const { slope: s, offset: o } = best;
  const near = points.filter((p) => Math.abs(p.at - o - s * p.along) <= NEAR);
  const mx = near.reduce((sum, p) => sum + p.along, 0) / near.length;
  const my = near.reduce((sum, p) => sum + p.at, 0) / near.length;
  const sxx = near.reduce((sum, p) => sum + (p.along - mx) ** 2, 0);
  const sxy = near.reduce((sum, p) => sum + (p.along - mx) * (p.at - my), 0);
  const slope = sxx === 0 ? s : sxy / sxx;
  const offset = my - slope * mx;
  return { slope, offset, at: (along) => offset + slope * along };
}

/** Where an edge at the side meets one above or below. */
function crossing(side: Line, level: Line): Point {
  const y = (level.offset + level.slope * side.offset) / (1 - level.slope * side.slope);
  return { x: side.at(y), y };
}

function areaOf(quad: Quad): number {
  let sum = 0;
  for (const [i, p] of quad.entries()) {
    const q = quad[(i + 1) % 4]!;
    sum += p.x * q.y - q.x * p.y;
  }
  return sum / 2;
}

function isConvex(quad: Quad): boolean {
  return quad.every((p, i) => {
    const [q, r] = [quad[(i + 1) % 4]!, quad[(i + 2) % 4]!];
    return (q.x - p.x) * (r.y - q.y) - (q.y - p.y) * (r.x - q.x) > 0;
  });
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

/** Width and height of the sheet whose corners these are, from the longer of opposite sides. */
export function sizeOf([a, b, c, d]: Quad): { readonly width: number; readonly height: number } {
  return {
    width: Math.max(distance(a, b), distance(d, c)),
    height: Math.max(distance(a, d), distance(b, c)),
  };
}

/** How far the corners are from a rectangle's: the largest difference of opposite sides, in parts. */
export function distortion([a, b, c, d]: Quad): number {
  const differ = (p: number, q: number) => Math.abs(p - q) / Math.max(p, q);
  // Of a rectangle the middles of the diagonals are one point, and the diagonals are of one length.
  return Math.max(
    differ(distance(a, b), distance(d, c)),
    differ(distance(a, d), distance(b, c)),
    differ(distance(a, c), distance(b, d)),
  );
}
