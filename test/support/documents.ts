import { randomUUID } from 'node:crypto';
import type { DocumentId } from '../../models/ids.ts';
import type { Store } from '../../models/store/store.ts';
import { addBook, sha256 } from '../models/store/fixtures.ts';

/** A waiting document of a new book; its name tells toy workers what to do, see `toy-worker.ts`. */
export async function addDocument(store: Store, name: string): Promise<DocumentId> {
  const book = await addBook(store);
  const { document } = await store.documents.create({
    bookId: book.id,
    name,
    bytes: 1000,
    sha256: sha256(randomUUID()),
    blobKey: `documents/${randomUUID()}`,
  });
  return document.id;
}

/** True when the machine has nothing more to do on the document. */
export async function isSettled(store: Store, id: DocumentId): Promise<boolean> {
  const { state } = await store.documents.byId(id);
  if (state !== 'split') return state === 'failed';
  const pages = await store.pages.ofDocument(id);
  return pages.every((page) => page.next === null || page.failure !== undefined);
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
