import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DocumentId } from '../../models/ids.ts';
import type { Job } from '../../models/stages.ts';
import type { System } from '../../pipeline/system.ts';
import { reconcile, startReconciler } from '../../workers/reconcile.ts';
import { addBook, addPages } from '../models/store/fixtures.ts';
import { testSystem } from '../support/database.ts';
import { addDocument, until } from '../support/documents.ts';

describe('the reconciler', () => {
  let system: System;
  beforeEach(async () => {
    system = await testSystem();
  });
  afterEach(() => system.close());

  const inQueue = async () => {
    const { waiting, active, delayed } = await system.queue.counts();
    return waiting + active + delayed;
  };

  /** Takes jobs and ends them without doing anything, as if their effect had been lost. */
  async function drain(): Promise<Job[]> {
    const jobs: Job[] = [];
    const work = system.queue.work(async (job) => void jobs.push(job), { concurrency: 1 });
    await until(async () => (await inQueue()) === 0);
    await work.close();
    return jobs;
  }

  test('fills an empty queue with every document and page that waits', async () => {
    const id = await addDocument(system.store, '1 page');
    const pages = await addPages(system.store, (await addBook(system.store)).id, 3);
    await system.store.pages.fail(pages[2]!.id, 'straighten', { kind: 'blankPage', message: 'x' });
    expect(await reconcile(system)).toBe(3);
    expect((await drain()).map((job) => `${job.stage} ${job.id}`).sort()).toEqual(
      [`split ${id}`, `straighten ${pages[0]!.id}`, `straighten ${pages[1]!.id}`].sort(),
    );
  });

  test('brings a job back that ended without an effect', async () => {
    await addDocument(system.store, '1 page');
    for (let round = 0; round < 3; round++) {
      expect(await reconcile(system)).toBe(1);
      expect(await drain()).toHaveLength(1);
    }
  });

  test('adds nothing that waits or runs', async () => {
    const pages = await addPages(system.store, (await addBook(system.store)).id, 4);
    await reconcile(system);
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const runs: string[] = [];
    const work = system.queue.work(
      async ({ id, stage }) => {
        runs.push(id);
        // Counted as begun while it runs, as a real handler does.
        await system.store.pages.begin(id, stage);
        await finished;
        await system.store.pages.fail(id, stage, { kind: 'blankPage', message: 'x' });
      },
      { concurrency: 2 },
    );
    await until(async () => (await system.queue.counts()).active === 2);
    // One more page, so that there is something to add.
    await addPages(system.store, pages[0]!.bookId, 1);
    expect(await reconcile(system)).toBe(5);
    expect(await system.queue.counts()).toEqual({ waiting: 3, active: 2, delayed: 0 });
    finish();
    await until(async () => (await inQueue()) === 0);
    await work.close();
    expect(new Set(runs).size).toBe(5);
    expect(runs).toHaveLength(5);
  });

  test('makes a failed page that is retried really run, even while its old job ends', async () => {
    const [page] = await addPages(system.store, (await addBook(system.store)).id, 1);
    const attempts: number[] = [];
    let retried: Promise<void> | undefined;
    const work = system.queue.work(
      async ({ id, stage, attempt }) => {
        attempts.push(attempt);
        await system.store.pages.begin(id, stage);
        if (attempts.length > 1) {
          await system.store.pages.finish(page!.id, { stage, version: 1, output: {}, seconds: 0 });
          return;
        }
        await system.store.pages.fail(id, stage, { kind: 'blankPage', message: 'x' });
        // Somebody presses the button while this job is still in the queue as running.
        retried = system.store.pages.retry(page!.id).then((job) => system.queue.add([job]));
        await retried;
      },
      { concurrency: 1 },
    );
    await reconcile(system);
    await until(async () => (await inQueue()) === 0 && attempts.length > 1);
    await work.close();
    expect(attempts).toEqual([1, 2]);
    expect((await system.store.pages.byId(page!.id)).next).toBe('place');
  });

  test('finds a retry whose job was never added', async () => {
    const [page] = await addPages(system.store, (await addBook(system.store)).id, 1);
    await system.store.pages.fail(page!.id, 'straighten', { kind: 'blankPage', message: 'x' });
    expect(await reconcile(system)).toBe(0);
    await system.store.pages.retry(page!.id);
    expect(await reconcile(system)).toBe(1);
    expect(await drain()).toEqual([{ stage: 'straighten', id: page!.id, attempt: 2 }]);
  });

  test('works at its start and then on a timer', async () => {
    const ids = new Set<string>();
    const work = system.queue.work(async ({ id }) => void ids.add(id), { concurrency: 1 });
    const first: DocumentId = await addDocument(system.store, '1 page');
    const reconciler = startReconciler(system, { everyMs: 20 });
    await until(() => ids.has(first));
    const second = await addDocument(system.store, '1 page');
    await until(() => ids.has(second));
    await reconciler.close();
    await work.close();
  });
});
