import type { NamedPerson } from './names.ts';
import { isOneSlip } from './names.ts';
import { registerOf } from './registers/registry.ts';
import { splitTone } from './syllable.ts';
import { fold, similarity, tidy } from './text.ts';

/** A record's people by the field that names them. */
export type People = ReadonlyMap<string, Pick<NamedPerson, 'name' | 'born'>>;

/** Clerks write "Lý" and "Lí", "Quí" and "Quý". */
const sameVowel = (syllable: string) => fold(syllable).replaceAll('y', 'i');

/** From 0 for the same syllable to 1 for another one. What a pen or a clerk often changes costs little. */
function syllableDistance(a: string, b: string): number {
  if (a === b) return 0;
  if (splitTone(a).base === splitTone(b).base) return 0.1;
  if (sameVowel(a) === sameVowel(b)) return fold(a) === fold(b) ? 0.2 : 0.1;
  return isOneSlip(fold(a), fold(b)) ? 0.5 : 1;
}

/** Middle words that are left out and put in without naming somebody else. */
const FILLING = new Set(['thị', 'văn']);
const absence = (syllable: string) => (FILLING.has(syllable) ? 0.4 : 0.9);

/**
 * How far two Vietnamese names are apart, from 0 to 1: syllable by syllable in their order, where a
 * tone, a diacritic, i for y, and a missing "Thị" or "Văn" weigh less than another word.
 */
export function nameDistance(one: string, other: string): number {
  const [a, b] = [one, other].map((name) => tidy(name).toLowerCase().split(' '));
  const longest = Math.max(a!.length, b!.length);
  let row = [0];
  for (const syllable of b!) row.push(row.at(-1)! + absence(syllable));
  for (const left of a!) {
    const next = [row[0]! + absence(left)];
    for (const [j, right] of b!.entries())
      next.push(
        Math.min(
          row[j]! + syllableDistance(left, right),
          row[j + 1]! + absence(left),
          next[j]! + absence(right),
        ),
      );
    row = next;
  }
  return Math.min(1, row.at(-1)! / longest);
}

/**
 * How near two days of birth are, from 0 to 1; undefined when one is not known at all. One that is
 * known in part is near to each that it may be; changed places of day and month, or one wrong figure,
 * leave some nearness.
 */
export function dayNearness(a: string | null, b: string | null): number | undefined {
  if (a === null || b === null) return undefined;
  if (a === b) return 1;
  if (a.startsWith(b) || b.startsWith(a)) return 0.9;
  const [year, month, day] = a.split('-');
  if (b === `${year}-${day}-${month}`) return 0.7;
  return a.length === b.length && similarity(a, b) >= 1 - 1 / a.length ? 0.6 : 0;
}

/** One thing by which two records are compared. */
interface Trait {
  readonly what: 'name' | 'born';
  readonly field: string;
  readonly weight: number;
}

/** By whom records of a register are about: their names and days of birth, and a child's parents. */
function traitsOf(code: string): readonly Trait[] {
  const main = registerOf(code).people.flatMap((field): Trait[] => [
    { what: 'name', field, weight: 4 },
    { what: 'born', field, weight: 3 },
  ]);
  if (code !== 'KS') return main;
  return [
    ...main,
    { what: 'name', field: 'meHoTen', weight: 2 },
    { what: 'name', field: 'chaHoTen', weight: 1 },
  ];
}

/** Where two records agree, and how much. */
interface Agreement {
  readonly what: Trait['what'];
  readonly field: string;
  /** From 0 to 1. */
  readonly nearness: number;
}

/** How alike two records are, from 0 to 1, and in what. */
export interface Likeness {
  readonly score: number;
  readonly agrees: readonly Agreement[];
}

function nearness({ what, field }: Trait, one: People, other: People): number | undefined {
  const [a, b] = [one.get(field), other.get(field)];
  if (!a || !b) return undefined;
  return what === 'name' ? 1 - nameDistance(a.name, b.name) : dayNearness(a.born, b.born);
}

/** Below this two records are hardly one event. */
const ALIKE = 0.8;
/** Two people of one name are no double: so much of what is compared must be known of both. */
const KNOWN = 0.6;
/** And each name of the main people must be at least so near. */
const NAME_ALIKE = 0.6;

/** How alike two records of one register are; undefined when they can hardly be of one event. */
export function doubleOf(register: string, one: People, other: People): Likeness | undefined {
  const { people } = registerOf(register);
  const traits = traitsOf(register);
  const total = traits.reduce((sum, trait) => sum + trait.weight, 0);
  let known = 0;
  let sum = 0;
  const agrees: Agreement[] = [];
  for (const trait of traits) {
    const near = nearness(trait, one, other);
    const isMain = trait.what === 'name' && people.includes(trait.field);
    if (isMain && (near ?? 0) < NAME_ALIKE) return undefined;
    if (near === undefined) continue;
    known += trait.weight;
    sum += trait.weight * near;
    agrees.push({ what: trait.what, field: trait.field, nearness: near });
  }
  if (known < KNOWN * total || sum < ALIKE * known) return undefined;
  return { score: sum / known, agrees };
}

/** `siblings`: births of one mother. `parentsMarriage`: a birth, and the marriage of its parents. */
export type KinRelation = 'siblings' | 'parentsMarriage';

/** Which field of one record names whom a field of another may name too. */
export const KIN: readonly {
  readonly relation: KinRelation;
  readonly registers: readonly [string, string];
  readonly same: readonly (readonly [string, string])[];
}[] = [
  {
    relation: 'siblings',
    registers: ['KS', 'KS'],
    same: [
      ['meHoTen', 'meHoTen'],
      ['chaHoTen', 'chaHoTen'],
    ],
  },
  {
    relation: 'parentsMarriage',
    registers: ['KS', 'KH'],
    same: [
      ['meHoTen', 'voHoTen'],
      ['chaHoTen', 'chongHoTen'],
    ],
  },
];

/** So near are two names of one person. */
const SAME_NAME = 0.9;

/**
 * Whether two records are of one mother or couple: the mother's name is the same, and either her day of
 * birth or the father's name as well, and nothing that is known speaks against it.
 */
export function kinOf(
  same: readonly (readonly [string, string])[],
  one: People,
  other: People,
): Likeness | undefined {
  const agrees: Agreement[] = [];
  for (const [field, its] of same) {
    const [a, b] = [one.get(field), other.get(its)];
    if (!a || !b) continue;
    const name = 1 - nameDistance(a.name, b.name);
    const born = dayNearness(a.born, b.born);
    if (name < SAME_NAME || (born !== undefined && born < 0.9)) return undefined;
    agrees.push({ what: 'name', field, nearness: name });
    if (born !== undefined) agrees.push({ what: 'born', field, nearness: born });
  }
  const mother = same[0]![0];
  const known = agrees.some(({ what, field }) => what === 'name' && field === mother);
  if (!known || agrees.length < 2) return undefined;
  return { score: agrees.reduce((sum, a) => sum + a.nearness, 0) / agrees.length, agrees };
}
