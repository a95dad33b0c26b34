import type { Stage } from '../models/stages.ts';

interface Step {
  /** What one run works on. */
  readonly unit: 'document' | 'page';
  /** Raised when the stage's result changes for the same input: stored effects are keyed by it. */
  readonly version: number;
}

/** How each stage runs; their order is that of {@link Stage}. */
export const FLOW: Readonly<Record<Stage, Step>> = {
  split: { unit: 'document', version: 1 },
  straighten: { unit: 'page', version: 3 },
  place: { unit: 'page', version: 6 },
  read: { unit: 'page', version: 5 },
  prefill: { unit: 'page', version: 4 },
};
