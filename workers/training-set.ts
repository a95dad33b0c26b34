import { createWriteStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import sharp from 'sharp';
import { Failure } from '../models/failures.ts';
import { FIELD_KINDS } from '../models/field-kinds.ts';
import type { FieldValues } from '../models/fields.ts';
import { type Form, isBlank, itemsOf } from '../models/forms/define.ts';
import { formOf } from '../models/forms/registry.ts';
import type { BookId, PageId } from '../models/ids.ts';
import { registerOf } from '../models/registers/registry.ts';
import type { CleanField } from '../pipeline/image/clean-field.ts';
import { cutToInk } from '../pipeline/readers/line/prepare.ts';
import { Placement } from '../pipeline/stages/place.ts';
import { cleanLines } from '../pipeline/stages/read.ts';
import type { System } from '../pipeline/system.ts';
import { type Context, openContext, workingPage } from './context.ts';

const PRIVATE = 0o600;

/** One approved field on one writing line. */
interface ApprovedLine {
  readonly key: string;
  readonly text: string;
  readonly field: CleanField;
}

/**
 * Writes the approved written fields of a book that stand on one writing line as training data: a PNG
 * of each line, numbered, and `labels.jsonl`, which `readers/line/train/real.ts` reads. Only their
 * owner may read the files; a note beside them says what they are and until when they may be kept.
 * @throws Failure `forbidden` unless the site switched training sets on, `folderNotEmpty`,
 *   `nothingToExport` without such a field, `notFound`
 */
export async function writeTrainingSet(
  system: System,
  { bookId, out }: { readonly bookId: BookId; readonly out: string },
): Promise<{ readonly lines: number; readonly until: string }> {
  const { settings, store } = system;
  if (!settings.trainingSets)
    throw new Failure(
      'forbidden',
      'this site writes no training sets; TRAINING_SETS=1 allows them',
    );
  const book = await store.books.byId(bookId);
  const form = formOf(book.form);
  const register = registerOf(book.register);
  await mkdir(out, { recursive: true, mode: 0o700 });
  if ((await readdir(out)).length > 0) throw new Failure('folderNotEmpty', out);

  const until = new Date(Date.now() + settings.trainingSetDays * 86_400_000)
    .toISOString()
    .slice(0, 10);
  await writeFile(path.join(out, 'PERSONAL-DATA.txt'), noteOf(until), { mode: PRIVATE });
  const labels = createWriteStream(path.join(out, 'labels.jsonl'), { mode: PRIVATE });
  const context = openContext(system);
  let lines = 0;
  try {
    for await (const { pages, values } of store.records.forExport(bookId, ['approved']))
      for (const { pageId } of pages)
        for (const { key, text, field } of await approvedLines(context, pageId, form, values)) {
          const ink = cutToInk(field);
          const kind = register.fields[key]?.kind;
          if (!ink || !kind) continue;
          const { data, width, height } = ink;
          const image = `${String(++lines).padStart(6, '0')}.png`;
          const png = await sharp(data, { raw: { width, height, channels: 1 } })
            .png()
            .toBuffer();
          await writeFile(path.join(out, image), png, { mode: PRIVATE });
          const row = { image, text, cleaned: true, kind: FIELD_KINDS[kind].group };
          labels.write(`${JSON.stringify(row)}\n`);
        }
  } finally {
    labels.end();
    await finished(labels);
    await context.close();
  }
  if (lines === 0) throw new Failure('nothingToExport');
  return { lines, until };
}

/** The fields of a page whose one blank has one line, as people approved them. */
async function approvedLines(
  context: Context,
  pageId: PageId,
  form: Form,
  values: FieldValues,
): Promise<ApprovedLine[]> {
  const { pages } = context.system.store;
  const outputs = await pages.outputs(pageId);
  const placed = Placement.safeParse(outputs.place);
  if (!placed.success) return [];
  const { areas, form: id, formVersion } = placed.data;
  if (id !== form.id || formVersion !== form.version) return [];
  const items = itemsOf(form);
  const blanks = items.filter(isBlank);
  const wanted = areas.flatMap((area) => {
    const item = items[area.item]!;
    const line = area.lines[0];
    if (!isBlank(item) || item.area === 'below' || item.blank.length > 1 || item.part) return [];
    const key = item.blank[0]!;
    const value = values[key];
    const only = blanks.filter((b) => b.blank.includes(key)).length === 1;
    if (!only || !line || area.lines.length > 1) return [];
    // What is taken from the cover, or stands on another page, is not written here.
    const { source, pageId: where = pageId } = value?.evidence ?? { source: 'none' };
    if (value?.state !== 'written' || !value.text || source === 'book' || where !== pageId)
      return [];
    return [{ key, text: value.text, line }];
  });
  if (wanted.length === 0) return [];
  const page = await workingPage(context, await pages.byId(pageId), outputs.straighten);
  const clean = cleanLines(page, areas);
  return wanted.map(({ key, text, line }) => ({ key, text, field: clean(line) }));
}

const noteOf = (until: string) =>
  `Thư mục này chứa dữ liệu cá nhân: chữ viết và nội dung sổ hộ tịch đã được phê duyệt.
Chỉ dùng để huấn luyện bộ nhận dạng chữ. Không sao chép ra ngoài đơn vị. Xóa chậm nhất ngày ${until}.

This folder holds personal data: writing and approved contents of civil-status registers.
Use it to train the recognizer only. Do not copy it outside the organisation. Delete it by ${until}.
`;
