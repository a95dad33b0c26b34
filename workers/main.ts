import { openContext } from './context.ts';
import { HANDLERS } from './handlers.ts';
import { runWorker } from './worker.ts';

/** A worker process, forked by `start.ts`. */
process.exit(await runWorker({ handlers: HANDLERS, open: openContext }));
