import path from 'node:path';
import { Readable } from 'node:stream';
import ExcelJS from 'exceljs';
import { SaxesParser } from 'saxes';
import { Failure } from '../../models/failures.ts';
import type { Template, TemplateSheet } from '../../models/templates/define.ts';
import { tidy } from '../../models/text.ts';
import { readZip, writeZip } from './archive.ts';

/** A template file is a header and some notes; what is larger is something else. */
const MAX_FILE_BYTES = 20 * 1024 ** 2;
const MAX_UNPACKED_BYTES = 100 * 1024 ** 2;
/** Rows in which a header is looked for. */
const HEADER_WITHIN = 30;

/** A cell of the header: where it stands and its exact text. */
export interface HeaderCell {
  /** Column, from 0. */
  readonly column: number;
  readonly text: string;
}

/**
 * An .xlsx file cut at the end of its header. Everything before and behind the data rows, every
 * other sheet, style, list and note stays as its bytes are.
 */
export interface Workbook {
  readonly parts: ReadonlyMap<string, Buffer>;
  readonly sheetPart: string;
  readonly stylesPart: string;
  readonly sheetName: string;
  /** Row of the header, from 1; data begins in the next. */
  readonly headerRow: number;
  readonly header: readonly HeaderCell[];
  /** Rows that stood behind the header (samples, as a rule) and are left out. */
  readonly dropped: number;
  /** The sheet's XML up to the end of the header row, and from the end of the rows. */
  readonly head: string;
  readonly tail: string;
  /** Prefix of the sheet's element names, with its colon: usually empty. */
  readonly prefix: string;
}

/** What stands between a header text as it is in use and the key in it. */
export function bareHeader(text: string): string {
  return tidy(text.replace(/\b[a-z]\s*=\s*\[[^\]]*\]/gi, ' ').replace(/\(\s*\*\s*\)|\*/g, ' '));
}

interface Row {
  readonly number: number;
  readonly cells: readonly HeaderCell[];
  /** Index behind the row in the sheet's XML. */
  readonly end: number;
}

interface Sheet {
  readonly rows: readonly Row[];
  /** Rows with a text in some cell, also those beyond {@link HEADER_WITHIN}. */
  readonly filled: readonly number[];
  /** Index of the end tag of the rows in the sheet's XML. */
  readonly dataEnd: number;
  readonly prefix: string;
}

const bad = (why: string) => new Failure('badTemplate', why);
const local = (name: string) => name.slice(name.indexOf(':') + 1);

/** Walks through XML; handlers get local names. @throws Failure `badTemplate` when it is no XML. */
function walk(
  xml: string,
  on: {
    open?: (name: string, attributes: Record<string, string>, end: number, raw: string) => void;
    close?: (name: string, end: number) => void;
    text?: (text: string) => void;
  },
): void {
  const parser = new SaxesParser();
  parser.on('error', (cause) => {
    throw bad(cause.message);
  });
  parser.on('doctype', () => {
    throw bad('a document type is not allowed');
  });
  parser.on('opentag', (tag) =>
    on.open?.(local(tag.name), tag.attributes as Record<string, string>, parser.position, tag.name),
  );
  parser.on('closetag', (tag) => on.close?.(local(tag.name), parser.position));
  parser.on('text', (text) => on.text?.(text));
  parser.on('cdata', (text) => on.text?.(text));
  parser.write(xml).close();
}

/** The text of a part. @throws Failure `badTemplate` when it is missing. */
function xmlOf(parts: ReadonlyMap<string, Buffer>, name: string): string {
  const part = parts.get(name);
  if (!part) throw bad(`no ${name}`);
  const text = part.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(part)) throw bad(`${name} is not UTF-8`);
  // saxes counts no byte order mark, and none is needed.
  return text.replace(/^\uFEFF/, '');
}

/** Relations of a part: id → target part and the last word of its type. */
function relationsOf(parts: ReadonlyMap<string, Buffer>, part: string) {
  const relations = new Map<string, { target: string; type: string }>();
  const folder = path.posix.dirname(part);
  const name = path.posix.join(folder, '_rels', `${path.posix.basename(part)}.rels`);
  if (!parts.has(name)) return relations;
  walk(xmlOf(parts, name), {
    open(tag, { Id, Target, Type, TargetMode }) {
      if (tag !== 'Relationship' || !Id || !Target || !Type || TargetMode === 'External') return;
      const target = Target.startsWith('/') ? Target.slice(1) : path.posix.join(folder, Target);
      relations.set(Id, { target, type: Type.slice(Type.lastIndexOf('/') + 1) });
    },
  });
  return relations;
}

/** `_x000D_` is how the format writes characters that XML cannot hold. */
const unescaped = (text: string) =>
  text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );

function sharedStrings(parts: ReadonlyMap<string, Buffer>, name: string | undefined): string[] {
  const strings: string[] = [];
  if (!name || !parts.has(name)) return strings;
  let current = '';
  let inText = false;
  let phonetic = 0;
  walk(xmlOf(parts, name), {
    open(tag) {
      if (tag === 'si') current = '';
      if (tag === 'rPh') phonetic++;
      if (tag === 't') inText = phonetic === 0;
    },
    text(text) {
      if (inText) current += text;
    },
    close(tag) {
      if (tag === 't') inText = false;
      if (tag === 'rPh') phonetic--;
      if (tag === 'si') strings.push(unescaped(current));
    },
  });
  return strings;
}

const columnOf = (reference: string) =>
  [...reference.replace(/\d+$/, '')].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1;

/** "A" for 0, "AA" for 26. */
export function columnName(column: number): string {
  const rest = Math.floor(column / 26);
  return (rest > 0 ? columnName(rest - 1) : '') + String.fromCharCode(65 + (column % 26));
}

function readSheet(xml: string, shared: readonly string[]): Sheet {
  const rows: Row[] = [];
  const filled: number[] = [];
  let dataStart = 0;
  let dataEnd = 0;
  let prefix = '';
  let number = 0;
  let column = -1;
  let cells: HeaderCell[] = [];
  let type = '';
  let value = '';
  let inValue = false;
  walk(xml, {
    open(tag, attributes, end, raw) {
      if (tag === 'sheetData') {
        dataStart = end;
        prefix = raw.slice(0, -tag.length);
      } else if (tag === 'row') {
        number = attributes.r ? Number(attributes.r) : number + 1;
        cells = [];
        column = -1;
      } else if (tag === 'c') {
        column = attributes.r ? columnOf(attributes.r) : column + 1;
        type = attributes.t ?? '';
        value = '';
      } else if (tag === 'v' || tag === 't') inValue = true;
    },
    text(text) {
      if (inValue) value += text;
    },
    close(tag, end) {
      if (tag === 'v' || tag === 't') inValue = false;
      else if (tag === 'c') {
        const text = type === 's' ? (shared[Number(value)] ?? '') : unescaped(value);
        if (text !== '') cells.push({ column, text });
      } else if (tag === 'row') {
        if (number <= HEADER_WITHIN) rows.push({ number, cells, end });
        if (cells.length > 0) filled.push(number);
      } else if (tag === 'sheetData')
        // An empty element opens and closes in the same place.
        dataEnd = end === dataStart ? end : xml.lastIndexOf('<', end - 1);
    },
  });
  return { rows, filled, dataEnd, prefix };
}

/** Merged cells below the header would swallow data rows. */
function withoutMerges(xml: string, headerRow: number): string {
  return xml.replace(
    /<((?:\w+:)?)mergeCells\b[^>]*>([\s\S]*?)<\/\1mergeCells>/,
    (_, prefix: string, inner: string) => {
      const kept = [...inner.matchAll(/<(?:\w+:)?mergeCell\b[^>]*>/g)]
        .map((m) => m[0])
        .filter((m) => Number(/ref="[A-Z]+\d+:[A-Z]+(\d+)"/.exec(m)?.[1] ?? 0) <= headerRow);
      return kept.length === 0
        ? ''
        : `<${prefix}mergeCells count="${kept.length}">${kept.join('')}</${prefix}mergeCells>`;
    },
  );
}

/**
 * Opens a template file. The header is the row with the most cells that `knows` recognises, in the
 * sheet that has it; at least three, so that a chance word is no header.
 * @param headerRow Row of the header, from 1, where the guess would be wrong (a second header row).
 * @throws Failure `badTemplate` saying what is missing.
 */
export async function openWorkbook(
  bytes: Buffer,
  knows: (header: string) => boolean,
  headerRow?: number,
): Promise<Workbook> {
  if (bytes.length > MAX_FILE_BYTES) throw bad(`larger than ${MAX_FILE_BYTES} bytes`);
  const parts = await readZip(bytes, MAX_UNPACKED_BYTES);
  if ([...parts.keys()].some((name) => name.endsWith('vbaProject.bin')))
    throw bad('the file has macros; save it as .xlsx');
  const root = [...relationsOf(parts, '').values()].find((r) => r.type === 'officeDocument');
  const book = root?.target ?? 'xl/workbook.xml';
  const relations = relationsOf(parts, book);
  const byType = (type: string) => [...relations.values()].find((r) => r.type === type)?.target;
  const stylesPart = byType('styles');
  if (!stylesPart || !parts.has(stylesPart)) throw bad('no styles');
  const shared = sharedStrings(parts, byType('sharedStrings'));
  const sheets: { name: string; part: string }[] = [];
  walk(xmlOf(parts, book), {
    open(tag, attributes) {
      const id = Object.entries(attributes).find(([name]) => /^\w+:id$/.test(name))?.[1];
      const part = tag === 'sheet' && id ? relations.get(id)?.target : undefined;
      if (part) sheets.push({ name: attributes.name ?? '', part });
    },
  });

  let best: { name: string; part: string; xml: string; sheet: Sheet; row: Row } | undefined;
  let most = 2;
  for (const { name, part } of sheets) {
    if (!parts.has(part)) continue;
    const xml = xmlOf(parts, part);
    const sheet = readSheet(xml, shared);
    for (const row of sheet.rows) {
      const known = row.cells.filter((cell) => knows(cell.text)).length;
      if (known > most) {
        most = known;
        best = { name, part, xml, sheet, row };
      }
    }
  }
  if (!best) throw bad('no row with the names of at least three columns');
  const { xml, sheet, row } = best;
  const last = headerRow ?? row.number;
  const end = sheet.rows.findLast((r) => r.number <= last)?.end;
  if (last < row.number || end === undefined)
    throw bad(`the column names stand in row ${row.number}`);
  return {
    parts,
    sheetPart: best.part,
    stylesPart,
    sheetName: best.name,
    headerRow: last,
    header: row.cells,
    dropped: sheet.filled.filter((n) => n > last).length,
    // Without its dimension a sheet is read to its end; the old one would be wrong.
    head: xml.slice(0, end).replace(/<(?:\w+:)?dimension\b[^>]*\/>/, ''),
    tail: withoutMerges(xml.slice(sheet.dataEnd), last),
    prefix: sheet.prefix,
  };
}

/** The workbook of a template whose header is ours: one sheet, header row frozen, columns as text. */
export async function makeWorkbook(template: Template, sheet: TemplateSheet): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  const time = new Date(Date.UTC(2000, 0, 1));
  workbook.created = time;
  workbook.modified = time;
  workbook.creator = 'Sổ Gốc';
  const page = workbook.addWorksheet(template.sheetName, {
    views: [{ state: 'frozen', xSplit: 0, ySplit: 1 }],
  });
  page.columns = sheet.columns.map(({ header }) => ({
    header,
    width: Math.min(40, Math.max(12, ...header.split('\n').map((line) => line.length * 0.6 + 4))),
    style: { numFmt: '@' },
  }));
  const row = page.getRow(1);
  row.height = 60;
  row.font = { bold: true, name: 'Calibri', size: 11 };
  row.alignment = { wrapText: true, vertical: 'middle', horizontal: 'center' };
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

/**
 * Text as XML. A line ends as spreadsheets end it; control characters, which XML cannot hold, are
 * left out (JSON Lines keeps them).
 */
export function cellXml(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      .replace(/[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]/g, '')
      // Readers turn `_x0041_` into "A" unless its first character is written this way.
      .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
  );
}

/** Adds the style of text cells (format `@`); returns the styles and its number. */
function withTextStyle(xml: string): { xml: string; style: number } {
  const match = /<((?:\w+:)?)cellXfs\b([^>]*)>([\s\S]*?)<\/\1cellXfs>/.exec(xml);
  if (!match) throw bad('no cell styles');
  const [whole, prefix, , inner] = match as unknown as [string, string, string, string];
  const style = [...inner.matchAll(new RegExp(`<${prefix}xf\\b`, 'g'))].length;
  const added = `<${prefix}xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`;
  const replaced = `<${prefix}cellXfs count="${style + 1}">${inner}${added}</${prefix}cellXfs>`;
  return { xml: xml.replace(whole, () => replaced), style };
}

/** Parts that list the order of calculation would name cells that are gone. */
function withoutCalcChain(parts: ReadonlyMap<string, Buffer>): Map<string, Buffer> {
  const kept = new Map<string, Buffer>();
  for (const [name, content] of parts) {
    if (name.endsWith('calcChain.xml')) continue;
    const lists = name === '[Content_Types].xml' || name.endsWith('.rels');
    kept.set(
      name,
      lists && content.includes('calcChain')
        ? Buffer.from(
            content
              .toString('utf8')
              .replace(/<(?:\w+:)?(?:Override|Relationship)\b[^>]*calcChain[^>]*\/>/g, ''),
          )
        : content,
    );
  }
  return kept;
}

/**
 * Writes `workbook` with data rows behind its header. Every cell is a string in text format: nothing
 * in it is ever a formula, a number or a date. Memory holds one row.
 * @param rows Texts by position; `columns` says in which column each position stands.
 */
export async function writeWorkbook(
  file: string,
  workbook: Workbook,
  columns: readonly number[],
  rows: AsyncIterable<readonly string[]>,
): Promise<void> {
  const { prefix: p } = workbook;
  const styles = withTextStyle(xmlOf(workbook.parts, workbook.stylesPart));
  const names = columns.map(columnName);
  async function* sheet() {
    yield workbook.head;
    let number = workbook.headerRow;
    for await (const row of rows) {
      number++;
      const cells = row.map((text, i) => {
        const start = `<${p}c r="${names[i]}${number}" s="${styles.style}"`;
        if (text === '') return `${start}/>`;
        return `${start} t="inlineStr"><${p}is><${p}t xml:space="preserve">${cellXml(text)}</${p}t></${p}is></${p}c>`;
      });
      yield `<${p}row r="${number}">${cells.join('')}</${p}row>`;
    }
    yield workbook.tail;
  }
  await writeZip(file, async (zip) => {
    for (const [name, content] of withoutCalcChain(workbook.parts)) {
      if (name === workbook.sheetPart)
        await zip.add(name, Readable.from(sheet(), { objectMode: false }));
      else if (name === workbook.stylesPart) await zip.add(name, Buffer.from(styles.xml));
      else await zip.add(name, content);
    }
  });
}
