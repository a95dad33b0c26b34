import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, fold, sameText, similarity, tidy } from '../../models/text.ts';

const text = fc.string({ unit: fc.constantFrom(...'aăâbđeêơưẫộy ĐÂ\u0301\u0323 \t\n') });

test('tidied text is NFC with single blanks, and tidying it again changes nothing', () => {
  expect(tidy('  Nguyễn\u00a0 \n Thị  '.normalize('NFD'))).toBe('Nguyễn Thị');
  fc.assert(
    fc.property(text, (t) => {
      expect(tidy(tidy(t))).toBe(tidy(t));
    }),
  );
});

test('text compares equal over Unicode forms and blanks, not over case or diacritics', () => {
  expect(sameText('Nguyễn  Thị '.normalize('NFD'), 'Nguyễn Thị')).toBe(true);
  expect(sameText('Nguyễn', 'nguyễn')).toBe(false);
  expect(sameText('Thị', 'Thi')).toBe(false);
});

describe('folded text', () => {
  test('has neither case nor diacritics', () => {
    expect(fold('ĐẶNG Thị Mẫu-Đơn')).toBe('dang thi mau-don');
    expect(fold('Ươm Ỡ Ỵ')).toBe('uom o y');
  });

  test('is the same for all Unicode forms, and folding it again changes nothing', () => {
    fc.assert(
      fc.property(text, (t) => {
        expect(fold(fold(t))).toBe(fold(t));
        expect(fold(t.normalize('NFD'))).toBe(fold(t.normalize('NFC')));
      }),
    );
  });
});

describe('edit distance', () => {
  test('counts letters, not bytes', () => {
    expect(editDistance('Thị', 'Thi')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('𝔸b', 'b')).toBe(1);
  });

  test('is symmetric, zero only for equals, and obeys the triangle', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });

  test('gives a similarity from 0 to 1', () => {
    expect(similarity('', '')).toBe(1);
    expect(similarity('ab', 'cd')).toBe(0);
    expect(similarity('Kinh', 'Kink')).toBe(0.75);
  });
});
