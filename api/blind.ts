import { Failure } from '../models/failures.ts';
import type { BookId } from '../models/ids.ts';
import type { Person } from '../models/people.ts';
import type { Store } from '../models/store/store.ts';

/** True for who may be the second person of any record of the book. */
export const mayKeyBlind = async (store: Store, person: Person, id: BookId): Promise<boolean> =>
  person.roles.includes('keyer') && (await store.scopes.isBlind(id));

/**
 * What tells of many records of a book at once is not for its keyers where it is keyed blindly: they
 * may be the second person for any of them.
 * @throws Failure `forbidden`
 */
export async function mustNotKeyBlind(store: Store, person: Person, id: BookId): Promise<void> {
  if (await mayKeyBlind(store, person, id))
    throw new Failure('forbidden', 'keyers of a book that is keyed blindly do not see all of it');
}
