import type { PageVerdict } from '../../models/books.ts';
import { Failure } from '../../models/failures.ts';
import type { Placement } from './place.ts';
import type { Readings } from './reading.ts';

/** So many places to write must be free before a printed page counts as unused. */
const UNUSED_BLANKS = 6;

/**
 * What reading says of a page: one whose fields are all empty is an unused sheet, blank however much
 * is printed on it. Otherwise what the placement said stands.
 */
export function verdictOfReadings(
  { how, kind, reason }: Placement,
  { blanks, choices }: Readings,
): PageVerdict {
  const marked = choices.some((c) => c.options.some((o) => o.strength > UNMARKED));
  const unused =
    how !== 'none' &&
    blanks.length >= UNUSED_BLANKS &&
    !marked &&
    blanks.every((b) => b.state === 'blank');
  return unused
    ? {
        kind: 'blank',
        reason: new Failure('blankPage', 'nothing is written into the form').toData(),
      }
    : { kind, reason };
}

/** A mark this weak in a box is dirt. */
const UNMARKED = 0.3;
