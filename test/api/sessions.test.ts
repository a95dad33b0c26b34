import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashPassword } from '../../api/passwords.ts';
import { OURS, openTestApp, PASSWORD, type TestApp } from './support.ts';

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
});
afterAll(() => api.close());

const signIn = (login: string, password: string, more: object = {}) =>
  api.app.inject({
    method: 'POST',
    url: '/api/session',
    headers: OURS,
    payload: { login, password },
    ...more,
  });

describe('signing in', () => {
  test('answers who it is and sets a cookie that scripts and other sites cannot use', async () => {
    const response = await signIn('nhap', PASSWORD);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      person: { login: 'nhap', roles: ['keyer'] },
      organisation: { kind: 'digitisingUnit' },
      abilities: [],
    });
    expect(response.body).not.toContain('argon2');
    const cookie = String(response.headers['set-cookie']);
    expect(cookie).toMatch(/^so-goc=[\w-]{43};/);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/Path=\/api/);
    expect(cookie).not.toMatch(/Secure/);
  });

  test('marks the cookie for TLS only when a trusted proxy says the page came over TLS', async () => {
    const tls = { ...OURS, 'x-forwarded-proto': 'https' };
    expect(
      String((await signIn('nhap', PASSWORD, { headers: tls })).headers['set-cookie']),
    ).not.toMatch(/Secure/);
    const behind = await openTestApp({ trustProxy: true });
    const response = await behind.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: tls,
      payload: { login: 'nhap', password: PASSWORD },
    });
    expect(String(response.headers['set-cookie'])).toMatch(/Secure/);
    await behind.close();
  });

  test('ignores case and blanks around the name', async () => {
    expect((await signIn(' NHAP ', PASSWORD)).statusCode).toBe(200);
  });

  test('answers a wrong password, an unknown name and an inactive person alike', async () => {
    const { people } = api.system.store;
    const someone = (await people.byLogin('xem'))!.person;
    const gone = await people.create({
      ...someone,
      login: 'danghi',
      passwordHash: await hashPassword(PASSWORD),
    });
    await people.setActive(gone.id, false);
    const answers = await Promise.all([
      signIn('nhap', 'sai'),
      signIn('khongco', PASSWORD),
      signIn('danghi', PASSWORD),
      signIn("' or 1=1 --", PASSWORD),
      signIn('nhap\0', PASSWORD),
    ]);
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401);
      expect(answer.json().error.kind).toBe('wrongPassword');
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect(new Set(answers.map((a) => a.body)).size).toBe(1);
  });

  test('keeps passwords as argon2id and tokens as hashes', async () => {
    const cookie = await api.signIn('nhap');
    expect((await api.system.store.people.byLogin('nhap'))!.passwordHash).toMatch(/^\$argon2id\$/);
    const token = cookie.split('=')[1]!;
    expect(await api.system.store.sessions.find(token)).toBeUndefined();
  });
});

describe('a session', () => {
  const ask = (cookie: string) =>
    api.app.inject({ method: 'GET', url: '/api/session', headers: { cookie } });

  test('ends with signing out', async () => {
    const cookie = await api.signIn('nhap');
    expect((await ask(cookie)).statusCode).toBe(200);
    const out = await api.app.inject({
      method: 'DELETE',
      url: '/api/session',
      headers: { ...OURS, cookie },
    });
    expect(out.statusCode).toBe(204);
    expect((await ask(cookie)).json().error.kind).toBe('notSignedIn');
  });

  test('ends when the person is no longer active', async () => {
    const cookie = await api.signIn('xem');
    const boss = await api.as('quantri');
    const { id } = (await api.system.store.people.byLogin('xem'))!.person;
    await boss('PATCH', `/api/people/${id}`, { payload: { active: false } });
    expect((await ask(cookie)).statusCode).toBe(401);
    await boss('PATCH', `/api/people/${id}`, { payload: { active: true } });
    expect((await ask(cookie)).statusCode).toBe(401);
  });

  test('of another browser ends when the password is changed; this one goes on', async () => {
    const elsewhere = await api.signIn('duyet');
    const here = await api.signIn('duyet');
    const change = (current: string) =>
      api.app.inject({
        method: 'POST',
        url: '/api/session/password',
        headers: { ...OURS, cookie: here },
        payload: { current, next: 'mật khẩu khác hẳn' },
      });
    expect((await change('sai')).statusCode).toBe(401);
    const changed = await change(PASSWORD);
    expect(changed.statusCode).toBe(204);
    expect((await ask(elsewhere)).statusCode).toBe(401);
    const fresh = String(changed.headers['set-cookie']).split(';')[0]!;
    expect((await ask(fresh)).statusCode).toBe(200);
    expect((await signIn('duyet', PASSWORD)).statusCode).toBe(401);
    expect((await signIn('duyet', 'mật khẩu khác hẳn')).statusCode).toBe(200);
  });

  test('is not made of an invented or overlong token', async () => {
    for (const token of ['x', '', 'a'.repeat(43), 'a'.repeat(5000)])
      expect((await ask(`so-goc=${token}`)).statusCode).toBe(401);
  });
});

describe('every address', () => {
  /** All routes as `METHOD /path`, read from the tree that the router prints. */
  function routes(): { method: string; url: string }[] {
    const stack: string[] = [];
    return api.app
      .printRoutes({ commonPrefix: false })
      .split('\n')
      .flatMap((line) => {
        const match = /^([│ ]*)[├└]── (\S+) \(([^)]*)\)/.exec(line);
        if (!match) return [];
        const depth = match[1]!.length / 4;
        stack.splice(depth, Number.POSITIVE_INFINITY, match[2]!);
        const url = stack.join('').replace(/:\w+/g, '00000000-0000-4000-8000-000000000000');
        return match[3]!.split(', ').map((method) => ({ method, url }));
      });
  }

  test('wants a session, save health and signing in', async () => {
    const open = ['GET /api/health', 'POST /api/session'];
    const all = routes().filter(({ method }) =>
      ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'PUT'].includes(method),
    );
    expect(all.length).toBeGreaterThan(40);
    for (const { method, url } of all) {
      if (open.includes(`${method} ${url}`) || url === '*') continue;
      const response = await api.app.inject({ method: method as 'GET', url, headers: OURS });
      expect([`${method} ${url}`, response.statusCode]).toEqual([`${method} ${url}`, 401]);
    }
  });

  test('wants a session however it is written', async () => {
    for (const url of ['/%61pi/records', '/api/%72ecords', '/api//records', '/API/records'])
      expect([401, 404]).toContain((await api.app.inject({ method: 'GET', url })).statusCode);
  });

  test('that does not exist is a 404 for who is signed in', async () => {
    const call = await api.as('nhap');
    const response = await call('GET', '/api/nothing/here');
    expect(response.statusCode).toBe(404);
    expect(response.json().error.kind).toBe('notFound');
  });
});

describe('a request that changes something', () => {
  test('is refused without our header, even with a session', async () => {
    const cookie = await api.signIn('tiepnhan');
    const response = await api.app.inject({
      method: 'POST',
      url: '/api/books',
      headers: { cookie },
      payload: {},
    });
    expect(response.statusCode).toBe(403);
    expect((await signIn('nhap', PASSWORD, { headers: {} })).statusCode).toBe(403);
  });

  test('is refused when the browser says that another site sends it', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const headers = { ...OURS, 'sec-fetch-site': site };
      expect((await signIn('nhap', PASSWORD, { headers })).statusCode).toBe(403);
    }
    const headers = { ...OURS, 'sec-fetch-site': 'same-origin' };
    expect((await signIn('nhap', PASSWORD, { headers })).statusCode).toBe(200);
  });

  test('gets no permission for other origins', async () => {
    const response = await api.app.inject({
      method: 'OPTIONS',
      url: '/api/books',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('guessing', () => {
  test('many logins from one address is stopped, others go on', async () => {
    const limited = await openTestApp({}, { signInTries: { address: 5, login: 100 } });
    const guess = (n: number, remoteAddress: string) =>
      limited.app.inject({
        method: 'POST',
        url: '/api/session',
        headers: OURS,
        payload: { login: `nguoi${n}`, password: 'sai' },
        remoteAddress,
      });
    for (let n = 0; n < 5; n++) expect((await guess(n, '10.0.0.1')).statusCode).toBe(401);
    const stopped = await guess(6, '10.0.0.1');
    expect(stopped.statusCode).toBe(429);
    expect(stopped.json().error).toMatchObject({ kind: 'tooManyTries' });
    expect((await guess(7, '10.0.0.2')).statusCode).toBe(401);
    // What a client writes into the header itself is no address without a proxy.
    const forged = await limited.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { ...OURS, 'x-forwarded-for': '10.9.9.9' },
      payload: { login: 'nguoi8', password: 'sai' },
      remoteAddress: '10.0.0.1',
    });
    expect(forged.statusCode).toBe(429);
    await limited.close();
  });

  test('one login from many addresses is stopped, however it is written', async () => {
    const limited = await openTestApp({}, { signInTries: { address: 100, login: 3 } });
    const guess = (login: string, n: number) =>
      limited.app.inject({
        method: 'POST',
        url: '/api/session',
        headers: OURS,
        payload: { login, password: 'sai' },
        remoteAddress: `10.0.1.${n}`,
      });
    for (let n = 0; n < 3; n++) expect((await guess('nhap', n)).statusCode).toBe(401);
    expect((await guess('NHAP ', 4)).statusCode).toBe(429);
    expect((await guess('kiem', 5)).statusCode).toBe(401);
    await limited.close();
  });
});
