import type { RecordStatus } from '../../models/actions.ts';
import { type Book, type BookHabits, bookNumber } from '../../models/books.ts';
import { isoDate, parseDate } from '../../models/dates.ts';
import type { FieldValue, FieldValues } from '../../models/fields.ts';
import type { RecordId, Sha256 } from '../../models/ids.ts';
import { type Finding, findings } from '../../models/record.ts';
import type { Register } from '../../models/registers/define.ts';
import { COUNTER, type Column, NAME_FIELDS, type Template } from '../../models/templates/define.ts';
import { fillPattern, numberForName } from '../../models/templates/file-names.ts';
import { type Reason, type Refusal, reason } from './refusals.ts';

/** Stands first in the name of every file that holds records which nobody has approved. */
export const DRAFT_MARK = 'DRAFT';

/** A page of a record as it goes into its PDF. */
export interface ExportPage {
  /** Blob key of the scan. */
  readonly imageKey: string;
  readonly imageHash: Sha256;
  /** Place of the page in its document, from 0. */
  readonly index: number;
  readonly dpi: number;
  /** Clockwise turns by 90° that bring the scan into reading position. */
  readonly quarterTurns: number;
}

export interface ExportRecord {
  readonly id: RecordId;
  readonly status: RecordStatus;
  readonly version: number;
  /** Hash of the record's last action: what exactly was exported can be found in its log. */
  readonly head: Sha256;
  readonly values: FieldValues;
  readonly pages: readonly ExportPage[];
}

/** What a dataset is made from, besides its records. */
export interface ExportPlan {
  readonly book: Book;
  readonly habits: BookHabits;
  readonly register: Register;
  readonly template: Template;
  /** The template's columns, or those of a site's own file. */
  readonly columns: readonly Column[];
  /** Also records that are not approved. */
  readonly draft: boolean;
}

/** A value without its evidence. */
export type PlainValue = Pick<FieldValue, 'state' | 'text' | 'normalized' | 'note'>;

/** One record judged by itself; whether its name is its own only the whole book tells. */
export interface Row {
  readonly id: RecordId;
  readonly status: RecordStatus;
  readonly version: number;
  readonly head: Sha256;
  readonly values: Readonly<Record<string, PlainValue>>;
  readonly pages: readonly ExportPage[];
  /** Texts by field key, for the columns. */
  readonly cells: Readonly<Record<string, string>>;
  /** The registration number as written; empty without one. */
  readonly number: string;
  /** The name that its PDF gets if no other record has it; undefined when a part is missing. */
  readonly pdf: string | undefined;
  readonly reasons: readonly Reason[];
  readonly warnings: readonly Finding[];
  /** Fields that nobody can read: their cells are empty. */
  readonly illegible: readonly string[];
  /** Fields with a value for which there is no column. */
  readonly dropped: readonly string[];
}

/** A record that is delivered. */
export interface Delivered {
  readonly row: Row;
  /** Name of its PDF; undefined in a draft for a record whose pages cannot be had. */
  readonly pdf: string | undefined;
}

/** What stands in a cell: the template's way of writing, else the words of the page, else nothing. */
export function cellText(value: FieldValue | undefined): string {
  return value?.state === 'written' ? (value.normalized ?? value.text ?? '') : '';
}

/** Judges one record: its cells, the name of its PDF and what speaks against delivering it. */
export function planRow(record: ExportRecord, plan: ExportPlan): Row {
  const { register, columns, habits } = plan;
  const { values } = record;
  const answered = new Set(columns.map((c) => c.key));
  const cells: Record<string, string> = {};
  const dropped: string[] = [];
  const illegible: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    const text = cellText(value);
    if (value.state === 'illegible') illegible.push(key);
    if (text === '') continue;
    if (answered.has(key)) cells[key] = text;
    else dropped.push(key);
  }
  const named = nameOf(values, plan);
  const found = [...findings(values, register, habits), ...exportFindings(values, plan)];
  // A rule about a field whose name part is missing would say the same again.
  const said = new Set(named.reasons.flatMap((r) => r.fields));
  const broken = found.filter(
    (f) => f.severity === 'error' && !(f.fields.length === 1 && said.has(f.fields[0]!)),
  );
  const empty = Object.entries(register.fields)
    .filter(([key, field]) => field.required && !said.has(key) && cellText(values[key]) === '')
    .map(([key]) => key);
  return {
    id: record.id,
    status: record.status,
    version: record.version,
    head: record.head,
    values: Object.fromEntries(Object.entries(values).map(([k, v]) => [k, withoutEvidence(v)])),
    pages: record.pages,
    cells,
    number: cellText(values[NAME_FIELDS.number]),
    pdf: named.pdf,
    reasons: [
      ...(record.status === 'approved' ? [] : [reason('notApproved')]),
      ...named.reasons,
      ...(empty.length > 0 ? [reason('requiredEmpty', empty)] : []),
      ...broken.map((f) =>
        reason('ruleBroken', f.fields, [
          `${f.vi} (${f.fields.join(', ')})`,
          `${f.en} (${f.fields.join(', ')})`,
        ]),
      ),
      ...(record.pages.length === 0 ? [reason('noPages')] : []),
    ],
    warnings: found.filter((f) => f.severity === 'warning'),
    illegible,
    dropped,
  };
}

function withoutEvidence({ state, text, normalized, note }: FieldValue): PlainValue {
  return {
    state,
    ...(text === undefined ? {} : { text }),
    ...(normalized === undefined ? {} : { normalized }),
    ...(note === undefined ? {} : { note }),
  };
}

/** The name of a record's PDF, or why it has none. */
function nameOf(
  values: FieldValues,
  { book, register, template }: ExportPlan,
): { pdf: string | undefined; reasons: readonly Reason[] } {
  const { number: numberKey, date: dateKey } = NAME_FIELDS;
  const numberText = cellText(values[numberKey]);
  const dateText = cellText(values[dateKey]);
  const number = numberForName(numberText, template.fileNames.numberWidth);
  const parsed = parseDate(dateText);
  const date = parsed && isoDate(parsed);
  const reasons: Reason[] = [];
  if (numberText === '') reasons.push(reason('noNumber', [numberKey]));
  else if (!number) reasons.push(reason('numberUnclear', [numberKey]));
  if (dateText === '') reasons.push(reason('noDate', [dateKey]));
  else if (!date) reasons.push(reason('dateIncomplete', [dateKey]));
  const { year, book: volume } = bookNumber(book);
  const parts = { TYPE: register.code, YEAR: year, BOOK: volume, DATE: date, NUMBER: number };
  return { pdf: fillPattern(template.fileNames.pdf, parts), reasons };
}

/** What only an export looks at: the book itself, and lengths of columns in use elsewhere. */
function exportFindings(values: FieldValues, { book, register }: ExportPlan): Finding[] {
  const found: Finding[] = [];
  const quyenSo = cellText(values.quyenSo);
  const bare = (number: string) => number.replace(/^0+/, '');
  if (quyenSo !== '' && bare(quyenSo) !== bare(book.number))
    found.push({
      rule: 'otherBook',
      fields: ['quyenSo'],
      severity: 'warning',
      vi: 'Quyển số khác với quyển đang xuất',
      en: 'The book number is not that of this book',
    });
  const long = Object.entries(register.fields)
    .filter(
      ([key, f]) => f.maxLength !== undefined && [...cellText(values[key])].length > f.maxLength,
    )
    .map(([key]) => key);
  if (long.length > 0)
    found.push({
      rule: 'longerThanColumn',
      fields: long,
      severity: 'warning',
      vi: 'Dài hơn độ dài cột của một phần mềm đang dùng',
      en: 'Longer than the column of a program in use',
    });
  return found;
}

/**
 * Names that more than one record would get, with the ids of these records. Upper and lower case
 * are one name, as on Windows.
 */
export function sharedNames(
  rows: Iterable<{ readonly id: RecordId; readonly pdf: string | undefined }>,
): ReadonlyMap<string, readonly RecordId[]> {
  const byName = new Map<string, RecordId[]>();
  for (const { id, pdf } of rows) {
    if (pdf === undefined) continue;
    const ids = byName.get(pdf.toLowerCase());
    if (ids) ids.push(id);
    else byName.set(pdf.toLowerCase(), [id]);
  }
  for (const [name, ids] of byName) if (ids.length === 1) byName.delete(name);
  return byName;
}

/** What of a row decides whether it is delivered. */
export type Judged = Pick<Row, 'id' | 'number' | 'pdf' | 'pages' | 'reasons'>;

export interface Decision {
  readonly deliver: boolean;
  /** Name of its PDF; undefined when it gets none. */
  readonly pdf: string | undefined;
  readonly refusal: Refusal | undefined;
}

/**
 * Whether a row is delivered. A refused one is left out of a dataset; a draft keeps it and calls its
 * PDF by the record's id, for a name is never made of invented parts.
 */
export function decide(
  row: Judged,
  shared: ReadonlyMap<string, readonly RecordId[]>,
  draft: boolean,
): Decision {
  const same = row.pdf === undefined ? undefined : shared.get(row.pdf.toLowerCase());
  const twins = same?.filter((id) => id !== row.id).join(', ');
  const all = twins ? [...row.reasons, reason('sameName', [], [twins, twins])] : row.reasons;
  // Every draft waits for approval: that is no news.
  const reasons = draft ? all.filter((r) => r.kind !== 'notApproved') : all;
  const refusal = reasons.length > 0 ? refuse(row, reasons) : undefined;
  if (!draft) return { deliver: !refusal, pdf: refusal ? undefined : row.pdf, refusal };
  const name = row.pdf === undefined || twins ? `record-${row.id}.pdf` : row.pdf;
  const hasPages = !reasons.some((r) => r.kind === 'noPages' || r.kind === 'imageMissing');
  return { deliver: true, pdf: hasPages ? `${DRAFT_MARK}.${name}` : undefined, refusal };
}

/** `row` as a refusal for `reasons`. */
export function refuse(row: Judged, reasons: readonly Reason[]): Refusal {
  return {
    recordId: row.id,
    number: row.number,
    pages: row.pages.map((p) => p.index + 1),
    reasons,
  };
}

/** The cells of a row in the order of the columns; `count` is its place in the dataset, from 1. */
export function cellsOf(row: Row, columns: readonly Column[], count: number): string[] {
  return columns.map(({ key }) =>
    key === undefined ? '' : key === COUNTER ? String(count) : (row.cells[key] ?? ''),
  );
}

export interface Dataset {
  readonly delivered: readonly Delivered[];
  readonly refused: readonly Refusal[];
}

/** The dataset of a book whose records fit into memory; `exportBook` does the same in streams. */
export function buildDataset(plan: ExportPlan, records: readonly ExportRecord[]): Dataset {
  const rows = records.map((record) => planRow(record, plan));
  const shared = sharedNames(rows);
  const decisions = rows.map((row) => ({ row, ...decide(row, shared, plan.draft) }));
  return {
    delivered: decisions.filter((d) => d.deliver).map(({ row, pdf }) => ({ row, pdf })),
    refused: decisions.flatMap((d) => d.refusal ?? []),
  };
}
