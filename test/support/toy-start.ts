import { readSettings } from '../../pipeline/settings.ts';
import { openSystem } from '../../pipeline/system.ts';
import { startWorkers } from '../../workers/start.ts';

/** `npm start` without an API and with toy workers: says who runs, closes on SIGINT. */
const settings = readSettings(process.env);
const system = await openSystem(settings, { server: 'own' });
const workers = startWorkers(system, {
  processes: settings.workers,
  script: new URL('./toy-worker.ts', import.meta.url),
  reconcileMs: 500,
});
process.on('SIGINT', async () => {
  await workers.close();
  await system.close();
  process.exit(0);
});
await workers.ready;
console.log(`ready: ${workers.pids().join(' ')}`);
