import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { z } from 'zod';
import { Failure } from '../failures.ts';
import type { OrganisationId, PersonId } from '../ids.ts';
import { Person, type Role, type Scope } from '../people.ts';
import { releaseWork } from './batches.ts';
import {
  type Database,
  jsonb,
  parseOne,
  parseRow,
  parseRows,
  storable,
  transaction,
  violated,
} from './database.ts';

/** A person's columns and the kind of their organisation, for {@link Person}. */
export const PERSON = 'p.*, o.kind as organisation_kind';
const FROM = `from people p join organisations o on o.id = p.organisation_id`;

/** A person with what proves who they are; never leaves the server. */
const Credentials = Person.extend({
  passwordHash: z.string(),
  totpSecret: z.string().nullable(),
  totpConfirmed: z.boolean(),
});

export interface Proofs {
  readonly person: Person;
  readonly passwordHash: string;
  /** The base32 secret of one-time passwords, once its owner has confirmed it. */
  readonly totpSecret: string | undefined;
}

export interface NewPerson {
  readonly organisationId: OrganisationId;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly passwordHash: string;
  readonly scope?: Scope | undefined;
}

export function people(pool: Pool) {
  const update = (id: PersonId, column: string, value: unknown): Promise<Person> =>
    transaction(pool, async (client) => {
      await client.query(`update people set ${column} = $2 where id = $1`, [id, value]);
      const person = await byId(id, client);
      await releaseWork(client, person);
      return person;
    });
  const byId = async (id: PersonId, database: Database = pool): Promise<Person> => {
    const { rows } = await database.query(`select ${PERSON} ${FROM} where p.id = $1`, [id]);
    return parseOne(Person, rows, 'person');
  };

  return {
    /** @throws Failure `invalid` when the login is taken. */
    async create(input: NewPerson): Promise<Person> {
      const { organisationId, login, name, roles, passwordHash, scope } = input;
      const person = Person.parse({
        id: randomUUID(),
        organisationId,
        login,
        name: storable(name),
        roles,
        active: true,
        scope,
      });
      try {
        await pool.query(
          `insert into people
             (id, organisation_id, login, name, roles, active, password_hash, scope)
           values ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [
            person.id,
            organisationId,
            person.login,
            person.name,
            roles,
            true,
            passwordHash,
            person.scope ? jsonb(person.scope) : null,
          ],
        );
        return await byId(person.id);
      } catch (error) {
        if (violated(error) === 'people_login') throw new Failure('invalid', 'this login is taken');
        throw error;
      }
    },

    /** Undefined for an unknown login; people who are no longer active are found too. */
    async byLogin(login: string): Promise<Proofs | undefined> {
      const { rows } = await pool.query(`select ${PERSON} ${FROM} where p.login = $1`, [
        storable(login),
      ]);
      if (!rows[0]) return undefined;
      const { passwordHash, totpSecret, totpConfirmed, ...person } = parseRow(Credentials, rows[0]);
      return { person, passwordHash, totpSecret: (totpConfirmed && totpSecret) || undefined };
    },

    /** @throws Failure `notFound` */
    byId: (id: PersonId): Promise<Person> => byId(id),

    /** Names by id, for showing beside what people did. */
    async namesOf(ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, string>> {
      const { rows } = await pool.query<{ id: PersonId; name: string }>(
        'select id, name from people where id = any($1::uuid[])',
        [ids],
      );
      return new Map(rows.map(({ id, name }) => [id, name]));
    },

    async list(): Promise<Person[]> {
      const { rows } = await pool.query(`select ${PERSON} ${FROM} order by p.login`);
      return parseRows(Person, rows);
    },

    async count(): Promise<number> {
      const { rows } = await pool.query('select count(*)::int as n from people');
      return rows[0].n;
    },

    /** Sessions live on: end them with `sessions.removeAll`. */
    setPassword: (id: PersonId, passwordHash: string) => update(id, 'password_hash', passwordHash),
    /** Who is not active has no session and may write nothing; the log keeps their name. */
    setActive: (id: PersonId, active: boolean) => update(id, 'active', active),
    setRoles: (id: PersonId, roles: readonly Role[]) => update(id, 'roles', roles),
    /** Null: every book of the site. */
    setScope: (id: PersonId, scope: Scope | null) =>
      update(id, 'scope', scope === null ? null : jsonb(scope)),

    /** A secret that does not count before {@link confirmTotp}; replaces one that never counted. */
    async offerTotp(id: PersonId, secret: string): Promise<void> {
      const { rowCount } = await pool.query(
        'update people set totp_secret = $2, totp_step = 0 where id = $1 and not totp_confirmed',
        [id, secret],
      );
      if (rowCount === 0) throw new Failure('notAllowedNow', 'one-time passwords are on');
    },

    /** The secret that waits for its first code; undefined when none does. */
    async offeredTotp(id: PersonId): Promise<string | undefined> {
      const { rows } = await pool.query<{ totp_secret: string | null }>(
        'select totp_secret from people where id = $1 and not totp_confirmed',
        [id],
      );
      return rows[0]?.totp_secret ?? undefined;
    },

    async confirmTotp(id: PersonId): Promise<void> {
      await pool.query(
        'update people set totp_confirmed = true where id = $1 and totp_secret is not null',
        [id],
      );
    },

    /** Takes a time step, once. False when it, or a later one, was used already. */
    async takeTotpStep(id: PersonId, step: number): Promise<boolean> {
      const { rowCount } = await pool.query(
        'update people set totp_step = $2 where id = $1 and totp_step < $2',
        [id, step],
      );
      return rowCount === 1;
    },

    async removeTotp(id: PersonId): Promise<void> {
      await pool.query(
        `update people set totp_secret = null, totp_confirmed = false where id = $1`,
        [id],
      );
    },
  };
}
