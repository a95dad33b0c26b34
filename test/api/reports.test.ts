import ExcelJS from 'exceljs';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { BookId, RecordId } from '../../models/ids.ts';
import { type Call, makeRecord, NEW_BOOK, openTestApp, type TestApp } from './support.ts';

/*
 * Figures: how far, how much, how good.
 */

let api: TestApp;
let boss: Call;
let keyer: Call;
let checker: Call;
let approver: Call;
let bookId: BookId;
let other: BookId;
const ids: RecordId[] = [];
const UNIT = 'Xã Báo Cáo, Huyện Số, Tỉnh Mẫu';
const asked = fieldsOnForm(formOf('birth-2006'));
const act = async (call: Call, id: string, action: object) => {
  const { version } = await api.system.store.records.byId(id as RecordId);
  const answer = await call('POST', `/api/records/${id}/actions`, {
    payload: { seen: version, action },
  });
  expect(answer.statusCode).toBe(200);
};
const blank = Object.fromEntries(asked.map((key) => [key, { state: 'blank' }]));
const KEYED = { type: 'keyed', answers: blank, done: true };
const CHECKED = { type: 'checked', confirmed: asked };

beforeAll(async () => {
  api = await openTestApp();
  [boss, keyer, checker, approver] = await Promise.all([
    api.as('quantri'),
    api.as('nhap'),
    api.as('kiem'),
    api.as('duyet'),
  ]);
  const { store } = api.system;
  bookId = (await store.books.create({ ...NEW_BOOK, unit: UNIT })).id;
  other = (await store.books.create({ ...NEW_BOOK, unit: 'Xã Khác', form: 'marriage-2015' })).id;
  await boss('PATCH', `/api/books/${bookId}/policy`, {
    payload: { sampling: { size: 2, accept: 1 } },
  });
  for (let n = 0; n < 4; n++) ids.push((await makeRecord(api.system, bookId)).recordId);
  await makeRecord(api.system, other, {});
  await api.query('update pages set next = null where book_id = $1', [bookId]);
  for (const id of ids.slice(0, 3)) await act(keyer, id, KEYED);
  const reasons = [{ field: 'so', code: 'misread' }, { code: 'missing' }];
  await act(checker, ids[0]!, { type: 'returned', reasons });
  await act(keyer, ids[0]!, KEYED);
  for (const id of ids.slice(0, 2)) await act(checker, id, CHECKED);
  const sample = (await approver('POST', `/api/books/${bookId}/samples`)).json();
  const errors = [[{ field: 'so', code: 'misread' }], []];
  for (const [i, { recordId }] of sample.records.entries())
    await approver('POST', `/api/samples/${sample.id}/records/${recordId}`, {
      payload: { errors: errors[i] },
    });
});
afterAll(() => api.close());

const get = async (call: Call, url: string) => {
  const answer = await call('GET', url);
  expect([url, answer.statusCode]).toEqual([url, 200]);
  return answer.json();
};
const of = (items: { key: string }[], key: string) => items.find((item) => item.key === key);

test('progress is told by place, register and book, and by stage', async () => {
  const { items, stages } = await get(keyer, '/api/reports/progress?by=place');
  expect(of(items, UNIT)).toEqual({
    key: UNIT,
    books: 1,
    pages: 4,
    pagesDone: 4,
    pagesFailed: 0,
    records: { prefilled: 1, keyed: 1, checked: 2 },
  });
  expect(stages.map((s: { stage: string }) => s.stage)).toEqual([
    'split',
    'straighten',
    'place',
    'read',
    'prefill',
  ]);
  expect(stages[1]).toEqual({ stage: 'straighten', waiting: 1, failed: 0 });
  const registers = (await get(keyer, '/api/reports/progress?by=register')).items;
  expect(registers.map((row: { key: string }) => row.key)).toEqual(['KH', 'KS']);
  expect(of((await get(keyer, '/api/reports/progress?by=book')).items, other)).toMatchObject({
    pages: 1,
    pagesDone: 0,
    records: { prefilled: 1 },
  });
});

describe('work', () => {
  test('is told to each of themselves with their speed, and of everybody to who answers for it', async () => {
    // As if half an hour had passed between two records, then one every two minutes.
    await api.query(`alter table actions disable trigger user`, []);
    const { person } = (await api.system.store.people.byLogin('nhap'))!;
    const minutes = [0, 30, 32, 34];
    const { rows } = await api.query(
      'select record_id, version from actions where person_id = $1 order by at',
      [person.id],
    );
    for (const [i, row] of rows.entries())
      await api.query(
        `update actions set at = '2026-03-02T01:00:00Z'::timestamptz + make_interval(mins => $3)
          where record_id = $1 and version = $2`,
        [row.record_id, row.version, minutes[i]],
      );
    await api.query(`alter table actions enable trigger user`, []);
    const span = 'from=2026-03-01&to=2026-03-03';
    const own = await get(keyer, `/api/reports/work?${span}`);
    expect(own).toMatchObject({ everybody: false, from: '2026-03-01', to: '2026-03-03' });
    expect(own.items).toEqual([
      {
        key: '2026-03-02',
        keyed: 4,
        secondKeyed: 0,
        arbitrated: 0,
        checked: 0,
        returned: 0,
        approved: 0,
        seconds: 240,
        perHour: 30,
      },
    ]);
    expect((await get(keyer, '/api/reports/work?from=2026-03-03&to=2026-03-03')).items).toEqual([]);
    const all = await get(boss, '/api/reports/work?by=person');
    expect(all.everybody).toBe(true);
    expect(all.items).toMatchObject([{ name: 'Người thử kiem', checked: 2, returned: 1 }]);
    const one = await get(boss, `/api/reports/work?by=person&personId=${person.id}&${span}`);
    expect(one.items).toMatchObject([{ name: 'Người thử nhap', keyed: 4, perHour: 30 }]);
    const spied = await get(keyer, `/api/reports/work?by=person&personId=${all.items[0].key}`);
    expect(spied.items).toEqual([]);
  });
});

test('quality is told with intervals and reasons, to who answers for it', async () => {
  expect((await keyer('GET', '/api/reports/quality')).statusCode).toBe(403);
  const expected = {
    fields: { errors: 1, of: 2 * asked.length },
    records: { errors: 1, of: 2, rate: 0.5 },
    returns: { errors: 1, of: 3 },
    reasons: { misread: 1, missing: 1 },
  };
  for (const [by, key] of [
    ['place', UNIT],
    ['register', 'KS'],
    ['book', bookId],
  ] as const) {
    const { items } = await get(checker, `/api/reports/quality?by=${by}`);
    expect(of(items, key)).toMatchObject(expected);
    expect(items).toHaveLength(1);
  }
  const people = (await get(checker, '/api/reports/quality?by=person')).items;
  expect(people).toMatchObject([{ name: 'Người thử nhap', ...expected }]);
  expect(people[0].fields.high).toBeGreaterThan(people[0].fields.rate);
  const { items } = await get(checker, '/api/reports/quality?from=2020-01-01&to=2020-01-02');
  expect(items).toEqual([]);
});

describe('the figures for the acceptance of a book', () => {
  test('are an Excel file and a PDF, hold the same, and nobody of the book', async () => {
    const url = `/api/books/${bookId}/acceptance`;
    expect((await keyer('GET', `${url}.pdf`)).statusCode).toBe(403);
    const pdf = await checker('GET', `${url}.pdf`);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect((await PDFDocument.load(pdf.rawPayload)).getPageCount()).toBeGreaterThan(0);
    const xlsx = await checker('GET', `${url}.xlsx`);
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load(xlsx.rawPayload as never);
    const rows = new Map<unknown, unknown>();
    workbook.worksheets[0]!.eachRow((row) => {
      rows.set(row.getCell(1).value, row.getCell(2).value);
    });
    expect(rows.get('Đơn vị hành chính')).toBe(UNIT);
    expect(rows.get('Bản ghi')).toBe(4);
    expect(rows.get('Bản ghi chờ duyệt')).toBe(2);
    expect(rows.get('Lý do: Đọc sai chữ hoặc số')).toBe(1);
    expect(rows.get('Bản ghi sai trong mẫu')).toMatch(/^1 \/ 2 \(50%; khoảng tin cậy 95%: 9,4\d%/);
    expect([...rows.values()].join()).not.toContain('Nguyễn Văn Thử');
  });
});
