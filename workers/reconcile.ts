import type { System } from '../pipeline/system.ts';

/** Enough to keep every worker busy until the next round. */
const BATCH = 5_000;
const EVERY_MS = 15_000;

/**
 * Adds what the database says is pending and the queue has lost: after a crash, a retry, an outage
 * or a new queue. What the queue still has is ignored by it. Answers how many jobs were added or
 * confirmed; 0 when the queue holds at least as many as are pending.
 */
export async function reconcile({
  store,
  queue,
}: Pick<System, 'store' | 'queue'>): Promise<number> {
  const pending = await store.pages.pending(BATCH);
  const { waiting, active, delayed } = await queue.counts();
  if (waiting + active + delayed >= pending.length) return 0;
  await queue.add(pending);
  return pending.length;
}

/** Reconciles now and then on a timer; what goes wrong is logged and tried again. */
export function startReconciler(
  system: Pick<System, 'store' | 'queue'>,
  options: { readonly everyMs?: number } = {},
): { close(): Promise<void> } {
  let running: Promise<void> | undefined;
  const round = () => {
    running ??= reconcile(system)
      .catch((error: Error) => console.error(`reconcile: ${error.message}`))
      .then(() => {
        running = undefined;
      });
  };
  const timer = setInterval(round, options.everyMs ?? EVERY_MS);
  round();
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
