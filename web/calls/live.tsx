import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { BookAnswer, BookSummary, BooksAnswer } from '../../api/contract.ts';

const Context = createContext(false);

/** True while the server tells of changes by itself. */
export const useLive = () => useContext(Context);

/**
 * Listens to `/api/events` while somebody is signed in and puts what it says into the answers on
 * the screens. While it does not flow, {@link useLive} is false and the screens ask by themselves.
 */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [live, setLive] = useState(false);
  useEffect(() => {
    const source = new EventSource('/api/events');
    source.onopen = () => setLive(true);
    // The browser connects again by itself, except when the server refused.
    source.onerror = () => setLive(false);
    source.addEventListener('book', (event: MessageEvent<string>) => {
      takeIn(client, JSON.parse(event.data) as BookSummary);
    });
    return () => source.close();
  }, [client]);
  return <Context value={live}>{children}</Context>;
}

function takeIn(client: QueryClient, book: BookSummary) {
  let known = false;
  client.setQueriesData<InfiniteData<BooksAnswer>>({ queryKey: ['books'] }, (lists) =>
    lists
      ? {
          ...lists,
          pages: lists.pages.map((page) => ({
            ...page,
            items: page.items.map((old) => {
              if (old.id !== book.id) return old;
              known = true;
              return book;
            }),
          })),
        }
      : lists,
  );
  if (!known) void client.invalidateQueries({ queryKey: ['books'] });
  const old = client.getQueryData<BookAnswer>(['book', book.id]);
  if (!old) return;
  client.setQueryData<BookAnswer>(['book', book.id], { ...old, book });
  // Lists change with the counts, so they are asked again only then.
  if (JSON.stringify(old.book.records) !== JSON.stringify(book.records))
    void client.invalidateQueries({ queryKey: ['book', book.id, 'records'] });
  const counts = (b: BookSummary) =>
    JSON.stringify([b.pagesFailed, b.pagesExcluded, b.pagesByHand, b.pagesToRescan, b.pageKinds]);
  if (counts(old.book) !== counts(book))
    void client.invalidateQueries({ queryKey: ['book', book.id, 'pages'] });
  if (
    old.book.documents !== book.documents ||
    old.book.waitingDocuments !== book.waitingDocuments ||
    old.book.failedDocuments !== book.failedDocuments
  )
    void client.invalidateQueries({ queryKey: ['book', book.id], exact: true });
}
