import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareDates,
  dateToWords,
  formatDate,
  isAge,
  isoDate,
  PartialDate,
  parseDate,
  wordsToDate,
} from '../../models/dates.ts';

const DAY = 86_400_000;

/** Every date from 1900 to 2030. */
function* everyDate(): Generator<PartialDate & { month: number; day: number }> {
  for (let t = Date.UTC(1900, 0, 1); t <= Date.UTC(2030, 11, 31); t += DAY) {
    const date = new Date(t);
    yield { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  }
}

const anyDate = fc
  .date({ min: new Date('1800-01-01'), max: new Date('2200-12-31'), noInvalidDate: true })
  .map((d) => ({ year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate() }));
const partialDate = fc.oneof(
  anyDate,
  anyDate.map(({ year, month }) => ({ year, month })),
  anyDate.map(({ year }) => ({ year })),
);

describe('a date in words', () => {
  test('reads back as itself for every date from 1900 to 2030', () => {
    const wrong = [...everyDate()].filter((date) => {
      const read = wordsToDate(dateToWords(date));
      return !read || compareDates(read, date) !== 0 || read.day === undefined;
    });
    expect(wrong).toEqual([]);
  });

  test('reads back as itself in capitals, without diacritics, and with mùng', () => {
    for (const date of everyDate()) {
      if (date.day > 10) continue;
      const words = dateToWords(date);
      expect(wordsToDate(words.toUpperCase().normalize('NFD'))).toEqual(date);
      expect(wordsToDate(words.replace('gày ', 'gày mùng '))).toEqual(date);
    }
  });

  test('reads back as itself when parts are unknown', () => {
    fc.assert(
      fc.property(partialDate, (date) => {
        expect(wordsToDate(dateToWords(date))).toEqual(date);
      }),
    );
  });

  test.each([
    ['Ngày mười lăm, Tháng một, Năm Hai Nghìn Không Trăm Linh Tám', '2008-01-15'],
    ['ngày mười lăm tháng giêng năm Hai Nghìn Linh Tám', '2008-01-15'],
    ['Mồng năm tháng năm năm hai ngàn lẻ tám', '2008-05-05'],
    ['ngày năm tháng năm năm một nghìn chín trăm chín mươi lăm', '1995-05-05'],
    ['ngay hai muoi tu thang chap nam mot nghin chin tram tam muoi nam', '1985-12-24'],
    ['Ngày ba mươi mốt tháng tư năm hai nghìn', undefined],
    ['ngày hai mươi nhăm tháng mười hai năm một ngàn chín trăm bốn mươi tám', '1948-12-25'],
    ['mười lăm tháng ba năm hai không không tám', '2008-03-15'],
    ['ngày mười, tháng mười một, năm một nghìn chín trăm năm mươi lăm', '1955-11-10'],
  ])('%s', (words, iso) => {
    const date = wordsToDate(words);
    expect(date && isoDate(date)).toBe(iso);
  });

  test('that cannot be read in one part is unread, not partial', () => {
    for (const words of [
      'ngày mười lăm tháng xyz năm hai nghìn không trăm linh tám',
      'ngày xyz tháng một năm hai nghìn không trăm linh tám',
      // The word "năm" is either the month or the year's.
      'ngày mười tháng năm hai nghìn không trăm linh tám',
      'ngày mười năm hai nghìn không trăm linh tám',
      'ngày mười tháng một',
      'hôm qua',
      '',
    ])
      expect(wordsToDate(words), words).toBeUndefined();
  });

  test('never throws, and reads only dates that exist', () => {
    const word = fc.constantFrom(
      ...'ngày tháng năm mùng một hai ba bốn tư sáu mười mươi trăm nghìn linh lẻ không chín x'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        const date = wordsToDate(words.join(' '));
        if (date) expect(PartialDate.safeParse(date).success).toBe(true);
      }),
    );
  });
});

describe('a date in figures', () => {
  test('is written as the template wants it and reads back', () => {
    fc.assert(
      fc.property(partialDate, (date) => {
        expect(parseDate(formatDate(date))).toEqual(date);
      }),
    );
    expect(formatDate({ year: 2008, month: 1, day: 5 })).toBe('05.01.2008');
    expect(formatDate({ year: 2008, month: 1 })).toBe('01.2008');
    expect(formatDate({ year: 2008 })).toBe('2008');
  });

  test('is read with any separator', () => {
    const date = { year: 2008, month: 1, day: 15 };
    for (const text of [
      '15.01.2008',
      '15/1/2008',
      ' 15 - 01 - 2008 ',
      '15–1–2008',
      'ngày 15 tháng 01 năm 2008',
      'Ngày 15 tháng 1, năm 2008.',
    ])
      expect(parseDate(text), text).toEqual(date);
  });

  test('that no calendar has, or that lacks its century, is no date', () => {
    for (const text of [
      '29.02.2007',
      '31.04.2008',
      '32.01.2008',
      '00.01.2008',
      '15.13.2008',
      '15.01.08',
      '1.2.3.2008',
      '2073.01.15',
      '20080115',
      '23 tuổi',
      'không rõ',
      '',
    ])
      expect(parseDate(text), text).toBeUndefined();
    expect(parseDate('29.02.2008')).toEqual({ year: 2008, month: 2, day: 29 });
  });

  test('has a sortable form only when it is whole', () => {
    expect(isoDate({ year: 2008, month: 1, day: 5 })).toBe('2008-01-05');
    expect(isoDate({ year: 2008, month: 1 })).toBeUndefined();
    expect(isoDate({ year: 2008 })).toBeUndefined();
  });
});

test('a day without its month is no partial date', () => {
  expect(PartialDate.safeParse({ year: 2008, day: 5 }).success).toBe(false);
});

test('dates compare by the parts that both have', () => {
  expect(compareDates({ year: 2007 }, { year: 2008, month: 1 })).toBeLessThan(0);
  expect(compareDates({ year: 2008 }, { year: 2008, month: 1 })).toBe(0);
  expect(compareDates({ year: 2008, month: 2 }, { year: 2008, month: 1, day: 9 })).toBeGreaterThan(
    0,
  );
  fc.assert(
    fc.property(partialDate, partialDate, (a, b) => {
      expect(Math.sign(compareDates(a, b))).toBe(-Math.sign(compareDates(b, a)) + 0);
    }),
  );
});

test('an age is known as an age', () => {
  expect(isAge('23 tuổi')).toBe(true);
  expect(isAge('23  TUỔI')).toBe(true);
  expect(isAge('tuổi 23')).toBe(false);
  expect(isAge('2008')).toBe(false);
});
