import { Failure } from '../failures.ts';
import { birth2006 } from './birth-2006.ts';
import { birth2015 } from './birth-2015.ts';
import { death2010 } from './death-2010.ts';
import type { Form } from './define.ts';
import { maritalStatus2006 } from './marital-status-2006.ts';
import { marriage2006 } from './marriage-2006.ts';
import { marriage2010 } from './marriage-2010.ts';
import { parentChild2006 } from './parent-child-2006.ts';
import { parentChild2010 } from './parent-child-2010.ts';

/** The printed layouts by id. Adding a form is one file and one word here. */
export const FORMS: Readonly<Record<string, Form>> = Object.fromEntries(
  [
    birth2006,
    birth2015,
    marriage2006,
    marriage2010,
    death2010,
    parentChild2006,
    parentChild2010,
    maritalStatus2006,
  ].map((form) => [form.id, form]),
);

/** @throws Failure `notFound` for an unknown id. */
export function formOf(id: string): Form {
  const form = FORMS[id];
  if (!form) throw new Failure('notFound', `form ${id}`);
  return form;
}
