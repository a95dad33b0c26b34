import { lazy, Suspense, useEffect, useRef } from 'react';
import type { SessionAnswer } from '../api/contract.ts';
import { AuditScreen } from './audit/audit-screen.tsx';
import { BookScreen } from './book/book-screen.tsx';
import { BooksScreen } from './books/books-screen.tsx';
import { NewBookScreen } from './books/new-book-screen.tsx';
import { LiveProvider } from './calls/live.tsx';
import { useSession } from './calls/queries.ts';
import { ColumnsScreen } from './columns/columns-screen.tsx';
import { DashboardScreen } from './dashboard/dashboard-screen.tsx';
import { Trouble } from './parts/problem.tsx';
import { PeopleScreen } from './people/people-screen.tsx';
import { openDesk, outbox } from './record/desk.ts';
import { RecordScreen } from './record/record-screen.tsx';
import { usePlace } from './router.ts';
import { Header } from './session/header.tsx';
import { SignIn } from './session/sign-in.tsx';
import { useTexts } from './text/language.tsx';

// Seldom opened: loaded when they are.
const AccountScreen = lazy(() => import('./account/account-screen.tsx'));
const CompletenessScreen = lazy(() => import('./completeness/completeness-screen.tsx'));
const ReadyScreen = lazy(() => import('./completeness/ready-screen.tsx'));

/** Whoever is signed in gets the workbench, everybody else the sign-in. */
export function App() {
  const texts = useTexts();
  const session = useSession();
  const wasHere = useRef(false);
  if (session.data) wasHere.current = true;
  if (session.isPending) return <p className="loading">{texts.loading}</p>;
  if (session.isError)
    return (
      <main className="sign-in">
        <Trouble error={session.error} again={() => void session.refetch()} />
      </main>
    );
  if (!session.data) return <SignIn again={wasHere.current && outbox.read().waiting.length > 0} />;
  return (
    <LiveProvider>
      <Workbench session={session.data} />
    </LiveProvider>
  );
}

function Workbench({ session }: { readonly session: SessionAnswer }) {
  const texts = useTexts();
  const place = usePlace();
  const personId = session.person.id;
  useEffect(() => openDesk(personId), [personId]);
  return (
    <div className={`workbench at-${place.at}`}>
      <button
        type="button"
        className="skip"
        onClick={() => document.getElementById('main')?.focus()}
      >
        {texts.skipToContent}
      </button>
      <Header session={session} at={place.at} />
      <main id="main" tabIndex={-1}>
        {place.at === 'books' && <BooksScreen session={session} />}
        {place.at === 'newBook' && <NewBookScreen />}
        {place.at === 'dashboard' && <DashboardScreen />}
        {place.at === 'people' && <PeopleScreen session={session} />}
        <Suspense fallback={<p className="loading">{texts.loading}</p>}>
          {place.at === 'account' && <AccountScreen session={session} />}
          {place.at === 'ready' && <ReadyScreen />}
          {place.at === 'completeness' && (
            <CompletenessScreen key={place.id} id={place.id} session={session} />
          )}
        </Suspense>
        {place.at === 'audit' && <AuditScreen key={place.id} id={place.id} />}
        {place.at === 'book' && (
          <BookScreen key={place.id} id={place.id} ended={place.ended} session={session} />
        )}
        {place.at === 'columns' && (
          <ColumnsScreen
            key={place.id}
            id={place.id}
            {...(place.field === undefined ? {} : { field: place.field })}
          />
        )}
        {place.at === 'record' && <RecordScreen key={place.id} id={place.id} />}
      </main>
    </div>
  );
}
