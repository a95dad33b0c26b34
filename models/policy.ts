import { z } from 'zod';
import { FieldGroup } from './field-kinds.ts';
import { ProjectId } from './ids.ts';
import { OrganisationKind } from './people.ts';

const kinds = () => z.array(OrganisationKind).min(1).max(OrganisationKind.options.length);

/** Who may check and approve; set once for a project and written through to its books. */
export const SharingPolicy = z.object({
  /** Checker and approver belong to another organisation than the keyer. */
  otherOrganisation: z.boolean().default(true),
  /** The kinds of organisation whose people check. */
  checkers: kinds().default([...OrganisationKind.options]),
  /** The kinds of organisation whose people approve. */
  approvers: kinds().default([...OrganisationKind.options]),
});
export type SharingPolicy = z.infer<typeof SharingPolicy>;

/**
 * How often a record is keyed. The second person sees neither the first one's values nor the
 * machine's. `single`: once. `fields`: the chosen groups and fields twice, and those that the machine
 * read with less confidence than `confidenceBelow`, or not at all. `share`: this share of the
 * records twice, drawn when the first keyer is done. `double`: everything twice.
 */
export const Keying = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('single') }),
  z.object({
    kind: z.literal('fields'),
    groups: z.array(FieldGroup).max(FieldGroup.options.length).default([]),
    fields: z.array(z.string().max(80)).max(200).default([]),
    confidenceBelow: z.number().min(0).max(1).optional(),
  }),
  z.object({ kind: z.literal('share'), share: z.number().min(0).max(1) }),
  z.object({ kind: z.literal('double') }),
]);
export type Keying = z.infer<typeof Keying>;

/** How many checked records an approver looks at once more, and how many may be wrong. */
export const Sampling = z
  .object({ size: z.number().int().min(1).max(10_000), accept: z.number().int().min(0).max(1000) })
  .refine(({ size, accept }) => accept < size, {
    message: 'fewer wrong records than are looked at',
    path: ['accept'],
  });
export type Sampling = z.infer<typeof Sampling>;

/** How people share the work on a book. */
export const BookPolicy = SharingPolicy.extend({
  keying: Keying.default({ kind: 'single' }),
  /** Absent: no sample. On top of the full check, never instead of it. */
  sampling: Sampling.optional(),
});
export type BookPolicy = z.infer<typeof BookPolicy>;

/** Some of a policy's settings, without the defaults of the others. */
export const PolicyChange = z.object({
  otherOrganisation: z.boolean().optional(),
  checkers: kinds().optional(),
  approvers: kinds().optional(),
});
export type PolicyChange = z.infer<typeof PolicyChange>;

/** Some of a book's settings. */
export const BookPolicyChange = PolicyChange.extend({
  keying: Keying.optional(),
  /** Null: no sample from now on. */
  sampling: Sampling.nullable().optional(),
});
export type BookPolicyChange = z.infer<typeof BookPolicyChange>;

/** True when a second person may key records of the book blindly. */
export const isKeyedBlind = (policy: BookPolicy): boolean => policy.keying.kind !== 'single';

/** One undertaking, such as the plan of a province: its books share who checks and approves. */
export const Project = z.object({
  id: ProjectId,
  name: z.string().trim().min(1).max(200),
  policy: SharingPolicy,
});
export type Project = z.infer<typeof Project>;

/** True when `policy` lets people check or approve whom `project` does not. */
export function isLooser(policy: SharingPolicy, project: SharingPolicy): boolean {
  return (
    (project.otherOrganisation && !policy.otherOrganisation) ||
    policy.checkers.some((kind) => !project.checkers.includes(kind)) ||
    policy.approvers.some((kind) => !project.approvers.includes(kind))
  );
}
