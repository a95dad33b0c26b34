import { Failure } from '../failures.ts';
import { btp1437 } from './btp-1437.ts';
import type { Template, TemplateSheet } from './define.ts';
import { hotich158 } from './hotich-158.ts';
import { soGoc } from './so-goc.ts';

/** The templates by id, the usual one of a register first. */
export const TEMPLATES: Readonly<Record<string, Template>> = Object.fromEntries(
  [btp1437, hotich158, soGoc].map((template) => [template.id, template]),
);

/** The templates that have a sheet for this register; the first is the default. */
export function templatesFor(register: string): readonly Template[] {
  return Object.values(TEMPLATES).filter((t) => t.registers[register]);
}

/**
 * A template and its sheet for a register; without an id the register's default.
 * @throws Failure `notFound` when there is no such template, or it has no sheet for the register.
 */
export function templateOf(
  register: string,
  id?: string,
): { readonly template: Template; readonly sheet: TemplateSheet } {
  const template = id === undefined ? templatesFor(register)[0] : TEMPLATES[id];
  const sheet = template?.registers[register];
  if (!template || !sheet) throw new Failure('notFound', `template ${id ?? ''} for ${register}`);
  return { template, sheet };
}
