import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HumanAction } from '../../../models/actions.ts';
import type { PageVerdict } from '../../../models/books.ts';
import { Failure } from '../../../models/failures.ts';
import type { PageId } from '../../../models/ids.ts';
import { Stage } from '../../../models/stages.ts';
import { testStore } from '../../support/database.ts';
import {
  act,
  addBook,
  addPages,
  addPerson,
  addRecord,
  keyAll,
  newPage,
  runUntil,
  sha256,
  unique,
} from './fixtures.ts';

let db: Awaited<ReturnType<typeof testStore>>;
beforeAll(async () => {
  db = await testStore();
});
afterAll(() => db.close());

const failure = (...args: ConstructorParameters<typeof Failure>) => new Failure(...args).toData();

async function addDocument() {
  const book = await addBook(db.store);
  const { document } = await db.store.documents.create({
    bookId: book.id,
    name: 'quyen.pdf',
    bytes: 5_000_000_000,
    sha256: sha256(`document ${unique()}`),
    blobKey: 'documents/a.pdf',
  });
  return { book, document };
}

async function addPage() {
  const book = await addBook(db.store);
  const [page] = await addPages(db.store, book.id, 1);
  return { book, page: page! };
}

/** The jobs of this book that wait. */
async function pendingOf(ids: readonly string[]) {
  return (await db.store.pages.pending()).filter((job) => ids.includes(job.id));
}

describe('a document', () => {
  test('keeps what was received, sizes beyond 32 bits too', async () => {
    const { document, book } = await addDocument();
    expect(await db.store.documents.byId(document.id)).toMatchObject({
      bookId: book.id,
      name: 'quyen.pdf',
      bytes: 5_000_000_000,
      state: 'waiting',
      blobKey: 'documents/a.pdf',
    });
  });

  test('is stored once per book when it is uploaded many times at the same moment', async () => {
    const book = await addBook(db.store);
    const sha = sha256(`document ${unique()}`);
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        db.store.documents.create({
          bookId: book.id,
          name: `${i}.pdf`,
          bytes: 1,
          sha256: sha,
          blobKey: `documents/${i}`,
        }),
      ),
    );
    expect(results.filter((r) => !r.duplicate)).toHaveLength(1);
    expect(new Set(results.map((r) => r.document.id)).size).toBe(1);
    const other = await addBook(db.store);
    const elsewhere = await db.store.documents.create({
      bookId: other.id,
      name: 'a.pdf',
      bytes: 1,
      sha256: sha,
      blobKey: 'documents/9',
    });
    expect(elsewhere.duplicate).toBe(false);
  });

  test('waits for its split and then its pages wait for the first stage', async () => {
    const { document } = await addDocument();
    expect(await pendingOf([document.id])).toEqual([
      { stage: 'split', id: document.id, attempt: 1 },
    ]);
    expect(await db.store.documents.begin(document.id)).toMatchObject({ id: document.id });
    await db.store.documents.markSplit(document.id, [newPage(1), newPage(0)]);
    const pages = await db.store.pages.ofDocument(document.id);
    expect(pages.map((p) => [p.index, p.next, p.attempts])).toEqual([
      [0, 'straighten', 0],
      [1, 'straighten', 0],
    ]);
    expect(await db.store.documents.byId(document.id)).toMatchObject({
      state: 'split',
      pageCount: 2,
    });
    expect(await db.store.documents.begin(document.id)).toBeUndefined();
    expect(await pendingOf([document.id])).toEqual([]);
    expect(await pendingOf(pages.map((p) => p.id))).toEqual(
      pages.map((p) => ({ stage: 'straighten', id: p.id, attempt: 1 })),
    );
  });

  test('has each page once when it is split several times at the same moment', async () => {
    const { document } = await addDocument();
    const pages = [newPage(0), newPage(1), newPage(2)];
    await Promise.all(
      Array.from({ length: 5 }, () => db.store.documents.markSplit(document.id, pages)),
    );
    const stored = await db.store.pages.ofDocument(document.id);
    await db.store.documents.markSplit(document.id, [newPage(7)]);
    expect(await db.store.pages.ofDocument(document.id)).toEqual(stored);
    expect(stored).toHaveLength(3);
  });

  test('with a page that twice has the same number stores nothing at all', async () => {
    const { document } = await addDocument();
    await expect(
      db.store.documents.markSplit(document.id, [newPage(0), newPage(0)]),
    ).rejects.toThrow();
    expect(await db.store.pages.ofDocument(document.id)).toEqual([]);
    expect(await db.store.documents.byId(document.id)).toMatchObject({ state: 'waiting' });
  });

  test('that failed says why and is no longer pending until somebody tries again', async () => {
    const { document } = await addDocument();
    await db.store.documents.fail(document.id, failure('encrypted', 'user password'));
    expect(await db.store.documents.byId(document.id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'encrypted', detail: 'user password' },
    });
    expect(await pendingOf([document.id])).toEqual([]);
    const job = await db.store.documents.retry(document.id);
    expect(job).toEqual({ stage: 'split', id: document.id, attempt: 2 });
    expect(await pendingOf([document.id])).toEqual([job]);
    const { failure: none } = await db.store.documents.byId(document.id);
    expect(none).toBeUndefined();
    await expect(db.store.documents.retry(document.id)).rejects.toMatchObject({
      kind: 'notAllowedNow',
    });
  });

  test('that takes its process down three times is given up as crashed', async () => {
    const { document } = await addDocument();
    for (let i = 0; i < 3; i++) expect(await db.store.documents.begin(document.id)).toBeDefined();
    expect(await db.store.documents.begin(document.id)).toBeUndefined();
    expect(await db.store.documents.byId(document.id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'crashed' },
    });
    await db.store.documents.retry(document.id);
    expect(await db.store.documents.begin(document.id)).toBeDefined();
  });

  test('is not touched by a split that was begun before another try', async () => {
    const { document } = await addDocument();
    expect(await db.store.documents.begin(document.id, 1)).toBeDefined();
    await db.store.documents.fail(document.id, failure('timeout'), 1);
    await db.store.documents.retry(document.id);
    await db.store.documents.fail(document.id, failure('timeout'), 1);
    await db.store.documents.markSplit(document.id, [newPage(0)], 1);
    expect(await db.store.documents.begin(document.id, 1)).toBeUndefined();
    expect(await db.store.documents.byId(document.id)).toMatchObject({ state: 'waiting' });
    await db.store.documents.markSplit(document.id, [newPage(0), newPage(1)], 2);
    // The pages' own run, not the document's: a job of another one would be dropped.
    const jobs = await db.store.pages.jobsOf(document.id, 'straighten');
    expect(jobs).toMatchObject([{ attempt: 1 }, { attempt: 1 }]);
    expect(await db.store.pages.current(jobs[0]!)).toEqual(jobs[0]);
  });

  test('counts its images, also where a split again finds pages cut in two', async () => {
    const { document } = await addDocument();
    await db.store.documents.markSplit(document.id, [
      newPage(0),
      { index: 1, failure: failure('pageUnreadable') },
    ]);
    const [spread] = await db.store.pages.ofDocument(document.id);
    const straightened = { stage: 'straighten', version: 1, seconds: 1, more: true } as const;
    await db.store.pages.finish(spread!.id, straightened);
    await db.store.documents.retry(document.id);
    await db.store.documents.markSplit(document.id, [newPage(0), newPage(1)]);
    expect(await db.store.documents.byId(document.id)).toMatchObject({ pageCount: 2 });
  });

  test('with one unreadable page keeps the others, and a new split fills only that one', async () => {
    const { document } = await addDocument();
    const good = newPage(0);
    await db.store.documents.markSplit(document.id, [
      good,
      { index: 1, failure: failure('pageUnreadable') },
    ]);
    const [first, second] = await db.store.pages.ofDocument(document.id);
    expect(second).toMatchObject({
      failure: { kind: 'pageUnreadable' },
      failedStage: 'split',
      imageKey: '',
    });
    expect(await pendingOf([first!.id, second!.id])).toHaveLength(1);
    await runUntil(db.store, first!, 'read');

    expect(await db.store.pages.retry(second!.id)).toEqual({
      stage: 'split',
      id: document.id,
      attempt: 2,
    });
    await db.store.documents.markSplit(document.id, [newPage(0), newPage(1)]);
    const [firstAfter, secondAfter] = await db.store.pages.ofDocument(document.id);
    expect(firstAfter).toMatchObject({ id: first!.id, imageKey: first!.imageKey, next: 'read' });
    expect(secondAfter).toMatchObject({ id: second!.id, next: 'straighten', source: 'embedded' });
    expect(secondAfter!.failure).toBeUndefined();
    expect(await pendingOf([secondAfter!.id])).toEqual([
      { stage: 'straighten', id: second!.id, attempt: 2 },
    ]);
  });
});

describe('a page', () => {
  test('goes through the stages in order and keeps what each found', async () => {
    const { page } = await addPage();
    const seen: (string | null)[] = [];
    for (const stage of Stage.options.slice(1)) {
      const begun = await db.store.pages.begin(page.id, stage);
      seen.push(begun!.next);
      await db.store.pages.finish(page.id, {
        stage,
        version: 1,
        output: { says: stage, list: [1, 2] },
        seconds: 0.5,
      });
    }
    expect(seen).toEqual(['straighten', 'place', 'read', 'prefill']);
    expect((await db.store.pages.byId(page.id)).next).toBeNull();
    expect(await db.store.pages.outputs(page.id)).toMatchObject({
      straighten: { says: 'straighten', list: [1, 2] },
      prefill: { says: 'prefill' },
    });
    expect(await pendingOf([page.id])).toEqual([]);
  });

  test('is not begun for a stage that it does not wait for', async () => {
    const { page } = await addPage();
    expect(await db.store.pages.begin(page.id, 'read')).toBeUndefined();
    expect(await db.store.pages.byId(page.id)).toMatchObject({ attempts: 0, next: 'straighten' });
  });

  test('is finished once when two workers finish it at the same moment', async () => {
    const { page } = await addPage();
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        db.store.pages.finish(page.id, {
          stage: 'straighten',
          version: 1,
          output: { worker: i },
          seconds: 1,
        }),
      ),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await db.store.pages.outputs(page.id)).toEqual({
      straighten: { worker: results.indexOf(true) },
    });
    expect((await db.store.pages.byId(page.id)).next).toBe('place');
  });

  test('that a slow worker finishes late stays where it is', async () => {
    const { page } = await addPage();
    await runUntil(db.store, page, 'read');
    expect(
      await db.store.pages.finish(page.id, {
        stage: 'straighten',
        version: 1,
        output: 'late',
        seconds: 99,
      }),
    ).toBe(false);
    await db.store.pages.fail(page.id, 'straighten', failure('timeout'));
    const after = await db.store.pages.byId(page.id);
    expect(after.next).toBe('read');
    expect(after.failure).toBeUndefined();
    expect(await db.store.pages.outputs(page.id)).toMatchObject({
      straighten: { next: 'straighten' },
    });
  });

  test('that takes its process down three times is given up as crashed, and others go on', async () => {
    const { page, book } = await addPage();
    const [other] = await addPages(db.store, book.id, 1);
    for (let i = 1; i <= 3; i++) {
      expect(await db.store.pages.begin(page.id, 'straighten')).toMatchObject({ attempts: i });
      // The same id as the job that is running: adding it to a queue again does nothing.
      expect(await pendingOf([page.id])).toMatchObject([{ attempt: 1 }]);
    }
    expect(await db.store.pages.begin(page.id, 'straighten')).toBeUndefined();
    expect(await db.store.pages.byId(page.id)).toMatchObject({
      failure: { kind: 'crashed' },
      failedStage: 'straighten',
    });
    expect(await pendingOf([page.id, other!.id])).toMatchObject([{ id: other!.id }]);
  });

  test('that failed runs again after a retry, with a job that never ran before', async () => {
    const { page } = await addPage();
    const attempts: number[] = [];
    for (let i = 0; i < 4; i++) {
      const [job] = await pendingOf([page.id]);
      attempts.push(job!.attempt);
      expect(await db.store.pages.begin(page.id, 'straighten')).toBeDefined();
      await db.store.pages.fail(page.id, 'straighten', failure('blankPage'));
      expect(await pendingOf([page.id])).toEqual([]);
      expect(await db.store.pages.begin(page.id, 'straighten')).toBeUndefined();
      const again = await db.store.pages.retry(page.id);
      expect(await pendingOf([page.id])).toEqual([again]);
    }
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(await db.store.pages.byId(page.id)).toMatchObject({ attempts: 0 });
    await expect(db.store.pages.retry(page.id)).rejects.toMatchObject({ kind: 'notAllowedNow' });
  });

  test('takes nothing from a run that was begun before somebody asked anew', async () => {
    const { page, book } = await addPage();
    await runUntil(db.store, page, 'place');
    const late = { stage: 'place', version: 1, seconds: 1, run: 1 } as const;
    expect(await db.store.pages.begin(page.id, 'place', 1)).toBeDefined();
    const job = await db.store.pages.change(page.id, { kind: 'entry' });
    expect(job).toMatchObject({ stage: 'place', attempt: 2 });
    expect(await db.store.pages.finish(page.id, { ...late, output: 'stale' })).toBe(false);
    await db.store.pages.fail(page.id, 'place', failure('timeout'), 1);
    await db.store.pages.putOff(page.id, 'place', 1);
    expect(await db.store.pages.begin(page.id, 'place', 1)).toBeUndefined();
    const after = await db.store.pages.byId(page.id);
    expect(after).toMatchObject({ next: 'place', attempts: 0, kind: 'entry' });
    expect(after.failure).toBeUndefined();
    expect(await db.store.pages.finish(page.id, { ...late, run: 2, output: 'new' })).toBe(true);
    expect(await db.store.pages.outputs(page.id)).toMatchObject({ place: 'new' });

    await runUntil(db.store, page, 'prefill');
    const prefill = (run: number) =>
      db.store.records.prefillPage({
        entries: [0, 1].map((entry) => ({
          bookId: book.id,
          entry,
          pages: [{ pageId: page.id, box: { x: 0, y: entry / 2, w: 1, h: 0.5 } }],
          values: {},
          effect: `${page.imageHash}:${run}`,
        })),
        finish: { pageId: page.id, stage: 'prefill', version: 1, seconds: 1, run },
      });
    expect(await prefill(1)).toBeUndefined();
    expect((await db.store.records.list({ bookId: book.id })).total).toBe(0);
    expect(await prefill(2)).toMatchObject([{ created: true }, { created: true }]);
    expect((await db.store.pages.byId(page.id)).next).toBeNull();
  });

  test('that was given up but is finished after all counts as finished', async () => {
    const { page } = await addPage();
    await db.store.pages.begin(page.id, 'straighten');
    await db.store.pages.fail(page.id, 'straighten', failure('timeout'));
    await db.store.pages.finish(page.id, {
      stage: 'straighten',
      version: 1,
      output: 1,
      seconds: 9,
    });
    const after = await db.store.pages.byId(page.id);
    expect(after).toMatchObject({ next: 'place' });
    expect(after.failure).toBeUndefined();
  });

  test('runs again from any stage, and a new version’s finding counts', async () => {
    const { page } = await addPage();
    await runUntil(db.store, page, null);
    expect(await db.store.pages.rerun([page.id], 'read')).toEqual([
      { stage: 'read', id: page.id, attempt: 2 },
    ]);
    await db.store.pages.begin(page.id, 'read');
    await db.store.pages.finish(page.id, { stage: 'read', version: 2, output: 'new', seconds: 1 });
    expect(await db.store.pages.outputs(page.id)).toMatchObject({
      read: 'new',
      place: { next: 'place' },
    });
  });

  test('is found among the failed ones of its book', async () => {
    const { page, book } = await addPage();
    await addPages(db.store, book.id, 3);
    await db.store.pages.fail(page.id, 'straighten', failure('blankPage'));
    const { items, total } = await db.store.pages.list({ bookId: book.id, only: 'failed' });
    expect([items.map((p) => p.id), total]).toEqual([[page.id], 1]);
    expect(await db.store.pages.list({ bookId: book.id, limit: 2, offset: 3 })).toMatchObject({
      items: [{ index: 2 }],
      total: 4,
    });
    expect((await db.store.pages.ofBook(book.id)).map((p) => p.index)).toEqual([0, 0, 1, 2]);
  });
});

describe('what a page is', () => {
  const place = (id: PageId, verdict: PageVerdict) =>
    db.store.pages.finish(id, { stage: 'place', version: 1, seconds: 1, verdict });

  async function placed(verdict: PageVerdict) {
    const { book, page } = await addPage();
    await runUntil(db.store, page, 'place');
    await place(page.id, verdict);
    return { book, page: await db.store.pages.byId(page.id) };
  }

  test('ends the way of a cover, a closing note and a blank sheet, which are counted', async () => {
    for (const kind of ['cover', 'closing', 'blank'] as const) {
      const { book, page } = await placed({ kind });
      expect(page).toMatchObject({ kind, kindBy: 'machine', next: null });
      expect(await db.store.books.summary(book.id)).toMatchObject({
        pagesDone: 1,
        pageKinds: { [kind]: 1, entry: 0 },
      });
      const { items } = await db.store.pages.list({ bookId: book.id, only: 'withoutRecord' });
      expect(items.map((p) => p.id)).toEqual([page.id]);
    }
  });

  test('lets a page without a form go on, with the reason to key it by hand', async () => {
    const reason = failure('notPlaced');
    const { book, page } = await placed({ kind: 'other', reason });
    expect(page).toMatchObject({ next: 'read', reason });
    expect(await db.store.books.summary(book.id)).toMatchObject({ pagesByHand: 1 });
    const { total } = await db.store.pages.list({ bookId: book.id, only: 'byHand' });
    expect(total).toBe(1);
  });

  test('is said by a person against the machine, which runs again and says no more', async () => {
    const { page } = await placed({ kind: 'cover' });
    expect(await db.store.pages.change(page.id, { kind: 'entry' })).toMatchObject({
      stage: 'place',
      id: page.id,
      attempt: 2,
    });
    await place(page.id, { kind: 'cover' });
    expect(await db.store.pages.byId(page.id)).toMatchObject({
      kind: 'entry',
      kindBy: 'person',
      next: 'read',
    });
    await db.store.pages.change(page.id, { kind: null });
    expect((await db.store.pages.byId(page.id)).kind).toBeUndefined();
  });

  test.each([{ kind: 'cover' as const }, { excluded: true }])(
    'said before it was looked at (%j) takes nothing from the right page of its image',
    async (change) => {
      const { page, book } = await addPage();
      const job = await db.store.pages.change(page.id, change);
      expect(job).toMatchObject({ stage: 'straighten', attempt: 2 });
      const straightened = { stage: 'straighten', version: 1, seconds: 1, run: 2 } as const;
      await db.store.pages.finish(page.id, { ...straightened, more: true });
      const pages = await db.store.pages.ofBook(book.id);
      expect(pages.map(({ part, next }) => [part, next])).toEqual([
        [0, null],
        [1, 'straighten'],
      ]);
      expect(await db.store.documents.byId(page.documentId)).toMatchObject({ pageCount: 1 });
    },
  );

  test('said of what cannot be straightened settles it', async () => {
    const { page } = await addPage();
    await db.store.pages.fail(page.id, 'straighten', failure('blankPage'));
    expect(await db.store.pages.change(page.id, { kind: 'blank' })).toBeUndefined();
    const after = await db.store.pages.byId(page.id);
    expect([after.next, after.failure]).toEqual([null, undefined]);
  });

  test('sets the machine’s record aside with its log, and brings it back', async () => {
    const { book, page } = await addPage();
    const { recordId } = await addRecord(db.store, book.id, page);
    const listed = async () => (await db.store.records.list({ bookId: book.id })).total;
    expect(await db.store.pages.change(page.id, { excluded: true })).toBeUndefined();
    expect(await listed()).toBe(0);
    expect((await db.store.books.summary(book.id)).records.prefilled).toBe(0);
    const keyer = await addPerson(db.store, ['keyer']);
    await expect(act(db.store, recordId, keyer, keyAll)).rejects.toMatchObject({
      kind: 'notAllowedNow',
    });
    expect(await db.store.records.log(recordId)).toHaveLength(1);
    await db.store.pages.change(page.id, { excluded: false });
    expect(await listed()).toBe(1);
    await act(db.store, recordId, keyer, keyAll);
  });

  test('sets an untouched record aside when the machine sees later that the page is none', async () => {
    const { book, page } = await addPage();
    await addRecord(db.store, book.id, page);
    await db.store.pages.rerun([page.id], 'place');
    await place(page.id, { kind: 'cover' });
    expect((await db.store.records.list({ bookId: book.id })).total).toBe(0);
    await db.store.pages.rerun([page.id], 'place');
    await place(page.id, { kind: 'entry' });
    expect((await db.store.records.list({ bookId: book.id })).total).toBe(1);
  });

  const begun: HumanAction = {
    type: 'keyed',
    answers: { so: { state: 'written', text: '7/2008' } },
    confirmed: [],
    done: false,
  };

  test.each([
    ['finished', keyAll],
    ['begun', begun],
  ])('takes no record away that people have %s', async (_, action) => {
    const { book, page } = await addPage();
    const { recordId } = await addRecord(db.store, book.id, page);
    await act(db.store, recordId, await addPerson(db.store, ['keyer']), action);
    for (const change of [{ kind: 'cover' as const }, { excluded: true }])
      await expect(db.store.pages.change(page.id, change)).rejects.toMatchObject({
        kind: 'notAllowedNow',
      });
    expect((await db.store.records.list({ bookId: book.id })).total).toBe(1);
  });

  test('keeps a record that a slow worker makes of a page left out meanwhile out of the lists', async () => {
    const { book, page } = await addPage();
    await runUntil(db.store, page, 'prefill');
    await db.store.pages.change(page.id, { excluded: true });
    await addRecord(db.store, book.id, page);
    expect((await db.store.records.list({ bookId: book.id })).total).toBe(0);
    expect((await db.store.pages.byId(page.id)).next).toBeNull();
  });
});

test('all that failed in a book is tried again at once', async () => {
  const { book, document } = await addDocument();
  await db.store.documents.fail(document.id, failure('timeout'));
  const [page, fine] = await addPages(db.store, book.id, 2);
  await db.store.pages.fail(page!.id, 'straighten', failure('timeout'));
  expect(await db.store.pages.retryBook(book.id)).toEqual([
    { stage: 'split', id: document.id, attempt: 2 },
    { stage: 'straighten', id: page!.id, attempt: 2 },
  ]);
  expect(await pendingOf([fine!.id])).toMatchObject([{ attempt: 1 }]);
  expect(await db.store.pages.retryBook(book.id)).toEqual([]);
});

test('pending work is found without reading what is done', async () => {
  // With few rows the planner may scan; asking it not to shows that the indexes fit.
  const client = await db.pool.connect();
  try {
    await client.query('set enable_seqscan = off');
    const { rows } = await client.query(
      `explain select p.next, p.id, p.run from pages p
        where p.next is not null and p.failure is null`,
    );
    expect(rows.map((r) => r['QUERY PLAN']).join()).toContain('pages_pending');
  } finally {
    client.release(true);
  }
});
