import { useEffect } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { picture } from '../calls/pictures.ts';
import { fetchAhead, nextRecord, queryClient } from '../calls/queries.ts';
import type { Work } from '../router.ts';
import { cutOf } from './crop.tsx';
import { holds, outbox } from './desk.ts';
import { loadViewer, pagePicture } from './viewer.ts';

/** How many records are held ready: a line that is down for a minute is not noticed. */
const AHEAD = 2;
/** The record on the screen loads first. */
const AFTER_MS = 400;
/** Nobody answers so many records while one of them is being sent. */
const MOST_SKIPPED = 20;

/** The move that ends a work. */
export const MOVE = {
  key: 'keyed',
  second: 'secondKeyed',
  arbitrate: 'arbitrated',
  check: 'checked',
  approve: 'approved',
} as const;

/** True when this person has answered the record, whether or not the server knows already. */
function isDoneHere(id: string, work: Work): boolean {
  const sent = outbox
    .read()
    .waiting.some(
      (w) => w.recordId === id && (w.action.type !== 'keyed' || w.action.done === true),
    );
  const known = queryClient.getQueryData<RecordAnswer>(['record', id]);
  return sent || (known !== undefined && !known.moves.includes(MOVE[work]));
}

/**
 * Opens a record for this tab, unless somebody else has it. What the machine has read of a record that
 * is keyed blindly counts as seen once it is open, and who has seen it cannot be its second person:
 * that one is opened when it comes on the screen, not before.
 */
async function isFree(id: string, work: Work): Promise<boolean> {
  if (work === 'key' && (await fetchAhead(id)).hidden) return true;
  return (await holds.take(id, work)) !== 'other';
}

/** The next record that waits for this work, was not answered here a moment ago and is free. */
async function find(bookId: string, work: Work, after: string): Promise<string | null> {
  let from = after;
  for (let i = 0; i < MOST_SKIPPED; i++) {
    const next = await nextRecord({ bookId, for: work, after: from });
    if (next === null || next === after) return null;
    if (!isDoneHere(next, work) && (await isFree(next, work))) return next;
    if (next === from) return null;
    from = next;
  }
  return null;
}

/** {@link find}, asked once while the record is on the screen. */
const plan = (bookId: string, work: Work, after: string) =>
  queryClient.fetchQuery({
    queryKey: ['next', bookId, work, after],
    staleTime: 60_000,
    queryFn: () => find(bookId, work, after),
  });

/** The pictures that a record shows first, then those of its other fields. */
async function fetchPictures(record: RecordAnswer): Promise<void> {
  const first = record.pages[0];
  if (first) await picture(pagePicture(first.pageId));
  for (const [key, place] of Object.entries(record.places)) {
    const cut = cutOf(record, { place: { ...place, exact: true }, field: { key } }, 110, true);
    if (cut) await picture(cut.src);
  }
}

/**
 * Fetches the records that come after this one with their pictures while a person works on it, so
 * that going on takes no request.
 */
export function useAhead(record: RecordAnswer, work: Work | undefined): void {
  const { id, bookId } = record;
  useEffect(() => {
    if (work === undefined) return;
    let wanted = true;
    const timer = setTimeout(async () => {
      const ready: string[] = [];
      try {
        await loadViewer();
        while (wanted && ready.length < AHEAD) {
          const next = await plan(bookId, work, ready.at(-1) ?? id);
          if (next === null || next === id || ready.includes(next)) break;
          ready.push(next);
          if (!wanted) return;
          holds.keepReady(ready);
          await fetchPictures(await fetchAhead(next));
        }
        // Of another book, or of another order.
        if (wanted) holds.keepReady(ready);
      } catch {
        // What could not be fetched ahead is fetched when it is wanted.
      }
    }, AFTER_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [id, bookId, work]);
}

/** Where to go after `id` is answered; null when nothing waits any more. */
export async function following(bookId: string, work: Work, id: string): Promise<string | null> {
  const planned = await plan(bookId, work, id);
  queryClient.removeQueries({ queryKey: ['next', bookId, work, id] });
  if (planned !== null && planned !== id && !isDoneHere(planned, work)) {
    // Nobody waits for a line that is down.
    const hold = holds.of(planned) === 'alone' ? 'alone' : await holds.take(planned, work);
    if (hold !== 'other') return planned;
  }
  return find(bookId, work, id);
}
