import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { z } from 'zod';
import { Failure } from '../failures.ts';
import { PersonId, TokenId } from '../ids.ts';
import { Person } from '../people.ts';
import { parseRow, parseRows, storable } from './database.ts';
import { PERSON } from './people.ts';

/** A token of a person's program, without what opens the door. */
export const ApiToken = z.object({
  id: TokenId,
  personId: PersonId,
  name: z.string(),
  /** What it may be used for, in the words of the API. */
  scopes: z.array(z.string()),
  expiresAt: z.coerce.date(),
  usedAt: z.coerce.date().optional(),
  createdAt: z.coerce.date(),
});
export type ApiToken = z.infer<typeof ApiToken>;

export function tokens(pool: Pool) {
  return {
    /** `tokenHash` is a hash of the token, never the token. */
    async create(input: {
      readonly personId: PersonId;
      readonly name: string;
      readonly tokenHash: string;
      readonly scopes: readonly string[];
      readonly expiresAt: Date;
    }): Promise<ApiToken> {
      const { personId, name, tokenHash, scopes, expiresAt } = input;
      const { rows } = await pool.query(
        `insert into api_tokens (id, person_id, name, token_hash, scopes, expires_at)
         values ($1, $2, $3, $4, $5, $6) returning *`,
        [randomUUID(), personId, storable(name), tokenHash, scopes, expiresAt],
      );
      return parseRow(ApiToken, rows[0]);
    },

    /** Whose token it is, if they are active and it has not expired. Notes the use, by the minute. */
    async find(
      tokenHash: string,
    ): Promise<{ person: Person; scopes: readonly string[] } | undefined> {
      const { rows } = await pool.query(
        `select ${PERSON}, t.id as token_id, t.scopes, t.used_at
           from api_tokens t join people p on p.id = t.person_id
           join organisations o on o.id = p.organisation_id
          where t.token_hash = $1 and t.expires_at > now() and p.active`,
        [tokenHash],
      );
      const [row] = rows;
      if (!row) return undefined;
      if (!row.used_at || Date.now() - row.used_at.getTime() > 60_000)
        await pool.query('update api_tokens set used_at = now() where id = $1', [row.token_id]);
      return { person: parseRow(Person, row), scopes: row.scopes };
    },

    async ofPerson(personId: PersonId): Promise<ApiToken[]> {
      const { rows } = await pool.query(
        'select * from api_tokens where person_id = $1 order by created_at, id',
        [personId],
      );
      return parseRows(ApiToken, rows);
    },

    /** @throws Failure `notFound`, also for somebody else's. */
    async remove(id: TokenId, personId: PersonId): Promise<void> {
      const { rowCount } = await pool.query(
        'delete from api_tokens where id = $1 and person_id = $2',
        [id, personId],
      );
      if (rowCount === 0) throw new Failure('notFound', 'token');
    },

    async removeAll(personId: PersonId): Promise<void> {
      await pool.query('delete from api_tokens where person_id = $1', [personId]);
    },
  };
}
