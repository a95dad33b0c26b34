import { Button } from '@mantine/core';
import type { RefObject } from 'react';
import { useTexts } from '../text/language.tsx';

/** The foot of a panel in which one answers: how far one is, what is to be told, and done. */
export function PanelFoot({
  progress,
  notice,
  undo,
  done,
}: {
  readonly progress: string;
  readonly notice: string;
  /** Absent where a panel takes nothing back. */
  readonly undo?: { readonly run: () => void; readonly possible: boolean };
  readonly done: {
    readonly run: () => void;
    readonly running: boolean;
    readonly button: RefObject<HTMLButtonElement | null>;
    readonly onFocus: () => void;
  };
}) {
  const texts = useTexts();
  return (
    <footer className="foot">
      <span className="small" role="status">
        {progress}
        {notice && ` · ${notice}`}
      </span>
      {undo && (
        <Button size="compact-sm" variant="default" onClick={undo.run} disabled={!undo.possible}>
          {texts.undo}
        </Button>
      )}
      <Button
        ref={done.button}
        size="compact-md"
        loading={done.running}
        onFocus={done.onFocus}
        onClick={done.run}
        aria-keyshortcuts="Control+Enter"
      >
        {texts.done}
      </Button>
    </footer>
  );
}
