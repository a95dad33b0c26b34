import { useSyncExternalStore } from 'react';

/** How the ink is shown; the same for the page and for what is cut out of it. */
export interface Sight {
  /** 0 as scanned, 1 stronger, 2 strongest. */
  readonly contrast: 0 | 1 | 2;
  /** Light ink on dark paper. */
  readonly inverted: boolean;
  /** The page follows the active field closely. */
  readonly closeUp: boolean;
}

const KEY = 'sight';
const PLAIN: Sight = { contrast: 0, inverted: false, closeUp: false };

function kept(): Sight {
  try {
    return { ...PLAIN, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Sight>) };
  } catch {
    return PLAIN;
  }
}

let sight: Sight | undefined;
const listeners = new Set<() => void>();

const readSight = () => {
  sight ??= kept();
  return sight;
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Remembers a choice in this browser; it says nothing of any record. */
export function changeSight(change: (now: Sight) => Partial<Sight>): void {
  const now = readSight();
  sight = { ...now, ...change(now) };
  localStorage.setItem(KEY, JSON.stringify(sight));
  for (const listener of listeners) listener();
}

export const useSight = () => useSyncExternalStore(subscribe, readSight);

/** Classes that `look.css` knows. */
export const sightClass = ({ contrast, inverted }: Sight) =>
  `${contrast > 0 ? `contrast-${contrast}` : ''} ${inverted ? 'inverted' : ''}`.trim();

export const moreContrast = () =>
  changeSight(({ contrast }) => ({ contrast: ((contrast + 1) % 3) as Sight['contrast'] }));
export const invert = () => changeSight(({ inverted }) => ({ inverted: !inverted }));
export const toggleCloseUp = () => changeSight(({ closeUp }) => ({ closeUp: !closeUp }));
