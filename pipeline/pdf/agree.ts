import { Failure, type FailureData } from '../../models/failures.ts';
import type { OutlinePage } from './outline.ts';

/** Where a page is found, or why it is lost. */
export interface PageRef {
  /** Position in pdfium's list; undefined when only the other reader has the page. */
  readonly index: number | undefined;
  /** Number of the page's object, 0 when unknown. */
  readonly objectNumber: number;
  /** Position in the outline; undefined when it does not have the page. */
  readonly outline: number | undefined;
  readonly failure: FailureData | undefined;
}

/** A page as pdfium lists it; object number 0 when its list has no object there. */
export interface ListedPage {
  readonly objectNumber: number;
  readonly loads: boolean;
}

/**
 * Makes one list of pages from what two readers found, so that no page is lost:
 * - the same pages: that list; a place whose page object is missing or where the tree comes back
 *   to itself is a failed page;
 * - one found all pages of the other and more: its list (of pdfium's, without the places that it
 *   only counts: its number comes from `/Count`);
 * - each found pages that the other lacks: Failure `pageCountDisagrees`;
 * - no outline: pdfium's list; places that it cannot load are failed pages.
 */
export function agreePages(
  listed: readonly ListedPage[],
  outline: readonly OutlinePage[] | undefined,
): PageRef[] {
  const inOutline = new Map(outline?.map((page, i) => [page.objectNumber, i]));
  const inList = new Map(listed.map((page, i) => [page.objectNumber, i]));
  inOutline.delete(0);
  inList.delete(0);

  const byList = (page: ListedPage, index: number): PageRef => ({
    index,
    objectNumber: page.objectNumber,
    outline: inOutline.get(page.objectNumber),
    failure: page.loads ? undefined : lostPage(outline?.[index]?.state),
  });
  const byOutline = (page: OutlinePage, at: number): PageRef => ({
    index: inList.get(page.objectNumber),
    objectNumber: page.objectNumber,
    outline: at,
    failure: page.state === 'present' ? undefined : lostPage(page.state),
  });

  if (!outline) return listed.map(byList);
  const reached = listed.filter((page) => page.loads);
  const present = outline.filter((page) => page.state === 'present');
  const listHasAll = present.every((page) => inList.has(page.objectNumber));
  const outlineHasAll = reached.every((page) => inOutline.has(page.objectNumber));
  // Pages that are written inside their parents have no number to compare.
  const unnumbered = [...reached, ...present].some((page) => page.objectNumber === 0);

  if (listed.length === outline.length && (listHasAll || unnumbered)) return listed.map(byList);
  if (outlineHasAll && !unnumbered) return outline.map(byOutline);
  if (listHasAll)
    return listed.flatMap((page, i) => (page.loads || page.objectNumber ? [byList(page, i)] : []));
  throw new Failure('pageCountDisagrees', `${listed.length} and ${outline.length}`);
}

function lostPage(state: OutlinePage['state'] | undefined): FailureData {
  if (state === 'loop') return new Failure('pageTree', 'the page tree comes back here').toData();
  if (state === 'missing')
    return new Failure('truncated', 'the file does not hold this page').toData();
  return new Failure('pageUnreadable', 'the page cannot be loaded').toData();
}
