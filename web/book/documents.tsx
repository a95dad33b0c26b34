import { Button, Group, Text } from '@mantine/core';
import type { BookSummary, DocumentAnswer, PageAnswer, SessionAnswer } from '../../api/contract.ts';
import { usePagePlaces, usePages, useRetry } from '../calls/queries.ts';
import { loaded, More } from '../parts/list.tsx';
import { isWorking } from '../parts/pages-bar.tsx';
import { sentence, sentenceOf, Trouble } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';
import { sizeText } from './upload-panel.tsx';

/** The files of a book and what failed in them, with a way to try each again. */
export function Documents({
  book,
  documents,
  session,
}: {
  readonly book: BookSummary;
  readonly documents: readonly DocumentAnswer[];
  readonly session: SessionAnswer;
}) {
  const texts = useTexts();
  const retry = useRetry(book.id);
  const failed = usePages(book.id, 'failed', book.pagesFailed > 0);
  const pages = book.pagesFailed > 0 ? loaded(failed).items : [];
  const placeOf = usePagePlaces(book.id, isWorking(book));
  const pageName = ({ id, index }: PageAnswer) => texts.page(placeOf(id) ?? index + 1);
  const mayRetry = session.abilities.includes('retry');
  const anyFailed = book.pagesFailed + book.failedDocuments > 0;
  const nameOf = (id: string) => documents.find((d) => d.id === id)?.name ?? '';
  const retryButton = (kind: 'documents' | 'pages', id: string, of: string) =>
    mayRetry && (
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`${texts.retry}: ${of}`}
        disabled={retry.isPending}
        onClick={() => retry.mutate({ kind, id })}
      >
        {texts.retry}
      </Button>
    );
  return (
    <section className="panel" aria-labelledby="documents">
      <Group justify="space-between">
        <h2 id="documents">{texts.documents}</h2>
        {anyFailed && mayRetry && (
          <Button
            size="compact-xs"
            variant="default"
            loading={retry.isPending}
            onClick={() => retry.mutate({ kind: 'books', id: book.id })}
          >
            {texts.retryAll}
          </Button>
        )}
      </Group>
      <p role="status" className="small">
        {retry.data && texts.retried(retry.data.documents + retry.data.pages)}
        {retry.error && sentenceOf(retry.error, texts)}
      </p>
      {documents.length === 0 && <p className="small">{texts.noDocuments}</p>}
      <ul className="plain">
        {documents.map((document) => (
          <li key={document.id} className="document">
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text size="sm" truncate title={document.name}>
                {document.name}
              </Text>
              <Text size="xs" className="nowrap">
                {document.pageCount === undefined
                  ? texts.documentStates[document.state]
                  : texts.pageCount(document.pageCount)}
                {' · '}
                {sizeText(document.bytes, texts)}
              </Text>
            </Group>
            {document.failure && (
              <Group justify="space-between" wrap="nowrap" gap="xs" align="flex-start">
                <Text size="xs" className="warn">
                  <code>{document.failure.kind}</code> {sentence(document.failure, texts)}
                </Text>
                {retryButton('documents', document.id, document.name)}
              </Group>
            )}
          </li>
        ))}
      </ul>
      {pages.length > 0 && (
        <>
          <h3>
            {texts.failedPages} ({book.pagesFailed})
          </h3>
          <ul className="plain">
            {pages.map((page) => (
              <li key={page.id}>
                <Group justify="space-between" wrap="nowrap" gap="xs" align="flex-start">
                  <div>
                    <Text size="sm">
                      {pageName(page)}
                      <span className="dim"> · {nameOf(page.documentId)}</span>
                    </Text>
                    {page.failure && (
                      <Text size="xs" className="warn">
                        <code>{page.failure.kind}</code>{' '}
                        {page.failedStage && `${texts.failedIn(texts.stages[page.failedStage])}: `}
                        {sentence(page.failure, texts)}
                      </Text>
                    )}
                  </div>
                  {retryButton('pages', page.id, pageName(page))}
                </Group>
              </li>
            ))}
          </ul>
          <More query={failed} shown={pages.length} total={book.pagesFailed} />
        </>
      )}
      {failed.isError && <Trouble error={failed.error} again={() => void failed.refetch()} />}
    </section>
  );
}
