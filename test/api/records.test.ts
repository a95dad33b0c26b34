import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordAnswer } from '../../api/contract.ts';
import { type Form, fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { BookId } from '../../models/ids.ts';
import { type Call, makeRecord, NEW_BOOK, openTestApp, type TestApp } from './support.ts';

let api: TestApp;
let keyer: Call;
let checker: Call;
let approver: Call;
let everything: Call;
beforeAll(async () => {
  api = await openTestApp();
  [keyer, checker, approver, everything] = await Promise.all([
    api.as('nhap'),
    api.as('kiem'),
    api.as('duyet'),
    api.as('damnhiem'),
  ]);
});
afterAll(() => api.close());

const form: Form = formOf('birth-2006');
const CHECKED = { type: 'checked', confirmed: fieldsOnForm(form) };

async function newBook(more: object = {}): Promise<BookId> {
  return (await api.system.store.books.create({ ...NEW_BOOK, ...more })).id;
}

/** Answers every field: the machine's values confirmed, the rest blank. */
const allDone = (record: RecordAnswer) => ({
  type: 'keyed',
  answers: Object.fromEntries(
    fieldsOnForm(form)
      .filter((key) => !record.values[key])
      .map((key) => [key, { state: 'blank' }]),
  ),
  confirmed: Object.keys(record.values),
  done: true,
});

const act = (call: Call, id: string, seen: number, action: object) =>
  call('POST', `/api/records/${id}/actions`, { payload: { seen, action } });

describe('a record', () => {
  test('comes with its values, the page it lies on, and what the reader may do', async () => {
    const { recordId, pageId } = await makeRecord(api.system, await newBook());
    const answer = await keyer('GET', `/api/records/${recordId}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const record: RecordAnswer = answer.json();
    expect(record).toMatchObject({
      form: 'birth-2006',
      status: 'prefilled',
      version: 1,
      moves: ['keyed'],
      refusals: { checked: { kind: 'forbidden' } },
      pages: [{ pageId, index: 0, width: 1240, height: 1754, box: { x: 0, y: 0, w: 1, h: 1 } }],
      keyers: [],
      checker: null,
      notes: [],
    });
    expect(record.values.nksHoTen?.text).toBe('Nguyễn Văn Thử');
    expect((await (await api.as('xem'))('GET', `/api/records/${recordId}`)).json().moves).toEqual(
      [],
    );
  });

  test('goes from hand to hand until it is approved, and its log tells by whom', async () => {
    const { recordId } = await makeRecord(api.system, await newBook());
    const first: RecordAnswer = (await keyer('GET', `/api/records/${recordId}`)).json();
    const keyed = await act(keyer, recordId, 1, allDone(first));
    expect(keyed.statusCode).toBe(200);
    expect(keyed.json()).toMatchObject({
      status: 'keyed',
      version: 2,
      keyers: [{ name: 'Người thử nhap' }],
    });
    const returned = await act(checker, recordId, 2, {
      type: 'returned',
      reasons: [{ field: 'so', reason: 'Thiếu năm' }],
    });
    expect(returned.json()).toMatchObject({
      status: 'returned',
      reasons: [{ field: 'so', reason: 'Thiếu năm' }],
    });
    await act(keyer, recordId, 3, {
      type: 'keyed',
      answers: { so: { state: 'written', text: '13/2008' } },
      done: true,
    });
    expect((await act(checker, recordId, 4, CHECKED)).json().status).toBe('checked');
    const approved: RecordAnswer = (await act(approver, recordId, 5, { type: 'approved' })).json();
    expect(approved).toMatchObject({
      status: 'approved',
      moves: ['reopened'],
      checker: { name: 'Người thử kiem' },
      approver: { name: 'Người thử duyet' },
    });
    expect(approved.values.so).toMatchObject({
      text: '13/2008',
      evidence: { source: 'person', candidates: [{ text: '12/2008', probability: 0.8 }] },
    });
    const log = (await checker('GET', `/api/records/${recordId}/log`)).json().items;
    expect(log.map((e: { content: { type: string } }) => e.content.type)).toEqual([
      'prefilled',
      'keyed',
      'returned',
      'keyed',
      'checked',
      'approved',
    ]);
    expect(log[0].person).toBeNull();
    expect(log[1].person.name).toBe('Người thử nhap');
  });

  test('is not called done while a field has no answer', async () => {
    const { recordId } = await makeRecord(api.system, await newBook());
    const answer = await act(keyer, recordId, 1, { type: 'keyed', answers: {}, done: true });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().error.kind).toBe('incomplete');
  });
});

describe('four eyes', () => {
  test('one person with all roles neither checks nor approves what they keyed', async () => {
    const bookId = await newBook({ policy: { otherOrganisation: false } });
    const { recordId } = await makeRecord(api.system, bookId);
    const first: RecordAnswer = (await everything('GET', `/api/records/${recordId}`)).json();
    const keyed = await act(everything, recordId, 1, allDone(first));
    expect(keyed.json().refusals.checked).toMatchObject({ kind: 'fourEyes' });
    const checked = await act(everything, recordId, 2, CHECKED);
    expect(checked.statusCode).toBe(403);
    expect(checked.json().error).toMatchObject({
      kind: 'fourEyes',
      message: expect.stringContaining('khác nhau'),
    });
    expect((await act(checker, recordId, 2, CHECKED)).statusCode).toBe(200);
    expect((await act(everything, recordId, 3, { type: 'approved' })).statusCode).toBe(403);
    expect((await act(approver, recordId, 3, { type: 'approved' })).statusCode).toBe(200);
  });

  test('who checked does not approve', async () => {
    const { recordId } = await makeRecord(api.system, await newBook());
    const first: RecordAnswer = (await keyer('GET', `/api/records/${recordId}`)).json();
    await act(keyer, recordId, 1, allDone(first));
    await act(everything, recordId, 2, CHECKED);
    const approved = await act(everything, recordId, 3, { type: 'approved' });
    expect([approved.statusCode, approved.json().error.kind]).toEqual([403, 'fourEyes']);
  });

  test('checking takes another organisation than keying where the book says so', async () => {
    const { recordId } = await makeRecord(api.system, await newBook());
    const first: RecordAnswer = (await everything('GET', `/api/records/${recordId}`)).json();
    await act(everything, recordId, 1, allDone(first));
    const checked = await act(checker, recordId, 2, CHECKED);
    expect([checked.statusCode, checked.json().error.kind]).toEqual([403, 'fourEyes']);
  });

  test('no role allows what the table of moves does not', async () => {
    const { recordId } = await makeRecord(api.system, await newBook());
    expect((await act(checker, recordId, 1, { type: 'keyed', answers: {} })).statusCode).toBe(403);
    const early = await act(checker, recordId, 1, CHECKED);
    expect([early.statusCode, early.json().error.kind]).toEqual([409, 'notAllowedNow']);
    const viewer = await api.as('xem');
    expect((await act(viewer, recordId, 1, { type: 'keyed', answers: {} })).statusCode).toBe(403);
    const boss = await api.as('quantri');
    expect((await act(boss, recordId, 1, { type: 'keyed', answers: {} })).statusCode).toBe(403);
  });
});

describe('two people on one record', () => {
  test('the slower one gets both sides to compare', async () => {
    const { recordId } = await makeRecord(api.system, await newBook());
    const mine = { type: 'keyed', answers: { so: { state: 'written', text: 'của tôi' } } };
    const theirs = { type: 'keyed', answers: { so: { state: 'written', text: 'của họ' } } };
    await act(everything, recordId, 1, theirs);
    const late = await act(keyer, recordId, 1, mine);
    expect(late.statusCode).toBe(409);
    expect(late.json()).toMatchObject({
      error: { kind: 'conflict' },
      yours: { seen: 1, action: { type: 'keyed', answers: { so: { text: 'của tôi' } } } },
      current: { version: 2, values: { so: { text: 'của họ' } }, moves: ['keyed'] },
    });
  });

  test('of ten saves at the same moment one gets through', async () => {
    const { recordId } = await makeRecord(api.system, await newBook());
    const saves = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        act(keyer, recordId, 1, {
          type: 'keyed',
          answers: { so: { state: 'written', text: `${n}` } },
        }),
      ),
    );
    expect(saves.map((s) => s.statusCode).sort()).toEqual([200, ...Array(9).fill(409)]);
  });
});

describe('the list', () => {
  test('finds names without diacritics, in any case and order of words, within a book', async () => {
    const bookId = await newBook();
    await makeRecord(api.system, bookId, { so: '1/2008', nksHoTen: 'Đặng Thị Ánh Tuyết' });
    await makeRecord(api.system, bookId, { so: '2/2008', nksHoTen: 'Vũ Đức Ôn' });
    const find = async (search: string) =>
      (await keyer('GET', '/api/records', { query: { bookId, search } }))
        .json()
        .items.map((r: { number: string }) => r.number);
    expect(await find('anh tuyet dang')).toEqual(['1/2008']);
    expect(await find('VU DUC')).toEqual(['2/2008']);
    expect(await find('ôn')).toEqual(['2/2008']);
    expect(await find('%')).toEqual([]);
    expect(await find("'; drop table records; --")).toEqual([]);
    expect(await find('')).toEqual(['1/2008', '2/2008']);
    const page = await keyer('GET', '/api/records', { query: { bookId, limit: '1', offset: '1' } });
    expect(page.json()).toMatchObject({ total: 2, items: [{ number: '2/2008' }] });
  });

  test('is narrowed by status', async () => {
    const bookId = await newBook();
    const { recordId } = await makeRecord(api.system, bookId);
    await makeRecord(api.system, bookId, { so: '9/2008' });
    const first: RecordAnswer = (await keyer('GET', `/api/records/${recordId}`)).json();
    await act(keyer, recordId, 1, allDone(first));
    const keyed = await keyer('GET', '/api/records', { query: { bookId, status: 'keyed' } });
    expect(keyed.json().items).toMatchObject([{ id: recordId, names: ['Nguyễn Văn Thử'] }]);
  });

  test('refuses limits and statuses that nobody needs', async () => {
    for (const query of ['limit=100000', 'limit=-1', 'limit=x', 'offset=-5', 'status=gone'])
      expect((await keyer('GET', `/api/records?${query}`)).statusCode).toBe(400);
  });
});

describe('the next record', () => {
  test('is the one after the last, then the first again, and none when nothing waits', async () => {
    const bookId = await newBook();
    const a = await makeRecord(api.system, bookId);
    const b = await makeRecord(api.system, bookId);
    const next = async (call: Call, query: Record<string, string>) =>
      (await call('GET', '/api/records/next', { query: { bookId, for: 'key', ...query } })).json()
        .id;
    expect(await next(keyer, {})).toBe(a.recordId);
    expect(await next(keyer, { after: a.recordId })).toBe(b.recordId);
    expect(await next(keyer, { after: b.recordId })).toBe(a.recordId);
    expect(await next(checker, {})).toBeNull();
    expect(await next(checker, { for: 'check' })).toBeNull();
  });
});
