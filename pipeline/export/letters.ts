import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { GlobalFonts, type PDFDocument } from '@napi-rs/canvas';

/** A serif in the proportions of official documents, with all Vietnamese letters. */
const FAMILY = 'tinos';
const SUBSETS = ['vietnamese', 'latin', 'latin-ext'] as const;
export type Weight = 400 | 700;
/** What writes on a page of a PDF. */
export type Pen = ReturnType<PDFDocument['beginPage']>;

interface Cut {
  readonly name: string;
  readonly covers: (codePoint: number) => boolean;
}

/** Reads CSS unicode-range: "U+0102-0103,U+20AB". */
function coverage(range: string): Cut['covers'] {
  const spans = range.split(',').map((part) => {
    const [from, to] = part.slice(2).split('-');
    return [Number.parseInt(from!, 16), Number.parseInt(to ?? from!, 16)] as const;
  });
  return (code) => spans.some(([from, to]) => code >= from && code <= to);
}

const loaded = new Map<Weight, readonly Cut[]>();

/**
 * The package is cut into files by script; each letter is set from the one file that is meant for it,
 * or the shaper would put an accent of one file beside a letter of another.
 */
function cutsOf(weight: Weight): readonly Cut[] {
  const known = loaded.get(weight);
  if (known) return known;
  const require = createRequire(import.meta.url);
  const folder = path.dirname(require.resolve(`@fontsource/${FAMILY}/package.json`));
  const ranges: unknown = JSON.parse(readFileSync(path.join(folder, 'unicode.json'), 'utf8'));
  const cuts = SUBSETS.flatMap((subset) => {
    const name = `${FAMILY}-${subset}-${weight}-normal`;
    const file = path.join(folder, 'files', `${name}.woff2`);
    const range = (ranges as Record<string, string | undefined>)[subset];
    if (range === undefined || !existsSync(file)) return [];
    if (!GlobalFonts.registerFromPath(file, name)) throw new Error(`cannot read ${name}`);
    return [{ name, covers: coverage(range) }];
  });
  loaded.set(weight, cuts);
  return cuts;
}

/** Text that no letter of ours can change the direction or the lines of. */
const plain = (text: string) =>
  text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/gu, ' ');

function* runsOf(text: string, weight: Weight): Generator<{ name: string; text: string }> {
  const cuts = cutsOf(weight);
  let run: { name: string; text: string } | undefined;
  for (const letter of plain(text)) {
    const cut = cuts.find((c) => c.covers(letter.codePointAt(0)!));
    // What the font lacks is shown as lacking, not left out.
    const [name, shown] = cut ? [cut.name, letter] : [cuts[0]!.name, '?'];
    if (run?.name === name) run.text += shown;
    else {
      if (run) yield run;
      run = { name, text: shown };
    }
  }
  if (run) yield run;
}

/** Width of a text in points. */
export function widthOf(pen: Pen, text: string, size: number, weight: Weight): number {
  let width = 0;
  for (const run of runsOf(text, weight)) {
    pen.font = `${size}px "${run.name}"`;
    width += pen.measureText(run.text).width;
  }
  return width;
}

/** Writes a text on its baseline. */
export function write(
  pen: Pen,
  text: string,
  at: { readonly x: number; readonly y: number },
  size: number,
  weight: Weight,
): void {
  let { x } = at;
  for (const run of runsOf(text, weight)) {
    pen.font = `${size}px "${run.name}"`;
    pen.fillText(run.text, x, at.y);
    x += pen.measureText(run.text).width;
  }
}

/** Lines of at most `width` points, broken at blanks; a word that is too long is cut. */
export function linesOf(
  pen: Pen,
  text: string,
  width: number,
  size: number,
  weight: Weight,
): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of plain(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(pen, longer, size, weight) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const letter of word) {
      if (widthOf(pen, line + letter, size, weight) > width) {
        lines.push(line);
        line = '';
      }
      line += letter;
    }
  }
  return [...lines, line];
}
