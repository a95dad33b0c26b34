import type { RecordAnswer } from '../../api/contract.ts';
import { call } from '../calls/client.ts';
import { wipePictures } from '../calls/pictures.ts';
import { endSession, queryClient } from '../calls/queries.ts';
import { openHolds } from './holds.ts';
import { openOutbox } from './outbox.ts';
import { forgetPace } from './pace.ts';

/** The one outbox of this tab: it goes on sending whatever screen is shown. */
export const outbox = openOutbox({
  storage: sessionStorage,
  later: (run, ms) => void setTimeout(run, ms),
  send: async (recordId, request) => {
    try {
      return await call<RecordAnswer>('POST', `/records/${recordId}/actions`, request);
    } catch (error) {
      endSession(error);
      throw error;
    }
  },
  saved: (record) => {
    // An answer on its way may be of an older version.
    void queryClient.cancelQueries({ queryKey: ['record', record.id], exact: true });
    queryClient.setQueryData<RecordAnswer>(['record', record.id], (old) =>
      old && old.version > record.version ? old : record,
    );
  },
});

window.addEventListener('online', () => outbox.nudge());

/** Well below the five minutes after which the server gives a record to somebody else. */
const BEAT_MS = 60_000;

/** The records that this tab has open. */
export const holds = openHolds({
  open: (id, work) => call('POST', `/records/${id}/lease`, { work }),
  close: (id, last) => call('DELETE', `/records/${id}/lease`, undefined, { last }),
  isSending: (id) => outbox.read().waiting.some((w) => w.recordId === id),
  over: (id) => void queryClient.invalidateQueries({ queryKey: ['record', id], exact: true }),
  soon: (run) => void setTimeout(run),
});
outbox.subscribe(() => holds.tidy());
setInterval(() => void holds.beat(), BEAT_MS);
window.addEventListener('pagehide', () => void holds.giveAllBack(true));

const DRAFT = 'draft:';
const PERSON = 'person';

/** Begins the work of a person; what somebody else left in this tab is erased first. */
export function openDesk(personId: string): void {
  const before = sessionStorage.getItem(PERSON);
  if (before !== null && before !== personId) wipeDesk();
  sessionStorage.setItem(PERSON, personId);
  outbox.signedIn(personId);
}

/** The text being typed, kept over a reload of the tab until it is accepted. */
export function keepDraft(recordId: string, drafts: Readonly<Record<string, string>>): void {
  if (Object.keys(drafts).length === 0) sessionStorage.removeItem(DRAFT + recordId);
  else sessionStorage.setItem(DRAFT + recordId, JSON.stringify(drafts));
}

export function readDraft(recordId: string): Record<string, string> {
  return JSON.parse(sessionStorage.getItem(DRAFT + recordId) ?? '{}') as Record<string, string>;
}

/** At sign-out: nothing of a record stays in the browser. */
export function wipeDesk(): void {
  void holds.giveAllBack();
  outbox.wipe();
  wipePictures();
  forgetPace();
  sessionStorage.removeItem(PERSON);
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(DRAFT)) sessionStorage.removeItem(key);
}
