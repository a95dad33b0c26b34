import { Failure } from '../models/failures.ts';
import type { BookId } from '../models/ids.ts';
import type { Person } from '../models/people.ts';
import { isKeyedBlind } from '../models/policy.ts';
import type { Store } from '../models/store/store.ts';

/**
 * What tells of many records of a book at once is not for its keyers where it is keyed blindly: they
 * may be the second person for any of them.
 * @throws Failure `forbidden`
 */
export async function mustNotKeyBlind(store: Store, person: Person, bookId: BookId): Promise<void> {
  if (!person.roles.includes('keyer')) return;
  const { policy } = await store.books.byId(bookId);
  if (isKeyedBlind(policy))
    throw new Failure('forbidden', 'keyers of a book that is keyed blindly do not see all of it');
}
