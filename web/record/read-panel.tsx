import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { sentence } from '../parts/problem.tsx';
import { Shape } from '../parts/shape.tsx';
import { useTexts } from '../text/language.tsx';
import { outbox } from './desk.ts';
import { Label } from './label.tsx';
import { FieldNotices, Notice } from './notices.tsx';
import type { Row } from './rows.ts';
import { useDrafts } from './use-drafts.ts';
import { ValueText } from './value-text.tsx';

/** The move that would take the record on from where it stands. */
const NEXT_MOVE = {
  prefilled: 'keyed',
  returned: 'keyed',
  secondKeying: 'secondKeyed',
  arbitration: 'arbitrated',
  keyed: 'checked',
  checked: 'approved',
} as const;

const REASON = 'reopen';

/** A record to look at: why this person cannot take it on, and reopening for who may. */
export function ReadPanel({
  record,
  rows,
  active,
  setActive,
}: {
  readonly record: RecordAnswer;
  readonly rows: readonly Row[];
  readonly active: string | undefined;
  readonly setActive: (key: string | undefined) => void;
}) {
  const texts = useTexts();
  const { drafts, change } = useDrafts(record.id);
  const [busy, setBusy] = useState(false);
  const reason = drafts[REASON];
  const move = record.status === 'approved' ? undefined : NEXT_MOVE[record.status];
  const refusal = move && record.refusals[move];
  const reopen = async () => {
    const sent = outbox.add(record.id, record.version, {
      type: 'reopened',
      reasons: [{ reason: reason!.trim() }],
    });
    if (!sent) return;
    setBusy(true);
    if ((await sent.outcome) === 'saved') change(REASON, undefined);
    setBusy(false);
  };
  return (
    <section className="panel-fields" aria-label={texts.fields}>
      {move && refusal && (
        <Notice tone="info">
          {texts.youMayNot} {texts.moves[move]}: {sentence(refusal, texts)}
        </Notice>
      )}
      <div
        className="rows"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard
        tabIndex={0}
      >
        {rows.map((row) => {
          const { key } = row.field;
          return (
            <div key={key}>
              {row.heading && <h2 className="heading">{row.heading}</h2>}
              {/* biome-ignore lint/a11y/noStaticElementInteractions: pointing shows the place on the page */}
              <div
                className={`row read ${key === active ? 'pointed' : ''}`}
                data-field={key}
                onMouseEnter={() => setActive(key)}
              >
                <span className="row-shape">
                  <Shape look={row.look} />
                </span>
                <span className="row-label">
                  <Label row={row} />
                </span>
                <span className="row-value">
                  <ValueText value={row.value} />
                </span>
                {(row.findings.length + row.reasons.length > 0 ||
                  row.value?.note !== undefined) && (
                  <div className="row-more">
                    <FieldNotices row={row} />
                  </div>
                )}
              </div>
            </div>
          );
        })}
      </div>
      {record.moves.includes('reopened') && (
        <footer className="foot">
          {reason === undefined ? (
            <>
              <span className="small" />
              <Button size="compact-md" variant="default" onClick={() => change(REASON, '')}>
                {texts.reopen}
              </Button>
            </>
          ) : (
            <>
              <Textarea
                size="xs"
                rows={1}
                autoFocus
                className="grow"
                label={texts.reopenReason}
                value={reason}
                maxLength={1000}
                onChange={(event) => change(REASON, event.currentTarget.value)}
              />
              <Button size="compact-md" variant="default" onClick={() => change(REASON, undefined)}>
                {texts.cancel}
              </Button>
              <Button
                size="compact-md"
                loading={busy}
                disabled={reason.trim() === ''}
                onClick={() => void reopen()}
              >
                {texts.reopen}
              </Button>
            </>
          )}
        </footer>
      )}
    </section>
  );
}
