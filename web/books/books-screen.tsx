import { Button, Group } from '@mantine/core';
import type { SessionAnswer } from '../../api/contract.ts';
import { useBooks, useForms } from '../calls/queries.ts';
import { loaded, More, SearchBox, useSearch } from '../parts/list.tsx';
import { PagesBar } from '../parts/pages-bar.tsx';
import { Trouble } from '../parts/problem.tsx';
import { StatusCounts } from '../parts/status.tsx';
import { addressOf, go } from '../router.ts';
import { useLanguage } from '../text/language.tsx';
import { FirstRun } from './first-run.tsx';

/** All books with how far they are. */
export function BooksScreen({ session }: { readonly session: SessionAnswer }) {
  const { texts, language } = useLanguage();
  const { search, setSearch, wanted } = useSearch();
  const books = useBooks(wanted);
  const forms = useForms();
  const takesIn = session.abilities.includes('takeIn');
  const { items, total } = loaded(books);
  const formName = (id: string) => forms.data?.items.find((f) => f.id === id)?.[language] ?? id;
  return (
    <div className="screen">
      <Group justify="space-between" className="bar">
        <h1>{texts.books}</h1>
        <Group gap="xs">
          <SearchBox label={texts.searchBooks} size="sm" value={search} onChange={setSearch} />
          <Button variant="default" component="a" href={addressOf({ at: 'ready' })}>
            {texts.ready}
          </Button>
          {takesIn && (
            <Button component="a" href={addressOf({ at: 'newBook' })}>
              {texts.newBook}
            </Button>
          )}
        </Group>
      </Group>
      {books.isError && <Trouble error={books.error} again={() => void books.refetch()} />}
      {books.isPending && <p className="loading">{texts.loading}</p>}
      {books.isSuccess &&
        items.length === 0 &&
        (wanted ? <p className="nothing">{texts.noBooksFound}</p> : <FirstRun session={session} />)}
      {items.length > 0 && (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">{texts.book}</th>
              <th scope="col">{texts.place}</th>
              <th scope="col">{texts.form}</th>
              <th scope="col" className="wide">
                {texts.progress}
              </th>
              <th scope="col" className="wide">
                {texts.recordsWord}
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((book) => (
              // The link in the row does the same for keyboards.
              <tr
                key={book.id}
                className="clickable"
                onClick={() => go({ at: 'book', id: book.id })}
              >
                <td>
                  <a className="strong" href={addressOf({ at: 'book', id: book.id })}>
                    {book.number}
                  </a>
                </td>
                <td>{book.place}</td>
                <td>{formName(book.form)}</td>
                <td>
                  <PagesBar book={book} />
                </td>
                <td>
                  <StatusCounts counts={book.records} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <More query={books} shown={items.length} total={total} />
    </div>
  );
}
