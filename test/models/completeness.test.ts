import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BookContent, oddities, type Standing, stateOf } from '../../models/completeness.ts';
import type { PageId, RecordId } from '../../models/ids.ts';

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const whole = { entries: 3, pages: 3, first: 1, last: 3 };
const book = (
  numbers: readonly (string | null)[],
  more: Partial<BookContent> = {},
): BookContent => ({
  note: { ...whole, entries: numbers.length },
  documents: [{ id: uuid(1), state: 'split' }],
  pages: [1, 2, 3].map((place) => ({
    id: uuid(place) as PageId,
    place,
    failed: false,
    entries: 1,
  })),
  records: numbers.map((number, i) => ({ id: uuid(100 + i) as RecordId, number })),
  ...more,
});
const found = (content: BookContent) => oddities(content).map(({ kind, detail }) => [kind, detail]);

describe('a book', () => {
  test('with every number, page and count is not odd', () => {
    expect(found(book(['1/2008', '2/2008', '3/2008']))).toEqual([]);
    expect(found(book(['3', '1', '2']))).toEqual([]);
  });

  test.each<[string, (string | null)[], string[][]]>([
    ['lacks one in the middle', ['1', '3', '3a'], [['gap', '2']]],
    ['lacks some at the end that the note counts', ['1'], [['gap', '2–3']]],
    ['lacks the first', ['2', '3'], [['gap', '1']]],
    ['has one twice', ['1/2008', '2/2008', '02 / 2008', '3/2008'], [['double', '2/2008']]],
    ['has 2 and 2a, which are two', ['1', '2', '2a', '3'], []],
    ['has one without a number', ['1', '2', null, '3'], [['noNumber', '']]],
    ['has one that is no number', ['1', '2', 'hai mốt', '3'], [['noNumber', '?']]],
    ['counts anew each year', ['7/2007', '8/2007', '1/2008', '3/2008'], [['gap', '2/2008']]],
  ])('that %s', (_what, numbers, expected) => {
    expect(found(book(numbers))).toEqual(expected);
  });

  test('with a number that somebody misread by far is odd once, not ten thousand times', () => {
    expect(found(book(['1', '2', '9999999'], { note: { entries: 3 } }))).toEqual([
      ['gap', '3–9999998'],
    ]);
  });

  test('is odd by pages without entries, failed pages, open documents and other counts', () => {
    const pages = [
      { id: uuid(1) as PageId, place: 1, failed: false, entries: 0 },
      { id: uuid(2) as PageId, place: 2, failed: true, entries: 0 },
      { id: uuid(3) as PageId, place: 3, failed: true, entries: 1 },
    ];
    const documents = [{ id: uuid(9), state: 'failed' }];
    const note = { entries: 5, pages: 4 };
    expect(found(book(['1', '2', '3'], { pages, documents, note }))).toEqual([
      ['documentOpen', 'failed'],
      ['pageWithoutEntry', '1'],
      ['pageFailed', '2'],
      ['entriesDiffer', '5, 3'],
      ['pagesDiffer', '4, 3'],
    ]);
    expect(found(book(['1'], { note: undefined }))).toEqual([['noClosingNote', '']]);
  });

  test('has as many numbers as it says: those there and those in gaps make the whole run', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (there) => {
        const content = book(there.map(String), {
          note: { entries: there.length, first: 1, last: 60 },
        });
        const all = oddities(content);
        const missing = all
          .filter((odd) => odd.kind === 'gap')
          .reduce((n, { detail }) => {
            const [from, to = from] = detail.split('–').map(Number);
            return n + to! - from! + 1;
          }, 0);
        expect(missing + there.length).toBe(60);
        expect(new Set(all.map((odd) => odd.key)).size).toBe(all.length);
      }),
    );
  });
});

describe('the state of a book', () => {
  const standing = (records: Record<string, number>, more: Partial<Standing> = {}): Standing => ({
    documents: 1,
    pages: 3,
    pagesDone: 3,
    records,
    keyedTwice: 0,
    arbitrated: 0,
    fingerprint: 'a'.repeat(64),
    ...more,
  });
  const last = (kind: 'delivered' | 'ready' | 'transferred', fingerprint = 'a') => ({
    kind,
    fingerprint: fingerprint.repeat(64),
  });
  test.each<[string, Standing, Parameters<typeof stateOf>[1]]>([
    ['received', standing({}), undefined],
    ['received', standing({ prefilled: 3 }, { pagesDone: 2 }), undefined],
    ['received', standing({ prefilled: 3 }, { documents: 0 }), undefined],
    ['digitised', standing({ prefilled: 1, keyed: 2 }), undefined],
    ['digitised', standing({ arbitration: 1, keyed: 2 }), undefined],
    ['keyed', standing({ keyed: 2, checked: 1 }), undefined],
    ['delivered', standing({ keyed: 2, checked: 1 }), last('delivered', 'b')],
    ['delivered', standing({ returned: 1, approved: 2 }), last('delivered', 'b')],
    ['approved', standing({ approved: 3 }), last('delivered', 'b')],
    ['ready', standing({ approved: 3 }), last('ready')],
    ['approved', standing({ approved: 3 }), last('ready', 'b')],
    ['delivered', standing({ returned: 1, approved: 2 }), last('ready', 'b')],
    ['transferred', standing({ approved: 3 }), last('transferred')],
  ])('is %s', (state, now, step) => {
    expect(stateOf(now, step)).toBe(state);
  });
});
