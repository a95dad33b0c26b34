import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testStore } from '../../support/database.ts';
import { addPerson, unique } from './fixtures.ts';

let db: Awaited<ReturnType<typeof testStore>>;
beforeAll(async () => {
  db = await testStore();
});
afterAll(() => db.close());

describe('a person', () => {
  test('is found by login with the hash of the password, which no other answer holds', async () => {
    const { people } = db.store;
    const person = await addPerson(db.store, ['keyer']);
    expect(await people.byLogin(person.login)).toEqual({ person, passwordHash: 'x' });
    expect(await people.byLogin('nobody')).toBeUndefined();
    expect(await people.byId(person.id)).toEqual(person);
    expect(JSON.stringify(await people.list())).not.toContain('assword');
    expect(await people.count()).toBe((await people.list()).length);
  });

  test('gets another password, other roles, and is switched off', async () => {
    const { people } = db.store;
    const { id, login } = await addPerson(db.store, ['keyer']);
    await people.setPassword(id, 'y');
    await people.setRoles(id, ['checker', 'approver']);
    const off = await people.setActive(id, false);
    expect(off).toMatchObject({ roles: ['checker', 'approver'], active: false });
    expect(await people.byLogin(login)).toEqual({ person: off, passwordHash: 'y' });
  });

  test('cannot have the login of another one', async () => {
    const person = await addPerson(db.store, []);
    await expect(
      db.store.people.create({ ...person, name: 'Khác', passwordHash: 'x' }),
    ).rejects.toMatchObject({ kind: 'invalid' });
  });
});

test('an organisation’s name is taken once', async () => {
  const name = `Đơn vị ${unique()}`;
  const made = await db.store.organisations.create({ name, kind: 'managingUnit' });
  await expect(db.store.organisations.create({ name, kind: 'district' })).rejects.toMatchObject({
    kind: 'invalid',
  });
  expect(await db.store.organisations.list()).toContainEqual(made);
  expect(await db.store.organisations.byId(made.id)).toEqual(made);
});

describe('a session', () => {
  const later = (seconds: number) => new Date(Date.now() + seconds * 1000);

  test('gives its person until it is removed', async () => {
    const { sessions } = db.store;
    const person = await addPerson(db.store, ['keyer']);
    const tokens = ['a', 'b'].map((t) => `${t}${unique()}`);
    for (const tokenHash of tokens)
      await sessions.create({ tokenHash, personId: person.id, expiresAt: later(60) });
    expect(await sessions.find(tokens[0]!)).toEqual(person);
    await sessions.remove(tokens[0]!);
    expect(await sessions.find(tokens[0]!)).toBeUndefined();
    expect(await sessions.find(tokens[1]!)).toEqual(person);
    await sessions.removeAll(person.id);
    expect(await sessions.find(tokens[1]!)).toBeUndefined();
  });

  test('that has expired, or whose person is switched off, gives nobody', async () => {
    const { sessions, people } = db.store;
    const person = await addPerson(db.store, ['keyer']);
    const [old, fresh] = [`old${unique()}`, `fresh${unique()}`];
    await sessions.create({ tokenHash: old, personId: person.id, expiresAt: later(-1) });
    await sessions.create({ tokenHash: fresh, personId: person.id, expiresAt: later(60) });
    expect(await sessions.find(old)).toBeUndefined();
    await people.setActive(person.id, false);
    expect(await sessions.find(fresh)).toBeUndefined();
  });
});

test('a setting keeps any JSON, arrays too, and the last value counts', async () => {
  const { settings } = db.store;
  const schema = z.array(z.object({ a: z.string() }));
  expect(await settings.get('list', schema)).toBeUndefined();
  await settings.put('list', [{ a: 'x' }]);
  await settings.put('list', [{ a: 'y' }, { a: '"{}\\' }]);
  expect(await settings.get('list', schema)).toEqual([{ a: 'y' }, { a: '"{}\\' }]);
});

test('a loaded template keeps its header row byte for byte', async () => {
  const { templates } = db.store;
  const header = ['Số ', 'Giới tính\ni=[1,2,3]', '', '"quoted"', 'đ'.normalize('NFD')];
  const made = await templates.put({ register: 'KS', name: 'mau.xlsx', header, blobKey: 't/1' });
  expect((await templates.byId(made.id)).header).toEqual(header);
  expect(await templates.list('KS')).toEqual([made]);
  expect(await templates.list('KH')).toEqual([]);
});
