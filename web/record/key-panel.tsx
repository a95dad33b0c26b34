import { useEffect, useMemo, useRef, useState } from 'react';
import type { CodeListsAnswer, FormAnswer, RecordAnswer } from '../../api/contract.ts';
import { usePreviousRecord } from '../calls/queries.ts';
import { useLanguage } from '../text/language.tsx';
import { type Answer, answerOf, isEdited, textOf, typedAnswer } from './answers.ts';
import { ConfirmPanel } from './confirm-panel.tsx';
import { outbox } from './desk.ts';
import { KeyRow, type RowMoves } from './key-row.tsx';
import { PanelFoot } from './panel-foot.tsx';
import {
  isByPerson,
  needsLook,
  nextToLookAt,
  type Row,
  unconfirmed,
  type Value,
  withWaiting,
} from './rows.ts';
import { suggestionsFor } from './suggestions.ts';
import { useChoices } from './use-choices.ts';
import { useDrafts } from './use-drafts.ts';
import { useOutbox } from './use-outbox.ts';
import { useSettled } from './use-settled.ts';

/** One accepted field, so that it can be undone. */
interface Step {
  readonly key: string;
  readonly before: Value | undefined;
  readonly waitingId: string;
}

/**
 * Keying: every field of the page, answered one by one with the keyboard. Each accepted field goes
 * to the outbox at once; what is typed and not accepted yet survives a reload.
 */
export function KeyPanel({
  record,
  form,
  lists,
  rows,
  active,
  setActive,
  onDone,
}: {
  readonly record: RecordAnswer;
  readonly form: FormAnswer;
  readonly lists: CodeListsAnswer['lists'];
  readonly rows: readonly Row[];
  readonly active: string | undefined;
  readonly setActive: (key: string | undefined) => void;
  readonly onDone: () => void;
}) {
  const { texts, language } = useLanguage();
  const { drafts, latest, change: changeDraft } = useDrafts(record.id);
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  // What came back is looked at first, whoever has answered it.
  const [revisit, setRevisit] = useState<ReadonlySet<string>>(
    () => new Set(rows.filter((r) => r.reasons.length > 0).map((r) => r.field.key)),
  );
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const [notice, setNotice] = useState('');
  const [noting, setNoting] = useState<string>();
  const [confirming, setConfirming] = useState(false);
  const [finishing, setFinishing] = useState(false);
  const inputs = useRef(new Map<string, HTMLTextAreaElement>());
  const doneButton = useRef<HTMLButtonElement>(null);
  const settled = useSettled();
  const before = usePreviousRecord(record.id).data;
  const { waiting } = useOutbox();
  const previous = useMemo(
    () =>
      before &&
      withWaiting(
        before.values,
        waiting.filter((w) => w.recordId === before.id),
      ),
    [before, waiting],
  );

  const rowOf = (key: string) => rows.find((r) => r.field.key === key)!;
  const edited = (key: string, inputTexts = latest.current) =>
    isEdited(rowOf(key).value, inputTexts[key]);

  const focus = (key: string | undefined) => {
    const input = key === undefined ? undefined : inputs.current.get(key);
    if (!input) return doneButton.current?.focus();
    input.focus();
    input.select();
  };

  // Begins where a person is needed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the record opens
  useEffect(() => {
    focus(nextToLookAt(rows, undefined, revisit)?.field.key);
  }, []);

  // Another place asks for a field: the page image, the confirmation of a group.
  useEffect(() => {
    const input = active === undefined ? undefined : inputs.current.get(active);
    if (input && document.activeElement !== input && !confirming) input.focus();
  }, [active, confirming]);

  const focused = (key: string) => {
    setActive(key);
    setNotice('');
    setNoting(undefined);
    setSeen((old) => (old.has(key) ? old : new Set(old).add(key)));
  };

  /** Sends one answer, or the confirmation of what the machine says; false when it cannot be kept. */
  const post = (key: string, answer: Answer | undefined): boolean => {
    const before = rowOf(key).value;
    const sent = outbox.add(
      record.id,
      record.version,
      answer
        ? { type: 'keyed', answers: { [key]: answer } }
        : { type: 'keyed', answers: {}, confirmed: [key] },
      answer || !before ? {} : { [key]: answerOf(before) },
    );
    if (!sent) {
      setNotice(texts.outboxFull);
      return false;
    }
    setSteps((old) => [...old, { key, before, waitingId: sent.id }]);
    setRevisit((old) => new Set([...old].filter((k) => k !== key)));
    changeDraft(key, undefined);
    return true;
  };

  /** Takes what stands in the field as a person's answer; false when nothing stands there. */
  const accept = (key: string): boolean => {
    const row = rowOf(key);
    const draft = latest.current[key];
    if (draft !== undefined && edited(key)) {
      const typed = typedAnswer(row.field, draft, row.value);
      if (!typed) {
        setNotice(texts.answerFirst);
        return false;
      }
      return post(key, typed);
    }
    if (!row.value) {
      setNotice(texts.answerFirst);
      return false;
    }
    if (isByPerson(row.value) && !revisit.has(key)) {
      changeDraft(key, undefined);
      return true;
    }
    return post(key, isByPerson(row.value) ? answerOf(row.value) : undefined);
  };

  const goOn = (key: string) => focus(nextToLookAt(rows, key, revisit)?.field.key);

  const moves: RowMoves = {
    focused,
    typed: (key, text) => {
      setNotice('');
      changeDraft(key, text);
    },
    accept: (key) => {
      if (settled() && accept(key)) goOn(key);
    },
    answer: (key, answer) => {
      if (settled() && post(key, answer)) goOn(key);
    },
    left: (key) => {
      if (edited(key) && latest.current[key]!.trim() !== '') accept(key);
    },
    drop: (key) => changeDraft(key, undefined),
    previous: (key) => {
      const there = previous?.[key];
      if (!there || there.state === 'notOnForm') return setNotice(texts.noPrevious);
      const { note: _, ...answer } = answerOf(there);
      if (settled() && post(key, answer)) goOn(key);
    },
    doubt: (key) => {
      const typed = latest.current[key]?.trim();
      if (!typed && !rowOf(key).value) return setNotice(texts.answerFirst);
      setNotice('');
      setNoting(key);
    },
    noted: (key, note) => {
      setNoting(undefined);
      if (note === undefined) return focus(key);
      const row = rowOf(key);
      const draft = latest.current[key];
      const typed = draft === undefined ? undefined : typedAnswer(row.field, draft, row.value);
      const answer = typed && edited(key) ? typed : answerOf(row.value!);
      if (post(key, { ...answer, note })) goOn(key);
    },
  };

  const undo = () => {
    const step = steps[steps.length - 1];
    if (!step) {
      setNotice(texts.nothingToUndo);
      return;
    }
    setSteps(steps.slice(0, -1));
    const tooLate = !outbox.takeBack(step.waitingId);
    if (tooLate) {
      // The log only grows: the earlier value is said again, and looked at again before done.
      if (step.before)
        outbox.add(record.id, record.version, {
          type: 'keyed',
          answers: { [step.key]: answerOf(step.before) },
        });
      if (!isByPerson(step.before)) setRevisit((old) => new Set(old).add(step.key));
    }
    focus(step.key);
    setNotice(texts.undone(rowOf(step.key).field[language]));
  };

  /** Ends the record; `shown` are the machine's values that a person has seen. */
  const finish = (shown: readonly Row[]) => {
    const isSaid = outbox
      .read()
      .waiting.some((w) => w.recordId === record.id && w.action.type === 'keyed' && w.action.done);
    if (isSaid) return onDone();
    const sent = outbox.add(
      record.id,
      record.version,
      { type: 'keyed', answers: {}, confirmed: shown.map((r) => r.field.key), done: true },
      Object.fromEntries(shown.map((r) => [r.field.key, answerOf(r.value!)])),
    );
    if (!sent) return setNotice(texts.outboxFull);
    // Nobody waits for the server: it is in the outbox, which speaks up if it is not taken.
    setFinishing(true);
    onDone();
  };

  const done = () => {
    if (finishing || !settled()) return;
    // What is being typed is accepted first; the rows drawn now do not know it yet.
    const now = active !== undefined && edited(active) ? active : undefined;
    if (now !== undefined && !accept(now)) return;
    const open = rows.filter(
      (r) =>
        !r.fromBook &&
        r.field.key !== now &&
        (!r.value || latest.current[r.field.key]?.trim() === ''),
    );
    if (open.length > 0) {
      focus(open[0]!.field.key);
      return setNotice(texts.stillOpen(open.length));
    }
    const group = unconfirmed(rows, seen, revisit).filter((r) => r.field.key !== now);
    if (group.length > 0) return setConfirming(true);
    finish(machineRows(now));
  };

  /** The rows that only the machine has answered so far. */
  const machineRows = (except?: string) =>
    rows.filter((r) => !r.fromBook && r.value && !isByPerson(r.value) && r.field.key !== except);

  const undoNow = useRef(undo);
  undoNow.current = undo;
  const doneNow = useRef(done);
  doneNow.current = done;
  useEffect(() => {
    const key = (event: globalThis.KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented) return;
      const control = (event.ctrlKey || event.metaKey) && !event.altKey;
      if (control && event.key === 'Enter' && !confirming) {
        event.preventDefault();
        if (!event.repeat) doneNow.current();
      } else if (control && !event.shiftKey && event.key.toLowerCase() === 'z') {
        event.preventDefault();
        undoNow.current();
      }
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, [confirming]);

  const now = rows.find((r) => r.field.key === active);
  const draft = now && drafts[now.field.key];
  const choices = useChoices(record.bookId, now?.field, draft ?? '', form, lists);
  const suggestions = useMemo(
    () => (now ? suggestionsFor(now.value, draft, choices) : []),
    [now, draft, choices],
  );

  if (confirming)
    return (
      <ConfirmPanel
        record={record}
        rows={unconfirmed(rows, seen, revisit)}
        active={active}
        setActive={setActive}
        busy={finishing}
        onConfirm={() => finish(machineRows())}
        onFix={(key) => {
          setConfirming(false);
          setActive(key);
        }}
        onBack={() => setConfirming(false)}
      />
    );

  const asked = rows.filter((r) => !r.fromBook);
  const answered = asked.filter((r) => isByPerson(r.value) && !revisit.has(r.field.key)).length;
  return (
    <section className="panel-fields" aria-label={texts.fields}>
      <div className="rows">
        {rows.map((row) => {
          const { key } = row.field;
          return (
            <KeyRow
              key={key}
              record={record}
              row={row}
              text={drafts[key] ?? textOf(row.value)}
              edited={edited(key, drafts)}
              revisit={needsLook(row, revisit)}
              active={key === active}
              suggestions={key === active ? suggestions : []}
              previous={key === active ? previous?.[key] : undefined}
              noting={key === active && noting === key}
              notice={key === active ? notice : ''}
              moves={moves}
              register={(input) => {
                if (input) inputs.current.set(key, input);
                else inputs.current.delete(key);
              }}
            />
          );
        })}
      </div>
      <PanelFoot
        progress={texts.answered(answered, asked.length)}
        notice={notice}
        undo={{ run: undo, possible: steps.length > 0 }}
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
