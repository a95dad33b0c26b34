import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Document } from '../../models/books.ts';
import { Failure } from '../../models/failures.ts';
import { BookId, DocumentId, Sha256 } from '../../models/ids.ts';
import { tidy } from '../../models/text.ts';
import type { System } from '../system.ts';

/** A file that has arrived whole, and for which book. */
export interface Arrival {
  readonly bookId: BookId;
  readonly name: string;
}

export interface Taken {
  readonly document: Document;
  /** The book had a file of this content before; this one was dropped. */
  readonly duplicate: boolean;
}

/**
 * How far taking in has got, written beside the file before each step that cannot be undone, so
 * that a process that dies between two steps can go on.
 */
const Receipt = z.object({
  bookId: BookId,
  name: z.string(),
  bytes: z.number().int(),
  sha256: Sha256,
  /** When the file was whole: a document of the same content made earlier is another's. */
  at: z.coerce.date(),
  documentId: DocumentId.optional(),
  duplicate: z.boolean().optional(),
});
type Receipt = z.infer<typeof Receipt>;

const IDS = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Blob key of a received file: its content, so that the same file is kept once. */
export const documentKey = (sha256: Sha256) => `documents/${sha256.slice(0, 2)}/${sha256}`;

/** A name from another computer, without path, control characters or markup of direction. */
const cleanName = (name: string): string =>
  tidy(name.replace(/[\p{Cc}\p{Cf}]/gu, ' ').replace(/^.*[\\/]/u, '')).slice(0, 255) || 'PDF';

async function hashFile(file: string): Promise<{ sha256: Sha256; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

/**
 * Takes files that lie whole in `folder`, under a UUID as their name, into the store: hashed,
 * moved among the blobs, made a document, queued. Every step may be repeated: whatever a killed
 * process left behind, doing it again ends with one document.
 */
export function createTakeIn({ store, blobs, queue }: System, folder: string) {
  const running = new Map<string, Promise<Taken>>();
  const placeOf = (id: string, suffix = '') => {
    if (!IDS.test(id)) throw new Failure('notFound', 'upload');
    return path.join(folder, id + suffix);
  };

  async function readReceipt(id: string): Promise<Receipt | undefined> {
    try {
      return Receipt.parse(JSON.parse(await fs.readFile(placeOf(id, '.receipt'), 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async function writeReceipt(id: string, receipt: Receipt): Promise<void> {
    const target = placeOf(id, '.receipt');
    const partial = `${target}.${randomUUID()}.partial`;
    await fs.writeFile(partial, JSON.stringify(receipt), { mode: 0o600, flush: true });
    await fs.rename(partial, target);
  }

  async function steps(id: string, arrival: Arrival | undefined): Promise<Taken> {
    const file = placeOf(id);
    let receipt = await readReceipt(id);
    const resumed = receipt !== undefined;
    if (!receipt) {
      if (!arrival) throw new Failure('notFound', 'upload');
      const { sha256, bytes } = await hashFile(file);
      const { bookId } = arrival;
      receipt = { bookId, name: cleanName(arrival.name), bytes, sha256, at: new Date() };
      await writeReceipt(id, receipt);
    }
    if (receipt.documentId) {
      const document = await store.documents.byId(receipt.documentId);
      return { document, duplicate: receipt.duplicate ?? false };
    }
    const { bookId, name, bytes, sha256 } = receipt;
    const blobKey = documentKey(sha256);
    if (!(await blobs.has(blobKey))) await blobs.take(blobKey, file);
    const created = await store.documents.create({ bookId, name, bytes, sha256, blobKey });
    const { document } = created;
    // A document that a dead process made of this very upload is not somebody else's.
    const own = resumed && document.createdAt >= receipt.at;
    const duplicate = created.duplicate && !own;
    await writeReceipt(id, { ...receipt, documentId: document.id, duplicate });
    await fs.rm(file, { force: true });
    // One that was there is queued already, or will be from the database.
    if (!created.duplicate) await queue.add([{ stage: 'split', id: document.id, attempt: 1 }]);
    return { document, duplicate };
  }

  return {
    /**
     * Takes one file in; a second call for the same one gets the first one's result. One that has a
     * receipt needs no `arrival`.
     * @throws Failure `notFound` when neither the file nor its content is there.
     */
    finish(id: string, arrival: Arrival | undefined): Promise<Taken> {
      const before = running.get(id);
      if (before) return before;
      const work = steps(id, arrival).finally(() => running.delete(id));
      running.set(id, work);
      return work;
    },
    /** What has become of a file; undefined while it is not whole. */
    async result(id: string): Promise<Taken | undefined> {
      const receipt = await readReceipt(id);
      if (!receipt?.documentId) return undefined;
      const document = await store.documents.byId(receipt.documentId);
      return { document, duplicate: receipt.duplicate ?? false };
    },
    /** True when the file was whole once, also when it lies among the blobs by now. */
    isWhole: (id: string) => exists(placeOf(id, '.receipt')),
    /** Forgets an upload, finished or not, with everything that bears its id. */
    async forget(id: string): Promise<void> {
      placeOf(id);
      for (const name of await fs.readdir(folder))
        if (name.startsWith(id)) await fs.rm(path.join(folder, name), { force: true });
    },
  };
}
export type TakeIn = ReturnType<typeof createTakeIn>;
