/** The thread that the network and the decoding run in; {@link openLineReader} starts it. */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type Decoded, decode } from './decode.ts';
import {
  type ApprovedTexts,
  approvedFor,
  type Language,
  type LanguageKind,
  languageOf,
} from './language.ts';
import { LINE_HEIGHT, STRIDE } from './prepare.ts';

/** A prepared line: {@link LINE_HEIGHT} rows of `width` grey pixels. */
export interface AskedLine {
  readonly data: Uint8Array;
  readonly width: number;
  /** `ink`: without any language. */
  readonly kind: LanguageKind | 'ink';
}

export interface Question {
  readonly id: number;
  readonly lines: readonly AskedLine[];
  readonly approved: ApprovedTexts;
}

export type Answer =
  | { readonly id: number; readonly lines: readonly Decoded[] }
  | { readonly id: number; readonly error: string };

/** Columns of one batch of the network: about a megabyte of image, a few of layers. */
const BATCH_COLUMNS = 6000;
/** Widths are padded up to a multiple, so that a batch needs few shapes. */
const ROUND = 32;

const { model } = workerData as { model: string };
const session = await InferenceSession.create(model, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
});

async function readAll({ lines, approved }: Question): Promise<Decoded[]> {
  const made = new Map<LanguageKind, Language>();
  const language = (kind: AskedLine['kind']) => {
    if (kind === 'ink') return undefined;
    const known = made.get(kind) ?? languageOf(kind, approvedFor(kind, approved));
    made.set(kind, known);
    return known;
  };
  const results = new Array<Decoded>(lines.length);
  const order = lines.map((_, i) => i).sort((a, b) => lines[a]!.width - lines[b]!.width);
  let batch: number[] = [];
  const flush = async () => {
    if (batch.length > 0) await readBatch(lines, batch, language, results);
    batch = [];
  };
  for (const i of order) {
    const widest = padded(lines[i]!.width);
    const narrowest = lines[batch[0] ?? i]!.width;
    // A much wider line would make the others pay for its width.
    if (widest * (batch.length + 1) > BATCH_COLUMNS || widest > narrowest * 1.3 + 64) await flush();
    batch.push(i);
  }
  await flush();
  return results;
}

const padded = (width: number) => Math.ceil(width / ROUND) * ROUND;

async function readBatch(
  lines: readonly AskedLine[],
  batch: readonly number[],
  language: (kind: AskedLine['kind']) => Language | undefined,
  out: Decoded[],
) {
  const width = padded(Math.max(...batch.map((i) => lines[i]!.width)));
  const ink = new Float32Array(batch.length * LINE_HEIGHT * width);
  for (const [n, i] of batch.entries()) {
    const line = lines[i]!;
    for (let y = 0; y < LINE_HEIGHT; y++) {
      const from = y * line.width;
      const to = (n * LINE_HEIGHT + y) * width;
      for (let x = 0; x < line.width; x++) ink[to + x] = 1 - line.data[from + x]! / 255;
    }
  }
  const { signs } = await session.run({
    ink: new Tensor('float32', ink, [batch.length, 1, LINE_HEIGHT, width]),
  });
  const [, columns, classes] = signs!.dims as [number, number, number];
  const data = signs!.data as Float32Array;
  for (const [n, i] of batch.entries()) {
    // What stands beyond the line is padding.
    const used = Math.min(columns, Math.ceil(lines[i]!.width / STRIDE));
    const from = n * columns * classes;
    out[i] = decode(
      { data: data.subarray(from, from + used * classes), columns: used, classes },
      language(lines[i]!.kind),
    );
  }
}

let queue = Promise.resolve();
parentPort!.on('message', (question: Question) => {
  const { id } = question;
  queue = queue.then(async () => {
    let answer: Answer;
    try {
      answer = { id, lines: await readAll(question) };
    } catch (error) {
      answer = { id, error: String(error) };
    }
    parentPort!.postMessage(answer);
  });
});
