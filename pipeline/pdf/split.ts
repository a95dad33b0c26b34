import { access } from 'node:fs/promises';
import { Failure, type FailureData } from '../../models/failures.ts';
import type { Answer, Ask, SplitPage } from './protocol.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

export type { SplitPage } from './protocol.ts';

export interface PdfLimits {
  readonly maxPages: number;
  /** Of one page, as embedded or as drawn. */
  readonly maxPixels: number;
  /** Of the process that reads and draws. */
  readonly memoryMb: number;
  /** For opening the document, and for each page. */
  readonly seconds: number;
  /** At which pages are drawn that are not one embedded scan; 300 by default. */
  readonly dpi?: number;
}

export interface SplitOptions {
  readonly signal?: AbortSignal;
  readonly password?: string;
  /** The module that runs in the decoder process; tests give one that misbehaves. */
  readonly decoder?: URL;
}

export interface SplitResult {
  readonly pages: number;
  /** Pages that are lost, and why. The others have been given to `onPage`. */
  readonly failed: readonly { readonly index: number; readonly failure: FailureData }[];
  /** False when only one of the two parsers could read the file. */
  readonly agreed: boolean;
}

const DECODER = new URL('./decoder.ts', import.meta.url);
const DPI = 300;
/** So often a document may end its decoder; the pages after that are not tried. */
const MOST_ENDS = 10;
/** A decoder that holds this share of its memory after a page gives way to a new one. */
const FULL = 0.6;

/**
 * Takes a PDF apart: each page goes to `onPage` as one image, in order, one at a time; the next
 * page is read while `onPage` works. A page that cannot be read is listed in `failed` and stops
 * no other. Parsing and drawing happen in a process of their own that is ended beyond its limits.
 * @throws Failure for a document of which no page can be had: `empty`, `notPdf`, `tooLarge`,
 * `encrypted`, `truncated`, `noPages`, `pageTree`, `pageCountDisagrees`, `tooManyPages`,
 * `timeout`, `outOfMemory`, `crashed`; what `onPage` throws; the signal's reason
 */
export async function splitPdf(
  path: string,
  limits: PdfLimits,
  onPage: (page: SplitPage) => Promise<void>,
  options: SplitOptions = {},
): Promise<SplitResult> {
  const { signal } = options;
  const failed: { index: number; failure: FailureData }[] = [];
  let sandbox: Sandbox<Ask, Answer> | undefined;
  let secondOpinion = true;
  let ends = 0;

  /** Asks a running decoder, and ends one that answered with its last words. */
  const ask = async (question: Ask): Promise<Answer> => {
    const running = sandbox!;
    let answer: Answer;
    try {
      answer = await running.ask(question);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      answer = { answer: 'failed', failure: error.toData(), ended: true };
    }
    if (answer.answer === 'failed' && answer.ended) {
      running.end();
      ends++;
    }
    return answer;
  };

  const open = async (): Promise<Extract<Answer, { answer: 'opened' }>> => {
    for (;;) {
      sandbox = startSandbox<Ask, Answer>(options.decoder ?? DECODER, limits, signal);
      const answer = await ask({
        ask: 'open',
        path,
        password: options.password,
        secondOpinion,
        maxPages: limits.maxPages,
        maxPixels: limits.maxPixels,
        memoryMb: limits.memoryMb,
        dpi: limits.dpi ?? DPI,
      });
      if (answer.answer === 'opened') return answer;
      if (answer.answer !== 'failed') throw new Error('the decoder answers another question');
      sandbox.end();
      // What ended the process may have been the second parser.
      if (!answer.ended || !secondOpinion)
        throw new Failure(answer.failure.kind, answer.failure.detail);
      secondOpinion = false;
    }
  };

  /** The page, or why it is lost. */
  const read = async (index: number): Promise<SplitPage | FailureData> => {
    try {
      if (ends >= MOST_ENDS)
        throw new Failure('crashed', `not tried: earlier pages ended the decoder ${ends} times`);
      if (sandbox && sandbox.memory > FULL * limits.memoryMb * 1024 * 1024) sandbox.end();
      if (!sandbox?.alive) await open();
      const answer = await ask({ ask: 'page', index });
      if (answer.answer === 'page') return answer.page;
      if (answer.answer === 'failed') return answer.failure;
      throw new Error('the decoder answers another question');
    } catch (error) {
      if (error instanceof Failure) return error.toData();
      throw error;
    }
  };

  try {
    signal?.throwIfAborted();
    await access(path);
    const { pages, agreed } = await open();
    let next = read(0);
    for (let index = 0; index < pages; index++) {
      const page = await next;
      if (index + 1 < pages) {
        next = read(index + 1);
        // It is awaited in the next round; until then `onPage` may throw.
        next.catch(() => undefined);
      }
      if ('kind' in page) failed.push({ index, failure: page });
      else await onPage(page);
    }
    return { pages, failed, agreed };
  } finally {
    sandbox?.end();
  }
}
