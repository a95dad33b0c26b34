import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { en } from './en.ts';
import { type Texts, vi } from './vi.ts';

export type Language = 'vi' | 'en';
const KEY = 'language';

interface Speaking {
  readonly language: Language;
  readonly texts: Texts;
  readonly speak: (language: Language) => void;
}

const Context = createContext<Speaking>({ language: 'vi', texts: vi, speak: () => {} });

/** Gives the screens their language: Vietnamese until a person chooses, then what they chose. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() =>
    localStorage.getItem(KEY) === 'en' ? 'en' : 'vi',
  );
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speak = (chosen: Language) => {
    localStorage.setItem(KEY, chosen);
    setLanguage(chosen);
  };
  return (
    <Context value={{ language, texts: language === 'en' ? en : vi, speak }}>{children}</Context>
  );
}

/** The sentences in the chosen language. */
export const useTexts = () => useContext(Context).texts;

export const useLanguage = () => useContext(Context);
