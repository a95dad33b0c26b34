import type { PersonId } from '../models/ids.ts';
import type { Store } from '../models/store/store.ts';
import type { PersonRef } from './contract.ts';

/** The people behind some ids, each asked for once; the function answers one of them. */
export async function nameAll(
  store: Store,
  ids: Iterable<PersonId>,
): Promise<(id: PersonId) => PersonRef> {
  const known = await store.people.namesOf([...new Set(ids)]);
  return (id) => ({ id, name: known.get(id) ?? '' });
}
