import type { Stage } from '../models/stages.ts';

interface Step {
  /** What one run works on. */
  readonly unit: 'document' | 'page';
  /** What follows when it is done; null ends the machine's part. */
  readonly next: Stage | null;
  /** Raised when the stage's result changes for the same input: stored effects are keyed by it. */
  readonly version: number;
}

/** The stages in order: a document is split into pages, each page goes on by itself. */
export const FLOW: Readonly<Record<Stage, Step>> = {
  split: { unit: 'document', next: 'straighten', version: 1 },
  straighten: { unit: 'page', next: 'place', version: 1 },
  place: { unit: 'page', next: 'read', version: 1 },
  read: { unit: 'page', next: 'prefill', version: 1 },
  prefill: { unit: 'page', next: null, version: 1 },
};

/** The first stage of a page. */
export const FIRST_PAGE_STAGE = FLOW.split.next as Stage;
