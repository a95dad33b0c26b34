import { Button } from '@mantine/core';
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { CodeListsAnswer, FormAnswer, FormField } from '../../api/contract.ts';
import { LineDown } from '../calls/client.ts';
import { picture } from '../calls/pictures.ts';
import { COLUMN_LIMIT, confirmColumn, useColumn, useRecord } from '../calls/queries.ts';
import { sentence, sentenceOf, Trouble } from '../parts/problem.tsx';
import { type Answer, answerOf, isEdited, textOf } from '../record/answers.ts';
import { outbox } from '../record/desk.ts';
import { chosenBy, isChoice, isComposing, isControl } from '../record/keyboard.ts';
import { PageImage } from '../record/page-image.tsx';
import { type Look, lookOf } from '../record/rows.ts';
import { SuggestionList } from '../record/suggestion-list.tsx';
import { choicesOf, suggestionsFor } from '../record/suggestions.ts';
import { useDrafts } from '../record/use-drafts.ts';
import { useOutbox } from '../record/use-outbox.ts';
import { SETTLING_MS } from '../record/use-settled.ts';
import { addressOf, go } from '../router.ts';
import { useLanguage, useTexts } from '../text/language.tsx';
import {
  answerIn,
  atTheEnd,
  type ColumnRow,
  gridOf,
  isAnswered,
  itemOf,
  returned,
} from './column.ts';
import { SnippetCell, snippetOf } from './snippet-cell.tsx';

/** Pictures of the screens to come are fetched one after the other: each page is decoded for its own. */
const SCREENS_AHEAD = 2;

/** The rows of one field, a screen at a time. */
export function Column({
  bookId,
  field,
  form,
  lists,
  next,
  onConfirmed,
}: {
  readonly bookId: string;
  readonly field: FormField;
  readonly form: FormAnswer;
  readonly lists: CodeListsAnswer['lists'];
  /** The next field that wants answers. */
  readonly next: string | undefined;
  readonly onConfirmed: (rows: number) => void;
}) {
  const { texts, language } = useLanguage();
  const answer = useColumn(bookId, field.key);
  const [changed, setChanged] = useState<readonly ColumnRow[]>([]);
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [said, setSaid] = useState<Readonly<Record<string, Answer>>>({});
  const { drafts, latest, change } = useDrafts(`column-${bookId}-${field.key}`);
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(0);
  const [paged, setPaged] = useState(false);
  const [notice, setNotice] = useState('');
  /** Rows whose confirmation is on its way. */
  const [inFlight, setInFlight] = useState(0);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const grid = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 1366, height: 600 });
  /** When the rows on the screen came up. */
  const since = useRef(performance.now());
  const typing = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: observes the grid once it is there
  useLayoutEffect(() => {
    const element = grid.current;
    if (!element) return;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [answer.isSuccess]);

  const rows = useMemo(() => {
    const now = new Map(changed.map((row) => [row.recordId, row]));
    const left = (answer.data?.items ?? []).filter(
      ({ recordId }) => !gone.has(recordId) && !now.has(recordId),
    );
    return [...changed.filter(({ recordId }) => !gone.has(recordId)), ...left];
  }, [answer.data, changed, gone]);
  const { across, cells } = gridOf(field.group, size.width, size.height);
  const shown = rows.slice(0, cells);
  const current = shown[Math.min(active, shown.length - 1)];

  // A book may have more rows than one answer holds.
  const { refetch } = answer;
  const waiting = useOutbox().waiting.length;
  const end = atTheEnd({
    rows: rows.length,
    full: answer.data?.items.length === COLUMN_LIMIT,
    unsaved: inFlight + waiting,
    asking: answer.isFetching,
  });
  useEffect(() => {
    // All that was confirmed is saved: what the new answer holds is open, whatever was said before.
    if (end === 'ask') void refetch().then(({ isSuccess }) => isSuccess && setGone(new Set()));
  }, [end, refetch]);

  // What the next screens show is fetched while this one is looked at.
  const ahead = rows
    .slice(0, cells * (1 + SCREENS_AHEAD))
    .map((row) => snippetOf(row.recordId, field.key))
    .join(' ');
  useEffect(() => {
    let wanted = true;
    (async () => {
      for (const path of ahead.split(' ').filter(Boolean)) {
        if (!wanted) return;
        await picture(path).catch(() => undefined);
      }
    })();
    return () => {
      wanted = false;
    };
  }, [ahead]);

  const focus = (to: number) => {
    const at = Math.max(0, Math.min(shown.length - 1, to));
    const input = grid.current?.querySelectorAll<HTMLInputElement>('input')[at];
    setActive(at);
    input?.focus();
    input?.select();
  };
  const first = shown[0]?.recordId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new screen begins at its first row
  useEffect(() => {
    since.current = performance.now();
    if (first !== undefined) focus(0);
  }, [first]);

  const answers = (row: ColumnRow) =>
    answerIn(row, field, latest.current[row.recordId], said[row.recordId]);
  const forget = (id: string) => {
    change(id, undefined);
    setSaid(({ [id]: _, ...rest }) => rest);
  };
  const say = (row: ColumnRow, value: Answer) => {
    change(row.recordId, undefined);
    setSaid((old) => ({ ...old, [row.recordId]: value }));
    typing.current = false;
    focus(shown.indexOf(row) + 1);
  };

  /** Confirms what was displayed; rows without an answer and without a picture yet stay. */
  const confirm = async () => {
    // A hasty second Enter must not confirm the rows that have just come up.
    if (performance.now() - since.current < SETTLING_MS) return;
    const items = shown
      .filter((row) => settled.has(row.recordId))
      .map((row) => ({ row, answer: answers(row) }))
      .filter(({ row, answer: a }) => isAnswered(row, latest.current[row.recordId], a));
    if (items.length === 0) {
      setNotice(
        shown.every((r) => settled.has(r.recordId)) ? texts.answerFirst : texts.confirmWaits,
      );
      return focus(shown.findIndex((r) => !isAnswered(r, latest.current[r.recordId], answers(r))));
    }
    setNotice('');
    const sent = items.map(({ row }) => row);
    setGone((old) => new Set([...old, ...sent.map((r) => r.recordId)]));
    setChanged((old) => old.filter((r) => !sent.includes(r)));
    onConfirmed(sent.length);
    setInFlight((n) => n + sent.length);
    try {
      const { items: results } = await confirmColumn(
        bookId,
        field.key,
        items.map(({ row, answer: a }) => itemOf(row, a)),
      );
      for (const { recordId, outcome } of results) if (outcome === 'saved') forget(recordId);
      const again = returned(sent, results);
      const refused = results.flatMap((r) => (r.problem ? [sentence(r.problem, texts)] : []));
      onConfirmed(-again.length - refused.length);
      setProblems((old) => [...new Set([...old, ...refused])]);
      if (again.length > 0) {
        setNotice(texts.columnStale(again.length));
        setChanged((old) => [...again, ...old]);
        setGone((old) => new Set([...old].filter((x) => !again.some((r) => r.recordId === x))));
      }
    } catch (error) {
      if (!(error instanceof LineDown)) {
        setProblems((old) => [...old, sentenceOf(error, texts)]);
        onConfirmed(-sent.length);
        return setGone(
          (old) => new Set([...old].filter((x) => !sent.some((r) => r.recordId === x))),
        );
      }
      // The outbox keeps them and sends each when the line is back.
      for (const { row, answer: a } of items) keepForLater(row, a);
    } finally {
      setInFlight((n) => n - sent.length);
    }
  };

  const keepForLater = (row: ColumnRow, a: Answer | undefined) => {
    const { value } = row;
    const kept = outbox.add(
      row.recordId,
      row.version,
      a
        ? { type: 'keyed', answers: { [field.key]: a } }
        : { type: 'keyed', answers: {}, confirmed: [field.key] },
      a || !value ? {} : { [field.key]: answerOf(value) },
    );
    if (kept) return forget(row.recordId);
    setNotice(texts.outboxFull);
    setGone((old) => new Set([...old].filter((x) => x !== row.recordId)));
  };

  const suggestions = useMemo(
    () =>
      current
        ? suggestionsFor(current.value, drafts[current.recordId], choicesOf(field, form, lists))
        : [],
    [current, drafts, field, form, lists],
  );

  const pressed = (row: ColumnRow, at: number) => (event: KeyboardEvent<HTMLInputElement>) => {
    if (isComposing(event)) return;
    const control = isControl(event);
    const letter = event.key.toLowerCase();
    const chosen = chosenBy(event, suggestions);
    const move = { ArrowUp: -across, ArrowDown: across, ArrowLeft: -1, ArrowRight: 1 }[event.key];
    let taken = true;
    if (event.key === 'Enter' && !event.altKey) {
      if (event.repeat) taken = true;
      else if (typing.current) {
        // The first one ends what is being typed.
        typing.current = false;
        focus(at + 1);
      } else void confirm();
    } else if (isChoice(event)) {
      if (chosen !== undefined) say(row, { state: 'written', text: chosen });
    } else if (move !== undefined && !event.altKey && !control && !event.shiftKey) {
      // While a text is edited, left and right move in it.
      if (typing.current && Math.abs(move) === 1 && event.key.match(/Left|Right/)) taken = false;
      else {
        typing.current = false;
        focus(at + move);
      }
    } else if (control && letter === 'b') say(row, { state: 'blank' });
    else if (control && letter === 'u') say(row, { state: 'illegible' });
    else if (event.key === 'Escape') {
      typing.current = false;
      forget(row.recordId);
    } else if (event.key === 'F2') setPaged((old) => !old);
    else taken = false;
    if (taken) event.preventDefault();
  };

  if (answer.isError) return <Trouble error={answer.error} again={() => void answer.refetch()} />;
  if (!answer.data) return <p className="loading">{texts.loading}</p>;
  const open = shown.filter((row) => !isAnswered(row, drafts[row.recordId], answers(row))).length;
  return (
    <div className={paged ? 'column with-page' : 'column'}>
      <section className="column-body" aria-label={field[language]}>
        <div ref={grid} className="cells" style={{ gridTemplateColumns: `repeat(${across}, 1fr)` }}>
          {shown.map((row, i) => (
            <SnippetCell
              key={row.recordId}
              row={row}
              field={field}
              active={i === active}
              text={drafts[row.recordId] ?? said[row.recordId]?.text ?? textOf(row.value)}
              said={said[row.recordId]}
              look={lookOfRow(
                row,
                isEdited(row.value, drafts[row.recordId]) || !!said[row.recordId],
              )}
              changed={changed.includes(row)}
              settle={() =>
                setSettled((old) => (old.has(row.recordId) ? old : new Set(old).add(row.recordId)))
              }
              onFocus={() => {
                setActive(i);
                typing.current = false;
              }}
              onTyped={(text) => {
                typing.current = true;
                setNotice('');
                setSaid(({ [row.recordId]: _, ...rest }) => rest);
                change(row.recordId, text);
              }}
              onKeyDown={pressed(row, i)}
            />
          ))}
        </div>
        {(end === 'ask' || end === 'wait') && <p className="loading">{texts.loading}</p>}
        {end === 'ended' && (
          <div className="nothing">
            <p>{texts.columnEnded}</p>
            <Button
              mt="sm"
              autoFocus
              onClick={() =>
                go(next ? { at: 'columns', id: bookId, field: next } : { at: 'book', id: bookId })
              }
            >
              {next
                ? `${texts.columnNext}: ${form.fields.find((f) => f.key === next)?.[language]}`
                : texts.backToBook}
            </Button>
          </div>
        )}
        <div className="column-strip">
          {current && (
            <SuggestionList
              texts={suggestions}
              onTake={(text) => say(current, { state: 'written', text })}
            />
          )}
          {problems.map((problem) => (
            <p key={problem} className="notice error">
              {problem}
            </p>
          ))}
        </div>
        <footer className="foot">
          <span className="small" role="status">
            {texts.columnLeft(rows.length)}
            {open > 0 && ` · ${texts.stillOpen(open)}`}
            {notice && ` · ${notice}`}
          </span>
          {current && (
            <a className="small" href={addressOf({ at: 'record', id: current.recordId })}>
              {texts.openRecord}
            </a>
          )}
          <Button
            size="compact-sm"
            variant="default"
            aria-pressed={paged}
            aria-keyshortcuts="F2"
            onClick={() => setPaged((old) => !old)}
          >
            {texts.openPage} <kbd>F2</kbd>
          </Button>
          <Button
            size="compact-md"
            disabled={shown.length === 0}
            aria-keyshortcuts="Enter"
            onClick={() => void confirm()}
          >
            {texts.columnConfirm(shown.length - open)} <kbd>Enter</kbd>
          </Button>
        </footer>
      </section>
      {paged && current && (
        <PageOf key={current.recordId} recordId={current.recordId} field={field.key} />
      )}
    </div>
  );
}

function lookOfRow(row: ColumnRow, answered: boolean): Look {
  return answered ? 'person' : lookOf(row.value, []);
}

/** The page of a row, with the field on it. */
function PageOf({ recordId, field }: { readonly recordId: string; readonly field: string }) {
  const texts = useTexts();
  const record = useRecord(recordId).data;
  const marks = useMemo(() => {
    const place = record?.places[field];
    return place ? [{ ...place, key: field, exact: true, look: 'look' as const }] : [];
  }, [record, field]);
  if (!record) return <p className="loading">{texts.loading}</p>;
  return <PageImage pages={record.pages} marks={marks} active={field} onPick={() => {}} />;
}
