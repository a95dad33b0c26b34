import pg, { type Pool } from 'pg';
import { transaction } from './database.ts';

/** What is only ever added to: nobody who signs in as the application changes or removes a row. */
const APPEND_ONLY = ['actions', 'book_events', 'accesses'];
/** The tables from which the application removes rows; what people made is in none of them. */
const REMOVED_FROM = [
  'sessions',
  'sign_in_failures',
  'api_tokens',
  'leases',
  'checks',
  'record_pages',
  'record_names',
];
/** Any number, the same in every process: two grants at once would trip over each other. */
const LOCK = 7_602_119;

/**
 * Lets a role work with the migrated schema, as one that owns nothing: it cannot switch triggers off,
 * empty a table, or change what is append-only. Call it as the schema's owner after each migration.
 * With a `password` the role is made, or its password set; without, it must be there.
 */
export async function grantApplication(
  owner: Pool,
  { role, password }: { readonly role: string; readonly password?: string | undefined },
): Promise<void> {
  const name = pg.escapeIdentifier(role);
  await transaction(owner, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    if (password !== undefined) {
      const { rows } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
      const secret = pg.escapeLiteral(password);
      await client.query(`${rows[0] ? 'alter' : 'create'} role ${name} login password ${secret}`);
    }
    await client.query(
      `revoke all on all tables in schema public from ${name};
       grant usage on schema public to ${name};
       grant select, insert, update on all tables in schema public to ${name};
       grant delete on ${REMOVED_FROM.join(', ')} to ${name};
       revoke update on ${APPEND_ONLY.join(', ')} from ${name};
       revoke insert, update on migrations from ${name}`,
    );
  });
}
