import type { PoolClient } from 'pg';
import type { RecordId } from '../ids.ts';
import type { NamedPerson } from '../names.ts';
import { fold } from '../text.ts';
import { type Database, jsonb } from './database.ts';

/** Brings the people of a record up to date; what stays as it was is not written. */
export async function writeNames(
  client: PoolClient,
  id: RecordId,
  people: readonly NamedPerson[],
): Promise<void> {
  const rows = people.map(({ field, name, born }) => {
    const folded = fold(name);
    return { field, name, folded, syllables: folded.split(' '), born };
  });
  await client.query(
    `with given as (
       select * from jsonb_to_recordset($2::jsonb) as g (
         field text, name text, folded text, syllables text[], born text)),
     known as (
       insert into name_syllables
       select distinct s from given, unnest(syllables) s
        where not exists (select 1 from name_syllables where syllable = s)
        order by s on conflict do nothing),
     written as (
       insert into record_names as n (record_id, field, name, folded, syllables, born)
       select $1, field, name, folded, syllables, born from given
       on conflict (record_id, field) do update
         set name = excluded.name, folded = excluded.folded, syllables = excluded.syllables,
             born = excluded.born
       where (n.name, n.born) is distinct from (excluded.name, excluded.born))
     delete from record_names where record_id = $1 and field not in (select field from given)`,
    [id, jsonb(rows)],
  );
}

/** The syllables of names that have about this many letters. */
export async function syllablesLike(database: Database, word: string): Promise<string[]> {
  const { rows } = await database.query<{ syllable: string }>(
    `select syllable from name_syllables where length(syllable) between $1 and $2`,
    [word.length - 1, word.length + 1],
  );
  return rows.map((row) => row.syllable);
}
