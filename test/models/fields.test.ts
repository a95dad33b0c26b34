import { describe, expect, test } from 'vitest';
import { FIELD_KINDS, FieldKind } from '../../models/field-kinds.ts';
import { FieldAnswer, FieldState, FieldValue } from '../../models/fields.ts';
import { overlap, union } from '../../models/geometry.ts';
import { RULES } from '../../models/rules.ts';

const evidence = { source: 'person' };

describe('a value', () => {
  test('has a text when something is written, and only then or when it is struck out', () => {
    const states = FieldState.options;
    const accepts = (value: object) =>
      states.filter((state) => FieldValue.safeParse({ state, evidence, ...value }).success);
    expect(accepts({ text: 'x' })).toEqual(['written', 'struckOut']);
    expect(accepts({})).toEqual(['blank', 'notOnForm', 'illegible', 'struckOut']);
    expect(accepts({ text: '' })).toEqual(['struckOut']);
  });

  test('keeps a text as it was written, blanks and case too', () => {
    const text = '  nguyễn  VĂN ';
    expect(FieldValue.parse({ state: 'written', text, evidence }).text).toBe(text);
  });
});

test('an answer that says nothing is written must say so', () => {
  expect(FieldAnswer.safeParse({ state: 'written', text: '   ' }).success).toBe(false);
  expect(FieldAnswer.safeParse({ state: 'blank' }).success).toBe(true);
  expect(FieldAnswer.safeParse({ state: 'illegible', text: 'x' }).success).toBe(false);
});

describe('a kind of field', () => {
  test.each<[FieldKind, string, string | undefined, string?]>([
    ['registrationNumber', ' 41 / 2008 ', '41/2008'],
    ['registrationNumber', '12a', '12a'],
    ['pageNumber', ' 7 ', '7'],
    ['pageNumber', '7a', undefined],
    ['integer', '007', '7'],
    ['date', '5/1/2008', '05.01.2008'],
    ['date', '01.2008', undefined],
    ['partialDate', '1/2008', '01.2008'],
    ['partialDate', '23 tuổi', '23 tuổi'],
    ['partialDate', 'không rõ', undefined],
    ['dateInWords', 'ngày một tháng một  năm hai nghìn', 'ngày một tháng một năm hai nghìn'],
    ['dateInWords', 'abc', undefined],
    ['code', 'nữ', '2', 'gioiTinh'],
    ['code', 'abc', undefined, 'gioiTinh'],
    ['code', 'nữ', undefined],
    ['name', ' Nguyễn  Văn Mẫu ', 'Nguyễn Văn Mẫu'],
    ['name', '  ', undefined],
    ['personalId', '034 208 000 001', '034208000001'],
    ['personalId', '34208000001', undefined],
    ['documentNumber', '150 123 456', '150123456'],
    ['text', 'a\nb', 'a b'],
  ])('%s writes %j for the template as %j', (kind, text, wanted, list) => {
    expect(FIELD_KINDS[kind].normalize(text, list)).toBe(wanted);
  });

  test('gives a value for each kind there is, the same when normalised again', () => {
    for (const kind of FieldKind.options)
      for (const text of ['41/2008', '15.01.2008', '1.2008', 'Nam', '034208000001', 'a  b']) {
        const once = FIELD_KINDS[kind].normalize(text, 'gioiTinh');
        if (once !== undefined) expect(FIELD_KINDS[kind].normalize(once, 'gioiTinh')).toBe(once);
      }
  });
});

describe('the rule', () => {
  test.each<[string, string[], boolean]>([
    ['numberHasSlash', ['41'], true],
    ['numberHasSlash', ['41/2008'], false],
    ['slashLikeOthers', ['41'], true],
    ['slashLikeOthers', ['41/2008'], false],
    ['yearOfNumber', ['41/2007', '15.01.2008'], true],
    ['yearOfNumber', ['41/2008', '15.01.2008'], false],
    ['yearOfNumber', ['41', '15.01.2008'], false],
    ['wholeDate', ['01.2008'], true],
    ['wholeDate', ['15.01.2008'], false],
    ['dateOrAge', ['23 tuổi'], false],
    ['dateOrAge', ['1948'], false],
    ['dateOrAge', ['xưa'], true],
    ['notAfter', ['15.01.2008', '14.01.2008'], true],
    ['notAfter', ['2008', '14.01.2008'], false],
    ['notAfter', ['?', '14.01.2008'], false],
    [
      'wordsAgree',
      ['15.01.2008', 'ngày mười lăm tháng một năm hai nghìn không trăm linh tám'],
      false,
    ],
    [
      'wordsAgree',
      ['15.01.2008', 'ngày mười lăm tháng một năm hai nghìn không trăm linh bảy'],
      true,
    ],
    ['wordsAgree', ['15.01.2008', '???'], false],
    ['ageOfHusband', ['1990', '2008'], true],
    ['ageOfHusband', ['1988', '2008'], false],
    ['ageOfWife', ['1991', '2008'], true],
    ['personalIdFormat', ['034208000001'], false],
    ['personalIdFormat', ['34208000001'], true],
    ['digitsOnly', ['12a'], true],
  ])('%s on %j is broken: %s', (rule, values, broken) => {
    expect(RULES[rule]!.fields).toBe(values.length);
    expect(RULES[rule]!.broken(...values)).toBe(broken);
  });
});

describe('boxes', () => {
  const a = { x: 0.1, y: 0.1, w: 0.2, h: 0.2 };
  const b = { x: 0.5, y: 0.4, w: 0.1, h: 0.1 };

  test('unite to the smallest box around them', () => {
    const both = union([a, b])!;
    expect(both.x).toBeCloseTo(0.1);
    expect(both.y).toBeCloseTo(0.1);
    expect(both.x + both.w).toBeCloseTo(0.6);
    expect(both.y + both.h).toBeCloseTo(0.5);
    expect(union([])).toBeUndefined();
  });

  test('overlap from 0 to 1', () => {
    expect(overlap(a, a)).toBeCloseTo(1);
    expect(overlap(a, b)).toBe(0);
    expect(overlap(a, { ...a, x: 0.2 })).toBeCloseTo(1 / 3);
  });
});
