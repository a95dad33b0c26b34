import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SessionAnswer } from '../../api/contract.ts';
import { showPartialDate } from '../books/partial-date.ts';
import { useBook, useForms } from '../calls/queries.ts';
import { PagesBar } from '../parts/pages-bar.tsx';
import { Trouble } from '../parts/problem.tsx';
import { addressOf, type Work } from '../router.ts';
import { useLanguage } from '../text/language.tsx';
import { Batches } from './batches.tsx';
import { Documents } from './documents.tsx';
import { Exports } from './exports.tsx';
import { MarksPanel, ReturnedPanel } from './marks-panel.tsx';
import { PageStrip } from './page-strip.tsx';
import { Pages } from './pages.tsx';
import { PolicyDialog } from './policy-dialog.tsx';
import { Records } from './records.tsx';
import { UploadPanel } from './upload-panel.tsx';
import { Ways } from './ways.tsx';

/** One volume: its files, its records, and the ways on. */
export function BookScreen({
  id,
  ended,
  session,
}: {
  readonly id: string;
  readonly ended: Work | undefined;
  readonly session: SessionAnswer;
}) {
  const { texts, language } = useLanguage();
  const client = useQueryClient();
  const answer = useBook(id);
  const forms = useForms();
  const [sharing, setSharing] = useState(false);
  if (answer.isPending) return <p className="loading">{texts.loading}</p>;
  if (answer.isError)
    return (
      <div className="screen">
        <Trouble error={answer.error} again={() => void answer.refetch()} />
      </div>
    );
  const { book, documents } = answer.data;
  const form = forms.data?.items.find((f) => f.id === book.form);
  const facts = [
    form?.[language],
    book.opened && `${texts.opened} ${showPartialDate(book.opened)}`,
    book.closed && `${texts.closed} ${showPartialDate(book.closed)}`,
  ].filter(Boolean);
  return (
    <div className="screen book-screen">
      <nav className="crumbs" aria-label={texts.books}>
        <a href={addressOf({ at: 'books' })}>{texts.books}</a>
      </nav>
      <div className="book-head">
        <div>
          <h1>{texts.bookTitle(book.number, book.place)}</h1>
          <p className="small">{facts.join(' · ')}</p>
          {session.abilities.includes('manageProjects') && (
            <button type="button" className="chip quiet" onClick={() => setSharing(true)}>
              {texts.policy}: {texts.keyings[book.policy.keying.kind]}
            </button>
          )}
        </div>
        <PagesBar book={book} />
        <Ways book={book} ended={ended} session={session} />
      </div>
      {sharing && <PolicyDialog book={book} form={form} onClose={() => setSharing(false)} />}
      <PageStrip book={book}>
        <Pages book={book} documents={documents} session={session} />
      </PageStrip>
      <div className="book-columns">
        <Records book={book} />
        <div className="book-side">
          {session.abilities.includes('takeIn') && (
            <UploadPanel
              bookId={id}
              maxBytes={session.maxUploadBytes}
              received={() => void client.invalidateQueries({ queryKey: ['book', id] })}
            />
          )}
          {session.person.roles.includes('keyer') && <ReturnedPanel book={book} form={form} />}
          {worksHere(session) && <MarksPanel book={book} form={form} />}
          {session.abilities.includes('supervise') && <Batches book={book} />}
          <Documents book={book} documents={documents} session={session} />
          {session.abilities.includes('export') && <Exports bookId={id} records={book.records} />}
        </div>
      </div>
    </div>
  );
}

/** True for who does something with records, or answers for them. */
const worksHere = ({ person, abilities }: SessionAnswer) =>
  abilities.includes('answer') || person.roles.includes('keyer');
