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

/**
 * Reads Vietnamese number words up to 9,999: nghìn/ngàn, linh/lẻ, mười/mươi, mốt, tư, lăm/nhăm,
 * with or without "không trăm", digit by digit too ("hai không không tám"), any case, diacritics
 * ignored. Returns undefined for anything else.
 */
export function wordsToNumber(words: string): number | undefined {
  const tokens = fold(words)
    .split(/[^a-z]+/)
    .filter(Boolean);
  if (tokens.length === 0) return undefined;
  if (tokens.length > 1 && tokens.every((t) => t in WORDS)) {
    return tokens.length > 4 ? undefined : Number(tokens.map((t) => WORDS[t]).join(''));
  }
  let total = 0;
  let current: number | undefined;
  for (const token of tokens) {
    if (token in WORDS) {
      current = (current ?? 0) + WORDS[token]!;
    } else if (token === 'nghin' || token === 'ngan') {
      total += (current ?? 1) * 1000;
      current = undefined;
    } else if (token === 'tram') {
      total += (current ?? 1) * 100;
      current = undefined;
    } else if (token === 'muoi') {
      total += (current ?? 1) * 10;
      current = undefined;
    } else if (token !== 'linh' && token !== 'le') {
      return undefined;
    }
  }
  return total + (current ?? 0);
}

/** The first run of digits as a number; undefined without one. */
export function digits(text: string): number | undefined {
  const match = /\d+/.exec(tidy(text));
  return match ? Number(match[0]) : undefined;
}
