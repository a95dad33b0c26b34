import { Textarea } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { useCodeLists } from '../calls/queries.ts';
import { useLanguage } from '../text/language.tsx';
import { OTHER, RETURN_LIST } from './review.ts';

/** Why something goes back, in words: what its code says, then what the person wrote. */
export function useReasonText(): (r: {
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
}) => string {
  const { language } = useLanguage();
  const items = useCodeLists().data?.lists[RETURN_LIST]?.items ?? [];
  return ({ code, reason }) => {
    const item = code === OTHER ? undefined : items.find((i) => i.code === code);
    const label = item?.[language === 'vi' ? 'labelVi' : 'labelEn'];
    return [label, reason].filter(Boolean).join(': ');
  };
}

/** A reason: one of the closed list by `Alt+1` …, in words, or both. */
export function ReasonBox({
  label,
  code,
  text,
  autoFocus = true,
  onCode,
  onText,
  onRemove,
}: {
  readonly label: string;
  readonly code: string;
  readonly text: string;
  readonly autoFocus?: boolean;
  readonly onCode: (code: string) => void;
  readonly onText: (text: string) => void;
  readonly onRemove: () => void;
}) {
  const { texts, language } = useLanguage();
  const items = useCodeLists().data?.lists[RETURN_LIST]?.items ?? [];
  const pressed = (event: KeyboardEvent) => {
    const digit = event.altKey && /^Digit([1-9])$/.exec(event.code)?.[1];
    const item = digit ? items[Number(digit) - 1] : undefined;
    if (!item) return;
    event.preventDefault();
    onCode(item.code);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys for the words and for the list alike
    <div className="reason" onKeyDown={pressed}>
      <ul className="chips" aria-label={label}>
        {items.map((item, i) => (
          <li key={item.code}>
            <button
              type="button"
              className={item.code === code ? 'chip primary' : 'chip quiet'}
              tabIndex={-1}
              aria-pressed={item.code === code}
              aria-keyshortcuts={`Alt+${i + 1}`}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onCode(item.code)}
            >
              <kbd>{i + 1}</kbd> {language === 'vi' ? item.labelVi : item.labelEn}
            </button>
          </li>
        ))}
      </ul>
      <Textarea
        size="xs"
        rows={1}
        autoFocus={autoFocus}
        className="grow"
        label={label}
        placeholder={code === OTHER ? texts.reasonNeeded : texts.reasonMore}
        value={text}
        maxLength={1000}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      <button type="button" className="chip quiet" onClick={onRemove}>
        {texts.removeReason} <kbd>Esc</kbd>
      </button>
    </div>
  );
}
