import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type {
  Accepted,
  Action,
  ActionContent,
  ActionType,
  HumanAction,
  Reason,
  RecordStatus,
} from './actions.ts';
import { NO_HASH } from './actions.ts';
import type { BookHabits } from './books.ts';
import { labelOf } from './code-lists.ts';
import { openDeviations } from './deviations.ts';
import { Failure } from './failures.ts';
import { FIELD_KINDS } from './field-kinds.ts';
import type { FieldAnswer, FieldAnswers, FieldValue, FieldValues } from './fields.ts';
import { type Form, fieldsOnForm } from './forms/define.ts';
import type { OrganisationId, PersonId, Sha256 } from './ids.ts';
import type { Person, Role } from './people.ts';
import type { BookPolicy } from './policy.ts';
import type { Register, RegisterField } from './registers/define.ts';
import { RULES, Severity } from './rules.ts';
import { fieldsToKeyAgain, sameReading } from './second-keying.ts';
import { tidy } from './text.ts';

/** What a record is now: the fold of its log. */
export interface RecordState {
  readonly version: number;
  readonly status: RecordStatus;
  readonly values: FieldValues;
  /** Whose hands any value went through since the record was made: keyed, keyed again, decided. */
  readonly keyers: ReadonlyMap<PersonId, OrganisationId | null>;
  /** Who keyed what now counts as the first reading, at any time. */
  readonly firstKeyers: readonly PersonId[];
  /** Who decided between two readings, at any time. */
  readonly arbiters: readonly PersonId[];
  /** What the machine had read when people called the record done. */
  readonly machine: FieldValues;
  /** The fields that a second person is to key, or has keyed since the first called it done. */
  readonly second: readonly string[];
  readonly secondKeyer: PersonId | null;
  readonly secondValues: FieldValues;
  /** Where the two differ and nobody has decided. */
  readonly differs: readonly string[];
  /** What two people have agreed on, or a third has decided. */
  readonly agreed: FieldValues;
  /** Whether chance has chosen this record for a second keying; undefined before the first is done. */
  readonly drawn: boolean | undefined;
  /** The last version that could change a value or who answers for it. */
  readonly valuesVersion: number;
  readonly checker: PersonId | null;
  readonly checkedAt: Date | null;
  /** What the checker has seen on the page as it is, though a rule says otherwise. */
  readonly accepted: readonly Accepted[];
  readonly approver: PersonId | null;
  /** Reasons of the last return or reopening, until the record is keyed as done again. */
  readonly reasons: readonly Reason[];
  readonly head: Sha256;
}

export const EMPTY: RecordState = {
  version: 0,
  status: 'prefilled',
  values: {},
  keyers: new Map(),
  firstKeyers: [],
  arbiters: [],
  machine: {},
  second: [],
  secondKeyer: null,
  secondValues: {},
  differs: [],
  agreed: {},
  drawn: undefined,
  valuesVersion: 0,
  checker: null,
  checkedAt: null,
  accepted: [],
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

const withPerson = (people: readonly PersonId[], id: PersonId | null) =>
  id === null || people.includes(id) ? people : [...people, id];

/** The people whose hands the values went through, the author of `action` among them. */
function hands(state: RecordState, action: Action): Pick<RecordState, 'keyers'> {
  const keyers = new Map(state.keyers);
  if (action.personId) keyers.set(action.personId, action.organisationId);
  return { keyers };
}

const pick = (values: FieldValues, keys: readonly string[]): FieldValues =>
  Object.fromEntries(keys.flatMap((key) => (values[key] ? [[key, values[key]]] : [])));

/** Applies one action to a state. Pure; does not judge whether it was allowed. */
export function apply(state: RecordState, action: Action): RecordState {
  const { content } = action;
  const keeps = ['prefilled', 'checked', 'approved'].includes(content.type);
  const next = {
    ...state,
    version: action.version,
    head: action.hash,
    ...(keeps ? {} : { valuesVersion: action.version, checkedAt: null, accepted: [] }),
  };
  switch (content.type) {
    case 'prefilled': {
      const open = MOVES.keyed.from.includes(state.status);
      return {
        ...next,
        values: mergeMachine(state.values, content.values, open),
        machine: open ? { ...state.machine, ...content.values } : state.machine,
      };
    }
    case 'keyed': {
      const keyed = {
        ...next,
        ...hands(state, action),
        firstKeyers: withPerson(state.firstKeyers, action.personId),
        values: { ...state.values, ...content.values },
        checker: null,
      };
      if (!content.done) return keyed;
      const again = content.second.length > 0;
      return {
        ...keyed,
        status: again ? 'secondKeying' : 'keyed',
        reasons: [],
        second: content.second,
        secondKeyer: null,
        secondValues: {},
        differs: [],
        drawn: state.drawn ?? again,
      };
    }
    case 'secondKeyed':
      return {
        ...next,
        ...hands(state, action),
        status: content.differs.length > 0 ? 'arbitration' : 'keyed',
        secondKeyer: action.personId,
        secondValues: content.values,
        differs: content.differs,
        agreed: {
          ...state.agreed,
          ...pick(
            state.values,
            state.second.filter((key) => !content.differs.includes(key)),
          ),
        },
      };
    case 'arbitrated':
      return {
        ...next,
        ...hands(state, action),
        arbiters: withPerson(state.arbiters, action.personId),
        status: 'keyed',
        values: { ...state.values, ...content.values },
        differs: [],
        agreed: { ...state.agreed, ...content.values },
      };
    case 'checked':
      return {
        ...next,
        status: 'checked',
        checker: action.personId,
        checkedAt: action.at,
        accepted: content.accepted,
      };
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
  secondKeyed: { from: ['secondKeying'], roles: ['keyer'] },
  arbitrated: { from: ['arbitration'], roles: ['keyer'] },
  checked: { from: ['keyed'], roles: ['checker'] },
  returned: { from: ['keyed', 'checked'], roles: ['checker', 'approver'] },
  approved: { from: ['checked'], roles: ['approver'] },
  reopened: { from: ['approved'], roles: ['approver'] },
};

/** True when the person has a role for this move. */
export const hasRole = (person: Pick<Person, 'active' | 'roles'>, type: keyof typeof MOVES) =>
  person.active && person.roles.some((role) => MOVES[type].roles.includes(role));

/** Which roles the move wants, for who has none. */
export const rolesNeeded = (type: keyof typeof MOVES) =>
  `role ${MOVES[type].roles.join(' or ')} needed`;

/**
 * Why `person` may not do `type` on a record in `state`; undefined when they may. Four eyes: who
 * keyed does not key again as the second, and neither of the two decides between them; whoever had a
 * hand in the values neither checks nor approves, who checked does not approve; and where the book's
 * policy says so, check and approval come from another organisation than the keying.
 */
export function refusal(
  person: Person,
  type: keyof typeof MOVES,
  state: RecordState,
  policy: BookPolicy,
): Failure | undefined {
  const move = MOVES[type];
  if (!hasRole(person, type)) return new Failure('forbidden', rolesNeeded(type));
  if (type === 'secondKeyed' && [...state.firstKeyers, ...state.arbiters].includes(person.id))
    return new Failure('fourEyes', 'the second person has not keyed this record');
  if (
    type === 'arbitrated' &&
    (state.firstKeyers.includes(person.id) || state.secondKeyer === person.id)
  )
    return new Failure('fourEyes', 'a third person decides');
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

/** @throws Failure `invalid` naming what was not asked, `incomplete` naming what was not answered */
function mustAnswer(wanted: readonly string[], given: readonly string[]): void {
  const extra = given.filter((key) => !wanted.includes(key));
  // Not the keys that were sent: a sender chose them.
  if (extra.length > 0) throw new Failure('invalid', 'a field that is not asked');
  const open = wanted.filter((key) => !given.includes(key));
  if (open.length > 0) throw new Failure('incomplete', open.join(', '));
}

/** @throws Failure `openDeviation` naming the rules */
function mustBeSettled(found: readonly Finding[], accepted: readonly Accepted[]): void {
  const open = openDeviations(found, accepted);
  if (open.length > 0)
    throw new Failure(
      'openDeviation',
      open.map(({ rule, fields }) => `${rule}: ${fields.join(', ')}`).join('; '),
    );
}

/** The chance by which records are drawn for a second keying. */
const chance = () => randomInt(2 ** 32) / 2 ** 32;

/** How a record is filled in: its form, its register, and what the book's policy asks for. */
interface Rules {
  readonly form: Form;
  readonly register: Register;
  readonly policy: BookPolicy;
  /** For a check: the fields that its person has compared with the page before. */
  readonly compared?: readonly string[];
  /** For a check and an approval: everything that the register's rules find now. */
  readonly found?: readonly Finding[];
}

/**
 * What a person's action becomes in the log. `draw` answers a random number from 0 to 1.
 * @throws Failure `invalid` for a field that the form lacks or that was not asked, `incomplete` when
 *   a record is called done while a field on the form has no person's answer, or a second keyer,
 *   arbiter or checker leaves one out, `openDeviation` when a check or approval leaves one open
 */
export function contentOf(
  action: HumanAction,
  state: RecordState,
  person: Person,
  { form, register, policy, compared = [], found = [] }: Rules,
  draw: () => number = chance,
): ActionContent {
  const valuesOf = (keys: readonly string[], answers: FieldAnswers, old: FieldValues) =>
    Object.fromEntries(
      keys.map((key) => [
        key,
        answerToValue(register.fields[key]!, answers[key]!, old[key], person.id),
      ]),
    );
  switch (action.type) {
    case 'checked': {
      const asked = fieldsOnForm(form);
      const confirmed = asked.filter(
        (key) => compared.includes(key) || action.confirmed.includes(key),
      );
      if (!action.confirmed.every((key) => asked.includes(key)))
        throw new Failure('invalid', 'a field that is not asked');
      mustAnswer(asked, confirmed);
      mustBeSettled(found, action.accepted);
      return { ...action, confirmed };
    }
    case 'approved':
      mustBeSettled(found, state.accepted);
      return action;
    case 'returned':
    case 'reopened':
      for (const { field } of action.reasons)
        if (field !== undefined && !Object.hasOwn(register.fields, field))
          throw new Failure('invalid', 'a field that the register lacks');
      return action;
    case 'keyed':
      return keyedContent(action, state, person, { form, register, policy }, draw);
    case 'secondKeyed': {
      mustAnswer(state.second, Object.keys(action.answers));
      // Without evidence: what was there is what this person must not have seen.
      const values = valuesOf(state.second, action.answers, {});
      const differs = state.second.filter((key) => !sameReading(values[key], state.values[key]));
      return { type: 'secondKeyed', values, differs };
    }
    case 'arbitrated': {
      mustAnswer(state.differs, Object.keys(action.answers));
      return {
        type: 'arbitrated',
        values: valuesOf(state.differs, action.answers, state.values),
      };
    }
  }
}

function keyedContent(
  action: Extract<HumanAction, { type: 'keyed' }>,
  state: RecordState,
  person: Person,
  { form, register, policy }: Rules,
  draw: () => number,
): ActionContent {
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
  if (!action.done) return { type: 'keyed', values, done: false, second: [] };
  const open = asked.filter((key) => !byPerson(values[key] ?? state.values[key]));
  if (open.length > 0) throw new Failure('incomplete', open.join(', '));
  const keyed = { ...state, values: { ...state.values, ...values }, asked, register };
  const second = fieldsToKeyAgain(policy.keying, keyed, draw);
  return { type: 'keyed', values, done: true, second };
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
