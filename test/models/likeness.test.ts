import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayNearness, doubleOf, nameDistance, type People } from '../../models/likeness.ts';
import { isOneSlip } from '../../models/names.ts';

describe('the distance of two names', () => {
  test.each([
    ['Nguyễn Thị Hoà', 'nguyễn  thị hoà', 0, 0],
    ['Nguyễn Thị Hoà', 'Nguyễn Thị Hoa', 0.01, 0.1],
    ['Lý Thị Quý', 'Lí Thị Quí', 0.01, 0.1],
    ['Trần Thị Ngọc Ánh', 'Trần Ngọc Ánh', 0.05, 0.15],
    ['Trần Văn Nam', 'Trần Văn Năm', 0.01, 0.1],
    ['Nguyễn Văn Nam', 'Nguyen Van Nam', 0.05, 0.2],
    ['Nguyễn Văn Nam', 'Nguyễn Văn Hùng', 0.3, 0.4],
    ['Nguyễn Văn Nam', 'Phạm Thị Lan', 0.9, 1],
  ])('of %s and %s lies between', (a, b, low, high) => {
    expect(nameDistance(a, b)).toBeGreaterThanOrEqual(low);
    expect(nameDistance(a, b)).toBeLessThanOrEqual(high);
  });

  test('is none to itself, the same both ways, and never beyond 1', () => {
    const word = fc.constantFrom('Nguyễn', 'Thị', 'Văn', 'Hoa', 'Hoà', 'Lý', 'Lí', 'Đặng', 'x');
    const name = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(nameDistance(a, a)).toBe(0);
        expect(nameDistance(a, b)).toBeCloseTo(nameDistance(b, a));
        expect(nameDistance(a, b)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

test.each([
  ['2008-03-05', '2008-03-05', 1],
  ['2008', '2008-03-05', 0.9],
  ['2008-03-05', '2008-05-03', 0.7],
  ['2008-03-05', '2008-03-06', 0.6],
  ['2008-03-05', '1999-11-20', 0],
  [null, '2008', undefined],
])('days of birth %s and %s are near by %s', (a, b, near) => {
  expect(dayNearness(a, b)).toBe(near);
});

test.each([
  ['hoa', 'hoan', true],
  ['hoan', 'hoa', true],
  ['hoa', 'hao', true],
  ['hoa', 'hoe', true],
  ['hoa', 'hoa', false],
  ['hoa', 'hean', false],
  ['nguyen', 'nguyne', true],
  ['', 'a', true],
])('%s and %s are one slip apart: %s', (a, b, slip) => {
  expect(isOneSlip(a, b)).toBe(slip);
});

describe('two records', () => {
  const person = (name: string, born: string | null = null) => ({ name, born });
  const child: People = new Map([
    ['nksHoTen', person('Vũ Thị Ánh', '2008-03-05')],
    ['meHoTen', person('Lý Thị Quý', '1980')],
  ]);
  const but = (field: string, name: string, born: string | null = null): People =>
    new Map([...child, [field, person(name, born)]]);
  test('are of one event by name and day, not by a common name alone', () => {
    expect(doubleOf('KS', child, child)?.score).toBe(1);
    expect(doubleOf('KS', child, but('meHoTen', 'Lí Thị Quí'))?.score).toBeGreaterThan(0.95);
    const alone: People = new Map([['nksHoTen', person('Vũ Thị Ánh')]]);
    expect(doubleOf('KS', alone, alone)).toBeUndefined();
    expect(doubleOf('KS', child, but('nksHoTen', 'Trần Văn Bảo', '2008-03-05'))).toBeUndefined();
    expect(doubleOf('KS', child, but('nksHoTen', 'Vũ Thị Ánh', '1999-11-20'))).toBeUndefined();
  });
});
