import { useRef, useState } from 'react';
import { keepDraft, readDraft } from './desk.ts';

/**
 * Texts being typed, by key, kept over a reload. `latest` is ahead of the drawn state: moving the
 * focus fires `blur` before React draws, and an accepted text must not be accepted twice.
 */
export function useDrafts(recordId: string) {
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>(() => readDraft(recordId));
  const latest = useRef(drafts);
  const change = (key: string, text: string | undefined) => {
    const { [key]: _, ...rest } = latest.current;
    latest.current = text === undefined ? rest : { ...rest, [key]: text };
    setDrafts(latest.current);
    keepDraft(recordId, latest.current);
  };
  return { drafts, latest, change };
}
