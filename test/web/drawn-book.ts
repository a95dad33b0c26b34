import { createHash } from 'node:crypto';
import type { FieldValues } from '../../models/fields.ts';
import type { BookId, RecordId } from '../../models/ids.ts';
import type { System } from '../../pipeline/system.ts';
import { openBook } from '../../samples/draw/book.ts';
import type { TruthField, TruthPage } from '../../samples/truth.ts';

export interface DrawnRecord {
  readonly id: RecordId;
  /** What really stands on its page. */
  readonly truth: TruthPage;
}

/** Fields that the machine misread, was unsure of, or gave up on, in every drawn record. */
export const MISREAD = 'nksHoTen';
export const UNSURE = 'nksQueQuan';
export const UNREAD = 'meHoTen';

const swapLast = (text: string) => `${text.slice(0, -1)}${text.endsWith('u') ? 'n' : 'u'}`;

function prefilled(
  key: string,
  field: TruthField,
  pageId: FieldValues[string]['evidence']['pageId'],
): FieldValues[string] | undefined {
  if (key === UNREAD) return undefined;
  const evidence = {
    source: 'test',
    pageId,
    box: field.areaOnScan,
    candidates: [],
    rules: [],
    confidence: 0.99,
  };
  if (field.text === undefined) return { state: 'blank', evidence };
  if (key === MISREAD)
    return {
      state: 'written',
      text: swapLast(field.text),
      normalized: swapLast(field.text),
      evidence: {
        ...evidence,
        confidence: 0.41,
        candidates: [{ text: field.text, probability: 0.37 }],
      },
    };
  return {
    state: field.state,
    text: field.text,
    ...(field.normalized === undefined || field.state !== 'written'
      ? {}
      : { normalized: field.normalized }),
    evidence: { ...evidence, confidence: key === UNSURE ? 0.62 : 0.99 },
  };
}

const onCover = (text: string): FieldValues[string] => ({
  state: 'written',
  text,
  normalized: text,
  evidence: { source: 'book', candidates: [], rules: [] },
});

/**
 * Puts `count` drawn pages with their prefilled records into a book, as the workers would leave
 * them: one field misread with the truth among its candidates, one unsure, one unread.
 */
export async function addDrawnRecords(
  { store, blobs }: System,
  bookId: BookId,
  count: number,
  options: { readonly seed?: number; readonly ageing?: 'none' | 'light' } = {},
): Promise<readonly DrawnRecord[]> {
  const { seed = 7, ageing = 'none' } = options;
  const drawn = openBook({ form: 'birth-2006', layout: 1, seed, ink: 'hand', ageing });
  const { number, place } = await store.books.byId(bookId);
  const cover = { quyenSo: onCover(number), noiDangKy: onCover(place) };
  const scans = [];
  for (let index = 0; index < count; index++) scans.push(await drawn.page(index));
  const { document } = await store.documents.create({
    bookId,
    name: `quyen-${seed}.pdf`,
    bytes: scans.reduce((sum, s) => sum + s.jpeg.length, 0),
    sha256: createHash('sha256').update(`${bookId} ${seed}`).digest('hex'),
    blobKey: `documents/${bookId}-${seed}.pdf`,
  });
  const images = [];
  for (const [index, { jpeg }] of scans.entries()) {
    const imageHash = createHash('sha256').update(jpeg).digest('hex');
    const imageKey = `pages/${imageHash}.jpg`;
    await blobs.put(imageKey, jpeg);
    const { width, height, dpi } = drawn.head;
    images.push({
      index,
      imageKey,
      imageHash,
      width,
      height,
      dpi,
      source: 'embedded' as const,
      quarterTurns: 0 as const,
    });
  }
  await store.documents.markSplit(document.id, images);
  const records: DrawnRecord[] = [];
  for (const page of await store.pages.ofDocument(document.id)) {
    const { truth } = scans[page.index]!;
    const values: FieldValues = { ...cover };
    for (const [key, field] of Object.entries(truth.fields)) {
      const value = prefilled(key, field, page.id);
      if (value) values[key] = value;
    }
    for (const stage of ['straighten', 'place', 'read'] as const)
      await store.pages.finish(page.id, { stage, version: 1, output: {}, seconds: 0 });
    const { recordId } = await store.records.createPrefilled({
      bookId,
      pages: [{ pageId: page.id, box: { x: 0, y: 0, w: 1, h: 1 } }],
      values,
      effect: `test:${page.id}`,
      finish: { pageId: page.id, stage: 'prefill', version: 1, output: {}, seconds: 0 },
    });
    records.push({ id: recordId, truth });
  }
  return records;
}
