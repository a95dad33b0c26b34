import type { RecordStatus } from '../../models/actions.ts';
import type { Finding } from '../../models/record.ts';
import type { Template, TemplateSheet } from '../../models/templates/define.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { DRAFT_MARK, type ExportPlan, type Row } from './dataset.ts';
import type { FileFacts } from './files.ts';
import type { Refusal } from './refusals.ts';
import type { SiteTemplate } from './site-template.ts';

/** How many records of the book are in which state. */
export type StatusCounts = Readonly<Record<RecordStatus, number>>;

interface Named {
  readonly recordId: string;
  readonly number: string;
  readonly fields: readonly string[];
}

/** What is told about the records of a dataset beside the records: filled while they stream by. */
export function openTally() {
  const warnings = new Map<string, Pick<Finding, 'rule' | 'vi' | 'en'> & { records: Named[] }>();
  const illegible: Named[] = [];
  const dropped = new Map<string, number>();
  return {
    add(row: Row): void {
      const { id: recordId, number } = row;
      for (const { rule, vi, en, fields } of row.warnings) {
        const known = warnings.get(rule) ?? { rule, vi, en, records: [] };
        known.records.push({ recordId, number, fields });
        warnings.set(rule, known);
      }
      if (row.illegible.length > 0) illegible.push({ recordId, number, fields: row.illegible });
      for (const key of row.dropped) dropped.set(key, (dropped.get(key) ?? 0) + 1);
    },
    warnings: () => [...warnings.values()].sort((a, b) => (a.rule < b.rule ? -1 : 1)),
    illegible: () => illegible,
    /** Fields whose values found no column, with the number of records that have one. */
    dropped: ({ register, template }: ExportPlan) =>
      [...dropped].map(([key, records]) => ({
        key,
        vi: register.fields[key]?.vi ?? key,
        why:
          template.registers[register.code]?.leftOut.find((l) => l.key === key)?.why ??
          'the template has no such column',
        records,
      })),
  };
}

export type Tally = ReturnType<typeof openTally>;

/** What a person needs to know before trusting the columns and headers of a template. */
export function describeTemplate(
  template: Template,
  sheet: TemplateSheet,
  site?: { readonly name: string; readonly sha256: string; readonly file: SiteTemplate },
) {
  return {
    id: template.id,
    version: template.version,
    vi: template.vi,
    en: template.en,
    national: template.national,
    source: template.source,
    /** `siteFile`: the header is the one of the file that the site loaded. */
    headers: site ? ('siteFile' as const) : template.headers,
    columns: { confirmation: sheet.confirmation, note: sheet.note, disputed: sheet.disputed },
    ...(site
      ? {
          file: {
            name: site.name,
            sha256: site.sha256,
            sheet: site.file.workbook.sheetName,
            headerRow: site.file.workbook.headerRow,
            /** Columns that no field answers; they are there and empty. */
            unknownColumns: site.file.unknown,
            repeatedColumns: site.file.repeated,
            /** Rows behind the header of the file (samples) that were left out. */
            droppedRows: site.file.workbook.dropped,
          },
        }
      : {}),
  };
}

/** Everything about a dataset that is not a record. Apart from `createdAt` it depends on its content alone. */
export function buildManifest(input: {
  readonly plan: ExportPlan;
  readonly template: ReturnType<typeof describeTemplate>;
  readonly at: Date;
  readonly inBook: StatusCounts;
  readonly records: number;
  readonly pdfs: number;
  readonly files: readonly FileFacts[];
  readonly refused: readonly Refusal[];
  readonly tally: Tally;
  readonly quotedCells: number;
}) {
  const { plan, tally } = input;
  const { book, register, draft } = plan;
  return {
    format: 'so-goc-manifest',
    formatVersion: 1,
    software: { name: packageJson.name, version: packageJson.version },
    createdAt: input.at.toISOString(),
    draft,
    ...(draft
      ? {
          mark: DRAFT_MARK,
          notice:
            'Bản nháp: có bản ghi chưa được phê duyệt. A draft: nobody has approved all of it.',
        }
      : {}),
    book: {
      id: book.id,
      number: book.number,
      place: book.place,
      form: book.form,
      formVersion: book.formVersion,
    },
    register: {
      code: register.code,
      version: register.version,
      vi: register.vi,
      confirmation: register.confirmation,
      status: register.status,
    },
    template: input.template,
    counts: {
      inBook: input.inBook,
      records: input.records,
      pdfs: input.pdfs,
      refused: input.refused.length,
    },
    files: input.files,
    /** In a draft: what would be refused if everything were approved. */
    refused: input.refused,
    warnings: tally.warnings(),
    illegible: tally.illegible(),
    dropped: tally.dropped(plan),
    csv: {
      quotedCells: input.quotedCells,
      note: "Cells that a spreadsheet could take for a formula begin with a single quote (') that is not part of the value.",
    },
  };
}
export type Manifest = ReturnType<typeof buildManifest>;
