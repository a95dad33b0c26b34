import { type Gray, halve } from '../image/gray.ts';
import type { FoundLabel } from './labels.ts';

/**
 * What a placed page of a book teaches about the next ones: its picture at half size and where the
 * printed labels stand on it. Pixels are those of the half-size straightened page.
 */
export interface Layout {
  readonly half: Gray;
  readonly labels: readonly FoundLabel[];
}

export interface LayoutMatch {
  readonly labels: readonly FoundLabel[];
  /** Share of the labels that stand where the layout says, 0 to 1. */
  readonly found: number;
  /** Median correlation of the labels found, −1 to 1. */
  readonly correlation: number;
}

/** A label counts as found from this correlation on. */
const ENOUGH = 0.5;

/**
 * Finds a known layout's labels on another page of the same print, which may lie up to 24 mm and be
 * up to 3 % larger or smaller than the layout's page.
 */
export function matchLayout(layout: Layout, half: Gray): LayoutMatch {
  const from = sizesOf(layout.half);
  const to = sizesOf(half);
  const fit = fitPage(from, to, layout.labels);
  const hits = layout.labels.map((label): Hit => {
    const guess = movedBy(fit, centreOf(label), layout.half);
    const { x, y, score } = seekLabel(from, to, label.box, guess, fit.scale);
    return { label, guess, dx: x - guess.x, dy: y - guess.y, score };
  });
  // What the fit leaves is small and even: a label far from that is a false hit.
  let good = hits.filter((h) => h.score >= ENOUGH);
  let model = planeThrough(good);
  for (const limit of [24, 12]) {
    good = good.filter((h) => off(h, model) <= limit);
    model = planeThrough(good);
  }
  const scores = good.map((h) => h.score).sort((a, b) => a - b);
  const labels = hits.map((h) => {
    const [dx, dy] = good.includes(h) ? [h.dx, h.dy] : shift(h.label, model);
    const { x0, y0, x1, y1 } = h.label.box;
    const x = h.guess.x + dx;
    const y = h.guess.y + dy;
    const w = ((x1 - x0) / 2) * fit.scale;
    const ht = ((y1 - y0) / 2) * fit.scale;
    return { ...h.label, box: { x0: x - w, y0: y - ht, x1: x + w, y1: y + ht } };
  });
  return {
    labels,
    found: good.length / Math.max(1, hits.length),
    correlation: scores[scores.length >> 1] ?? 0,
  };
}

interface Rectangle {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const shrinkBox = (b: Rectangle, by: number): Rectangle => ({
  x0: b.x0 / by,
  y0: b.y0 / by,
  x1: b.x1 / by,
  y1: b.y1 / by,
});

/** A page at 1/2, 1/4, 1/8 and 1/16 of the scan's size. */
type Sizes = readonly [Gray, Gray, Gray, Gray];

/** A known layout is compared with many pages, a page with several layouts. */
const known = new WeakMap<Gray, Sizes>();

function sizesOf(half: Gray): Sizes {
  let sizes = known.get(half);
  if (!sizes) {
    const quarter = halve(half);
    const eighth = halve(quarter);
    sizes = [half, quarter, eighth, halve(eighth)];
    known.set(half, sizes);
  }
  return sizes;
}

/** How the page lies against the layout's: scaled about the middle, then shifted. */
interface Fit {
  readonly scale: number;
  /** Pixels, at a size that the user of the fit says. */
  readonly dx: number;
  readonly dy: number;
  readonly score: number;
}

function movedBy(fit: Fit, { x, y }: Point, { width, height }: Gray): Point {
  return {
    x: (x - width / 2) * fit.scale + width / 2 + fit.dx,
    y: (y - height / 2) * fit.scale + height / 2 + fit.dy,
  };
}

/** How far the page is looked for, in pixels at 1/16: 24 mm at 300 dpi. */
const REACH = 18;
/** Scanners and damp paper change sizes by up to 3 %. */
const ROUGH_SCALES = [-0.02, 0, 0.02];
const FINE_SCALES = [-0.01, -0.005, 0, 0.005, 0.01];
/** So many of the best places are looked at closer, since a line of text resembles the next. */
const CANDIDATES = 5;
/** Of two places that agree alike, the nearer one; by pixel at 1/8. */
const NEARER = 0.002;

/**
 * How the labels' ink agrees best with the page's, in pixels at 1/2: looked for at 1/16 everywhere,
 * then at 1/8 around the best places.
 */
function fitPage(from: Sizes, to: Sizes, labels: readonly FoundLabel[]): Fit {
  const rough: Fit[] = [];
  const small = darkness(to[3], REACH);
  for (const offset of ROUGH_SCALES) {
    const scale = 1 + offset;
    const agrees = agreement(from[3], small, labels, 8, scale);
    for (let dy = -REACH; dy <= REACH; dy++)
      // Labels are wide: every second column is near enough.
      for (let dx = -REACH; dx <= REACH; dx += 2)
        rough.push({ scale, dx, dy, score: agrees(dx, dy) * nearness(2 * dx, 2 * dy) });
  }
  const fine: Fit[] = [];
  const larger = darkness(to[2], 2 * REACH + 2);
  for (const place of peaks(rough, CANDIDATES))
    for (const offset of FINE_SCALES) {
      const scale = place.scale + offset;
      const agrees = agreement(from[2], larger, labels, 4, scale);
      for (let dy = 2 * place.dy - 1; dy <= 2 * place.dy + 1; dy++)
        for (let dx = 2 * place.dx - 2; dx <= 2 * place.dx + 2; dx++)
          fine.push({ scale, dx, dy, score: agrees(dx, dy) * nearness(dx, dy) });
    }
  const { scale, dx, dy, score } = bestOf(fine);
  return { scale, dx: dx * 4, dy: dy * 4, score };
}

const nearness = (dx: number, dy: number) => 1 - NEARER * (Math.abs(dx) + Math.abs(dy));

const bestOf = <T extends { readonly score: number }>(list: readonly T[]): T =>
  list.reduce((best, one) => (one.score > best.score ? one : best));

/** The best `count` places that are no neighbours of each other, best first. */
function peaks<T extends { readonly dx: number; readonly dy: number; readonly score: number }>(
  places: readonly T[],
  count: number,
): T[] {
  const chosen: T[] = [];
  for (const place of [...places].sort((a, b) => b.score - a.score)) {
    if (chosen.some((c) => Math.abs(c.dx - place.dx) <= 2 && Math.abs(c.dy - place.dy) <= 1))
      continue;
    chosen.push(place);
    if (chosen.length === count) break;
  }
  return chosen;
}

/** Darkness with `margin` pixels of white around it, so that a shifted point is always inside. */
function darkness({ data, width, height }: Gray, margin: number) {
  const stride = width + 2 * margin;
  const dark = new Uint8Array(stride * (height + 2 * margin));
  for (let y = 0, i = 0; y < height; y++) {
    const row = (y + margin) * stride + margin;
    for (let x = 0; x < width; x++, i++) dark[row + x] = 255 - data[i]!;
  }
  return { dark, stride, margin, width, height };
}

/** Labels have thousands of points: a part of them tells as much. */
const EVERY = 3;
/** Points whose products are added as small integers, which is several times faster. */
const BLOCK = 8192;

/**
 * Answers how well the labels' ink, each label's mean taken off, agrees with the page's at a shift
 * within the page's margin; `by` is how much smaller these images are than half size.
 */
function agreement(
  from: Gray,
  to: ReturnType<typeof darkness>,
  labels: readonly FoundLabel[],
  by: number,
  scale: number,
): (dx: number, dy: number) => number {
  const offsets: number[] = [];
  const weights: number[] = [];
  for (const { box } of labels) {
    const b = shrinkBox(box, by);
    const first = weights.length;
    let sum = 0;
    for (let y = Math.floor(b.y0) - 1; y <= b.y1 + 1; y++)
      for (let x = Math.floor(b.x0) - 1; x <= b.x1 + 1; x++) {
        if (x < 0 || y < 0 || x >= from.width || y >= from.height) continue;
        const tx = Math.round((x - from.width / 2) * scale + from.width / 2);
        const ty = Math.round((y - from.height / 2) * scale + from.height / 2);
        if (tx < 0 || ty < 0 || tx >= to.width || ty >= to.height) continue;
        const dark = 255 - from.data[y * from.width + x]!;
        offsets.push((ty + to.margin) * to.stride + tx + to.margin);
        weights.push(dark);
        sum += dark;
      }
    const mean = Math.round(sum / (weights.length - first));
    for (let i = first; i < weights.length; i++) weights[i]! -= mean;
  }
  const at = Int32Array.from(offsets.filter((_, i) => i % EVERY === 0));
  const weight = Int16Array.from(weights.filter((_, i) => i % EVERY === 0));
  const { dark, stride } = to;
  return (dx, dy) => {
    const shift = dy * stride + dx;
    let sum = 0;
    for (let block = 0; block < at.length; block += BLOCK) {
      let part = 0;
      const end = Math.min(block + BLOCK, at.length);
      for (let i = block; i < end; i++) part = (part + weight[i]! * dark[at[i]! + shift]!) | 0;
      sum += part;
    }
    return sum;
  };
}

/**
 * Where the middle of one label stands, in pixels at 1/2, and its correlation there: at 1/8 within
 * 4 mm of the guess, then closer around the guess and the best places.
 */
function seekLabel(from: Sizes, to: Sizes, box: Rectangle, guess: Point, scale: number) {
  const coarse = correlator(from[2], to[2], shrinkBox(box, 4), scale);
  const middle = correlator(from[1], to[1], shrinkBox(box, 2), scale);
  const fine = correlator(from[0], to[0], box, scale);
  const start = coarse.corner(guess.x / 4, guess.y / 4);
  const closer = [start, ...peaks(coarse.around(start, 6), 3)].flatMap((p) => {
    const centre = coarse.centre(p);
    return middle.around(middle.corner(centre.x * 2, centre.y * 2), 2);
  });
  const centre = middle.centre(bestOf(closer));
  const best = bestOf(fine.around(fine.corner(centre.x * 2, centre.y * 2), 2));
  return { ...fine.centre(best), score: best.score };
}

/** A place of a patch's left top corner on the page. */
interface Place {
  readonly dx: number;
  readonly dy: number;
  readonly score: number;
}

/** Compares a patch of one image, scaled, with places of another: normalised correlation, −1 to 1. */
function correlator(from: Gray, to: Gray, box: Rectangle, scale: number) {
  const patch = patchOf(from, box, scale);
  const middle = { x: (box.x0 + box.x1) / 2, y: (box.y0 + box.y1) / 2 };
  const inside = { x: (middle.x - patch.x) * scale, y: (middle.y - patch.y) * scale };
  return {
    /** The corner, whole pixels, of a patch whose label has its middle here; and back. */
    corner: (x: number, y: number) => ({
      dx: Math.round(x - inside.x),
      dy: Math.round(y - inside.y),
      score: -1,
    }),
    centre: ({ dx, dy }: Place): Point => ({ x: dx + inside.x, y: dy + inside.y }),
    around(corner: Place, reach: number): Place[] {
      const places: Place[] = [];
      for (let dy = corner.dy - reach; dy <= corner.dy + reach; dy++)
        for (let dx = corner.dx - reach; dx <= corner.dx + reach; dx++)
          places.push({ dx, dy, score: correlation(patch, to, dx, dy) });
      return places;
    },
  };
}

interface Patch {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Its left top corner in the image that it was taken from. */
  readonly x: number;
  readonly y: number;
  readonly sum: number;
  /** Sum of the squared differences from its mean. */
  readonly spread: number;
}

/** The label with two pixels of paper around it, bilinear where it is scaled. */
function patchOf({ data, width, height }: Gray, box: Rectangle, scale: number): Patch {
  const x = Math.max(0, Math.floor(box.x0) - 2);
  const y = Math.max(0, Math.floor(box.y0) - 2);
  const right = Math.min(width - 1, Math.ceil(box.x1) + 2);
  const bottom = Math.min(height - 1, Math.ceil(box.y1) + 2);
  const w = Math.max(0, Math.floor((right - x) * scale));
  const h = Math.max(0, Math.floor((bottom - y) * scale));
  const out = new Uint8Array(w * h);
  let sum = 0;
  let squares = 0;
  for (let v = 0, i = 0; v < h; v++) {
    const sy = Math.min(y + v / scale, height - 1);
    const top = Math.min(Math.floor(sy), height - 2);
    const fy = sy - top;
    for (let u = 0; u < w; u++, i++) {
      const sx = Math.min(x + u / scale, width - 1);
      const left = Math.min(Math.floor(sx), width - 2);
      const fx = sx - left;
      const at = top * width + left;
      const a = data[at]! + (data[at + 1]! - data[at]!) * fx;
      const b = data[at + width]! + (data[at + width + 1]! - data[at + width]!) * fx;
      const value = (a + (b - a) * fy + 0.5) | 0;
      out[i] = value;
      sum += value;
      squares += value * value;
    }
  }
  return { data: out, width: w, height: h, x, y, sum, spread: squares - (sum * sum) / (w * h) };
}

function correlation(patch: Patch, { data, width, height }: Gray, x: number, y: number): number {
  const { data: known, width: w, height: h } = patch;
  if (w === 0 || h === 0 || x < 0 || y < 0 || x + w > width || y + h > height) return -1;
  let sum = 0;
  let squares = 0;
  let cross = 0;
  for (let v = 0, i = 0; v < h; v++) {
    // The sums of one row stay small integers, which is several times faster.
    let rowSum = 0;
    let rowSquares = 0;
    let rowCross = 0;
    let t = (y + v) * width + x;
    for (const end = i + w; i < end; i++, t++) {
      const value = data[t]!;
      rowSum = (rowSum + value) | 0;
      rowSquares = (rowSquares + value * value) | 0;
      rowCross = (rowCross + value * known[i]!) | 0;
    }
    sum += rowSum;
    squares += rowSquares;
    cross += rowCross;
  }
  const n = w * h;
  const spread = squares - (sum * sum) / n;
  if (spread <= 0 || patch.spread <= 0) return -1;
  return (cross - (sum * patch.sum) / n) / Math.sqrt(spread * patch.spread);
}

/** What is left beside the fit: dx = a0 + a1·x + a2·y and dy likewise, least squares over the hits. */
interface Model {
  readonly x: readonly [number, number, number];
  readonly y: readonly [number, number, number];
}

interface Hit {
  readonly label: FoundLabel;
  /** Where the fit puts the label's middle. */
  readonly guess: Point;
  /** How far from there it was found. */
  readonly dx: number;
  readonly dy: number;
  readonly score: number;
}

const centreOf = ({ box }: FoundLabel): Point => ({
  x: (box.x0 + box.x1) / 2,
  y: (box.y0 + box.y1) / 2,
});
function shift(label: FoundLabel, m: Model): readonly [number, number] {
  const { x, y } = centreOf(label);
  return [m.x[0] + m.x[1] * x + m.x[2] * y, m.y[0] + m.y[1] * x + m.y[2] * y];
}
function off(hit: Hit, m: Model): number {
  const [x, y] = shift(hit.label, m);
  return Math.hypot(hit.dx - x, hit.dy - y);
}

function planeThrough(hits: readonly Hit[]): Model {
  const solve = (value: (h: Hit) => number): readonly [number, number, number] => {
    const mean =
      hits.length === 0 ? 0 : [...hits].map(value).sort((a, b) => a - b)[hits.length >> 1]!;
    if (hits.length < 5) return [mean, 0, 0];
    // Normal equations of a plane, with a pull towards a mere shift (labels crowd at the left).
    const a = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    const b = [0, 0, 0];
    for (const h of hits) {
      const { x, y } = centreOf(h.label);
      const row = [1, x / 1000, y / 1000];
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) a[i * 3 + j]! += row[i]! * row[j]!;
        b[i]! += row[i]! * (value(h) - mean);
      }
    }
    a[4]! += 0.3;
    a[8]! += 0.3;
    const s = solve3(a, b);
    return [mean + s[0], s[1] / 1000, s[2] / 1000];
  };
  return { x: solve((h) => h.dx), y: solve((h) => h.dy) };
}

/** Cramer's rule. */
function solve3(a: readonly number[], b: readonly number[]): readonly [number, number, number] {
  const det = (m: readonly number[]) =>
    m[0]! * (m[4]! * m[8]! - m[5]! * m[7]!) -
    m[1]! * (m[3]! * m[8]! - m[5]! * m[6]!) +
    m[2]! * (m[3]! * m[7]! - m[4]! * m[6]!);
  const d = det(a);
  if (Math.abs(d) < 1e-9) return [0, 0, 0];
  const swap = (column: number) => a.map((v, i) => (i % 3 === column ? b[Math.floor(i / 3)]! : v));
  return [det(swap(0)) / d, det(swap(1)) / d, det(swap(2)) / d];
}
