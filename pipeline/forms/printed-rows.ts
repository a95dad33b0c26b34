import type { Gray } from '../image/gray.ts';
import { type TextLine, textLines } from '../image/text-lines.ts';
import type { DecodedSign } from '../readers/line/decode.ts';
import type { LineReader } from '../readers/line/line.ts';
import { columnsOf } from '../readers/line/prepare.ts';
import { around, type Glyph, type ReadBox, type ReadLine, type ReadWord } from '../readers/port.ts';

/** Darker than this is ink when a letter's extent is measured. */
const INK = 190;
/** "Số" and "Nơi" are labels too. */
const LEAST_LETTERS = 2;

/**
 * Reads the rows of text on a part of a page with the line recognizer, which reads small, slanted and
 * faint print that a reader of whole pages passes over. Letters have the places that the
 * recognizer's columns tell, about half a letter exact.
 * @param image evened, without leaders, at `dpi`; boxes are in its pixels
 * @throws Failure `readerFailed`, `timeout`
 */
export async function readPrintedRows(
  image: Gray,
  dpi: number,
  reader: LineReader,
): Promise<readonly ReadLine[]> {
  const rows = textLines(image, dpi, LEAST_LETTERS);
  const read = await reader.readLines(
    rows.map(({ image: row }) => ({ field: { image: row, soft: row }, kind: 'ink' as const })),
  );
  return rows.flatMap((row, i) => {
    const line = read[i] && lineOf(row, read[i].signs);
    return line ? [line] : [];
  });
}

function lineOf(row: TextLine, signs: readonly DecodedSign[]): ReadLine | undefined {
  const place = columnsOf(row);
  if (!place) return undefined;
  const words: ReadWord[] = [];
  let glyphs: Glyph[] = [];
  const endWord = () => {
    if (glyphs.length > 0) words.push(wordOf(glyphs));
    glyphs = [];
  };
  for (const [i, sign] of signs.entries()) {
    if (sign.text === ' ') {
      endWord();
      continue;
    }
    // A letter reaches half way to its neighbours; the recognizer tells where it is surest of it.
    const before = signs[i - 1];
    const after = signs[i + 1];
    const from = before ? (before.to + sign.from) / 2 : sign.from - 1;
    const to = after ? (sign.to + after.from) / 2 : sign.to + 1;
    const box = inkIn(row, place(from), place(to));
    if (box) glyphs.push({ text: sign.text, belief: sign.belief, box });
  }
  endWord();
  return words.length > 0 ? { words, box: around(words.map((w) => w.box)) } : undefined;
}

const wordOf = (glyphs: readonly Glyph[]): ReadWord => ({
  text: glyphs.map((g) => g.text).join(''),
  belief: Math.min(...glyphs.map((g) => g.belief)),
  box: around(glyphs.map((g) => g.box)),
  glyphs,
  choices: [],
});

/** Extent of the ink between two columns of a row, in pixels of the image that the row is part of. */
function inkIn({ image, x, y }: TextLine, from: number, to: number): ReadBox | undefined {
  const { data, width, height } = image;
  let [x0, y0, x1, y1] = [width, height, -1, -1];
  const end = Math.min(width - 1, Math.round(to));
  for (let v = 0; v < height; v++)
    for (let u = Math.max(0, Math.round(from)); u <= end; u++) {
      if (data[v * width + u]! >= INK) continue;
      x0 = Math.min(x0, u);
      x1 = Math.max(x1, u);
      y0 = Math.min(y0, v);
      y1 = v;
    }
  return x1 < 0 ? undefined : { x0: x + x0, y0: y + y0, x1: x + x1 + 1, y1: y + y1 + 1 };
}
