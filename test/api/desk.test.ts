import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  AroundAnswer,
  ColumnAnswer,
  ColumnsAnswer,
  ConfirmColumnAnswer,
  DashboardAnswer,
  SampleBookAnswer,
  StripAnswer,
  WordingsAnswer,
} from '../../api/contract.ts';
import type { BookId } from '../../models/ids.ts';
import { type Call, makeRecord, NEW_BOOK, openTestApp, type TestApp } from './support.ts';

let api: TestApp;
let keyer: Call;
let checker: Call;
beforeAll(async () => {
  api = await openTestApp();
  [keyer, checker] = await Promise.all([api.as('nhap'), api.as('kiem')]);
});
afterAll(() => api.close());

const newBook = async (): Promise<BookId> => (await api.system.store.books.create(NEW_BOOK)).id;
const versionOf = async (id: string) => (await keyer('GET', `/api/records/${id}`)).json().version;
const key = (id: string, seen: number, answers: object) =>
  keyer('POST', `/api/records/${id}/actions`, {
    payload: { seen, action: { type: 'keyed', answers } },
  });

describe('a column', () => {
  test('holds one field of the records that want an answer, by value', async () => {
    const bookId = await newBook();
    for (const sex of ['Nữ', 'Nam', 'Nam'])
      await makeRecord(api.system, bookId, { so: '1', nksGioiTinh: sex });
    const { recordId: unread } = await makeRecord(api.system, bookId, { so: '4' });
    const { items }: ColumnAnswer = (
      await keyer('GET', `/api/books/${bookId}/columns/nksGioiTinh`)
    ).json();
    expect(items.map((i) => i.value?.text)).toEqual([undefined, 'Nam', 'Nam', 'Nữ']);
    expect(items[0]).toMatchObject({ recordId: unread, version: 1, number: '4' });
    expect(items[1]?.value?.evidence).toMatchObject({ box: { y: 0.33 }, confidence: 0.8 });

    await key(unread, 1, { nksGioiTinh: { state: 'blank' } });
    const counts: ColumnsAnswer = (await keyer('GET', `/api/books/${bookId}/columns`)).json();
    expect(counts.items.find((c) => c.field === 'nksGioiTinh')).toMatchObject({
      open: 3,
      total: 4,
    });
    expect(counts.items[0]?.field).toBe('trangSo');
    expect((await keyer('GET', `/api/books/${bookId}/columns/quyenSo`)).statusCode).toBe(400);
  });

  test('confirms many rows, each its own action, and reports who was slower', async () => {
    const bookId = await newBook();
    const ids: string[] = [];
    for (const sex of ['Nam', 'Nan', 'Nam'])
      ids.push((await makeRecord(api.system, bookId, { nksGioiTinh: sex })).recordId);
    const [right, wrong, stale] = ids as [string, string, string];
    await key(stale, 1, { nksDanToc: { state: 'written', text: 'Tày' } });
    const other = (await makeRecord(api.system, await newBook())).recordId;
    const answer = await keyer('POST', `/api/books/${bookId}/columns/nksGioiTinh`, {
      payload: {
        items: [
          { recordId: right, seen: 1 },
          { recordId: wrong, seen: 1, answer: { state: 'written', text: 'Nam' } },
          { recordId: stale, seen: 1 },
          { recordId: other, seen: 1 },
        ],
      },
    });
    const { items }: ConfirmColumnAnswer = answer.json();
    expect(items).toMatchObject([
      { recordId: right, outcome: 'saved', version: 2 },
      { recordId: wrong, outcome: 'saved', version: 2 },
      { recordId: stale, outcome: 'stale', version: 2, value: { text: 'Nam' } },
      { recordId: other, outcome: 'refused', problem: { kind: 'notFound' } },
    ]);
    for (const id of [right, wrong]) {
      const { state } = await api.system.store.records.state(id as never);
      expect(state.values.nksGioiTinh).toMatchObject({
        text: 'Nam',
        evidence: { source: 'person' },
      });
      expect(state.status).toBe('prefilled');
    }
    expect(await versionOf(stale)).toBe(2);
  });

  test('is confirmed by keyers only', async () => {
    const bookId = await newBook();
    const { recordId } = await makeRecord(api.system, bookId, { nksGioiTinh: 'Nam' });
    const { items }: ConfirmColumnAnswer = (
      await checker('POST', `/api/books/${bookId}/columns/nksGioiTinh`, {
        payload: { items: [{ recordId, seen: 1 }] },
      })
    ).json();
    expect(items[0]).toMatchObject({ outcome: 'refused', problem: { kind: 'forbidden' } });
    expect(await versionOf(recordId)).toBe(1);
  });
});

describe('who types', () => {
  test('finds the records before and after in page order', async () => {
    const bookId = await newBook();
    const ids: string[] = [];
    for (const so of ['1', '2', '3'])
      ids.push((await makeRecord(api.system, bookId, { so })).recordId);
    const around = async (id: string): Promise<AroundAnswer> =>
      (await keyer('GET', `/api/records/${id}/around`)).json();
    expect(await around(ids[1]!)).toEqual({
      previous: ids[0],
      next: ids[2],
      position: 2,
      total: 3,
    });
    expect(await around(ids[0]!)).toMatchObject({ previous: null, position: 1 });
  });

  test('is offered what people have written in the book, never what a machine has', async () => {
    const bookId = await newBook();
    const place = { state: 'written', text: 'Trạm y tế xã Đồng Mẫu' };
    for (const so of ['1', '2']) {
      const { recordId } = await makeRecord(api.system, bookId, { so, nksNoiSinh: 'Máy đọc' });
      await key(recordId, 1, { nksQueQuan: place });
    }
    const { items }: WordingsAnswer = (
      await keyer('GET', `/api/books/${bookId}/wordings?field=nksNoiSinh`)
    ).json();
    expect(items).toEqual([{ text: place.text, count: 2 }]);
  });

  test('finds communes without diacritics, by the beginnings of words', async () => {
    const find = async (search: string): Promise<string[]> =>
      (await keyer('GET', `/api/units?search=${encodeURIComponent(search)}`)).json().items;
    expect((await find('xa an lac luc yen'))[0]).toBe('Xã An Lạc, huyện Lục Yên, tỉnh Yên Bái');
    expect((await find('ben nghe'))[0]).toBe('Phường Bến Nghé, quận 1, thành phố Hồ Chí Minh');
    expect(await find('không có nơi này')).toEqual([]);
  });
});

describe('at a glance', () => {
  test('every page of a book has its state, and its records', async () => {
    const { store } = api.system;
    const bookId = await newBook();
    const { recordId, pageId } = await makeRecord(api.system, bookId);
    const image = (index: number) => ({
      index,
      imageKey: `pages/none-${index}.jpg`,
      imageHash: String(index).repeat(64),
      width: 100,
      height: 100,
      dpi: 300,
      source: 'embedded' as const,
      quarterTurns: 0 as const,
    });
    const { document } = await store.documents.create({
      bookId,
      name: 'hong.pdf',
      bytes: 10,
      sha256: 'b'.repeat(64),
      blobKey: 'documents/none.pdf',
    });
    await store.documents.markSplit(document.id, [image(1), image(2)]);
    const [broken] = await store.pages.ofDocument(document.id);
    await store.pages.fail(broken!.id, 'straighten', { kind: 'pageUnreadable', message: 'x' });
    const { items }: StripAnswer = (await keyer('GET', `/api/books/${bookId}/strip`)).json();
    expect(items.map((p) => p.state)).toEqual(['waiting', 'failed', 'waiting']);
    expect(items[0]).toMatchObject({ pageId, records: [{ id: recordId, status: 'prefilled' }] });
    expect(items[1]).toMatchObject({ stage: 'straighten', failure: { kind: 'pageUnreadable' } });
  });

  test('people see their own work, who answers for it sees everybody’s', async () => {
    const { recordId } = await makeRecord(api.system, await newBook());
    const before: DashboardAnswer = (await keyer('GET', '/api/dashboard')).json();
    const { fields } = (await keyer('GET', '/api/forms'))
      .json()
      .items.find((f: { id: string }) => f.id === 'birth-2006');
    const answers = Object.fromEntries(
      fields.map((f: { key: string }) => [f.key, { state: 'blank' }]),
    );
    const done = { type: 'keyed', answers, done: true };
    await keyer('POST', `/api/records/${recordId}/actions`, { payload: { seen: 1, action: done } });
    await checker('POST', `/api/records/${recordId}/actions`, {
      payload: { seen: 2, action: { type: 'checked', confirmed: Object.keys(answers) } },
    });
    const own: DashboardAnswer = (await keyer('GET', '/api/dashboard')).json();
    const keyed = (answer: DashboardAnswer) => answer.days.reduce((n, d) => n + d.keyed, 0);
    expect([own.everybody, own.days.length, keyed(own)]).toEqual([false, 1, keyed(before) + 1]);
    expect(own.statuses.checked).toBe(1);
    const all: DashboardAnswer = (await (await api.as('quantri'))('GET', '/api/dashboard')).json();
    expect(all.everybody).toBe(true);
    expect(all.days.map((d) => [d.name, d.checked])).toContainEqual(['Người thử kiem', 1]);
    expect((await keyer('GET', `/api/records/${recordId}/verification`)).json()).toEqual({
      intact: true,
    });
  });

  test('an administrator gets the sample book with accounts, whoever takes books in the book', async () => {
    const intake = await api.as('tiepnhan');
    expect((await keyer('POST', '/api/sample')).statusCode).toBe(403);
    const first: SampleBookAnswer = (await intake('POST', '/api/sample')).json();
    expect(first.accounts).toEqual([]);
    const second: SampleBookAnswer = (
      await (
        await api.as('quantri')
      )('POST', '/api/sample')
    ).json();
    expect(second.bookId).toBe(first.bookId);
    // `nhap`, `kiem` and `duyet` are here already and keep their passwords.
    expect(second.accounts.map((a) => [a.login, a.password])).toEqual([
      ['nhap', undefined],
      ['kiem', undefined],
      ['duyet', undefined],
    ]);
  });
});
