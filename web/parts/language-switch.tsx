import { type Language, useLanguage } from '../text/language.tsx';

const LANGUAGES: readonly (readonly [Language, string, string])[] = [
  ['vi', 'VI', 'Tiếng Việt'],
  ['en', 'EN', 'English'],
];

/** Two buttons, one for each language. */
export function LanguageSwitch() {
  const { language, texts, speak } = useLanguage();
  return (
    <fieldset className="language-switch" aria-label={texts.language}>
      {LANGUAGES.map(([code, short, name]) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={code === language}
          title={name}
          onClick={() => speak(code)}
        >
          {short}
        </button>
      ))}
    </fieldset>
  );
}
