import { Group } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { BookSummary, StripAnswer } from '../../api/contract.ts';
import { useStrip } from '../calls/queries.ts';
import { isWorking } from '../parts/pages-bar.tsx';
import { sentence, Trouble } from '../parts/problem.tsx';
import { addressOf } from '../router.ts';
import { useTexts } from '../text/language.tsx';

type Page = StripAnswer['items'][number];
const STATES = ['waiting', 'running', 'failed', 'done'] as const;
const SIGNS = { waiting: '○', running: '◔', failed: '✗', done: '✓' } as const;

/** The pages of a book as small pictures with what has become of each, and the queue in numbers. */
export function PageStrip({
  book,
  children,
}: {
  readonly book: BookSummary;
  /** What is said of the pages below their pictures. */
  readonly children: ReactNode;
}) {
  const texts = useTexts();
  const strip = useStrip(book.id, isWorking(book));
  const [only, setOnly] = useState<Page['state']>();
  const pages = strip.data?.items ?? [];
  if (strip.isError) return <Trouble error={strip.error} again={() => void strip.refetch()} />;
  if (pages.length === 0) return null;
  const count = (state: Page['state']) => pages.filter((p) => p.state === state).length;
  return (
    <section className="panel strip-panel" aria-labelledby="strip">
      <Group gap="sm">
        <h2 id="strip">{texts.pages}</h2>
        <fieldset className="filter" aria-label={texts.queue}>
          <button
            type="button"
            aria-pressed={only === undefined}
            onClick={() => setOnly(undefined)}
          >
            {texts.all} <span className="count">{pages.length}</span>
          </button>
          {STATES.map((state) => (
            <button
              key={state}
              type="button"
              aria-pressed={only === state}
              onClick={() => setOnly(state)}
            >
              <span aria-hidden="true" className={`page-sign page-${state}`}>
                {SIGNS[state]}
              </span>{' '}
              {texts.pageStates[state]} <span className="count">{count(state)}</span>
            </button>
          ))}
        </fieldset>
      </Group>
      <ol className="strip">
        {pages.map((page, i) =>
          only !== undefined && page.state !== only ? null : (
            <li key={page.pageId}>
              <Thumb page={page} number={i + 1} />
            </li>
          ),
        )}
      </ol>
      {children}
    </section>
  );
}

function Thumb({ page, number }: { readonly page: Page; readonly number: number }) {
  const texts = useTexts();
  const [record] = page.records;
  const why = page.failure ? sentence(page.failure, texts) : '';
  const stage = page.stage && page.state !== 'done' ? texts.stages[page.stage] : '';
  const word = [texts.pageStates[page.state], stage, record && texts.status[record.status]]
    .filter(Boolean)
    .join(' · ');
  const inside = (
    <>
      {page.hasImage ? (
        <img
          src={`/api/pages/${page.pageId}/image?width=400`}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
        />
      ) : (
        <span className="no-image" />
      )}
      <span className="strip-line">
        <span aria-hidden="true" className={`page-sign page-${page.state}`}>
          {SIGNS[page.state]}
        </span>
        {number}
        {page.records.map((r) => (
          <span key={r.id} className={`dot bg-${r.status}`} aria-hidden="true" />
        ))}
      </span>
      <span className="unseen">{word}</span>
    </>
  );
  const title = `${texts.page(number)}: ${word}${why && `\n${why}`}`;
  return record ? (
    <a className="thumb" href={addressOf({ at: 'record', id: record.id })} title={title}>
      {inside}
    </a>
  ) : (
    <span className="thumb" title={title}>
      {inside}
    </span>
  );
}
