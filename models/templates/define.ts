import { z } from 'zod';
import { registerOf } from '../registers/registry.ts';
import { partsOf } from './file-names.ts';

/** The column that counts the rows; it is no field of any register. */
export const COUNTER = 'STT';

/**
 * How far the columns can be trusted. `confirmed`: independent sources agree. `disputed`: sources
 * disagree, or there is only one. The others are those of the register.
 */
const ColumnConfirmation = z.enum(['confirmed', 'disputed', 'projectConvention', 'unknown']);

const Sheet = z.object({
  confirmation: ColumnConfirmation,
  /** What the sources say, for people. */
  note: z.string(),
  /** Field keys in the order of the columns, between white space; {@link COUNTER} counts the rows. */
  columns: z.string().transform((text) => text.trim().split(/\s+/)),
  /** Header texts that are not made of label and key. */
  headers: z.record(z.string(), z.string()).default({}),
  /** Columns on which sources disagree, with what they say. */
  disputed: z.record(z.string(), z.string()).default({}),
  /** Fields of the register that get no column. */
  leftOut: z.array(z.object({ key: z.string(), why: z.string() })).default([]),
  /** Other spellings of a key in the headers of files in use. */
  aliases: z.record(z.string(), z.array(z.string())).default({}),
});

const TemplateInput = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.number().int().min(1),
  vi: z.string(),
  en: z.string(),
  /** A format for the national database; project conventions are never offered as one. */
  national: z.boolean(),
  /** Whether the header texts are the ministry's (`confirmed`) or ours. */
  headers: z.enum(['confirmed', 'unconfirmed']),
  source: z.string(),
  sheetName: z.string().min(1).max(31),
  fileNames: z.object({
    /** Name of the files of a book, without ending: {place}, {TYPE}, {YEAR}, {BOOK}. */
    stem: z.string(),
    /** Name of a record's PDF: {TYPE}, {YEAR}, {BOOK}, {DATE} yyyy-MM-dd, {NUMBER}. */
    pdf: z.string(),
    /** Digits to which the registration number is padded. */
    numberWidth: z.number().int().min(1).max(6),
  }),
  registers: z.record(z.string(), Sheet),
});

/** A column of the dataset: `key` is undefined for a column that no field answers. */
export interface Column {
  readonly key: string | undefined;
  /** The text of the header cell, exactly. */
  readonly header: string;
}

export interface TemplateSheet extends Omit<z.output<typeof Sheet>, 'columns' | 'headers'> {
  readonly columns: readonly (Column & { readonly key: string })[];
}

/** How the ministry's file looks, register by register: versioned data. */
export interface Template extends Omit<z.output<typeof TemplateInput>, 'registers'> {
  readonly registers: Readonly<Record<string, TemplateSheet>>;
}

/** The fields from which a PDF's name takes its number and date; every register has both. */
export const NAME_FIELDS = { number: 'so', date: 'ngayDangKy' } as const;

const STEM_PARTS = ['place', 'TYPE', 'YEAR', 'BOOK'];
const PDF_PARTS = ['TYPE', 'YEAR', 'BOOK', 'DATE', 'NUMBER'];

/**
 * Whether a pattern for the names of a book's files can be used.
 * @throws Error naming the part that does not exist, or the character that does not belong.
 */
export function checkStem(pattern: string): string {
  checkPattern(pattern, STEM_PARTS);
  return pattern;
}

function checkPattern(pattern: string, known: readonly string[]): void {
  const parts = partsOf(pattern);
  for (const part of parts)
    if (!known.includes(part)) throw new Error(`file name ${pattern}: no part {${part}}`);
  const literal = pattern.replace(/\{[^}]*\}/g, '');
  if (!/^[A-Za-z0-9._-]*$/.test(literal) || parts.length === 0 || /^[.-]/.test(pattern))
    throw new Error(`file name ${pattern}: letters, digits and . _ - around {parts}`);
}

/**
 * Parses a template and checks it against the registers: every field has a column or a reason to
 * have none.
 * @throws Error naming the first register, column or part that does not fit.
 */
export function defineTemplate(input: z.input<typeof TemplateInput>): Template {
  const template = TemplateInput.parse(input);
  checkPattern(template.fileNames.stem, STEM_PARTS);
  checkPattern(template.fileNames.pdf, PDF_PARTS);
  const registers: Record<string, TemplateSheet> = {};
  for (const [code, sheet] of Object.entries(template.registers)) {
    const register = registerOf(code);
    const fail = (why: string): never => {
      throw new Error(`${template.id} ${code}: ${why}`);
    };
    if (template.national && register.confirmation !== 'confirmed')
      fail('a project convention is no national format');
    const { columns, headers, ...rest } = sheet;
    if (new Set(columns).size !== columns.length) fail('a column stands twice');
    for (const key of columns)
      if (key !== COUNTER && !register.fields[key]) fail(`the register has no field ${key}`);
    const answered = [...columns, ...sheet.leftOut.map((l) => l.key)];
    for (const key of Object.keys(register.fields))
      if (answered.filter((a) => a === key).length !== 1)
        fail(`${key} needs a column or a reason to have none`);
    for (const key of sheet.leftOut.map((l) => l.key))
      if (!register.fields[key]) fail(`the register has no field ${key}`);
    const named = [
      ...Object.keys(sheet.disputed),
      ...Object.keys(sheet.aliases),
      ...Object.keys(headers),
      ...Object.values(NAME_FIELDS),
    ];
    for (const key of named) if (!columns.includes(key)) fail(`no column ${key}`);
    const header = (key: string) =>
      headers[key] ?? (key === COUNTER ? COUNTER : `${register.fields[key]!.vi}\n${key}`);
    registers[code] = { ...rest, columns: columns.map((key) => ({ key, header: header(key) })) };
  }
  return { ...template, registers };
}
