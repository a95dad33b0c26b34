import { Failure } from '../failures.ts';
import { adoption2015 } from './adoption-2015.ts';
import { birth2006 } from './birth-2006.ts';
import { birth2015 } from './birth-2015.ts';
import { BY_HAND } from './by-hand.ts';
import { change2015 } from './change-2015.ts';
import { death2006 } from './death-2006.ts';
import { death2010 } from './death-2010.ts';
import { death2015 } from './death-2015.ts';
import type { Form } from './define.ts';
import { guardianship2015 } from './guardianship-2015.ts';
import { guardianshipEnd2015 } from './guardianship-end-2015.ts';
import { maritalStatus2006 } from './marital-status-2006.ts';
import { maritalStatus2015 } from './marital-status-2015.ts';
import { marriage1999 } from './marriage-1999.ts';
import { marriage2006 } from './marriage-2006.ts';
import { marriage2010 } from './marriage-2010.ts';
import { marriage2015 } from './marriage-2015.ts';
import { parentChild2006 } from './parent-child-2006.ts';
import { parentChild2010 } from './parent-child-2010.ts';
import { parentChild2015 } from './parent-child-2015.ts';

/** All forms by id. Adding a printed one is one file and one word here. */
export const FORMS: Readonly<Record<string, Form>> = Object.fromEntries(
  [
    birth2006,
    birth2015,
    marriage1999,
    marriage2006,
    marriage2010,
    marriage2015,
    death2006,
    death2010,
    death2015,
    parentChild2006,
    parentChild2010,
    parentChild2015,
    maritalStatus2006,
    maritalStatus2015,
    guardianship2015,
    guardianshipEnd2015,
    adoption2015,
    change2015,
    ...BY_HAND,
  ].map((form) => [form.id, form]),
);

/** Those whose print is known: they can be found on a page, and drawn. */
export const PRINTED: readonly Form[] = Object.values(FORMS).filter((f) => f.print === 'known');

/** @throws Failure `notFound` for an unknown id. */
export function formOf(id: string): Form {
  const form = FORMS[id];
  if (!form) throw new Failure('notFound', `form ${id}`);
  return form;
}
