import { z } from 'zod';
import data from './code-lists.json' with { type: 'json' };
import { fold, tidy } from './text.ts';

const Item = z.object({
  code: z.string(),
  labelVi: z.string(),
  labelEn: z.string(),
  subgroups: z.array(z.string()).optional(),
  /** Other ways of writing it in registers. */
  aliases: z.array(z.string()).default([]),
});
export const CodeList = z.object({
  source: z.array(z.string()),
  /** The template stores the label, not the code (ethnicity, nationality). */
  storesLabel: z.boolean().default(false),
  /** Values outside the list may be written. */
  open: z.boolean().default(false),
  note: z.string().optional(),
  items: z.array(Item),
});
export type CodeList = z.infer<typeof CodeList>;

/** The closed lists by name; sources and disagreements stand in the data. */
export const CODE_LISTS: Readonly<Record<string, CodeList>> = z
  .record(z.string(), CodeList)
  .parse(data);

/**
 * The code for what is written, ignoring case, diacritics and foreign names in brackets:
 * "nam" → "1", "Việt nam" → "Việt Nam", a code itself → itself. Undefined when nothing matches.
 */
export function codeOf(list: string, text: string): string | undefined {
  const items = CODE_LISTS[list]?.items ?? [];
  const wanted = tidy(text).toLowerCase();
  const exact = items.find(
    (i) => i.code.toLowerCase() === wanted || i.labelVi.toLowerCase() === wanted,
  );
  if (exact) return exact.code;
  const plain = (s: string) => fold(s.replace(/\s*\(.*\)$/u, '')).replace(/^dang ky /, '');
  return items.find((i) => [i.labelVi, ...i.aliases].some((l) => plain(l) === plain(text)))?.code;
}

/** The Vietnamese label of `code`; the code itself when the list lacks it. */
export function labelOf(list: string, code: string): string {
  return CODE_LISTS[list]?.items.find((i) => i.code === code)?.labelVi ?? code;
}
