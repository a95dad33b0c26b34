import { CODE_LISTS } from '../../../models/code-lists.ts';
import type { FieldGroup } from '../../../models/field-kinds.ts';
import { isSyllable, mayBecomeSyllable } from '../../../models/syllable.ts';
import { unitPaths } from '../../prefill/units.ts';
import {
  FAMILY_NAMES,
  NAME_SYLLABLES,
  NUMBER_WORDS,
  PLACE_WORDS,
  REGISTER_PHRASES,
} from '../../prefill/words.ts';

/** What a decoder is told about the field: the kind's group, or nothing. */
export type LanguageKind = FieldGroup | 'any';

/** What people approved in the book that is being read, by kind of field. */
export type ApprovedTexts = Readonly<Partial<Record<FieldGroup, readonly string[]>>>;

/** The texts of `approved` that a field of this kind may repeat. */
export const approvedFor = (kind: LanguageKind, approved: ApprovedTexts): readonly string[] =>
  kind === 'any' ? Object.values(approved).flat() : (approved[kind] ?? []);

/**
 * How likely words and letters are in a field of some kind, as natural logarithms. It ranks what
 * the ink allows: every text keeps a probability, also a foreign name and a word never seen.
 */
export interface Language {
  /** A word (lower case, letters only) after another; `''` at the beginning. */
  word(word: string, before: string): number;
  /** For a letter that makes `word` so far: 0 where a syllable may begin so, else a penalty. */
  letters(word: string): number;
  /** For one character of this kind of field by itself. */
  sign(character: string): number;
}

/** A word with no syllable's form, a syllable in no list: shares of all words. */
const FOREIGN = 2e-6;
const UNKNOWN_SYLLABLE = 0.06 / 7000;
const OFF_GRAMMAR = -2.5;

interface Counts {
  readonly words: Map<string, number>;
  readonly pairs: Map<string, number>;
  readonly total: { value: number };
}

const empty = (): Counts => ({ words: new Map(), pairs: new Map(), total: { value: 0 } });

const wordsOf = (text: string) => text.toLowerCase().match(/\p{L}+/gu) ?? [];

function learn(counts: Counts, text: string, weight = 1): void {
  let before = '';
  for (const word of wordsOf(text)) {
    counts.words.set(word, (counts.words.get(word) ?? 0) + weight);
    const pair = `${before} ${word}`;
    counts.pairs.set(pair, (counts.pairs.get(pair) ?? 0) + weight);
    counts.total.value += weight;
    before = word;
  }
}

const known = new Map<LanguageKind, Counts>();

/** Word lists of the product by kind of field; administrative units as sequences. */
function countsOf(kind: LanguageKind): Counts {
  const made = known.get(kind);
  if (made) return made;
  const counts = empty();
  if (kind === 'name' || kind === 'any') {
    // The lists are ordered by how usual a name is; Zipf's law stands in for counts.
    for (const [i, name] of FAMILY_NAMES.entries()) learn(counts, name, 400 / (i + 1));
    for (const syllable of NAME_SYLLABLES) counts.words.set(syllable.toLowerCase(), 4);
    counts.words.set('thị', 400);
    counts.words.set('văn', 250);
    counts.total.value += 650 + 4 * NAME_SYLLABLES.length;
  }
  if (kind === 'place' || kind === 'any') {
    for (const path of unitPaths()) learn(counts, path, 1);
    for (const word of PLACE_WORDS) learn(counts, word, 60);
  }
  if (kind !== 'name' && kind !== 'place') {
    for (const phrase of REGISTER_PHRASES) learn(counts, phrase, 20);
    for (const word of NUMBER_WORDS) learn(counts, word, 60);
    for (const { items } of Object.values(CODE_LISTS))
      for (const { labelVi } of items) learn(counts, labelVi, 10);
  }
  known.set(kind, counts);
  return counts;
}

/** Letters in a number and figures in a name are rare, not impossible. */
const SIGNS: Readonly<Record<LanguageKind, (c: string) => number>> = {
  number: (c) => (/[\d/\-.]/.test(c) ? 0 : /\p{L}/u.test(c) ? -3 : -1.5),
  date: (c) => (/[\d/\-. ]/.test(c) ? 0 : /[ngàythánămgiờphút, ]/u.test(c) ? -0.7 : -1.5),
  name: (c) => (/[\p{L} ]/u.test(c) ? 0 : /\d/.test(c) ? -3 : -1.5),
  list: (c) => (/[\p{L} ]/u.test(c) ? 0 : -1),
  place: () => 0,
  text: () => 0,
  any: () => 0,
};

/**
 * The language of one kind of field. `approved` are texts that people approved in this book: they
 * count more than any list.
 */
export function languageOf(kind: LanguageKind, approved: readonly string[] = []): Language {
  const base = countsOf(kind);
  const own = empty();
  for (const text of approved) learn(own, text);
  const ownWeight = Math.min(0.5, own.total.value / 200);
  const share = (counts: Counts, word: string) =>
    (counts.words.get(word) ?? 0) / Math.max(1, counts.total.value);
  const after = (counts: Counts, word: string, before: string) => {
    const all = before === '' ? 0 : (counts.words.get(before) ?? 0);
    return all === 0 ? 0 : Math.min(1, (counts.pairs.get(`${before} ${word}`) ?? 0) / all);
  };
  const mix = (counts: Counts, word: string, before: string) =>
    0.55 * after(counts, word, before) + 0.39 * share(counts, word);
  return {
    word: (word, before) =>
      Math.log(
        (1 - ownWeight) * mix(base, word, before) +
          ownWeight * mix(own, word, before) +
          (isSyllable(word) ? UNKNOWN_SYLLABLE : FOREIGN),
      ),
    letters: (word) => (mayBecomeSyllable(word) ? 0 : OFF_GRAMMAR),
    sign: SIGNS[kind],
  };
}
