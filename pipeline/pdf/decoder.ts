import process from 'node:process';
import { Failure, type FailureData } from '../../models/failures.ts';
import { agreePages, type ListedPage, type PageRef } from './agree.ts';
import { embeddedScan } from './embedded.ts';
import { type Outline, readOutline } from './outline.ts';
import { type PdfiumDocument, startPdfium } from './pdfium.ts';
import type { Answer, Ask, SplitPage } from './protocol.ts';
import { completeJpeg, renderPage } from './render.ts';
import { openSource, type PdfSource } from './source.ts';

/*
 * The process in which PDFs are parsed and drawn. It may hang, trap or fill its memory: the parent
 * (`sandbox.ts`) ends it then. It never writes a file.
 */

type Open = Extract<Ask, { ask: 'open' }>;

interface Opened {
  readonly settings: Open;
  readonly document: PdfiumDocument;
  readonly outline: Outline | undefined;
  readonly pages: readonly PageRef[];
}

/** Bytes of streams after which pdfium is made to forget what it has read. */
const REFRESH_AFTER = 64 * 1024 * 1024;

const pdfium = await startPdfium();
let opened: Opened | undefined;
let bytesSinceRefresh = 0;

async function open(settings: Open): Promise<Answer> {
  const source = openSource(settings.path);
  const outline = settings.secondOpinion ? await readOutline(source, settings.maxPages) : undefined;
  const document = openDocument(source, outline, settings.password);
  const listed = listPages(document, outline, settings.maxPages);
  const pages = agreePages(listed, outline?.pages);
  if (pages.length > settings.maxPages)
    throw new Failure('tooManyPages', `more than ${settings.maxPages}`);
  if (pages.length === 0) throw new Failure('noPages');
  if (pages.every((page) => page.failure?.kind === 'pageTree')) throw new Failure('pageTree');
  opened = { settings, document, outline, pages };
  return { answer: 'opened', pages: pages.length, agreed: outline !== undefined };
}

/** A file whose catalogue pdfium does not find gets a trailer that names the one in the outline. */
function openDocument(
  source: PdfSource,
  outline: Outline | undefined,
  password: string | undefined,
): PdfiumDocument {
  try {
    return pdfium.open(source, password);
  } catch (error) {
    const mendable = error instanceof Failure && error.kind === 'truncated';
    if (!mendable || !outline?.pages.some((page) => page.state === 'present')) throw error;
    // The file may end inside a stream.
    const tail = [
      '\nendstream\nendobj',
      'trailer',
      `<< /Root ${outline.root} R /Size 8388607 >>`,
      'startxref',
      '0',
      '%%EOF\n',
    ].join('\n');
    return pdfium.open(source.withTail(tail), password);
  }
}

function listPages(
  document: PdfiumDocument,
  outline: Outline | undefined,
  maxPages: number,
): ListedPage[] {
  const count = document.pageCount;
  // A count beyond the limit may be a lie: the other reader's list decides alone.
  if (count > maxPages && outline) return [];
  if (count > maxPages) throw new Failure('tooManyPages', `more than ${maxPages}`);
  return Array.from({ length: count }, (_, index) => {
    const objectNumber = document.objectNumber(index);
    if (objectNumber !== 0) return { objectNumber, loads: true };
    const page = document.page({ index });
    page?.close();
    return { objectNumber, loads: page !== undefined };
  });
}

async function readPage(index: number): Promise<SplitPage> {
  const { document, outline, pages, settings } = opened!;
  const ref = pages[index]!;
  if (ref.failure) throw new Failure(ref.failure.kind, ref.failure.detail);
  if (bytesSinceRefresh > REFRESH_AFTER) {
    document.refresh();
    bytesSinceRefresh = 0;
  }
  const page = document.page(
    ref.index === undefined ? { objectNumber: ref.objectNumber } : { index: ref.index },
  );
  if (!page) throw new Failure('pageUnreadable', 'the page cannot be loaded');
  try {
    const marks = page.marks();
    const images = ref.outline === undefined ? [] : (outline?.images(ref.outline) ?? []);
    if (images.length > 0 && images.every((image) => image.cut))
      throw new Failure('truncated', 'the file ends in the middle of this page');

    const scan = embeddedScan(page, marks, images);
    if (scan && scan.facts.width * scan.facts.height <= settings.maxPixels) {
      bytesSinceRefresh += scan.bytes.length;
      return {
        index,
        image: scan.facts.complete ? scan.bytes : await completeJpeg(scan.bytes),
        mime: 'image/jpeg',
        width: scan.facts.width,
        height: scan.facts.height,
        dpi: scan.dpi,
        source: 'embedded',
        quarterTurns: scan.quarterTurns,
      };
    }
    const drawn = await renderPage(page, marks, images, {
      dpi: settings.dpi,
      maxPixels: settings.maxPixels,
      memoryBytes: settings.memoryMb * 1024 * 1024,
    });
    if (drawn.blank && ref.outline !== undefined && outline) {
      if (outline.lacks(ref.outline))
        throw new Failure('pageUnreadable', 'the content of the page is not in the file');
      if (marks.length === 0 && outline.paints(ref.outline))
        throw new Failure('pageUnreadable', 'the content of the page cannot be read');
    }
    const { image, mime, width, height, dpi } = drawn;
    bytesSinceRefresh += REFRESH_AFTER / 8;
    return { index, image, mime, width, height, dpi, source: 'rendered', quarterTurns: 0 };
  } finally {
    page.close();
  }
}

async function answer(ask: Ask): Promise<Answer> {
  try {
    if (ask.ask === 'open') return await open(ask);
    return { answer: 'page', page: await readPage(ask.index) };
  } catch (error) {
    if (error instanceof Failure) return { answer: 'failed', failure: error.toData() };
    throw error;
  }
}

/** What a trap in pdfium or anything else unforeseen means; the process ends after it. */
function lastWords(error: unknown, memoryMb: number): FailureData {
  const full = pdfium.heapBytes() > 0.7 * memoryMb * 1024 * 1024;
  const memory = full || /out of memory|oom|allocation failed/i.test(String(error));
  return new Failure(memory ? 'outOfMemory' : 'crashed', String(error).slice(0, 200)).toData();
}

// pdf-lib reports each damaged object on the console.
console.warn = () => undefined;

process.on('disconnect', () => process.exit());

process.on('message', (ask: Ask) => {
  answer(ask).then(
    (reply) => process.send?.(reply),
    (error: unknown) => {
      const failure = lastWords(error, opened?.settings.memoryMb ?? 1024);
      const reply: Answer = { answer: 'failed', failure, ended: true };
      process.send?.(reply, () => process.exit(1));
    },
  );
});
