import { describe, expect, it } from 'vitest';
import { isSyllable, mayBecomeSyllable } from '../../models/syllable.ts';

const INITIALS = ' b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x'.split(' ');
const FINALS = ' c ch m n ng nh p t'.split(' ');
const VOWELS = [...'aăâeêioôơuưy'];
const NUCLEI = [
  ...VOWELS,
  ...VOWELS.flatMap((a) => VOWELS.map((b) => a + b)),
  ...'iêu yêu oai oay oao oeo uây uôi ươi ươu uyê uya uyu'.split(' '),
];
const ACUTE = '\u0301';

/** Everything of a syllable's shape that the grammar accepts, plain and with the tone sắc. */
function* syllables(): Generator<string> {
  for (const initial of INITIALS)
    for (const nucleus of NUCLEI)
      for (const final of FINALS)
        for (const tone of ['', ACUTE]) {
          const made = (initial + nucleus[0]! + tone + nucleus.slice(1) + final).normalize('NFC');
          if (isSyllable(made)) yield made;
        }
}

describe('the beginning of a syllable', () => {
  it('is recognised for every beginning of every syllable', () => {
    const refused = new Set<string>();
    let count = 0;
    for (const syllable of syllables()) {
      count++;
      for (let end = 1; end <= syllable.length; end++)
        if (!mayBecomeSyllable(syllable.slice(0, end))) refused.add(syllable.slice(0, end));
    }
    expect(count).toBeGreaterThan(5000);
    expect([...refused]).toEqual([]);
  });

  it.each(['z', 'w', 'bl', 'ngm', 'thuậm', 'nguyễnh', 'aa', 'qa', 'á́'])('is not %s', (start) => {
    expect(mayBecomeSyllable(start)).toBe(false);
  });

  it('does not depend on case', () => {
    expect(mayBecomeSyllable('NGUY')).toBe(true);
    expect(mayBecomeSyllable('NGM')).toBe(false);
  });
});
