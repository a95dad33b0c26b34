import pg from 'pg';
import { openQueue } from '../../pipeline/queue/bullmq.ts';

/**
 * A worker of the queue's contract in a process of its own: stores an effect for each job, or with
 * HANG set never gets that far.
 */
const effects = new pg.Pool({ connectionString: process.env.EFFECTS_URL });
const queueUrl = process.env.QUEUE_URL || undefined;
const queue = await openQueue({
  databaseUrl: process.env.DATABASE_URL!,
  queueUrl,
  lockSeconds: 1,
});
queue.work(
  async ({ id }) => {
    console.log(`begun ${id}`);
    if (process.env.HANG) await new Promise(() => undefined);
    await effects.query('INSERT INTO effects VALUES ($1, $2)', [id, process.pid]);
    console.log(`done ${id}`);
  },
  { concurrency: 1 },
);
process.on('SIGTERM', () => process.exit(0));
