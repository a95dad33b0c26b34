import { joinEmbedded } from '../pipeline/database/embedded.ts';
import { readSettings } from '../pipeline/settings.ts';
import { openSystem, type System } from '../pipeline/system.ts';
import { type Handlers, runJob } from './run-job.ts';

/** What handlers share within a process. */
export interface WorkerContext {
  readonly system: System;
  close(): Promise<void>;
}

export interface WorkerOptions<C> {
  readonly handlers: Handlers<C>;
  open(system: System): C | Promise<C>;
  readonly concurrency?: number;
  readonly limits?: Partial<typeof LIMITS>;
}

/** A process that reaches one of these ends and is replaced: native libraries do leak. */
const LIMITS = {
  /** Pages and documents. */
  jobs: 500,
  residentMb: 1_536,
  /** A job that takes longer hangs: the process ends at once and the job counts as crashed. */
  jobMinutes: 30,
};
/** Two jobs overlap their waiting for files and the database with each other's computing. */
const CONCURRENCY = 2;
const MOVED_CHECK_MS = 10_000;

/** What a worker process sends to its parent when it takes jobs. */
export const READY = 'ready';
/** Exit codes of a worker process. */
export const ENDED_BY_LIMIT = 0;
export const ENDED_BY_SIGNAL = 130;

/**
 * Works on jobs until told to stop: by SIGTERM or SIGINT (a second one ends at once), by the end of
 * the process that forked it, by its own limits, or because the database moved to another port.
 * Running jobs are finished first. Answers the exit code with which the process may then end.
 */
export async function runWorker<C extends WorkerContext>(
  options: WorkerOptions<C>,
): Promise<number> {
  const limits = { ...LIMITS, ...options.limits };
  let stop: (code: number) => void = () => undefined;
  const stopping = new Promise<number>((resolve) => {
    stop = resolve;
  });
  let signals = 0;
  const onSignal = () => {
    if (++signals > 1) process.exit(ENDED_BY_SIGNAL);
    stop(ENDED_BY_SIGNAL);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  process.on('disconnect', () => stop(ENDED_BY_SIGNAL));
  if (process.send && !process.connected) stop(ENDED_BY_SIGNAL);

  const settings = readSettings(process.env);
  const system = await openSystem(settings, { server: 'join' });
  let context: C | undefined;
  try {
    const opened = await options.open(system);
    context = opened;
    let jobs = 0;
    const work = system.queue.work(
      async (job, run) => {
        const hangs = setTimeout(() => {
          console.error(`${job.stage} ${job.id} hangs`);
          process.exit(1);
        }, limits.jobMinutes * 60_000);
        try {
          return await runJob(options.handlers, opened, job, run);
        } finally {
          clearTimeout(hangs);
          jobs++;
          const residentMb = process.memoryUsage.rss() / 2 ** 20;
          if (jobs >= limits.jobs || residentMb > limits.residentMb) stop(ENDED_BY_LIMIT);
        }
      },
      { concurrency: options.concurrency ?? CONCURRENCY },
    );
    // The parent may have gone meanwhile; the callback keeps that from being an error.
    process.send?.(READY, undefined, undefined, () => undefined);
    const watch = settings.databaseUrl ? undefined : watchDatabase(system, stop);
    const code = await stopping;
    clearInterval(watch);
    await work.close();
    return code;
  } finally {
    await context?.close();
    await system.close();
  }
}

/** The embedded server takes another port when its own is taken at a start. */
function watchDatabase({ settings, ownerUrl }: System, stop: (code: number) => void) {
  return setInterval(async () => {
    const now = await joinEmbedded(settings.dataDir).catch(() => ownerUrl);
    if (now !== ownerUrl) stop(ENDED_BY_LIMIT);
  }, MOVED_CHECK_MS);
}
