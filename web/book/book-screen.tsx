import { Button, Group } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { NextRecordQuery, SessionAnswer } from '../../api/contract.ts';
import { showPartialDate } from '../books/partial-date.ts';
import { nextRecord, useBook, useForms } from '../calls/queries.ts';
import { PagesBar } from '../parts/pages-bar.tsx';
import { Trouble } from '../parts/problem.tsx';
import { addressOf, go, type Work } from '../router.ts';
import { useLanguage, useTexts } from '../text/language.tsx';
import { Documents } from './documents.tsx';
import { Exports } from './exports.tsx';
import { PageStrip } from './page-strip.tsx';
import { Pages } from './pages.tsx';
import { Records } from './records.tsx';
import { UploadPanel } from './upload-panel.tsx';

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
        </div>
        <PagesBar book={book} />
        <Ways
          bookId={id}
          byColumn={book.policy.keying.kind === 'single'}
          ended={ended}
          session={session}
        />
      </div>
      <PageStrip book={book} />
      <div className="book-columns">
        <Records bookId={id} counts={book.records} />
        <div className="book-side">
          {session.abilities.includes('takeIn') && (
            <UploadPanel
              bookId={id}
              maxBytes={session.maxUploadBytes}
              received={() => void client.invalidateQueries({ queryKey: ['book', id] })}
            />
          )}
          <Documents book={book} documents={documents} session={session} />
          <Pages book={book} documents={documents} session={session} />
          {session.abilities.includes('export') && <Exports bookId={id} records={book.records} />}
        </div>
      </div>
    </div>
  );
}

const WORK = [
  ['keyer', 'key', 'keyOn', 'nothingToKey'],
  ['checker', 'check', 'checkOn', 'nothingToCheck'],
  ['approver', 'approve', 'approveOn', 'nothingToApprove'],
] as const;

/** To the next record that waits for this person. */
function Ways({
  bookId,
  byColumn,
  ended,
  session,
}: {
  readonly bookId: string;
  /** False where a second person keys the book blindly. */
  readonly byColumn: boolean;
  readonly ended: Work | undefined;
  readonly session: SessionAnswer;
}) {
  const texts = useTexts();
  const nothing = WORK.find(([, work]) => work === ended)?.[3];
  const [notice, setNotice] = useState(nothing ? texts[nothing] : '');
  // True now, not whenever somebody comes back to this address.
  useEffect(() => {
    if (ended) history.replaceState(null, '', addressOf({ at: 'book', id: bookId }));
  }, [ended, bookId]);
  const [error, setError] = useState<unknown>();
  const find = async (work: NextRecordQuery['for'], nothing: string) => {
    setNotice('');
    setError(undefined);
    try {
      const next = await nextRecord({ bookId, for: work });
      if (next) go({ at: 'record', id: next });
      else setNotice(nothing);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <div className="ways">
      <Group gap="xs" justify="flex-end">
        {byColumn && session.person.roles.includes('keyer') && (
          <Button variant="default" component="a" href={addressOf({ at: 'columns', id: bookId })}>
            {texts.byColumn}
          </Button>
        )}
        {WORK.filter(([role]) => session.person.roles.includes(role)).map(
          ([role, work, label, nothing]) => (
            <Button key={role} onClick={() => void find(work, texts[nothing])}>
              {texts[label]}
            </Button>
          ),
        )}
      </Group>
      <p role="status" className="small">
        {notice}
      </p>
      {error !== undefined && <Trouble error={error} />}
    </div>
  );
}
