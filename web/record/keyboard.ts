import type { KeyboardEvent } from 'react';

/** True while an input method composes: its keys are not ours. */
export const isComposing = (event: KeyboardEvent) =>
  event.nativeEvent.isComposing || event.keyCode === 229;

/** Ctrl, or the command key, and nothing that makes another character of it. */
export const isControl = (event: KeyboardEvent) =>
  (event.ctrlKey || event.metaKey) && !event.altKey;

/** `Alt+1` to `Alt+5`: ours also where the list is shorter, as browsers go to a tab by it. */
export const isChoice = (event: KeyboardEvent) =>
  event.altKey && !isControl(event) && /^Digit[1-5]$/.test(event.code);

/** What such a key takes of a list; undefined for any other key, or none there. */
export const chosenBy = <T>(event: KeyboardEvent, list: readonly T[]): T | undefined =>
  isChoice(event) ? list[Number(event.code.at(-1)) - 1] : undefined;
