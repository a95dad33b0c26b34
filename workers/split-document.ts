import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DocumentId } from '../models/ids.ts';
import { type Job, stageAfter } from '../models/stages.ts';
import type { NewPage } from '../models/store/documents.ts';
import { split } from '../pipeline/stages/split.ts';
import type { System } from '../pipeline/system.ts';
import type { Context } from './context.ts';

/**
 * Splits a received file into pages: each image is stored under its hash, then all pages appear at
 * once. Killed in between, it leaves images that the next run finds again under the same keys.
 */
export async function splitDocument(
  context: Context,
  id: DocumentId,
  attempt: number,
): Promise<Job[]> {
  const { system } = context;
  const { store, blobs, settings } = system;
  const document = await store.documents.begin(id, attempt);
  if (!document) return [];
  const file = await localFile(system, document.blobKey);
  try {
    const pages: NewPage[] = [];
    const result = await split(
      { path: file.path, limits: { ...settings.pdf, maxPixels: settings.pageMaxPixels } },
      async (page) => {
        const imageKey = `pages/${page.imageHash.slice(0, 2)}/${page.imageHash}`;
        if (!(await blobs.has(imageKey))) await blobs.put(imageKey, page.image);
        const { index, imageHash, width, height, dpi, source, quarterTurns } = page;
        pages.push({ index, imageKey, imageHash, width, height, dpi, source, quarterTurns });
      },
    );
    for (const { index, failure } of result.failed) pages.push({ index, failure });
    pages.sort((a, b) => a.index - b.index);
    await store.documents.markSplit(id, pages, attempt);
    return await store.pages.jobsOf(id, stageAfter('split')!);
  } finally {
    await file.remove();
  }
}

/** The parser's process wants a path: the blob's own where there is one, else a copy for the time. */
async function localFile(system: System, key: string) {
  const own = system.blobs.path?.(key);
  if (own) return { path: own, remove: async () => {} };
  const folder = path.join(system.settings.dataDir, 'tmp');
  await mkdir(folder, { recursive: true });
  const copy = path.join(folder, randomUUID());
  await pipeline(system.blobs.stream(key), createWriteStream(copy));
  return { path: copy, remove: () => rm(copy, { force: true }) };
}
