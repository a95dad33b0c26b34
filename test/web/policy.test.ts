import { describe, expect, it } from 'vitest';
import { BookPolicy } from '../../models/policy.ts';
import { inputOf, NEW_POLICY, policyOf, wrongIn } from '../../web/books/policy.ts';

describe('how the work on a book is shared, as it is filled in', () => {
  it('comes back from what was saved', () => {
    for (const keying of [
      { kind: 'single' as const },
      { kind: 'double' as const },
      { kind: 'share' as const, share: 0.125 },
      { kind: 'fields' as const, groups: ['date' as const], fields: ['so'], confidenceBelow: 0.9 },
      { kind: 'fields' as const, groups: [], fields: [], confidenceBelow: 0.5 },
    ]) {
      const policy = BookPolicy.parse({ keying, sampling: { size: 20, accept: 1 } });
      expect(policyOf(inputOf(policy))).toEqual({
        otherOrganisation: true,
        keying,
        sampling: { size: 20, accept: 1 },
      });
    }
    expect(policyOf(NEW_POLICY).sampling).toBeNull();
  });

  it('is saved only when its numbers are numbers and something is keyed twice', () => {
    const wrong = (change: Partial<typeof NEW_POLICY>) => [
      ...wrongIn({ ...NEW_POLICY, ...change }),
    ];
    expect(wrong({})).toEqual([]);
    expect(wrong({ kind: 'share', share: '12,5' })).toEqual([]);
    expect(wrong({ kind: 'share', share: '' })).toEqual(['share']);
    expect(wrong({ kind: 'share', share: '101' })).toEqual(['share']);
    expect(wrong({ kind: 'fields', groups: [] })).toEqual(['groups']);
    expect(wrong({ kind: 'fields', groups: [], below: '90' })).toEqual([]);
    expect(wrong({ kind: 'fields', below: 'cao' })).toEqual(['below']);
    expect(wrong({ sampled: true, size: '10', accept: '10' })).toEqual(['accept']);
    expect(wrong({ sampled: true, size: '1,5' })).toEqual(['size']);
  });
});
