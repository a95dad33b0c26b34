import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { CompletenessAnswer } from '../../api/contract.ts';
import { useExcept, useRevokeException } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { addressOf } from '../router.ts';
import { useTexts } from '../text/language.tsx';

type Oddity = CompletenessAnswer['oddities'][number];

const KINDS = [
  'documentOpen',
  'pageFailed',
  'pageWithoutEntry',
  'noNumber',
  'gap',
  'double',
  'noClosingNote',
  'entriesDiffer',
  'pagesDiffer',
] as const satisfies readonly Oddity['kind'][];

/** What is odd about the book, each with a person's reason or the want of one. */
export function Oddities({
  bookId,
  said,
  mayAnswer,
}: {
  readonly bookId: string;
  readonly said: CompletenessAnswer;
  readonly mayAnswer: boolean;
}) {
  const texts = useTexts();
  const { oddities, stale } = said;
  return (
    <section className="panel" aria-labelledby="oddities">
      <h2 id="oddities">{texts.oddities}</h2>
      {oddities.length === 0 && <p className="nothing">{texts.noOddities}</p>}
      {KINDS.map((kind) => {
        const own = oddities.filter((odd) => odd.kind === kind);
        if (own.length === 0) return null;
        return (
          <div key={kind}>
            <h3>
              {texts.oddityKinds[kind]} <span className="count">{own.length}</span>
            </h3>
            <ul className="plain">
              {own.map((odd) => (
                <OddityLine key={odd.key} bookId={bookId} odd={odd} mayAnswer={mayAnswer} />
              ))}
            </ul>
          </div>
        );
      })}
      {stale.length > 0 && (
        <>
          <h3>{texts.staleReasons}</h3>
          <ul className="plain">
            {stale.map((exception) => (
              <li key={exception.id} className="small">
                {exception.reason} ({exception.person.name})
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** What it is about, in a word or two, with the ways to look at it. */
function About({ odd }: { readonly odd: Oddity }) {
  const texts = useTexts();
  const { kind, detail, recordIds, pageId } = odd;
  const [noted = '', found = ''] = detail.split(', ');
  const word = {
    documentOpen: detail === 'failed' ? texts.documentStates.failed : texts.documentStates.waiting,
    pageFailed: texts.page(Number(detail)),
    pageWithoutEntry: texts.page(Number(detail)),
    noNumber: detail === '' ? texts.numberMissing : texts.numberOdd,
    gap: texts.numberOf(detail),
    double: texts.numberOf(detail),
    noClosingNote: texts.noClosingNoteHelp,
    entriesDiffer: texts.notedAndFound(noted, found),
    pagesDiffer: texts.notedAndFound(noted, found),
  }[kind];
  return (
    <span>
      {word}{' '}
      {pageId !== undefined && (
        <a
          href={`/api/pages/${pageId}/image?width=1200`}
          target="_blank"
          rel="noreferrer"
          className="small"
        >
          {texts.openPage}
        </a>
      )}
      {recordIds.map((id, i) => (
        <a key={id} className="small" href={addressOf({ at: 'record', id })}>
          {recordIds.length > 1 ? `${texts.openRecord} ${i + 1}` : texts.openRecord}{' '}
        </a>
      ))}
    </span>
  );
}

function OddityLine({
  bookId,
  odd,
  mayAnswer,
}: {
  readonly bookId: string;
  readonly odd: Oddity;
  readonly mayAnswer: boolean;
}) {
  const texts = useTexts();
  const except = useExcept(bookId);
  const revoke = useRevokeException(bookId);
  const [reason, setReason] = useState<string>();
  const { exception, key } = odd;
  const name = `${texts.oddityKinds[odd.kind]} ${odd.detail}`;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason?.trim())
      except.mutate({ key, reason: reason.trim() }, { onSuccess: () => setReason(undefined) });
  };
  const error = except.error ?? revoke.error;
  return (
    <li className={exception ? 'settled' : ''}>
      <div className="oddity-line">
        <span className="oddity-sign" aria-hidden="true">
          {exception ? '✓' : '!'}
        </span>
        <About odd={odd} />
        {exception ? (
          <span className="small">
            {exception.reason} — {exception.person.name}
          </span>
        ) : (
          <span />
        )}
        {mayAnswer &&
          reason === undefined &&
          (exception ? (
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`${texts.takeBack}: ${name}`}
              loading={revoke.isPending}
              onClick={() => revoke.mutate(exception.id)}
            >
              {texts.takeBack}
            </Button>
          ) : (
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`${texts.giveReason}: ${name}`}
              onClick={() => setReason('')}
            >
              {texts.giveReason}
            </Button>
          ))}
      </div>
      {reason !== undefined && (
        <form className="reason" onSubmit={submit}>
          <Textarea
            size="xs"
            rows={1}
            autoFocus
            className="grow"
            label={texts.whyItIsRight}
            value={reason}
            maxLength={1000}
            onChange={(event) => setReason(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (event.key === 'Enter' && !event.shiftKey) submit(event);
              else if (event.key === 'Escape') setReason(undefined);
            }}
          />
          <Button size="compact-sm" variant="default" onClick={() => setReason(undefined)}>
            {texts.cancel}
          </Button>
          <Button
            type="submit"
            size="compact-sm"
            loading={except.isPending}
            disabled={reason.trim() === ''}
          >
            {texts.save}
          </Button>
        </form>
      )}
      {error && <Trouble error={error} />}
    </li>
  );
}
