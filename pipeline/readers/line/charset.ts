/**
 * What the line recognizer can write: output 0 is CTC's blank, output i is `CHARSET[i - 1]`. The
 * order belongs to the model files; a change needs them trained anew.
 */
const VOWELS = 'aăâeêioôơuưy';
const TONES = ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'];
const lower = [
  ...'abcdđefghijklmnopqrstuvwxyz'.replace(/[aeiouy]/g, ''),
  ...[...VOWELS].flatMap((v) => TONES.map((t) => (v + t).normalize('NFC'))),
];

export const CHARSET: readonly string[] = [
  ' ',
  ...'0123456789',
  ...lower,
  ...lower.map((c) => c.toUpperCase()),
  ...'.,:;-/()"\'+&%?!…–*°#',
];

/** Outputs of the network: the characters and CTC's blank. */
export const CLASSES = CHARSET.length + 1;
