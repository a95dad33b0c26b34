import type { FastifyInstance } from 'fastify';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { hashPassword } from '../../api/passwords.ts';
import type { BookId } from '../../models/ids.ts';
import type { Role, Scope } from '../../models/people.ts';
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
 * Who may do what, also with things of other places; authenticators, locks and tokens.
 */

const HERE = 'Xã Đồng Mẫu, Huyện Mẫu, Tỉnh Mẫu';
const THERE = 'Xã Tây Mẫu, Huyện Khác, Tỉnh Mẫu';
const NOBODY = '00000000-0000-4000-8000-000000000000';

let api: TestApp;
let boss: Call;
let bookId: BookId;
let recordId: string;
let pageId: string;
let documentId: string;
let exportId: string;
let batchId: string;
let sampleId: string;
beforeAll(async () => {
  api = await openTestApp();
  boss = await api.as('quantri');
  const { store } = api.system;
  bookId = (await store.books.create({ ...NEW_BOOK, unit: HERE })).id;
  ({ recordId, pageId } = await makeRecord(api.system, bookId));
  documentId = (await store.documents.ofBook(bookId))[0]!.id;
  const { person } = (await store.people.byLogin('quantri'))!;
  const summary = { files: [], records: 0, refused: [] };
  exportId = (await store.exports.add({ bookId, personId: person.id, draft: true, summary })).id;
  const keyer = (await store.people.byLogin('nhap'))!.person;
  const batch = await store.batches.create({
    bookId,
    work: 'key',
    person: keyer,
    name: 'Lô 1',
    by: person.id,
    count: 1,
  });
  batchId = batch.id;
  const { rows } = await api.query(
    `insert into samples (id, book_id, accept, drawn_by)
     values (gen_random_uuid(), $1, 0, $2) returning id`,
    [bookId, person.id],
  );
  sampleId = rows[0].id;
});
afterAll(() => api.close());

async function addPerson(login: string, roles: readonly Role[], scope?: Scope): Promise<Call> {
  const { organisations, people } = api.system.store;
  const organisation = (await organisations.list()).find((o) => o.kind === 'managingUnit')!;
  await people.create({
    organisationId: organisation.id,
    login,
    name: `Người thử ${login}`,
    roles,
    scope,
    passwordHash: await hashPassword(PASSWORD),
  });
  const cookie = await api.signIn(login);
  return (method, url, more = {}) =>
    api.app.inject({ ...more, method, url, headers: { ...OURS, cookie, ...more.headers } });
}

/** Every route whose address names a thing, with what its `config` says the thing is. */
const routesOf = (app: FastifyInstance) => {
  const document = app.swagger() as unknown as {
    paths: Record<string, Record<string, { tags?: string[] }>>;
  };
  return Object.entries(document.paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, { tags }]) => ({
      method: method.toUpperCase() as 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE',
      url,
      tag: tags?.[0],
    })),
  );
};

/** Things that lie in no book; the rules of their own routes are tested elsewhere. */
const APART = [
  '/api/people/{id}',
  '/api/projects/{id}',
  '/api/session/tokens/{id}',
  '/api/uploads/{id}',
];

describe('a thing of another place', () => {
  test('is not found by any address, for any role, and the answer is that of no thing at all', async () => {
    const everything = [
      'administrator',
      'intake',
      'keyer',
      'checker',
      'approver',
      'viewer',
    ] as const;
    const stranger = await addPerson('nguoi-noi-khac', everything, { units: [THERE], books: [] });
    const ids: Record<string, string> = {
      books: bookId,
      records: recordId,
      pages: pageId,
      documents: documentId,
      exports: exportId,
      batches: batchId,
      samples: sampleId,
    };
    let tried = 0;
    for (const { method, url } of routesOf(api.app)) {
      if (!url.includes('{id}') || APART.includes(url)) continue;
      const noun = url.split('/')[2]!;
      const at = (id: string) =>
        `${url
          .replace('{id}', id)
          .replace('{field}', 'so')
          .replace('{name}', 'a.csv')
          .replace(/\{(mark|record)\}/, NOBODY)}?x=0&y=0&w=1&h=1`;
      const payload =
        method === 'GET'
          ? {}
          : { payload: { seen: 1, action: { type: 'checked' }, draft: true, excluded: true } };
      const theirs = await stranger(method, at(ids[noun]!), payload);
      const nothing = await stranger(method, at(NOBODY), payload);
      expect([method, url, theirs.statusCode]).toEqual([method, url, 404]);
      expect(theirs.json()).toEqual(nothing.json());
      tried++;
    }
    expect(tried).toBeGreaterThan(15);
  });

  test('is in no list, no count and no stream', async () => {
    const stranger = await addPerson('nguoi-noi-khac-2', ['keyer'], { units: [THERE], books: [] });
    for (const url of ['/api/books', '/api/records', `/api/records?bookId=${bookId}`])
      expect((await stranger('GET', url)).json()).toEqual({ items: [], total: 0 });
    const search = await stranger('GET', '/api/records', { query: { search: 'nguyen van thu' } });
    expect(search.json().total).toBe(0);
    const next = await stranger('GET', `/api/records/next?bookId=${bookId}&for=key`);
    expect(next.statusCode).toBe(404);
    expect((await stranger('GET', '/api/people')).statusCode).toBe(403);
  });

  test('takes no upload', async () => {
    const stranger = await addPerson('nguoi-noi-khac-3', ['intake'], { units: [THERE], books: [] });
    const metadata = (id: string) =>
      `bookId ${Buffer.from(id).toString('base64')},filename ${Buffer.from('a.pdf').toString('base64')}`;
    const begin = (call: Call, id: string) =>
      call('POST', '/api/uploads', {
        headers: {
          'tus-resumable': '1.0.0',
          'upload-length': '10',
          'upload-metadata': metadata(id),
        },
      });
    expect((await begin(stranger, bookId)).statusCode).toBe(404);
    expect((await begin(stranger, NOBODY)).statusCode).toBe(404);
    expect((await begin(boss, bookId)).statusCode).toBe(201);
  });
});

describe('a scope', () => {
  test.each<[string, Scope, boolean]>([
    ['the commune', { units: [HERE], books: [] }, true],
    ['its district', { units: ['Huyện Mẫu, Tỉnh Mẫu'], books: [] }, true],
    ['its province', { units: ['Tỉnh Mẫu'], books: [] }, true],
    ['a district whose name ends alike', { units: ['Mẫu, Tỉnh Mẫu'], books: [] }, false],
    ['a pattern', { units: ['%'], books: [] }, false],
    ['nothing', { units: [], books: [] }, false],
  ])('of %s holds the book or not', async (name, scope, holds) => {
    const call = await addPerson(
      `pham-vi-${Buffer.from(name).toString('hex').slice(0, 20)}`,
      ['viewer'],
      scope,
    );
    const listed = (await call('GET', '/api/books')).json().total;
    const { statusCode } = await call('GET', `/api/books/${bookId}`);
    expect([listed > 0, statusCode]).toEqual([holds, holds ? 200 : 404]);
  });

  test('of single books holds those', async () => {
    const call = await addPerson('mot-quyen', ['viewer'], { units: [], books: [bookId] });
    await api.system.store.books.create({ ...NEW_BOOK, number: '77/2008', unit: HERE });
    expect((await call('GET', '/api/books')).json().items).toMatchObject([{ id: bookId }]);
  });

  test('is given by an administrator within their own, and its loss ends the sessions', async () => {
    const local = await addPerson('quan-tri-huyen', ['administrator'], {
      units: ['Huyện Mẫu, Tỉnh Mẫu'],
      books: [],
    });
    const { organisationId } = (await api.system.store.people.byLogin('xem'))!.person;
    const add = (login: string, scope?: object) =>
      local('POST', '/api/people', {
        payload: { organisationId, login, name: 'A', roles: ['keyer'], password: PASSWORD, scope },
      });
    expect((await add('rong-1')).statusCode).toBe(403);
    expect((await add('rong-2', { units: ['Tỉnh Mẫu'] })).statusCode).toBe(403);
    const added = await add('vua-du', { units: [HERE] });
    expect(added.statusCode).toBe(201);
    const seen = (await local('GET', '/api/people')).json().items as { login: string }[];
    const logins = seen.map((p) => p.login);
    expect(logins).toEqual(expect.arrayContaining(['quan-tri-huyen', 'vua-du']));
    for (const login of ['quantri', 'xem', 'nguoi-noi-khac']) expect(logins).not.toContain(login);
    const { id } = (await api.system.store.people.byLogin('quantri'))!.person;
    const other = await local('PATCH', `/api/people/${id}`, { payload: { password: PASSWORD } });
    expect(other.statusCode).toBe(404);
    const wider = await local('PATCH', `/api/people/${added.json().id}`, {
      payload: { scope: null },
    });
    expect(wider.statusCode).toBe(403);
    const cookie = await api.signIn('vua-du');
    await boss('PATCH', `/api/people/${added.json().id}`, { payload: { scope: { books: [] } } });
    const after = await api.app.inject({ method: 'GET', url: '/api/session', headers: { cookie } });
    expect(after.statusCode).toBe(401);
  });

  test('lets an intake person add books of their own units only', async () => {
    const call = await addPerson('tiep-nhan-xa', ['intake'], { units: [HERE], books: [] });
    const add = (unit?: string) => call('POST', '/api/books', { payload: { ...NEW_BOOK, unit } });
    expect((await add(HERE)).statusCode).toBe(201);
    expect((await add(THERE)).statusCode).toBe(403);
    expect((await add()).statusCode).toBe(403);
  });
});

describe('a project', () => {
  test('says which organisations check and approve, for all its books at once', async () => {
    const made = await boss('POST', '/api/projects', { payload: { name: 'Kế hoạch thử' } });
    expect(made.json().policy.otherOrganisation).toBe(true);
    const project = made.json().id;
    const book = await boss('POST', '/api/books', { payload: { ...NEW_BOOK, projectId: project } });
    const { id } = book.json().book;
    const changed = await boss('PATCH', `/api/projects/${project}`, {
      payload: { policy: { checkers: ['district'], approvers: ['justiceDepartment'] } },
    });
    expect(changed.json().policy).toMatchObject({
      otherOrganisation: true,
      checkers: ['district'],
    });
    expect((await boss('GET', `/api/books/${id}`)).json().book.policy).toMatchObject({
      checkers: ['district'],
      approvers: ['justiceDepartment'],
    });
    const { recordId } = await makeRecord(api.system, id);
    const record = (await (await api.as('kiem'))('GET', `/api/records/${recordId}`)).json();
    expect(record.refusals.checked).toMatchObject({ kind: 'forbidden' });
    expect(record.refusals.checked.detail).toContain('district');
  });

  test('is not loosened for one book by who takes books in', async () => {
    const intake = await api.as('tiepnhan');
    const payload = { ...NEW_BOOK, policy: { otherOrganisation: false } };
    expect((await intake('POST', '/api/books', { payload })).statusCode).toBe(403);
    expect((await boss('POST', '/api/books', { payload })).statusCode).toBe(201);
    const stricter = { ...NEW_BOOK, policy: { checkers: ['district'] } };
    expect((await intake('POST', '/api/books', { payload: stricter })).statusCode).toBe(201);
  });

  test('is not changed by an administrator of some places, nor loosened by them for a book', async () => {
    const local = await addPerson('quan-tri-tinh', ['administrator'], {
      units: ['Tỉnh Mẫu'],
      books: [],
    });
    const { id } = (await boss('GET', '/api/projects')).json().items[0];
    const payload = { policy: { otherOrganisation: false } };
    expect((await local('PATCH', `/api/projects/${id}`, { payload })).statusCode).toBe(403);
    expect((await local('POST', '/api/projects', { payload: { name: 'Y' } })).statusCode).toBe(403);
    const set = (change: object) =>
      local('PATCH', `/api/books/${bookId}/policy`, { payload: change });
    expect((await set(payload.policy)).statusCode).toBe(403);
    expect((await set({ keying: { kind: 'double' } })).statusCode).toBe(200);
    expect((await set({ keying: { kind: 'single' } })).statusCode).toBe(200);
  });

  test('is changed by administrators only', async () => {
    const { id } = (await boss('GET', '/api/projects')).json().items[0];
    for (const login of ['tiepnhan', 'nhap', 'kiem', 'duyet', 'xem'] as const) {
      const call = await api.as(login);
      const payload = { policy: { otherOrganisation: false } };
      expect((await call('PATCH', `/api/projects/${id}`, { payload })).statusCode).toBe(403);
      const add = await call('POST', '/api/projects', { payload: { name: 'X' } });
      expect(add.statusCode).toBe(403);
    }
  });
});

const signIn = (login: string, more: object = {}) =>
  api.app.inject({
    method: 'POST',
    url: '/api/session',
    headers: OURS,
    payload: { login, password: PASSWORD, ...more },
  });

describe('an authenticator', () => {
  test('is asked for once it is confirmed; a code counts once', async () => {
    // The middle of a period, and there it stays.
    const noon = Math.floor(Date.now() / 30_000) * 30_000 + 15_000;
    vi.useFakeTimers({ toFake: ['Date'], now: noon });
    onTestFinished(() => void vi.useRealTimers());
    const call = await addPerson('hai-lop', ['keyer']);
    const post = (path: string, payload: object) =>
      call('POST', `/api/session/totp${path}`, { payload });
    expect((await post('', { password: 'sai' })).statusCode).toBe(401);
    const { secret, uri, qr } = (await post('', { password: PASSWORD })).json();
    expect(uri).toContain('otpauth://totp/');
    expect(qr).toMatch(/^<svg/);
    expect((await signIn('hai-lop')).statusCode).toBe(200);
    const code = (ahead: number) =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({
        timestamp: Date.now() + ahead * 30_000,
      });
    expect((await post('/confirm', { code: code(-2) })).json().error.kind).toBe('wrongCode');
    expect((await post('/confirm', { code: '000000' })).json().error.kind).toBe('wrongCode');
    expect((await post('/confirm', { code: code(-1) })).statusCode).toBe(204);
    expect((await signIn('hai-lop')).json().error.kind).toBe('codeNeeded');
    expect((await signIn('hai-lop', { code: code(-1) })).json().error.kind).toBe('wrongCode');
    const good = code(0);
    const both = await Promise.all([
      signIn('hai-lop', { code: good }),
      signIn('hai-lop', { code: good }),
    ]);
    expect(both.map((a) => a.statusCode).sort()).toEqual([200, 401]);
    expect((await call('GET', '/api/session')).json().totp).toBe(true);
    expect((await post('', { password: PASSWORD })).statusCode).toBe(409);
    expect(JSON.stringify((await boss('GET', '/api/people')).json())).not.toContain(secret);
    const { id } = (await api.system.store.people.byLogin('hai-lop'))!.person;
    await boss('PATCH', `/api/people/${id}`, { payload: { totp: false } });
    expect((await signIn('hai-lop')).statusCode).toBe(200);
  });
});

describe('a lock', () => {
  test('closes a login after ten wrong passwords, known or not, until it is lifted', async () => {
    await addPerson('bi-do', ['keyer']);
    for (const login of ['bi-do', 'khong-co-ai']) {
      for (let n = 0; n < 10; n++)
        expect((await signIn(login, { password: 'sai' })).statusCode).toBe(401);
      const locked = await signIn(login);
      expect([locked.statusCode, locked.json().error.kind]).toEqual([429, 'locked']);
    }
    const { id } = (await api.system.store.people.byLogin('bi-do'))!.person;
    await boss('PATCH', `/api/people/${id}`, { payload: { locked: false } });
    expect((await signIn('bi-do')).statusCode).toBe(200);
  });

  test('counts wrong passwords in a row only', async () => {
    await addPerson('hay-quen', ['keyer']);
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 6; n++) await signIn('hay-quen', { password: 'sai' });
      expect((await signIn('hay-quen')).statusCode).toBe(200);
    }
  });
});

describe('signing out everywhere', () => {
  test('ends all sessions and tokens of the person', async () => {
    const call = await addPerson('dang-xuat', ['keyer']);
    const elsewhere = await api.signIn('dang-xuat');
    const { token } = (
      await call('POST', '/api/session/tokens', { payload: { name: 'a', scopes: ['books:read'] } })
    ).json();
    const ask = (headers: object) =>
      api.app.inject({ method: 'GET', url: '/api/books', headers: { ...headers } });
    expect((await ask({ authorization: `Bearer ${token}` })).statusCode).toBe(200);
    expect((await call('DELETE', '/api/session/all')).statusCode).toBe(204);
    expect((await ask({ cookie: elsewhere })).statusCode).toBe(401);
    expect((await ask({ authorization: `Bearer ${token}` })).statusCode).toBe(401);
    expect((await call('GET', '/api/session')).statusCode).toBe(401);
  });
});

describe('a token', () => {
  test('does what it is for and its person may do, and no other thing', async () => {
    const call = await addPerson('co-ma', ['intake'], { units: [HERE], books: [] });
    const made = await call('POST', '/api/session/tokens', {
      payload: { name: 'máy quét', scopes: ['books:read', 'books:write', 'records:read'] },
    });
    expect(made.statusCode).toBe(201);
    const { token, id } = made.json();
    expect((await call('GET', '/api/session/tokens')).body).not.toContain(token);
    const allowed = ['books:read', 'books:write', 'records:read'];
    for (const { method, url, tag } of routesOf(api.app)) {
      const open =
        tag === undefined || tag === 'health' || (url === '/api/session' && method === 'POST');
      if (open || url.endsWith('/events')) continue;
      const needed = `${tag}:${method === 'GET' || method === 'HEAD' ? 'read' : 'write'}`;
      const answer = await api.app.inject({
        method,
        url: url.replace(/\{\w+\}/g, NOBODY),
        headers: { authorization: `Bearer ${token}` },
      });
      // The answer to HEAD has no body to say why.
      const refused =
        answer.statusCode === 403 && (method === 'HEAD' || answer.body.includes('token scope'));
      expect([method, url, refused]).toEqual([method, url, !allowed.includes(needed)]);
    }
    const add = (unit: string) =>
      api.app.inject({
        method: 'POST',
        url: '/api/books',
        headers: { authorization: `Bearer ${token}` },
        payload: { ...NEW_BOOK, unit },
      });
    expect((await add(HERE)).statusCode).toBe(201);
    expect((await add(THERE)).statusCode).toBe(403);
    const stranger = await addPerson('khong-ma', ['keyer']);
    expect((await stranger('DELETE', `/api/session/tokens/${id}`)).statusCode).toBe(404);
    expect((await call('DELETE', `/api/session/tokens/${id}`)).statusCode).toBe(204);
    expect((await add(HERE)).statusCode).toBe(401);
  });

  test('that is invented, cut or overlong is refused, whatever cookie comes with it', async () => {
    const cookie = await api.signIn('quantri');
    for (const token of ['x', 'sogoc_', `sogoc_${'a'.repeat(43)}`, 'a'.repeat(5000)]) {
      const headers = { cookie, authorization: `Bearer ${token}` };
      const { statusCode } = await api.app.inject({ method: 'GET', url: '/api/books', headers });
      expect(statusCode).toBe(401);
    }
  });
});
