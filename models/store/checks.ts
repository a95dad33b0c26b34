import type { Pool } from 'pg';
import { Failure } from '../failures.ts';
import { fieldsOnForm } from '../forms/define.ts';
import { formOf } from '../forms/registry.ts';
import type { PersonId, RecordId } from '../ids.ts';
import { type Database, transaction } from './database.ts';

/** The fields that a person has compared with the page, for the values of this version. */
export async function comparedFields(
  database: Database,
  id: RecordId,
  person: PersonId,
  valuesVersion: number,
): Promise<string[]> {
  const { rows } = await database.query<{ field: string }>(
    `select field from checks
      where record_id = $1 and person_id = $2 and values_version = $3 order by at, field`,
    [id, person, valuesVersion],
  );
  return rows.map((row) => row.field);
}

/** What checkers have compared with the page, so that no comparing is lost. */
export function checks(pool: Pool) {
  return {
    /** See {@link comparedFields}. */
    of: (id: RecordId, person: PersonId, valuesVersion: number) =>
      comparedFields(pool, id, person, valuesVersion),

    /**
     * Notes fields as compared, or (`compared` is false) as not compared after all.
     * @throws Failure `conflict` when the record is not of version `seen` any more, `notAllowedNow`
     *   when it does not wait for a check, `invalid` for a field that the form lacks
     */
    async note(input: {
      readonly id: RecordId;
      readonly person: PersonId;
      readonly seen: number;
      readonly fields: readonly string[];
      readonly compared: boolean;
    }): Promise<string[]> {
      const { id, person, seen, fields, compared } = input;
      return transaction(pool, async (client) => {
        const { rows } = await client.query(
          `select r.status, r.version, r.values_version, b.form
             from records r join books b on b.id = r.book_id where r.id = $1 for share of r`,
          [id],
        );
        const [row] = rows;
        if (!row) throw new Failure('notFound', 'record');
        if (row.version !== seen) throw new Failure('conflict', `seen ${seen}, now ${row.version}`);
        if (row.status !== 'keyed')
          throw new Failure('notAllowedNow', `checked from ${row.status}`);
        const asked = fieldsOnForm(formOf(row.form));
        if (!fields.every((key) => asked.includes(key)))
          throw new Failure('invalid', 'a field that is not asked');
        await client.query(
          compared
            ? `insert into checks (record_id, person_id, values_version, field)
               select $1, $2, $3, f from unnest($4::text[]) f on conflict do nothing`
            : `delete from checks where record_id = $1 and person_id = $2
                  and values_version = $3 and field = any($4::text[])`,
          [id, person, row.values_version, fields],
        );
        return comparedFields(client, id, person, row.values_version);
      });
    },
  };
}
