import { z } from 'zod';
import { OrganisationId, PersonId } from './ids.ts';

export const OrganisationKind = z.enum([
  'digitisingUnit',
  'managingUnit',
  'district',
  'justiceDepartment',
]);
export type OrganisationKind = z.infer<typeof OrganisationKind>;

export const Organisation = z.object({
  id: OrganisationId,
  name: z.string().min(1).max(200),
  kind: OrganisationKind,
});
export type Organisation = z.infer<typeof Organisation>;

export const Role = z.enum(['administrator', 'intake', 'keyer', 'checker', 'approver', 'viewer']);
export type Role = z.infer<typeof Role>;

export const Person = z.object({
  id: PersonId,
  organisationId: OrganisationId,
  login: z.string().regex(/^[a-z0-9._-]{2,40}$/),
  name: z.string().min(1).max(100),
  roles: z.array(Role),
  active: z.boolean(),
});
export type Person = z.infer<typeof Person>;
