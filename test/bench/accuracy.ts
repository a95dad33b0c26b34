import { FIELD_KINDS } from '../../models/field-kinds.ts';
import type { FieldValues } from '../../models/fields.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { editDistance, tidy } from '../../models/text.ts';
import { curveOf } from '../../pipeline/prefill/confidence.ts';
import type { TruthPage } from '../../samples/truth.ts';

/** One field of one page, as drawn and as prefilled. */
export interface Outcome {
  readonly key: string;
  /** As drawn and as prefilled, each `state: text`. */
  readonly wanted: string;
  readonly got: string;
  /** `typed`, `hand` or `stamp`. */
  readonly ink: string;
  /** The group of the field's kind, or `blank`. */
  readonly group: string;
  readonly right: boolean;
  /** Edits from the prefilled text to the drawn one. */
  readonly edits: number;
  readonly letters: number;
  /** What the evidence says; undefined when the machine left the field open. */
  readonly confidence: number | undefined;
  /** The curve of `calibration.json` that gave the confidence. */
  readonly curve: string;
}

/**
 * Compares a page's values with the truth. Right means: the same state, and the same text, or for
 * numbers, dates and closed lists the same normalised value.
 */
export function compare(values: FieldValues, truth: TruthPage, registerCode: string): Outcome[] {
  const register = registerOf(registerCode);
  return Object.entries(truth.fields).map(([key, drawn]) => {
    const value = values[key];
    const { kind } = register.fields[key]!;
    const { group } = FIELD_KINDS[kind];
    const wanted = tidy(drawn.text ?? '');
    const got = tidy(value?.text ?? '');
    const byMeaning =
      (group === 'number' || group === 'date' || group === 'list') &&
      kind !== 'dateInWords' &&
      drawn.normalized !== undefined &&
      value?.normalized === drawn.normalized;
    return {
      key,
      wanted: `${drawn.state}: ${wanted}`,
      got: `${value?.state ?? 'open'}: ${got}`,
      ink: drawn.stamp ? 'stamp' : drawn.ink,
      group: drawn.state === 'blank' ? 'blank' : group,
      right: value?.state === drawn.state && (got === wanted || byMeaning),
      edits: editDistance(got, wanted),
      letters: [...wanted].length,
      curve: value?.state === 'blank' ? 'blank' : curveOf(group, value?.evidence.source ?? ''),
      confidence: value?.evidence.confidence,
    };
  });
}

/** Rows of ink × group: fields, exactly right, character error rate. */
export function accuracyTable(outcomes: readonly Outcome[]): string[][] {
  const rows = new Map<string, Outcome[]>();
  for (const o of outcomes)
    for (const key of [
      `${o.ink}|${o.group}`,
      `${o.ink}|all`,
      ...(o.group === 'blank' ? [] : [`${o.ink}|written`]),
    ])
      rows.set(key, [...(rows.get(key) ?? []), o]);
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, list]) => {
      const [ink, group] = key.split('|') as [string, string];
      const right = list.filter((o) => o.right).length;
      const edits = list.reduce((s, o) => s + o.edits, 0);
      const letters = list.reduce((s, o) => s + o.letters, 0);
      return [
        ink,
        group,
        String(list.length),
        `${((100 * right) / list.length).toFixed(1)} %`,
        letters === 0 ? '' : `${((100 * edits) / letters).toFixed(1)} %`,
      ];
    });
}

/** Expected calibration error over ten bins of equal width, 0 to 1. */
export function calibrationError(outcomes: readonly Outcome[]): number {
  const known = outcomes.filter((o) => o.confidence !== undefined);
  let sum = 0;
  for (let bin = 0; bin < 10; bin++) {
    const inBin = known.filter((o) => Math.min(9, Math.floor(o.confidence! * 10)) === bin);
    if (inBin.length === 0) continue;
    const mean = inBin.reduce((s, o) => s + o.confidence!, 0) / inBin.length;
    const right = inBin.filter((o) => o.right).length / inBin.length;
    sum += Math.abs(mean - right) * inBin.length;
  }
  return known.length === 0 ? 0 : sum / known.length;
}

/** Share of the errors among the `share` least confident fields; an open field is least confident. */
export function errorsAmongDoubtful(outcomes: readonly Outcome[], share: number): number {
  const sorted = [...outcomes].sort((a, b) => (a.confidence ?? 0) - (b.confidence ?? 0));
  const errors = sorted.filter((o) => !o.right).length;
  const doubtful = sorted.slice(0, Math.round(sorted.length * share));
  return errors === 0 ? 1 : doubtful.filter((o) => !o.right).length / errors;
}

/** Constants a, b of P(right) = σ(a + b·logit(belief)) by gradient descent, lightly held to (0, 1). */
export function fitLogistic(pairs: readonly { logit: number; right: boolean }[]): {
  a: number;
  b: number;
} {
  let a = 0;
  let b = 1;
  const n = Math.max(1, pairs.length);
  for (let step = 0; step < 4000; step++) {
    let da = 0.002 * a;
    let db = 0.002 * (b - 1);
    for (const { logit, right } of pairs) {
      const error = 1 / (1 + Math.exp(-(a + b * logit))) - (right ? 1 : 0);
      da += error / n;
      db += (error * logit) / n;
    }
    a -= 0.3 * da;
    b -= 0.1 * db;
  }
  return { a: Number(a.toFixed(3)), b: Number(b.toFixed(3)) };
}
