import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../models/failures.ts';
import type { BookId } from '../../../models/ids.ts';
import { testStore } from '../../support/database.ts';
import {
  act,
  addBook,
  addPages,
  addPerson,
  addRecord,
  keyAll,
  machineValue,
  runUntil,
  sha256,
  unique,
} from './fixtures.ts';

let db: Awaited<ReturnType<typeof testStore>>;
beforeAll(async () => {
  db = await testStore();
});
afterAll(() => db.close());

describe('a book', () => {
  test('takes register and version from its form', async () => {
    const book = await addBook(db.store, 'marriage-2006');
    expect(book).toMatchObject({
      register: 'KH',
      form: 'marriage-2006',
      formVersion: 1,
      number: '01/2008',
    });
    expect(await db.store.books.byId(book.id)).toEqual(book);
  });

  test('keeps partial dates and the policy as they were given', async () => {
    const book = await db.store.books.create({
      form: 'birth-2006',
      place: 'UBND xã Mẫu',
      placeShort: 'Mẫu',
      number: '2/2007',
      opened: { year: 2007, month: 1 },
    });
    expect(book.opened).toEqual({ year: 2007, month: 1 });
    expect(book.closed).toBeUndefined();
    expect(book.policy).toMatchObject({ otherOrganisation: true });
  });

  test('has the habit of a slash in its numbers when more than half of them have one', async () => {
    const { id } = await addBook(db.store);
    const habits = async (...numbers: (string | undefined)[]) => {
      for (const [i, page] of (await addPages(db.store, id, numbers.length)).entries())
        await addRecord(db.store, id, page, numbers[i] ? { so: machineValue(numbers[i]) } : {});
      return (await db.store.books.habits(id)).numbersHaveSlash;
    };
    expect(await habits()).toBe(false);
    expect(await habits('41')).toBe(false);
    expect(await habits('42/2008')).toBe(false);
    // A record without a number speaks for nothing.
    expect(await habits('43/2008', undefined, undefined)).toBe(true);
    expect(await habits('44')).toBe(false);
  });

  test('of an unknown form is refused', async () => {
    await expect(addBook(db.store, 'birth-1900')).rejects.toMatchObject({ kind: 'notFound' });
  });

  test('is found by place and number without diacritics', async () => {
    const n = 1000 + unique();
    const book = await db.store.books.create({
      form: 'birth-2006',
      place: `UBND xã Đông Mẫu ${n}`,
      placeShort: 'Đông Mẫu',
      number: '07/2008',
    });
    for (const search of [`dong mau ${n}`, `07/2008 ĐÔNG ${n}`, `ks ${n}`]) {
      const { items, total } = await db.store.books.list({ search });
      expect([items.map((b) => b.id), total]).toEqual([[book.id], 1]);
    }
    expect((await db.store.books.list({ search: `dong ${n} tay` })).items).toEqual([]);
  });

  test('is listed newest first, in parts', async () => {
    const books = [await addBook(db.store), await addBook(db.store), await addBook(db.store)];
    const { items, total } = await db.store.books.list({ limit: 2, offset: 0 });
    expect(total).toBeGreaterThanOrEqual(3);
    expect(items).toHaveLength(2);
    expect(books.map((b) => b.id)).toEqual(expect.arrayContaining(items.map((b) => b.id)));
  });
});

test('a summary and the progress count documents, pages and records', async () => {
  const { store } = db;
  const { id } = await addBook(store);
  const pages = await addPages(store, id, 5);
  const waiting = async () =>
    store.documents.create({
      bookId: id,
      name: 'b.pdf',
      bytes: 1,
      sha256: sha256(`d${unique()}`),
      blobKey: 'b',
    });
  await waiting();
  const { document } = await waiting();
  await store.documents.fail(document.id, new Failure('empty').toData());
  await store.pages.fail(pages[4]!.id, 'straighten', new Failure('blankPage').toData());
  await runUntil(store, pages[3]!, 'read');
  const keyer = await addPerson(store, ['keyer']);
  const records = [];
  for (const page of pages.slice(0, 2)) records.push(await addRecord(store, id, page));
  await act(store, records[0]!.recordId, keyer, keyAll);

  const counts = { prefilled: 1, keyed: 1, checked: 0, returned: 0, approved: 0 };
  expect(await store.books.summary(id)).toMatchObject({
    id,
    documents: 3,
    waitingDocuments: 1,
    failedDocuments: 1,
    pages: 5,
    pagesDone: 2,
    pagesFailed: 1,
    records: counts,
  });
  const empty = await addBook(store);
  expect(await store.books.summary(empty.id)).toMatchObject({ pages: 0, records: { keyed: 0 } });
});

test('an unknown book is answered with notFound', async () => {
  const id = '00000000-0000-4000-8000-000000000000' as BookId;
  await expect(db.store.books.byId(id)).rejects.toMatchObject({ kind: 'notFound' });
  await expect(db.store.books.summary(id)).rejects.toMatchObject({ kind: 'notFound' });
});

test('a layout keeps arrays in its data, in the order of time', async () => {
  const { id } = await addBook(db.store);
  await db.store.layouts.add(id, { form: 'birth-2006', data: [1, [2]], blobKey: 'layouts/1' });
  await db.store.layouts.add(id, { form: 'birth-2006', data: { a: [] } });
  expect(await db.store.layouts.ofBook(id)).toMatchObject([
    { data: [1, [2]], blobKey: 'layouts/1' },
    { data: { a: [] } },
  ]);
});

test('a dataset is kept with who made it', async () => {
  const { id } = await addBook(db.store);
  const person = await addPerson(db.store, ['approver']);
  const made = await db.store.exports.add({
    bookId: id,
    personId: person.id,
    draft: true,
    summary: { files: ['a.xlsx'] },
  });
  expect(await db.store.exports.ofBook(id)).toEqual([made]);
  expect(await db.store.exports.byId(made.id)).toMatchObject({
    draft: true,
    summary: { files: ['a.xlsx'] },
  });
});
