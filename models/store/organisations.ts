import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { Failure } from '../failures.ts';
import type { OrganisationId } from '../ids.ts';
import { Organisation } from '../people.ts';
import { parseOne, parseRow, parseRows, storable, violated } from './database.ts';

export function organisations(pool: Pool) {
  return {
    /** @throws Failure `invalid` when the name is taken. */
    async create(input: Omit<Organisation, 'id'>): Promise<Organisation> {
      try {
        const { rows } = await pool.query(
          'insert into organisations (id, name, kind) values ($1, $2, $3) returning *',
          [randomUUID(), storable(input.name), input.kind],
        );
        return parseRow(Organisation, rows[0]);
      } catch (error) {
        if (violated(error) === 'organisations_name')
          throw new Failure('invalid', 'an organisation of this name exists');
        throw error;
      }
    },

    async list(): Promise<Organisation[]> {
      const { rows } = await pool.query('select * from organisations order by name');
      return parseRows(Organisation, rows);
    },

    /** @throws Failure `notFound` */
    async byId(id: OrganisationId): Promise<Organisation> {
      const { rows } = await pool.query('select * from organisations where id = $1', [id]);
      return parseOne(Organisation, rows, 'organisation');
    },
  };
}
