import { Button, Textarea } from '@mantine/core';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { FindingAnswer, RecordAnswer } from '../../api/contract.ts';
import { sentence } from '../parts/problem.tsx';
import { Shape } from '../parts/shape.tsx';
import { useLanguage, useTexts } from '../text/language.tsx';
import { Crop } from './crop.tsx';
import { outbox } from './desk.ts';
import { isComposing } from './keyboard.ts';
import { Label } from './label.tsx';
import { FieldNotices, Notice } from './notices.tsx';
import type { HumanAction } from './outbox.ts';
import { ReasonBox } from './reasons.tsx';
import { acceptedIn, acceptKey, anchorsOf, codeKey, OTHER, reasonsIn, WHOLE } from './review.ts';
import type { Row } from './rows.ts';
import { useCompared } from './use-compared.ts';
import { useDrafts } from './use-drafts.ts';
import { useSettled } from './use-settled.ts';
import { ValueText } from './value-text.tsx';

type Mode = 'check' | 'approve';

/**
 * Check and approval: every value under its place on the page. Checking asks for each field, one
 * key each; approval for the record. Anything wrong goes back with a reason at its field; what is
 * against a rule and stands so on the page is accepted with one.
 */
export function ReviewPanel({
  record,
  rows,
  mode,
  active,
  setActive,
  onDone,
}: {
  readonly record: RecordAnswer;
  readonly rows: readonly Row[];
  readonly mode: Mode;
  readonly active: string | undefined;
  readonly setActive: (key: string | undefined) => void;
  readonly onDone: () => void;
}) {
  const texts = useTexts();
  const { drafts, change } = useDrafts(record.id);
  const compared = useCompared(record);
  const [notice, setNotice] = useState('');
  const [finishing, setFinishing] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const finishButton = useRef<HTMLButtonElement>(null);
  const settled = useSettled();
  const asked = rows.filter((r) => !r.fromBook);
  const mayReturn = record.moves.includes('returned');
  const refusal = mode === 'approve' ? record.refusals.approved : undefined;
  const anchors = useMemo(
    () =>
      anchorsOf(
        record.deviations,
        rows.map((r) => r.field.key),
      ),
    [record.deviations, rows],
  );
  const given = reasonsIn(drafts);
  const accepted = acceptedIn(drafts, record.deviations);
  const agreed = asked.filter((r) => compared.has(r.field.key)).length;

  const focus = (key: string | undefined) => {
    const row = key === undefined ? null : list.current?.querySelector(`[data-field="${key}"]`);
    const target = ['.card-keys button', 'textarea', 'button']
      .map((what) => row?.querySelector<HTMLElement>(what))
      .find(Boolean);
    if (target) target.focus();
    else finishButton.current?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };

  // Begins where nothing was compared yet.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the record opens
  useEffect(
    () => focus((asked.find((r) => !compared.has(r.field.key)) ?? asked[0])?.field.key),
    [],
  );

  const step = (key: string, by: number) => {
    const stops = rows.filter((r) => !r.fromBook || anchors.has(r.field.key));
    const at = stops.findIndex((r) => r.field.key === key);
    focus(stops[at + by]?.field.key);
  };

  const removeReason = (key: string) => {
    change(key, undefined);
    change(codeKey(key), undefined);
  };

  const agree = (key: string) => {
    if (!settled()) return;
    removeReason(key);
    compared.say(key, true);
    setNotice('');
    step(key, 1);
  };

  const giveReason = (key: string) => {
    if (!mayReturn) return;
    change(key, drafts[key] ?? '');
    if (compared.has(key)) compared.say(key, false);
  };

  /** Opens the reason for the first deviation about this field that has none yet. */
  const accept = (key: string) => {
    if (mode !== 'check') return;
    const about = record.deviations.filter((d) => d.fields.includes(key));
    const open = about.find((d) => drafts[acceptKey(d)] === undefined) ?? about[0];
    if (!open) return;
    if (drafts[acceptKey(open)] === undefined) change(acceptKey(open), texts.acceptStart);
    const [at] = [...anchors].find(([, there]) => there.includes(open))!;
    requestAnimationFrame(() => {
      const box = list.current?.querySelector<HTMLTextAreaElement>(
        `[data-field="${at}"] .accept textarea`,
      );
      box?.focus();
      box?.select();
    });
  };

  const pressed = (key: string, fromBook: boolean) => (event: KeyboardEvent<HTMLDivElement>) => {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target instanceof HTMLTextAreaElement;
    const letter = event.key.toLowerCase();
    let taken = true;
    if (event.key === 'ArrowDown' && !typing) step(key, 1);
    else if (event.key === 'ArrowUp' && !typing) step(key, -1);
    else if (letter === 'r' && !typing && !fromBook) giveReason(key);
    else if (letter === 'c' && !typing) accept(key);
    else if (event.key === 'Enter' && typing && !event.shiftKey) {
      // A deviation is accepted; whether the field is as on the page is still to be said.
      const isAccept = (event.target as HTMLElement).closest('.accept') !== null;
      if (isAccept && !fromBook && !compared.has(key) && drafts[key] === undefined)
        list.current
          ?.querySelector<HTMLElement>(`[data-field="${key}"] .card-keys button`)
          ?.focus();
      else step(key, 1);
    } else if (event.key === 'Enter' && event.repeat) taken = true;
    else if (event.key === 'Escape' && typing) {
      const deviation = (event.target as HTMLElement).closest<HTMLElement>('.accept')?.dataset
        .accept;
      if (deviation) change(deviation, undefined);
      else removeReason(key);
      requestAnimationFrame(() => focus(key));
    } else taken = false;
    if (taken) event.preventDefault();
  };

  /** What keeps the record from being checked: the field to go to, and what is said there. */
  const leftOver = (): readonly [string, string] | undefined => {
    const left = asked.filter((r) => !compared.has(r.field.key));
    if (left[0]) return [left[0].field.key, texts.compareFirst(left.length)];
    const open = record.deviations.length - accepted.length;
    if (open === 0) return undefined;
    const [at] = [...anchors].find(([, there]) =>
      there.some((d) => !drafts[acceptKey(d)]?.trim()),
    )!;
    return [at, texts.acceptFirst(open)];
  };

  const finish = () => {
    if (finishing || !settled()) return;
    const unsaid = Object.keys(drafts).find(
      (key) => !key.includes(':') && !given.some((r) => (r.field ?? WHOLE) === key),
    );
    if (unsaid !== undefined) {
      setNotice(texts.reasonNeeded);
      return focus(unsaid === WHOLE ? undefined : unsaid);
    }
    let action: HumanAction;
    if (given.length > 0) action = { type: 'returned', reasons: given };
    else if (mode === 'check') {
      const left = leftOver();
      if (left) {
        setNotice(left[1]);
        return focus(left[0]);
      }
      action = { type: 'checked', confirmed: asked.map((r) => r.field.key), accepted };
    } else if (refusal) return setNotice(sentence(refusal, texts));
    else action = { type: 'approved' };
    const sent = outbox.add(record.id, record.version, action);
    if (!sent) return setNotice(texts.outboxFull);
    compared.drop();
    setFinishing(true);
    for (const key of Object.keys(drafts)) change(key, undefined);
    onDone();
  };

  const finishNow = useRef(finish);
  finishNow.current = finish;
  useEffect(() => {
    const key = (event: globalThis.KeyboardEvent) => {
      if (event.isComposing || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (!event.repeat) finishNow.current();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, []);

  const finishWord =
    given.length > 0
      ? texts.returnRecord(given.length)
      : mode === 'check'
        ? texts.checkDone
        : texts.approve;
  const whole = drafts[WHOLE] !== undefined;
  return (
    <section className="panel-fields" aria-label={texts.fields}>
      {refusal && (
        <Notice tone="warn">
          {texts.youMayNot} {texts.moves.approved}: {sentence(refusal, texts)}
        </Notice>
      )}
      <div className="rows" ref={list}>
        {rows.map((row) => {
          const { key } = row.field;
          const isAgreed = !row.fromBook && compared.has(key);
          const isReturned = drafts[key] !== undefined;
          const isStop = !row.fromBook || anchors.has(key);
          return (
            <div key={key}>
              {row.heading && <h2 className="heading">{row.heading}</h2>}
              {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend in the grid */}
              <div
                className={`card ${key === active ? 'active' : ''} ${isAgreed ? 'agreed' : ''}`}
                role="group"
                aria-label={row.field.vi}
                data-field={isStop ? key : undefined}
                data-look={row.look}
                onKeyDown={isStop ? pressed(key, row.fromBook) : undefined}
                onFocus={() => setActive(key)}
              >
                {!row.fromBook && (
                  <Crop record={record} row={row} label={row.field.vi} height={56} />
                )}
                <div className="card-line">
                  <Compared row={row} agreed={isAgreed} mode={mode} />
                  <span className="row-label">
                    <Label row={row} />
                  </span>
                  <strong className="card-value">
                    <ValueText value={row.value} />
                  </strong>
                  {!row.fromBook && !isReturned && (
                    <span className="card-keys">
                      <button
                        type="button"
                        className={key === active && !isAgreed ? 'chip primary' : 'chip quiet'}
                        aria-label={`${texts.agree}: ${row.field.vi}`}
                        onClick={() => agree(key)}
                      >
                        {texts.agree} <kbd>Enter</kbd>
                      </button>
                      {mayReturn && (
                        <button
                          type="button"
                          className="chip quiet"
                          tabIndex={-1}
                          aria-label={`${texts.returnField}: ${row.field.vi}`}
                          onClick={() => giveReason(key)}
                        >
                          {texts.returnField} <kbd>R</kbd>
                        </button>
                      )}
                    </span>
                  )}
                </div>
                <FieldNotices row={row} />
                {(anchors.get(key) ?? []).map((deviation) => (
                  <Deviation
                    key={acceptKey(deviation)}
                    deviation={deviation}
                    reason={drafts[acceptKey(deviation)]}
                    mayAccept={mode === 'check'}
                    onOpen={() => accept(key)}
                    onChange={(text) => change(acceptKey(deviation), text)}
                  />
                ))}
                {isReturned && (
                  <ReasonBox
                    label={texts.reason}
                    code={drafts[codeKey(key)] ?? OTHER}
                    text={drafts[key] ?? ''}
                    onCode={(code) => change(codeKey(key), code)}
                    onText={(text) => change(key, text)}
                    onRemove={() => removeReason(key)}
                  />
                )}
              </div>
            </div>
          );
        })}
      </div>
      {whole && (
        <div className="whole">
          <ReasonBox
            label={texts.returnWhole}
            code={drafts[codeKey(WHOLE)] ?? OTHER}
            text={drafts[WHOLE] ?? ''}
            onCode={(code) => change(codeKey(WHOLE), code)}
            onText={(text) => change(WHOLE, text)}
            onRemove={() => removeReason(WHOLE)}
          />
        </div>
      )}
      <footer className="foot">
        <span className="small" role="status">
          {mode === 'check' && texts.agreed(agreed, asked.length)}
          {notice && ` · ${notice}`}
        </span>
        {mayReturn && !whole && (
          <Button size="compact-sm" variant="default" onClick={() => change(WHOLE, '')}>
            {texts.returnWhole}
          </Button>
        )}
        <Button
          ref={finishButton}
          size="compact-md"
          color={given.length > 0 ? 'red' : 'blue'}
          loading={finishing}
          onFocus={() => setActive(undefined)}
          onClick={finish}
          aria-keyshortcuts="Control+Enter"
        >
          {finishWord}
        </Button>
      </footer>
    </section>
  );
}

/** A broken rule that keeps the record from approval: accepted with a reason, or the field goes back. */
function Deviation({
  deviation,
  reason,
  mayAccept,
  onOpen,
  onChange,
}: {
  readonly deviation: FindingAnswer;
  readonly reason: string | undefined;
  readonly mayAccept: boolean;
  readonly onOpen: () => void;
  readonly onChange: (text: string | undefined) => void;
}) {
  const { texts, language } = useLanguage();
  if (!mayAccept) return null;
  return (
    <div className="accept" data-accept={acceptKey(deviation)}>
      {reason === undefined ? (
        <button
          type="button"
          className="chip quiet"
          tabIndex={-1}
          aria-label={`${texts.acceptDeviation}: ${deviation[language]}`}
          onClick={onOpen}
        >
          {texts.acceptDeviation} <kbd>C</kbd>
        </button>
      ) : (
        <div className="reason">
          <Textarea
            size="xs"
            rows={1}
            className="grow"
            label={texts.acceptReason}
            value={reason}
            maxLength={1000}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
          <button type="button" className="chip quiet" onClick={() => onChange(undefined)}>
            {texts.removeReason} <kbd>Esc</kbd>
          </button>
        </div>
      )}
    </div>
  );
}

/** Whether a field was compared already; a broken rule shows until it was. */
function Compared({
  row,
  agreed,
  mode,
}: {
  readonly row: Row;
  readonly agreed: boolean;
  readonly mode: Mode;
}) {
  const texts = useTexts();
  if (agreed)
    return (
      <span className="compared agreed-mark" role="img" aria-label={texts.compared}>
        ✓
      </span>
    );
  if (row.look === 'broken' || row.look === 'empty') return <Shape look={row.look} />;
  if (row.fromBook || mode === 'approve') return <span />;
  return (
    <span className="compared" role="img" aria-label={texts.notCompared}>
      ○
    </span>
  );
}
