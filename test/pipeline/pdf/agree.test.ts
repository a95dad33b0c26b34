import { describe, expect, it } from 'vitest';
import { agreePages, type ListedPage } from '../../../pipeline/pdf/agree.ts';
import type { OutlinePage } from '../../../pipeline/pdf/outline.ts';

const listed = (...numbers: number[]): ListedPage[] =>
  numbers.map((objectNumber) => ({ objectNumber, loads: objectNumber !== 0 }));
const outline = (...numbers: number[]): OutlinePage[] =>
  numbers.map((objectNumber) => ({ objectNumber, state: 'present' }));
const missing = (objectNumber: number): OutlinePage => ({ objectNumber, state: 'missing' });
const numbers = (pages: { objectNumber: number }[]) => pages.map((page) => page.objectNumber);

describe('agreePages', () => {
  it('takes the list that both readers found', () => {
    const pages = agreePages(listed(5, 8, 11), outline(5, 8, 11));
    expect(pages.map(({ index, outline, failure }) => [index, outline, failure])).toEqual([
      [0, 0, undefined],
      [1, 1, undefined],
      [2, 2, undefined],
    ]);
  });

  it('drops places that pdfium only counts', () => {
    expect(numbers(agreePages(listed(5, 0, 0, 0), outline(5)))).toEqual([5]);
  });

  it('keeps a page that the tree names and the file lacks as a failed page', () => {
    const pages = agreePages(listed(5, 0, 11), [...outline(5), missing(8), ...outline(11)]);
    expect(pages.map((page) => page.failure?.kind)).toEqual([undefined, 'truncated', undefined]);
  });

  it('takes pages that only the outline has by their object number', () => {
    const pages = agreePages(listed(5), outline(5, 8));
    expect(pages.map(({ index, objectNumber }) => [index, objectNumber])).toEqual([
      [0, 5],
      [undefined, 8],
    ]);
  });

  it('takes pages that only pdfium has', () => {
    expect(numbers(agreePages(listed(5, 8, 11), outline(5, 11)))).toEqual([5, 8, 11]);
  });

  it('takes pages without object numbers when both count the same', () => {
    const inline: ListedPage = { objectNumber: 0, loads: true };
    expect(agreePages([inline, inline], outline(0, 0))).toHaveLength(2);
  });

  it('says which page closes a circle of the tree', () => {
    const pages = agreePages(listed(5, 0), [...outline(5), { objectNumber: 3, state: 'loop' }]);
    expect(pages.map((page) => page.failure?.kind)).toEqual([undefined, 'pageTree']);
  });

  it('refuses when each reader has a page that the other lacks', () => {
    expect(() => agreePages(listed(5, 8), outline(5, 11))).toThrow(
      expect.objectContaining({ kind: 'pageCountDisagrees' }),
    );
  });

  it('believes pdfium alone when there is no outline, and fails what it cannot load', () => {
    const pages = agreePages(listed(5, 0), undefined);
    expect(pages.map((page) => page.failure?.kind)).toEqual([undefined, 'pageUnreadable']);
  });
});
