import { CODE_LISTS } from '../../models/code-lists.ts';
import { formatDate, parseDate } from '../../models/dates.ts';
import { fold, similarity, tidy } from '../../models/text.ts';
import { NUMBER_WORDS } from './words.ts';

/** A reading after a repair, with the name of the rule that changed it. */
export interface Repaired {
  readonly text: string;
  /** Undefined when nothing was changed. */
  readonly rule?: string | undefined;
  /** How well the ink supports the repair, 0 to 1: multiplies the confidence. */
  readonly support: number;
}

/**
 * A reading without what leaders, rules and stains leave at its ends; signs that look alike become
 * those that registers use (Icelandic Ð → Đ).
 */
export function trimResidue(text: string): string {
  return tidy(text)
    .replace(/\u00d0/gu, 'Đ')
    .replace(/\u00f0/gu, 'đ')
    .replace(/[\u2044\u2215]/gu, '/')
    .replace(/[\u201e\u201a]/gu, ',')
    .replace(/^[\s.·…:;,_\-–—~'`"“”‘’|*]+/u, '')
    .replace(/[\s.·…:;,_\-–—~'`"“”‘’|*]+$/u, '');
}

/**
 * A full stop between two words, the first no abbreviation, is a dot of the leader that shows in the
 * gap: "Nguyễn.Đình" → "Nguyễn Đình".
 */
export function withoutDots(text: string): string {
  return tidy(text.replace(/(?<=\p{L}{3})[.·…]+(?=\p{L})/gu, ' '));
}

const LOOKALIKE: Readonly<Record<string, string>> = {
  O: '0',
  o: '0',
  D: '0',
  Q: '0',
  l: '1',
  I: '1',
  i: '1',
  '|': '1',
  '!': '1',
  ']': '1',
  '[': '1',
  Z: '2',
  z: '2',
  S: '5',
  s: '5',
  G: '6',
  b: '6',
  T: '7',
  B: '8',
  g: '9',
  q: '9',
};

/** Letters that stand where only digits can: "2OO8" → "2008". Slashes, dots, hyphens stay. */
export function asDigits(text: string): Repaired {
  const plain = trimResidue(text).replace(/\s+/g, '');
  if (!/\d/.test(plain)) return { text: trimResidue(text), support: 1 };
  const fixed = [...plain].map((c) => LOOKALIKE[c] ?? c).join('');
  return fixed === plain
    ? { text: plain, support: 1 }
    : { text: fixed, rule: 'digits', support: 0.8 };
}

/** A date in figures: lookalike digits, a slash read as 1, l or I, doubled separators. */
export function asDate(text: string): Repaired {
  const plain = trimResidue(text);
  const tight = plain.replace(/\s+/g, '');
  const candidates = [tight, [...tight].map((c) => LOOKALIKE[c] ?? c).join('')];
  for (const [i, candidate] of candidates.entries()) {
    const clean = candidate.replace(/[^\d/.-]/g, '/').replace(/([/.-])+/g, '$1');
    const date = parseDate(clean);
    if (date) {
      return clean === tight
        ? { text: clean, support: 1 }
        : { text: clean, rule: 'date', support: i === 0 ? 0.95 : 0.85 };
    }
    // 27-94-1978: a zero that was read as 9, where no day or month begins with 9.
    const nine = [clean.replace(/^9(?=\d\D)/, '0'), clean.replace(/(?<=\D)9(?=\d\D)/, '0')].find(
      (t) => t !== clean && parseDate(t),
    );
    if (nine) return { text: nine, rule: 'date', support: 0.7 };
    // 1102/1986, 11021986: a sign between the figures was not read.
    const whole = /^(\d{2})([/.-]?)(\d{2})([/.-]?)(\d{4})$/.exec(clean);
    if (whole) {
      const [, day, one, month, other, year] = whole;
      const text = [day, month, year].join(one || other || '/');
      if (parseDate(text)) return { text, rule: 'date', support: 0.7 };
    }
    // dd1mm1yyyy: both slashes were read as ones.
    const ones = /^(\d{2})[1/](\d{2})[1/](\d{4})$/.exec(clean.replace(/[.-]/g, '/'));
    if (ones && parseDate(`${ones[1]}.${ones[2]}.${ones[3]}`))
      return { text: `${ones[1]}/${ones[2]}/${ones[3]}`, rule: 'date', support: 0.7 };
  }
  return { text: plain, support: 1 };
}

/** Gives `text` the letters of `label` in the case that was read: "KÍNH" + "Kinh" → "KINH". */
export function inCaseOf(label: string, read: string): string {
  const letters = read.replace(/[^\p{L}]/gu, '');
  if (letters.length > 1 && letters === letters.toUpperCase()) return label.toUpperCase();
  if (letters === letters.toLowerCase()) return label.toLowerCase();
  if (/^\p{Lu}/u.test(letters)) return label[0]!.toUpperCase() + label.slice(1);
  return label;
}

/**
 * The entry of a closed list that the reading is nearest to, when it is near enough and no other
 * is as near. Only the letters of that entry are taken over; a reading far from every entry stays.
 */
export function asListed(text: string, list: string, suggestionsOnly = false): Repaired {
  const read = trimResidue(text);
  const plain = (s: string) => s.replace(/\s*\(.*\)$/u, '');
  const entries = [...new Set((CODE_LISTS[list]?.items ?? []).map((i) => plain(i.labelVi)))];
  const scored = entries
    .map((label) => ({
      label,
      score:
        0.6 * similarity(fold(label), fold(read)) +
        0.4 * similarity(label.toLowerCase(), read.toLowerCase()),
    }))
    .sort((a, b) => b.score - a.score);
  const [best, second] = scored;
  const needed = suggestionsOnly ? 0.8 : 0.62;
  if (!best || best.score < needed || (second && best.score - second.score < 0.08))
    return { text: read, support: suggestionsOnly ? 1 : 0.6 };
  const repaired = inCaseOf(best.label, read);
  return repaired === read
    ? { text: read, support: 1 }
    : { text: repaired, rule: 'list', support: 0.5 + best.score / 2 };
}

const UNITS = new Set(['hai', 'ba', 'bốn', 'tư', 'năm', 'sáu', 'bảy', 'bẩy', 'tám', 'chín']);

/**
 * A date in words has a closed vocabulary: each word becomes the nearest one, when one is near.
 * Where letters are the same, grammar decides: "mươi" follows a digit, "mười" does not; after
 * "mươi" it is "mốt" or, as clerks also write, "một".
 */
export function asDateWords(text: string): Repaired {
  const read = withoutDots(trimResidue(text)).replace(/\s+[^\p{L}\d\s]+\s+/gu, ' ');
  let changed = false;
  let worst = 1;
  let previous = '';
  const words = read.split(' ').flatMap((word) => {
    const [, , core = '', sign = ''] = /^([^\p{L}\d]*)(.*?)([^\p{L}\d]*)$/u.exec(word)!;
    const after = sign === '' ? '' : ',';
    if (!core) return [];
    let found = core.toLowerCase();
    // Without a tone it is một, whose mark lies below the line, never mốt.
    if (found === 'môt' || found === 'mot') found = 'một';
    if (!NUMBER_WORDS.includes(found)) {
      const [best, second] = NUMBER_WORDS.map((w) => ({
        w,
        score: 0.5 * similarity(fold(w), fold(found)) + 0.5 * similarity(w, found),
      })).sort((a, b) => b.score - a.score);
      // A stray letter or two at the end is dirt, not a word.
      if (best && best.score < 0.5 && core.length <= 2) return [];
      // Two spellings of one word (bảy, bẩy) are no doubt: the usual one stands first.
      const tie =
        second && best && best.score - second.score < 0.04 && fold(second.w) !== fold(best.w);
      if (!best || best.score < 0.5 || tie) {
        worst = Math.min(worst, 0.4);
        previous = '';
        return [core + after];
      }
      worst = Math.min(worst, 0.5 + best.score / 2);
      found = best.w;
    }
    if (found === 'mươi' || found === 'mười') found = UNITS.has(previous) ? 'mươi' : 'mười';
    previous = found;
    const cased = inCaseOf(
      /^\p{Lu}/u.test(core) ? found[0]!.toUpperCase() + found.slice(1) : found,
      core,
    );
    if (cased !== core) changed = true;
    return [cased + after];
  });
  const fixed = trimResidue(words.join(' '));
  return changed || fixed !== read
    ? { text: fixed, rule: 'numberWords', support: worst }
    : { text: read, support: worst };
}

/** "ĐỨc", "HiỀn" → "Đức", "Hiền"; a word that is all capitals or all small stays. */
function smallAfterFirst(word: string): string {
  return /^\p{Lu}/u.test(word) && /\p{Ll}/u.test(word)
    ? word[0] + word.slice(1).toLowerCase()
    : word;
}

/** Names have letters only; a digit or sign inside is a misread letter or dirt. */
export function asName(text: string): Repaired {
  const read = trimResidue(text);
  const upper = read.replace(/[^\p{L}]/gu, '');
  const shouting =
    upper.length > 1 && [...upper].filter((c) => c === c.toUpperCase()).length > upper.length * 0.7;
  let fixed = read
    .replace(/0/g, 'O')
    .replace(/[1|]/g, shouting ? 'I' : 'l')
    .replace(/[^\p{L}\p{M}\s.,'-]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  fixed = withoutDots(fixed);
  // "ĐỨc": a small letter whose shape is that of its capital.
  fixed = shouting ? fixed.toUpperCase() : fixed.replace(/\p{L}+/gu, smallAfterFirst);
  return fixed === read
    ? { text: read, support: 1 }
    : { text: fixed, rule: 'letters', support: 0.8 };
}

/**
 * dd, MM, yyyy read in three blanks as one date; undefined when a part is not a number. What a
 * leader left before a day or month is dropped when only that makes it one.
 */
export function joinDate(day: string, month: string, year: string): Repaired | undefined {
  const [d = '', m = '', y = ''] = [day, month, year].map((t) =>
    asDigits(t).text.replace(/\D/g, ''),
  );
  if (!y) return undefined;
  const whole = parseDate([d, m, y].filter(Boolean).join('.'));
  if (whole && d && m) return { text: formatDate(whole), support: 1 };
  const short = parseDate([d.slice(-2), m.slice(-2), y.slice(-4)].join('.'));
  return short?.day && (d.length === 3 || m.length === 3 || y.length === 5)
    ? { text: formatDate(short), rule: 'date', support: 0.6 }
    : undefined;
}

/** A time of day from its parts: "10", "5" → "10 giờ 5 phút"; undefined when it is none. */
export function joinTime(hour: string, minute: string): Repaired | undefined {
  const [h, m] = [hour, minute].map((t) => asDigits(t).text.replace(/\D/g, ''));
  if (!h || !m || Number(h) > 24 || Number(m) > 59) return undefined;
  return { text: `${h} giờ ${m} phút`, support: 1 };
}
