/**
 * Reads real lines of handwriting with the line recognizer and with Tesseract, side by side:
 * `npx tsx test/bench/lines.ts --labels FILE`. FILE has a JSON object a line: `image` (path beside
 * FILE), `text`, `paper`. Only lines that training holds back are read, photographs apart.
 * `--files A.onnx,B.onnx` reads with other models than the shipped ones, as after a training.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { editDistance, tidy } from '../../models/text.ts';
import { decodeScan, type Gray } from '../../pipeline/image/gray.ts';
import { LINE_MODELS, type LineModel, openLineReader } from '../../pipeline/readers/line/line.ts';
import { fieldOf, isHeldBack, RealLine } from '../../pipeline/readers/line/train/real.ts';
import { openTesseract } from '../../pipeline/readers/tesseract.ts';
import { table } from './table.ts';

const { values: options } = parseArgs({
  options: {
    labels: { type: 'string' },
    /** Reads lines that training saw instead: for fitting how much the language counts. */
    tuning: { type: 'boolean', default: false },
    tesseract: { type: 'string', default: '1000' },
    /** Reads every line: of a file that training saw nothing of. */
    all: { type: 'boolean', default: false },
    files: { type: 'string', default: '' },
    limit: { type: 'string', default: '1000' },
    models: { type: 'string', default: Object.keys(LINE_MODELS).join(',') },
  },
});
if (!options.labels) throw new Error('--labels FILE is missing');

interface Line extends RealLine {
  readonly ink: Gray;
}

async function linesOf(file: string): Promise<Line[]> {
  const rows = (await readFile(file, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((row) => RealLine.parse(JSON.parse(row)));
  const wanted = rows.filter(
    (row) => options.all || row.paper === 'photo' || isHeldBack(row.image) !== options.tuning,
  );
  return Promise.all(
    wanted.slice(0, Number(options.limit)).map(async (row) => {
      const image = await readFile(path.join(path.dirname(file), row.image));
      return { ...row, ink: (await decodeScan(image, 1e8)).ink };
    }),
  );
}

/** Error rates in percent; without case unless said. */
function rates(pairs: readonly (readonly [truth: string, read: string])[]): string[] {
  let [cer, cerCase, wer, exact, letters, words] = [0, 0, 0, 0, 0, 0];
  for (const [truth, read] of pairs.map((p) => p.map(tidy) as [string, string])) {
    const [a, b] = [truth.toLowerCase(), read.toLowerCase()];
    cer += editDistance(b, a);
    cerCase += editDistance(read, truth);
    wer += wordDistance(b.split(' '), a.split(' '));
    exact += a === b ? 1 : 0;
    letters += [...truth].length;
    words += truth.split(' ').length;
  }
  return [cer / letters, cerCase / letters, wer / words, exact / pairs.length].map(
    (share) => `${(100 * share).toFixed(1)} %`,
  );
}

/** Edit distance in words, each word as one letter. */
function wordDistance(a: readonly string[], b: readonly string[]): number {
  const letters = new Map<string, string>();
  const letter = (w: string) => {
    const known = letters.get(w) ?? String.fromCodePoint(0x4e00 + letters.size);
    letters.set(w, known);
    return known;
  };
  return editDistance(a.map(letter).join(''), b.map(letter).join(''));
}

const lines = await linesOf(options.labels);
const groups = (['paper', 'photo'] as const).map(
  (paper) => [paper, lines.filter((l) => l.paper === paper)] as const,
);
const rows: string[][] = [];
const models = [
  ...options.models
    .split(',')
    .filter(Boolean)
    .map((model) => ({ model, reader: openLineReader(model as LineModel) })),
  ...options.files
    .split(',')
    .filter(Boolean)
    .map((file) => ({ model: path.basename(file), reader: openLineReader('line-vi', file) })),
];
for (const { model, reader } of models) {
  for (const [paper, group] of groups.filter(([, all]) => all.length > 0))
    for (const kind of ['ink', 'place'] as const) {
      const questions = group.map((line) => ({ field: fieldOf(line, line.ink), kind }));
      const start = performance.now();
      const read = await reader.readLines(questions);
      const ms = (performance.now() - start) / group.length;
      const name = `${model}, ${kind === 'ink' ? 'ink alone' : 'with language'}`;
      rows.push([
        name,
        paper,
        String(group.length),
        ...rates(group.map(({ text }, i) => [text, read[i]?.text ?? ''] as const)),
        ms.toFixed(1),
      ]);
      if (paper === 'paper' && kind === 'place')
        for (let i = 0; i < group.length; i += Math.ceil(group.length / 12))
          console.log(`${group[i]!.text}\n  ${read[i]?.text ?? ''}`);
    }
  await reader.close();
}
if (Number(options.tesseract) > 0) {
  const reader = openTesseract();
  for (const [paper, all] of groups.filter(([, one]) => one.length > 0)) {
    const group = all.slice(0, Number(options.tesseract));
    const start = performance.now();
    const read: string[] = [];
    for (const { ink } of group) {
      const found = await reader.read(ink, { shape: 'line' });
      read.push(found.flatMap((l) => l.words.map((w) => w.text)).join(' '));
    }
    const ms = (performance.now() - start) / group.length;
    const pairs = group.map(({ text }, i) => [text, read[i]!] as const);
    rows.push([
      'Tesseract, npm best_int',
      paper,
      String(group.length),
      ...rates(pairs),
      ms.toFixed(1),
    ]);
  }
  await reader.close();
}
table(['reader', 'lines', 'number', 'CER', 'CER with case', 'WER', 'no error', 'ms a line'], rows);
