import { useReady } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { addressOf } from '../router.ts';
import { useTexts } from '../text/language.tsx';

/** The books that are ready for transfer ("sẵn sàng chuyển đổi"), the longest waiting first. */
export default function ReadyScreen() {
  const texts = useTexts();
  const ready = useReady();
  const items = ready.data?.items ?? [];
  return (
    <div className="screen">
      <nav className="crumbs" aria-label={texts.books}>
        <a href={addressOf({ at: 'books' })}>{texts.books}</a>
      </nav>
      <h1>{texts.ready}</h1>
      {ready.isError && <Trouble error={ready.error} again={() => void ready.refetch()} />}
      {ready.isPending && <p className="loading">{texts.loading}</p>}
      {ready.isSuccess && items.length === 0 && <p className="nothing">{texts.noneReady}</p>}
      {items.length > 0 && (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">{texts.book}</th>
              <th scope="col">{texts.place}</th>
              <th scope="col">{texts.recordsWord}</th>
              <th scope="col">{texts.readySince}</th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ book, since, records }) => (
              <tr key={book.id}>
                <td>
                  <a className="strong" href={addressOf({ at: 'completeness', id: book.id })}>
                    {book.number}
                  </a>
                </td>
                <td>{book.place}</td>
                <td>{records}</td>
                <td>{new Date(since).toLocaleString(texts.locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
