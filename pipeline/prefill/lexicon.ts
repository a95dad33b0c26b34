import { isSyllable, splitTone, withLostDot } from '../../models/syllable.ts';
import { editDistance, fold } from '../../models/text.ts';
import { inCaseOf, type Repaired, trimResidue, withoutDots } from './repair.ts';
import { unitNames } from './units.ts';
import { byFold, FAMILY_NAMES, NAME_SYLLABLES, PLACE_WORDS, REGISTER_PHRASES } from './words.ts';

const FAMILY = byFold(FAMILY_NAMES);
const SYLLABLES = byFold(NAME_SYLLABLES);
const PLACE = byFold(PLACE_WORDS);
const PHRASES = byFold(REGISTER_PHRASES);

interface Token {
  readonly before: string;
  readonly core: string;
  readonly after: string;
}

function tokens(text: string): Token[] {
  return text.split(' ').map((word) => {
    const [, before = '', core = '', after = ''] = /^([^\p{L}\d]*)(.*?)([^\p{L}\d]*)$/u.exec(word)!;
    return { before, core, after };
  });
}

const joined = (list: readonly Token[]) => list.map((t) => t.before + t.core + t.after).join(' ');

const lower = (s: string) => s.toLowerCase();

/** The entry with the letters of `read` and the fewest other diacritics; undefined on a tie. */
function nearest(read: string, entries: readonly string[] | undefined): string | undefined {
  if (!entries || entries.length === 0) return undefined;
  const same = entries.find((e) => lower(e) === lower(read));
  if (same) return same;
  const scored = entries
    .map((e) => ({ e, d: editDistance(lower(e).normalize('NFD'), lower(read).normalize('NFD')) }))
    .sort((a, b) => a.d - b.d);
  if (scored[1] && scored[1].d === scored[0]!.d) return undefined;
  return scored[0]!.e;
}

/**
 * A name with diacritics that the scan lost or the reader invented put right where names leave no
 * choice: family names from the list of those in use, "Thi" inside a name is "Thị", a syllable that
 * Vietnamese cannot have becomes the only known one with its letters.
 */
export function repairName(text: string): Repaired {
  const list = tokens(text);
  let changed = false;
  let support = 1;
  const fixed = list.map((token, i) => {
    const core = undoubled(token.core);
    if (core !== token.core) {
      changed = true;
      support = Math.min(support, 0.8);
    }
    if (core.length < 2 && i > 0) return token;
    let entry: string | undefined;
    if (i === 0) entry = nearest(core, FAMILY.get(fold(core))) ?? almost(core, FAMILY);
    else if (fold(core) === 'thi' && i < list.length - 1) entry = 'Thị';
    else {
      const known = SYLLABLES.get(fold(core));
      if (!isSyllable(core)) entry = nearest(core, known) ?? withLostDot(core) ?? withY(core);
      else if (!known?.some((k) => lower(k) === lower(core)))
        entry = only(known?.filter((k) => lostTone(core, k))) ?? inCapitals(core, known);
      if (!entry && !isSyllable(core)) support = Math.min(support, 0.7);
    }
    if (!entry || lower(entry) === lower(core)) return { ...token, core };
    changed = true;
    support = Math.min(support, 0.93);
    return { ...token, core: inCaseOf(entry, core) };
  });
  return changed ? { text: joined(fixed), rule: 'names', support } : { text, support };
}

const isKnownName = (s: string) =>
  [FAMILY, SYLLABLES].some((names) => names.get(fold(s))?.some((k) => lower(k) === lower(s)));

/**
 * A vowel that was read twice with different marks, "TROỌNG", "LẦÂM", in what is no known name: the
 * reading of the two that makes the only known one.
 */
function undoubled(read: string): string {
  if (isKnownName(read)) return read;
  const letters = [...read];
  const shorter = letters.flatMap((letter, i) => {
    const next = letters[i + 1];
    if (next === undefined || letter === next || fold(letter) !== fold(next)) return [];
    return [i, i + 1].map((at) => undoubled(letters.filter((_, k) => k !== at).join('')));
  });
  const known = [...new Set(shorter)].filter(isKnownName);
  return only(known) ?? read;
}

/** "Thúv" → "Thúy". */
function withY(read: string): string | undefined {
  const fixed = read.replace(/v$/u, 'y').replace(/V$/u, 'Y');
  return fixed !== read && isSyllable(fixed) ? fixed : undefined;
}

/**
 * Marks on capitals are small and easily misread: the only known name with these letters that
 * differs by one mark, for a capital syllable that is no known name.
 */
function inCapitals(read: string, known: readonly string[] | undefined): string | undefined {
  if (read !== read.toUpperCase() || read.length < 3) return undefined;
  const apart = (s: string) => lower(s).normalize('NFD');
  const near = known?.filter((k) => editDistance(apart(k), apart(read)) <= 1) ?? [];
  // Where the ink shows a tone there is one, though perhaps another.
  const toned = near.filter((k) => splitTone(k).tones.length > 0);
  return splitTone(read).tones.length > 0 && toned.length > 0 ? only(toned) : only(near);
}

/**
 * True when `entry` is `read` with the one tone mark that scans lose: nặng, which a dotted leader
 * swallows, and in capitals any tone that stands on another mark (Ồ, Ế, Ắ).
 */
function lostTone(read: string, entry: string): boolean {
  const { tones, base } = splitTone(read);
  const full = splitTone(entry);
  if (tones.length > 0 || full.tones.length === 0 || full.base !== base) return false;
  const capitals = read === read.toUpperCase();
  return full.tones[0] === '\u0323' || (capitals && /[ăâêôơư]/u.test(base));
}

/** Ranks of units: before a name they can be nothing else. */
const RANKS = new Set(['xã', 'phường', 'huyện', 'quận', 'tỉnh', 'thôn', 'xóm']);
const isName = (token: Token | undefined) => /^\p{Lu}/u.test(token?.core ?? '');

const marksOf = (s: string): string[] => [...(s.normalize('NFD').match(/\p{M}/gu) ?? [])];

/**
 * True when `entry` has every mark that was read, or what was read cannot be a syllable. With `dots`
 * the mark below a letter does not count: it may be a dot of the leader.
 */
function fits(read: string, entry: string, dots: boolean): boolean {
  if (!isSyllable(read)) return true;
  const marks = marksOf(lower(entry));
  return marksOf(lower(read)).every((m) => {
    if (dots && m === '\u0323') return true;
    const at = marks.indexOf(m);
    if (at >= 0) marks.splice(at, 1);
    return at >= 0;
  });
}

/** The one element of a list; undefined for none or several. */
const only = <T>(list: readonly T[] | undefined): T | undefined =>
  list?.length === 1 ? list[0] : undefined;

/** The only entry one letter away, for words long enough that this says something. */
function almost(read: string, entries: ReadonlyMap<string, readonly string[]>): string | undefined {
  const key = fold(read);
  if (key.length < 5) return undefined;
  const near = [...entries].filter(
    ([k]) => Math.abs(k.length - key.length) <= 1 && editDistance(k, key) === 1,
  );
  return near.length === 1 && near[0]![1].length === 1 ? near[0]![1][0] : undefined;
}

/** Letters that readers take for one another. */
const MISTAKEN: readonly (readonly [string, string])[] = [
  ['V', 'Y'],
  ['O', 'Q'],
  ['I', 'L'],
  ['E', 'F'],
];

/** The one unit whose name differs from `read` by one capital that readers mistake: "Hưng Vên". */
function mistaken(read: string, units: ReadonlyMap<string, readonly string[]>): string | undefined {
  const near = MISTAKEN.flatMap(([a, b]) => [...swaps(read, a, b), ...swaps(read, b, a)]).flatMap(
    (other) => nearest(other, units.get(fold(other))) ?? [],
  );
  return only([...new Set(near)]);
}

const swaps = (text: string, from: string, to: string) =>
  [...text].flatMap((letter, i, all) =>
    letter === from ? [[...all.slice(0, i), to, ...all.slice(i + 1)].join('')] : [],
  );

/**
 * Replaces phrases of up to five words by the entry with the same letters, longest first. `units`
 * also looks among names of administrative units.
 */
function repairPhrases(
  text: string,
  lexicon: ReadonlyMap<string, readonly string[]>,
  units?: ReadonlyMap<string, readonly string[]>,
): Repaired {
  const list = tokens(text);
  const shouting = text === text.toUpperCase();
  const out = list.slice();
  let changed = false;
  let unknown = false;
  for (let i = 0; i < list.length; ) {
    let taken = 0;
    for (let n = Math.min(5, list.length - i); n >= 1 && taken === 0; n--) {
      const part = list.slice(i, i + n);
      if (part.some((t) => t.core === '')) continue;
      // A phrase does not run across a comma.
      if (
        part.slice(0, -1).some((t) => t.after !== '') ||
        part.slice(1).some((t) => t.before !== '')
      )
        continue;
      const read = part.map((t) => t.core).join(' ');
      const capital = /^\p{Lu}/u.test(read);
      const phrase = nearest(read, lexicon.get(fold(read)));
      const entry =
        phrase ??
        (units && capital && (n > 1 || read.length > 1)
          ? (nearest(read, units.get(fold(read))) ?? (n > 1 ? mistaken(read, units) : undefined))
          : undefined);
      if (!entry) continue;
      // Single words and short names may lose marks; only a whole phrase contradicts a mark.
      const words = entry.split(' ');
      const whole = n > 2 || (n > 1 && phrase !== undefined);
      const rank = n === 1 && RANKS.has(entry) && /^\p{Ll}/u.test(read) && isName(list[i + 1]);
      if (!whole && !rank && !part.every((t, k) => fits(t.core, words[k]!, n > 1))) continue;
      taken = n;
      for (const [k, word] of words.entries()) {
        const token = part[k]!;
        // "GÒ Công" among small letters: the reader took a small letter for a capital.
        const odd =
          !shouting &&
          /^\p{Lu}+$/u.test(token.core) &&
          /^\p{Lu}?\p{Ll}+$/u.test(word) &&
          word.length < 4;
        if (lower(word) === lower(token.core) && !odd) continue;
        out[i + k] = { ...token, core: odd ? word : inCaseOf(word, token.core) };
        changed = true;
      }
    }
    if (taken === 0) {
      const { core } = list[i]!;
      if (/^\p{L}{2,}$/u.test(core) && !isSyllable(core)) {
        const fixed = withLostDot(core);
        if (fixed) {
          out[i] = { ...list[i]!, core: fixed };
          changed = true;
        } else unknown = true;
      }
      taken = 1;
    }
    i += taken;
  }
  const support = unknown ? 0.75 : changed ? 0.93 : 1;
  return changed ? { text: joined(out), rule: 'words', support } : { text, support };
}

/** Places: ranks of units, names of units, kinds of hospitals; everything else stays as read. */
export function repairPlace(text: string): Repaired {
  // A comma on a dotted line looks like a full stop; before the rank of the next unit it is one.
  const commas = withoutDots(trimResidue(text))
    .replaceAll(';', ',')
    .replace(
      /(\p{L}{3})\.(?= (xã|phường|thị trấn|huyện|huyên|quận|quân|tỉnh|thành phố)\s)/giu,
      '$1,',
    );
  return repairPhrases(commas, PLACE, unitNames());
}

/** Titles and notes: the set phrases of registers. */
export function repairPhrase(text: string): Repaired {
  const read = withoutDots(trimResidue(text));
  // Four or five capitals one letter away from the committee's abbreviation are nothing else.
  const known = read
    .replace(/(?<![\p{L}\d])[\p{Lu}!|]{4,5}(?!\p{L})/gu, (word) =>
      editDistance(word, 'UBND') === 1 ? 'UBND' : word,
    )
    .replace(/(?<= )[O0]Đ(?= số)/gu, 'QĐ');
  const repaired = repairPhrases(known, PHRASES);
  return known === read
    ? repaired
    : { ...repaired, rule: 'words', support: repaired.support * 0.9 };
}
