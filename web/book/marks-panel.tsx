import { useState } from 'react';
import type { BookSummary, FormAnswer } from '../../api/contract.ts';
import { useMarks, useReturned } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { labelIn } from '../record/log.tsx';
import { MarkLine } from '../record/marks.tsx';
import { useReasonText } from '../record/reasons.tsx';
import { addressOf } from '../router.ts';
import { useLanguage, useTexts } from '../text/language.tsx';

/** What people could not finish in this book: to be answered by who may, else one's own. */
export function MarksPanel({
  book,
  form,
}: {
  readonly book: BookSummary;
  readonly form: FormAnswer | undefined;
}) {
  const { texts, language } = useLanguage();
  const [open, setOpen] = useState(true);
  const marks = useMarks(book.id, open);
  const items = (marks.data?.items ?? []).filter((mark) => open || mark.closedAt !== undefined);
  const label = labelIn(form, language);
  return (
    <section className="panel" aria-labelledby="marks">
      <div className="filter-line">
        <h2 id="marks">{texts.mark}</h2>
        <fieldset className="filter" aria-label={texts.mark}>
          {[true, false].map((state) => (
            <button
              key={String(state)}
              type="button"
              aria-pressed={open === state}
              onClick={() => setOpen(state)}
            >
              {state ? texts.marksOpen : texts.marksClosed}
            </button>
          ))}
        </fieldset>
      </div>
      {marks.isError && <Trouble error={marks.error} again={() => void marks.refetch()} />}
      {marks.isSuccess && items.length === 0 && <p className="small">{texts.noMarks}</p>}
      <ul className="plain">
        {items.map((mark) => (
          <li key={mark.id}>
            <MarkLine mark={mark} label={mark.field && label(mark.field)} />{' '}
            <a className="small" href={addressOf({ at: 'record', id: mark.recordId })}>
              {texts.openRecord}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What came back to this keyer in this book, and why. */
export function ReturnedPanel({
  book,
  form,
}: {
  readonly book: BookSummary;
  readonly form: FormAnswer | undefined;
}) {
  const { language } = useLanguage();
  const texts = useTexts();
  const wordsOf = useReasonText();
  const items = (useReturned(book.records.returned > 0).data?.items ?? []).filter(
    (item) => item.bookId === book.id,
  );
  if (items.length === 0) return null;
  const label = labelIn(form, language);
  return (
    <section className="panel" aria-labelledby="returned">
      <h2 id="returned">
        {texts.returnedToYou} <span className="count">{items.length}</span>
      </h2>
      <ul className="plain">
        {items.map((item) => (
          <li key={item.recordId}>
            <a className="strong" href={addressOf({ at: 'record', id: item.recordId })}>
              {item.number ? texts.recordTitle(item.number) : texts.record}
            </a>{' '}
            <span className="small">({item.by.name})</span>
            {item.reasons.map((reason) => (
              <p
                key={`${reason.field} ${reason.code} ${reason.reason}`}
                className="notice returned"
              >
                {reason.field !== undefined && `${label(reason.field)}: `}
                {wordsOf(reason)}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
