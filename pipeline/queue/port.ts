import type { Job } from '../../models/stages.ts';

/** How often a job is tried before its problem is stored. */
export const MAX_TRIES = 3;

/** What a handler knows of the run it is in. */
export interface Run {
  /** From 1; the queue tries again, after a pause, until {@link MAX_TRIES}. */
  readonly tries: number;
}

/** What a handler answers to have its job run again after a while, as the same try. */
export class Pause {
  constructor(readonly ms: number) {}
}

export interface QueueCounts {
  /** Ready to be taken. */
  readonly waiting: number;
  /** Being worked on, or held by a worker that died less than a minute ago. */
  readonly active: number;
  /** Pausing before another try, or as their handler asked. */
  readonly delayed: number;
}

export interface Work {
  /** Takes no more jobs; resolves when the running ones have ended. */
  close(): Promise<void>;
}

/**
 * A nudge to work on something, never the truth about what there is to do: that is a query on the
 * database, from which the queue can be filled again at any time. Jobs of later stages come first,
 * so that a page that was begun is finished before the next is begun.
 */
export interface Queue {
  /**
   * A job whose stage, id and attempt are those of one that waits, pauses or runs is ignored. Ended
   * jobs are forgotten, so that the same one can be added again.
   */
  add(jobs: readonly Job[]): Promise<void>;
  /**
   * Runs the handler for each job. A handler that throws has its job tried again up to
   * {@link MAX_TRIES} times; a job whose process dies is given to another worker, as often as it
   * takes: the handler counts that in the database. One that answers a {@link Pause} makes room for
   * other jobs and is run again afterwards.
   */
  work(
    handler: (job: Job, run: Run) => Promise<unknown>,
    options: { readonly concurrency: number },
  ): Work;
  counts(): Promise<QueueCounts>;
  /** Closes what works on it, as {@link Work.close}, then the queue. */
  close(): Promise<void>;
}
