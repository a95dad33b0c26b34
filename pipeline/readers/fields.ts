import type { Candidate } from '../../models/fields.ts';
import type { CleanField } from '../image/clean-field.ts';
import { calibrate } from '../prefill/confidence.ts';
import type { Decoded } from './line/decode.ts';
import type { ApprovedTexts, LanguageKind } from './line/language.ts';
import type { LineReader } from './line/line.ts';
import type { Reader, ReadLine } from './port.ts';

/** The readers that a page is read with. */
export interface Readers {
  /** Reads print anywhere on an image: labels, and a second opinion on what `lines` doubts. */
  readonly print: Reader;
  /** Reads writing lines, print and handwriting. */
  readonly lines: LineReader;
}

/** A word with the reader's belief in it, 0 to 1, not calibrated. */
export interface Word {
  readonly text: string;
  readonly belief: number;
}

/** What one reader made of one writing line. */
export interface Opinion {
  readonly reader: string;
  readonly words: readonly Word[];
  /** Other texts that this ink allows, best first. */
  readonly candidates: readonly Candidate[];
}

/** The opinion that is likelier right, and the other where both were asked. */
export interface FieldReading extends Opinion {
  readonly second?: Opinion;
}

/** A cleaned writing line and what kind of field it belongs to. */
export interface FieldLine {
  readonly field: CleanField;
  readonly kind: LanguageKind;
}

/** A line that the recognizer believes less than this, calibrated, is shown to Tesseract too. */
const DOUBTED = 0.85;
/** A page on which Tesseract was asked this often and never believed more is no print. */
const IN_VAIN = 6;

export const textOf = (words: readonly Word[]) => words.map((w) => w.text).join(' ');

/** A line is as sure as its least sure word. */
export const beliefOf = (words: readonly Word[]) =>
  words.reduce((least, w) => Math.min(least, w.belief), 1);

/**
 * Reads the writing lines of one page: all with the recognizer, to which `approved` tells what
 * people approved in the book, the doubtful ones with Tesseract too. Undefined for a line without
 * ink.
 * @throws Failure `readerFailed`, `timeout`
 */
export async function readFieldLines(
  lines: readonly FieldLine[],
  readers: Readers,
  approved: ApprovedTexts = {},
): Promise<readonly (FieldReading | undefined)[]> {
  const decoded = await readers.lines.readLines(lines, approved);
  const readings: (FieldReading | undefined)[] = [];
  let inVain = 0;
  for (const [i, { field, kind }] of lines.entries()) {
    if (!field.image) {
      readings.push(undefined);
      continue;
    }
    const own = ownOpinion(readers.lines.name, decoded[i]);
    const sure = trust(own, kind);
    if (sure >= DOUBTED || inVain >= IN_VAIN) {
      readings.push(own);
      continue;
    }
    const found = await readers.print.read(field.image, { shape: 'line' });
    const other = printOpinion(readers.print.name, found);
    const otherWins = trust(other, kind) > sure;
    inVain = otherWins ? 0 : inVain + 1;
    readings.push(otherWins ? { ...other, second: own } : { ...own, second: other });
  }
  return readings;
}

/** Probability that the opinion is right. */
function trust({ reader, words }: Opinion, kind: LanguageKind): number {
  if (words.length === 0) return 0;
  return calibrate(kind === 'any' ? 'text' : kind, beliefOf(words), reader);
}

export function ownOpinion(reader: string, decoded: Decoded | undefined): Opinion {
  const words: { text: string; belief: number }[] = [];
  let open = false;
  // The whole line's doubt between texts weighs on each of its words.
  const whole = decoded?.candidates[0]?.probability ?? 0;
  for (const { text, belief } of decoded?.signs ?? []) {
    if (text === ' ') {
      open = false;
      continue;
    }
    const last = words[words.length - 1];
    if (open && last) {
      last.text += text;
      last.belief = Math.min(last.belief, belief * whole);
    } else words.push({ text, belief: belief * whole });
    open = true;
  }
  return { reader, words, candidates: (decoded?.candidates ?? []).slice(1) };
}

function printOpinion(reader: string, lines: readonly ReadLine[]): Opinion {
  return {
    reader,
    words: lines.flatMap((l) => l.words.map(({ text, belief }) => ({ text, belief }))),
    candidates: [],
  };
}
