import { z } from 'zod';
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

/** How people share the work on a book. */
export const BookPolicy = SharingPolicy;
export type BookPolicy = z.infer<typeof BookPolicy>;

/** Some of a policy's settings, without the defaults of the others. */
export const PolicyChange = z.object({
  otherOrganisation: z.boolean().optional(),
  checkers: kinds().optional(),
  approvers: kinds().optional(),
});
export type PolicyChange = z.infer<typeof PolicyChange>;

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
