import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge, rateOf } from '../../models/quality.ts';

describe('an error rate', () => {
  // Computed with R: prop.test(x, n, correct = FALSE)$conf.int
  test.each([
    [0, 50, 0, 0.0713],
    [1, 50, 0.0035, 0.105],
    [10, 100, 0.0552, 0.1744],
    [50, 50, 0.9287, 1],
  ])('of %i in %i lies between %f and %f', (errors, of, low, high) => {
    const rate = rateOf(errors, of);
    expect(rate.low).toBeCloseTo(low, 3);
    expect(rate.high).toBeCloseTo(high, 3);
  });

  test('of nothing is unknown', () => {
    expect(rateOf(0, 0)).toEqual({ errors: 0, of: 0, rate: null, low: 0, high: 1 });
  });

  test('lies in its interval, which narrows with more cases', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (of, p) => {
          const { rate, low, high } = rateOf(Math.round(p * of), of);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(rate!);
          expect(high).toBeGreaterThanOrEqual(rate!);
          const more = rateOf(Math.round(p * of) * 4, of * 4);
          expect(more.high - more.low).toBeLessThan(high - low);
        },
      ),
    );
  });
});

describe('a sample', () => {
  const right = { fields: 20, errors: [], sentBack: false };
  const wrong = { ...right, errors: [{ field: 'so', code: 'misread' }] };
  const unseen = { ...right, errors: null };
  const sentBack = { ...unseen, sentBack: true };
  test.each([
    ['that nobody has looked at', 1, [unseen, unseen], 'open'],
    ['that is not looked at to its end', 1, [right, wrong, unseen], 'open'],
    ['with as many wrong records as are tolerated', 1, [right, wrong], 'accepted'],
    ['with more', 1, [wrong, wrong, unseen], 'rejected'],
    ['of which more were sent back unseen', 1, [sentBack, sentBack, unseen], 'rejected'],
    ['without a fault', 0, [right], 'accepted'],
  ] as const)('%s', (_what, accept, records, verdict) => {
    expect(judge(accept, records).verdict).toBe(verdict);
  });

  test('counts wrong fields among all that were looked at, each once', () => {
    const twice = { ...right, errors: [...wrong.errors, ...wrong.errors] };
    expect(judge(5, [right, twice, unseen])).toMatchObject({
      recordRate: { errors: 1, of: 2 },
      fieldRate: { errors: 1, of: 40, rate: 0.025 },
    });
  });
});
