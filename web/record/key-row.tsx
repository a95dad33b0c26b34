import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { Shape } from '../parts/shape.tsx';
import { useTexts } from '../text/language.tsx';
import { Crop } from './crop.tsx';
import { chosenBy, isChoice, isComposing, isControl } from './keyboard.ts';
import { Label } from './label.tsx';
import { FieldNotices } from './notices.tsx';
import type { Answers } from './outbox.ts';
import type { Row, Value } from './rows.ts';
import { SuggestionList } from './suggestion-list.tsx';
import { ValueText } from './value-text.tsx';

/** The browser lets an input grow with its text; where not, we do. */
const GROWS = CSS.supports('field-sizing', 'content');

/** What a row asks of the record, by its field's key. */
export interface RowMoves {
  readonly focused: (key: string) => void;
  readonly typed: (key: string, text: string) => void;
  /** Takes what stands there and goes on. */
  readonly accept: (key: string) => void;
  readonly answer: (key: string, answer: Answers[string]) => void;
  /** The focus went elsewhere in the window. */
  readonly left: (key: string) => void;
  /** Forgets what was typed. */
  readonly drop: (key: string) => void;
  /** Takes what the record before has in this field. */
  readonly previous: (key: string) => void;
  /** Asks why it is uncertain. */
  readonly doubt: (key: string) => void;
  /** Takes what stands there with the note, or without one leaves it as it was. */
  readonly noted: (key: string, note: string | undefined) => void;
}

/** One field: a line of the list, and with its crop, suggestions and states while it is active. */
export function KeyRow({
  record,
  row,
  text,
  edited,
  revisit,
  active,
  suggestions,
  previous,
  noting,
  notice,
  moves,
  register,
}: {
  readonly record: RecordAnswer;
  readonly row: Row;
  readonly text: string;
  readonly edited: boolean;
  readonly revisit: boolean;
  readonly active: boolean;
  readonly suggestions: readonly string[];
  /** What the record before has in this field. */
  readonly previous: Value | undefined;
  /** The note is being written. */
  readonly noting: boolean;
  readonly notice: string;
  readonly moves: RowMoves;
  readonly register: (input: HTMLTextAreaElement | null) => void;
}) {
  const texts = useTexts();
  const { field, value } = row;
  const { key } = field;
  const id = `field-${key}`;
  const box = useRef<HTMLDivElement>(null);
  const own = useRef<HTMLTextAreaElement | null>(null);

  useEffect(() => {
    if (active) box.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  useLayoutEffect(() => {
    const input = own.current;
    if (!input || GROWS) return;
    input.style.height = 'auto';
    input.style.height = text ? `${input.scrollHeight + 2}px` : '';
  }, [text]);

  const struckOut = () =>
    moves.answer(key, {
      state: 'struckOut',
      ...(text.trim() === '' ? {} : { text: text.normalize('NFC').trim() }),
    });

  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event)) return;
    const control = isControl(event);
    const letter = event.key.toLowerCase();
    const chosen = chosenBy(event, suggestions);
    let taken = true;
    if (event.key === 'Enter' && !control && !event.altKey) {
      // A held key must not answer field after field.
      if (!event.shiftKey && !event.repeat) moves.accept(key);
    } else if (control && !event.shiftKey && letter === 'b') moves.answer(key, { state: 'blank' });
    else if (control && !event.shiftKey && letter === 'u')
      moves.answer(key, { state: 'illegible' });
    else if (control && !event.shiftKey && letter === 'k') struckOut();
    // By its place as well: on some keyboards the sign needs Shift.
    else if (control && (event.key === '/' || event.code === 'Slash')) moves.doubt(key);
    else if (event.key === 'F4' && !control && !event.altKey) moves.previous(key);
    else if (isChoice(event)) {
      if (chosen !== undefined) moves.answer(key, { state: 'written', text: chosen });
    } else if (event.key === 'Escape') moves.drop(key);
    else taken = false;
    // While text is being edited, Ctrl+Z is the input's own.
    if (control && letter === 'z' && edited) event.stopPropagation();
    if (taken) event.preventDefault();
  };

  const placeholder =
    value && value.state !== 'written' && !(value.state === 'struckOut' && value.text)
      ? texts.states[value.state]
      : '';
  const look = edited ? (text.trim() === '' ? 'empty' : 'look') : row.look;
  /** A press on these must not take the focus, which would save the text being edited first. */
  const keepFocus = (event: { preventDefault: () => void }) => event.preventDefault();

  return (
    <>
      {row.heading && <h2 className="heading">{row.heading}</h2>}
      <div
        ref={box}
        className={`row ${active ? 'active' : ''} ${edited ? 'edited' : ''}`}
        data-look={look}
        data-field={key}
      >
        {active && !row.fromBook && (
          <div className="row-crop">
            <Crop record={record} row={row} label={field.vi} height={110} large />
          </div>
        )}
        <span className="row-shape">
          <Shape look={revisit && (look === 'person' || look === 'uncertain') ? 'look' : look} />
        </span>
        <label htmlFor={id} className="row-label">
          <Label row={row} />
        </label>
        <textarea
          id={id}
          ref={(input) => {
            own.current = input;
            register(input);
          }}
          rows={1}
          className={value?.state === 'struckOut' && !edited ? 'struck' : ''}
          value={text}
          placeholder={placeholder}
          inputMode={field.input === 'numeric' ? 'numeric' : 'text'}
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          lang="vi"
          aria-describedby={active ? `${id}-said` : undefined}
          onFocus={() => moves.focused(key)}
          // Line breaks come in by pasting only; a value has one line.
          onChange={(event) =>
            moves.typed(key, event.currentTarget.value.replace(/\s*\n\s*/g, ' '))
          }
          onKeyDown={pressed}
          onBlur={({ relatedTarget }) => {
            // The note belongs to what is being edited.
            if (relatedTarget?.closest('.note-input')) return;
            // Another window in front is no answer; the text stays where it is.
            if (document.hasFocus()) moves.left(key);
          }}
        />
        {active ? (
          <div className="row-more" id={`${id}-said`}>
            <SuggestionList
              texts={suggestions}
              onTake={(text) => moves.answer(key, { state: 'written', text })}
            />
            <FieldNotices row={row} evidence />
            {notice && <p className="notice error">{notice}</p>}
            {noting && (
              <NoteInput
                label={texts.noteLabel}
                start={value?.note ?? ''}
                onEnd={(note) => moves.noted(key, note)}
              />
            )}
            <div className="states">
              {(
                [
                  [texts.blank, 'B', () => moves.answer(key, { state: 'blank' })],
                  [texts.illegible, 'U', () => moves.answer(key, { state: 'illegible' })],
                  [texts.struckOut, 'K', struckOut],
                  [texts.uncertain, '/', () => moves.doubt(key)],
                ] as const
              ).map(([word, letter, run]) => (
                <button
                  key={letter}
                  type="button"
                  tabIndex={-1}
                  className="chip quiet"
                  aria-keyshortcuts={`Control+${letter}`}
                  onMouseDown={keepFocus}
                  onClick={run}
                >
                  {word} <kbd>Ctrl+{letter}</kbd>
                </button>
              ))}
              {previous && (
                <button
                  type="button"
                  tabIndex={-1}
                  className="chip quiet previous"
                  aria-keyshortcuts="F4"
                  title={texts.samePrevious}
                  onMouseDown={keepFocus}
                  onClick={() => moves.previous(key)}
                >
                  <kbd>F4</kbd> <ValueText value={previous} />
                </button>
              )}
              <button
                type="button"
                tabIndex={-1}
                className="chip primary"
                aria-keyshortcuts="Enter"
                onMouseDown={keepFocus}
                onClick={() => moves.accept(key)}
              >
                {texts.accept} <kbd>Enter</kbd>
              </button>
            </div>
          </div>
        ) : (
          (row.reasons.length + row.findings.length > 0 || value?.note !== undefined) && (
            <div className="row-more">
              <FieldNotices row={row} />
            </div>
          )
        )}
      </div>
    </>
  );
}

/** Why an answer is uncertain: Enter takes it, Esc leaves the field as it was. */
function NoteInput({
  label,
  start,
  onEnd,
}: {
  readonly label: string;
  readonly start: string;
  readonly onEnd: (note: string | undefined) => void;
}) {
  const [note, setNote] = useState(start);
  const pressed = (event: KeyboardEvent<HTMLInputElement>) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (note.trim() !== '' && !event.repeat) onEnd(note.normalize('NFC').trim());
    } else if (event.key === 'Escape') {
      event.preventDefault();
      onEnd(undefined);
    } else if (event.key === 'Tab') event.preventDefault();
  };
  return (
    <label className="note-input">
      {label}
      <input
        // biome-ignore lint/a11y/noAutofocus: it is asked for by a key and takes the focus back when done
        autoFocus
        maxLength={1000}
        lang="vi"
        autoComplete="off"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        onKeyDown={pressed}
      />
    </label>
  );
}
