import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureAdministrator, ensureSampleAccounts } from '../../api/accounts.ts';
import { testSystem } from '../support/database.ts';
import { type Call, type Login, NEW_BOOK, openTestApp, PASSWORD, type TestApp } from './support.ts';

let api: TestApp;
let boss: Call;
beforeAll(async () => {
  api = await openTestApp();
  boss = await api.as('quantri');
});
afterAll(() => api.close());

describe('an administrator', () => {
  test('adds an organisation and a person who can sign in', async () => {
    const organisation = await boss('POST', '/api/organisations', {
      payload: { name: 'Phòng thử nghiệm', kind: 'district' },
    });
    expect(organisation.statusCode).toBe(201);
    const person = await boss('POST', '/api/people', {
      payload: {
        organisationId: organisation.json().id,
        login: 'nguoi-moi',
        name: 'Người Mới',
        roles: ['keyer'],
        password: PASSWORD,
      },
    });
    expect(person.statusCode).toBe(201);
    expect(person.json()).toMatchObject({ login: 'nguoi-moi', roles: ['keyer'], active: true });
    expect(person.body).not.toContain('assword');
    await api.signIn('nguoi-moi');
    expect((await boss('GET', '/api/people')).json().items).toContainEqual(person.json());
  });

  test('is told that a login is taken', async () => {
    const { person } = (await api.system.store.people.byLogin('nhap'))!;
    const { organisationId, name } = person;
    const again = await boss('POST', '/api/people', {
      payload: { organisationId, name, login: 'nhap', roles: [], password: PASSWORD },
    });
    expect(again.statusCode).toBe(400);
    expect(again.json().error).toMatchObject({ kind: 'invalid', detail: 'this login is taken' });
  });

  test('is told which organisation does not exist', async () => {
    const response = await boss('POST', '/api/people', {
      payload: {
        organisationId: '00000000-0000-4000-8000-000000000000',
        name: 'A',
        login: 'khong-don-vi',
        roles: [],
        password: PASSWORD,
      },
    });
    expect(response.statusCode).toBe(404);
  });

  test('gives a new password, which ends the person’s sessions', async () => {
    const cookie = await api.signIn('kiem');
    const { id } = (await api.system.store.people.byLogin('kiem'))!.person;
    const payload = { password: 'một mật khẩu mới', roles: ['checker', 'viewer'] };
    const changed = await boss('PATCH', `/api/people/${id}`, { payload });
    expect(changed.json().roles).toEqual(['checker', 'viewer']);
    const old = await api.app.inject({ method: 'GET', url: '/api/session', headers: { cookie } });
    expect(old.statusCode).toBe(401);
    await api.signIn('kiem', 'một mật khẩu mới');
    await boss('PATCH', `/api/people/${id}`, { payload: { password: PASSWORD } });
  });

  test('cannot lock everybody out', async () => {
    const { id } = (await api.system.store.people.byLogin('quantri'))!.person;
    for (const payload of [{ active: false }, { roles: ['keyer'] }])
      expect((await boss('PATCH', `/api/people/${id}`, { payload })).statusCode).toBe(403);
  });
});

describe('roles', () => {
  const unknown = '00000000-0000-4000-8000-000000000000';
  /** Who may; everybody else is refused before the request is even looked at, which is no good. */
  const table: [string, readonly Login[], (call: Call) => ReturnType<Call>][] = [
    ['see people', ['quantri'], (call) => call('GET', '/api/people')],
    ['add people', ['quantri'], (call) => call('POST', '/api/people', { payload: {} })],
    [
      'change people',
      ['quantri'],
      (call) => call('PATCH', `/api/people/${unknown}`, { payload: {} }),
    ],
    [
      'add organisations',
      ['quantri'],
      (call) => call('POST', '/api/organisations', { payload: { name: '', kind: 'district' } }),
    ],
    [
      'take in books',
      ['quantri', 'tiepnhan'],
      (call) => call('POST', '/api/books', { payload: { ...NEW_BOOK, form: 'no-such-form' } }),
    ],
    ['upload', ['quantri', 'tiepnhan'], (call) => call('POST', '/api/uploads')],
    ['try again', ['quantri', 'tiepnhan'], (call) => call('POST', `/api/books/${unknown}/retry`)],
    [
      'export',
      ['quantri', 'duyet', 'damnhiem'],
      (call) => call('POST', `/api/books/${unknown}/exports`, { payload: {} }),
    ],
    [
      'see exports',
      ['quantri', 'duyet', 'damnhiem'],
      (call) => call('GET', `/api/books/${unknown}/exports`),
    ],
    [
      'download',
      ['quantri', 'duyet', 'damnhiem'],
      (call) => call('GET', `/api/exports/${unknown}/files/a.csv`),
    ],
    ['load templates', ['quantri'], (call) => call('POST', '/api/templates?register=KS&name=a')],
  ];
  const everybody: Login[] = ['quantri', 'tiepnhan', 'nhap', 'kiem', 'duyet', 'xem', 'damnhiem'];

  test.each(table)('to %s belong to %j', async (_what, may, request) => {
    for (const login of everybody) {
      const { statusCode } = await request(await api.as(login));
      expect([login, statusCode !== 403]).toEqual([login, may.includes(login)]);
    }
  });

  test('let everybody who is signed in read', async () => {
    for (const login of everybody) {
      const call = await api.as(login);
      for (const url of ['/api/books', '/api/records', '/api/forms', '/api/code-lists'])
        expect((await call('GET', url)).statusCode).toBe(200);
    }
  });
});

describe('the first start', () => {
  test('makes one administrator with a password of 80 random bits, and only the first', async () => {
    const system = await testSystem();
    const first = await ensureAdministrator(system.store);
    expect(first).toMatchObject({ login: 'quantri' });
    expect(first!.password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    expect(await ensureAdministrator(system.store)).toBeUndefined();
    expect(await system.store.people.list()).toHaveLength(1);
    await system.close();
  });

  test('with a sample makes three people in two organisations, whose passwords can be renewed', async () => {
    const system = await testSystem();
    const accounts = await ensureSampleAccounts(system.store, { reset: false });
    expect(accounts.map((a) => a.login)).toEqual(['nhap', 'kiem', 'duyet']);
    const people = await system.store.people.list();
    const of = (login: string) => people.find((p) => p.login === login)!.organisationId;
    expect(of('kiem')).toBe(of('duyet'));
    expect(of('nhap')).not.toBe(of('kiem'));
    const again = await ensureSampleAccounts(system.store, { reset: false });
    expect(again.every((a) => a.password === undefined)).toBe(true);
    const renewed = await ensureSampleAccounts(system.store, { reset: true });
    expect(renewed.every((a, i) => a.password && a.password !== accounts[i]!.password)).toBe(true);
    expect(await system.store.people.count()).toBe(3);
    await system.close();
  });
});
