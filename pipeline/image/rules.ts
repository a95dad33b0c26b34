import type { Gray } from './gray.ts';

/** A vertical printed rule of the straightened page, pixels: `x` at the middle of the page. */
export interface VerticalRule {
  readonly x: number;
  /** Share of the page's height that it was seen in, 0 to 1. */
  readonly seen: number;
  /** Where it was seen in each band of the page, from the top. */
  readonly path: readonly (number | undefined)[];
}

const BANDS = 10;
/** Rules over an open book bend at its fold: they are followed in smaller steps. */
const BANDS_OF_TABLE = 20;

/** Where a rule lies at `share` (0 to 1) of its way over the page. */
export function ruleAt({ x, path }: VerticalRule, share: number): number {
  const at = share * path.length - 0.5;
  const seen = path.flatMap((v, band) => (v === undefined ? [] : [{ v, band }]));
  const before = seen.filter((s) => s.band <= at).pop();
  const after = seen.find((s) => s.band > at);
  if (!before || !after) return (before ?? after)?.v ?? x;
  return before.v + ((after.v - before.v) * (at - before.band)) / (after.band - before.band);
}

/** The rules of a table that run down, and those that run across (as if the page lay on its side). */
export function tableRules(image: Gray): {
  readonly down: readonly VerticalRule[];
  readonly across: readonly VerticalRule[];
} {
  const { data, width, height } = image;
  const turned = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) turned[x * height + y] = data[y * width + x]!;
  return {
    down: verticalRules(image, BANDS_OF_TABLE),
    across: verticalRules({ data: turned, width: height, height: width }, BANDS_OF_TABLE),
  };
}

/**
 * Long vertical rules of an evened, straightened page, left to right. The page is looked at in
 * bands, so a rule may bend by a few pixels from band to band and may be broken.
 */
export function verticalRules(image: Gray, bands = BANDS): readonly VerticalRule[] {
  const { data, width, height } = image;
  const bandHeight = Math.floor(height / bands);
  const reach = Math.max(2, Math.round(width / 600));
  const marks: number[][] = [];
  for (let b = 0; b < bands; b++) {
    const counts = new Float32Array(width);
    for (let y = b * bandHeight; y < (b + 1) * bandHeight; y++)
      for (let x = 0, i = y * width; x < width; x++, i++) if (data[i]! < 175) counts[x]!++;
    const found: number[] = [];
    for (let x = reach; x < width - reach; x++) {
      let sum = 0;
      for (let d = -reach; d <= reach; d++)
        sum = Math.max(sum, counts[x + d]! + (counts[x + d - 1] ?? 0) * 0.6);
      const here = counts[x]! + (counts[x - 1] ?? 0) * 0.6;
      if (here === sum && here > bandHeight * 0.55) found.push(x);
    }
    marks.push(found);
  }
  const drift = reach * 3;
  // A fold may hide a rule for some bands, and goes on elsewhere.
  const within = (skipped: number) => (bands === BANDS ? drift : drift * Math.min(3, skipped));
  const rules: VerticalRule[] = [];
  const seeds = marks.flatMap((m, b) => m.map((x) => ({ x, b })));
  const taken = new Set<string>();
  for (const seed of seeds) {
    if (taken.has(`${seed.b}:${seed.x}`)) continue;
    let x = seed.x;
    let last = seed.b;
    let seen = 0;
    const xs: number[] = [];
    const path = new Array<number | undefined>(bands).fill(undefined);
    for (let b = seed.b; b < bands; b++) {
      const near = marks[b]!.filter((m) => Math.abs(m - x) <= within(Math.max(1, b - last))).sort(
        (a, c) => Math.abs(a - x) - Math.abs(c - x),
      )[0];
      if (near === undefined) continue;
      for (const m of marks[b]!) if (Math.abs(m - near) <= drift) taken.add(`${b}:${m}`);
      x = near;
      last = b;
      xs.push(near);
      path[b] = near;
      seen++;
    }
    if (seen >= bands * 0.5) rules.push({ x: xs[xs.length >> 1]!, seen: seen / bands, path });
  }
  rules.sort((a, b) => a.x - b.x);
  return rules.filter((r, i) => i === 0 || r.x - rules[i - 1]!.x > drift);
}
