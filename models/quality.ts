import { z } from 'zod';
import { ReasonCode } from './actions.ts';
import { BookId, PersonId, RecordId, SampleId } from './ids.ts';

/** A rate with the interval that holds the true one in 95 of 100 samples; all from 0 to 1. */
export const Rate = z.object({
  errors: z.number().int().nonnegative(),
  of: z.number().int().nonnegative(),
  /** Null when nothing was looked at. */
  rate: z.number().nullable(),
  low: z.number(),
  high: z.number(),
});
export type Rate = z.infer<typeof Rate>;

/** The 97.5th percentile of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * The share of errors with its Wilson score interval, which also holds for few cases and for none
 * (E. B. Wilson, JASA 22, 1927).
 */
export function rateOf(errors: number, of: number): Rate {
  if (of === 0) return { errors, of, rate: null, low: 0, high: 1 };
  const p = errors / of;
  const zz = Z ** 2 / of;
  const centre = (p + zz / 2) / (1 + zz);
  const half = (Z / (1 + zz)) * Math.sqrt((p * (1 - p)) / of + zz / (4 * of));
  // At the ends the formula is exact; floating point is not.
  const low = errors === 0 ? 0 : Math.max(0, centre - half);
  const high = errors === of ? 1 : Math.min(1, centre + half);
  return { errors, of, rate: p, low, high };
}

/** A wrong field of a record in a sample, with the code of a reason (`lyDoTraLai`). */
export const SampleError = z.object({ field: z.string().max(80), code: ReasonCode });
export type SampleError = z.infer<typeof SampleError>;

/** `open` until every record was looked at. */
export const Verdict = z.enum(['open', 'accepted', 'rejected']);
export type Verdict = z.infer<typeof Verdict>;

/** Records drawn by chance from those of a book that wait for approval, looked at once more. */
export const Sample = z.object({
  id: SampleId,
  bookId: BookId,
  /** How many wrong records are tolerated. */
  accept: z.number().int().nonnegative(),
  drawnBy: PersonId,
  drawnAt: z.coerce.date(),
  verdict: Verdict,
  records: z.array(
    z.object({
      recordId: RecordId,
      number: z.string().nullable(),
      fields: z.number().int(),
      errors: z.array(SampleError).nullable(),
      /** It was sent back before anybody had looked: counts as wrong. */
      sentBack: z.boolean(),
    }),
  ),
  /** Wrong records among those looked at or sent back. */
  recordRate: Rate,
  /** Wrong fields among those looked at. */
  fieldRate: Rate,
});
export type Sample = z.infer<typeof Sample>;

type Looked = Pick<Sample['records'][number], 'fields' | 'errors' | 'sentBack'>;

/** What the records that were looked at, or sent back instead, say about the lot. */
export function judge(
  accept: number,
  records: readonly Looked[],
): Pick<Sample, 'verdict' | 'recordRate' | 'fieldRate'> {
  const looked = records.filter((r) => r.errors !== null);
  const sentBack = records.filter((r) => r.errors === null && r.sentBack).length;
  const wrong = looked.filter((r) => r.errors!.length > 0).length + sentBack;
  const settled = looked.length + sentBack;
  const sum = (of: (r: Looked) => number) => looked.reduce((n, r) => n + of(r), 0);
  const verdict = wrong > accept ? 'rejected' : settled < records.length ? 'open' : 'accepted';
  return {
    verdict,
    recordRate: rateOf(wrong, settled),
    fieldRate: rateOf(
      sum((r) => new Set(r.errors!.map((e) => e.field)).size),
      sum((r) => r.fields),
    ),
  };
}
