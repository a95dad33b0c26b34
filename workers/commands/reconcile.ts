import { Failure } from '../../models/failures.ts';
import { readSettings } from '../../pipeline/settings.ts';
import { openSystem } from '../../pipeline/system.ts';
import { reconcile } from '../reconcile.ts';

/** `npm run reconcile`: fills the queue from the database, as a running `npm start` does by itself. */
async function main(): Promise<void> {
  const system = await openSystem(readSettings(process.env), { server: 'join' });
  try {
    const jobs = await reconcile(system);
    const counts = await system.queue.counts();
    console.log(
      `${jobs} jobs from the database; the queue has ${counts.waiting} waiting, ${counts.active} running, ${counts.delayed} pausing.`,
    );
  } finally {
    await system.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
});
