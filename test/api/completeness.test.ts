import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { BookId, RecordId } from '../../models/ids.ts';
import { type Call, makeRecord, NEW_BOOK, openTestApp, type TestApp } from './support.ts';

/*
 * A book from received to ready: nothing odd without a person's reason.
 */

let api: TestApp;
let boss: Call;
let intake: Call;
let keyer: Call;
let checker: Call;
let approver: Call;
beforeAll(async () => {
  api = await openTestApp();
  [boss, intake, keyer, checker, approver] = await Promise.all([
    api.as('quantri'),
    api.as('tiepnhan'),
    api.as('nhap'),
    api.as('kiem'),
    api.as('duyet'),
  ]);
});
afterAll(() => api.close());

const asked = fieldsOnForm(formOf('birth-2006'));
const act = async (call: Call, id: string, action: object) => {
  const { version } = (await call('GET', `/api/records/${id}`)).json();
  const answer = await call('POST', `/api/records/${id}/actions`, {
    payload: { seen: version, action },
  });
  expect(answer.statusCode).toBe(200);
};
const key = (id: RecordId, number: string) =>
  act(keyer, id, {
    type: 'keyed',
    answers: {
      ...Object.fromEntries(asked.map((field) => [field, { state: 'blank' }])),
      so: { state: 'written', text: number },
    },
    done: true,
  });
const check = (id: RecordId) => act(checker, id, { type: 'checked', confirmed: asked });
const approve = (id: RecordId) => act(approver, id, { type: 'approved' });

const look = async (bookId: BookId) =>
  (await checker('GET', `/api/books/${bookId}/completeness`)).json();
const step = (call: Call, bookId: BookId, kind: string, more: object = {}) =>
  call('POST', `/api/books/${bookId}/steps`, { payload: { kind, ...more } });
const except = (call: Call, bookId: BookId, oddity: string, reason: string) =>
  call('POST', `/api/books/${bookId}/exceptions`, { payload: { key: oddity, reason } });

/** A book whose pages the machine is done with, with these numbers keyed. */
async function bookOf(numbers: readonly string[]): Promise<{ bookId: BookId; ids: RecordId[] }> {
  const bookId = (await api.system.store.books.create(NEW_BOOK)).id;
  const ids: RecordId[] = [];
  for (const number of numbers) {
    const { recordId } = await makeRecord(api.system, bookId, { so: number });
    ids.push(recordId);
  }
  await api.query('update pages set next = null where book_id = $1', [bookId]);
  return { bookId, ids };
}

test('a book goes from received to the list of those ready for transfer, and off it when it changes', async () => {
  const { bookId, ids } = await bookOf(['1/2008', '3/2008']);
  expect(await look(bookId)).toMatchObject({ state: 'digitised', open: 4 });
  expect((await step(intake, bookId, 'delivered')).statusCode).toBe(409);
  for (const [i, id] of ids.entries()) await key(id, `${2 * i + 1}/2008`);
  expect((await look(bookId)).state).toBe('keyed');
  const to = (await api.system.store.organisations.list()).find((o) => o.kind === 'managingUnit')!;
  expect((await step(checker, bookId, 'delivered')).statusCode).toBe(403);
  const delivered = await step(intake, bookId, 'delivered', { to: to.id, note: 'Kèm sổ gốc' });
  expect(delivered.json()).toMatchObject({
    state: 'delivered',
    steps: [{ kind: 'delivered', to: to.name }],
  });
  for (const id of ids) await check(id);
  for (const id of ids) await approve(id);
  expect((await look(bookId)).state).toBe('approved');

  const early = await step(approver, bookId, 'ready');
  expect([early.statusCode, early.json().error.kind]).toEqual([422, 'notComplete']);
  const { oddities } = await look(bookId);
  expect(oddities.map((odd: { kind: string }) => odd.kind)).toEqual(['gap', 'noClosingNote']);
  expect((await except(keyer, bookId, oddities[0].key, 'x')).statusCode).toBe(403);
  expect((await except(checker, bookId, oddities[0].key, ' ')).statusCode).toBe(400);
  expect((await except(checker, bookId, 'gap:99', 'x')).statusCode).toBe(400);
  const reasoned = await except(checker, bookId, oddities[0].key, 'Số 2 bị bỏ trống trong sổ');
  expect(reasoned.json().oddities[0].exception).toMatchObject({
    reason: 'Số 2 bị bỏ trống trong sổ',
    person: { name: 'Người thử kiem' },
  });
  const note = await intake('PATCH', `/api/books/${bookId}/closing-note`, {
    payload: { entries: 2, first: 1, last: 3 },
  });
  expect(note.json()).toMatchObject({ open: 0 });

  expect((await step(intake, bookId, 'ready')).statusCode).toBe(403);
  expect((await step(approver, bookId, 'ready')).json().state).toBe('ready');
  const list = async () => (await approver('GET', '/api/books/ready')).json().items;
  expect(await list()).toMatchObject([{ book: { id: bookId }, records: 2 }]);

  // What is odd again keeps it back: another note, a reason taken back.
  const setNote = (entries: number) =>
    intake('PATCH', `/api/books/${bookId}/closing-note`, {
      payload: { entries, first: 1, last: 3 },
    });
  expect((await setNote(5)).json()).toMatchObject({ state: 'approved', open: 1 });
  expect(await list()).toEqual([]);
  expect((await step(approver, bookId, 'transferred')).statusCode).toBe(409);
  expect((await setNote(2)).json().state).toBe('ready');
  const [gap] = (await look(bookId)).oddities;
  await checker('DELETE', `/api/books/${bookId}/exceptions/${gap.exception.id}`);
  expect(await list()).toEqual([]);
  await except(checker, bookId, gap.key, 'Số 2 bị bỏ trống trong sổ');
  expect(await list()).toHaveLength(1);

  await act(approver, ids[0]!, { type: 'reopened', reasons: [{ reason: 'Đơn khiếu nại' }] });
  expect(await list()).toEqual([]);
  expect((await look(bookId)).state).toBe('delivered');
  expect((await step(approver, bookId, 'transferred')).statusCode).toBe(409);
  await key(ids[0]!, '2/2008');
  await check(ids[0]!);
  await approve(ids[0]!);
  const after = await look(bookId);
  // The gap is another one now, so the old reason no longer counts.
  expect(after.stale).toMatchObject([{ reason: 'Số 2 bị bỏ trống trong sổ' }]);
  expect(after.oddities).toMatchObject([{ kind: 'gap', detail: '1/2008', exception: null }]);
  expect((await step(approver, bookId, 'ready')).statusCode).toBe(422);
  await except(approver, bookId, after.oddities[0].key, 'Ghi ở quyển trước');
  expect((await step(approver, bookId, 'ready')).json().state).toBe('ready');
  expect((await step(approver, bookId, 'withdrawn')).json().state).toBe('approved');
  await step(approver, bookId, 'ready');
  expect((await step(approver, bookId, 'transferred')).json().state).toBe('transferred');
  expect(await list()).toEqual([]);
}, 30_000);

test('a reason can be taken back, and stays in the table', async () => {
  const { bookId } = await bookOf(['1', '1']);
  const [odd] = (await look(bookId)).oddities;
  expect(odd).toMatchObject({ kind: 'double', detail: '1' });
  const { exception } = (await except(checker, bookId, odd.key, 'Trùng trong sổ')).json()
    .oddities[0];
  const url = `/api/books/${bookId}/exceptions/${exception.id}`;
  expect((await keyer('DELETE', url)).statusCode).toBe(403);
  expect((await checker('DELETE', url)).statusCode).toBe(204);
  expect((await checker('DELETE', url)).statusCode).toBe(404);
  expect((await look(bookId)).oddities[0].exception).toBeNull();
  const { rows } = await api.query('select reason from book_exceptions where book_id = $1', [
    bookId,
  ]);
  expect(rows).toEqual([{ reason: 'Trùng trong sổ' }]);
});

test('what was done to a book cannot be changed in the database', async () => {
  const { bookId, ids } = await bookOf(['1']);
  await key(ids[0]!, '1');
  await step(boss, bookId, 'delivered');
  for (const sql of [
    `update book_events set kind = 'ready'`,
    'delete from book_events',
    'truncate book_events',
  ])
    await expect(api.query(sql, [])).rejects.toMatchObject({
      constraint: 'book_events_append_only',
    });
});

describe('the record of handing over', () => {
  test('is a PDF of what was handed over then, in Vietnamese letters, and holds no person of the book', async () => {
    const { bookId, ids } = await bookOf(['1/2008', '4/2008']);
    expect((await checker('GET', `/api/books/${bookId}/hand-over.pdf`)).statusCode).toBe(404);
    for (const [i, id] of ids.entries()) await key(id, `${3 * i + 1}/2008`);
    await except(checker, bookId, 'gap:2/2008–3/2008', `<b>=cmd()</b> \u202E${'ơ'.repeat(900)}`);
    await step(intake, bookId, 'delivered', { note: 'Bàn giao kèm sổ gốc. '.repeat(90) });
    const answer = await checker('GET', `/api/books/${bookId}/hand-over.pdf`);
    expect(answer.headers['content-type']).toBe('application/pdf');
    const pdf = await PDFDocument.load(answer.rawPayload);
    expect(pdf.getPageCount()).toBeGreaterThan(1);
    expect(Math.round(pdf.getPage(0).getWidth())).toBe(595);
  });
});
