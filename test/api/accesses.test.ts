import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { BookId, RecordId } from '../../models/ids.ts';
import { type Call, makeRecord, NEW_BOOK, openTestApp, type TestApp } from './support.ts';

/*
 * Who has read what is kept; what they have read stands in no log, job or address.
 */

let api: TestApp;
let log = '';
let boss: Call;
let keyer: Call;
let checker: Call;
let approver: Call;
beforeAll(async () => {
  const stream = {
    write(line: string) {
      log += line;
    },
  };
  api = await openTestApp(
    {},
    { signInTries: { address: 10_000, login: 10_000 }, logger: { level: 'trace', stream } },
  );
  [boss, keyer, checker, approver] = await Promise.all([
    api.as('quantri'),
    api.as('nhap'),
    api.as('kiem'),
    api.as('duyet'),
  ]);
});
afterAll(() => api.close());

const SECRETS = { name: 'Bùi Thị Kín Đáo', number: '7731/1994', ask: 'Kín hay Kính?' };
const asked = fieldsOnForm(formOf('birth-2006'));
const written = (text: string) => ({ state: 'written', text });
const ANSWERS = {
  ...Object.fromEntries(asked.map((key) => [key, { state: 'blank' }])),
  so: written(SECRETS.number),
  nksHoTen: written(SECRETS.name),
};

async function newRecord(): Promise<{ bookId: BookId; id: RecordId; pageId: string }> {
  const { id: bookId } = await api.system.store.books.create(NEW_BOOK);
  const texts = { so: SECRETS.number, nksHoTen: SECRETS.name };
  const { recordId, pageId } = await makeRecord(api.system, bookId, texts);
  return { bookId, id: recordId, pageId };
}
const act = (call: Call, id: string, seen: number, action: object) =>
  call('POST', `/api/records/${id}/actions`, { payload: { seen, action } });

type Item = { what: string; purpose: string; person: { name: string }; thingId?: string };
/** What is kept of a book's readings, once as many are written; oldest first. */
async function readings(bookId: BookId, wanted: number): Promise<Item[]> {
  for (let tries = 0; ; tries++) {
    const { items } = (await boss('GET', `/api/accesses?bookId=${bookId}`)).json();
    if (items.length >= wanted || tries > 30) return items.reverse();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('whoever reads', () => {
  test('a record, its pictures, a list or a dataset is kept with what for', async () => {
    const { bookId, id, pageId } = await newRecord();
    await keyer('POST', '/api/work/next', { payload: { work: 'key', bookId } });
    await keyer('GET', `/api/records/${id}`);
    await keyer('GET', `/api/records/${id}`);
    await keyer('GET', `/api/pages/${pageId}/image?width=800`);
    await act(keyer, id, 1, { type: 'keyed', answers: ANSWERS, done: true });
    await checker('GET', `/api/records/${id}/log`);
    await checker('GET', `/api/records?bookId=${bookId}`);
    await checker('GET', '/api/records', { query: { bookId, search: 'bui thi' } });
    await checker('GET', `/api/books/${bookId}/columns/nksHoTen`);
    const made = await approver('POST', `/api/books/${bookId}/exports`, {
      payload: { draft: true, purpose: 'Đối soát với cấp huyện' },
    });
    expect(made.statusCode).toBe(201);
    const { id: exportId, files } = made.json();
    const file = encodeURIComponent(files[0].name);
    await approver('GET', `/api/exports/${exportId}/files/${file}`);
    const kept = await readings(bookId, 8);
    const told = kept.map(({ what, purpose, person, thingId }) => [
      person.name.split(' ').at(-1),
      what,
      purpose,
      thingId,
    ]);
    expect(told).toHaveLength(8);
    expect(told).toEqual(
      expect.arrayContaining([
        ['nhap', 'record', 'key', id],
        ['nhap', 'page', 'key', pageId],
        ['kiem', 'history', 'look', id],
        ['kiem', 'records', 'look', bookId],
        ['kiem', 'search', 'look', bookId],
        ['kiem', 'column', 'look', bookId],
        ['duyet', 'export', 'Đối soát với cấp huyện', bookId],
        ['duyet', 'file', 'look', exportId],
      ]),
    );
    const only = (query: string) => boss('GET', `/api/accesses?${query}`);
    expect((await only(`thingId=${id}&what=history`)).json().items).toHaveLength(1);
    expect((await only(`thingId=${id}&from=2100-01-01T00:00:00Z`)).json().items).toEqual([]);
  });

  test('in vain, as one who may not, is not kept as a reader', async () => {
    const { bookId, id } = await newRecord();
    await keyer('GET', `/api/books/${bookId}/exports/preview`);
    await api.app.inject({ url: `/api/records/${id}` });
    await checker('GET', `/api/records/${id}`);
    expect(await readings(bookId, 1)).toMatchObject([{ what: 'record', purpose: 'look' }]);
  });

  test('what others have read, is an administrator of the place, and changes none of it', async () => {
    const { bookId, id } = await newRecord();
    await checker('GET', `/api/records/${id}`);
    expect(await readings(bookId, 1)).toHaveLength(1);
    for (const call of [keyer, checker, approver])
      expect((await call('GET', '/api/accesses')).statusCode).toBe(403);
    const { person } = (await api.system.store.people.byLogin('quantri'))!;
    await api.system.store.people.setScope(person.id, { units: ['Tỉnh Khác'], books: [] });
    expect((await boss('GET', '/api/accesses')).json().items).toEqual([]);
    await api.system.store.people.setScope(person.id, null);
    for (const sql of [
      `update accesses set purpose = 'x'`,
      'delete from accesses',
      'truncate accesses',
    ])
      await expect(api.query(sql, [])).rejects.toMatchObject({
        constraint: 'accesses_append_only',
      });
  });
});

test('what a record says stands in no line of the log, no job, and no note of a reading', async () => {
  const { bookId, id, pageId } = await newRecord();
  await keyer('GET', `/api/records/${id}`);
  await checker('GET', '/api/records', { query: { search: SECRETS.name } });
  await checker('GET', '/api/books', { query: { search: SECRETS.name } });
  await keyer('POST', `/api/records/${id}/marks`, { payload: { kind: 'flag', text: SECRETS.ask } });
  // Also what goes wrong: a conflict, a fault in the body, an address that is none, words too long.
  await act(keyer, id, 0, { type: 'keyed', answers: ANSWERS, done: true });
  await act(keyer, id, 1, { type: 'keyed', answers: { [SECRETS.name]: written('x') } });
  await act(keyer, id, 1, { type: 'keyed', answers: { so: { state: SECRETS.name } } });
  await keyer('POST', `/api/records/${id}/actions`, { payload: `{"seen":"${SECRETS.name}` });
  await keyer('GET', `/api/records/${encodeURIComponent(SECRETS.name)}`);
  await keyer('GET', `/api/%zz${encodeURIComponent(SECRETS.name)}`);
  await keyer('GET', '/api/records', { query: { search: SECRETS.name.repeat(30) } });
  await api.signIn(SECRETS.name).catch(() => undefined);
  const done = await act(keyer, id, 1, { type: 'keyed', answers: ANSWERS, done: true });
  expect(done.statusCode).toBe(200);
  await approver('POST', `/api/books/${bookId}/exports`, { payload: { draft: true } });
  await boss('POST', `/api/books/${bookId}/retry`);
  expect(
    (await boss('PATCH', `/api/pages/${pageId}`, { payload: { kind: 'entry' } })).json(),
  ).toEqual(expect.objectContaining({ id: pageId }));
  await readings(bookId, 2);

  const tables = await api.query(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname = 'queue' or tablename in ('accesses', 'book_events')`,
    [],
  );
  const rows: string[] = [];
  for (const { name } of tables.rows)
    rows.push(
      ...(await api.query(`select t::text as row from ${name} t`, [])).rows.map((r) => r.row),
    );
  expect(rows.join('\n')).toContain(pageId);
  expect(log.split('\n').length).toBeGreaterThan(30);
  const words = /Kín|k%C3%ADn|kin đáo|7731\/1994|Đáo/giu;
  expect(log.split('\n').filter((line) => line.match(words))).toEqual([]);
  expect(rows.join('\n').match(words)).toBeNull();
});
