import { useTexts } from '../text/language.tsx';
import type { Value } from './rows.ts';

/** A value as people read it: its text, or its state in brackets. */
export function ValueText({
  value,
}: {
  readonly value: Pick<Value, 'state' | 'text'> | undefined;
}) {
  const texts = useTexts();
  if (!value) return <span className="dim">—</span>;
  if (value.state === 'written') return <span>{value.text}</span>;
  if (value.state === 'struckOut' && value.text)
    return (
      <>
        <s>{value.text}</s> <span className="dim">{texts.states.struckOut}</span>
      </>
    );
  return <span className="dim">{texts.states[value.state]}</span>;
}
