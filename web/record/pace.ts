import { useSyncExternalStore } from 'react';

/** A longer pause than this is no work on a record. */
const PAUSE_MS = 10 * 60_000;

/** What was finished in this tab since it was opened: only how many and how fast. */
export interface Pace {
  readonly records: number;
  /** Median seconds a record; undefined before the second one. */
  readonly seconds: number | undefined;
}

let pace: Pace = { records: 0, seconds: undefined };
let last: number | undefined;
const spans: number[] = [];
const listeners = new Set<() => void>();

/** Notes that a record was finished now. */
export function finishedOne(now = performance.now()): void {
  if (last !== undefined && now - last < PAUSE_MS) spans.push((now - last) / 1000);
  last = now;
  const sorted = [...spans].sort((a, b) => a - b);
  pace = { records: pace.records + 1, seconds: sorted[sorted.length >> 1] };
  for (const listener of listeners) listener();
}

/** At sign-out: the next person begins at nought. */
export function forgetPace(): void {
  pace = { records: 0, seconds: undefined };
  last = undefined;
  spans.length = 0;
}

const read = () => pace;
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** How many records this person has finished in this tab, and how fast. */
export const usePace = () => useSyncExternalStore(subscribe, read);
