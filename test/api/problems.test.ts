import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ErrorAnswer } from '../../api/contract.ts';
import { toProblem } from '../../api/problems.ts';
import { Failure, FailureKind } from '../../models/failures.ts';
import type { BookId } from '../../models/ids.ts';
import { type Call, makeRecord, NEW_BOOK, OURS, openTestApp, type TestApp } from './support.ts';

const lines: string[] = [];
let api: TestApp;
let intake: Call;
beforeAll(async () => {
  const stream = { write: (line: string) => void lines.push(line) };
  api = await openTestApp(
    {},
    { logger: { level: 'debug', stream }, signInTries: { address: 10_000, login: 10_000 } },
  );
  intake = await api.as('tiepnhan');
});
afterAll(() => api.close());

describe('a problem', () => {
  test('of every known kind says what to do in both languages', () => {
    for (const kind of FailureKind.options) {
      const { status, problem } = toProblem(new Failure(kind, 'x'), 'id');
      expect(status).toBeGreaterThanOrEqual(400);
      expect(problem).toMatchObject({ kind, detail: 'x' });
      expect(problem.message).not.toBe(problem.messageEn);
    }
  });

  test('has one shape, whatever was wrong with the request', async () => {
    const requests = await Promise.all([
      intake('GET', '/api/books/not-an-id'),
      intake('GET', '/api/books?limit=1e99'),
      intake('GET', '/api/books?offset=999999999999999999999'),
      intake('GET', '/api/%zz'),
      intake('GET', '/api/books/%E0%A4%A'),
      intake('GET', `/api/books/${'x'.repeat(5000)}`),
      intake('POST', '/api/books', {
        payload: '{"form": ',
        headers: { 'content-type': 'application/json' },
      }),
      intake('POST', '/api/books', {
        payload: '<xml/>',
        headers: { 'content-type': 'text/xml' },
      }),
      intake('POST', '/api/books', {
        payload: `{"place":"${'x'.repeat(2_000_000)}"}`,
        headers: { 'content-type': 'application/json' },
      }),
      intake('POST', '/api/books', {
        payload: '{"__proto__": {"roles": ["administrator"]}}',
        headers: { 'content-type': 'application/json' },
      }),
      intake('POST', '/api/books', { payload: [] }),
      intake('DELETE', '/api/books'),
    ]);
    for (const response of requests) {
      expect(response.statusCode).toBeGreaterThanOrEqual(400);
      expect(response.statusCode).toBeLessThan(500);
      expect(response.headers['content-type']).toContain('application/json');
      ErrorAnswer.parse(response.json());
    }
  });

  test('that is a bug is logged with its request’s id, and the answer says only that', async () => {
    const secret = 'Nguyễn Thị Bí Mật';
    const bug = toProblem(new TypeError(`${secret} is not a function`), 'request-1');
    expect(bug).toMatchObject({
      status: 500,
      problem: { kind: 'internal', detail: 'request-1' },
      bug: { type: 'TypeError', stack: expect.stringContaining('problems.test.ts') },
    });
    expect(JSON.stringify(bug)).not.toContain(secret);
    const quoting = Object.assign(new Error(`duplicate key: (${secret})`), {
      severity: 'ERROR',
      code: '23505',
      detail: `Key (name)=(${secret}) exists`,
    });
    const { problem, bug: logged } = toProblem(quoting, 'request-2');
    expect(JSON.stringify([problem, logged])).not.toContain('Bí Mật');
    expect(logged).toMatchObject({ code: '23505' });
  });
});

test('the log names routes, ids and people, and holds no personal value', async () => {
  const { id } = await api.system.store.books.create(NEW_BOOK);
  const { recordId } = await makeRecord(api.system, id as BookId, { nksHoTen: 'Bí Mật Thị Lộ' });
  const keyer = await api.as('nhap');
  await keyer('GET', '/api/records?search=B%C3%AD%20M%E1%BA%ADt');
  await keyer('GET', '/api/bi-mat-khong-co');
  await keyer('POST', `/api/records/${recordId}/actions`, {
    payload: {
      seen: 1,
      action: { type: 'keyed', answers: { nksHoTen: { state: 'written', text: 'Bí Mật Mới' } } },
    },
  });
  await keyer('POST', `/api/records/${recordId}/actions`, {
    payload: { seen: 1, action: { type: 'keyed', answers: { 'Bí Mật': { state: 'sai' } } } },
  });
  const all = lines.join('');
  expect(all).toContain('/api/records/:id/actions');
  expect(all).toContain(recordId);
  expect(all).not.toMatch(/B%C3|Bí|Mật|bi-mat|mật khẩu|so-goc=/);
});

describe('hostile text', () => {
  test('stays text: markup, formulas and odd characters come back as they were sent', async () => {
    const texts = [
      '<script>alert(1)</script>',
      '=HYPERLINK("http://evil.example")',
      '"; drop table records; --',
      '\u202Eđảo ngược',
      '{{7*7}} %24{7*7}',
    ];
    const { id } = await api.system.store.books.create(NEW_BOOK);
    const keyer = await api.as('nhap');
    for (const text of texts) {
      const { recordId } = await makeRecord(api.system, id as BookId);
      const answer = await keyer('POST', `/api/records/${recordId}/actions`, {
        payload: {
          seen: 1,
          action: { type: 'keyed', answers: { nksHoTen: { state: 'written', text } } },
        },
      });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toContain('application/json');
      expect(answer.json().values.nksHoTen.text).toBe(text);
    }
  });

  test('in a field that does not exist is refused', async () => {
    const { id } = await api.system.store.books.create(NEW_BOOK);
    const { recordId } = await makeRecord(api.system, id as BookId);
    const keyer = await api.as('nhap');
    for (const key of ['__proto__', 'constructor', 'toString', 'noSuchField', 'x'.repeat(81)]) {
      const payload = `{"seen":1,"action":{"type":"keyed","answers":{"${key}":{"state":"blank"}}}}`;
      const answer = await keyer('POST', `/api/records/${recordId}/actions`, {
        payload,
        headers: { 'content-type': 'application/json' },
      });
      expect([key, answer.statusCode]).toEqual([key, 400]);
    }
    expect((await api.system.store.records.byId(recordId)).version).toBe(1);
  });

  test('of unpaired surrogates or null characters does not bring the store down', async () => {
    const { id } = await api.system.store.books.create(NEW_BOOK);
    const { recordId } = await makeRecord(api.system, id as BookId);
    const keyer = await api.as('nhap');
    const payload = `{"seen":1,"action":{"type":"keyed","answers":{"nksHoTen":{"state":"written","text":"a\\u0000b\\ud800"}}}}`;
    const answer = await keyer('POST', `/api/records/${recordId}/actions`, {
      payload,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.statusCode).toBe(200);
    expect((await keyer('GET', '/api/records?search=a%00%EF%BF%BD')).statusCode).toBe(200);
  });
});

test('every answer forbids what a page of ours does not need', async () => {
  const { headers } = await intake('GET', '/api/books');
  expect(headers['content-security-policy']).toContain("default-src 'self'");
  expect(headers['content-security-policy']).not.toContain('unsafe-eval');
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
  });
});

describe('the documentation', () => {
  test('describes every route with its answers', async () => {
    const document = (await intake('GET', '/api/openapi.json')).json();
    expect(document.openapi).toMatch(/^3\.1/);
    const action = document.paths['/api/records/{id}/actions'].post;
    expect(Object.keys(action.responses)).toEqual(expect.arrayContaining(['200', '409']));
    expect(Object.keys(document.paths).length).toBeGreaterThan(30);
  });

  test('is a page without scripts and without anything from elsewhere', async () => {
    const page = await intake('GET', '/api/docs');
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('/api/records/{id}/actions');
    expect(page.body).not.toMatch(/<script|src=|https?:\/\/(?!json-schema)/);
  });
});

test('without a built workbench the address of a page says that it is being built', async () => {
  const { app } = await openTestApp({}, { web: `${api.system.settings.dataDir}/no-build` });
  const page = await app.inject({ method: 'GET', url: '/' });
  expect([page.statusCode, page.headers['content-type']]).toEqual([
    503,
    'text/html; charset=utf-8',
  ]);
  const deep = await app.inject({ method: 'GET', url: '/books/1' });
  expect(deep.statusCode).toBe(503);
  for (const url of ['/missing.js', '/..%2fpackage.json', '/.env'])
    expect((await app.inject({ method: 'GET', url })).statusCode).toBeGreaterThanOrEqual(400);
  expect((await app.inject({ method: 'POST', url: '/', headers: OURS })).statusCode).toBe(404);
  await app.close();
});
