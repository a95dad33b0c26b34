import { Failure } from '../models/failures.ts';
import type { Job, Stage } from '../models/stages.ts';
import { MAX_TRIES, Pause, type Run } from '../pipeline/queue/port.ts';
import type { System } from '../pipeline/system.ts';

/** One function a stage: does the job in a context and names the jobs that follow. */
export type Handlers<C> = Readonly<Record<Stage, (context: C, job: Job) => Promise<Job[] | Pause>>>;

/**
 * Runs one job. A page goes on from where it stands, which is past the job's stage when the job was
 * cut off before, through all stages that follow: its pixels are in memory here. Each stage's effect
 * is stored before the next begins. Other jobs that follow are queued. What is known to go wrong is stored with the document or
 * page, at once or, where trying again may help, after {@link MAX_TRIES} tries; anything else is a
 * bug: it is logged and, when it stays, stored as `crashed`. Throws to have the queue try again.
 */
export async function runJob<C extends { readonly system: System }>(
  handlers: Handlers<C>,
  context: C,
  job: Job,
  { tries }: Run,
): Promise<Pause | undefined> {
  const { store, queue } = context.system;
  let at: Job | undefined = job;
  let following: Job[] = [];
  try {
    if (job.stage !== 'split') at = await store.pages.current(job);
    while (at) {
      const answer: Job[] | Pause = await handlers[at.stage](context, at);
      if (answer instanceof Pause) return answer;
      following = answer;
      const [next, ...others] = following;
      const goesOn = next?.id === at.id && others.length === 0;
      at = goesOn ? next : undefined;
      if (goesOn) following = [];
    }
  } catch (error) {
    const { stage, id } = at ?? job;
    if (!(error instanceof Failure)) console.error(`${stage} ${id}: ${describe(error)}`);
    // Nothing is wrong with the page: the reconciler brings it again when the database is back.
    if (isOutage(error)) throw error;
    const mayHelp = error instanceof Failure ? error.retryable : true;
    if (mayHelp && tries < MAX_TRIES) throw error;
    await storeFailure(context.system, at ?? job, error);
    return;
  }
  try {
    await queue.add(following);
  } catch (error) {
    // The effect is stored, which says what is next: the reconciler will find it.
    console.error(`after ${job.stage} ${job.id}: ${describe(error)}`);
  }
}

/** Where a bug is, without its message, which may quote a value of the page. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const cause = error.cause === undefined ? '' : `\n  because of ${describe(error.cause)}`;
  return `${error.name}${code === undefined ? '' : ` ${code}`}\n${frames.join('\n')}${cause}`;
}

async function storeFailure({ store }: System, job: Job, error: unknown): Promise<void> {
  const failure =
    error instanceof Failure
      ? error
      : new Failure('crashed', `${job.stage}: ${(error as Error | undefined)?.name ?? 'error'}`);
  if (job.stage === 'split') await store.documents.fail(job.id, failure.toData(), job.attempt);
  else await store.pages.fail(job.id, job.stage, failure.toData(), job.attempt);
}

/** PostgreSQL's classes 08 (connection) and 57P (stopping, starting), and the network's words. */
const OUTAGE_CODE = /^(08|57P|ECONNREFUSED$|ECONNRESET$|EPIPE$|ETIMEDOUT$)/;
/** What `pg` throws without a code. */
const OUTAGE_MESSAGE = /^(Connection terminated|timeout exceeded when trying to connect)/;

function isOutage(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && OUTAGE_CODE.test(code)) return true;
    if (OUTAGE_MESSAGE.test(at.message)) return true;
  }
  return false;
}
