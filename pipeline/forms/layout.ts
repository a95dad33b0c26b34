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
  /** Moves a point of the layout's page to this page. */
  readonly move: (x: number, y: number) => readonly [number, number];
}

/** A label counts as found from this correlation on. */
const ENOUGH = 0.5;

/** Finds a known layout's labels on another page of the same print. */
export function matchLayout(layout: Layout, half: Gray): LayoutMatch {
  const small = [layout.half, half].map((g) => halve(halve(g))) as [Gray, Gray];
  const middle = [halve(layout.half), halve(half)] as const;
  const [dx, dy] = coarse(small[0], small[1], layout.labels);
  const hits = layout.labels.map((label) => {
    const rough = seek(middle[0], middle[1], shrinkBox(label.box, 2), dx * 2, dy * 2, 12);
    const fine = seek(layout.half, half, label.box, rough.dx * 2, rough.dy * 2, 3);
    return { label, ...fine };
  });
  // The page as a whole moved, turned a little and scaled: a label far from that is a false hit.
  let good = hits.filter((h) => h.score >= ENOUGH);
  let model = planeThrough(good);
  for (const limit of [24, 12]) {
    good = good.filter((h) => off(h, model) <= limit);
    model = planeThrough(good);
  }
  const scores = good.map((h) => h.score).sort((a, b) => a - b);
  const labels = hits.map((h) => {
    const [mx, my] = good.includes(h) ? [h.dx, h.dy] : shift(h.label, model);
    const { x0, y0, x1, y1 } = h.label.box;
    return { ...h.label, box: { x0: x0 + mx, y0: y0 + my, x1: x1 + mx, y1: y1 + my } };
  });
  return {
    labels,
    found: good.length / Math.max(1, hits.length),
    correlation: scores[scores.length >> 1] ?? 0,
    move: (x, y) => {
      const [mx, my] = at(model, x, y);
      return [x + mx, y + my];
    },
  };
}

interface Rectangle {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

const shrinkBox = (b: Rectangle, by: number): Rectangle => ({
  x0: b.x0 / by,
  y0: b.y0 / by,
  x1: b.x1 / by,
  y1: b.y1 / by,
});

/** The shift at an eighth of the size under which the labels' ink agrees best with the page's. */
function coarse(from: Gray, to: Gray, labels: readonly FoundLabel[]): readonly [number, number] {
  const xs: number[] = [];
  const ys: number[] = [];
  const weights: number[] = [];
  for (const { box } of labels) {
    const b = shrinkBox(box, 4);
    const points: [number, number, number][] = [];
    let sum = 0;
    for (let y = Math.floor(b.y0) - 1; y <= b.y1 + 1; y++)
      for (let x = Math.floor(b.x0) - 1; x <= b.x1 + 1; x++) {
        if (x < 0 || y < 0 || x >= from.width || y >= from.height) continue;
        const dark = 255 - from.data[y * from.width + x]!;
        points.push([x, y, dark]);
        sum += dark;
      }
    for (const [x, y, dark] of points) {
      xs.push(x);
      ys.push(y);
      weights.push(dark - sum / points.length);
    }
  }
  let best = Number.NEGATIVE_INFINITY;
  let shift: readonly [number, number] = [0, 0];
  const reach = 36;
  const score = (dx: number, dy: number) => {
    let s = 0;
    for (let i = 0; i < xs.length; i++) {
      const x = xs[i]! + dx;
      const y = ys[i]! + dy;
      if (x < 0 || y < 0 || x >= to.width || y >= to.height) continue;
      s += weights[i]! * (255 - to.data[y * to.width + x]!);
    }
    return s;
  };
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      const s = score(dx, dy) * (1 - 0.002 * (Math.abs(dx) + Math.abs(dy)));
      if (s > best) {
        best = s;
        shift = [dx, dy];
      }
    }
  return shift;
}

/** The place within ±`reach` of the guess where the patch correlates best (normalised, −1 to 1). */
function seek(from: Gray, to: Gray, box: Rectangle, gx: number, gy: number, reach: number) {
  const x0 = Math.max(0, Math.floor(box.x0) - 2);
  const y0 = Math.max(0, Math.floor(box.y0) - 2);
  const w = Math.min(from.width - 1, Math.ceil(box.x1) + 2) - x0;
  const h = Math.min(from.height - 1, Math.ceil(box.y1) + 2) - y0;
  const n = w * h;
  const patch = new Float32Array(Math.max(0, n));
  let mean = 0;
  for (let y = 0, i = 0; y < h; y++)
    for (let x = 0; x < w; x++, i++) {
      patch[i] = from.data[(y0 + y) * from.width + x0 + x]!;
      mean += patch[i]!;
    }
  mean /= n;
  let norm = 0;
  for (let i = 0; i < n; i++) {
    patch[i]! -= mean;
    norm += patch[i]! * patch[i]!;
  }
  const gxr = Math.round(gx);
  const gyr = Math.round(gy);
  let best = { dx: gxr, dy: gyr, score: -1 };
  for (let dy = gyr - reach; dy <= gyr + reach; dy++) {
    const ty = y0 + dy;
    if (ty < 0 || ty + h > to.height) continue;
    for (let dx = gxr - reach; dx <= gxr + reach; dx++) {
      const tx = x0 + dx;
      if (tx < 0 || tx + w > to.width) continue;
      let s = 0;
      let ss = 0;
      let cross = 0;
      for (let y = 0, i = 0; y < h; y++) {
        let t = (ty + y) * to.width + tx;
        for (let x = 0; x < w; x++, i++, t++) {
          const v = to.data[t]!;
          s += v;
          ss += v * v;
          cross += v * patch[i]!;
        }
      }
      const spread = ss - (s * s) / n;
      const score = spread > 0 && norm > 0 ? cross / Math.sqrt(spread * norm) : -1;
      if (score > best.score) best = { dx, dy, score };
    }
  }
  return best;
}

/** dx = a0 + a1·x + a2·y and dy likewise, least squares over the hits. */
interface Model {
  readonly x: readonly [number, number, number];
  readonly y: readonly [number, number, number];
}

interface Hit {
  readonly label: FoundLabel;
  readonly dx: number;
  readonly dy: number;
}

const centreOf = ({ box }: FoundLabel) => [(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2] as const;
const at = (m: Model, x: number, y: number) =>
  [m.x[0] + m.x[1] * x + m.x[2] * y, m.y[0] + m.y[1] * x + m.y[2] * y] as const;
const shift = (label: FoundLabel, m: Model) => at(m, ...centreOf(label));
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
      const [x, y] = centreOf(h.label);
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
