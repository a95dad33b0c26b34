import { type Form, isChoice, itemsOf } from '../../models/forms/define.ts';
import type { Gray } from '../image/gray.ts';
import type { FoundLabel } from './labels.ts';

/**
 * A reader's boxes of letters are rough: a label seems to end inside the first word written behind
 * it, or before its own last word. Print says where it ends: at the gap in the ink that lies nearest
 * to what was read and to what the label's letters need.
 */

/** Widths of letters in parts of the type's size, as book faces have them about. */
function widthOf(text: string): number {
  let sum = 0;
  for (const letter of text.normalize('NFD')) {
    if (/\p{M}/u.test(letter)) continue;
    if (/[iljtfr.,:;'!()|/ -]/u.test(letter)) sum += 0.3;
    else if (/[mwMW]/u.test(letter)) sum += 0.8;
    else if (/\p{Lu}/u.test(letter)) sum += 0.68;
    else sum += 0.48;
  }
  return sum;
}

interface Stretch {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** Ink darker than this on the evened page counts. */
const INK = 170;

/**
 * Puts the right ends of labels, and the options of struck choices, where the print has them.
 * @param sheet the page that the labels' boxes are pixels of, evened, without leaders
 */
export function snapEnds(
  form: Form,
  labels: readonly FoundLabel[],
  sheet: Gray,
): readonly FoundLabel[] {
  const items = itemsOf(form);
  const heights = labels.map((l) => l.box.y1 - l.box.y0).sort((a, b) => a - b);
  const height = heights[heights.length >> 1] ?? 0;
  const scales = labels
    .filter((l) => l.similarity > 0.9 && l.text.length >= 5)
    .map((l) => (l.box.x1 - l.box.x0) / widthOf(l.text))
    .sort((a, b) => a - b);
  const scale = scales[scales.length >> 1];
  if (!scale) return labels;

  const snapped = new Map<FoundLabel, FoundLabel>();
  for (const label of labels) {
    const item = items[label.item]!;
    if (isChoice(item)) continue;
    const { box } = label;
    const needed = box.x0 + widthOf(label.text) * scale;
    // Read to its last letter, a label ends about there, unless that is further than its letters
    // reach ("Số: 1"); else its last word may not have been read.
    const credible = box.x1 - needed < height * 0.5 + (needed - box.x0) * 0.15;
    const trust = label.similarity > 0.97 && credible ? 3 : 0.5;
    const guesses = [
      { x: box.x1, weight: trust },
      { x: needed, weight: 1 },
    ];
    const x1 = nearestGap(sheet, box, guesses, height);
    snapped.set(label, { ...label, box: { ...box, x1: x1 ?? box.x1 } });
  }
  for (const [at, item] of items.entries()) {
    if (!isChoice(item) || item.mark !== 'strike') continue;
    const own = labels.filter((l) => l.item === at);
    // One that was read tells where all of them stand.
    const [best] = own.slice().sort((a, b) => b.similarity - a.similarity);
    if (!best) continue;
    const whole = item.options.map((o) => o.text).join('/');
    const before = item.options.slice(0, best.option).map((o) => `${o.text}/`);
    const from = best.box.x0 - widthOf(before.join('')) * scale;
    const to = from + widthOf(whole) * scale;
    const x0 = before.length === 0 ? from : (nearestStart(sheet, best.box, from, height) ?? from);
    const x1 = nearestGap(sheet, { ...best.box, x0 }, [{ x: to, weight: 1 }], height) ?? to;
    let done = '';
    const each = (x1 - x0) / widthOf(whole);
    for (const [option, { text }] of item.options.entries()) {
      const label = own.find((l) => l.option === option);
      const start = x0 + widthOf(done) * each;
      done += text;
      const end = x0 + widthOf(done) * each;
      done += '/';
      if (label) snapped.set(label, { ...label, box: { ...best.box, x0: start, x1: end } });
    }
  }
  return labels.map((l) => snapped.get(l) ?? l);
}

/** Least gap between words, pixels, where labels are `height` high; letters stand closer. */
const gapOf = (height: number) => Math.max(3, Math.round(height * 0.25));

/** The column where ink ends before a gap, nearest to all of `guesses` together. */
function nearestGap(
  sheet: Gray,
  box: Stretch,
  guesses: readonly { readonly x: number; readonly weight: number }[],
  height: number,
): number | undefined {
  // Where both guesses agree the end is there: writing may begin so close that no gap shows.
  const spread = Math.max(...guesses.map((g) => Math.abs(g.x - guesses[0]!.x)));
  const agreed = guesses.length > 1 && spread < height * 0.7;
  const reach = agreed ? height * 0.4 : height * 1.3 + (box.x1 - box.x0) * 0.05;
  const from = Math.max(box.x0 + height * 0.5, Math.min(...guesses.map((g) => g.x)) - reach);
  const to = Math.max(...guesses.map((g) => g.x)) + reach;
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let x = Math.round(from); x <= to; x++) {
    if (!inked(sheet, box, x - 1)) continue;
    // Just where both say, a gap as between letters will do: a lone "1" may stand behind the label.
    const there = agreed && Math.abs(x - guesses[0]!.x) <= height * 0.15;
    const wide = there ? 2 : gapOf(height);
    let gap = 0;
    while (gap < wide && !inked(sheet, box, x + gap)) gap++;
    if (gap < wide) continue;
    const cost = guesses.reduce((sum, g) => sum + g.weight * Math.abs(x - g.x), 0);
    if (cost < least) {
      least = cost;
      best = x;
    }
  }
  return best;
}

/** The column where ink begins behind a gap, nearest to `guess`. */
function nearestStart(sheet: Gray, box: Stretch, guess: number, height: number) {
  const wide = gapOf(height);
  const reach = Math.round(height * 1.3);
  for (let off = 0; off <= reach; off++)
    for (const x of [Math.round(guess) - off, Math.round(guess) + off]) {
      if (!inked(sheet, box, x)) continue;
      let gap = 0;
      while (gap < wide && !inked(sheet, box, x - 1 - gap)) gap++;
      if (gap === wide) return x;
    }
  return undefined;
}

/** True when the column has ink at the height of the letters' bodies. */
function inked({ data, width, height }: Gray, box: Stretch, x: number): boolean {
  if (x < 0 || x >= width) return false;
  const top = Math.max(0, Math.round(box.y0 + (box.y1 - box.y0) * 0.1));
  const bottom = Math.min(height - 1, Math.round(box.y1 - (box.y1 - box.y0) * 0.15));
  for (let y = top; y <= bottom; y++) if (data[y * width + x]! < INK) return true;
  return false;
}
