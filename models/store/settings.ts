import type { Pool } from 'pg';
import type { z } from 'zod';
import { jsonb } from './database.ts';

/** What a site sets while running, by key. */
export function settings(pool: Pool) {
  return {
    /** Undefined when nobody has set it. @throws ZodError when the stored value is not a `schema`. */
    async get<S extends z.ZodType>(key: string, schema: S): Promise<z.output<S> | undefined> {
      const { rows } = await pool.query('select value from settings where key = $1', [key]);
      return rows[0] && schema.parse(rows[0].value);
    },

    async put(key: string, value: unknown): Promise<void> {
      await pool.query(
        `insert into settings (key, value) values ($1, $2)
         on conflict (key) do update set value = excluded.value, updated_at = now()`,
        [key, jsonb(value)],
      );
    },
  };
}
