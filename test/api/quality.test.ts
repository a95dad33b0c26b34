import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { BookId, RecordId } from '../../models/ids.ts';
import { type Call, makeRecord, NEW_BOOK, openTestApp, type TestApp } from './support.ts';

/*
 * Check, return, approve: field by field, with reasons from a list, and never over a deviation.
 */

let api: TestApp;
let boss: Call;
let keyer: Call;
let checker: Call;
let approver: Call;
beforeAll(async () => {
  api = await openTestApp();
  [boss, keyer, checker, approver] = await Promise.all([
    api.as('quantri'),
    api.as('nhap'),
    api.as('kiem'),
    api.as('duyet'),
  ]);
});
afterAll(() => api.close());

const asked = fieldsOnForm(formOf('birth-2006'));
const CHECKED = { type: 'checked', confirmed: asked };
const act = (call: Call, id: string, seen: number, action: object) =>
  call('POST', `/api/records/${id}/actions`, { payload: { seen, action } });
const written = (text: string) => ({ state: 'written', text });
const keyedAs = (answers: Record<string, object> = {}) => ({
  type: 'keyed',
  answers: { ...Object.fromEntries(asked.map((key) => [key, { state: 'blank' }])), ...answers },
  done: true,
});

async function newBook(policy: object = {}): Promise<BookId> {
  const { id } = await api.system.store.books.create(NEW_BOOK);
  await boss('PATCH', `/api/books/${id}/policy`, { payload: policy });
  return id;
}
async function keyed(bookId: BookId, answers: Record<string, object> = {}): Promise<RecordId> {
  const { recordId } = await makeRecord(api.system, bookId, {});
  expect((await act(keyer, recordId, 1, keyedAs(answers))).statusCode).toBe(200);
  return recordId;
}
async function checked(bookId: BookId): Promise<RecordId> {
  const id = await keyed(bookId);
  expect((await act(checker, id, 2, CHECKED)).statusCode).toBe(200);
  return id;
}

describe('a check', () => {
  const note = (call: Call, id: string, fields: readonly string[], more: object = {}) =>
    call('POST', `/api/records/${id}/checks`, { payload: { seen: 2, fields, ...more } });

  test('is of every field, and what was compared before counts, until a value changes', async () => {
    const id = await keyed(await newBook());
    const early = await act(checker, id, 2, { type: 'checked', confirmed: asked.slice(1) });
    expect([early.statusCode, early.json().error.kind]).toEqual([422, 'incomplete']);
    expect(early.json().error.detail).toBe(asked[0]);
    expect((await note(checker, id, asked.slice(0, 5))).json().compared).toHaveLength(5);
    await note(checker, id, asked.slice(4, 5), { compared: false });
    const record = (await checker('GET', `/api/records/${id}`)).json();
    expect([...record.compared].sort()).toEqual(asked.slice(0, 4).sort());
    const rest = { type: 'checked', confirmed: asked.slice(4) };
    expect((await act(checker, id, 2, rest)).json().status).toBe('checked');
    await act(checker, id, 3, { type: 'returned', reasons: [{ field: 'so', code: 'misread' }] });
    await act(keyer, id, 4, keyedAs({ so: written('7/2008') }));
    expect((await checker('GET', `/api/records/${id}`)).json().compared).toEqual([]);
    expect((await act(checker, id, 5, rest)).statusCode).toBe(422);
  });

  test('is noted by checkers only, on what waits for it, for fields that are asked', async () => {
    const bookId = await newBook();
    const id = await keyed(bookId);
    expect((await note(keyer, id, ['so'])).statusCode).toBe(403);
    expect((await note(checker, id, ['noSuchField'])).statusCode).toBe(400);
    expect((await note(checker, id, ['so'], { seen: 1 })).statusCode).toBe(409);
    const { recordId } = await makeRecord(api.system, bookId, {});
    expect((await note(checker, recordId, ['so'], { seen: 1 })).statusCode).toBe(409);
    expect((await act(checker, id, 2, { ...CHECKED, confirmed: [...asked, 'x'] })).statusCode).toBe(
      400,
    );
  });

  test('settles each deviation: a fact of history is accepted with a reason, or the record goes back', async () => {
    const id = await keyed(await newBook(), { ngayDangKy: written('tháng 3 năm 2008') });
    const { deviations } = (await checker('GET', `/api/records/${id}`)).json();
    expect(deviations.length).toBeGreaterThan(0);
    const open = await act(checker, id, 2, CHECKED);
    expect([open.statusCode, open.json().error.kind]).toEqual([422, 'openDeviation']);
    const accepted = deviations.map(({ rule, fields }: { rule: string; fields: string[] }) => ({
      rule,
      fields,
      reason: 'Sổ chỉ ghi tháng và năm',
    }));
    const wordless = accepted.map((a: object) => ({ ...a, reason: ' ' }));
    expect((await act(checker, id, 2, { ...CHECKED, accepted: wordless })).statusCode).toBe(400);
    const done = await act(checker, id, 2, { ...CHECKED, accepted });
    expect(done.json()).toMatchObject({ status: 'checked', deviations: [], accepted });
    expect((await act(approver, id, 3, { type: 'approved' })).json().status).toBe('approved');
  });
});

describe('a return', () => {
  test.each<[string, object[], number]>([
    ['a code of the list', [{ field: 'so', code: 'misread' }], 200],
    ['words for another reason', [{ code: 'other', reason: 'Ảnh mờ' }], 200],
    [
      'several',
      [
        { field: 'so', code: 'missing' },
        { field: 'nksHoTen', code: 'wrongField' },
      ],
      200,
    ],
    ['a code of no list', [{ field: 'so', code: 'nonsense' }], 400],
    ['no words for another reason', [{ field: 'so', code: 'other' }], 400],
    ['a field of no register', [{ field: 'nope', code: 'misread' }], 400],
    ['a field that every object has', [{ field: 'constructor', code: 'misread' }], 400],
    ['nothing', [], 400],
  ])('with %s', async (_what, reasons, status) => {
    const id = await keyed(await newBook());
    const answer = await act(checker, id, 2, { type: 'returned', reasons });
    expect(answer.statusCode).toBe(status);
    if (status === 200) expect(answer.json().reasons).toMatchObject(reasons);
    else expect((await checker('GET', `/api/records/${id}`)).json().version).toBe(2);
  });
});

describe('an approval', () => {
  test('waits until every question is closed', async () => {
    const id = await checked(await newBook());
    const ask = await keyer('POST', `/api/records/${id}/marks`, {
      payload: { kind: 'flag', text: 'Dấu giáp lai lệch' },
    });
    const seen = (await approver('GET', `/api/records/${id}`)).json();
    expect(seen.moves).not.toContain('approved');
    expect(seen.refusals.approved.kind).toBe('openDeviation');
    expect((await act(approver, id, 3, { type: 'approved' })).statusCode).toBe(422);
    await checker('POST', `/api/records/${id}/marks/${ask.json().id}/close`, {
      payload: { answer: 'Đã xem' },
    });
    expect((await act(approver, id, 3, { type: 'approved' })).statusCode).toBe(200);
  });

  test('of many is of each by itself', async () => {
    const bookId = await newBook();
    const [a, b, c] = [await checked(bookId), await checked(bookId), await keyed(bookId)];
    const many = (call: Call, items: object[]) =>
      call('POST', '/api/records/approve', { payload: { items } });
    const nobody = '00000000-0000-4000-8000-000000000000';
    const items = [
      { id: a, seen: 3 },
      { id: b, seen: 2 },
      { id: c, seen: 2 },
      { id: nobody, seen: 1 },
    ];
    expect((await many(checker, items)).statusCode).toBe(403);
    expect((await many(approver, items)).json().items).toMatchObject([
      { id: a, version: 4 },
      { id: b, error: { kind: 'conflict' } },
      { id: c, error: { kind: 'notAllowedNow' } },
      { id: nobody, error: { kind: 'notFound' } },
    ]);
    expect((await many(approver, [{ id: a, seen: 3 }])).json().items[0].error.kind).toBe(
      'conflict',
    );
  });

  test('is undone with a reason, and then all is compared anew', async () => {
    const id = await checked(await newBook());
    await act(approver, id, 3, { type: 'approved' });
    expect((await act(approver, id, 4, { type: 'reopened', reasons: [] })).statusCode).toBe(400);
    const reasons = [{ code: 'other', reason: 'Có đơn khiếu nại' }];
    expect((await act(checker, id, 4, { type: 'reopened', reasons })).statusCode).toBe(403);
    expect((await act(approver, id, 4, { type: 'reopened', reasons })).json()).toMatchObject({
      status: 'returned',
      compared: [],
    });
  });
});

describe('a sample', () => {
  const draw = (call: Call, bookId: BookId) => call('POST', `/api/books/${bookId}/samples`);
  const say = (call: Call, sample: string, record: string, errors: object[]) =>
    call('POST', `/api/samples/${sample}/records/${record}`, { payload: { errors } });

  test('is needed before approval where the book says so, and is on top of the check', async () => {
    const bookId = await newBook({ sampling: { size: 2, accept: 1 } });
    const ids = [await checked(bookId), await checked(bookId), await checked(bookId)];
    const early = await act(approver, ids[0]!, 3, { type: 'approved' });
    expect([early.statusCode, early.json().error.kind]).toEqual([409, 'sampleNeeded']);
    expect((await draw(checker, bookId)).statusCode).toBe(403);
    const sample = (await draw(approver, bookId)).json();
    expect(sample).toMatchObject({ verdict: 'open', accept: 1, fieldRate: { of: 0, rate: null } });
    expect(sample.records).toHaveLength(2);
    const [wrong, right] = sample.records.map((r: { recordId: string }) => r.recordId);
    const errors = [{ field: 'so', code: 'misread' }];
    expect((await say(checker, sample.id, wrong, errors)).statusCode).toBe(403);
    expect(
      (await say(approver, sample.id, wrong, [{ field: 'x', code: 'misread' }])).statusCode,
    ).toBe(400);
    expect((await say(approver, sample.id, wrong, [{ field: 'so', code: 'x' }])).statusCode).toBe(
      400,
    );
    const other = ids.find((id) => id !== wrong && id !== right)!;
    expect((await say(approver, sample.id, other, [])).statusCode).toBe(404);
    expect((await say(approver, sample.id, wrong, errors)).json().verdict).toBe('open');
    const judged = (await say(approver, sample.id, right, [])).json();
    expect(judged).toMatchObject({
      verdict: 'accepted',
      recordRate: { errors: 1, of: 2, rate: 0.5 },
      fieldRate: { errors: 1, of: 2 * asked.length },
    });
    expect(judged.fieldRate.high).toBeGreaterThan(judged.fieldRate.rate);
    expect((await say(approver, sample.id, wrong, [])).statusCode).toBe(409);
    expect((await act(approver, right, 3, { type: 'approved' })).statusCode).toBe(200);
    expect((await act(approver, other, 3, { type: 'approved' })).statusCode).toBe(200);
    // What was found wrong goes back, however good the lot.
    expect((await act(approver, wrong, 3, { type: 'approved' })).json().error.kind).toBe(
      'openDeviation',
    );
    const late = await checked(bookId);
    expect((await act(approver, late, 3, { type: 'approved' })).json().error.kind).toBe(
      'sampleNeeded',
    );
    expect((await approver('GET', `/api/books/${bookId}/samples`)).json().items).toHaveLength(1);
  });

  test('with too many wrong records stops the lot', async () => {
    const bookId = await newBook({ sampling: { size: 5, accept: 0 } });
    const id = await checked(bookId);
    const other = await checked(bookId);
    const sample = (await draw(approver, bookId)).json();
    await say(approver, sample.id, other, []);
    const judged = await say(approver, sample.id, id, [{ field: 'so', code: 'extra' }]);
    expect(judged.json().verdict).toBe('rejected');
    expect((await act(approver, other, 3, { type: 'approved' })).json().error.kind).toBe(
      'sampleNeeded',
    );
    // Chance is not asked again before all that it spoke for has been checked anew.
    const redraw = await draw(approver, bookId);
    expect([redraw.statusCode, redraw.json().error.kind]).toEqual([409, 'notAllowedNow']);
    const back = (call: Call) =>
      call('POST', `/api/samples/${sample.id}/return`, { payload: { reason: 'Lô không đạt' } });
    expect((await back(checker)).statusCode).toBe(403);
    const reasons = [{ code: 'misread' }];
    expect((await act(checker, id, 3, { type: 'returned', reasons })).statusCode).toBe(200);
    expect((await act(keyer, id, 4, keyedAs())).statusCode).toBe(200);
    expect((await act(checker, id, 5, CHECKED)).statusCode).toBe(200);
    expect((await draw(approver, bookId)).statusCode).toBe(409);
    expect((await back(approver)).json()).toEqual({ returned: 1, left: 0 });
    expect((await approver('GET', `/api/records/${other}`)).json()).toMatchObject({
      status: 'returned',
      reasons: [{ code: 'other', reason: 'Lô không đạt' }],
    });
    expect((await act(keyer, other, 4, keyedAs())).statusCode).toBe(200);
    expect((await act(checker, other, 5, CHECKED)).statusCode).toBe(200);
    const anew = (await draw(approver, bookId)).json();
    expect(anew.records).toHaveLength(2);
    for (const r of anew.records) await say(approver, anew.id, r.recordId, []);
    expect((await act(approver, other, 6, { type: 'approved' })).statusCode).toBe(200);
    expect((await back(approver)).json()).toEqual({ returned: 0, left: 0 });
  });

  test('is judged to its end: what is sent back instead of being judged counts as wrong', async () => {
    const bookId = await newBook({ sampling: { size: 5, accept: 1 } });
    const ids = [await checked(bookId), await checked(bookId), await checked(bookId)];
    const both = await Promise.all([draw(approver, bookId), draw(approver, bookId)]);
    expect(both.map((answer) => answer.statusCode).sort()).toEqual([201, 409]);
    const sample = both.find((answer) => answer.statusCode === 201)!.json();
    expect((await draw(approver, bookId)).statusCode).toBe(409);
    const lot = { payload: { reason: 'x' } };
    const early = await approver('POST', `/api/samples/${sample.id}/return`, lot);
    expect(early.statusCode).toBe(409);
    const send = (id: RecordId) =>
      act(checker, id, 3, { type: 'returned', reasons: [{ code: 'misread' }] });
    await send(ids[0]!);
    const seen = async () =>
      (await approver('GET', `/api/books/${bookId}/samples`)).json().items[0];
    expect(await seen()).toMatchObject({ verdict: 'open', recordRate: { errors: 1, of: 1 } });
    await send(ids[1]!);
    expect(await seen()).toMatchObject({ verdict: 'rejected', fieldRate: { of: 0 } });
    expect((await act(approver, ids[2]!, 3, { type: 'approved' })).statusCode).toBe(409);
  });

  test('is not drawn where none is wanted, or of nothing', async () => {
    expect((await draw(approver, await newBook())).statusCode).toBe(409);
    expect(
      (await draw(approver, await newBook({ sampling: { size: 2, accept: 0 } }))).statusCode,
    ).toBe(409);
    const { statusCode } = await boss('PATCH', `/api/books/${await newBook()}/policy`, {
      payload: { sampling: { size: 2, accept: 2 } },
    });
    expect(statusCode).toBe(400);
  });
});
