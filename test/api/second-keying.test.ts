import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashPassword } from '../../api/passwords.ts';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { BookId, RecordId } from '../../models/ids.ts';
import type { Role } from '../../models/people.ts';
import {
  type Call,
  makeRecord,
  NEW_BOOK,
  OURS,
  openTestApp,
  PASSWORD,
  type TestApp,
} from './support.ts';

/*
 * Blind second keying through the API: what the second person must not see is nowhere.
 */

let api: TestApp;
let boss: Call;
let checker: Call;
let one: Call;
let two: Call;
let three: Call;
beforeAll(async () => {
  api = await openTestApp();
  [boss, checker] = await Promise.all([api.as('quantri'), api.as('kiem')]);
  [one, two, three] = [await keyer('mot'), await keyer('hai'), await keyer('ba')];
});
afterAll(() => api.close());

const asked = fieldsOnForm(formOf('birth-2006'));
const CHECKED = { type: 'checked', confirmed: asked };

async function keyer(login: string, roles: readonly Role[] = ['keyer']): Promise<Call> {
  const { store } = api.system;
  const organisation = (await store.organisations.list()).find((o) => o.kind === 'digitisingUnit')!;
  await store.people.create({
    organisationId: organisation.id,
    login,
    name: `Người thử ${login}`,
    roles,
    passwordHash: await hashPassword(PASSWORD),
  });
  const cookie = await api.signIn(login);
  return (method, url, more = {}) =>
    api.app.inject({ ...more, method, url, headers: { ...OURS, cookie, ...more.headers } });
}

const MACHINE = 'Bùi Thị Máy Đọc';
const FIRST = 'Bùi Thị Người Nhập';

async function record(keying: object): Promise<{ bookId: BookId; id: RecordId }> {
  const { id: bookId } = await api.system.store.books.create(NEW_BOOK);
  const changed = await boss('PATCH', `/api/books/${bookId}/policy`, { payload: { keying } });
  expect(changed.json().book.policy.keying).toMatchObject(keying);
  const { recordId } = await makeRecord(api.system, bookId, { so: '31/2008', nksHoTen: MACHINE });
  return { bookId, id: recordId };
}

const written = (text: string) => ({ state: 'written', text });
const act = (call: Call, id: string, seen: number, action: object) =>
  call('POST', `/api/records/${id}/actions`, { payload: { seen, action } });
const keyedAs = (name: string) => ({
  type: 'keyed',
  answers: Object.fromEntries(
    asked.map((key) => [key, key === 'nksHoTen' ? written(name) : { state: 'blank' }]),
  ),
  done: true,
});
const again = (keys: readonly string[], name: string) => ({
  type: 'secondKeyed',
  answers: Object.fromEntries(
    keys.map((key) => [key, key === 'nksHoTen' ? written(name) : { state: 'blank' }]),
  ),
});
const take = async (call: Call, bookId: BookId, work: string) =>
  (await call('POST', '/api/work/next', { payload: { bookId, work } })).json().lease?.recordId;

/** Everything that a person can read about a record and its book, in one text. */
async function everythingSeen(call: Call, { bookId, id }: { bookId: BookId; id: RecordId }) {
  const urls = [
    `/api/records/${id}`,
    `/api/records/${id}/log`,
    `/api/records?bookId=${bookId}`,
    '/api/records',
    `/api/books/${bookId}`,
    `/api/books/${bookId}/pages`,
    '/api/work/returned',
    '/api/work/marks',
    '/api/work/leases',
    `/api/books/${bookId}/exports`,
    `/api/books/${bookId}/exports/preview?draft=1`,
  ];
  const conflict = await act(call, id, 0, again(['so'], 'x'));
  const bodies = await Promise.all(urls.map(async (url) => (await call('GET', url)).body));
  return [...bodies, conflict.body].join('\n');
}

const found = async (call: Call, bookId: BookId, search: string) =>
  (await call('GET', '/api/records', { query: { bookId, search } })).json().total;

describe('the second person', () => {
  test('sees neither the machine’s values nor the first one’s, anywhere, before or after', async () => {
    const both = await record({ kind: 'double' });
    const { bookId, id } = both;
    const looker = await keyer('nhin', ['keyer', 'approver']);
    for (const call of [two, looker]) {
      expect(await everythingSeen(call, both)).not.toMatch(/Máy Đọc|31\/2008/);
      for (const word of ['bui thi', 'may doc', '31/2008'])
        expect(await found(call, bookId, word)).toBe(0);
    }
    expect(await found(checker, bookId, 'may doc')).toBe(1);
    expect(await take(one, bookId, 'key')).toBe(id);
    expect((await one('GET', `/api/records/${id}`)).body).toContain(MACHINE);
    expect((await act(one, id, 1, keyedAs(FIRST))).json()).toMatchObject({
      status: 'secondKeying',
      hidden: false,
      second: asked,
    });
    expect(await found(one, bookId, 'nguoi nhap')).toBe(1);
    expect(await take(one, bookId, 'second')).toBeUndefined();
    expect(await take(two, bookId, 'second')).toBe(id);
    for (const call of [two, looker]) {
      expect(await everythingSeen(call, both)).not.toMatch(/Máy Đọc|Người Nhập|31\/2008/);
      expect(await found(call, bookId, 'nguoi nhap')).toBe(0);
    }
    expect((await two('GET', `/api/records/${id}`)).json()).toMatchObject({
      hidden: true,
      values: {},
      second: asked,
      moves: ['secondKeyed'],
    });
    const differs = await act(two, id, 2, again(asked, 'Bùi Thị Khác'));
    expect(differs.json()).toMatchObject({ status: 'arbitration', hidden: true, readings: {} });
    expect(await everythingSeen(two, both)).not.toMatch(/Máy Đọc|Người Nhập|31\/2008/);
  });

  test('is not who has been shown the record before', async () => {
    const { bookId, id } = await record({ kind: 'double' });
    expect(await take(two, bookId, 'key')).toBe(id);
    await two('GET', `/api/records/${id}`);
    await two('DELETE', `/api/records/${id}/lease`);
    await act(one, id, 1, keyedAs(FIRST));
    expect(await take(two, bookId, 'second')).toBeUndefined();
    const tried = await act(two, id, 2, again(asked, FIRST));
    expect([tried.statusCode, tried.json().error.kind]).toEqual([403, 'fourEyes']);
    expect((await act(three, id, 2, again(asked, FIRST))).json().status).toBe('keyed');
  });

  test('sees nothing either when the book is keyed once from then on, and ends the work', async () => {
    const both = await record({ kind: 'double' });
    const { bookId, id } = both;
    await act(one, id, 1, keyedAs(FIRST));
    const ask = { payload: { kind: 'ask', text: 'Người Nhập?' } };
    expect((await one('POST', `/api/records/${id}/marks`, ask)).statusCode).toBe(201);
    await boss('PATCH', `/api/books/${bookId}/policy`, { payload: { keying: { kind: 'single' } } });
    const looker = await keyer('nhin-sau', ['keyer', 'approver', 'administrator']);
    const once = await makeRecord(api.system, bookId, { so: '32/2008' });
    for (const call of [two, looker]) {
      expect(await everythingSeen(call, both)).not.toMatch(/Máy Đọc|Người Nhập|31\/2008/);
      expect(await found(call, bookId, 'nguoi nhap')).toBe(0);
      const column = await call('GET', `/api/books/${bookId}/columns/nksHoTen`);
      expect(column.statusCode).toBe(403);
      const wordings = await call('GET', `/api/books/${bookId}/wordings?field=nksHoTen`);
      expect(wordings.json().items).toEqual([]);
    }
    expect((await two('GET', `/api/records/${once.recordId}`)).json().hidden).toBe(false);
    expect(await take(two, bookId, 'second')).toBe(id);
    expect((await act(two, id, 2, again(asked, FIRST))).json().status).toBe('keyed');
    expect((await two('GET', `/api/books/${bookId}/columns/nksHoTen`)).statusCode).toBe(200);
  });

  test('keys just the chosen fields, and agreement up to spacing goes straight on', async () => {
    const { bookId, id } = await record({ kind: 'fields', groups: ['name'], confidenceBelow: 0.1 });
    const first = (await act(one, id, 1, keyedAs(FIRST))).json();
    expect(first.second).toContain('nksHoTen');
    expect(first.second.length).toBeLessThan(asked.length);
    expect((await act(two, id, 2, again([], FIRST))).json().error.kind).toBe('incomplete');
    expect((await act(two, id, 2, again(asked, FIRST))).json().error.kind).toBe('invalid');
    const agreed = await act(two, id, 2, again(first.second, ` ${FIRST.normalize('NFD')} `));
    expect(agreed.json().status).toBe('keyed');
    expect(await take(checker, bookId, 'check')).toBe(id);
  });
});

describe('a third person', () => {
  test('sees all three readings, decides, and the record goes to the checker', async () => {
    const { bookId, id } = await record({ kind: 'double' });
    await act(one, id, 1, keyedAs(FIRST));
    await act(two, id, 2, again(asked, 'Bùi Thị Khác'));
    expect(await take(one, bookId, 'arbitrate')).toBeUndefined();
    expect(await take(two, bookId, 'arbitrate')).toBeUndefined();
    expect((await three('GET', `/api/records/${id}`)).json()).toMatchObject({ hidden: true });
    expect(await take(three, bookId, 'arbitrate')).toBe(id);
    const seen = (await three('GET', `/api/records/${id}`)).json();
    expect(seen.readings).toEqual({
      nksHoTen: {
        machine: written(MACHINE),
        first: written(FIRST),
        second: written('Bùi Thị Khác'),
      },
    });
    const decide = (call: Call, answers: object) =>
      act(call, id, 3, { type: 'arbitrated', answers });
    expect((await decide(two, { nksHoTen: written('A') })).statusCode).toBe(403);
    expect((await decide(three, {})).statusCode).toBe(422);
    expect((await decide(checker, { nksHoTen: written('A') })).statusCode).toBe(403);
    const decided = await decide(three, { nksHoTen: written('Bùi Thị Khác') });
    expect(decided.json()).toMatchObject({
      status: 'keyed',
      values: { nksHoTen: written('Bùi Thị Khác') },
    });
    expect((await act(checker, id, 4, CHECKED)).json().status).toBe('checked');
    expect(await api.system.store.records.verify(id)).toBeUndefined();
  });
});
