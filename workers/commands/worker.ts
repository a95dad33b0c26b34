import { Failure } from '../../models/failures.ts';
import { joinEmbedded } from '../../pipeline/database/embedded.ts';
import { readSettings } from '../../pipeline/settings.ts';
import { startProcesses } from '../start.ts';

/**
 * `npm run worker [-- N]`: N worker processes (1) beside a running `npm start`, until Ctrl+C. May be
 * run several times, and on other machines that share DATABASE_URL, QUEUE_URL and the blobs.
 */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const processes = Number(process.argv[2] ?? 1);
  if (!Number.isInteger(processes) || processes < 1) {
    throw new Failure('badConfiguration', 'usage: npm run worker -- <number of processes>');
  }
  if (!settings.databaseUrl) await joinEmbedded(settings.dataDir);
  const workers = startProcesses(settings, { processes });
  let asked = false;
  const stop = async () => {
    if (asked) process.exit(1);
    asked = true;
    await workers.close();
    process.exit(0);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  await workers.ready;
  console.log(`${processes} worker process${processes === 1 ? '' : 'es'} at work; Ctrl+C stops.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
});
