import sharp from 'sharp';
import type { Book, Page } from '../models/books.ts';
import { FIELD_KINDS, type FieldGroup } from '../models/field-kinds.ts';
import type { BookId, PageId } from '../models/ids.ts';
import { registerOf } from '../models/registers/registry.ts';
import type { Layout } from '../pipeline/forms/layout.ts';
import { decodeScan, type Gray, type Scan, turnScan } from '../pipeline/image/gray.ts';
import { openWorking, type WorkingPage } from '../pipeline/image/working.ts';
import type { Readers } from '../pipeline/readers/fields.ts';
import type { ApprovedTexts } from '../pipeline/readers/line/language.ts';
import { openReaders, warmUp } from '../pipeline/readers/open.ts';
import { LayoutLabels } from '../pipeline/stages/place.ts';
import { Straightened } from '../pipeline/stages/straighten.ts';
import type { System } from '../pipeline/system.ts';

/** What handlers share within one worker process. */
export interface Context {
  readonly system: System;
  readonly readers: Readers;
  /** Decoded pages that the next stage of the same page will want. */
  readonly decoded: Recent<PageId, Promise<Scan>>;
  readonly working: Recent<PageId, Promise<WorkingPage>>;
  readonly books: Recent<BookId, Promise<Book>>;
  readonly approved: Recent<
    BookId,
    { readonly at: number; readonly texts: Promise<ApprovedTexts> }
  >;
  /** Pictures of known layouts by blob key. */
  readonly layouts: Recent<string, Promise<Gray>>;
  close(): Promise<void>;
}

/** The last few values by key. */
export interface Recent<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): V;
  delete(key: K): void;
}

/** Keeps the `size` values that were used last. */
export function recent<K, V>(size: number): Recent<K, V> {
  const map = new Map<K, V>();
  return {
    get(key) {
      const value = map.get(key);
      if (value !== undefined) {
        map.delete(key);
        map.set(key, value);
      }
      return value;
    },
    set(key, value) {
      map.delete(key);
      map.set(key, value);
      for (const oldest of map.keys()) {
        if (map.size <= size) break;
        map.delete(oldest);
      }
      return value;
    },
    delete: (key) => void map.delete(key),
  };
}

/** Opens the readers, which get ready meanwhile; what they hold is freed by `close`. */
export function openContext(system: System): Context {
  // libvips' own threads would fight with the reader's over the same cores.
  sharp.concurrency(1);
  sharp.cache(false);
  const readers = openReaders(system.settings.lineModel);
  void warmUp(readers);
  return {
    system,
    readers,
    decoded: recent(3),
    working: recent(3),
    books: recent(50),
    approved: recent(50),
    layouts: recent(8),
    close: () => readers.close(),
  };
}

/** A book's data never changes what a stage makes of a page, save its form, number and place. */
export function bookOf(context: Context, id: BookId): Promise<Book> {
  return context.books.get(id) ?? context.books.set(id, context.system.store.books.byId(id));
}

/** So many records tell how a book's people and places are called. */
const APPROVED_RECORDS = 200;
/** What was approved a moment ago may wait. */
const APPROVED_FOR_MS = 60_000;

/** What people approved in the book lately, by kind of field. */
export function approvedOf(context: Context, book: Book): Promise<ApprovedTexts> {
  const known = context.approved.get(book.id);
  if (known && Date.now() - known.at < APPROVED_FOR_MS) return known.texts;
  const { fields } = registerOf(book.register);
  const texts = context.system.store.records
    .approvedTexts(book.id, APPROVED_RECORDS)
    .then((rows) => {
      const byGroup: Partial<Record<FieldGroup, string[]>> = {};
      for (const { key, text } of rows) {
        const field = fields[key];
        if (!field) continue;
        const { group } = FIELD_KINDS[field.kind];
        const own = byGroup[group] ?? [];
        own.push(text);
        byGroup[group] = own;
      }
      return byGroup;
    });
  texts.catch(() => context.approved.delete(book.id));
  return context.approved.set(book.id, { at: Date.now(), texts }).texts;
}

/**
 * The page ready for measuring: from memory when this process straightened it a moment ago, else
 * decoded again.
 */
export function workingPage(context: Context, page: Page, output: unknown): Promise<WorkingPage> {
  const known = context.working.get(page.id);
  if (known) return known;
  const opened = (async () => {
    const straightened = Straightened.parse(output);
    const scan = await (context.decoded.get(page.id) ?? decodedPage(context, page, straightened));
    return openWorking(scan, straightened.upright, straightened.dpi ?? page.dpi);
  })();
  opened.catch(() => context.working.delete(page.id));
  return context.working.set(page.id, opened);
}

async function decodedPage(
  { system }: Context,
  page: Page,
  { imageKey, upright }: Straightened,
): Promise<Scan> {
  const image = await system.blobs.get(imageKey ?? page.imageKey);
  return turnScan(await decodeScan(image, system.settings.pageMaxPixels), upright.quarterTurns);
}

/** The layouts that earlier pages of the book taught, newest first. */
export async function layoutsOf(context: Context, bookId: BookId, form: string): Promise<Layout[]> {
  const rows = await context.system.store.layouts.ofBook(bookId);
  return Promise.all(
    rows
      .filter((row) => row.form === form && row.blobKey)
      .slice(-4)
      .reverse()
      .map(async (row) => {
        const key = row.blobKey!;
        const half = context.layouts.get(key) ?? context.layouts.set(key, picture(context, key));
        return { half: await half, labels: LayoutLabels.parse(row.data) };
      }),
  );
}

async function picture({ system }: Context, key: string): Promise<Gray> {
  const { data, info } = await sharp(await system.blobs.get(key))
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
