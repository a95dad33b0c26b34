import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Failure } from '../../../models/failures.ts';
import type { BookId } from '../../../models/ids.ts';
import { testStore } from '../../support/database.ts';
import { act, addBook, addPages, addPerson, addRecord, keyAll } from './fixtures.ts';

let db: Awaited<ReturnType<typeof testStore>>;
beforeAll(async () => {
  db = await testStore();
});
afterAll(() => db.close());

/** Collects what is heard until it is closed. */
async function hear() {
  const heard = new Set<BookId>();
  let gaps = 0;
  const { close } = await db.store.listen({
    onBook: (id) => heard.add(id),
    onGap: () => {
      gaps++;
    },
  });
  const waitFor = (id: BookId) => vi.waitFor(() => expect(heard).toContain(id), 10_000);
  return { heard, gaps: () => gaps, waitFor, close };
}

test('what changes is heard as the id of its book', async () => {
  const { store } = db;
  // One book for each kind of change, prepared before anybody listens.
  const books = await Promise.all(Array.from({ length: 6 }, () => addBook(store)));
  const [uploaded, failed, retried, prefilled, keyed, quiet] = books.map((book) => book.id);
  const page = async (id: BookId) => (await addPages(store, id, 1))[0]!;
  const failing = await page(failed!);
  const retrying = await page(retried!);
  await store.pages.fail(retrying.id, 'straighten', new Failure('timeout').toData());
  const reading = await page(prefilled!);
  const { recordId } = await addRecord(store, keyed!, await page(keyed!));
  const keyer = await addPerson(store, ['keyer']);
  await page(quiet!);

  const ear = await hear();
  await page(uploaded!);
  await ear.waitFor(uploaded!);
  await store.pages.fail(failing.id, 'straighten', new Failure('timeout').toData());
  await ear.waitFor(failed!);
  await store.pages.retry(retrying.id);
  await ear.waitFor(retried!);
  await addRecord(store, prefilled!, reading);
  await ear.waitFor(prefilled!);
  await act(store, recordId, keyer, keyAll);
  await ear.waitFor(keyed!);
  expect(ear.heard).not.toContain(quiet);
  await ear.close();
});

test('two listeners share one connection, which goes with the last one', async () => {
  const connections = async () => {
    const { rows } = await db.pool.query(
      `select count(*)::int as n from pg_stat_activity
        where datname = current_database() and query = 'listen so_goc'`,
    );
    return rows[0].n;
  };
  const [one, two] = await Promise.all([hear(), hear()]);
  expect(await connections()).toBe(1);
  await one.close();
  expect(await connections()).toBe(1);
  await two.close();
  await vi.waitFor(async () => expect(await connections()).toBe(0), 10_000);
});

test('a lost connection comes back, says so, and hears again', async () => {
  const book = await addBook(db.store);
  const ear = await hear();
  await db.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query = 'listen so_goc'`,
  );
  await vi.waitFor(() => expect(ear.gaps()).toBe(1), 20_000);
  await addPages(db.store, book.id, 1);
  await ear.waitFor(book.id);
  await ear.close();
});
