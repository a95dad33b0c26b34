import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { Failure } from '../models/failures.ts';
import type { BookId } from '../models/ids.ts';
import type { Person } from '../models/people.ts';
import type { ExportRow } from '../models/store/exports.ts';
import type { System } from '../pipeline/system.ts';
import { ExportAnswer, ExportPreviewAnswer } from './contract.ts';

/** A dataset is personal data in bulk: made again in minutes, so not kept for long. */
const LIFETIME_MS = 30 * 24 * 3_600_000;
const SWEEP_MS = 3_600_000;

/** What of an export's summary is shown. */
const Shown = ExportAnswer.pick({ files: true, records: true, refused: true });

/** The libraries for workbooks and PDFs take a second to load: only when somebody exports. */
const loadExport = () => import('../pipeline/export/export.ts');

/** Datasets made on request, in `DATA_DIR/exports`, one folder each. */
export async function openDatasets(system: System) {
  const { store } = system;
  const root = path.join(system.settings.dataDir, 'exports');
  await fs.mkdir(root, { recursive: true, mode: 0o700 });
  const folderOf = (id: string) => path.join(root, z.uuid().parse(id));
  const isKept = (row: ExportRow) => row.createdAt.getTime() + LIFETIME_MS > Date.now();
  /** One at a time: each reads every page of a book. */
  let last: Promise<unknown> = Promise.resolve();

  async function describe(row: ExportRow): Promise<ExportAnswer> {
    const { id, bookId, draft, createdAt } = row;
    const { name } = await store.people.byId(row.personId);
    const { files, ...shown } = Shown.parse(row.summary);
    return {
      id,
      bookId,
      draft,
      createdAt: createdAt.toISOString(),
      expiresAt: new Date(createdAt.getTime() + LIFETIME_MS).toISOString(),
      by: { id: row.personId, name },
      files: isKept(row) ? files : [],
      ...shown,
    };
  }

  /** Removes what is past its time, and what a killed process left half done. */
  async function sweep(): Promise<void> {
    for (const name of await fs.readdir(root)) {
      const stats = await fs.stat(path.join(root, name)).catch(() => undefined);
      const id = z.uuid().safeParse(name);
      const row = id.success ? await store.exports.byId(id.data).catch(() => undefined) : undefined;
      // One that is being made has no row yet; it is younger than a day.
      const abandoned = !row && stats && Date.now() - stats.mtimeMs > 24 * 3_600_000;
      if (abandoned || (row && !isKept(row)))
        await fs.rm(path.join(root, name), { recursive: true, force: true });
    }
  }
  const timer = setInterval(() => void sweep().catch(() => undefined), SWEEP_MS).unref();

  return {
    /** @throws Failure `nothingToExport`, `notFound` */
    make(bookId: BookId, draft: boolean, person: Person): Promise<ExportAnswer> {
      const work = last.then(async () => {
        const id = randomUUID();
        const { exportBook } = await loadExport();
        const summary = await exportBook(system, { bookId, draft, out: folderOf(id) });
        return describe(
          await store.exports.add({ id, bookId, personId: person.id, draft, summary }),
        );
      });
      last = work.catch(() => undefined);
      return work;
    },

    /** What an export would say, without making it. */
    async preview(bookId: BookId, draft: boolean): Promise<ExportPreviewAnswer> {
      const { previewExport } = await loadExport();
      return ExportPreviewAnswer.parse(await previewExport(system, { bookId, draft }));
    },

    /** Newest first. @throws Failure `notFound` for an unknown book */
    async ofBook(bookId: BookId): Promise<ExportAnswer[]> {
      await store.books.byId(bookId);
      return Promise.all((await store.exports.ofBook(bookId)).map(describe));
    },

    /**
     * A file of an export: only names that the export itself lists.
     * @throws Failure `notFound`
     */
    async open(id: string, name: string): Promise<{ stream: Readable; bytes: number }> {
      const row = await store.exports.byId(id);
      const file = Shown.parse(row.summary).files.find((f) => f.name === name);
      if (!file || !isKept(row)) throw new Failure('notFound', 'file of this export');
      const place = path.join(folderOf(id), file.name);
      const stats = await fs.stat(place).catch(() => undefined);
      if (!stats) throw new Failure('notFound', 'file of this export');
      return { stream: createReadStream(place), bytes: stats.size };
    },

    sweep,
    close: () => clearInterval(timer),
  };
}
export type Datasets = Awaited<ReturnType<typeof openDatasets>>;
