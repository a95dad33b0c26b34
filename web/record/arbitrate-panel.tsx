import { Textarea } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { Shape } from '../parts/shape.tsx';
import { useTexts } from '../text/language.tsx';
import { type Answer, answerOf, typedAnswer } from './answers.ts';
import { Crop } from './crop.tsx';
import { outbox } from './desk.ts';
import { isComposing } from './keyboard.ts';
import { Label } from './label.tsx';
import { PanelFoot } from './panel-foot.tsx';
import type { Row } from './rows.ts';
import { useAnswers } from './use-answers.ts';
import { useDrafts } from './use-drafts.ts';
import { useSettled } from './use-settled.ts';
import { ValueText } from './value-text.tsx';

const READERS = ['first', 'second', 'machine'] as const;
const STATES = { b: 'blank', u: 'illegible', k: 'struckOut' } as const;

/**
 * Deciding between readings: what two people and the machine have read of a place, side by side
 * under its picture. One key takes one of them, typing gives another; the answers go out together.
 */
export function ArbitratePanel({
  record,
  rows,
  active,
  setActive,
  onDone,
}: {
  readonly record: RecordAnswer;
  /** The fields in dispute. */
  readonly rows: readonly Row[];
  readonly active: string | undefined;
  readonly setActive: (key: string | undefined) => void;
  readonly onDone: () => void;
}) {
  const texts = useTexts();
  const { drafts, latest, change } = useDrafts(record.id);
  const said = useAnswers(`arbitrate-${record.id}`);
  const { answers } = said;
  const [notice, setNotice] = useState('');
  const [finishing, setFinishing] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const doneButton = useRef<HTMLButtonElement>(null);
  const settled = useSettled();
  const keys = rows.map((r) => r.field.key);

  const focus = (key: string | undefined, what = '.readings button') => {
    const card = key === undefined ? null : list.current?.querySelector(`[data-field="${key}"]`);
    (card?.querySelector<HTMLElement>(what) ?? doneButton.current)?.focus();
    card?.scrollIntoView({ block: 'nearest' });
  };
  const openAfter = (key: string | undefined) => {
    const at = keys.indexOf(key ?? '');
    return [...keys.slice(at + 1), ...keys.slice(0, at + 1)].find(
      (k) => k !== key && !said.latest()[k],
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the record opens
  useEffect(() => focus(openAfter(undefined) ?? keys[0]), []);

  const decide = (key: string, answer: Answer) => {
    if (!settled()) return;
    said.say(key, answer);
    change(key, undefined);
    setNotice('');
  };

  /** Takes what is typed; false when nothing is decided. */
  const accept = (row: Row): boolean => {
    const { key } = row.field;
    const draft = latest.current[key];
    const typed = draft === undefined ? undefined : typedAnswer(row.field, draft, undefined);
    if (typed) decide(key, typed);
    const isDecided = said.latest()[key] !== undefined;
    if (!isDecided) setNotice(texts.decideFirst);
    return isDecided;
  };

  const pressed = (row: Row) => (event: KeyboardEvent<HTMLDivElement>) => {
    if (isComposing(event) || event.altKey) return;
    const { key } = row.field;
    const typing = event.target instanceof HTMLTextAreaElement;
    const control = event.ctrlKey || event.metaKey;
    const reader = typing || control ? undefined : READERS[Number(event.key) - 1];
    const reading = reader && record.readings[key]?.[reader];
    const state = control ? STATES[event.key.toLowerCase() as keyof typeof STATES] : undefined;
    const at = keys.indexOf(key);
    let taken = true;
    if (reading) decide(key, answerOf(reading));
    else if (reader) taken = true;
    else if (state) decide(key, { state });
    else if (event.key === 'Enter' && !control && !event.shiftKey) {
      if (!event.repeat && settled() && accept(row)) focus(openAfter(key));
    } else if (event.key === 'ArrowDown' && !typing) focus(keys[at + 1]);
    else if (event.key === 'ArrowUp' && !typing) focus(keys[at - 1] ?? keys[0]);
    else if (event.key === 'Escape' && typing) {
      change(key, undefined);
      focus(key);
    } else if (event.key === '4' && !typing && !control) focus(key, 'textarea');
    else {
      // A letter begins another reading: the input takes it.
      if (!typing && !control && event.key.length === 1 && event.key !== ' ')
        focus(key, 'textarea');
      taken = false;
    }
    if (taken) event.preventDefault();
  };

  const done = () => {
    if (finishing || !settled()) return;
    const typed = rows.find(({ field }) => latest.current[field.key]?.trim());
    if (typed && !accept(typed)) return;
    const all = said.latest();
    const open = keys.filter((key) => !all[key]);
    if (open.length > 0) {
      focus(open[0]);
      return setNotice(texts.stillOpen(open.length));
    }
    const asked = Object.fromEntries(keys.map((key) => [key, all[key]!]));
    const sent = outbox.add(record.id, record.version, { type: 'arbitrated', answers: asked });
    if (!sent) return setNotice(texts.outboxFull);
    setFinishing(true);
    for (const key of keys) said.say(key, undefined);
    onDone();
  };
  const doneNow = useRef(done);
  doneNow.current = done;
  useEffect(() => {
    const key = (event: globalThis.KeyboardEvent) => {
      if (event.isComposing || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (!event.repeat) doneNow.current();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, []);

  return (
    <section className="panel-fields" aria-label={texts.fields}>
      <div className="panel-head">
        <h2>{texts.workOn.arbitrate}</h2>
        <p className="small">{texts.arbitrateHelp}</p>
      </div>
      <div className="rows" ref={list}>
        {rows.map((row) => (
          <Dispute
            key={row.field.key}
            record={record}
            row={row}
            active={row.field.key === active}
            answer={answers[row.field.key]}
            draft={drafts[row.field.key]}
            onFocus={() => setActive(row.field.key)}
            onKeyDown={pressed(row)}
            onDecide={(answer) => decide(row.field.key, answer)}
            onTyped={(text) => change(row.field.key, text)}
          />
        ))}
      </div>
      <PanelFoot
        progress={texts.decided(Object.keys(answers).length, rows.length)}
        notice={notice}
        done={{
          run: done,
          running: finishing,
          button: doneButton,
          onFocus: () => setActive(undefined),
        }}
      />
    </section>
  );
}

const saysTheSame = (a: Answer, b: Answer) =>
  a.state === b.state && (a.text ?? '') === (b.text ?? '');

/** One place on the page with its readings. */
function Dispute({
  record,
  row,
  active,
  answer,
  draft,
  onFocus,
  onKeyDown,
  onDecide,
  onTyped,
}: {
  readonly record: RecordAnswer;
  readonly row: Row;
  readonly active: boolean;
  readonly answer: Answer | undefined;
  readonly draft: string | undefined;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => void;
  readonly onDecide: (answer: Answer) => void;
  readonly onTyped: (text: string) => void;
}) {
  const texts = useTexts();
  const { key } = row.field;
  const readings = record.readings[key];
  return (
    <>
      {row.heading && <h2 className="heading">{row.heading}</h2>}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend in the grid */}
      <div
        className={`card ${active ? 'active' : ''} ${answer ? 'agreed' : ''}`}
        role="group"
        aria-label={row.field.vi}
        data-field={key}
        onFocus={onFocus}
        onKeyDown={onKeyDown}
      >
        <Crop record={record} row={row} label={row.field.vi} height={72} />
        <div className="card-line">
          <Shape look={answer ? 'person' : 'look'} />
          <span className="row-label">
            <Label row={row} />
          </span>
          <strong className="card-value">
            {answer && (
              <ValueText
                value={{
                  state: answer.state,
                  ...(answer.text === undefined ? {} : { text: answer.text }),
                }}
              />
            )}
          </strong>
        </div>
        <ul className="readings">
          {READERS.map((reader, i) => {
            const reading = readings?.[reader];
            const isChosen = reading && answer && saysTheSame(answerOf(reading), answer);
            return (
              <li key={reader}>
                <button
                  type="button"
                  disabled={!reading}
                  aria-pressed={isChosen ?? false}
                  aria-keyshortcuts={`${i + 1}`}
                  onClick={() => reading && onDecide(answerOf(reading))}
                >
                  <span className="small">
                    <kbd>{i + 1}</kbd> {texts.readers[reader]}
                  </span>
                  <span className="reading">
                    <ValueText value={reading} />
                  </span>
                  {reading?.note !== undefined && (
                    <span className="small">
                      {texts.uncertainBecause}: {reading.note}
                    </span>
                  )}
                </button>
              </li>
            );
          })}
        </ul>
        <Textarea
          size="xs"
          rows={1}
          className="other-reading"
          aria-label={`${texts.otherReading}: ${row.field.vi}`}
          placeholder={`${texts.otherReading} (4)`}
          lang="vi"
          spellCheck={false}
          value={draft ?? ''}
          onChange={(event) => onTyped(event.currentTarget.value)}
        />
      </div>
    </>
  );
}
