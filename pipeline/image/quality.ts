import type { Gray } from './gray.ts';

/** What can be measured of a scan without knowing what is on it. */
export interface ScanMeasures {
  /** Grey of the paper in the middle of the page, 0 to 255. */
  readonly paper: number;
  /** How much darker than the paper ink is, in parts of the paper's grey: 0 to 1. */
  readonly contrast: number;
  /** Width of the edge of a stroke in pixels; undefined where there are too few edges. */
  readonly edge: number | undefined;
}

/** The part of the page that is looked at: its borders may show the desk or another page. */
const INSIDE = 0.12;
/** Rows between two that are looked at. */
const EVERY = 7;
/** A change of grey is an edge from this part of the paper's grey on. */
const EDGE = 0.25;
/** With fewer edges a page is too empty to tell. */
const FEWEST = 150;

/** Measures light and sharpness on sample rows in the middle of a page. */
export function measureScan({ data, width, height }: Gray): ScanMeasures {
  const left = Math.round(width * INSIDE);
  const right = width - left;
  const histogram = new Uint32Array(256);
  const top = Math.round(height * INSIDE);
  let count = 0;
  for (let y = top; y < height - top; y += EVERY)
    for (let x = left; x < right; x += 2, count++) histogram[data[y * width + x]!]!++;
  const paper = percentile(histogram, count, 0.7);
  const widths: number[] = [];
  const depths: number[] = [];
  for (let y = top; y < height - top; y += EVERY)
    edgesOf(data.subarray(y * width + left, y * width + right), paper * EDGE, widths, depths);
  const few = widths.length < FEWEST;
  return {
    paper,
    contrast: few ? 0 : quantile(depths, 0.8) / Math.max(1, paper),
    edge: few ? undefined : quantile(widths, 0.5),
  };
}

/** Falls of grey along a row: how deep, and over how many pixels if they all fell as the steepest. */
function edgesOf(row: Uint8Array, least: number, widths: number[], depths: number[]): void {
  let start = 0;
  let steepest = 0;
  for (let x = 1; x < row.length; x++) {
    const fall = row[x - 1]! - row[x]!;
    // Noise does not end an edge.
    if (fall > -3) {
      if (fall > steepest) steepest = fall;
      if (fall > 0) continue;
    }
    const depth = row[start]! - row[x - 1]!;
    if (depth > least && steepest > 0) {
      widths.push(depth / steepest);
      depths.push(depth);
    }
    start = x;
    steepest = 0;
  }
}

function percentile(histogram: Uint32Array, count: number, share: number): number {
  let left = count * share;
  let grey = 0;
  while (grey < 255 && left > histogram[grey]!) left -= histogram[grey++]!;
  return grey;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
