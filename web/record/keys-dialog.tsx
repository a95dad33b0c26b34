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
  reviewing,
  onClose,
}: {
  readonly reviewing: boolean;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  return (
    <Dialog title={texts.keys} onClose={onClose}>
      <dl className="keys">
        {(reviewing ? texts.keyHelpReview : texts.keyHelp).map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
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
