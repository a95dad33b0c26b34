import type { ActionRequest, ConflictAnswer, Problem, RecordAnswer } from '../../api/contract.ts';
import { LineDown, Refused } from '../calls/client.ts';

export type HumanAction = ActionRequest['action'];
export type Answers = Extract<HumanAction, { type: 'keyed' }>['answers'];

/** An action that has not reached the server yet. `seen` is the version on the screen. */
export interface Waiting {
  readonly id: string;
  readonly recordId: string;
  readonly seen: number;
  readonly action: HumanAction;
  /** What stood on the screen in the fields that `action` confirms. */
  readonly shown: Answers;
}

/** Somebody else was faster on this record: its actions wait until a person has chosen. */
export interface Conflict {
  readonly recordId: string;
  readonly current: RecordAnswer;
  /** The fields that two people answered differently. */
  readonly disputes: readonly Dispute[];
}

export interface Dispute {
  readonly key: string;
  readonly mine: Answers[string];
  readonly theirs: RecordAnswer['values'][string];
}

/** The server took none of it and never will; the person is told and may type it again. */
export interface Rejection {
  readonly waiting: Waiting;
  readonly problem: Problem;
}

export interface OutboxState {
  readonly waiting: readonly Waiting[];
  readonly sending: boolean;
  /** `down`: no answer, tried again by itself. `signedOut`: waits for the same person. */
  readonly line: 'up' | 'down' | 'signedOut';
  readonly conflicts: readonly Conflict[];
  readonly rejections: readonly Rejection[];
}

export interface OutboxPorts {
  readonly send: (recordId: string, request: ActionRequest) => Promise<RecordAnswer>;
  /** Survives a reload of the tab, not its closing. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly later: (run: () => void, ms: number) => void;
  readonly saved: (record: RecordAnswer) => void;
}

/** The most actions that are kept for a line that is down: personal data at rest is bounded. */
export const OUTBOX_LIMIT = 300;
const KEY = 'outbox';
const WAITS_MS = [1000, 2000, 5000, 10_000];

interface Stored {
  readonly personId: string;
  readonly waiting: readonly Waiting[];
}

/** Said of the page, whatever the record said meanwhile. */
const isReading = ({ type }: HumanAction) => type === 'secondKeyed' || type === 'arbitrated';

const saysTheSame = (answer: Answers[string], value: RecordAnswer['values'][string]) =>
  value.state === answer.state &&
  (value.text ?? '').normalize('NFC') === (answer.text ?? '').normalize('NFC');

const isAmong = (people: RecordAnswer['keyers'], id: string) => people.some((p) => p.id === id);

/**
 * True when the server already holds everything that `action` says: it was received, only its
 * answer was lost on the way.
 */
export function isAlreadyThere(
  action: HumanAction,
  current: RecordAnswer,
  personId: string,
): boolean {
  const byMe = (key: string) => current.values[key]?.evidence.personId === personId;
  switch (action.type) {
    case 'keyed':
      return (
        (!action.done || (current.status !== 'prefilled' && current.status !== 'returned')) &&
        Object.entries(action.answers).every(
          ([key, answer]) =>
            byMe(key) &&
            saysTheSame(answer, current.values[key]!) &&
            answer.note === current.values[key]?.note,
        ) &&
        (action.confirmed ?? []).every(byMe)
      );
    case 'secondKeyed':
      return current.status !== 'secondKeying' && isAmong(current.keyers, personId);
    case 'arbitrated':
      return current.status !== 'arbitration' && isAmong(current.keyers, personId);
    case 'checked':
      return current.status === 'checked' && current.checker?.id === personId;
    case 'approved':
      return current.status === 'approved' && current.approver?.id === personId;
    case 'returned':
    case 'reopened':
      return (
        current.status === 'returned' &&
        JSON.stringify(current.reasons.map((r) => [r.field, r.code, r.reason])) ===
          JSON.stringify(action.reasons.map((r) => [r.field, r.code ?? 'other', r.reason ?? '']))
      );
  }
}

/** What `waiting` says of each field: its answers, and what was shown where it confirms. */
export function saidOf(waiting: Waiting): Answers {
  return 'answers' in waiting.action ? { ...waiting.shown, ...waiting.action.answers } : {};
}

/** The fields of `waiting` that another person meanwhile answered differently, each once. */
export function disputesOf(
  waiting: readonly Waiting[],
  current: RecordAnswer,
  personId: string,
): readonly Dispute[] {
  const mine: Answers = Object.assign({}, ...waiting.map(saidOf));
  return Object.entries(mine).flatMap(([key, answer]) => {
    const theirs = current.values[key];
    const byOther = theirs?.evidence.source === 'person' && theirs.evidence.personId !== personId;
    return byOther && !saysTheSame(answer, theirs) ? [{ key, mine: answer, theirs }] : [];
  });
}

/**
 * Sends people's actions one after the other, each with the version that the one before it made.
 * What the line does not take waits, survives a reload, and is sent when the line is back.
 */
export function openOutbox(ports: OutboxPorts) {
  let state: OutboxState = {
    waiting: [],
    sending: false,
    line: 'up',
    conflicts: [],
    rejections: [],
  };
  let personId: string | undefined;
  let failures = 0;
  let number = 0;
  /** Raised by every wipe: an answer that comes back later belongs to nobody here any more. */
  let era = 0;
  const versions = new Map<string, number>();
  const listeners = new Set<() => void>();
  const settled = new Map<string, (outcome: Outcome) => void>();

  function set(change: Partial<OutboxState>) {
    state = { ...state, ...change };
    if (change.waiting) keep();
    for (const listener of listeners) listener();
  }

  function keep() {
    if (personId === undefined || state.waiting.length === 0) ports.storage.removeItem(KEY);
    else ports.storage.setItem(KEY, JSON.stringify({ personId, waiting: state.waiting } as Stored));
  }

  function forget(done: Waiting, outcome: Outcome, change: Partial<OutboxState> = {}) {
    set({ ...change, waiting: state.waiting.filter((w) => w.id !== done.id) });
    settled.get(done.id)?.(outcome);
    settled.delete(done.id);
  }

  async function pump(): Promise<void> {
    if (state.sending || state.line === 'signedOut' || personId === undefined) return;
    const stuck = new Set(state.conflicts.map((c) => c.recordId));
    const next = state.waiting.find((w) => !stuck.has(w.recordId));
    if (!next) return;
    const mine = era;
    set({ sending: true });
    const seen = versions.get(next.recordId) ?? next.seen;
    try {
      const record = await ports.send(next.recordId, { seen, action: next.action });
      if (mine !== era) return;
      failures = 0;
      versions.set(next.recordId, record.version);
      // First the record, then the waiting answer: a row never shows its old value in between.
      ports.saved(record);
      forget(next, 'saved', { sending: false, line: 'up' });
    } catch (error) {
      if (mine !== era) return;
      set({ sending: false });
      if (error instanceof LineDown) return wait();
      if (!(error instanceof Refused)) throw error;
      if (error.problem.kind === 'notSignedIn') return set({ line: 'signedOut' });
      if (error.status >= 500 || error.status === 429) return wait();
      failures = 0;
      const current = (error.body as Partial<ConflictAnswer>).current;
      if (error.problem.kind === 'conflict' && current) meet(next, current, personId);
      else
        forget(next, 'rejected', {
          line: 'up',
          rejections: [...state.rejections, { waiting: next, problem: error.problem }],
        });
    }
    return pump();
  }

  /** The server has a newer version than the one that `next` was written on. */
  function meet(next: Waiting, current: RecordAnswer, person: string) {
    versions.set(next.recordId, current.version);
    ports.saved(current);
    if (isAlreadyThere(next.action, current, person)) return forget(next, 'saved', { line: 'up' });
    const ofRecord = state.waiting.filter((w) => w.recordId === next.recordId);
    const disputes = disputesOf(ofRecord, current, person);
    const open = ofRecord.every((w) => current.moves.includes(w.action.type));
    set({ line: 'up' });
    // What is read from the page alone stands on every version of the record.
    if (open && ofRecord.every((w) => isReading(w.action))) return;
    if (open && disputes.length === 0 && ofRecord.every((w) => w.action.type === 'keyed'))
      settle(next.recordId, () => true, current);
    else set({ conflicts: [...state.conflicts, { recordId: next.recordId, current, disputes }] });
  }

  /** Keeps what `keep` says of this record's waiting answers and lets the rest go. */
  function settle(recordId: string, keep: (key: string) => boolean, current?: RecordAnswer) {
    const dropped: Waiting[] = [];
    const waiting = state.waiting.flatMap((w) => {
      if (w.recordId !== recordId) return [w];
      // "Done" and confirmations were said of what stood on the screen then: done is said anew,
      // what was confirmed is now said in words.
      // A machine's value that was shown never takes the place of what a person has said since.
      const said = w.action.type === 'keyed' ? w.action.answers : {};
      const byPerson = (key: string) => current?.values[key]?.evidence.source === 'person';
      const answers = Object.fromEntries(
        Object.entries(saidOf(w)).filter(([key]) => keep(key) && (key in said || !byPerson(key))),
      );
      const lasting = Object.keys(answers).length > 0;
      if (!lasting || (w.action.type === 'keyed' && w.action.done)) dropped.push(w);
      return lasting ? [{ ...w, shown: {}, action: { type: 'keyed' as const, answers } }] : [];
    });
    set({ conflicts: state.conflicts.filter((c) => c.recordId !== recordId), waiting });
    for (const w of dropped) {
      settled.get(w.id)?.('dropped');
      settled.delete(w.id);
    }
  }

  function wait() {
    const ms = WAITS_MS[Math.min(failures, WAITS_MS.length - 1)]!;
    failures += 1;
    set({ line: 'down' });
    const mine = era;
    ports.later(() => mine === era && void pump(), ms);
  }

  return {
    read: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    /**
     * Begins to send as this person. What the tab kept from the same person goes first; what it
     * kept from another is erased, as nobody may send another's answers.
     */
    signedIn(person: string) {
      if (personId !== undefined && personId !== person) this.wipe();
      if (personId === undefined) {
        personId = person;
        const text = ports.storage.getItem(KEY);
        const stored = text ? (JSON.parse(text) as Stored) : undefined;
        if (stored?.personId === person) set({ waiting: [...stored.waiting, ...state.waiting] });
        else keep();
      }
      failures = 0;
      set({ line: 'up' });
      void pump();
    },

    /**
     * Takes an action to send; `shown` is what stood on the screen in the fields that it confirms.
     * Undefined when no more can be kept.
     */
    add(
      recordId: string,
      seen: number,
      action: HumanAction,
      shown: Answers = {},
    ): { readonly id: string; readonly outcome: Promise<Outcome> } | undefined {
      if (state.waiting.length >= OUTBOX_LIMIT) return undefined;
      const ofRecord = state.waiting.some((w) => w.recordId === recordId);
      // What the server said last counts while nothing of this record is under way.
      if (!ofRecord) versions.set(recordId, Math.max(seen, versions.get(recordId) ?? 0));
      number += 1;
      const waiting: Waiting = { id: `${Date.now()}-${number}`, recordId, seen, action, shown };
      const outcome = new Promise<Outcome>((resolve) => settled.set(waiting.id, resolve));
      set({ waiting: [...state.waiting, waiting] });
      void pump();
      return { id: waiting.id, outcome };
    },

    /** The line may be back: tries at once. */
    nudge() {
      if (state.line === 'down') void pump();
    },

    /**
     * Ends a conflict: `keep` are the disputed fields whose answers a person keeps; the others
     * take what the server has. Undefined discards everything that waits for this record.
     */
    resolve(recordId: string, keep: ReadonlySet<string> | undefined) {
      const conflict = state.conflicts.find((c) => c.recordId === recordId);
      const disputed = new Set(conflict?.disputes.map((d) => d.key));
      settle(recordId, (key) => keep !== undefined && (!disputed.has(key) || keep.has(key)));
      void pump();
    },

    /** Takes an action back that is not under way yet; false when it is too late. */
    takeBack(id: string): boolean {
      const at = state.waiting.findIndex((w) => w.id === id);
      if (at < 0 || (at === 0 && state.sending)) return false;
      forget(state.waiting[at]!, 'dropped');
      return true;
    },

    dismiss(id: string) {
      set({ rejections: state.rejections.filter((r) => r.waiting.id !== id) });
    },

    /** Erases everything, in memory and in the tab. */
    wipe() {
      era += 1;
      personId = undefined;
      versions.clear();
      for (const [, settle] of settled) settle('dropped');
      settled.clear();
      set({ waiting: [], conflicts: [], rejections: [], sending: false, line: 'up' });
    },
  };
}

/** `saved`: the server has it; `rejected`: it never will; `dropped`: a person took it back. */
export type Outcome = 'saved' | 'rejected' | 'dropped';
export type Outbox = ReturnType<typeof openOutbox>;
