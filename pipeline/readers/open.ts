import type { Gray } from '../image/gray.ts';
import type { Readers } from './fields.ts';
import { type LineModel, openLineReader } from './line/line.ts';
import { openTesseract } from './tesseract.ts';

/** Opens both readers, each in a thread that starts at its first use; `close` ends the threads. */
export function openReaders(model: LineModel): Readers & { close(): Promise<void> } {
  const print = openTesseract();
  const lines = openLineReader(model);
  return {
    print,
    lines,
    async close() {
      await Promise.all([print.close(), lines.close()]);
    },
  };
}

/**
 * Starts the threads before the first page comes, with one reading each: loading takes them a second
 * or two, which the first page of a quiet system would wait for. Readings that fail are left to be
 * told by a page.
 */
export async function warmUp({ print, lines }: Readers): Promise<void> {
  const image: Gray = { data: new Uint8Array(64 * 48).fill(255), width: 64, height: 48 };
  for (let y = 16; y < 32; y++) image.data.fill(0, y * 64 + 16, y * 64 + 48);
  const field = { image, soft: image };
  await Promise.allSettled([
    print.read(image, { shape: 'line' }),
    lines.readLines((['name', 'place', 'any'] as const).map((kind) => ({ field, kind }))),
  ]);
}
