import { Button, Textarea } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { Shape } from '../parts/shape.tsx';
import { useTexts } from '../text/language.tsx';
import { Crop } from './crop.tsx';
import { outbox } from './desk.ts';
import { isComposing } from './key-panel.tsx';
import { Label } from './label.tsx';
import { FieldNotices } from './notices.tsx';
import type { HumanAction } from './outbox.ts';
import type { Row } from './rows.ts';
import { useDrafts } from './use-drafts.ts';
import { useSettled } from './use-settled.ts';
import { ValueText } from './value-text.tsx';

/** The reason about the record as a whole stands under this key among the drafts. */
const WHOLE = '';

/**
 * Check and approval: every value under its place on the page. Checking asks for each field, one
 * key each; approval for the record. Anything wrong goes back with a reason at its field.
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
  readonly mode: 'check' | 'approve';
  readonly active: string | undefined;
  readonly setActive: (key: string | undefined) => void;
  readonly onDone: () => void;
}) {
  const texts = useTexts();
  const { drafts: reasons, change } = useDrafts(record.id);
  const [agreed, setAgreed] = useState<ReadonlySet<string>>(new Set());
  const [whole, setWhole] = useState(() => reasons[WHOLE] !== undefined);
  const [notice, setNotice] = useState('');
  const [finishing, setFinishing] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const finishButton = useRef<HTMLButtonElement>(null);
  const settled = useSettled();
  const asked = rows.filter((r) => !r.fromBook);
  const mayReturn = record.moves.includes('returned');

  const focus = (key: string | undefined) => {
    const row = key === undefined ? null : list.current?.querySelector(`[data-field="${key}"]`);
    const target = row?.querySelector<HTMLElement>('textarea, button');
    if (target) target.focus();
    else finishButton.current?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the record opens
  useEffect(() => focus(asked[0]?.field.key), []);

  const step = (key: string, by: number) => {
    const at = asked.findIndex((r) => r.field.key === key);
    focus(asked[at + by]?.field.key);
  };

  const agree = (key: string) => {
    if (!settled()) return;
    change(key, undefined);
    setAgreed((old) => new Set(old).add(key));
    setNotice('');
    step(key, 1);
  };

  const giveReason = (key: string) => {
    if (!mayReturn) return;
    change(key, reasons[key] ?? '');
    setAgreed((old) => new Set([...old].filter((k) => k !== key)));
  };

  const pressed = (key: string) => (event: KeyboardEvent<HTMLDivElement>) => {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target instanceof HTMLTextAreaElement;
    let taken = true;
    if (event.key === 'ArrowDown' && !typing) step(key, 1);
    else if (event.key === 'ArrowUp' && !typing) step(key, -1);
    else if (event.key.toLowerCase() === 'r' && !typing) giveReason(key);
    else if (event.key === 'Enter' && typing && !event.shiftKey) step(key, 1);
    else if (event.key === 'Enter' && event.repeat) taken = true;
    else if (event.key === 'Escape' && typing) {
      change(key, undefined);
      requestAnimationFrame(() => focus(key));
    } else taken = false;
    if (taken) event.preventDefault();
  };

  const given = Object.entries(reasons).filter(([, text]) => text.trim() !== '');
  const finish = () => {
    if (finishing || !settled()) return;
    let action: HumanAction;
    if (given.length > 0) {
      action = {
        type: 'returned',
        reasons: given.map(([field, reason]) => ({
          ...(field === WHOLE ? {} : { field }),
          reason: reason.trim(),
        })),
      };
    } else if (mode === 'check') {
      const left = asked.filter((r) => !agreed.has(r.field.key));
      if (left.length > 0) {
        setNotice(texts.compareFirst(left.length));
        return focus(left[0]!.field.key);
      }
      action = { type: 'checked', confirmed: asked.map((r) => r.field.key) };
    } else {
      action = { type: 'approved' };
    }
    const sent = outbox.add(record.id, record.version, action);
    if (!sent) return setNotice(texts.outboxFull);
    setFinishing(true);
    for (const key of Object.keys(reasons)) change(key, undefined);
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
  return (
    <section className="panel-fields" aria-label={texts.fields}>
      <div className="rows" ref={list}>
        {rows.map((row) => {
          const { key } = row.field;
          const reason = reasons[key];
          return (
            <div key={key}>
              {row.heading && <h2 className="heading">{row.heading}</h2>}
              {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend in the grid */}
              <div
                className={`card ${key === active ? 'active' : ''} ${agreed.has(key) ? 'agreed' : ''}`}
                role="group"
                aria-label={row.field.vi}
                data-field={row.fromBook ? undefined : key}
                data-look={row.look}
                onKeyDown={row.fromBook ? undefined : pressed(key)}
                onFocus={() => setActive(key)}
              >
                {!row.fromBook && (
                  <Crop record={record} row={row} label={row.field.vi} height={56} />
                )}
                <div className="card-line">
                  <Compared row={row} agreed={agreed.has(key)} mode={mode} />
                  <span className="row-label">
                    <Label row={row} />
                  </span>
                  <strong className="card-value">
                    <ValueText value={row.value} />
                  </strong>
                  {!row.fromBook && reason === undefined && (
                    <span className="card-keys">
                      <button
                        type="button"
                        className={
                          key === active && !agreed.has(key) ? 'chip primary' : 'chip quiet'
                        }
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
                {reason !== undefined && (
                  <div className="reason">
                    <Textarea
                      size="xs"
                      rows={1}
                      autoFocus
                      className="grow"
                      label={texts.reason}
                      value={reason}
                      maxLength={1000}
                      onChange={(event) => change(key, event.currentTarget.value)}
                    />
                    <button
                      type="button"
                      className="chip quiet"
                      onClick={() => change(key, undefined)}
                    >
                      {texts.removeReason} <kbd>Esc</kbd>
                    </button>
                  </div>
                )}
              </div>
            </div>
          );
        })}
      </div>
      {whole && (
        <div className="reason whole">
          <Textarea
            size="xs"
            rows={2}
            autoFocus
            className="grow"
            label={texts.returnWhole}
            value={reasons[WHOLE] ?? ''}
            maxLength={1000}
            onChange={(event) => change(WHOLE, event.currentTarget.value)}
          />
          <button
            type="button"
            className="chip quiet"
            onClick={() => {
              change(WHOLE, undefined);
              setWhole(false);
            }}
          >
            {texts.removeReason}
          </button>
        </div>
      )}
      <footer className="foot">
        <span className="small" role="status">
          {mode === 'check' && texts.agreed(agreed.size, asked.length)}
          {notice && ` · ${notice}`}
        </span>
        {mayReturn && !whole && (
          <Button size="compact-sm" variant="default" onClick={() => setWhole(true)}>
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

/** Whether a field was compared already; a broken rule shows until it was. */
function Compared({
  row,
  agreed,
  mode,
}: {
  readonly row: Row;
  readonly agreed: boolean;
  readonly mode: 'check' | 'approve';
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
