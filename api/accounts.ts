import type { Organisation, Role } from '../models/people.ts';
import type { Store } from '../models/store/store.ts';
import { hashPassword, randomPassword } from './passwords.ts';

/** A login whose password is printed once; undefined: it keeps the one it has. */
export interface Account {
  readonly login: string;
  readonly password: string | undefined;
  /** What it is for, in Vietnamese. */
  readonly purpose: string;
}

const ADMINISTRATOR = 'quantri';

/** An organisation by name, made when it is missing. */
async function organisationOf(store: Store, wanted: Omit<Organisation, 'id'>) {
  const known = (await store.organisations.list()).find((o) => o.name === wanted.name);
  return known ?? store.organisations.create(wanted);
}

const managing = { name: 'Đơn vị quản lý', kind: 'managingUnit' } as const;
const digitising = { name: 'Đơn vị số hóa', kind: 'digitisingUnit' } as const;

/** The first administrator, made with a random password while there is nobody at all. */
export async function ensureAdministrator(store: Store): Promise<Account | undefined> {
  if ((await store.people.count()) > 0) return undefined;
  const organisation = await organisationOf(store, managing);
  return makeAccount(store, organisation, {
    login: ADMINISTRATOR,
    name: 'Quản trị viên',
    roles: ['administrator'],
    purpose: 'quản trị',
  });
}

interface Wanted {
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly purpose: string;
}

async function makeAccount(
  store: Store,
  organisation: Organisation,
  { purpose, ...person }: Wanted,
): Promise<Account> {
  const password = randomPassword();
  const passwordHash = await hashPassword(password);
  await store.people.create({ ...person, organisationId: organisation.id, passwordHash });
  return { login: person.login, password, purpose };
}

/** Invented people for trying the whole way of a book; entry and check sit in two organisations. */
const SAMPLE: readonly (Wanted & { readonly organisation: Omit<Organisation, 'id'> })[] = [
  {
    login: 'nhap',
    name: 'Lê Nhập Liệu',
    roles: ['keyer', 'intake'],
    purpose: 'nhập liệu',
    organisation: digitising,
  },
  {
    login: 'kiem',
    name: 'Trần Kiểm Tra',
    roles: ['checker'],
    purpose: 'kiểm tra',
    organisation: managing,
  },
  {
    login: 'duyet',
    name: 'Phạm Phê Duyệt',
    roles: ['approver'],
    purpose: 'phê duyệt',
    organisation: managing,
  },
];

/**
 * The sample's accounts, made where they are missing. With `reset` those that are there get new
 * passwords, the administrator too, and are signed out.
 */
export async function ensureSampleAccounts(
  store: Store,
  options: { readonly reset: boolean },
): Promise<Account[]> {
  const accounts: Account[] = [];
  for (const { organisation, ...wanted } of SAMPLE) {
    const known = await store.people.byLogin(wanted.login);
    if (!known)
      accounts.push(await makeAccount(store, await organisationOf(store, organisation), wanted));
    else if (options.reset) accounts.push(await renewPassword(store, wanted.login, wanted.purpose));
    else accounts.push({ login: wanted.login, password: undefined, purpose: wanted.purpose });
  }
  return accounts;
}

/** A new random password for the first administrator, who is signed out. */
export const renewAdministrator = (store: Store) => renewPassword(store, ADMINISTRATOR, 'quản trị');

async function renewPassword(store: Store, login: string, purpose: string): Promise<Account> {
  const known = await store.people.byLogin(login);
  if (!known) return { login, password: undefined, purpose };
  const password = randomPassword();
  await store.people.setPassword(known.person.id, await hashPassword(password));
  await store.sessions.removeAll(known.person.id);
  return { login, password, purpose };
}
