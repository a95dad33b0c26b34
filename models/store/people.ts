import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { z } from 'zod';
import { Failure } from '../failures.ts';
import type { OrganisationId, PersonId } from '../ids.ts';
import { Person, type Role } from '../people.ts';
import { parseOne, parseRow, parseRows, storable, violated } from './database.ts';

const WithPassword = Person.extend({ passwordHash: z.string() });

export interface NewPerson {
  readonly organisationId: OrganisationId;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly passwordHash: string;
}

export function people(pool: Pool) {
  const update = async (id: PersonId, column: string, value: unknown): Promise<Person> => {
    const { rows } = await pool.query(
      `update people set ${column} = $2 where id = $1 returning *`,
      [id, value],
    );
    return parseOne(Person, rows, 'person');
  };

  return {
    /** @throws Failure `invalid` when the login is taken. */
    async create(input: NewPerson): Promise<Person> {
      const { organisationId, login, name, roles, passwordHash } = input;
      const person = Person.parse({
        id: randomUUID(),
        organisationId,
        login,
        name: storable(name),
        roles,
        active: true,
      });
      try {
        const { rows } = await pool.query(
          `insert into people (id, organisation_id, login, name, roles, active, password_hash)
           values ($1, $2, $3, $4, $5, $6, $7) returning *`,
          [person.id, organisationId, person.login, person.name, roles, true, passwordHash],
        );
        return parseRow(Person, rows[0]);
      } catch (error) {
        if (violated(error) === 'people_login') throw new Failure('invalid', 'this login is taken');
        throw error;
      }
    },

    /** Undefined for an unknown login; people who are no longer active are found too. */
    async byLogin(login: string): Promise<{ person: Person; passwordHash: string } | undefined> {
      const { rows } = await pool.query('select * from people where login = $1', [storable(login)]);
      if (!rows[0]) return undefined;
      const { passwordHash, ...person } = parseRow(WithPassword, rows[0]);
      return { person, passwordHash };
    },

    /** @throws Failure `notFound` */
    async byId(id: PersonId): Promise<Person> {
      const { rows } = await pool.query('select * from people where id = $1', [id]);
      return parseOne(Person, rows, 'person');
    },

    async list(): Promise<Person[]> {
      const { rows } = await pool.query('select * from people order by login');
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
  };
}
