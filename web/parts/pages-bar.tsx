import { Progress } from '@mantine/core';
import type { BookSummary } from '../../api/contract.ts';
import { useTexts } from '../text/language.tsx';

/** The machine still has files or pages of the book to do. */
export const isWorking = ({ waitingDocuments, pagesDone, pagesFailed, pages }: BookSummary) =>
  waitingDocuments > 0 || pagesDone + pagesFailed < pages;

/** How far the machine is with the pages of a book. */
export function PagesBar({ book }: { readonly book: BookSummary }) {
  const texts = useTexts();
  const { pages, pagesDone, pagesFailed, waitingDocuments, failedDocuments } = book;
  const part = (n: number) => (pages === 0 ? 0 : (100 * n) / pages);
  const words = [
    pages > 0 ? texts.pagesDone(pagesDone, pages) : undefined,
    pagesFailed > 0 ? texts.pagesFailed(pagesFailed) : undefined,
    waitingDocuments > 0 ? texts.documentsWaiting(waitingDocuments) : undefined,
    failedDocuments > 0 ? texts.documentsFailed(failedDocuments) : undefined,
  ].filter((w) => w !== undefined);
  const working = isWorking(book);
  return (
    <div className="pages-bar" data-done={!working}>
      <Progress.Root size={8} radius="sm">
        <Progress.Section
          value={part(pagesDone)}
          color={working ? 'blue' : 'teal'}
          aria-label={texts.progress}
        />
        <Progress.Section value={part(pagesFailed)} color="red" aria-label={texts.failedPages} />
      </Progress.Root>
      <span className={pagesFailed + failedDocuments > 0 ? 'small warn' : 'small'}>
        {words.length > 0 ? words.join(' · ') : texts.nothingYet}
      </span>
    </div>
  );
}
