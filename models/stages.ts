import { z } from 'zod';

/** The stages of a page, named once: folders, queue, database and screens use these words. */
export const Stage = z.enum(['split', 'straighten', 'place', 'read', 'prefill']);
export type Stage = z.infer<typeof Stage>;

/** The stage after `stage`; null after the last, when people take over. */
export function stageAfter(stage: Stage): Stage | null {
  return Stage.options[Stage.options.indexOf(stage) + 1] ?? null;
}

/** What a queued job carries: a stage and the id of a document (split) or page. Never a value. */
export const Job = z.object({ stage: Stage, id: z.uuid(), attempt: z.number().int().min(1) });
export type Job = z.infer<typeof Job>;
