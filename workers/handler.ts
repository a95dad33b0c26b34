import type { Job } from '../models/stages.ts';
import type { Pause } from '../pipeline/queue/port.ts';
import type { Context } from './context.ts';

/**
 * Does one job and names what follows. It loads its input, calls the stage and stores the effect
 * together with the page's next stage in one transaction, so running it twice changes nothing; a
 * job whose work is done or given up returns without doing any. One that has to wait for another
 * page answers a pause, having done nothing.
 * @throws Failure for what is known to go wrong with this document or page
 */
export type Handler = (context: Context, job: Job) => Promise<Job[] | Pause>;
