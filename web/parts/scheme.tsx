import { useSyncExternalStore } from 'react';
import { useTexts } from '../text/language.tsx';

export type Scheme = 'light' | 'dark';
const KEY = 'scheme';

const system = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

/** What a person chose in this browser, else what their system says. */
function read(): Scheme {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return system.matches ? 'dark' : 'light';
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  system.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener('change', listener);
  };
}

export const useScheme = () => useSyncExternalStore(subscribe, read);

/** Light or dark, at the press of a button. */
export function SchemeSwitch() {
  const texts = useTexts();
  const scheme = useScheme();
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="scheme-switch"
      aria-label={texts.schemes[other]}
      title={texts.schemes[other]}
      onClick={() => {
        localStorage.setItem(KEY, other);
        for (const listener of listeners) listener();
      }}
    >
      {scheme === 'dark' ? '☀' : '☾'}
    </button>
  );
}
