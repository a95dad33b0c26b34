/**
 * The grammar of Vietnamese syllables: initial consonant, rhyme, tone. A syllable that breaks it
 * was misread, or is foreign.
 */

const INITIALS = [
  'ngh',
  'ng',
  'nh',
  'gh',
  'gi',
  'kh',
  'ph',
  'th',
  'tr',
  'ch',
  'qu',
  'b',
  'c',
  'd',
  'đ',
  'g',
  'h',
  'k',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  't',
  'v',
  'x',
  '',
];

const RHYMES = new Set(
  `a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây
  e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
  i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
  o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
  ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
  u ua uâc uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh uyt uyu
  ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
  y yên yêm yêt yêu yt ynh ych`.split(/\s+/),
);

/** Combining marks of the five written tones: huyền, sắc, ngã, hỏi, nặng. */
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/gu;
const ACUTE = '\u0301';
const DOT = '\u0323';

/** A syllable without its tone ("trạch" → "trach", keeping ă â ê ô ơ ư đ) and the tone's mark. */
export function splitTone(syllable: string): { base: string; tones: readonly string[] } {
  const apart = syllable.normalize('NFD');
  return {
    base: apart.replace(TONES, '').normalize('NFC').toLowerCase(),
    tones: apart.match(TONES) ?? [],
  };
}

/** True when Vietnamese can have this syllable. Case is ignored. */
export function isSyllable(syllable: string): boolean {
  const { base, tones } = splitTone(syllable);
  if (tones.length > 1) return false;
  if (!hasRhyme(base)) return false;
  // Syllables that end in a stop bear sắc or nặng only.
  const stopped = /(c|ch|p|t)$/u.test(base);
  return !stopped || tones[0] === ACUTE || tones[0] === DOT;
}

function hasRhyme(base: string): boolean {
  return INITIALS.some((initial) => {
    if (!base.startsWith(initial)) return false;
    const rest = base.slice(initial.length);
    if (RHYMES.has(rest)) return true;
    // "gi" and "qu" share their vowel with the rhyme: gì, giêng, quốc, quyên.
    if (initial === 'gi') return RHYMES.has(`i${rest}`);
    if (initial === 'qu')
      return RHYMES.has(`u${rest}`) || (rest.startsWith('y') && RHYMES.has(`u${rest}`));
    return false;
  });
}

/**
 * The syllable with the tone nặng, when that makes one that Vietnamese can have out of one that it
 * cannot: "Thuât" → "Thuật". Undefined otherwise. The mark stands below, where a dotted line hides it.
 */
export function withLostDot(syllable: string): string | undefined {
  if (isSyllable(syllable) || splitTone(syllable).tones.length > 0) return undefined;
  const ending = /[^aăâeêioôơuưy]*$/iu.exec(syllable.normalize('NFC'))![0];
  const at = syllable.normalize('NFC').length - ending.length;
  if (at === 0) return undefined;
  const fixed = (syllable.normalize('NFC').slice(0, at) + DOT + ending).normalize('NFC');
  return isSyllable(fixed) ? fixed : undefined;
}

const beginnings = new Map<string, boolean>();
let bases: ReadonlySet<string> | undefined;

/** Every beginning of every initial and rhyme together, without tones. */
function allBeginnings(): ReadonlySet<string> {
  const found = new Set<string>(['']);
  const add = (base: string) => {
    for (let i = 1; i <= base.length; i++) found.add(base.slice(0, i));
  };
  for (const initial of INITIALS)
    for (const rhyme of RHYMES) {
      add(initial + rhyme);
      if (initial === 'gi' && rhyme.startsWith('i')) add(initial + rhyme.slice(1));
      if (initial === 'qu' && rhyme.startsWith('u')) add(initial + rhyme.slice(1));
    }
  return found;
}

/** True when Vietnamese has a syllable that begins with these letters. Case is ignored. */
export function mayBecomeSyllable(start: string): boolean {
  const known = beginnings.get(start);
  if (known !== undefined) return known;
  bases ??= allBeginnings();
  const { base, tones } = splitTone(start);
  const may = tones.length <= 1 && bases.has(base);
  if (beginnings.size > 50_000) beginnings.clear();
  beginnings.set(start, may);
  return may;
}
