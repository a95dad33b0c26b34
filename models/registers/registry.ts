import { Failure } from '../failures.ts';
import { adoption } from './adoption.ts';
import { birth } from './birth.ts';
import { change } from './change.ts';
import { death } from './death.ts';
import type { Register } from './define.ts';
import { foreignDivorce } from './foreign-divorce.ts';
import { guardianship } from './guardianship.ts';
import { guardianshipEnd } from './guardianship-end.ts';
import { maritalStatus } from './marital-status.ts';
import { marriage } from './marriage.ts';
import { parentChild } from './parent-child.ts';

/** The ten registers by code, in the order of the provincial plan's book groups. */
export const REGISTERS: Readonly<Record<string, Register>> = Object.fromEntries(
  [
    marriage,
    birth,
    parentChild,
    maritalStatus,
    death,
    guardianship,
    guardianshipEnd,
    adoption,
    change,
    foreignDivorce,
  ].map((r) => [r.code, r]),
);

/** @throws Failure `notFound` for an unknown code. */
export function registerOf(code: string): Register {
  const register = REGISTERS[code];
  if (!register) throw new Failure('notFound', `register ${code}`);
  return register;
}
