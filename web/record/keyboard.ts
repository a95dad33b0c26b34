import type { KeyboardEvent } from 'react';

/** True while an input method composes: its keys are not ours. */
export const isComposing = (event: KeyboardEvent) =>
  event.nativeEvent.isComposing || event.keyCode === 229;

/** Ctrl, or the command key, and nothing that makes another character of it. */
export const isControl = (event: KeyboardEvent) =>
  (event.ctrlKey || event.metaKey) && !event.altKey;

/** What `Alt+1` to `Alt+5` take of a list; undefined for any other key, or none there. */
export function chosenBy<T>(event: KeyboardEvent, list: readonly T[]): T | undefined {
  const digit = /^Digit([1-5])$/.exec(event.code)?.[1];
  return event.altKey && !isControl(event) && digit ? list[Number(digit) - 1] : undefined;
}
