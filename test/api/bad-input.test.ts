import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { BookId, RecordId } from '../../models/ids.ts';
import { type Call, makeRecord, NEW_BOOK, openTestApp, PASSWORD, type TestApp } from './support.ts';

/*
 * Hostile words, stale and replayed actions, other people's ids: a clear refusal, and nothing changed.
 */

let api: TestApp;
let calls: Record<'quantri' | 'tiepnhan' | 'nhap' | 'kiem' | 'duyet', Call>;
let bookId: BookId;
beforeAll(async () => {
  api = await openTestApp();
  const [quantri, tiepnhan, nhap, kiem, duyet] = await Promise.all([
    api.as('quantri'),
    api.as('tiepnhan'),
    api.as('nhap'),
    api.as('kiem'),
    api.as('duyet'),
  ]);
  calls = { quantri, tiepnhan, nhap, kiem, duyet };
  bookId = (await api.system.store.books.create(NEW_BOOK)).id;
});
afterAll(() => api.close());

const asked = fieldsOnForm(formOf('birth-2006'));
const blank = Object.fromEntries(asked.map((key) => [key, { state: 'blank' }]));
const KEYED = { type: 'keyed', answers: blank, done: true };
const CHECKED = { type: 'checked', confirmed: asked };
const act = (call: Call, id: string, seen: unknown, action: object) =>
  call('POST', `/api/records/${id}/actions`, { payload: { seen, action } });

const HOSTILE: [string, string][] = [
  ['a formula', '=cmd()|/C calc'],
  ['markup', '<img src=x onerror=alert(1)>'],
  ['ten thousand letters', 'ơ'.repeat(10_000)],
  ['half a surrogate pair', 'a\ud800b'],
  ['a null character', 'a\u0000b'],
  ['marks that turn the direction', '\u202Eabc\u2066'],
  ['letters in parts (NFD)', 'Nguyễn Thị Ước'.normalize('NFD')],
  ['nothing but blanks', ' \u00a0\t '],
  ['a statement', "'); drop table records; --"],
];

describe.each(HOSTILE)('%s', (_what, text) => {
  test('as a name or a reason is kept as text or refused, and breaks nothing', async () => {
    const { recordId } = await makeRecord(api.system, bookId);
    const organisationId = (await api.system.store.organisations.list())[0]!.id;
    const person = (await api.system.store.people.byLogin('nhap'))!.person;
    // JSON keeps half a pair only as an escape.
    const send = (call: Call, method: 'POST' | 'PATCH', url: string, body: object) =>
      call(method, url, {
        payload: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    const { quantri, tiepnhan, nhap, kiem } = calls;
    const login = `la-${Math.floor(Math.random() * 1e9)}`;
    const person_ = { organisationId, login, roles: [], password: PASSWORD };
    const answers = await Promise.all([
      send(quantri, 'POST', '/api/people', { ...person_, name: text }),
      send(quantri, 'POST', '/api/people', { ...person_, login: text, name: 'A' }),
      send(quantri, 'POST', '/api/organisations', { name: text, kind: 'district' }),
      send(quantri, 'POST', '/api/projects', { name: text }),
      send(tiepnhan, 'POST', '/api/books', { ...NEW_BOOK, place: text, unit: text }),
      send(quantri, 'PATCH', `/api/people/${person.id}`, { scope: { units: [text] } }),
      send(quantri, 'POST', '/api/batches', {
        bookId,
        work: 'key',
        personId: person.id,
        name: text,
      }),
      send(nhap, 'POST', `/api/records/${recordId}/marks`, { kind: 'ask', field: text, text }),
      send(kiem, 'POST', `/api/books/${bookId}/exceptions`, { key: text, reason: text }),
      send(tiepnhan, 'PATCH', `/api/books/${bookId}/closing-note`, { text }),
      send(nhap, 'POST', '/api/session/tokens', { name: text, scopes: ['books:read'] }),
      send(nhap, 'POST', '/api/session/totp/confirm', { code: text }),
      send(kiem, 'POST', `/api/records/${recordId}/checks`, { seen: 1, fields: [text] }),
    ]);
    for (const [i, answer] of answers.entries()) {
      expect([i, answer.statusCode < 500, answer.headers['content-type']]).toEqual([
        i,
        true,
        expect.stringContaining('application/json'),
      ]);
    }
    await api.system.store.people.setScope(person.id, null);
    calls.nhap = await api.as('nhap');
    for (const url of [
      '/api/people',
      '/api/projects',
      '/api/books',
      '/api/work/marks',
      '/api/batches',
    ])
      expect((await quantri('GET', url)).statusCode).toBe(200);
  });

  test('as an answer is stored as it reads, or refused, and read back the same', async () => {
    const { recordId } = await makeRecord(api.system, bookId);
    const action = { type: 'keyed', answers: { nksHoTen: { state: 'written', text } } };
    const answer = await calls.nhap('POST', `/api/records/${recordId}/actions`, {
      payload: JSON.stringify({ seen: 1, action }),
      headers: { 'content-type': 'application/json' },
    });
    const now = (await calls.kiem('GET', `/api/records/${recordId}`)).json();
    if (answer.statusCode === 200) {
      const stored = text.replaceAll('\0', '').replace('\ud800', '\uFFFD').normalize('NFC');
      expect(now.values.nksHoTen.text).toBe(stored);
    } else {
      expect([answer.statusCode, now.version]).toEqual([400, 1]);
    }
    expect(await api.system.store.records.verify(recordId)).toBeUndefined();
  });
});

/** A record at each point of its way, with what it takes to get there. */
async function recordAt(point: 'prefilled' | 'keyed' | 'checked' | 'approved'): Promise<RecordId> {
  const { recordId } = await makeRecord(api.system, bookId, {});
  const way = [
    ['nhap', KEYED],
    ['kiem', CHECKED],
    ['duyet', { type: 'approved' }],
  ] as const;
  const steps = { prefilled: 0, keyed: 1, checked: 2, approved: 3 }[point];
  for (const [i, [login, action]] of way.slice(0, steps).entries())
    expect((await act(calls[login], recordId, i + 1, action)).statusCode).toBe(200);
  return recordId;
}

describe('an action', () => {
  const reasons = [{ reason: 'x' }];
  test.each<
    [string, Parameters<typeof recordAt>[0], keyof typeof calls, unknown, object, number, string]
  >([
    ['that was seen too early', 'keyed', 'kiem', 1, CHECKED, 409, 'conflict'],
    ['from the future', 'keyed', 'kiem', 3, CHECKED, 409, 'conflict'],
    ['of a version that is none', 'keyed', 'kiem', -1, CHECKED, 400, 'invalid'],
    ['of a version in words', 'keyed', 'kiem', '2', CHECKED, 400, 'invalid'],
    ['sent twice: keyed', 'keyed', 'nhap', 1, KEYED, 409, 'conflict'],
    ['sent twice: checked', 'checked', 'kiem', 2, CHECKED, 409, 'conflict'],
    ['sent twice: approved', 'approved', 'duyet', 3, { type: 'approved' }, 409, 'conflict'],
    ['before its time: checked', 'prefilled', 'kiem', 1, CHECKED, 409, 'notAllowedNow'],
    ['before its time: approved', 'keyed', 'duyet', 2, { type: 'approved' }, 409, 'notAllowedNow'],
    [
      'before its time: reopened',
      'checked',
      'duyet',
      3,
      { type: 'reopened', reasons },
      409,
      'notAllowedNow',
    ],
    [
      'before its time: second keying',
      'prefilled',
      'nhap',
      1,
      { type: 'secondKeyed', answers: {} },
      409,
      'notAllowedNow',
    ],
    [
      'that nobody asked for: second keying',
      'keyed',
      'nhap',
      2,
      { type: 'secondKeyed', answers: blank },
      403,
      'fourEyes',
    ],
    [
      'that nobody asked for: arbitration',
      'keyed',
      'nhap',
      2,
      { type: 'arbitrated', answers: {} },
      403,
      'fourEyes',
    ],
    ['after its time: keyed', 'approved', 'nhap', 4, KEYED, 409, 'notAllowedNow'],
    [
      'after its time: returned',
      'approved',
      'kiem',
      4,
      { type: 'returned', reasons },
      409,
      'notAllowedNow',
    ],
    ['of another role', 'keyed', 'nhap', 2, CHECKED, 403, 'forbidden'],
    [
      'that only machines do',
      'prefilled',
      'nhap',
      1,
      { type: 'prefilled', values: {}, effect: 'x' },
      400,
      'invalid',
    ],
    ['of no kind', 'prefilled', 'nhap', 1, { type: 'nonsense' }, 400, 'invalid'],
    [
      'with somebody else’s check',
      'keyed',
      'kiem',
      2,
      { type: 'checked', confirmed: [] },
      422,
      'incomplete',
    ],
    [
      'with an acceptance of nothing odd but no check',
      'keyed',
      'kiem',
      2,
      { type: 'checked', accepted: [{ rule: 'x', fields: ['so'], reason: 'y' }] },
      422,
      'incomplete',
    ],
  ])(
    '%s is refused and changes nothing',
    async (_what, point, login, seen, action, status, kind) => {
      const id = await recordAt(point);
      const before = await api.system.store.records.log(id);
      const answer = await act(calls[login], id, seen, action);
      expect([answer.statusCode, answer.json().error.kind]).toEqual([status, kind]);
      expect(answer.json().error.message).not.toBe('');
      expect(await api.system.store.records.log(id)).toEqual(before);
    },
  );
});

test('an id of something else, or of nothing, is not found wherever it is sent', async () => {
  const { recordId, pageId } = await makeRecord(api.system, bookId);
  const nothing = '00000000-0000-4000-8000-000000000000';
  const { quantri, kiem, duyet } = calls;
  const person = (await api.system.store.people.byLogin('nhap'))!.person;
  for (const wrong of [pageId, nothing, person.id]) {
    const answers = await Promise.all([
      act(kiem, wrong, 1, CHECKED),
      quantri('POST', `/api/books/${recordId}/steps`, { payload: { kind: 'delivered' } }),
      quantri('POST', `/api/batches/${wrong}/revoke`),
      duyet('POST', `/api/samples/${wrong}/records/${recordId}`, { payload: { errors: [] } }),
      kiem('POST', `/api/records/${recordId}/marks/${wrong}/close`, { payload: { answer: 'x' } }),
      quantri('POST', '/api/batches', {
        payload: { bookId: wrong, work: 'key', personId: person.id, name: 'x' },
      }),
      quantri('POST', '/api/work/next', { payload: { bookId: wrong, work: 'key' } }),
    ]);
    expect(answers.map((answer) => answer.statusCode)).toEqual(answers.map(() => 404));
  }
});
