import { useEffect, useRef } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { Shape } from '../parts/shape.tsx';
import { useTexts } from '../text/language.tsx';
import type { Look } from './rows.ts';

const LOOKS: readonly Look[] = [
  'person',
  'uncertain',
  'sure',
  'look',
  'broken',
  'empty',
  'waiting',
];

/** The keys, and what the shapes mean. */
export function KeysDialog({
  keys,
  onClose,
}: {
  /** Keys and what they do, as `texts.keyHelp` has them. */
  readonly keys: readonly (readonly [string, string])[];
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  return (
    <Dialog title={texts.keys} onClose={onClose}>
      <dl className="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <ul className="legend">
        {LOOKS.map((look) => (
          <li key={look}>
            <Shape look={look} /> {texts.looks[look]}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** Opens and closes the dialog: `F1`, and `?` where nobody types. */
export function useKeysKey(toggle: () => void): void {
  const now = useRef(toggle);
  now.current = toggle;
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement;
      if (event.key !== 'F1' && (event.key !== '?' || typing || event.isComposing)) return;
      event.preventDefault();
      now.current();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, []);
}
