import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';

const requires = [createRequire(import.meta.url)];

/** Fonts are also looked for among the packages of another folder with a `package.json`. */
export function addFontsOf(folder: string): void {
  requires.push(createRequire(join(folder, 'package.json')));
}

/** @throws Error when no folder has the package. */
function resolve(name: string): string {
  for (const [i, from] of requires.entries()) {
    try {
      return from.resolve(name);
    } catch (error) {
      if (i === requires.length - 1) throw error;
    }
  }
  throw new Error(`no package ${name}`);
}

export interface Face {
  /** Name of the `@fontsource` package. */
  readonly family: string;
  readonly weight?: number;
  readonly italic?: boolean;
}

/** A face at a size in pixels, ready to set and measure text. */
export interface Type {
  readonly face: Face;
  readonly size: number;
}

export const font = (face: Face, size: number): Type => ({ face, size });

/** Extent of the ink around the origin of a text, in pixels; all are usually positive. */
export interface Extent {
  readonly left: number;
  readonly right: number;
  readonly up: number;
  readonly down: number;
}

/**
 * A fontsource package is cut into files by script. A list of all of them as CSS families does not
 * do: the shaper builds `ọ` or `À` from a letter and an accent of whichever file has both, and sets
 * the accent beside the letter. So each letter is given to the one file that is meant for it.
 */
interface Cut {
  readonly name: string;
  readonly covers: (codePoint: number) => boolean;
}

const SUBSETS = ['vietnamese', 'latin', 'latin-ext'];
const cuts = new Map<string, readonly Cut[]>();
const ruler = createCanvas(1, 1).getContext('2d');

function cutsOf(face: Face): readonly Cut[] {
  const style = `${face.weight ?? 400}-${face.italic ? 'italic' : 'normal'}`;
  const key = `${face.family}-${style}`;
  const known = cuts.get(key);
  if (known) return known;
  const folder = dirname(resolve(`@fontsource/${face.family}/package.json`));
  const ranges = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<
    string,
    string
  >;
  const found: Cut[] = [];
  for (const subset of SUBSETS) {
    const name = `${face.family}-${subset}-${style}`;
    const path = join(folder, 'files', `${name}.woff2`);
    if (!ranges[subset] || !existsSync(path)) continue;
    if (!GlobalFonts.registerFromPath(path, name)) throw new Error(`cannot read ${path}`);
    found.push({ name, covers: covers(ranges[subset]) });
  }
  if (found.length === 0) throw new Error(`no font ${key}`);
  // A package in one file has all its letters there, whatever the ranges say (Playwrite VN).
  const all = found.length === 1 ? [{ ...found[0]!, covers: () => true }] : found;
  cuts.set(key, all);
  return all;
}

/** Reads CSS unicode-range: "U+0102-0103,U+20AB". */
function covers(range: string): (codePoint: number) => boolean {
  const spans = range.split(',').map((part) => {
    const [from, to] = part.slice(2).split('-');
    return [Number.parseInt(from!, 16), Number.parseInt(to ?? from!, 16)] as const;
  });
  return (code) => spans.some(([from, to]) => code >= from && code <= to);
}

/** @throws Error for a letter that no file of the package has. */
function runsOf(text: string, { face }: Type): { css: string; text: string }[] {
  const files = cutsOf(face);
  const runs: { css: string; text: string }[] = [];
  for (const letter of text.normalize('NFC')) {
    const file = files.find((cut) => cut.covers(letter.codePointAt(0)!));
    if (!file) throw new Error(`${face.family} has no ${letter}`);
    const last = runs[runs.length - 1];
    if (last?.css === file.name) last.text += letter;
    else runs.push({ css: file.name, text: letter });
  }
  return runs;
}

/** Advance width in pixels. */
export function widthOf(text: string, type: Type): number {
  let width = 0;
  for (const run of runsOf(text, type)) {
    ruler.font = `${type.size}px "${run.css}"`;
    width += ruler.measureText(run.text).width;
  }
  return width;
}

export function extentOf(text: string, type: Type): Extent {
  let x = 0;
  let [left, right, up, down] = [0, 1, 0, 0];
  for (const run of runsOf(text, type)) {
    ruler.font = `${type.size}px "${run.css}"`;
    const m = ruler.measureText(run.text);
    left = Math.max(left, m.actualBoundingBoxLeft - x);
    right = Math.max(right, x + m.actualBoundingBoxRight);
    up = Math.max(up, m.actualBoundingBoxAscent);
    down = Math.max(down, m.actualBoundingBoxDescent);
    x += m.width;
  }
  return { left, right, up, down };
}

/** Sets a text with its baseline at (x, y); `stroke` also draws the outline with the pen in `ctx`. */
export function setText(
  ctx: SKRSContext2D,
  type: Type,
  text: string,
  x: number,
  y: number,
  stroke = false,
): void {
  let at = x;
  for (const run of runsOf(text, type)) {
    ctx.font = `${type.size}px "${run.css}"`;
    ctx.fillText(run.text, at, y);
    if (stroke) ctx.strokeText(run.text, at, y);
    at += ctx.measureText(run.text).width;
  }
}
