import type { FindingAnswer, RecordAnswer } from '../../api/contract.ts';
import type { HumanAction } from './outbox.ts';

/** What a person says in a review, as it is kept among the drafts. */
type Drafts = Readonly<Record<string, string>>;

/** The reason about the record as a whole stands under this key. */
export const WHOLE = '';
/** The closed list of reasons. */
export const RETURN_LIST = 'lyDoTraLai';
/** The code that wants words. */
export const OTHER = 'other';

/** Where the code of a reason stands; its words stand under the field itself. */
export const codeKey = (field: string) => `code:${field}`;
/** Where the reason stands for which a deviation is accepted. */
export const acceptKey = ({ rule, fields }: Pick<FindingAnswer, 'rule' | 'fields'>) =>
  `accept:${rule}:${fields.join()}`;

type Reasons = Extract<HumanAction, { type: 'returned' }>['reasons'];
type Accepted = NonNullable<Extract<HumanAction, { type: 'checked' }>['accepted']>;

/** The reasons that are whole: a code that speaks for itself, or words. */
export function reasonsIn(drafts: Drafts): Reasons {
  return Object.entries(drafts).flatMap(([field, text]) => {
    if (field.includes(':')) return [];
    const code = drafts[codeKey(field)] ?? OTHER;
    const reason = text.trim();
    if (code === OTHER && reason === '') return [];
    return [{ ...(field === WHOLE ? {} : { field }), code, reason }];
  });
}

/** The deviations that are accepted with a reason. */
export const acceptedIn = (drafts: Drafts, deviations: readonly FindingAnswer[]): Accepted =>
  deviations.flatMap((deviation) => {
    const reason = drafts[acceptKey(deviation)]?.trim();
    return reason ? [{ rule: deviation.rule, fields: [...deviation.fields], reason }] : [];
  });

/** Where each deviation is answered: at the first of its fields in the order of the page. */
export function anchorsOf(
  deviations: readonly FindingAnswer[],
  order: readonly string[],
): ReadonlyMap<string, readonly FindingAnswer[]> {
  const found = new Map<string, FindingAnswer[]>();
  for (const deviation of deviations) {
    const at = order.find((key) => deviation.fields.includes(key)) ?? order[0];
    if (at !== undefined) found.set(at, [...(found.get(at) ?? []), deviation]);
  }
  return found;
}

/** True when only something about the record itself, not the person, keeps it from approval. */
export const waitsForAnswers = (record: RecordAnswer) =>
  record.status === 'checked' &&
  record.moves.includes('returned') &&
  record.refusals.approved?.kind === 'openDeviation';
