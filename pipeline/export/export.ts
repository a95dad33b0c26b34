import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { bookNumber } from '../../models/books.ts';
import { Failure } from '../../models/failures.ts';
import { checkStem } from '../../models/templates/define.ts';
import { fillPattern, plainName } from '../../models/templates/file-names.ts';
import { templatesFor } from '../../models/templates/registry.ts';
import { DRAFT_MARK, decide, type ExportPlan, type Judged, sharedNames } from './dataset.ts';
import { flush, namesIn } from './files.ts';
import { describeTemplate, openTally } from './manifest.ts';
import { readExportSettings } from './site-settings.ts';
import { type ExportSystem, openSource, type Selection } from './source.ts';
import { type ExportSummary, writeDataset } from './write.ts';

export interface ExportOptions extends Selection {
  /** The folder that the dataset becomes: it must not exist, or be empty. */
  readonly out: string;
  /** Pattern of the files' names; without it the site's choice, else the template's. */
  readonly stem?: string | undefined;
  readonly now?: Date | undefined;
}

/**
 * Makes the dataset of a book in the folder `out`: Excel, zip of PDFs, CSV, JSON Lines, manifest.
 * The folder appears when everything in it is written and on the disk, or not at all. Memory holds
 * one record and a few words about each of the others.
 * @throws Failure `nothingToExport` when no record has the status, `folderNotEmpty`, `badTemplate`,
 *   `notFound` for an unknown book or template.
 */
export async function exportBook(
  system: ExportSystem,
  options: ExportOptions,
): Promise<ExportSummary> {
  const source = await openSource(system, options);
  const { approved, ...others } = source.inBook;
  const unapproved = Object.values(others).reduce((a, b) => a + b, 0);
  if (approved + (options.draft ? unapproved : 0) === 0) throw new Failure('nothingToExport');
  const stem = stemOf(source.plan, options.stem ?? (await readExportSettings(system)).stem);
  const out = path.resolve(options.out);
  if ((await namesIn(out)).length > 0) throw new Failure('folderNotEmpty');
  // Beside the target, so that a rename is enough.
  const work = `${out}.part-${randomBytes(6).toString('hex')}`;
  await mkdir(work, { recursive: true, mode: 0o700 });
  try {
    const summary = await writeDataset(source, system.blobs, work, stem, options.now ?? new Date());
    // Takes the place of an empty folder; one that was filled meanwhile stays as it is.
    await rename(work, out).catch((cause: NodeJS.ErrnoException) => {
      throw cause.code === 'ENOTEMPTY' || cause.code === 'EEXIST'
        ? new Failure('folderNotEmpty', undefined, { cause })
        : cause;
    });
    await flush(path.dirname(out));
    return summary;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The common part of the files' names; `DRAFT` stands first in those of a draft. */
function stemOf({ book, register, template, draft }: ExportPlan, pattern?: string): string {
  const { year, book: volume } = bookNumber(book);
  const stem = fillPattern(checkStem(pattern ?? template.fileNames.stem), {
    // Of a name without a single Latin letter nothing is left; the book's id is nobody's place.
    place: plainName(book.placeShort) || book.id,
    TYPE: register.code,
    YEAR: year,
    BOOK: volume,
  });
  return draft ? `${DRAFT_MARK}.${stem}` : stem!;
}

/**
 * What an export would say, without making it: how many records are in the book and would be
 * delivered, which would not and why, which values have no column, and the templates to choose from.
 * Images are looked for, not opened.
 */
export async function previewExport(system: ExportSystem, selection: Selection) {
  const { plan, chosen, inBook, rows } = await openSource(system, selection);
  const tally = openTally();
  const seen: Judged[] = [];
  for await (const row of rows()) {
    const { id, number, pdf, pages, reasons } = row;
    seen.push({ id, number, pdf, pages, reasons });
    tally.add(row);
  }
  const shared = sharedNames(seen);
  const decisions = seen.map((row) => decide(row, shared, plan.draft));
  return {
    draft: plan.draft,
    inBook,
    records: decisions.filter((d) => d.deliver).length,
    refused: decisions.flatMap((d) => d.refusal ?? []),
    warnings: tally
      .warnings()
      .map(({ rule, vi, en, records }) => ({ rule, vi, en, records: records.length })),
    illegible: tally.illegible().length,
    dropped: tally.dropped(plan),
    template: describeTemplate(chosen.template, chosen.sheet, chosen.site),
    templates: templatesFor(plan.register.code).map((t) => ({
      id: t.id,
      vi: t.vi,
      en: t.en,
      national: t.national,
    })),
  };
}
export type ExportPreview = Awaited<ReturnType<typeof previewExport>>;
