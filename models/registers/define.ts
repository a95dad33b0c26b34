import { z } from 'zod';
import { CODE_LISTS } from '../code-lists.ts';
import { FieldKind } from '../field-kinds.ts';
import { RULES } from '../rules.ts';

/**
 * `confirmed`: independent sources agree on the columns. `projectConvention`: no national template
 * is known, the names are ours. `unknown`: neither template nor page is known, a minimal proposal.
 */
export const Confirmation = z.enum(['confirmed', 'projectConvention', 'unknown']);
export type Confirmation = z.infer<typeof Confirmation>;

export const RegisterField = z.object({
  vi: z.string().min(1),
  en: z.string().min(1),
  kind: FieldKind,
  /** Name of a list in `code-lists.json`; needed by kind `code`, a suggestion for others. */
  list: z.string().optional(),
  /** A quality-control tool in use rejects an empty value. */
  required: z.boolean().default(false),
  /** Belongs to the first-generation record tables: likely in the mandatory set. */
  core: z.boolean().default(false),
  /** Column length of one vendor; a longer value is warned about, never cut. */
  maxLength: z.number().int().positive().optional(),
  onlyInSource: z.union([z.string(), z.array(z.string())]).optional(),
});
export type RegisterField = z.infer<typeof RegisterField>;

const RegisterCode = z.string().regex(/^[A-Z]{2,4}$/);

export const Register = z.object({
  code: RegisterCode,
  version: z.number().int().min(1),
  vi: z.string(),
  en: z.string(),
  aliases: z.array(z.string()).default([]),
  confirmation: Confirmation,
  /** What the sources say about the columns, for people. */
  status: z.string(),
  /** The names by which people know a record, at most two are shown. */
  people: z.array(z.string()).min(1),
  fields: z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), RegisterField),
  /** Checks across fields: a name in `rules.ts` and the field keys it compares, in its order. */
  rules: z.array(z.object({ rule: z.string(), fields: z.array(z.string()).min(1) })),
});
export type Register = z.infer<typeof Register>;

/**
 * Parses and cross-checks a register at load.
 * @throws Error naming the first list, name, rule or field that does not exist.
 */
export function defineRegister(input: z.input<typeof Register>): Register {
  const register = Register.parse(input);
  for (const [key, field] of Object.entries(register.fields)) {
    if (field.list && !CODE_LISTS[field.list])
      throw new Error(`${register.code}.${key}: no code list ${field.list}`);
    if (field.kind === 'code' && !field.list)
      throw new Error(`${register.code}.${key}: a code needs a list`);
  }
  for (const key of register.people)
    if (register.fields[key]?.kind !== 'name')
      throw new Error(`${register.code}: ${key} is no field of kind name`);
  for (const { rule, fields } of register.rules) {
    if (!RULES[rule]) throw new Error(`${register.code}: no rule ${rule}`);
    if (fields.length !== RULES[rule].fields)
      throw new Error(`${register.code}: ${rule} compares ${RULES[rule].fields} fields`);
    for (const key of fields)
      if (!register.fields[key]) throw new Error(`${register.code}: rule ${rule} names ${key}`);
  }
  return register;
}
