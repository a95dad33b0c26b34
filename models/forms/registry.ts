import { Failure } from '../failures.ts';
import { birth2006 } from './birth-2006.ts';
import { birth2015 } from './birth-2015.ts';
import type { Form } from './define.ts';
import { marriage2006 } from './marriage-2006.ts';

/** The printed layouts by id. Adding a form is one file and one word here. */
export const FORMS: Readonly<Record<string, Form>> = Object.fromEntries(
  [birth2006, birth2015, marriage2006].map((form) => [form.id, form]),
);

/** @throws Failure `notFound` for an unknown id. */
export function formOf(id: string): Form {
  const form = FORMS[id];
  if (!form) throw new Failure('notFound', `form ${id}`);
  return form;
}
