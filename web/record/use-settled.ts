import { useRef } from 'react';

/** Longer than between two hasty presses, shorter than it takes to read anything. */
export const SETTLING_MS = 300;

/**
 * Asks whether the screen has been there for a moment: a second `Enter` that was meant for the
 * record before must not answer a field of this one unseen.
 */
export function useSettled(): () => boolean {
  const since = useRef(performance.now());
  return () => performance.now() - since.current >= SETTLING_MS;
}
