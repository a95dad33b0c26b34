import { Failure } from '../models/failures.ts';
import type { Person, Role } from '../models/people.ts';
import type { Ability } from './contract.ts';

/**
 * Who may do what besides the moves of a record (those: `MOVES` in models/record.ts). An export is
 * personal data in bulk, so it takes the role that vouches for the records.
 */
export const ABILITIES: Readonly<Record<Ability, readonly Role[]>> = {
  managePeople: ['administrator'],
  manageProjects: ['administrator'],
  supervise: ['administrator'],
  answer: ['administrator', 'checker', 'approver'],
  handOver: ['administrator', 'intake'],
  release: ['approver'],
  manageTemplates: ['administrator'],
  takeIn: ['administrator', 'intake'],
  retry: ['administrator', 'intake'],
  export: ['administrator', 'approver'],
};

export function can(person: Person, ability: Ability): boolean {
  return person.active && person.roles.some((role) => ABILITIES[ability].includes(role));
}

export function abilitiesOf(person: Person): Ability[] {
  return (Object.keys(ABILITIES) as Ability[]).filter((ability) => can(person, ability));
}

/** @throws Failure `forbidden` naming the roles that may; any person may where no ability is asked. */
export function mustBeAble(person: Person, ability: Ability | undefined): void {
  if (ability !== undefined && !can(person, ability))
    throw new Failure('forbidden', `role ${ABILITIES[ability].join(' or ')} needed`);
}
