import { z } from 'zod';
import type { Action, ActionContent, ActionType, HumanAction, RecordStatus } from './actions.ts';
import { NO_HASH } from './actions.ts';
import type { BookHabits } from './books.ts';
import { labelOf } from './code-lists.ts';
import { Failure } from './failures.ts';
import { FIELD_KINDS } from './field-kinds.ts';
import type { FieldAnswer, FieldValue, FieldValues } from './fields.ts';
import { type Form, fieldsOnForm } from './forms/define.ts';
import type { OrganisationId, PersonId, Sha256 } from './ids.ts';
import type { Person, Role } from './people.ts';
import type { BookPolicy } from './policy.ts';
import type { Register, RegisterField } from './registers/define.ts';
import { RULES, Severity } from './rules.ts';
import { tidy } from './text.ts';

/** What a record is now: the fold of its log. */
export interface RecordState {
  readonly version: number;
  readonly status: RecordStatus;
  readonly values: FieldValues;
  /** Who keyed any value since the record was made. */
  readonly keyers: ReadonlyMap<PersonId, OrganisationId | null>;
  readonly checker: PersonId | null;
  readonly approver: PersonId | null;
  /** Reasons of the last return or reopening, until the record is keyed as done again. */
  readonly reasons: readonly { field?: string | undefined; reason: string }[];
  readonly head: Sha256;
}

export const EMPTY: RecordState = {
  version: 0,
  status: 'prefilled',
  values: {},
  keyers: new Map(),
  checker: null,
  approver: null,
  reasons: [],
  head: NO_HASH,
};

/** True when a person has answered this field. */
export const byPerson = (value: FieldValue | undefined) => value?.evidence.source === 'person';

/**
 * A machine never overwrites a person: it fills the untouched and adds candidates to the rest. On a
 * record that people have called done (`open` is false) nothing is untouched: what was compared
 * with the page and approved stays as it was.
 */
function mergeMachine(values: FieldValues, fresh: FieldValues, open: boolean): FieldValues {
  const merged = { ...values };
  for (const [key, value] of Object.entries(fresh)) {
    const old = merged[key];
    if (open && !byPerson(old)) {
      merged[key] = value;
      continue;
    }
    if (!old) continue;
    const known = new Set(old.evidence.candidates.map((c) => c.text));
    const added = [
      ...(value.text !== undefined && value.evidence.confidence !== undefined
        ? [{ text: value.text, probability: value.evidence.confidence }]
        : []),
      ...value.evidence.candidates,
    ].filter((c) => !known.has(c.text));
    merged[key] = {
      ...old,
      evidence: { ...old.evidence, candidates: [...old.evidence.candidates, ...added] },
    };
  }
  return merged;
}

/** Applies one action to a state. Pure; does not judge whether it was allowed. */
export function apply(state: RecordState, action: Action): RecordState {
  const next = { ...state, version: action.version, head: action.hash };
  const { content } = action;
  switch (content.type) {
    case 'prefilled':
      return {
        ...next,
        values: mergeMachine(state.values, content.values, MOVES.keyed.from.includes(state.status)),
      };
    case 'keyed': {
      const keyers = new Map(state.keyers);
      if (action.personId) keyers.set(action.personId, action.organisationId);
      return {
        ...next,
        keyers,
        values: { ...state.values, ...content.values },
        status: content.done ? 'keyed' : state.status,
        reasons: content.done ? [] : state.reasons,
        checker: null,
      };
    }
    case 'checked':
      return { ...next, status: 'checked', checker: action.personId };
    case 'returned':
    case 'reopened':
      return {
        ...next,
        status: 'returned',
        reasons: content.reasons,
        checker: null,
        approver: null,
      };
    case 'approved':
      return { ...next, status: 'approved', approver: action.personId };
  }
}

/** The state after all of `log`, which starts at version 1. */
export function fold(log: Iterable<Action>): RecordState {
  let state = EMPTY;
  for (const action of log) state = apply(state, action);
  return state;
}

interface Move {
  readonly from: readonly RecordStatus[];
  readonly roles: readonly Role[];
}

/** The moves that people may make: from which status, with which role. */
export const MOVES: Readonly<Record<Exclude<ActionType, 'prefilled'>, Move>> = {
  keyed: { from: ['prefilled', 'returned'], roles: ['keyer'] },
  checked: { from: ['keyed'], roles: ['checker'] },
  returned: { from: ['keyed', 'checked'], roles: ['checker', 'approver'] },
  approved: { from: ['checked'], roles: ['approver'] },
  reopened: { from: ['approved'], roles: ['approver'] },
};

/**
 * Why `person` may not do `type` on a record in `state`; undefined when they may. Four eyes: who
 * keyed neither checks nor approves, who checked does not approve; and where the book's policy says
 * so, check and approval come from another organisation than the keying.
 */
export function refusal(
  person: Person,
  type: keyof typeof MOVES,
  state: RecordState,
  policy: BookPolicy,
): Failure | undefined {
  const move = MOVES[type];
  if (!person.active || !person.roles.some((r) => move.roles.includes(r)))
    return new Failure('forbidden', `role ${move.roles.join(' or ')} needed`);
  if (type === 'checked' || type === 'approved') {
    const kinds = type === 'checked' ? policy.checkers : policy.approvers;
    if (person.organisationKind && !kinds.includes(person.organisationKind))
      return new Failure('forbidden', `organisation ${kinds.join(' or ')} needed`);
    if (state.keyers.has(person.id)) return new Failure('fourEyes');
    if (type === 'approved' && state.checker === person.id) return new Failure('fourEyes');
    if (policy.otherOrganisation && [...state.keyers.values()].includes(person.organisationId))
      return new Failure('fourEyes', 'same organisation as the keyer');
  }
  if (!move.from.includes(state.status))
    return new Failure('notAllowedNow', `${type} from ${state.status}`);
  return undefined;
}

/** The template's way of writing `text` for this field; undefined when it cannot be told. */
export function normalize(field: RegisterField, text: string): string | undefined {
  return FIELD_KINDS[field.kind].normalize(text, field.list);
}

/** A person's answer as a value: evidence keeps the page region and candidates of what was there. */
export function answerToValue(
  field: RegisterField,
  answer: FieldAnswer,
  old: FieldValue | undefined,
  personId: PersonId,
): FieldValue {
  const text = answer.text === undefined ? undefined : answer.text.normalize('NFC');
  const normalized =
    answer.state === 'written' && text !== undefined
      ? // A ticked option's words need not be those of the code list: what they meant stays.
        (normalize(field, text) ?? (old?.text === text ? old.normalized : undefined))
      : undefined;
  const {
    confidence: _,
    personId: __,
    ...kept
  } = old?.evidence ?? { source: '', candidates: [], rules: [] };
  const machine =
    old && !byPerson(old) && old.text !== undefined && old.evidence.confidence !== undefined
      ? [{ text: old.text, probability: old.evidence.confidence }]
      : [];
  const candidates = [...machine, ...kept.candidates].filter(
    (c, i, all) => all.findIndex((d) => d.text === c.text) === i,
  );
  return {
    state: answer.state,
    ...(text === undefined ? {} : { text }),
    ...(normalized === undefined ? {} : { normalized }),
    ...(answer.note === undefined ? {} : { note: answer.note }),
    evidence: { ...kept, candidates, source: 'person', personId },
  };
}

/**
 * What a person's action becomes in the log.
 * @throws Failure `invalid` for a field that the form lacks, `incomplete` when a record is called
 *   done while a field on the form has no person's answer.
 */
export function contentOf(
  action: HumanAction,
  state: RecordState,
  person: Person,
  form: Form,
  register: Register,
): ActionContent {
  if (action.type !== 'keyed') return action;
  const asked = fieldsOnForm(form);
  const fieldOf = (key: string) => {
    const field = register.fields[key];
    if (!field || (!asked.includes(key) && !form.fromBook.includes(key)))
      throw new Failure('invalid', `field ${key}`);
    return field;
  };
  const values: FieldValues = {};
  for (const [key, answer] of Object.entries(action.answers))
    values[key] = answerToValue(fieldOf(key), answer, state.values[key], person.id);
  for (const key of action.confirmed) {
    const field = fieldOf(key);
    const old = state.values[key];
    if (!old || values[key]) continue;
    const answer = { state: old.state, ...(old.text === undefined ? {} : { text: old.text }) };
    values[key] = answerToValue(field, answer, old, person.id);
  }
  if (action.done) {
    const open = asked.filter((key) => !byPerson(values[key] ?? state.values[key]));
    if (open.length > 0) throw new Failure('incomplete', open.join(', '));
  }
  return { type: 'keyed', values, done: action.done };
}

/** A broken rule or an unreadable normal form. */
export const Finding = z.object({
  rule: z.string(),
  fields: z.array(z.string()),
  severity: Severity,
  vi: z.string(),
  en: z.string(),
});
export type Finding = z.infer<typeof Finding>;

/** Everything that the register's rules find in these values, in a book with these habits. */
export function findings(values: FieldValues, register: Register, habits: BookHabits): Finding[] {
  const found: Finding[] = [];
  for (const { rule, fields } of register.rules) {
    const { habit, severity, vi, en, broken } = RULES[rule]!;
    if (habit && !habits[habit]) continue;
    const texts = fields.map((key) => {
      const value = values[key];
      return value?.state === 'written' ? (value.normalized ?? value.text) : undefined;
    });
    if (texts.some((t) => t === undefined)) continue;
    if (broken(...(texts as string[]))) found.push({ rule, fields, severity, vi, en });
  }
  for (const [key, value] of Object.entries(values)) {
    if (value.state !== 'written' || value.normalized !== undefined) continue;
    found.push({
      rule: 'notNormalized',
      fields: [key],
      severity: 'warning',
      vi: 'Chưa đưa được về dạng chuẩn',
      en: 'Not in a standard form',
    });
  }
  return found;
}

/** How a value is shown to people: the text as written, or its code's label. */
export function shownText(field: RegisterField, value: FieldValue): string {
  if (value.text !== undefined) return value.text;
  if (value.normalized !== undefined && field.list) return labelOf(field.list, value.normalized);
  return value.normalized ?? '';
}

/** All texts of a record for searching, tidied. */
export function searchText(values: FieldValues): string {
  return tidy(
    Object.values(values)
      .map((v) => v.text ?? '')
      .join(' '),
  );
}
