import { type KeyboardEvent, useEffect } from 'react';
import type { FormField } from '../../api/contract.ts';
import { usePicture } from '../calls/pictures.ts';
import { Shape } from '../parts/shape.tsx';
import type { Answers } from '../record/outbox.ts';
import type { Look } from '../record/rows.ts';
import { sightClass, useSight } from '../record/sight.ts';
import { useLanguage } from '../text/language.tsx';
import type { ColumnRow } from './column.ts';

/** The picture of a field's place. */
export const snippetOf = (recordId: string, field: string) =>
  `/api/records/${recordId}/crop/${field}?height=96`;

/** One record's field: what is written, and what the machine makes of it. */
export function SnippetCell({
  row,
  field,
  active,
  text,
  said,
  look,
  changed,
  settle,
  onFocus,
  onTyped,
  onKeyDown,
}: {
  readonly row: ColumnRow;
  readonly field: FormField;
  readonly active: boolean;
  readonly text: string;
  readonly said: Answers[string] | undefined;
  readonly look: Look;
  /** Somebody else changed its record meanwhile. */
  readonly changed: boolean;
  /** Called once its picture shows, or once it is clear that there is none. */
  readonly settle: () => void;
  readonly onFocus: () => void;
  readonly onTyped: (text: string) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
}) {
  const { texts, language } = useLanguage();
  const sight = useSight();
  const url = usePicture(snippetOf(row.recordId, field.key));
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when there is nothing to wait for
  useEffect(() => {
    if (url === null) settle();
  }, [url]);
  const state = said?.state ?? row.value?.state;
  return (
    <div
      className={`cell ${active ? 'active' : ''} ${changed ? 'changed' : ''}`}
      data-record={row.recordId}
      data-look={look}
    >
      {url === undefined ? (
        <span className="cell-wait" />
      ) : url === null ? (
        <p className="no-crop">{texts.noCrop}</p>
      ) : (
        <img
          className={sightClass(sight)}
          src={url}
          alt={texts.cropOf(`${field[language]} ${row.number ?? ''}`)}
          draggable={false}
          onLoad={settle}
        />
      )}
      <div className="cell-line">
        <Shape look={look} />
        <input
          type="text"
          aria-label={`${field[language]} · ${row.number ? texts.recordTitle(row.number) : texts.record}`}
          value={text}
          placeholder={state && state !== 'written' ? texts.states[state] : ''}
          lang="vi"
          autoComplete="off"
          spellCheck={false}
          onFocus={onFocus}
          onChange={(event) => onTyped(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <span className="cell-number">{row.number}</span>
      </div>
    </div>
  );
}
