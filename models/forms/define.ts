import { z } from 'zod';
import { CODE_LISTS } from '../code-lists.ts';
import type { Register } from '../registers/define.ts';
import { registerOf } from '../registers/registry.ts';

/** Printed text, verbatim. `heading` stands on a line of its own. */
const Label = z.object({
  label: z.string().min(1),
  heading: z.boolean().default(false),
  /** Other wordings that some print shops use in the same place. */
  variants: z.array(z.string()).default([]),
});

/** The pieces in which a form may ask a date or a time of day. */
const PARTS = ['hour', 'minute', 'day', 'month', 'year'] as const;

/**
 * A place to write. It begins where the label before it ends and runs to the next label on the
 * line, or to the edge; `lines` is the most writing lines that print shops give it.
 * `area: 'below'` lies under its label instead of behind it (signatures, margin notes).
 */
const Blank = z.object({
  /** The register fields written here; several only with a `split` that tells them apart. */
  blank: z.array(z.string()).min(1),
  part: z.enum(PARTS).optional(),
  /** `identityDocument`: kind, number, date and place of issue, the later ones where the form asks them. */
  split: z.enum(['nameAndPosition', 'identityDocument', 'timeAndDate']).optional(),
  lines: z.number().int().min(1).max(6).default(1),
  area: z.enum(['after', 'below']).default('after'),
  /**
   * In a table: the label at the head of its column. The label of its row stands once, before the
   * first blank of the row.
   */
  under: z.string().optional(),
  /**
   * In the column of a ruled table over the sheet: which line of an entry, from 0. Without it the
   * cell reaches over all lines of the entry.
   */
  row: z.number().int().min(0).optional(),
});

/** Printed alternatives of which the wrong one is struck out, or boxes of which one is ticked. */
const Choice = z.object({
  choice: z.string(),
  mark: z.enum(['strike', 'tick']),
  options: z.array(z.object({ text: z.string(), code: z.string() })).min(2),
});

/** Printed things without a value of a field: signature areas. */
const Signature = z.object({ signature: z.string(), row: z.number().int().min(0).optional() });

export const FormItem = z.union([Label, Blank, Choice, Signature]);
export type FormItem = z.infer<typeof FormItem>;
export type FormBlank = z.infer<typeof Blank>;
export type FormChoice = z.infer<typeof Choice>;
export type FormLabel = z.infer<typeof Label>;

export const Form = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.number().int().min(1),
  register: z.string(),
  vi: z.string(),
  en: z.string(),
  era: z.object({ from: z.number().int(), to: z.number().int().optional() }),
  paper: z.enum(['A4', 'A3']),
  entriesPerPage: z.number().int().min(1).max(4),
  confirmation: z.enum(['confirmed', 'unconfirmed']),
  source: z.string(),
  /** Labels and options that no source states; shown to people. */
  invented: z.array(z.string()).default([]),
  /**
   * `unknown`: no source says what is printed. Then there are no labels to find, the page is not
   * read, and its fields are keyed by hand.
   */
  print: z.enum(['known', 'unknown']).default('known'),
  /**
   * The page in reading order. A line is one printed line in the usual print; a print shop may
   * break lines elsewhere, so only order and succession are promised.
   */
  lines: z.array(z.array(FormItem).min(1)).min(1),
  /**
   * A ruled table over the whole sheet, below `lines`, which then belong to all its entries. Each
   * entry takes `rows` lines. A column begins with the label at its head; `group` stands above the
   * heads of neighbouring columns. A column may ask for what the register has no field for.
   */
  table: z
    .object({
      rows: z.number().int().min(1).max(4),
      columns: z
        .array(z.object({ group: z.string().optional(), items: z.array(FormItem).min(1) }))
        .min(2),
    })
    .optional(),
  /** The narrow column at the right: label and what is written under it. */
  margin: z.array(FormItem).default([]),
  /** Fields that the cover answers for every page of the book. */
  fromBook: z.array(z.string()).default([]),
});
export type Form = z.infer<typeof Form>;
/** A form as written in its file, before defaults. */
export type FormInput = z.input<typeof Form>;
export type FormItemInput = z.input<typeof FormItem>;

export const isLabel = (i: FormItem): i is FormLabel => 'label' in i;
export const isBlank = (i: FormItem): i is FormBlank => 'blank' in i;
export const isChoice = (i: FormItem): i is FormChoice => 'choice' in i;

/** Every item of the page in reading order, the margin last. */
export function itemsOf(form: Form): readonly FormItem[] {
  const cells = form.table?.columns.flatMap((c) => c.items) ?? [];
  return [...form.lines.flat(), ...cells, ...form.margin];
}

/**
 * The field keys that the form asks, in the order of the page, each once. A table's entry is read
 * line by line: what stands for all lines where it begins or ends, each line from left to right.
 */
export function fieldsOnForm(form: Form): readonly string[] {
  const cells = form.table?.columns.flatMap((c) => c.items) ?? [];
  const rowOf = (i: FormItem) => ('row' in i ? i.row : undefined);
  const first = cells.findIndex((i) => rowOf(i) !== undefined);
  const byLine = [
    ...cells.slice(0, Math.max(0, first)),
    ...Array.from({ length: form.table?.rows ?? 0 }, (_, row) =>
      cells.filter((i) => rowOf(i) === row),
    ).flat(),
    ...cells.slice(Math.max(0, first)).filter((i) => rowOf(i) === undefined),
  ];
  const items = [...form.lines.flat(), ...byLine, ...form.margin];
  const keys = items.flatMap((i) => (isBlank(i) ? i.blank : isChoice(i) ? [i.choice] : []));
  return [...new Set(keys)];
}

/** Register fields that neither the page nor the cover asks: their state is `notOnForm`. */
export function fieldsNotOnForm(form: Form, register: Register): readonly string[] {
  const asked = new Set([...fieldsOnForm(form), ...form.fromBook]);
  return Object.keys(register.fields).filter((key) => !asked.has(key));
}

/**
 * Parses a form and checks it against its register.
 * @throws Error naming the first field, code or part that does not fit.
 */
export function defineForm(input: z.input<typeof Form>): Form {
  const form = Form.parse(input);
  const register = registerOf(form.register);
  const fail = (why: string) => {
    throw new Error(`${form.id}: ${why}`);
  };
  const asked = fieldsOnForm(form);
  const parts = ['', ...PARTS];
  const seen = new Set<string>();
  const items = itemsOf(form);
  const printed = items.map((item) =>
    isLabel(item) ? [item.label] : isChoice(item) ? item.options.map((o) => o.text) : [],
  );
  for (const [at, item] of items.entries()) {
    if (isBlank(item)) {
      for (const key of item.blank) {
        if (!register.fields[key]) fail(`${form.register} has no field ${key}`);
        const place = `${key}:${item.part ?? ''}`;
        const clash = item.part ? [place, `${key}:`] : parts.map((part) => `${key}:${part}`);
        if (clash.some((other) => seen.has(other))) fail(`${place} is asked twice`);
        seen.add(place);
      }
      if (item.under && !printed.slice(0, at).flat().includes(item.under))
        fail(`${item.blank.join()} stands under no label ${item.under}`);
      if (item.blank.length > 1 && !item.split) fail(`${item.blank.join()} needs a split`);
    }
    if (isChoice(item)) {
      const field = register.fields[item.choice];
      if (!field) return fail(`${form.register} has no field ${item.choice}`);
      const codes = new Set(CODE_LISTS[field.list ?? '']?.items.map((i) => i.code));
      for (const { code } of item.options)
        if (!codes.has(code)) fail(`${item.choice}: no code ${code}`);
      if (seen.has(`${item.choice}:`)) fail(`${item.choice} is asked twice`);
      seen.add(`${item.choice}:`);
    }
  }
  for (const key of form.fromBook) {
    if (!register.fields[key]) fail(`${form.register} has no field ${key}`);
    if (asked.includes(key)) fail(`${key} is on the page and on the cover`);
  }
  if ((form.print === 'unknown') !== (printed.flat().length === 0))
    fail('labels are printed, or the print is unknown');
  if (form.entriesPerPage > 1 !== Boolean(form.table)) fail('several entries stand in a table');
  for (const { items } of form.table?.columns ?? []) {
    if (!isLabel(items[0]!)) fail('a column begins with its label');
    for (const item of items.slice(1))
      if ('row' in item && (item.row ?? 0) >= form.table!.rows) fail('an entry has fewer lines');
  }
  for (const text of form.invented)
    if (!printed.flat().includes(text)) fail(`"${text}" is invented but not printed`);
  if (form.confirmation === 'confirmed' && form.invented.length > 0)
    fail('invented labels are unconfirmed');
  return form;
}
