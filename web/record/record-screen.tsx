import { Button, Group } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { useBook, useCodeLists, useForms, useRecord, useSession } from '../calls/queries.ts';
import { sentence, Trouble } from '../parts/problem.tsx';
import { StatusBadge } from '../parts/status.tsx';
import { addressOf, go, WORKS, type Work } from '../router.ts';
import { useLanguage, useTexts } from '../text/language.tsx';
import type { Texts } from '../text/vi.ts';
import { following, MOVE, useAhead } from './ahead.ts';
import { ArbitratePanel } from './arbitrate-panel.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { outbox } from './desk.ts';
import { HeldNotice } from './held-notice.tsx';
import { KeyPanel } from './key-panel.tsx';
import { KeysDialog, useKeysKey } from './keys-dialog.tsx';
import { LogDialog } from './log-dialog.tsx';
import { MarkDialog, OpenMarks, useMarkKey } from './marks.tsx';
import { Notice } from './notices.tsx';
import { finishedOne, usePace } from './pace.ts';
import { PageImage } from './page-image.tsx';
import { ReadPanel } from './read-panel.tsx';
import { useReasonText } from './reasons.tsx';
import { waitsForAnswers } from './review.ts';
import { ReviewPanel } from './review-panel.tsx';
import { blindly, rowsOf } from './rows.ts';
import { SecondPanel } from './second-panel.tsx';
import { useHold } from './use-hold.ts';
import { useOutbox } from './use-outbox.ts';
import { ValueText } from './value-text.tsx';

type Mode = Work | 'read';

/** What this person is here to do: the first move that takes the record on. */
const modeOf = (record: RecordAnswer): Mode =>
  WORKS.find((work) => record.moves.includes(MOVE[work])) ??
  (waitsForAnswers(record) ? 'approve' : 'read');

/** The keys that do something in this mode. */
function keysOf(mode: Mode, texts: Texts) {
  if (mode === 'check' || mode === 'approve') return texts.keyHelpReview;
  return mode === 'arbitrate' ? texts.keyHelpArbitrate : texts.keyHelp;
}

/** One record: the page on the left, its fields on the right. */
export function RecordScreen({ id }: { readonly id: string }) {
  const texts = useTexts();
  const record = useRecord(id);
  const forms = useForms();
  const lists = useCodeLists();
  const failed = [record, forms, lists].find((q) => q.isError);
  if (failed && !record.data)
    return (
      <div className="screen">
        <Trouble error={failed.error} again={() => void failed.refetch()} />
      </div>
    );
  if (!record.data || !forms.data || !lists.data) return <p className="loading">{texts.loading}</p>;
  const form = forms.data.items.find((f) => f.id === record.data.form);
  if (!form) return <p className="loading">{record.data.form}</p>;
  return <Desk loaded={record.data} form={form} lists={lists.data.lists} />;
}

function Desk({
  loaded,
  form,
  lists,
}: {
  readonly loaded: RecordAnswer;
  readonly form: NonNullable<ReturnType<typeof useForms>['data']>['items'][number];
  readonly lists: NonNullable<ReturnType<typeof useCodeLists>['data']>['lists'];
}) {
  // Asked for here once more: whatever draws the desk anew, the outbox too, draws the newest record.
  // From above it would come a moment after its answers have left the outbox, which would show, and
  // ask for, what was answered already.
  const record = useRecord(loaded.id).data ?? loaded;
  const { texts, language } = useLanguage();
  const book = useBook(record.bookId);
  const box = useOutbox();
  const wordsOf = useReasonText();
  const pace = usePace();
  const [active, setActive] = useState<string>();
  const [showing, setShowing] = useState<'keys' | 'log' | 'mark'>();
  const [leaving, setLeaving] = useState(false);
  const [stuck, setStuck] = useState<{ readonly error: unknown; readonly work: Work }>();

  const waiting = useMemo(
    () => box.waiting.filter((w) => w.recordId === record.id),
    [box.waiting, record.id],
  );
  const wanted = modeOf(record);
  const isBlind = wanted === 'second';
  const rows = useMemo(
    () =>
      rowsOf(isBlind ? blindly(record) : record, form, isBlind ? [] : waiting, box.line === 'up', {
        margin: texts.marginFields,
        book: texts.bookFields,
      }),
    [record, isBlind, form, waiting, box.line, texts],
  );
  const marks = useMemo(
    () =>
      rows.flatMap(({ field, place, look, fromBook }) =>
        place && !fromBook && (!isBlind || record.second.includes(field.key))
          ? [{ ...place, key: field.key, look }]
          : [],
      ),
    [rows, isBlind, record.second],
  );
  const work = wanted === 'read' ? undefined : wanted;
  const hold = useHold(record, work);
  const me = useSession().data?.person.id;
  const byOther = record.lease !== null && record.lease.person.id !== me;
  const isHeld = hold === 'other' || (hold === undefined && byOther);
  const mode = hold === 'other' ? 'read' : wanted;
  // What it says comes once the record is open for this person.
  const opening = record.hidden && hold !== 'other' && mode !== 'read' && mode !== 'second';
  useAhead(record, mode === 'read' ? undefined : mode);

  useKeysKey(() => setShowing((now) => (now === 'keys' ? undefined : 'keys')));
  useMarkKey(() => mode !== 'read' && setShowing('mark'));

  const goOn = async (work: Work) => {
    setLeaving(true);
    setStuck(undefined);
    try {
      const next = await following(record.bookId, work, record.id);
      go(next ? { at: 'record', id: next } : { at: 'book', id: record.bookId, ended: work });
    } catch (error) {
      setStuck({ error, work });
      setLeaving(false);
    }
  };
  const onDone = () => {
    if (mode === 'read') return;
    finishedOne();
    void goOn(mode);
  };

  const labelOf = (key: string) => rows.find((r) => r.field.key === key)?.field[language] ?? key;
  const number = rows.find((r) => r.field.kind === 'registrationNumber')?.value?.text;
  const conflict = box.conflicts.find((c) => c.recordId === record.id);
  const rejections = box.rejections.filter((r) => r.waiting.recordId === record.id);
  const wholeReasons = record.reasons.filter((r) => r.field === undefined);
  const people = [
    record.keyers.length > 0 && `${texts.keyer}: ${record.keyers.map((k) => k.name).join(', ')}`,
    record.checker && `${texts.checker}: ${record.checker.name}`,
    record.approver && `${texts.approver}: ${record.approver.name}`,
  ].filter(Boolean);
  const panel = { record, rows, active, setActive };
  return (
    <div className="desk">
      <div className="desk-head">
        <nav aria-label={texts.backToBook}>
          <a href={addressOf({ at: 'book', id: record.bookId })}>
            ‹ {book.data ? `${texts.book} ${book.data.book.number}` : texts.backToBook}
          </a>
        </nav>
        <h1>{number ? texts.recordTitle(number) : texts.record}</h1>
        <StatusBadge status={record.status} />
        <span className="small people">{people.join(' · ')}</span>
        {pace.records > 0 && (
          <span className="small pace">
            {texts.pace(pace.records)}
            {pace.seconds !== undefined && ` · ${texts.paceSeconds(Math.round(pace.seconds))}`}
          </span>
        )}
        <Group gap={6} wrap="nowrap">
          {mode !== 'read' && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => setShowing('mark')}
              aria-keyshortcuts="F3"
            >
              {texts.mark} <kbd>F3</kbd>
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={() => setShowing('log')}>
            {texts.log}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setShowing('keys')}
            aria-keyshortcuts="F1"
          >
            {texts.keys} <kbd>F1</kbd>
          </Button>
        </Group>
      </div>
      <div className="desk-body">
        <PageImage
          pages={record.pages}
          marks={marks}
          active={active}
          onPick={(key) => setActive(key)}
        />
        <div className="desk-fields">
          {isHeld && <HeldNotice record={record} work={work} />}
          {mode !== 'second' && <OpenMarks record={record} labelOf={labelOf} />}
          {record.hidden && mode === 'read' && <Notice tone="info">{texts.hiddenHelp}</Notice>}
          {box.line === 'down' && <Notice tone="warn">{texts.lineDownHelp}</Notice>}
          {mode === 'approve' && book.data?.book.policy.sampling && (
            <Notice tone="info">
              {texts.sampledHere}{' '}
              <a href={addressOf({ at: 'completeness', id: record.bookId })}>{texts.samples}</a>
            </Notice>
          )}
          {record.notes.map((note) => (
            <Notice key={note.kind} tone="warn">
              {sentence(note, texts)}
            </Notice>
          ))}
          {!isBlind &&
            wholeReasons.map((r) => (
              <Notice key={`${r.code} ${r.reason}`} tone="warn">
                {texts.returnedBecause}: {wordsOf(r)}
              </Notice>
            ))}
          {rejections.map(({ waiting: w, problem }) => (
            <Notice key={w.id} tone="bad">
              {texts.rejected}: {sentence(problem, texts)}{' '}
              {'reasons' in w.action && w.action.reasons.map(wordsOf).join('; ')}
              {'answers' in w.action &&
                Object.entries(w.action.answers).map(([key, answer]) => (
                  <span key={key}>
                    <ValueText
                      value={{
                        state: answer.state,
                        ...(answer.text === undefined ? {} : { text: answer.text }),
                      }}
                    />{' '}
                  </span>
                ))}
              <button type="button" className="chip quiet" onClick={() => outbox.dismiss(w.id)}>
                {texts.close}
              </button>
            </Notice>
          ))}
          {stuck && <Trouble error={stuck.error} again={() => void goOn(stuck.work)} />}
          {leaving || opening ? (
            <p className="loading">{texts.loading}</p>
          ) : mode === 'key' ? (
            <KeyPanel {...panel} form={form} lists={lists} onDone={onDone} />
          ) : mode === 'second' ? (
            <SecondPanel
              {...panel}
              rows={rows.filter((r) => record.second.includes(r.field.key))}
              form={form}
              lists={lists}
              onDone={onDone}
            />
          ) : mode === 'arbitrate' ? (
            <ArbitratePanel
              {...panel}
              rows={rows.filter((r) => record.readings[r.field.key])}
              onDone={onDone}
            />
          ) : mode === 'check' || mode === 'approve' ? (
            <ReviewPanel key={mode} {...panel} mode={mode} onDone={onDone} />
          ) : (
            <ReadPanel {...panel} />
          )}
        </div>
      </div>
      {showing === 'keys' && (
        <KeysDialog keys={keysOf(mode, texts)} onClose={() => setShowing(undefined)} />
      )}
      {showing === 'mark' && (
        <MarkDialog
          record={record}
          field={active}
          label={active === undefined ? undefined : labelOf(active)}
          onClose={() => setShowing(undefined)}
          onSkipped={() => work && void goOn(work)}
        />
      )}
      {showing === 'log' && (
        <LogDialog recordId={record.id} form={form} onClose={() => setShowing(undefined)} />
      )}
      {conflict && <ConflictDialog conflict={conflict} waiting={waiting} form={form} />}
    </div>
  );
}
