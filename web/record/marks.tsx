import { Button, Group, Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { MarkAnswer, NewMarkRequest, RecordAnswer } from '../../api/contract.ts';
import { useCloseMark, useMark, useSession } from '../calls/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Trouble } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';
import { Notice } from './notices.tsx';

type Kind = NewMarkRequest['kind'];
const KINDS: readonly Kind[] = ['ask', 'flag', 'skip'];

/** Opens the dialog for what one cannot finish: `F3`, also while typing. */
export function useMarkKey(open: () => void): void {
  const now = useRef(open);
  now.current = open;
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'F3' || event.isComposing || event.ctrlKey || event.altKey) return;
      event.preventDefault();
      now.current();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, []);
}

/** Says why one cannot finish a record: a question, a flag, or that somebody else should do it. */
export function MarkDialog({
  record,
  field,
  label,
  onClose,
  onSkipped,
}: {
  readonly record: RecordAnswer;
  /** The field it is about, and its label. */
  readonly field: string | undefined;
  readonly label: string | undefined;
  readonly onClose: () => void;
  readonly onSkipped: () => void;
}) {
  const texts = useTexts();
  const mark = useMark(record.id);
  const [kind, setKind] = useState<Kind>('ask');
  const [text, setText] = useState('');
  const send = () => {
    if (text.trim() === '' || mark.isPending) return;
    mark.mutate(
      { kind, text: text.trim(), ...(field === undefined || kind === 'skip' ? {} : { field }) },
      {
        onSuccess: () => {
          onClose();
          if (kind === 'skip') onSkipped();
        },
      },
    );
  };
  return (
    <Dialog title={texts.mark} size="md" onClose={onClose}>
      <fieldset className="choices" aria-label={texts.mark}>
        {KINDS.map((k, i) => (
          <label key={k}>
            <input
              type="radio"
              name="mark"
              checked={kind === k}
              onChange={() => setKind(k)}
              aria-keyshortcuts={`Alt+${i + 1}`}
            />
            <span>
              <strong>{texts.markKinds[k]}</strong> <kbd>Alt+{i + 1}</kbd>
              <br />
              <span className="small">{texts.markHelp[k]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Textarea
        mt="sm"
        rows={2}
        data-autofocus
        label={label && kind !== 'skip' ? `${texts.markText} (${label})` : texts.markText}
        value={text}
        maxLength={1000}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          const chosen = event.altKey && /^Digit([1-3])$/.exec(event.code)?.[1];
          if (chosen) setKind(KINDS[Number(chosen) - 1]!);
          else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing)
            send();
          else return;
          event.preventDefault();
        }}
      />
      {mark.error && <Trouble error={mark.error} />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button loading={mark.isPending} disabled={text.trim() === ''} onClick={send}>
          {texts.markSend}
        </Button>
      </Group>
    </Dialog>
  );
}

/** What people have asked or flagged about the record, to be answered by who may. */
export function OpenMarks({
  record,
  labelOf,
}: {
  readonly record: RecordAnswer;
  readonly labelOf: (key: string) => string;
}) {
  return record.marks.map((mark) => (
    <Notice key={mark.id} tone="warn">
      <MarkLine mark={mark} label={mark.field && labelOf(mark.field)} />
    </Notice>
  ));
}

/** One question, flag or skip: who, what about, and its answer or the way to give one. */
export function MarkLine({
  mark,
  label,
}: {
  readonly mark: MarkAnswer;
  /** Of the field that it is about. */
  readonly label: string | undefined;
}) {
  const texts = useTexts();
  const session = useSession().data;
  const close = useCloseMark(mark);
  const [answer, setAnswer] = useState<string>();
  const mayAnswer = mark.closedAt === undefined && session?.abilities.includes('answer');
  return (
    <>
      {texts.markKinds[mark.kind]}
      {label && ` · ${label}`} ({mark.person.name}): {mark.text}{' '}
      {mark.answer !== undefined && (
        <span className="small">
          → {mark.answer} ({mark.closedBy?.name})
        </span>
      )}
      {mayAnswer && answer === undefined && (
        <button type="button" className="chip quiet" onClick={() => setAnswer('')}>
          {texts.markAnswer}
        </button>
      )}
      {mayAnswer && answer !== undefined && (
        <form
          className="reason"
          onSubmit={(event) => {
            event.preventDefault();
            if (answer.trim() !== '') close.mutate(answer.trim());
          }}
        >
          <Textarea
            size="xs"
            rows={1}
            autoFocus
            className="grow"
            label={texts.markAnswer}
            value={answer}
            maxLength={1000}
            onChange={(event) => setAnswer(event.currentTarget.value)}
          />
          <Button
            type="submit"
            size="compact-sm"
            loading={close.isPending}
            disabled={answer.trim() === ''}
          >
            {texts.markClose}
          </Button>
        </form>
      )}
      {close.error && <Trouble error={close.error} />}
    </>
  );
}
