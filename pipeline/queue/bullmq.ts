import {
  type BulkJobOptions,
  type ConnectionOptions,
  createPostgresBackend,
  DelayedError,
  type Job as RedisJob,
  Queue as RedisQueue,
  Worker as RedisWorker,
  type WorkerOptions,
  withBackend,
} from 'bullmq';
import { Redis } from 'ioredis';
import { Failure } from '../../models/failures.ts';
import { Job } from '../../models/stages.ts';
import { MAX_TRIES, Pause, type Queue, type Work } from './port.ts';

/** Name of the queue, of its schema in PostgreSQL and prefix of its keys in Redis. */
const NAME = 'pages';
const SCHEMA = 'queue';
const PREFIX = 'so-goc';

/**
 * Smaller is sooner. Pages that were begun go first; splitting goes before beginning pages, so that
 * people see soon how many pages a new document has.
 */
const PRIORITY: Readonly<Record<Job['stage'], number>> = {
  prefill: 1,
  read: 2,
  place: 3,
  split: 4,
  straighten: 5,
};

const LOCK_SECONDS = 30;
/** The pause before the second try; it doubles. */
const BACKOFF_MS = 2_000;

export interface QueueOptions {
  /** PostgreSQL, which keeps the queue unless `queueUrl` is given. */
  readonly databaseUrl: string;
  /** Redis. */
  readonly queueUrl?: string | undefined;
  /** Hears of lost connections and of a Redis that is set to lose jobs. */
  readonly warn?: (sentence: string) => void;
  /** A worker silent for so long counts as dead; looked at three times as often. */
  readonly lockSeconds?: number;
  readonly backoffMs?: number;
}

/** The one part of BullMQ's classes that this adapter uses, the same for both backends. */
type BullQueue = Pick<RedisQueue, 'addBulk' | 'getJobCounts' | 'waitUntilReady' | 'close' | 'on'>;
type BullWorker = Pick<RedisWorker, 'close' | 'on'>;
type BullJob = Pick<RedisJob, 'data' | 'attemptsMade' | 'moveToDelayed'>;
type Processor = (job: BullJob, token?: string) => Promise<void>;
type WorkerSettings = Omit<WorkerOptions, 'connection' | 'prefix'>;

interface Backend {
  readonly queue: BullQueue;
  work(processor: Processor, settings: WorkerSettings): BullWorker;
}

/** The queue on BullMQ, in Redis when its URL is given and in PostgreSQL otherwise. */
export async function openQueue(options: QueueOptions): Promise<Queue> {
  const { queueUrl, warn = console.warn, backoffMs = BACKOFF_MS } = options;
  const lockMs = (options.lockSeconds ?? LOCK_SECONDS) * 1000;
  if (queueUrl !== undefined) await checkRedis(queueUrl, warn);
  const backend = queueUrl === undefined ? onPostgres(options.databaseUrl) : onRedis(queueUrl);
  const { queue } = backend;
  // A connection may still report its end after it was closed; that is no news.
  const closed = new WeakSet<object>();
  const tell = (of: object) => (error: Error) => {
    if (!closed.has(of)) warn(`queue: ${error.message}`);
  };
  queue.on('error', tell(queue));
  try {
    await queue.waitUntilReady();
  } catch (error) {
    await queue.close().catch(() => undefined);
    throw error;
  }
  const workers = new Set<BullWorker>();

  return {
    async add(jobs) {
      if (jobs.length === 0) return;
      await queue.addBulk(
        jobs.map((job) => ({
          name: job.stage,
          data: { stage: job.stage, id: job.id, attempt: job.attempt },
          opts: jobOptions(job, backoffMs),
        })),
      );
    },
    work(handler, { concurrency }): Work {
      const worker = backend.work(
        async (job, token) => {
          const answer = await handler(Job.parse(job.data), { tries: job.attemptsMade + 1 });
          if (!(answer instanceof Pause)) return;
          await job.moveToDelayed(Date.now() + answer.ms, token);
          throw new DelayedError();
        },
        {
          concurrency,
          lockDuration: lockMs,
          stalledInterval: Math.ceil(lockMs / 3),
          // The database counts and gives up; see `begin` of the store.
          maxStalledCount: 2 ** 31 - 1,
        },
      );
      worker.on('error', tell(worker));
      workers.add(worker);
      return {
        async close() {
          workers.delete(worker);
          await worker.close();
          closed.add(worker);
        },
      };
    },
    async counts() {
      const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed');
      return {
        waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
        active: counts.active ?? 0,
        delayed: counts.delayed ?? 0,
      };
    },
    async close() {
      await Promise.all([...workers].map((worker) => worker.close()));
      for (const worker of workers) closed.add(worker);
      workers.clear();
      await queue.close();
      closed.add(queue);
    },
  };
}

function jobOptions(job: Job, backoffMs: number): BulkJobOptions {
  return {
    jobId: `${job.stage}-${job.id}-${job.attempt}`,
    priority: PRIORITY[job.stage],
    attempts: MAX_TRIES,
    backoff: { type: 'exponential', delay: backoffMs },
    removeOnComplete: true,
    removeOnFail: true,
    // A stack trace may quote a value of a page.
    stackTraceLimit: 0,
  };
}

function onPostgres(connectionString: string): Backend {
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const connection = (max: number) => ({
    connectionString,
    schema: SCHEMA,
    max,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    migrate: true,
  });
  return {
    queue: new Queue(NAME, { connection: connection(3) }) as unknown as BullQueue,
    work: (processor, settings) =>
      new Worker(NAME, processor as never, {
        ...settings,
        connection: connection(settings.concurrency! + 1),
      }) as unknown as BullWorker,
  };
}

function onRedis(url: string): Backend {
  // null: wait for a lost Redis as long as it takes, instead of failing each command.
  const connection = { url, maxRetriesPerRequest: null } as ConnectionOptions;
  return {
    queue: new RedisQueue(NAME, { connection, prefix: PREFIX }),
    work: (processor, settings) =>
      new RedisWorker(NAME, processor as never, { ...settings, connection, prefix: PREFIX }),
  };
}

/**
 * Warns when Redis may drop jobs or forget them at a restart. Nothing would be lost, since the
 * database knows what is pending, but pages would wait for the next reconciling.
 */
async function checkRedis(url: string, warn: (sentence: string) => void): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  const where = new URL(url).host;
  try {
    await redis.connect();
    const setting = async (name: string) =>
      ((await redis.call('CONFIG', 'GET', name)) as string[])[1];
    try {
      const policy = await setting('maxmemory-policy');
      if (policy !== 'noeviction') {
        warn(
          `Redis ${where} has maxmemory-policy ${policy} and may throw jobs away: set it to noeviction.`,
        );
      }
      if ((await setting('appendonly')) !== 'yes') {
        warn(`Redis ${where} has appendonly off and forgets jobs at a restart: set it to yes.`);
      }
    } catch {
      warn(
        `Redis ${where} does not tell its settings: make sure of maxmemory-policy noeviction and appendonly yes.`,
      );
    }
  } catch (error) {
    throw new Failure('badConfiguration', `Redis ${where}: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    redis.disconnect();
  }
}
