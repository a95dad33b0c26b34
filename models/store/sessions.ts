import type { Pool } from 'pg';
import type { PersonId } from '../ids.ts';
import { Person } from '../people.ts';
import { parseRow } from './database.ts';
import { PERSON } from './people.ts';

export function sessions(pool: Pool) {
  return {
    /** `tokenHash` is a hash of the cookie's token, never the token. Expired sessions go meanwhile. */
    async create(session: {
      readonly tokenHash: string;
      readonly personId: PersonId;
      readonly expiresAt: Date;
    }): Promise<void> {
      await pool.query('delete from sessions where expires_at <= now()');
      await pool.query(
        'insert into sessions (token_hash, person_id, expires_at) values ($1, $2, $3)',
        [session.tokenHash, session.personId, session.expiresAt],
      );
    },

    /** The person of a session that has not expired, if they are still active. */
    async find(tokenHash: string): Promise<Person | undefined> {
      const { rows } = await pool.query(
        `select ${PERSON}
           from sessions s join people p on p.id = s.person_id
           join organisations o on o.id = p.organisation_id
          where s.token_hash = $1 and s.expires_at > now() and p.active`,
        [tokenHash],
      );
      return rows[0] && parseRow(Person, rows[0]);
    },

    async remove(tokenHash: string): Promise<void> {
      await pool.query('delete from sessions where token_hash = $1', [tokenHash]);
    },

    /** Signs a person out everywhere. */
    async removeAll(personId: PersonId): Promise<void> {
      await pool.query('delete from sessions where person_id = $1', [personId]);
    },
  };
}
