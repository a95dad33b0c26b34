const CIRCUMFLEX = '\u0302';
const BREVE = '\u0306';
const HORN = '\u031b';
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/u;

/**
 * How many keys a typist presses for `text` in Telex: a letter with a hat, a breve or a horn takes
 * two (`aa`, `aw`, `dd`; `ươ` three, `uow`), a tone one more a syllable. Capitals take Shift, but
 * words in capitals are typed between two presses of Caps Lock.
 */
export function telex(text: string): number {
  const inCapitals = text.split(/\s+/).filter((word) => /\p{Lu}\p{Lu}/u.test(word)).length > 0;
  let keys = inCapitals ? 2 : 0;
  for (const char of text.normalize('NFC')) {
    const [base = '', ...marks] = char.normalize('NFD');
    keys += 1;
    if (/đ/iu.test(base)) keys += 1;
    for (const mark of marks)
      if (mark === CIRCUMFLEX || mark === BREVE || mark === HORN || TONES.test(mark)) keys += 1;
    if (!inCapitals && /\p{Lu}/u.test(base)) keys += 1;
  }
  const pairs = text.normalize('NFD').match(/u\u031b[\u0300-\u0323]?o\u031b/giu) ?? [];
  return keys - pairs.length;
}
