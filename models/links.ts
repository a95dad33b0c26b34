import { z } from 'zod';
import { PersonId, RecordId } from './ids.ts';
import { KIN } from './likeness.ts';

/**
 * What a person says of two records. `same`: one event, registered twice; `different`: two events;
 * `siblings`, `parentsMarriage`: kin, see `KinRelation`. Records are never merged by it.
 */
export const LinkKind = z.enum(['same', 'different', 'siblings', 'parentsMarriage']);
export type LinkKind = z.infer<typeof LinkKind>;

export const Link = z.object({
  id: z.uuid(),
  kind: LinkKind,
  one: RecordId,
  other: RecordId,
  reason: z.string(),
  personId: PersonId,
  at: z.coerce.date(),
});
export type Link = z.infer<typeof Link>;

/** True when records of these registers can be so linked, in either order. */
export function mayLink(kind: LinkKind, one: string, other: string): boolean {
  if (kind === 'same' || kind === 'different') return one === other;
  const { registers } = KIN.find(({ relation }) => relation === kind)!;
  return [one, other].sort().join() === [...registers].sort().join();
}
