import type { Register } from '../../models/registers/define.ts';
import { COUNTER, type Column, type TemplateSheet } from '../../models/templates/define.ts';
import { fold, tidy } from '../../models/text.ts';
import { bareHeader, openWorkbook, type Workbook } from './workbook.ts';

/** Headers behind which files in use write the name of the authority. */
const WITH_AUTHORITY = ['noiDangKy', 'noiCap'];

/** A template file of a site: its workbook, and which field each of its columns asks. */
export interface SiteTemplate {
  readonly workbook: Workbook;
  readonly columns: readonly Column[];
  /** Header texts that name no field of the register: kept, and left empty. */
  readonly unknown: readonly string[];
  /** Keys that a second column names again: the first is filled. */
  readonly repeated: readonly string[];
}

/**
 * The field that a header text asks; undefined when it names none. In use are the key alone, with
 * blanks, line breaks or a hint such as `i=[1,2,3]`, `noiDangKy` with the authority's name behind
 * it, and (in files of this project) the label with the key on the next line.
 */
export function keyOfHeader(
  text: string,
  register: Register,
  aliases: TemplateSheet['aliases'] = {},
): string | undefined {
  const keys = new Map([COUNTER, ...Object.keys(register.fields)].map((k) => [k.toLowerCase(), k]));
  for (const [key, others] of Object.entries(aliases))
    for (const other of others) keys.set(other.toLowerCase(), key);
  const bare = bareHeader(text);
  const exact = keys.get(bare.toLowerCase());
  if (exact) return exact;
  for (const key of WITH_AUTHORITY)
    if (register.fields[key] && new RegExp(`^${key}(?:UBND|[\\s:(,-])`, 'i').test(bare)) return key;
  const lines = text.split(/\r?\n/).map(bareHeader);
  // Only whole lines: "so" is also a word.
  const named = lines.length > 1 ? lines.map((l) => keys.get(l.toLowerCase())).filter(Boolean) : [];
  if (named.length === 1) return named[0];
  const label = Object.entries(register.fields).filter(([, f]) => fold(f.vi) === fold(bare));
  return label.length === 1 ? label[0]![0] : undefined;
}

/**
 * Reads a template file (.xlsx) of a site.
 * @param headerRow Row of the header, from 1, where the file has more header rows below the keys.
 * @throws Failure `badTemplate` saying what is wrong.
 */
export async function openSiteTemplate(
  bytes: Buffer,
  register: Register,
  aliases?: TemplateSheet['aliases'],
  headerRow?: number,
): Promise<SiteTemplate> {
  const find = (text: string) => keyOfHeader(text, register, aliases);
  const workbook = await openWorkbook(bytes, (text) => find(text) !== undefined, headerRow);
  const seen = new Set<string>();
  const unknown: string[] = [];
  const repeated: string[] = [];
  const columns = workbook.header.map(({ text: header }): Column => {
    const key = find(header);
    if (key === undefined) unknown.push(tidy(header));
    else if (seen.has(key)) repeated.push(key);
    else {
      seen.add(key);
      return { key, header };
    }
    return { key: undefined, header };
  });
  return { workbook, columns, unknown, repeated };
}
