import { fold, tidy } from './text.ts';

const DIGITS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'] as const;

/** Writes 0 to 9,999 in Vietnamese words as registers do: 2008 → "hai nghìn không trăm linh tám". */
export function numberToWords(n: number): string {
  if (!Number.isInteger(n) || n < 0 || n > 9999) throw new RangeError(`0 to 9999, not ${n}`);
  if (n >= 1000) {
    const rest = n % 1000;
    const head = `${DIGITS[Math.floor(n / 1000)]} nghìn`;
    if (rest === 0) return head;
    return `${head} ${DIGITS[Math.floor(rest / 100)]} trăm${belowHundred(rest % 100, true)}`;
  }
  if (n >= 100) return `${DIGITS[Math.floor(n / 100)]} trăm${belowHundred(n % 100, true)}`;
  return belowHundred(n, false).trim() || DIGITS[0];
}

function belowHundred(n: number, afterHundred: boolean): string {
  if (n === 0) return '';
  const ten = Math.floor(n / 10);
  const unit = n % 10;
  if (ten === 0) return afterHundred ? ` linh ${DIGITS[unit]}` : ` ${DIGITS[unit]}`;
  const head = ten === 1 ? ' mười' : ` ${DIGITS[ten]} mươi`;
  if (unit === 0) return head;
  if (unit === 5) return `${head} lăm`;
  if (unit === 1 && ten > 1) return `${head} mốt`;
  return `${head} ${DIGITS[unit]}`;
}

// Without diacritics, since a scan often loses them: "tu" is tư (4), "nham" is nhăm (5).
const WORDS: Record<string, number> = {
  khong: 0,
  mot: 1,
  hai: 2,
  ba: 3,
  bon: 4,
  tu: 4,
  nam: 5,
  lam: 5,
  nham: 5,
  sau: 6,
  bay: 7,
  tam: 8,
  chin: 9,
};

const SCALES: Record<string, number> = { nghin: 1000, ngan: 1000, tram: 100, muoi: 10 };

/**
 * Reads Vietnamese number words up to 9,999: nghìn/ngàn, linh/lẻ, mười/mươi, mốt, tư, lăm/nhăm,
 * with or without "không trăm", "chín lăm" for "chín mươi lăm" after hundreds, digit by digit too
 * ("hai không không tám"), any case, diacritics ignored. Returns undefined for anything else: words
 * in an order that no number has are a misreading, not a number.
 */
export function wordsToNumber(words: string): number | undefined {
  const tokens = fold(words)
    .split(/[^a-z]+/)
    .filter(Boolean);
  if (tokens.length === 0) return undefined;
  if (tokens.length > 1 && tokens.every((t) => Object.hasOwn(WORDS, t))) {
    return tokens.length > 4 ? undefined : Number(tokens.map((t) => WORDS[t]).join(''));
  }
  let total = 0;
  let scale = 10_000;
  let digits: number[] = [];
  for (const [i, token] of tokens.entries()) {
    if (Object.hasOwn(WORDS, token)) {
      digits.push(WORDS[token]!);
    } else if (Object.hasOwn(SCALES, token)) {
      const next = SCALES[token]!;
      if (next >= scale || digits.length > 1) return undefined;
      total += (digits[0] ?? 1) * next;
      scale = next;
      digits = [];
    } else if (token === 'linh' || token === 'le') {
      if (digits.length > 0 || (scale !== 1000 && scale !== 100)) return undefined;
      if (i === tokens.length - 1) return undefined;
      scale = 10;
    } else {
      return undefined;
    }
  }
  const [first, second] = digits;
  if (second === undefined) return total + (first ?? 0);
  if (digits.length > 2 || (first !== 0 && scale !== 100)) return undefined;
  return total + first! * 10 + second;
}

/** The first run of digits as a number; undefined without one. */
export function digits(text: string): number | undefined {
  const match = /\d+/.exec(tidy(text));
  return match ? Number(match[0]) : undefined;
}
