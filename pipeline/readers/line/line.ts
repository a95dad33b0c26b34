import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Failure } from '../../../models/failures.ts';
import type { CleanField } from '../../image/clean-field.ts';
import type { Decoded } from './decode.ts';
import type { ApprovedTexts } from './language.ts';
import { prepareLine } from './prepare.ts';
import type { Answer, AskedLine, Question } from './thread.ts';

/** The models that are shipped; `line-vi-drawn` has seen no writing but that of fonts. */
export const LINE_MODELS = {
  'line-vi': 'line-vi.onnx',
  'line-vi-drawn': 'line-vi-drawn.onnx',
} as const;
export type LineModel = keyof typeof LINE_MODELS;

/** Version of the model files and of what is done with their output; part of the evidence. */
const VERSION = '2';

const TIMEOUT_MS = 60_000;

/** One writing line as cleaned, and what kind of field it belongs to. */
export interface LineQuestion {
  readonly field: Pick<CleanField, 'image' | 'soft'>;
  readonly kind: AskedLine['kind'];
}

/** Reads writing lines, print and handwriting, with the project's own recognizer. */
export interface LineReader {
  readonly name: string;
  /**
   * Texts of the lines in their order; undefined for a line without ink. Many lines at once are
   * much cheaper than one by one. A result depends on its line and kind and on what was `approved`
   * in the book, never on other lines.
   * @throws Failure `readerFailed`, `timeout`
   */
  readLines(
    lines: readonly LineQuestion[],
    approved?: ApprovedTexts,
  ): Promise<readonly (Decoded | undefined)[]>;
  close(): Promise<void>;
}

/**
 * Opens the recognizer in a thread of its own, at the first use. After a failure or a minute without
 * an answer the thread is replaced. `file` is read in place of the model's own, as when a newly
 * trained one is tried out.
 */
export function openLineReader(
  model: LineModel,
  file = fileURLToPath(new URL(LINE_MODELS[model], import.meta.url)),
): LineReader {
  let thread: Worker | undefined;
  let asked = 0;
  const waiting = new Map<
    number,
    { resolve(lines: readonly Decoded[]): void; reject(error: Failure): void }
  >();

  function start(): Worker {
    const started = new Worker(new URL('./thread.mjs', import.meta.url), {
      workerData: { model: file },
    });
    started.on('message', (answer: Answer) => {
      const one = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('lines' in answer) one?.resolve(answer.lines);
      else one?.reject(new Failure('readerFailed', undefined, { cause: answer.error }));
    });
    started.on('error', (cause) => {
      // What waits belongs to the thread that took its place.
      if (thread === started) drop(new Failure('readerFailed', undefined, { cause }));
    });
    started.unref();
    return started;
  }

  /** Ends the thread; everything that waits for it fails. */
  function drop(reason: Failure) {
    const old = thread;
    thread = undefined;
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
    void old?.terminate();
  }

  async function ask(
    lines: readonly AskedLine[],
    approved: ApprovedTexts,
  ): Promise<readonly Decoded[]> {
    if (lines.length === 0) return [];
    thread ??= start();
    const id = ++asked;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<readonly Decoded[]>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        timer = setTimeout(() => drop(new Failure('timeout', 'reader')), TIMEOUT_MS);
        thread!.postMessage({ id, lines, approved } satisfies Question);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    name: `${model}-${VERSION}`,
    async readLines(lines, approved = {}) {
      const prepared = lines.map(({ field }) => prepareLine(field));
      const read = await ask(
        lines.flatMap(({ kind }, i) => {
          const line = prepared[i];
          return line ? [{ data: line.data, width: line.width, kind }] : [];
        }),
        approved,
      );
      let next = 0;
      return prepared.map((line) => (line ? read[next++] : undefined));
    },
    async close() {
      const old = thread;
      drop(new Failure('readerFailed', 'closed'));
      await old?.terminate();
    },
  };
}
