import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { Truth, type TruthPage } from '../truth.ts';
import type { DrawnBook } from './book.ts';

/** A4 in points. */
const A4 = { width: 595.28, height: 841.89 };
// PDFs with nothing in them but the book give the same bytes each time.
const DRAWN = new Date('2026-01-01T00:00:00Z');

/**
 * Draws `count` pages from page `first` on and writes `book.pdf` and `truth.json` into `folder`.
 * Indices in the truth count from the beginning of this PDF.
 */
export async function writeBook(
  book: DrawnBook,
  folder: string,
  { count, first = 0, onPage }: { count: number; first?: number; onPage?: (done: number) => void },
): Promise<Truth> {
  const pdf = await PDFDocument.create();
  pdf.setCreationDate(DRAWN);
  pdf.setModificationDate(DRAWN);
  pdf.setProducer('samples/draw');
  pdf.setTitle(`${book.head.book.place}, ${book.head.book.number}`);
  const pages: TruthPage[] = [];
  for (let i = 0; i < count; i++) {
    const { jpeg, truth } = await book.page(first + i);
    const image = await pdf.embedJpg(jpeg);
    pdf.addPage([A4.width, A4.height]).drawImage(image, { x: 0, y: 0, ...A4 });
    pages.push({ ...truth, index: i });
    onPage?.(i + 1);
  }
  const truth = Truth.parse({ ...book.head, pages });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'book.pdf'), await pdf.save());
  writeFileSync(join(folder, 'truth.json'), `${JSON.stringify(truth, null, 1)}\n`);
  return truth;
}
