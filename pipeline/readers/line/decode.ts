import type { Candidate } from '../../../models/fields.ts';
import { CHARSET } from './charset.ts';
import type { Language } from './language.ts';

/** What the network says of one line: natural logarithms of probabilities, column after column. */
export interface Emissions {
  readonly data: Float32Array;
  readonly columns: number;
  readonly classes: number;
}

/** A character of the best text, where it stands and how sure the network is of it. */
export interface DecodedSign {
  readonly text: string;
  /** 0 to 1: the network's own probability at the column where the sign is written. */
  readonly belief: number;
  /** First and last column, inclusive. */
  readonly from: number;
  readonly to: number;
}

export interface Decoded {
  readonly text: string;
  readonly signs: readonly DecodedSign[];
  /** Best first, the text itself included; probabilities of these among all that were weighed. */
  readonly candidates: readonly Candidate[];
}

/** Texts kept at each column. */
const BEAM = 10;
/** Characters looked at in each column: this much less likely than the best are not. */
const WORTH = -7;
/** A column that is blank beyond this adds nothing to any text. */
const SURE_BLANK = Math.log(0.998);
/** A text with at least this share of all the ink's probability needs no search and no language. */
const CLEAR = Math.log(0.97);
/** How much the language counts beside the ink; fitted on drawn lines and real ones of the training part. */
const LANGUAGE_WEIGHT = 0.35;
/** The language takes from each word; this gives back, so that short texts win nothing. */
const WORD_BONUS = 2.2;

const isLetter = CHARSET.map((c) => /\p{L}/u.test(c));
const LOWER = CHARSET.map((c) => c.toLowerCase());

/** One text on its way: its probability so far by whether the last column was blank. */
interface Path {
  readonly signs: readonly number[];
  blank: number;
  ink: number;
  /** Language of the signs so far, without the word that is still open. */
  readonly said: number;
  /** Grammar of the open word. */
  readonly open: number;
  readonly word: string;
  readonly before: string;
}

const LOG0 = Number.NEGATIVE_INFINITY;

function plus(a: number, b: number): number {
  if (a === LOG0) return b;
  if (b === LOG0) return a;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

const inkOf = (p: Path) => plus(p.blank, p.ink);

/**
 * The texts that ink and language together make likeliest: a prefix beam search over the columns.
 * Without a language the ink decides alone.
 */
export function decode(emissions: Emissions, language?: Language): Decoded {
  const clear = clearText(emissions);
  if (clear) return clear;
  const { data, columns, classes } = emissions;
  let beam = new Map<string, Path>();
  const start = { signs: [], blank: 0, ink: LOG0, said: 0, open: 0, word: '', before: '' };
  beam.set('', start);
  const worth = new Int32Array(classes);
  for (let t = 0; t < columns; t++) {
    const row = data.subarray(t * classes, (t + 1) * classes);
    const blank = row[0]!;
    if (blank > SURE_BLANK) {
      for (const p of beam.values()) {
        p.blank = inkOf(p) + blank;
        p.ink = LOG0;
      }
      continue;
    }
    let best = LOG0;
    for (let c = 1; c < classes; c++) if (row[c]! > best) best = row[c]!;
    const limit = Math.max(best, blank) + WORTH;
    let many = 0;
    for (let c = 1; c < classes; c++) if (row[c]! > limit) worth[many++] = c;

    const next = new Map<string, Path>();
    for (const [key, p] of beam) {
      const total = inkOf(p);
      const last = p.signs[p.signs.length - 1] ?? 0;
      // The same text goes on: a blank, or its last sign grows wider.
      const same = entry(next, key, p);
      same.blank = plus(same.blank, total + blank);
      if (last !== 0) same.ink = plus(same.ink, p.ink + row[last]!);
      for (let k = 0; k < many; k++) {
        const c = worth[k]!;
        const from = c === last ? p.blank : total;
        if (from === LOG0) continue;
        const longer = key + CHARSET[c - 1]!;
        const known = next.get(longer) ?? extended(next, longer, p, c, language);
        known.ink = plus(known.ink, from + row[c]!);
      }
    }
    beam = prune(next, language);
  }
  return ended(emissions, beam, language);
}

/** The text of the best signs, when the ink leaves no other a chance; most print is so. */
function clearText(emissions: Emissions): Decoded | undefined {
  const { data, columns, classes } = emissions;
  const signs: number[] = [];
  let all = 0;
  let last = 0;
  for (let t = 0; t < columns; t++) {
    const from = t * classes;
    let best = 0;
    for (let c = 1; c < classes; c++) if (data[from + c]! > data[from + best]!) best = c;
    all += data[from + best]!;
    if (all < CLEAR) return undefined;
    if (best !== 0 && best !== last) signs.push(best);
    last = best;
  }
  const text = textOf(signs);
  const candidates = [{ text, probability: Math.exp(all) }];
  return { text, signs: aligned(emissions, signs), candidates };
}

function entry(next: Map<string, Path>, key: string, p: Path): Path {
  let path = next.get(key);
  if (!path) {
    path = { ...p, blank: LOG0, ink: LOG0 };
    next.set(key, path);
  }
  return path;
}

function extended(
  next: Map<string, Path>,
  key: string,
  p: Path,
  c: number,
  language: Language | undefined,
): Path {
  const letter = isLetter[c - 1]!;
  let { said, open, word, before } = p;
  if (language) {
    said += language.sign(CHARSET[c - 1]!);
    if (letter) {
      word += LOWER[c - 1]!;
      open = Math.min(open, language.letters(word));
    } else if (word !== '') {
      said += closing(language, word, before);
      [before, word, open] = [word, '', 0];
    }
  }
  const path = { signs: [...p.signs, c], blank: LOG0, ink: LOG0, said, open, word, before };
  next.set(key, path);
  return path;
}

const closing = (language: Language, word: string, before: string) =>
  LANGUAGE_WEIGHT * language.word(word, before) + WORD_BONUS;

const score = (p: Path, language: Language | undefined) =>
  inkOf(p) + (language ? p.said + p.open : 0);

function prune(paths: Map<string, Path>, language: Language | undefined): Map<string, Path> {
  if (paths.size <= BEAM) return paths;
  const ranked = [...paths].sort(([, a], [, b]) => score(b, language) - score(a, language));
  return new Map(ranked.slice(0, BEAM));
}

function ended(
  emissions: Emissions,
  beam: Map<string, Path>,
  language: Language | undefined,
): Decoded {
  const final = [...beam.values()]
    .map((p) => ({
      p,
      total:
        inkOf(p) +
        (language ? p.said + (p.word === '' ? 0 : closing(language, p.word, p.before)) : 0),
    }))
    .sort((a, b) => b.total - a.total);
  const top = final[0]!.total;
  const sum = final.reduce((s, f) => s + Math.exp(f.total - top), 0);
  const texts = new Map<string, number>();
  for (const { p, total } of final) {
    const text = textOf(p.signs);
    texts.set(text, (texts.get(text) ?? 0) + Math.exp(total - top) / sum);
  }
  const signs = aligned(emissions, final[0]!.p.signs);
  return {
    text: textOf(final[0]!.p.signs),
    signs,
    candidates: [...texts].slice(0, 5).map(([text, probability]) => ({ text, probability })),
  };
}

const textOf = (signs: readonly number[]) =>
  signs
    .map((c) => CHARSET[c - 1]!)
    .join('')
    .replace(/ +/g, ' ')
    .trim();

/** Where each sign stands: the likeliest way of the text through the columns (Viterbi). */
function aligned({ data, columns, classes }: Emissions, signs: readonly number[]): DecodedSign[] {
  const states = 2 * signs.length + 1;
  if (signs.length === 0) return [];
  const classOf = (s: number) => (s % 2 === 0 ? 0 : signs[(s - 1) >> 1]!);
  const from = new Int8Array(columns * states);
  let score = new Float64Array(states).fill(LOG0);
  for (let t = 0; t < columns; t++) {
    const now = new Float64Array(states).fill(LOG0);
    for (let s = 0; s < states; s++) {
      let [best, step] = [t === 0 ? (s <= 1 ? 0 : LOG0) : score[s]!, 0];
      if (t > 0 && s > 0 && score[s - 1]! > best) [best, step] = [score[s - 1]!, 1];
      const skips = s > 1 && s % 2 === 1 && classOf(s) !== classOf(s - 2);
      if (t > 0 && skips && score[s - 2]! > best) [best, step] = [score[s - 2]!, 2];
      now[s] = best + data[t * classes + classOf(s)]!;
      from[t * states + s] = step;
    }
    score = now;
  }
  let s = score[states - 1]! > score[states - 2]! ? states - 1 : states - 2;
  const found: { from: number; to: number; belief: number }[] = signs.map(() => ({
    from: columns - 1,
    to: 0,
    belief: 0,
  }));
  for (let t = columns - 1; t >= 0; t--) {
    if (s % 2 === 1) {
      const sign = found[(s - 1) >> 1]!;
      sign.from = Math.min(sign.from, t);
      sign.to = Math.max(sign.to, t);
      sign.belief = Math.max(sign.belief, Math.exp(data[t * classes + classOf(s)]!));
    }
    s -= from[t * states + s]!;
  }
  return found.map((f, i) => ({ text: CHARSET[signs[i]! - 1]!, ...f }));
}
