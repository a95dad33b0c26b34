import type { BookPolicyRequest, BookSummary } from '../../api/contract.ts';

type Policy = BookSummary['policy'];
export type Keying = Policy['keying'];
type Group = Extract<Keying, { kind: 'fields' }>['groups'][number];

/** What may be keyed twice by the kind of its fields. */
export const GROUPS = [
  'number',
  'date',
  'name',
  'place',
  'list',
  'text',
] as const satisfies readonly Group[];

/** How the work on a book is shared, as a person fills it in: numbers are text until they are saved. */
export interface PolicyInput {
  readonly otherOrganisation: boolean;
  readonly kind: Keying['kind'];
  readonly groups: readonly Group[];
  readonly fields: readonly string[];
  /** Percent; empty for none. */
  readonly below: string;
  /** Percent. */
  readonly share: string;
  readonly sampled: boolean;
  readonly size: string;
  readonly accept: string;
}

export const NEW_POLICY: PolicyInput = {
  otherOrganisation: true,
  kind: 'single',
  groups: ['number', 'date'],
  fields: [],
  below: '',
  share: '10',
  sampled: false,
  size: '50',
  accept: '0',
};

const percent = (share: number) => `${Math.round(1000 * share) / 10}`;

/** A book's policy as it is filled in. */
export function inputOf({ otherOrganisation, keying, sampling }: Policy): PolicyInput {
  return {
    ...NEW_POLICY,
    otherOrganisation,
    kind: keying.kind,
    ...(keying.kind === 'share' ? { share: percent(keying.share) } : {}),
    ...(keying.kind === 'fields'
      ? {
          groups: keying.groups,
          fields: keying.fields,
          below: keying.confidenceBelow === undefined ? '' : percent(keying.confidenceBelow),
        }
      : {}),
    ...(sampling ? { sampled: true, size: `${sampling.size}`, accept: `${sampling.accept}` } : {}),
  };
}

const numberOf = (text: string) =>
  text.trim() === '' ? Number.NaN : Number(text.replace(',', '.'));
const within = (n: number, from: number, to: number) => n >= from && n <= to;

/** The inputs that are wrong. */
export function wrongIn(input: PolicyInput): ReadonlySet<keyof PolicyInput> {
  const wrong = new Set<keyof PolicyInput>();
  const { kind, groups, fields, below, share, sampled, size, accept } = input;
  if (kind === 'share' && !within(numberOf(share), 0, 100)) wrong.add('share');
  if (kind === 'fields') {
    if (below !== '' && !within(numberOf(below), 0, 100)) wrong.add('below');
    if (groups.length + fields.length === 0 && below === '') wrong.add('groups');
  }
  const [n, may] = [numberOf(size), numberOf(accept)];
  if (sampled && !(Number.isInteger(n) && within(n, 1, 10_000))) wrong.add('size');
  if (sampled && !(Number.isInteger(may) && within(may, 0, 1000) && may < n)) wrong.add('accept');
  return wrong;
}

/** What is saved; of inputs that are right. */
export function policyOf(input: PolicyInput): BookPolicyRequest {
  const { kind, groups, fields, below, share, sampled, size, accept } = input;
  const keying: Keying =
    kind === 'fields'
      ? {
          kind,
          groups: [...groups],
          fields: [...fields],
          ...(below === '' ? {} : { confidenceBelow: numberOf(below) / 100 }),
        }
      : kind === 'share'
        ? { kind, share: numberOf(share) / 100 }
        : { kind };
  return {
    otherOrganisation: input.otherOrganisation,
    keying,
    sampling: sampled ? { size: numberOf(size), accept: numberOf(accept) } : null,
  };
}
