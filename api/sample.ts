import fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { NewBook } from '../models/books.ts';
import type { BookId } from '../models/ids.ts';
import type { Store } from '../models/store/store.ts';
import type { Uploads } from './uploads.ts';

const FOLDER = new URL('../samples/birth-2006/', import.meta.url);

/**
 * Takes the sample book in, unless it is there already, in the way of any upload.
 * @returns its id
 */
export async function takeInSample(store: Store, uploads: Uploads): Promise<BookId> {
  const truth = await fs.readFile(new URL('truth.json', FOLDER), 'utf8');
  const { book } = z.object({ book: NewBook }).parse(JSON.parse(truth));
  const known = (await store.books.list({ search: book.place, limit: 200 })).items.find(
    (b) => b.form === book.form && b.number === book.number && b.place === book.place,
  );
  const { id } = known ?? (await store.books.create(book));
  // Also when a start before this one ended between the two.
  if (!known || known.documents === 0)
    await uploads.takeFile(id, 'book.pdf', fileURLToPath(new URL('book.pdf', FOLDER)));
  return id;
}

/** Shows one line with the progress of a book until the machine is done with it. */
export async function showProgress(
  store: Store,
  id: BookId,
  out: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<void> {
  let shown = '';
  while (!signal.aborted) {
    const { pages, pagesDone, pagesFailed, waitingDocuments } = await store.books.summary(id);
    const failed = pagesFailed > 0 ? `, ${pagesFailed} lỗi (failed)` : '';
    const line = `Sổ mẫu (sample book): ${pagesDone}/${pages} trang (pages)${failed}`;
    const done = waitingDocuments === 0 && pages > 0 && pagesDone + pagesFailed >= pages;
    if (line !== shown && (out.isTTY || done)) out.write(out.isTTY ? `\r${line}\u001b[K` : line);
    shown = line;
    if (done || (waitingDocuments === 0 && pages === 0)) break;
    await sleep(500, undefined, { signal }).catch(() => undefined);
  }
  if (shown !== '') out.write('\n');
}
