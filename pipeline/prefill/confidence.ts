import type { FieldGroup } from '../../models/field-kinds.ts';
import table from './calibration.json' with { type: 'json' };

/**
 * Turns a reader's belief into a probability of being right, by reader and kind of field: a logistic
 * curve on the logit of the belief. The constants in `calibration.json` are fitted by `npm run bench
 * -- --calibrate` on drawn books whose layouts and seeds are not those that figures are reported for.
 */
export function calibrate(group: FieldGroup | 'blank', belief: number, reader = ''): number {
  const { a, b } = CURVES[curveOf(group, reader)] ?? CURVES[group] ?? { a: 0, b: 1 };
  const p = Math.min(0.999, Math.max(0.001, belief));
  return 1 / (1 + Math.exp(-(a + b * Math.log(p / (1 - p)))));
}

const CURVES: Readonly<Record<string, { a: number; b: number }>> = table;

/** The key of a curve: readers of one kind share theirs. */
export function curveOf(group: FieldGroup | 'blank', reader: string): string {
  return group !== 'blank' && reader.startsWith('line-') ? `line:${group}` : group;
}
