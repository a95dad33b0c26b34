import { randomUUID } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Book, NewBook, PageKind } from '../models/books.ts';
import { Failure, type FailureData } from '../models/failures.ts';
import { createTakeIn } from '../pipeline/intake/take-in.ts';
import type { System } from '../pipeline/system.ts';
import { startWorkers } from './start.ts';

/** How far the files have come. */
export interface FileProgress {
  readonly pages: number;
  readonly done: number;
  readonly failed: number;
}

export interface ProcessedBook extends FileProgress {
  readonly book: Book;
  readonly records: number;
  /** Pages that failed, by position in the file from 0. */
  readonly failures: readonly { readonly index: number; readonly failure: FailureData }[];
  /** Pages that the machine says something of: no entry, or one that it could not read. */
  readonly notes: readonly {
    readonly index: number;
    readonly kind: PageKind;
    readonly reason?: FailureData;
  }[];
}

export interface Processed {
  readonly books: readonly ProcessedBook[];
  /** From the first queued document to the first page's committed record. */
  readonly firstSeconds: number;
  /** From the first queued document to the last page's committed record. */
  readonly seconds: number;
}

interface Input {
  /** One PDF a book. */
  readonly files: readonly { readonly file: string; readonly book: NewBook }[];
  readonly processes: number;
  readonly onProgress?: (progress: FileProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Takes PDFs through all stages in `system`, with worker processes of its own: the same way as
 * uploads go, without the web.
 * @throws Failure of the first document of which no page can be had; the signal's reason
 */
export async function processFiles(system: System, input: Input): Promise<Processed> {
  const { store, settings } = system;
  const folder = path.join(settings.dataDir, 'uploads');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const takeIn = createTakeIn(system, folder);
  const workers = startWorkers(system, { processes: input.processes });
  const start = performance.now();
  const secondsNow = () => (performance.now() - start) / 1000;
  let firstSeconds: number | undefined;
  try {
    const taken = [];
    for (const { file, book: wanted } of input.files) {
      const id = randomUUID();
      await copyFile(file, path.join(folder, id)).catch((cause: NodeJS.ErrnoException) => {
        throw cause.code === 'ENOENT' ? new Failure('notFound', file, { cause }) : cause;
      });
      const book = await store.books.create(wanted);
      const arrival = { bookId: book.id, name: path.basename(file) };
      const { document } = await takeIn.finish(id, arrival);
      taken.push({ book, document });
    }
    for (;;) {
      input.signal?.throwIfAborted();
      const total = { pages: 0, done: 0, failed: 0 };
      let split = true;
      for (const { book, document } of taken) {
        const now = await store.documents.byId(document.id);
        if (now.state === 'failed' && now.failure)
          throw new Failure(now.failure.kind, now.failure.detail);
        split &&= now.state === 'split';
        const { pages, pagesDone, pagesFailed } = await store.books.summary(book.id);
        total.pages += pages;
        total.done += pagesDone;
        total.failed += pagesFailed;
      }
      if (total.done > 0) firstSeconds ??= secondsNow();
      input.onProgress?.(total);
      if (split && total.done + total.failed >= total.pages) break;
      await sleep(100, undefined, { ...(input.signal ? { signal: input.signal } : {}) });
    }
    const seconds = secondsNow();
    const books = [];
    for (const { book, document } of taken) {
      const { pages, pagesDone, pagesFailed, records } = await store.books.summary(book.id);
      const all = await store.pages.ofDocument(document.id);
      const failures = all.flatMap(({ index, failure }) => (failure ? [{ index, failure }] : []));
      const notes = all.flatMap(({ index, failure, kind, reason }) =>
        failure || !kind || (kind === 'entry' && !reason)
          ? []
          : [{ index, kind, ...(reason ? { reason } : {}) }],
      );
      const made = Object.values(records).reduce((sum, n) => sum + n, 0);
      const counts = { pages, done: pagesDone, failed: pagesFailed, records: made };
      books.push({ book, ...counts, failures, notes });
    }
    return { books, seconds, firstSeconds: firstSeconds ?? seconds };
  } finally {
    await workers.close();
  }
}
