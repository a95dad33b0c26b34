import { LineDown, Refused } from '../calls/client.ts';
import type { Work } from '../router.ts';

/**
 * `mine`: nobody else is given it. `other`: somebody else has it, or it is for somebody else.
 * `alone`: the server could not be asked; one works on, and whoever is faster is told of by the outbox.
 */
export type Hold = 'opening' | 'mine' | 'other' | 'alone';

export interface HoldPorts {
  /** Opens a record, or says that it is still open. @throws Refused, LineDown */
  readonly open: (id: string, work: Work) => Promise<unknown>;
  /** Gives it back; `last` when the tab is about to be gone. */
  readonly close: (id: string, last: boolean) => Promise<unknown>;
  /** True while an action on it has not reached the server. */
  readonly isSending: (id: string) => boolean;
  /** The record is no longer what it was opened for. */
  readonly over: (id: string) => void;
  /** Runs once what goes on now is over. */
  readonly soon: (run: () => void) => void;
}

interface Held {
  readonly work: Work;
  readonly state: Hold;
}

/**
 * The records that this tab has open: the one on the screen and those that are held ready behind it.
 * What is neither is given back, once all that was answered in it has reached the server.
 */
export function openHolds(ports: HoldPorts) {
  const held = new Map<string, Held>();
  const listeners = new Set<() => void>();
  let shown: string | undefined;
  let ready: ReadonlySet<string> = new Set();

  function set(id: string, entry: Held | undefined) {
    if (entry) held.set(id, entry);
    else held.delete(id);
    for (const listener of listeners) listener();
  }

  const isWanted = (id: string) => id === shown || ready.has(id) || ports.isSending(id);

  function giveBack(id: string, last = false) {
    const entry = held.get(id);
    set(id, undefined);
    // Past its time it goes back by itself.
    if (entry && entry.state !== 'other') void ports.close(id, last).catch(() => undefined);
  }

  /** Gives back what nobody wants any more. */
  function tidy() {
    for (const id of [...held.keys()]) if (!isWanted(id)) giveBack(id);
  }

  async function ask(id: string, work: Work): Promise<Hold> {
    let state: Hold;
    try {
      await ports.open(id, work);
      state = 'mine';
    } catch (error) {
      if (!(error instanceof LineDown || error instanceof Refused)) throw error;
      const now = held.get(id)?.state;
      if (error instanceof LineDown) state = now === 'mine' ? 'mine' : 'alone';
      else if (error.problem.kind === 'leased') state = 'other';
      else {
        if (error.problem.kind === 'notAllowedNow' && !ports.isSending(id)) ports.over(id);
        state = 'alone';
      }
    }
    // Given back while the answer was on its way.
    if (held.get(id)?.work !== work) {
      if (state === 'mine') void ports.close(id, false).catch(() => undefined);
    } else set(id, { work, state });
    return state;
  }

  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    /** How this tab holds the record; undefined when it does not. */
    of: (id: string): Hold | undefined => held.get(id)?.state,

    /** Opens it for this work unless that is done; from then on it is held ready. */
    async take(id: string, work: Work): Promise<Hold> {
      if (id !== shown) ready = new Set([...ready, id]);
      const now = held.get(id);
      if (now?.work === work && now.state === 'mine') return 'mine';
      set(id, { work, state: now?.work === work ? now.state : 'opening' });
      return ask(id, work);
    },

    /** The server has opened it for this tab by itself. */
    taken(id: string, work: Work) {
      ready = new Set([...ready, id]);
      set(id, { work, state: 'mine' });
    },

    show(id: string) {
      shown = id;
    },

    /** The record went off the screen; the next one may come up in the same moment. */
    leave(id: string) {
      if (shown === id) shown = undefined;
      ports.soon(() => {
        if (shown === undefined) ready = new Set();
        tidy();
      });
    },

    /** The records held ready behind the one on the screen. */
    keepReady(ids: Iterable<string>) {
      ready = new Set(ids);
      tidy();
    },

    tidy,

    /** A sign of life for all, once a minute; who was told no asks again. */
    async beat() {
      for (const [id, { work }] of [...held]) if (held.has(id)) await ask(id, work);
    },

    /** At sign-out, and when the tab goes. */
    async giveAllBack(last = false) {
      const ids = [...held].flatMap(([id, { state }]) => (state === 'other' ? [] : [id]));
      shown = undefined;
      ready = new Set();
      held.clear();
      await Promise.allSettled(ids.map((id) => ports.close(id, last)));
    },
  };
}
