import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../models/failures.ts';
import type { RecordId } from '../../models/ids.ts';
import { tidy } from '../../models/text.ts';
import type { Blobs } from '../blobs/port.ts';
import { writeZip } from './archive.ts';
import { cellsOf, type Delivered, decide, type Row, refuse, sharedNames } from './dataset.ts';
import { type FileFacts, factsOf, flush, writeText } from './files.ts';
import { kinTable } from './kin.ts';
import { buildManifest, describeTemplate, openTally } from './manifest.ts';
import { recordPdf } from './record-pdf.ts';
import { type Reason, type Refusal, reason } from './refusals.ts';
import type { Source } from './source.ts';
import { openSpool } from './spool.ts';
import { BYTE_ORDER_MARK, csvLine, jsonLine, safeCell } from './text.ts';
import { makeWorkbook, openWorkbook, writeWorkbook } from './workbook.ts';

export interface ExportSummary {
  readonly draft: boolean;
  readonly template: ReturnType<typeof describeTemplate>;
  /** All files, the manifest last. */
  readonly files: readonly FileFacts[];
  /** Records in the dataset. */
  readonly records: number;
  readonly pdfs: number;
  /** Records left out, with the reasons; in a draft they are there, and would be left out. */
  readonly refused: readonly Refusal[];
}

/**
 * Writes all files of a dataset into an empty folder, each called `stem` and an ending. The records
 * are read once from their source and wait on the disk while file after file is made of them.
 */
export async function writeDataset(
  { plan, chosen, inBook, rows, kin }: Source,
  blobs: Pick<Blobs, 'get'>,
  folder: string,
  stem: string,
  at: Date,
): Promise<ExportSummary> {
  const { draft, columns } = plan;
  const spoolFile = path.join(folder, '.records');
  const spool = openSpool<Row>(spoolFile);
  const names: Pick<Row, 'id' | 'pdf'>[] = [];
  for await (const row of rows()) {
    await spool.add(row);
    names.push({ id: row.id, pdf: row.pdf });
  }
  await spool.close();
  const shared = sharedNames(names);

  const files: FileFacts[] = [];
  const add = async (ending: string, write: (file: string) => Promise<void>) => {
    const name = `${stem}.${ending}`;
    await write(path.join(folder, name));
    files.push(await factsOf(name, path.join(folder, name)));
  };

  // The PDFs first: a page that cannot be read refuses its record before the tables are written.
  const refused: Refusal[] = [];
  const unreadable = new Set<RecordId>();
  const pdfs = new Map<RecordId, { bytes: number; sha256: string }>();
  await add('zip', (file) =>
    writeZip(file, async (zip) => {
      for await (const row of spool.read()) {
        const { pdf, refusal } = decide(row, shared, draft);
        const made = pdf === undefined ? undefined : await pdfOf(row, blobs);
        if (pdf !== undefined && Buffer.isBuffer(made)) {
          await zip.add(pdf, made, { store: true });
          const sha256 = createHash('sha256').update(made).digest('hex');
          pdfs.set(row.id, { bytes: made.length, sha256 });
        } else if (made !== undefined && !Buffer.isBuffer(made)) {
          unreadable.add(row.id);
          refused.push(refuse(row, [...(refusal?.reasons ?? []), made]));
          continue;
        }
        if (refusal) refused.push(refusal);
      }
    }),
  );

  async function* delivered(): AsyncGenerator<Delivered> {
    for await (const row of spool.read()) {
      const { deliver, pdf } = decide(row, shared, draft);
      const lost = unreadable.has(row.id);
      if (deliver && (draft || !lost)) yield { row, pdf: lost ? undefined : pdf };
    }
  }
  let records = 0;
  async function* cells(): AsyncGenerator<string[]> {
    records = 0;
    for await (const { row } of delivered()) yield cellsOf(row, columns, ++records);
  }

  const workbook =
    chosen.site?.file.workbook ??
    (await openWorkbook(await makeWorkbook(chosen.template, chosen.sheet), () => true));
  const places = workbook.header.map((cell) => cell.column);
  await add('xlsx', (file) => writeWorkbook(file, workbook, places, cells()));

  let quotedCells = 0;
  async function* csv() {
    yield BYTE_ORDER_MARK;
    yield csvLine(columns.map((c) => c.key ?? tidy(c.header)));
    for await (const line of cells()) {
      quotedCells += line.filter((text) => safeCell(text) !== text).length;
      yield csvLine(line);
    }
  }
  await add('csv', (file) => writeText(file, csv()));

  const tally = openTally();
  const ids = new Set<RecordId>();
  async function* json() {
    for await (const one of delivered()) {
      tally.add(one.row);
      ids.add(one.row.id);
      yield jsonLine(one, pdfs.get(one.row.id), draft);
    }
  }
  await add('jsonl', (file) => writeText(file, json()));
  await rm(spoolFile);
  const confirmed = (await kin()).filter(({ recordId }) => ids.has(recordId));
  if (confirmed.length > 0) await add('kin.csv', (file) => writeText(file, kinTable(confirmed)));

  const template = describeTemplate(chosen.template, chosen.sheet, chosen.site);
  const counts = { records, pdfs: pdfs.size };
  const manifest = buildManifest({
    plan,
    template,
    at,
    inBook,
    ...counts,
    files: [...files],
    refused,
    tally,
    quotedCells,
  });
  await add('manifest.json', (file) =>
    writeFile(file, `${JSON.stringify(manifest, null, 2)}\n`, { flush: true }),
  );
  await flush(folder);
  return { draft, template, files, ...counts, refused };
}

/** The PDF of a record's pages, or why there is none. */
async function pdfOf(row: Row, blobs: Pick<Blobs, 'get'>): Promise<Buffer | Reason> {
  const images: Buffer[] = [];
  for (const { imageKey } of row.pages) {
    try {
      images.push(await blobs.get(imageKey));
    } catch (error) {
      if (error instanceof Failure && error.kind === 'notFound') return reason('imageMissing');
      throw error;
    }
  }
  try {
    return await recordPdf(row.pages.map((page, i) => ({ ...page, image: images[i]! })));
  } catch {
    return reason('imageUnreadable');
  }
}
