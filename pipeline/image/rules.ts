import type { Gray } from './gray.ts';

/** A vertical printed rule of the straightened page, pixels: `x` at the middle of the page. */
export interface VerticalRule {
  readonly x: number;
  /** Share of the page's height that it was seen in, 0 to 1. */
  readonly seen: number;
}

const BANDS = 10;

/**
 * Long vertical rules of an evened, straightened page, left to right. The page is looked at in ten
 * bands, so a rule may bend by a few pixels from band to band and may be broken.
 */
export function verticalRules(image: Gray): readonly VerticalRule[] {
  const { data, width, height } = image;
  const bandHeight = Math.floor(height / BANDS);
  const reach = Math.max(2, Math.round(width / 600));
  const marks: number[][] = [];
  for (let b = 0; b < BANDS; b++) {
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
  const rules: VerticalRule[] = [];
  const seeds = marks.flatMap((m, b) => m.map((x) => ({ x, b })));
  const taken = new Set<string>();
  for (const seed of seeds) {
    if (taken.has(`${seed.b}:${seed.x}`)) continue;
    let x = seed.x;
    let seen = 0;
    const xs: number[] = [];
    for (let b = seed.b; b < BANDS; b++) {
      const near = marks[b]!.filter((m) => Math.abs(m - x) <= drift).sort(
        (a, c) => Math.abs(a - x) - Math.abs(c - x),
      )[0];
      if (near === undefined) continue;
      for (const m of marks[b]!) if (Math.abs(m - near) <= drift) taken.add(`${b}:${m}`);
      x = near;
      xs.push(near);
      seen++;
    }
    if (seen >= BANDS * 0.5) rules.push({ x: xs[xs.length >> 1]!, seen: seen / BANDS });
  }
  rules.sort((a, b) => a.x - b.x);
  return rules.filter((r, i) => i === 0 || r.x - rules[i - 1]!.x > drift);
}
