import { createRequire } from 'node:module';
import path from 'node:path';
import { createWorker, OEM, PSM, type Worker } from 'tesseract.js';
import { Failure } from '../../models/failures.ts';
import { toPgm } from '../image/gray.ts';
import type { Reader, ReadHint, ReadLine } from './port.ts';

/** Where the language data lies inside node_modules: read from disk, never from the network. */
const DATA = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/vie/package.json')),
  '4.0.0_best_int',
);

/** A worker is replaced after this many images, so that a leak in it stays small. */
const RECYCLE_AFTER = 20_000;
const TIMEOUT_MS = 60_000;

const MODES: Record<ReadHint['shape'], PSM> = {
  line: PSM.SINGLE_LINE,
  scattered: PSM.SPARSE_TEXT,
};

// Document dictionary and adaptive templates would let one image change the next one's reading.
const FORGETFUL = {
  tessedit_enable_doc_dict: '0',
  classify_enable_learning: '0',
  classify_enable_adaptive_matcher: '0',
  user_defined_dpi: '300',
};

/**
 * Opens one Tesseract in a thread of its own. Images given at once are read one after the other.
 * A reading that fails or takes over a minute costs the thread; the next reading gets a new one.
 */
export function openTesseract(): Reader {
  let worker: Promise<Worker> | undefined;
  let mode: PSM | undefined;
  let count = 0;
  let queue: Promise<unknown> = Promise.resolve();

  function start(): Promise<Worker> {
    mode = undefined;
    count = 0;
    return createWorker('vie', OEM.LSTM_ONLY, {
      langPath: DATA,
      cacheMethod: 'none',
      gzip: true,
      // Without a handler a failed start ends the whole process.
      errorHandler: () => {},
    });
  }

  async function drop() {
    const old = worker;
    worker = undefined;
    await old?.then((w) => w.terminate()).catch(() => {});
  }

  async function readOne(pgm: Buffer, shape: ReadHint['shape']): Promise<ReadLine[]> {
    if (count >= RECYCLE_AFTER) await drop();
    worker ??= start();
    let timer: NodeJS.Timeout | undefined;
    try {
      const timeout = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Failure('timeout', 'reader')), TIMEOUT_MS);
      });
      const work = worker.then(async (w) => {
        if (mode !== MODES[shape]) {
          await w.setParameters({ ...FORGETFUL, tessedit_pageseg_mode: MODES[shape] });
          mode = MODES[shape];
        }
        count++;
        return (await w.recognize(pgm, {}, { text: false, blocks: true })).data;
      });
      const data = await Promise.race([work, timeout]);
      return (data.blocks ?? [])
        .flatMap((block) => block.paragraphs.flatMap((p) => p.lines))
        .map((line) => ({
          box: line.bbox,
          words: line.words.map((word) => ({
            text: word.text.normalize('NFC'),
            belief: word.confidence / 100,
            box: word.bbox,
            choices: word.choices.map((c) => ({
              text: c.text.normalize('NFC'),
              probability: Math.min(1, Math.max(0, c.confidence / 100)),
            })),
            glyphs: word.symbols.map((s) => ({
              text: s.text.normalize('NFC'),
              belief: s.confidence / 100,
              box: s.bbox,
            })),
          })),
        }));
    } catch (cause) {
      await drop();
      if (cause instanceof Failure) throw cause;
      // tesseract.js rejects with plain strings.
      throw new Failure('readerFailed', undefined, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    name: 'tesseract-vie-best-int-4.0.0',
    read(image, { shape }) {
      const pgm = toPgm(image);
      const result = queue.then(() => readOne(pgm, shape));
      queue = result.catch(() => {});
      return result;
    },
    async close() {
      await queue;
      await drop();
    },
  };
}
