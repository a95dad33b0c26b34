import { useEffect, useMemo, useRef, useState } from 'react';
import type { CodeListsAnswer, FormAnswer, RecordAnswer } from '../../api/contract.ts';
import { useLanguage } from '../text/language.tsx';
import { type Answer, isEdited, textOf, typedAnswer, withAnswer } from './answers.ts';
import { outbox } from './desk.ts';
import { KeyRow, type RowMoves } from './key-row.tsx';
import { PanelFoot } from './panel-foot.tsx';
import type { Row } from './rows.ts';
import { suggestionsFor } from './suggestions.ts';
import { useAnswers } from './use-answers.ts';
import { useChoices } from './use-choices.ts';
import { useDrafts } from './use-drafts.ts';
import { useSettled } from './use-settled.ts';

/**
 * Keying a second time: only the fields that want it, each as it stands on the page. Nothing that
 * the machine or the first person has read is shown or offered; the answers go out together.
 */
export function SecondPanel({
  record,
  form,
  lists,
  rows: blank,
  active,
  setActive,
  onDone,
}: {
  readonly record: RecordAnswer;
  readonly form: FormAnswer;
  readonly lists: CodeListsAnswer['lists'];
  /** The fields to key, without any value. */
  readonly rows: readonly Row[];
  readonly active: string | undefined;
  readonly setActive: (key: string | undefined) => void;
  readonly onDone: () => void;
}) {
  const { texts, language } = useLanguage();
  const { drafts, latest, change } = useDrafts(record.id);
  const said = useAnswers(`second-${record.id}`);
  const { answers } = said;
  const [steps, setSteps] = useState<readonly string[]>([]);
  const [notice, setNotice] = useState('');
  const [noting, setNoting] = useState<string>();
  const [finishing, setFinishing] = useState(false);
  const inputs = useRef(new Map<string, HTMLTextAreaElement>());
  const doneButton = useRef<HTMLButtonElement>(null);
  const settled = useSettled();
  const rows = blank.map((row) => withAnswer(row, answers[row.field.key]));
  const rowOf = (key: string) =>
    withAnswer(blank.find((r) => r.field.key === key)!, said.latest()[key]);

  const focus = (key: string | undefined) => {
    const input = key === undefined ? undefined : inputs.current.get(key);
    if (!input) return doneButton.current?.focus();
    input.focus();
    input.select();
  };
  /** The next field without an answer behind `key`, going round once. */
  const openAfter = (key: string | undefined) => {
    const at = blank.findIndex((r) => r.field.key === key);
    return [...blank.slice(at + 1), ...blank.slice(0, at + 1)].find(
      ({ field }) => field.key !== key && !said.latest()[field.key],
    )?.field.key;
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the record opens
  useEffect(() => focus(openAfter(undefined)), []);
  // The page image asks for a field.
  useEffect(() => {
    const input = active === undefined ? undefined : inputs.current.get(active);
    if (input && document.activeElement !== input) input.focus();
  }, [active]);

  const take = (key: string, answer: Answer) => {
    said.say(key, answer);
    change(key, undefined);
    setSteps((old) => [...old, key]);
    setNotice('');
  };
  /** Takes what is typed; false when nothing is, and nothing was answered before. */
  const accept = (key: string): boolean => {
    const row = rowOf(key);
    const draft = latest.current[key];
    if (draft === undefined || !isEdited(row.value, draft)) {
      if (row.value) return true;
      setNotice(texts.answerFirst);
      return false;
    }
    const typed = typedAnswer(row.field, draft, row.value);
    if (typed) take(key, typed);
    else setNotice(texts.answerFirst);
    return typed !== undefined;
  };
  const goOn = (key: string) => focus(openAfter(key));

  const moves: RowMoves = {
    focused: (key) => {
      setActive(key);
      setNotice('');
      setNoting(undefined);
    },
    typed: (key, text) => {
      setNotice('');
      change(key, text);
    },
    accept: (key) => {
      if (settled() && accept(key)) goOn(key);
    },
    answer: (key, answer) => {
      if (!settled()) return;
      take(key, answer);
      goOn(key);
    },
    left: (key) => {
      if (latest.current[key]?.trim()) accept(key);
    },
    drop: (key) => change(key, undefined),
    // What is in another record is no reading of this page.
    previous: () => {},
    doubt: (key) => {
      if (!latest.current[key]?.trim() && !rowOf(key).value) return setNotice(texts.answerFirst);
      setNoting(key);
    },
    noted: (key, note) => {
      setNoting(undefined);
      if (note === undefined) return focus(key);
      if (!accept(key)) return;
      take(key, { ...said.latest()[key]!, note });
      goOn(key);
    },
  };

  const undo = () => {
    const key = steps.at(-1);
    if (key === undefined) return setNotice(texts.nothingToUndo);
    setSteps(steps.slice(0, -1));
    said.say(key, undefined);
    focus(key);
    setNotice(texts.undone(rowOf(key).field[language]));
  };

  const done = () => {
    if (finishing || !settled()) return;
    if (active !== undefined && latest.current[active]?.trim() && !accept(active)) return;
    const all = said.latest();
    const open = blank.filter(({ field }) => !all[field.key]);
    if (open.length > 0) {
      focus(open[0]!.field.key);
      return setNotice(texts.stillOpen(open.length));
    }
    const asked = Object.fromEntries(blank.map(({ field }) => [field.key, all[field.key]!]));
    const sent = outbox.add(record.id, record.version, { type: 'secondKeyed', answers: asked });
    if (!sent) return setNotice(texts.outboxFull);
    setFinishing(true);
    for (const key of Object.keys(all)) said.say(key, undefined);
    onDone();
  };

  const now = useRef({ undo, done });
  now.current = { undo, done };
  useEffect(() => {
    const key = (event: globalThis.KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented || event.altKey) return;
      if (!event.ctrlKey && !event.metaKey) return;
      if (event.key === 'Enter') {
        if (!event.repeat) now.current.done();
      } else if (event.key.toLowerCase() === 'z' && !event.shiftKey) now.current.undo();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, []);

  const field = blank.find((r) => r.field.key === active)?.field;
  const draft = field && drafts[field.key];
  const choices = useChoices(undefined, field, draft ?? '', form, lists);
  const suggestions = useMemo(() => suggestionsFor(undefined, draft, choices), [draft, choices]);
  return (
    <section className="panel-fields" aria-label={texts.fields}>
      <div className="panel-head">
        <h2>{texts.workOn.second}</h2>
        <p className="small">{texts.secondHelp}</p>
      </div>
      <div className="rows">
        {rows.map((row) => {
          const { key } = row.field;
          return (
            <KeyRow
              key={key}
              record={record}
              row={row}
              text={drafts[key] ?? textOf(row.value)}
              edited={isEdited(row.value, drafts[key])}
              revisit={false}
              active={key === active}
              suggestions={key === active ? suggestions : []}
              previous={undefined}
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
        progress={texts.answered(Object.keys(answers).length, blank.length)}
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
