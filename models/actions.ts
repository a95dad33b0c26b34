import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CODE_LISTS } from './code-lists.ts';
import { FieldAnswers, FieldValues } from './fields.ts';
import { OrganisationId, PersonId, RecordId, Sha256 } from './ids.ts';

/**
 * `prefilled`: waiting for a keyer. `secondKeying`: a keyer called it done, and another one keys some
 * of it blindly. `arbitration`: the two differ. `keyed`: waiting for a checker. `checked`: compared with the
 * page. `returned`: a checker or approver sent it back. `approved`: ready for the dataset.
 */
export const RecordStatus = z.enum([
  'prefilled',
  'keyed',
  'secondKeying',
  'arbitration',
  'checked',
  'returned',
  'approved',
]);
export type RecordStatus = z.infer<typeof RecordStatus>;

/** The closed list of reasons, and the one that wants words. */
const RETURN_LIST = 'lyDoTraLai';
const OTHER_REASON = 'other';
const RETURN_CODES = new Set(CODE_LISTS[RETURN_LIST]!.items.map((item) => item.code));

/** An item of that list. */
export const ReasonCode = z
  .string()
  .max(40)
  .refine((code) => RETURN_CODES.has(code), { message: 'a code of the list' });

/** Why a record was sent back. */
export const Reason = z
  .object({
    /** The field it is about; absent when it is about the record. */
    field: z.string().max(80).optional(),
    /** An item of the list `lyDoTraLai`. */
    code: ReasonCode.default(OTHER_REASON),
    reason: z.string().trim().max(1000).default(''),
  })
  .refine((r) => r.code !== OTHER_REASON || r.reason !== '', {
    message: 'another reason is said in words',
    path: ['reason'],
  });

export type Reason = z.infer<typeof Reason>;

/** A finding that a checker has seen on the page as it is: the rule, its fields, and why. */
export const Accepted = z.object({
  rule: z.string().max(80),
  fields: z.array(z.string().max(80)).max(20),
  reason: z.string().trim().min(1).max(1000),
});
export type Accepted = z.infer<typeof Accepted>;

/** What a machine does. */
export const Prefilled = z.object({
  type: z.literal('prefilled'),
  values: FieldValues,
  /** Content hash + stage + version: the same effect is never stored twice. */
  effect: z.string(),
});

/** What a person does; `seen` (the version on the screen) travels beside it. */
export const HumanAction = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('keyed'),
    answers: FieldAnswers,
    /** Fields whose machine value was shown and accepted as it stands. */
    confirmed: z.array(z.string().max(80)).default([]),
    /** The record is finished: every field on the form has a person's answer. */
    done: z.boolean().default(false),
  }),
  /** What a second person reads, without having seen what the first or the machine did. */
  z.object({ type: z.literal('secondKeyed'), answers: FieldAnswers }),
  /** What a third person decides where the two differ. */
  z.object({ type: z.literal('arbitrated'), answers: FieldAnswers }),
  z.object({
    type: z.literal('checked'),
    /** Fields that were compared with the page, beside those that were noted before. */
    confirmed: z.array(z.string().max(80)).max(500).default([]),
    accepted: z.array(Accepted).max(200).default([]),
  }),
  z.object({ type: z.literal('returned'), reasons: z.array(Reason).min(1) }),
  z.object({ type: z.literal('approved') }),
  z.object({ type: z.literal('reopened'), reasons: z.array(Reason).min(1) }),
]);
export type HumanAction = z.infer<typeof HumanAction>;

/** A keyed action as stored: answers became values with their evidence. */
const Keyed = z.object({
  type: z.literal('keyed'),
  values: FieldValues,
  done: z.boolean(),
  /** The fields that a second person has to key now that it is done. */
  second: z.array(z.string()).default([]),
});
const SecondKeyed = z.object({
  type: z.literal('secondKeyed'),
  values: FieldValues,
  /** The fields that the first person reads differently. */
  differs: z.array(z.string()),
});
const Arbitrated = z.object({ type: z.literal('arbitrated'), values: FieldValues });

/** The actions whose answers become values before they are stored. */
const ANSWERING = ['keyed', 'secondKeyed', 'arbitrated'] as const;
type Answering = (typeof ANSWERING)[number];

/** The content of an action in the log. */
export const ActionContent = z.discriminatedUnion('type', [
  Prefilled,
  Keyed,
  SecondKeyed,
  Arbitrated,
  ...HumanAction.options.filter((o) => !ANSWERING.some((type) => type === o.shape.type.value)),
]);
export type ActionContent =
  | z.infer<typeof Prefilled>
  | z.infer<typeof Keyed>
  | z.infer<typeof SecondKeyed>
  | z.infer<typeof Arbitrated>
  | Exclude<HumanAction, { type: Answering }>;
export type ActionType = ActionContent['type'];

/** One entry of a record's append-only log. Versions run from 1 without gaps. */
export const Action = z.object({
  recordId: RecordId,
  version: z.number().int().min(1),
  /** Null for the machine. */
  personId: PersonId.nullable(),
  organisationId: OrganisationId.nullable(),
  at: z.coerce.date(),
  /** The version that the author saw. */
  seen: z.number().int().min(0),
  content: ActionContent as unknown as z.ZodType<ActionContent>,
  /** Hash of the action before it in its record; 64 zeros for the first. */
  previous: Sha256,
  hash: Sha256,
});
export type Action = z.infer<typeof Action>;

export const NO_HASH = '0'.repeat(64);

/** JSON with sorted keys and without undefined: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map((v) => canonicalJson(v ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256 over everything an action says, the hash before it included. */
export function hashAction(action: Omit<Action, 'hash'>): Sha256 {
  const { recordId, version, personId, organisationId, at, seen, content, previous } = action;
  return createHash('sha256')
    .update(
      canonicalJson({ recordId, version, personId, organisationId, at, seen, content, previous }),
    )
    .digest('hex');
}

/** The first version at which the chain is broken, with what is wrong; undefined when it holds. */
export function findBreak(
  log: readonly Action[],
): { version: number; why: 'gap' | 'previous' | 'hash' } | undefined {
  let previous = NO_HASH;
  for (const [i, action] of log.entries()) {
    if (action.version !== i + 1) return { version: i + 1, why: 'gap' };
    if (action.previous !== previous) return { version: action.version, why: 'previous' };
    if (action.hash !== hashAction(action)) return { version: action.version, why: 'hash' };
    previous = action.hash;
  }
  return undefined;
}
