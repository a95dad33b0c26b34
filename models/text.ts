/**
 * Text enters the system through {@link tidy}: Unicode NFC, one kind of space. Values are compared
 * with {@link sameText}, never with `===`, since scans, Telex and spreadsheets mix NFC and NFD.
 */

/** NFC, runs of white space folded to one blank, ends trimmed. */
export function tidy(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** True when both read the same after {@link tidy}; case and diacritics count. */
export function sameText(a: string, b: string): boolean {
  return tidy(a) === tidy(b);
}

/** Lower case without diacritics, `đ` as `d`: for searching and for matching misread text. */
export function fold(text: string): string {
  const plain = text.normalize('NFD').toLowerCase().replace(/\p{M}/gu, '').replace(/đ/gu, 'd');
  return tidy(plain);
}

/** Levenshtein distance in code points, in O(|a|·|b|) time. */
export function editDistance(a: string, b: string): number {
  const s = [...a];
  const t = [...b];
  let row = Array.from({ length: t.length + 1 }, (_, i) => i);
  for (let i = 1; i <= s.length; i++) {
    const next = [i];
    for (let j = 1; j <= t.length; j++) {
      const replace = row[j - 1]! + (s[i - 1] === t[j - 1] ? 0 : 1);
      next.push(Math.min(replace, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[t.length]!;
}

/** 1 for equal texts, 0 for nothing in common: 1 − distance / length of the longer. */
export function similarity(a: string, b: string): number {
  const longest = Math.max([...a].length, [...b].length);
  return longest === 0 ? 1 : 1 - editDistance(a, b) / longest;
}
