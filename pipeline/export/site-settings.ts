import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { type LoadedTemplate, TemplateId } from '../../models/store/templates.ts';
import { checkStem } from '../../models/templates/define.ts';
import { TEMPLATES, templateOf } from '../../models/templates/registry.ts';
import type { System } from '../system.ts';
import { openSiteTemplate, type SiteTemplate } from './site-template.ts';

const KEY = 'export';

/** What a site decides about its exports. */
export const ExportSettings = z.object({
  /** Pattern of the names of a book's files, in place of the template's. */
  stem: z
    .string()
    .max(200)
    .refine((stem) => {
      try {
        return checkStem(stem) === stem;
      } catch {
        return false;
      }
    }, 'only {place}, {TYPE}, {YEAR}, {BOOK} with letters, digits and . _ - around them')
    .optional(),
  /** The template that a register uses when nobody asks for another: an id of ours or of a loaded file. */
  templates: z.record(z.string(), z.string()).default({}),
  /** Row of the header in a loaded file, by its id, where it is not found by itself. */
  headerRows: z.record(z.string(), z.number().int().min(1)).default({}),
});
export type ExportSettings = z.infer<typeof ExportSettings>;

type Kept = Pick<System, 'store'>;

export async function readExportSettings({ store }: Kept): Promise<ExportSettings> {
  return (await store.settings.get(KEY, ExportSettings)) ?? ExportSettings.parse({});
}

/** @throws ZodError for a pattern that would make no file name. */
export async function writeExportSettings(
  { store }: Kept,
  settings: ExportSettings,
): Promise<void> {
  await store.settings.put(KEY, ExportSettings.parse(settings));
}

type TemplateStore = Pick<System, 'store' | 'blobs'>;

/**
 * Loads a site's template file for a register; from then on it is the register's default.
 * @param headerRow Row of the header, from 1, where the file has more header rows below the keys.
 * @throws Failure `badTemplate` saying what is wrong with the file.
 */
export async function loadTemplateFile(
  system: TemplateStore,
  file: {
    readonly register: string;
    readonly name: string;
    readonly bytes: Buffer;
    readonly headerRow?: number;
  },
): Promise<LoadedTemplate> {
  const register = registerOf(file.register);
  const { sheet } = templateOf(register.code);
  const site = await openSiteTemplate(file.bytes, register, sheet.aliases, file.headerRow);
  const sha256 = createHash('sha256').update(file.bytes).digest('hex');
  const blobKey = `templates/${sha256}.xlsx`;
  await system.blobs.put(blobKey, file.bytes);
  const loaded = await system.store.templates.put({
    register: register.code,
    name: file.name,
    header: site.columns.map((c) => c.header),
    blobKey,
  });
  const settings = await readExportSettings(system);
  await writeExportSettings(system, {
    ...settings,
    templates: { ...settings.templates, [register.code]: loaded.id },
    headerRows: {
      ...settings.headerRows,
      ...(file.headerRow === undefined ? {} : { [loaded.id]: file.headerRow }),
    },
  });
  return loaded;
}

/** A template to export with: ours, and the site's file when it is one. */
export interface ChosenTemplate extends ReturnType<typeof templateOf> {
  readonly site:
    | { readonly name: string; readonly sha256: string; readonly file: SiteTemplate }
    | undefined;
}

/**
 * The template for a register: the one asked for, else the one that the site has chosen, else ours.
 * A loaded file takes file names and confirmation from our template of the register.
 * @throws Failure `notFound` for an unknown id or one of another register.
 */
export async function chooseTemplate(
  system: TemplateStore,
  registerCode: string,
  asked?: string,
): Promise<ChosenTemplate> {
  const settings = await readExportSettings(system);
  const id = asked ?? settings.templates[registerCode];
  if (id === undefined || TEMPLATES[id])
    return { ...templateOf(registerCode, id), site: undefined };
  const parsed = TemplateId.safeParse(id);
  if (!parsed.success) throw new Failure('notFound', `template ${id}`);
  const loaded = await system.store.templates.byId(parsed.data);
  if (loaded.register !== registerCode || !loaded.blobKey)
    throw new Failure('notFound', `template ${id} for ${registerCode}`);
  const bytes = await system.blobs.get(loaded.blobKey);
  const ours = templateOf(registerCode);
  const file = await openSiteTemplate(
    bytes,
    registerOf(registerCode),
    ours.sheet.aliases,
    settings.headerRows[loaded.id],
  );
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { ...ours, site: { name: loaded.name, sha256, file } };
}
