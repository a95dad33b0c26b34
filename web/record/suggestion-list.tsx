import { useTexts } from '../text/language.tsx';

/** What `Alt+1` to `Alt+5` take, to be seen and pressed. */
export function SuggestionList({
  texts: list,
  onTake,
}: {
  readonly texts: readonly string[];
  readonly onTake: (text: string) => void;
}) {
  const texts = useTexts();
  if (list.length === 0) return null;
  return (
    <ul className="chips" aria-label={texts.candidates}>
      {list.map((text, i) => (
        <li key={text}>
          <button
            type="button"
            tabIndex={-1}
            className="chip"
            aria-keyshortcuts={`Alt+${i + 1}`}
            // A press must not take the focus, which would save the text being edited first.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onTake(text)}
          >
            <kbd>{i + 1}</kbd> {text}
          </button>
        </li>
      ))}
    </ul>
  );
}
