import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digits, numberToWords, wordsToNumber } from '../../models/numbers.ts';

const all = Array.from({ length: 10_000 }, (_, n) => n);

test('every number from 0 to 9999 in words reads back as itself', () => {
  expect(all.filter((n) => wordsToNumber(numberToWords(n)) !== n)).toEqual([]);
});

test('no two numbers are written alike', () => {
  expect(new Set(all.map(numberToWords)).size).toBe(all.length);
});

test('numbers are written as registers write them', () => {
  expect(numberToWords(2008)).toBe('hai nghìn không trăm linh tám');
  expect(numberToWords(1995)).toBe('một nghìn chín trăm chín mươi lăm');
  expect(numberToWords(21)).toBe('hai mươi mốt');
  expect(numberToWords(15)).toBe('mười lăm');
  expect(numberToWords(0)).toBe('không');
  for (const n of [-1, 10_000, 1.5, Number.NaN]) expect(() => numberToWords(n)).toThrow(RangeError);
});

test.each([
  ['Hai Nghìn Linh Tám', 2008],
  ['hai ngàn lẻ tám', 2008],
  ['hai nghìn không trăm lẻ tám', 2008],
  ['HAI NGHIN KHONG TRAM LINH TAM', 2008],
  ['hai không không tám', 2008],
  ['một ngàn chín trăm bốn mươi tám', 1948],
  ['một nghìn chín trăm chín lăm', 1995],
  ['một chín chín lăm', 1995],
  ['hai mươi tư', 24],
  ['hai mươi nhăm', 25],
  ['nghìn chín trăm năm mươi', 1950],
  ['mười', 10],
  ['hai nghìn', 2000],
])('%s is %i', (words, n) => {
  expect(wordsToNumber(words)).toBe(n);
});

test('words in an order that no number has are not a number', () => {
  for (const words of [
    'hai ba nghìn',
    'năm trăm hai nghìn',
    'hai nghìn ba nghìn',
    'hai mươi ba mươi',
    'hai nghìn linh',
    'linh tám',
    'hai mươi linh tám',
    'hai mươi ba bốn',
    'một hai ba bốn năm',
    'hai nghìn xyz',
    'constructor',
    '',
    '  ',
  ])
    expect(wordsToNumber(words), words).toBeUndefined();
});

test('whatever is read lies between 0 and 9999', () => {
  const word = fc.constantFrom(...'không một hai năm chín mười mươi trăm nghìn linh'.split(' '));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      const n = wordsToNumber(words.join(' '));
      if (n !== undefined) expect(n >= 0 && n <= 9999).toBe(true);
    }),
  );
});

test('the first run of digits is found', () => {
  expect(digits('Số: 041/2008')).toBe(41);
  expect(digits('không')).toBeUndefined();
});
