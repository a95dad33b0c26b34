import type { Pool } from 'pg';
import { storable } from './database.ts';

/** Wrong passwords in a row before a login is locked. */
export const TRIES = 10;
export const LOCK_MINUTES = 15;

/** Failed sign-ins by login, whether or not somebody has that login. */
export function signIns(pool: Pool) {
  return {
    async isLocked(login: string): Promise<boolean> {
      const { rows } = await pool.query(
        'select 1 from sign_in_failures where login = $1 and locked_until > now()',
        [storable(login)],
      );
      return rows.length > 0;
    },

    /** Counts a failure; the tenth in a row locks. Rows that nobody needs go meanwhile. */
    async fail(login: string): Promise<void> {
      await pool.query(`delete from sign_in_failures where at < now() - interval '1 day'`);
      await pool.query(
        `insert into sign_in_failures (login, tries) values ($1, 1)
         on conflict (login) do update
           set tries = case when sign_in_failures.locked_until <= now()
                            then 1 else sign_in_failures.tries + 1 end,
               locked_until = case when sign_in_failures.locked_until is null
                                    and sign_in_failures.tries + 1 >= $2
                                   then now() + make_interval(mins => $3)
                                   when sign_in_failures.locked_until > now()
                                   then sign_in_failures.locked_until end,
               at = now()`,
        [storable(login), TRIES, LOCK_MINUTES],
      );
    },

    /** Forgets the failures of a login, its lock too. */
    async forget(login: string): Promise<void> {
      await pool.query('delete from sign_in_failures where login = $1', [storable(login)]);
    },
  };
}
