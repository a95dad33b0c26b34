import type { CompletenessAnswer, SessionAnswer } from '../../api/contract.ts';
import { useBook, useCompleteness } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { StatusCounts } from '../parts/status.tsx';
import { addressOf } from '../router.ts';
import { useTexts } from '../text/language.tsx';
import { ClosingNote } from './closing-note.tsx';
import { Oddities } from './oddities.tsx';
import { Samples } from './samples.tsx';
import { Steps } from './steps.tsx';

/** Whether a book is complete, and what is left until it is handed on. */
export default function CompletenessScreen({
  id,
  session,
}: {
  readonly id: string;
  readonly session: SessionAnswer;
}) {
  const texts = useTexts();
  const book = useBook(id);
  const answer = useCompleteness(id);
  const failed = [book, answer].find((q) => q.isError);
  if (failed)
    return (
      <div className="screen">
        <Trouble error={failed.error} again={() => void failed.refetch()} />
      </div>
    );
  if (!book.data || !answer.data) return <p className="loading">{texts.loading}</p>;
  const { number, place, policy } = book.data.book;
  const said = answer.data;
  return (
    <div className="screen spaced">
      <nav className="crumbs" aria-label={texts.backToBook}>
        <a href={addressOf({ at: 'book', id })}>‹ {texts.bookTitle(number, place)}</a>
      </nav>
      <h1>{texts.completeness}</h1>
      <BookWay state={said.state} />
      <Standing said={said} />
      <div className="book-columns">
        <Oddities bookId={id} said={said} mayAnswer={session.abilities.includes('answer')} />
        <div className="book-side">
          <Steps bookId={id} said={said} session={session} />
          <ClosingNote
            key={JSON.stringify(said.note)}
            bookId={id}
            note={said.note}
            mayChange={session.abilities.includes('takeIn')}
          />
          {policy.sampling && (
            <Samples
              bookId={id}
              sampling={policy.sampling}
              mayDraw={session.person.roles.includes('approver')}
            />
          )}
        </div>
      </div>
    </div>
  );
}

const STATES = [
  'received',
  'digitised',
  'keyed',
  'delivered',
  'approved',
  'ready',
  'transferred',
] as const satisfies readonly CompletenessAnswer['state'][];

/** How far the book has come. */
function BookWay({ state }: { readonly state: CompletenessAnswer['state'] }) {
  const texts = useTexts();
  const at = STATES.indexOf(state);
  return (
    <ol className="book-way" aria-label={texts.bookState}>
      {STATES.map((s, i) => (
        <li
          key={s}
          className={i < at ? 'past' : i === at ? 'now' : ''}
          {...(i === at ? { 'aria-current': 'step' as const } : {})}
        >
          {texts.bookStates[s]}
        </li>
      ))}
    </ol>
  );
}

/** What the book holds now. */
function Standing({ said }: { readonly said: CompletenessAnswer }) {
  const texts = useTexts();
  const { standing, open } = said;
  const words = [
    texts.pageCount(standing.pages),
    standing.keyedTwice > 0 && texts.keyedTwiceCount(standing.keyedTwice),
    standing.arbitrated > 0 && texts.arbitratedCount(standing.arbitrated),
  ].filter(Boolean);
  return (
    <section className="panel" aria-labelledby="standing">
      <h2 id="standing">{open === 0 ? texts.complete : texts.openCount(open)}</h2>
      <p className="small">{words.join(' · ')}</p>
      <StatusCounts counts={standing.records} />
    </section>
  );
}
