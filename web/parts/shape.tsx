import type { Look } from '../record/rows.ts';
import { useTexts } from '../text/language.tsx';

/** One sign for each look, told apart by shape as well as by colour. */
export function Shape({ look }: { readonly look: Look }) {
  const texts = useTexts();
  return (
    <svg
      className={`shape shape-${look}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      role="img"
      aria-label={texts.looks[look]}
    >
      <title>{texts.looks[look]}</title>
      {look === 'person' && (
        <>
          <circle cx="8" cy="8" r="7" />
          <path d="M4.5 8.3l2.4 2.4 4.6-5" className="mark" />
        </>
      )}
      {look === 'uncertain' && (
        <>
          <circle cx="8" cy="8" r="7" />
          <path d="M5.8 6.3a2.3 2.3 0 1 1 3.4 2c-.9.5-1.2.9-1.2 1.7M8 11.4v1.2" className="mark" />
        </>
      )}
      {look === 'sure' && (
        <>
          <circle cx="8" cy="8" r="6" className="line" />
          <circle cx="8" cy="8" r="2.5" />
        </>
      )}
      {look === 'look' && (
        <>
          <path d="M8 1l7 13H1z" />
          <path d="M8 5.5v4M8 11.2v1" className="mark" />
        </>
      )}
      {look === 'broken' && (
        <>
          <rect x="1.5" y="1.5" width="13" height="13" rx="1" />
          <path d="M5 5l6 6M11 5l-6 6" className="mark" />
        </>
      )}
      {look === 'empty' && <circle cx="8" cy="8" r="6" className="line dashed" />}
      {look === 'waiting' && (
        <>
          <circle cx="8" cy="8" r="6" className="line" />
          <path d="M8 4.5V8l2.5 2" className="line" />
        </>
      )}
    </svg>
  );
}
