import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { Truth, type TruthPage } from '../truth.ts';
import type { DrawnBook } from './book.ts';

const POINTS = 72;
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
  const { width, height, dpi } = book.head;
  const points = (pixels: number) => Math.round((pixels / dpi) * POINTS * 100) / 100;
  const paper = { width: points(width), height: points(height) };
  const pages: TruthPage[] = [];
  for (let i = 0; i < count; i++) {
    const { jpeg, truth, more } = await book.page(first + i);
    const image = await pdf.embedJpg(jpeg);
    pdf.addPage([paper.width, paper.height]).drawImage(image, { x: 0, y: 0, ...paper });
    for (const entry of [truth, ...more]) pages.push({ ...entry, index: i });
    onPage?.(i + 1);
  }
  const truth = Truth.parse({ ...book.head, pages });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'book.pdf'), await pdf.save());
  writeFileSync(join(folder, 'truth.json'), `${JSON.stringify(truth, null, 1)}\n`);
  return truth;
}
