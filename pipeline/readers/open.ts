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
