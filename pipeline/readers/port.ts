import type { Candidate } from '../../models/fields.ts';
import type { Gray } from '../image/gray.ts';

/** A rectangle in pixels of the image that was read. */
export interface ReadBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** The rectangle around all of these. */
export function around(boxes: readonly ReadBox[]): ReadBox {
  return {
    x0: Math.min(...boxes.map((b) => b.x0)),
    y0: Math.min(...boxes.map((b) => b.y0)),
    x1: Math.max(...boxes.map((b) => b.x1)),
    y1: Math.max(...boxes.map((b) => b.y1)),
  };
}

/** A character with its place and the reader's belief, 0 to 1, not calibrated. */
export interface Glyph {
  readonly text: string;
  readonly belief: number;
  readonly box: ReadBox;
}

/** A run of glyphs without a blank; `choices` are other readings of the same ink, best first. */
export interface ReadWord {
  readonly text: string;
  readonly belief: number;
  readonly box: ReadBox;
  readonly glyphs: readonly Glyph[];
  readonly choices: readonly Candidate[];
}

/** One line of text as read. */
export interface ReadLine {
  readonly words: readonly ReadWord[];
  readonly box: ReadBox;
}

/** The line with all its boxes in the pixels of another image. */
export function mapBoxes(line: ReadLine, map: (box: ReadBox) => ReadBox): ReadLine {
  return {
    box: map(line.box),
    words: line.words.map((word) => ({
      ...word,
      box: map(word.box),
      glyphs: word.glyphs.map((glyph) => ({ ...glyph, box: map(glyph.box) })),
    })),
  };
}

/** What a reader is told about an image. */
export interface ReadHint {
  /** One line of writing, or a page with text anywhere on it. */
  readonly shape: 'line' | 'scattered';
}

/**
 * A reader turns images into text. Results depend on the image and the hint alone, never on what
 * was read before.
 */
export interface Reader {
  /** Name and version, kept in the evidence. */
  readonly name: string;
  /** @throws Failure `readerFailed`, `timeout` */
  read(image: Gray, hint: ReadHint): Promise<readonly ReadLine[]>;
  close(): Promise<void>;
}
