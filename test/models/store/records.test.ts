import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../models/failures.ts';
import type { FieldValues } from '../../../models/fields.ts';
import type { BookId, PageId, RecordId } from '../../../models/ids.ts';
import type { Person } from '../../../models/people.ts';
import { testStore } from '../../support/database.ts';
import {
  act,
  addBook,
  addPages,
  addPerson,
  addRecord,
  CHECKED,
  fullAnswers,
  keyAll,
  machineValue,
  runUntil,
  VALUES,
} from './fixtures.ts';

let db: Awaited<ReturnType<typeof testStore>>;
beforeAll(async () => {
  db = await testStore();
});
afterAll(() => db.close());

/** A book with one prefilled record and three people. */
async function scene(otherOrganisation = false) {
  const { store } = db;
  const book = await addBook(store, 'birth-2006', otherOrganisation);
  const [page] = await addPages(store, book.id, 1);
  const { recordId } = await addRecord(store, book.id, page!);
  const keyer = await addPerson(store, ['keyer', 'checker', 'approver']);
  const checker = await addPerson(store, ['keyer', 'checker', 'approver']);
  const approver = await addPerson(store, ['keyer', 'checker', 'approver']);
  return { store, book, page: page!, recordId, keyer, checker, approver };
}

const kind = (kind: string) => expect.objectContaining({ name: 'Failure', kind });

describe('a prefilled record', () => {
  test('is stored with its page, its first action and the end of the machine’s work', async () => {
    const { store, recordId, page, book } = await scene();
    const { record, state } = await store.records.state(recordId);
    expect(record).toMatchObject({
      bookId: book.id,
      register: 'KS',
      form: 'birth-2006',
      status: 'prefilled',
      version: 1,
      names: ['Nguyễn Thị Mẫu Đơn'],
      number: '41/2008',
      pages: [{ pageId: page.id, index: 0 }],
      keyers: [],
    });
    expect(state.values).toEqual(VALUES);
    expect(await store.records.log(recordId)).toMatchObject([
      { version: 1, personId: null, seen: 0, content: { type: 'prefilled' } },
    ]);
    expect(await store.pages.byId(page.id)).toMatchObject({ next: null });
  });

  test('counts as doubtful what is unanswered or was read below 0.9', async () => {
    const { store, recordId } = await scene();
    const answered = fullAnswers();
    // Three values, one of them at 0.8.
    expect((await store.records.byId(recordId)).doubtful).toBe(Object.keys(answered).length - 2);
  });

  test('appears once when the same work is done twice, one after the other', async () => {
    const { store, recordId, book, page } = await scene();
    expect(await addRecord(store, book.id, page)).toEqual({
      recordId,
      created: false,
      appended: false,
    });
    expect(await store.records.log(recordId)).toHaveLength(1);
  });

  test('appears once when ten workers store it at the same moment', async () => {
    const { store } = db;
    const book = await addBook(store);
    const [page] = await addPages(store, book.id, 1);
    await runUntil(store, page!, 'prefill');
    const results = await Promise.all(
      Array.from({ length: 10 }, () => addRecord(store, book.id, page!)),
    );
    expect(results.filter((r) => r.created)).toHaveLength(1);
    expect(results.filter((r) => r.appended)).toHaveLength(1);
    expect(new Set(results.map((r) => r.recordId)).size).toBe(1);
    expect((await store.records.list({ bookId: book.id })).total).toBe(1);
    const { rows } = await db.pool.query(
      `select count(*)::int as n from stage_results where page_id = $1 and stage = 'prefill'`,
      [page!.id],
    );
    expect(rows[0].n).toBe(1);
  });

  test('is two records for two entries of one page', async () => {
    const { store } = db;
    const book = await addBook(store);
    const [page] = await addPages(store, book.id, 1);
    const store2 = (entry: number) =>
      store.records.createPrefilled({
        bookId: book.id,
        pages: [{ pageId: page!.id, box: { x: 0, y: entry / 2, w: 1, h: 0.5 } }],
        entry,
        values: VALUES,
        effect: 'same',
      });
    await Promise.all([store2(1), store2(0)]);
    const { items } = await store.records.list({ bookId: book.id });
    expect(items.map((r) => r.entry)).toEqual([0, 1]);
  });

  test('may run over two pages', async () => {
    const { store } = db;
    const book = await addBook(store);
    const [first, second] = await addPages(store, book.id, 2);
    const { recordId } = await store.records.createPrefilled({
      bookId: book.id,
      pages: [
        { pageId: second!.id, box: { x: 0, y: 0.5, w: 1, h: 0.5 } },
        { pageId: first!.id, box: { x: 0, y: 0, w: 1, h: 0.5 } },
      ],
      values: VALUES,
      effect: 'e',
    });
    expect((await store.records.byId(recordId)).pages.map((p) => p.index)).toEqual([1, 0]);
  });

  test('is refused on a page of another book', async () => {
    const { store, page } = await scene();
    const other = await addBook(store);
    await expect(
      store.records.createPrefilled({
        bookId: other.id,
        pages: [{ pageId: page.id, box: { x: 0, y: 0, w: 1, h: 1 } }],
        values: {},
        effect: 'e',
      }),
    ).rejects.toEqual(kind('notFound'));
  });

  test('keeps text that PostgreSQL cannot store as it is, cleaned', async () => {
    const { store } = db;
    const book = await addBook(store);
    const [page] = await addPages(store, book.id, 1);
    const values = { nksHoTen: machineValue('Mẫu\0 \uD800 Đơn "\\u0000"') };
    const { recordId } = await addRecord(store, book.id, page!, values);
    const { state } = await store.records.state(recordId);
    expect(state.values.nksHoTen?.text).toBe('Mẫu \uFFFD Đơn "\\u0000"');
    expect(await store.records.verify(recordId)).toBeUndefined();
  });
});

describe('a new version of a stage', () => {
  const rerun = async (
    { store, book, page }: Awaited<ReturnType<typeof scene>>,
    values: FieldValues = { so: machineValue('42/2008'), nksQueQuan: machineValue('Xã Mẫu') },
  ) => {
    await store.pages.rerun([page.id], 'prefill');
    return store.records.createPrefilled({
      bookId: book.id,
      pages: [{ pageId: page.id, box: { x: 0, y: 0, w: 1, h: 1 } }],
      values,
      effect: `${page.imageHash}:prefill:2`,
      finish: { pageId: page.id, stage: 'prefill', version: 2, seconds: 0.1 },
    });
  };

  test('adds to the same record and leaves alone what a person answered', async () => {
    const it = await scene();
    const { store, recordId, keyer } = it;
    await act(store, recordId, keyer, {
      type: 'keyed',
      answers: { so: { state: 'written', text: '40/2008' } },
    });
    expect(await rerun(it)).toEqual({ recordId, created: false, appended: true });
    const { state } = await store.records.state(recordId);
    expect(state.version).toBe(3);
    expect(state.values.so).toMatchObject({ text: '40/2008', evidence: { source: 'person' } });
    expect(state.values.so?.evidence.candidates.map((c) => c.text)).toContain('42/2008');
    expect(state.values.nksQueQuan?.text).toBe('Xã Mẫu');
  });

  test('changes no value of a record that is approved', async () => {
    const it = await scene();
    const { store, recordId, keyer, checker, approver } = it;
    await act(store, recordId, keyer, keyAll);
    await act(store, recordId, checker, CHECKED);
    const before = await act(store, recordId, approver, { type: 'approved' });
    await rerun(it, { so: machineValue('42/2008'), nguoiKy: machineValue('Ai Đó') });
    const { state } = await store.records.state(recordId);
    const said = (values: typeof state.values) =>
      Object.entries(values).map(([key, v]) => [key, v.state, v.text, v.normalized]);
    expect(said(state.values)).toEqual(said(before.state.values));
    expect(state.status).toBe('approved');
  });
});

describe('people’s actions', () => {
  test('take a record from prefilled to approved', async () => {
    const { store, recordId, keyer, checker, approver } = await scene();
    expect((await act(store, recordId, keyer, keyAll)).record.status).toBe('keyed');
    expect((await act(store, recordId, checker, CHECKED)).record.status).toBe('checked');
    const { record, state } = await act(store, recordId, approver, { type: 'approved' });
    expect(record).toMatchObject({ status: 'approved', version: 4, keyers: [keyer.id] });
    expect(state).toMatchObject({ checker: checker.id, approver: approver.id });
    expect(await store.records.verify(recordId)).toBeUndefined();
  });

  test('leave texts to read the rest of the book by, once approved, each once', async () => {
    const { store, book, recordId, keyer, checker, approver } = await scene();
    await act(store, recordId, keyer, keyAll);
    await act(store, recordId, checker, { type: 'checked' });
    expect(await store.records.approvedTexts(book.id, 10)).toEqual([]);
    const { state } = await act(store, recordId, approver, { type: 'approved' });
    const texts = await store.records.approvedTexts(book.id, 10);
    const written = Object.entries(state.values).filter(([, v]) => v.state === 'written');
    expect(texts).toHaveLength(written.length);
    for (const [key, { text }] of written) expect(texts).toContainEqual({ key, text });
    expect(await store.records.approvedTexts(book.id, 0)).toEqual([]);
  });

  test('let exactly one of two people through who saw the same version', async () => {
    const { store, recordId, keyer, checker } = await scene();
    const save = (person: Person, text: string) =>
      store.records.append(recordId, {
        person,
        seen: 1,
        action: { type: 'keyed', answers: { so: { state: 'written', text } } },
      });
    const results = await Promise.allSettled([
      save(keyer, '1/2008'),
      save(checker, '2/2008'),
      save(keyer, '3/2008'),
      save(checker, '4/2008'),
    ]);
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toEqual(kind('conflict'));
    expect((await store.records.byId(recordId)).version).toBe(2);
  });

  test('answer a stale version with 409, and who may not with 403 before that', async () => {
    const { store, recordId, keyer } = await scene();
    await act(store, recordId, keyer, keyAll);
    const append = (person: Person, type: 'checked' | 'approved') =>
      store.records.append(recordId, { person, seen: 1, action: { type } });
    await expect(append(keyer, 'checked')).rejects.toEqual(kind('fourEyes'));
    const viewer = await addPerson(store, ['viewer']);
    await expect(append(viewer, 'checked')).rejects.toEqual(kind('forbidden'));
    const checker = await addPerson(store, ['checker', 'approver']);
    await expect(append(checker, 'checked')).rejects.toEqual(kind('conflict'));
    await expect(append(checker, 'approved')).rejects.toEqual(kind('conflict'));
  });

  test('are refused in a status that does not allow them', async () => {
    const { store, recordId, checker } = await scene();
    await expect(act(store, recordId, checker, { type: 'approved' })).rejects.toEqual(
      kind('notAllowedNow'),
    );
  });

  test('cannot call a record done while a field has no person’s answer', async () => {
    const { store, recordId, keyer } = await scene();
    await expect(
      act(store, recordId, keyer, { type: 'keyed', answers: {}, done: true }),
    ).rejects.toEqual(kind('incomplete'));
    expect((await store.records.byId(recordId)).version).toBe(1);
  });

  test('cannot answer a field that the form does not have', async () => {
    const { store, recordId, keyer } = await scene();
    for (const key of ['meNgaySinh', 'constructor', '__proto__x'])
      await expect(
        act(store, recordId, keyer, { type: 'keyed', answers: { [key]: { state: 'blank' } } }),
      ).rejects.toEqual(kind('invalid'));
    await expect(
      act(store, recordId, keyer, { type: 'keyed', answers: {}, confirmed: ['constructor'] }),
    ).rejects.toEqual(kind('invalid'));
  });

  test('on an unknown record are answered with notFound', async () => {
    const { store, keyer } = await scene();
    const id = '00000000-0000-4000-8000-000000000000' as RecordId;
    await expect(
      store.records.append(id, { person: keyer, seen: 1, action: CHECKED }),
    ).rejects.toEqual(kind('notFound'));
    await expect(store.records.state(id)).rejects.toBeInstanceOf(Failure);
  });
});

describe('a list of records', () => {
  let bookId: BookId;
  let ids: RecordId[];
  beforeAll(async () => {
    const { store } = db;
    const book = await addBook(store);
    bookId = book.id;
    const first = await addPages(store, bookId, 3);
    const second = await addPages(store, bookId, 2);
    const names = ['Trần Văn Đức', 'Lê Thị Hồng', '100%_Thật', 'Trần Thị Đào', 'Đỗ Văn An'];
    ids = [];
    // Stored in another order than that of the pages.
    for (const i of [4, 1, 3, 0, 2]) {
      const page = [...first, ...second][i]!;
      const values = {
        so: machineValue(`${i + 1}/2008`),
        nksHoTen: machineValue(names[i]!),
        ngayDangKy: machineValue('15.01.2008'),
      };
      ids[i] = (await addRecord(store, bookId, page, values)).recordId;
    }
  });
  const list = async (query: Parameters<typeof db.store.records.list>[0]) =>
    (await db.store.records.list({ bookId, ...query })).items.map((r) => r.number);

  test('is in the order of the pages', async () => {
    expect(await list({})).toEqual(['1/2008', '2/2008', '3/2008', '4/2008', '5/2008']);
    expect((await db.store.records.list({ bookId })).items[0]).toMatchObject({
      names: ['Trần Văn Đức'],
      registered: '15.01.2008',
    });
  });

  test('is searched without diacritics or case, all words anywhere', async () => {
    expect(await list({ search: 'tran' })).toEqual(['1/2008', '4/2008']);
    expect(await list({ search: 'DAO trần' })).toEqual(['4/2008']);
    expect(await list({ search: 'đỗ' })).toEqual(['5/2008']);
    expect(await list({ search: '3/2008' })).toEqual(['3/2008']);
    expect(await list({ search: 'nobody' })).toEqual([]);
  });

  test('takes wildcards and quotes of a search literally', async () => {
    expect(await list({ search: '100%_' })).toEqual(['3/2008']);
    expect(await list({ search: '%' })).toEqual(['3/2008']);
    expect(await list({ search: '\\' })).toEqual([]);
    expect(await list({ search: "'; drop table records; --" })).toEqual([]);
    expect(await list({ search: '\0' })).toHaveLength(5);
  });

  test('is cut into parts with the whole count', async () => {
    const part = await db.store.records.list({ bookId, limit: 2, offset: 3 });
    expect(part.items.map((r) => r.number)).toEqual(['4/2008', '5/2008']);
    expect(part.total).toBe(5);
  });

  test('is narrowed to a status', async () => {
    const keyer = await addPerson(db.store, ['keyer']);
    await act(db.store, ids[1]!, keyer, keyAll);
    expect(await list({ status: 'keyed' })).toHaveLength(1);
    expect((await db.store.records.list({ bookId, status: 'prefilled' })).total).toBe(4);
  });

  test('gives for an export values and page images, in page order', async () => {
    const exported = [];
    for await (const record of db.store.records.forExport(bookId, ['prefilled']))
      exported.push(record);
    expect(exported.map((r) => r.values.so?.text)).toEqual([
      '1/2008',
      '3/2008',
      '4/2008',
      '5/2008',
    ]);
    expect(exported[0]?.head).toMatch(/^[0-9a-f]{64}$/);
    expect(exported[0]?.pages[0]).toMatchObject({ index: 0, width: 2480, source: 'embedded' });
  });
});

describe('the next record', () => {
  test('is the first in page order that waits and that this person may do', async () => {
    const { store } = db;
    const book = await addBook(store);
    const pages = await addPages(store, book.id, 3);
    const [a, b, c] = (await Promise.all(
      pages.map(async (page) => (await addRecord(store, book.id, page)).recordId),
    )) as [RecordId, RecordId, RecordId];
    const one = await addPerson(store, ['keyer', 'checker']);
    const two = await addPerson(store, ['keyer', 'checker', 'approver']);
    const next = (person: Person, what: 'key' | 'check' | 'approve', after?: RecordId) =>
      store.leases.peek({ bookId: book.id, person, work: what, after });

    expect(await next(one, 'key')).toBe(a);
    expect(await next(one, 'key', a)).toBe(b);
    // Behind the last one the search begins anew.
    expect(await next(one, 'key', c)).toBe(a);
    expect(await next(one, 'check')).toBeUndefined();

    await act(store, a, one, keyAll);
    await act(store, b, two, keyAll);
    expect(await next(one, 'key', a)).toBe(c);
    expect(await next(one, 'key', c)).toBeUndefined();
    expect(await next(one, 'check')).toBe(b);
    expect(await next(two, 'check')).toBe(a);

    await act(store, a, two, CHECKED);
    expect(await next(two, 'approve')).toBeUndefined();
    expect(await next(one, 'approve')).toBeUndefined();
    const three = await addPerson(store, ['approver']);
    expect(await next(three, 'approve')).toBe(a);
  });

  test('to check is of another organisation where the book says so', async () => {
    const { store, book, recordId, keyer } = await scene(true);
    await act(store, recordId, keyer, keyAll);
    const colleague = await addPerson(store, ['checker'], keyer.organisationId);
    const stranger = await addPerson(store, ['checker']);
    const next = (person: Person) => store.leases.peek({ bookId: book.id, person, work: 'check' });
    expect(await next(colleague)).toBeUndefined();
    expect(await next(stranger)).toBe(recordId);
  });
});

test('a page id of nowhere is answered with notFound', async () => {
  await expect(
    db.store.pages.byId('00000000-0000-4000-8000-000000000000' as PageId),
  ).rejects.toEqual(kind('notFound'));
});
