import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../models/failures.ts';
import type { DocumentId, PageId } from '../../models/ids.ts';
import { type Job, type Stage, stageAfter } from '../../models/stages.ts';
import type { System } from '../../pipeline/system.ts';
import type { Handlers } from '../../workers/run-job.ts';
import { runWorker } from '../../workers/worker.ts';
import { newPage } from '../models/store/fixtures.ts';

/**
 * A worker process with toy stages on the real store and queue. What goes wrong is told by the
 * document's name: `30 pages`, `3 pages, 1 crashes once` …
 */
interface Context {
  readonly system: System;
  close(): Promise<void>;
}

const PAUSE_MS = Number(process.env.TOY_PAUSE_MS ?? 5);

function pageStage(stage: Exclude<Stage, 'split' | 'prefill'>): Handlers<Context>[Stage] {
  return async ({ system }, { id, attempt }) => {
    const page = await system.store.pages.begin(id, stage, attempt);
    if (!page) return [];
    await misbehave(system, page.documentId, stage, page.index, page.attempts);
    await sleep(Math.random() * PAUSE_MS);
    const result = { stage, version: 1, run: attempt, output: { stage }, seconds: 0 };
    await system.store.pages.finish(page.id, result);
    return following(stage, id, attempt);
  };
}

function following(stage: Stage, id: string, attempt: number): Job[] {
  const next = stageAfter(stage);
  return next ? [{ stage: next, id, attempt }] : [];
}

async function misbehave(
  { store }: System,
  documentId: DocumentId,
  stage: Stage,
  index: number,
  attempts: number,
): Promise<void> {
  if (stage !== 'read' || index !== 1) return;
  const { name } = await store.documents.byId(documentId);
  if (name.includes('crashes always')) process.kill(process.pid, 'SIGKILL');
  if (name.includes('crashes once') && attempts === 1) process.kill(process.pid, 'SIGKILL');
  if (name.includes('is blank')) throw new Failure('blankPage');
  if (name.includes('is slow always')) throw new Failure('timeout', 'toy');
  if (name.includes('is slow twice') && attempts < 3) throw new Failure('timeout', 'toy');
  if (name.includes('meets a bug')) throw new TypeError('Nguyễn Văn Bí Mật is not a function');
}

const handlers: Handlers<Context> = {
  async split({ system }, { id, attempt }) {
    const document = await system.store.documents.begin(id, attempt);
    if (!document) return [];
    if (document.name.includes('not a PDF')) throw new Failure('notPdf');
    const count = Number.parseInt(document.name, 10);
    const pages = Array.from({ length: count }, (_, index) => newPage(index, `${id} ${index}`));
    await sleep(Math.random() * PAUSE_MS);
    await system.store.documents.markSplit(document.id, pages, attempt);
    return system.store.pages.jobsOf(document.id, 'straighten');
  },
  straighten: pageStage('straighten'),
  place: pageStage('place'),
  read: pageStage('read'),
  async prefill({ system }, { id, attempt }) {
    const { store } = system;
    const page = await store.pages.begin(id, 'prefill', attempt);
    if (!page) return [];
    await sleep(Math.random() * PAUSE_MS);
    await store.records.prefillPage({
      entries: [
        {
          bookId: page.bookId,
          pages: [{ pageId: id as PageId, box: { x: 0, y: 0, w: 1, h: 1 } }],
          values: {},
          effect: `${page.imageHash}-prefill-1`,
        },
      ],
      finish: {
        pageId: page.id,
        stage: 'prefill',
        version: 1,
        run: attempt,
        output: {},
        seconds: 0,
      },
    });
    return [];
  },
};

process.exit(
  await runWorker({
    handlers,
    open: (system) => ({ system, close: async () => undefined }),
    limits: process.env.TOY_JOBS ? { jobs: Number(process.env.TOY_JOBS) } : {},
  }),
);
