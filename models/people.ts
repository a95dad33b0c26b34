import { z } from 'zod';
import { BookId, OrganisationId, PersonId } from './ids.ts';
import { tidy } from './text.ts';

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

/**
 * An administrative unit by its name and those above it: "Xã A, Huyện B, Tỉnh C", "Huyện B, Tỉnh C".
 */
export const Unit = z.string().overwrite(tidy).min(1).max(400);
export type Unit = z.infer<typeof Unit>;

/** The books that a person has to do with: those of some units, and single ones. */
export const Scope = z.object({
  units: z.array(Unit).max(500).default([]),
  books: z.array(BookId).max(2000).default([]),
});
export type Scope = z.infer<typeof Scope>;

export const Person = z.object({
  id: PersonId,
  organisationId: OrganisationId,
  login: z.string().regex(/^[a-z0-9._-]{2,40}$/),
  name: z.string().min(1).max(100),
  roles: z.array(Role),
  active: z.boolean(),
  /** Absent: every book of the site. */
  scope: Scope.optional(),
  /** Of their organisation: who checks and approves may depend on it. */
  organisationKind: OrganisationKind.optional(),
});
export type Person = z.infer<typeof Person>;

/** True when `unit` is `above` or lies in it. */
export const unitIsIn = (unit: Unit, above: Unit): boolean =>
  unit === above || unit.endsWith(`, ${above}`);

/** True when a book lies in a scope; an absent scope holds every book. */
export function scopeHolds(
  scope: Scope | undefined,
  book: { readonly id: BookId; readonly unit: Unit },
): boolean {
  if (scope === undefined) return true;
  return scope.books.includes(book.id) || scope.units.some((unit) => unitIsIn(book.unit, unit));
}

/** True when whatever lies in `inner` lies in `outer`, as far as the scopes themselves tell. */
export function scopeCovers(outer: Scope | undefined, inner: Scope | undefined): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  return (
    inner.books.every((id) => outer.books.includes(id)) &&
    inner.units.every((unit) => outer.units.some((above) => unitIsIn(unit, above)))
  );
}
