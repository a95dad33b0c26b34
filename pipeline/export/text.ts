import { stringify } from 'csv-stringify/sync';
import { type Delivered, DRAFT_MARK } from './dataset.ts';

/** Excel reads UTF-8 only behind this mark. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * What a spreadsheet may take for a formula: = + - @ at the beginning, also as full-width letters or
 * behind blanks, and cells that begin with tab or line end (OWASP, "CSV Injection").
 */
const FORMULA = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/u;

/** A cell that no spreadsheet takes for a formula: a single quote before what looks like one. */
export function safeCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** One line of CSV (RFC 4180): every cell in quotes, CRLF at the end. */
export function csvLine(cells: readonly string[]): string {
  return stringify([cells.map(safeCell)], {
    quoted: true,
    quoted_empty: true,
    record_delimiter: '\r\n',
  });
}

/** JSON without the line ends of Unicode, at which many readers of lines (Node's too) cut. */
export function jsonOnOneLine(value: unknown): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (c) =>
    c === '\u2028' ? '\\u2028' : '\\u2029',
  );
}

/** One line of JSON Lines: values with their states, and which version of the record they are. */
export function jsonLine(
  { row, pdf }: Delivered,
  pdfFile: { readonly bytes: number; readonly sha256: string } | undefined,
  draft: boolean,
): string {
  const line = {
    id: row.id,
    ...(draft ? { mark: DRAFT_MARK } : {}),
    status: row.status,
    version: row.version,
    head: row.head,
    pdf: pdf === undefined ? null : { name: pdf, ...pdfFile },
    pages: row.pages.map((p) => ({ page: p.index + 1, imageSha256: p.imageHash })),
    values: row.values,
  };
  return `${jsonOnOneLine(line)}\n`;
}
