import { describe, expect, it } from 'vitest';
import { readPartialDate, showPartialDate } from '../../web/books/partial-date.ts';
import { addressOf, placeOf } from '../../web/router.ts';
import { en } from '../../web/text/en.ts';
import { vi } from '../../web/text/vi.ts';

/** Every sentence with its place in the dictionary. */
function sentences(texts: object, at = ''): [string, unknown][] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? sentences(value, `${at}${key}.`)
      : [[`${at}${key}`, value] as [string, unknown]],
  );
}

describe('the two languages', () => {
  it('say the same things, none of them empty', () => {
    expect(sentences(en).map(([key]) => key)).toEqual(sentences(vi).map(([key]) => key));
    for (const [key, value] of [...sentences(vi), ...sentences(en)])
      expect([key, value === '' || value === undefined]).toEqual([key, false]);
    expect(en.keyHelp.map(([keys]) => keys)).toEqual(vi.keyHelp.map(([keys]) => keys));
  });
});

describe('addresses', () => {
  it('lead back to the place that they were made for', () => {
    for (const place of [
      { at: 'books' },
      { at: 'newBook' },
      { at: 'book', id: 'b' },
      { at: 'record', id: 'r' },
      { at: 'audit', id: 'r' },
      { at: 'columns', id: 'b' },
      { at: 'columns', id: 'b', field: 'nksGioiTinh' },
      { at: 'dashboard' },
      { at: 'people' },
      { at: 'account' },
      { at: 'ready' },
      { at: 'completeness', id: 'b' },
    ] as const)
      expect(placeOf(addressOf(place))).toEqual(place);
    expect(placeOf('#/gì/đó')).toEqual({ at: 'books' });
  });
});

describe('dates of a cover', () => {
  it('are whole, a month or a year, and nothing is invented', () => {
    expect(readPartialDate('02.01.2008')).toEqual({ day: 2, month: 1, year: 2008 });
    expect(readPartialDate('1/2008')).toEqual({ month: 1, year: 2008 });
    expect(readPartialDate(' 2008 ')).toEqual({ year: 2008 });
    expect(readPartialDate('')).toBeUndefined();
    for (const wrong of ['31.02.2008', '13.2008', 'năm 2008', '1.1.08'])
      expect(readPartialDate(wrong)).toBeNull();
    expect(showPartialDate({ day: 2, month: 1, year: 2008 })).toBe('02.01.2008');
  });
});
