import { Failure } from '../models/failures.ts';
import type { BookId } from '../models/ids.ts';
import type { Person } from '../models/people.ts';
import type { BookPolicy } from '../models/policy.ts';
import { mayKeyBlind } from '../models/second-keying.ts';
import type { Store } from '../models/store/store.ts';

/**
 * What tells of many records of a book at once is not for its keyers where it is keyed blindly: they
 * may be the second person for any of them.
 * @throws Failure `forbidden`
 */
export function refuseBlind(person: Person, policy: BookPolicy): void {
  if (mayKeyBlind(person, policy))
    throw new Failure('forbidden', 'keyers of a book that is keyed blindly do not see all of it');
}

/** {@link refuseBlind} where the book is not at hand. */
export async function mustNotKeyBlind(store: Store, person: Person, bookId: BookId): Promise<void> {
  if (!person.roles.includes('keyer')) return;
  refuseBlind(person, (await store.books.byId(bookId)).policy);
}
