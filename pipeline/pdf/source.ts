import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Failure } from '../../models/failures.ts';

/** How far into a file its `%PDF-` may stand. */
const HEADER_WITHIN = 1024 * 1024;
const HEADER = Buffer.from('%PDF-1.7\n');
const WINDOW = 64 * 1024;
/** pdfium addresses a file with 32 bits. */
const MOST_BYTES = 0xffff_ffff;

/** The bytes of a PDF file, read piece by piece: a file of any size costs no memory. */
export interface PdfSource {
  readonly size: number;
  /** Fills `target` from `position` and returns how many bytes there were. */
  read(target: Uint8Array, position: number): number;
  /** The position of `needle` at or after `from`, or -1. */
  indexOf(needle: string, from: number): number;
  /** The same file with `text` behind its end; closing either closes the file. */
  withTail(text: string): PdfSource;
  close(): void;
}

/**
 * Opens a file as a PDF. Bytes in front of the header are skipped, and a file without a header
 * that holds PDF objects gets one, as other readers do.
 * @throws Failure `empty`, `notPdf`, `tooLarge`
 */
export function openSource(path: string): PdfSource {
  const file = openSync(path, 'r');
  try {
    const size = fstatSync(file).size;
    if (size === 0) throw new Failure('empty');
    const head = Buffer.alloc(Math.min(size, HEADER_WITHIN));
    readSync(file, head, 0, head.length, 0);
    const header = head.indexOf('%PDF-');
    if (header >= 0) return sourceOf(file, size, header, '', '');
    if (
      head.includes('%PDF') ||
      /\d\s+\d+\s+obj\b/.test(head.subarray(0, WINDOW).toString('latin1'))
    )
      return sourceOf(file, size, 0, HEADER.toString(), '');
    throw new Failure('notPdf');
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** The file's bytes from `start`, with `front` before and `tail` after them. */
function sourceOf(
  file: number,
  fileSize: number,
  start: number,
  front: string,
  tail: string,
): PdfSource {
  const before = Buffer.from(front, 'latin1');
  const after = Buffer.from(tail, 'latin1');
  const middle = fileSize - start;
  const size = before.length + middle + after.length;
  if (size > MOST_BYTES) throw new Failure('tooLarge');
  const window = Buffer.alloc(WINDOW);
  let windowAt = 0;
  let windowLength = 0;

  /** Copies what of a piece that lies at `at` falls on `target`, which lies at `position`. */
  const lay = (piece: Uint8Array, at: number, target: Uint8Array, position: number): void => {
    const from = Math.max(at, position);
    const to = Math.min(at + piece.length, position + target.length);
    if (from < to) target.set(piece.subarray(from - at, to - at), from - position);
  };

  const readFile = (target: Uint8Array, position: number): void => {
    const from = Math.max(before.length, position);
    const to = Math.min(before.length + middle, position + target.length);
    if (from >= to) return;
    const part = target.subarray(from - position, to - position);
    const offset = from - before.length + start;
    if (part.length >= WINDOW) {
      readSync(file, part, 0, part.length, offset);
      return;
    }
    if (offset < windowAt || offset + part.length > windowAt + windowLength) {
      windowAt = offset;
      windowLength = readSync(file, window, 0, WINDOW, offset);
    }
    part.set(window.subarray(offset - windowAt, offset - windowAt + part.length));
  };

  const source: PdfSource = {
    size,
    read(target, position) {
      const length = Math.max(0, Math.min(target.length, size - position));
      lay(before, 0, target, position);
      readFile(target, position);
      lay(after, before.length + middle, target, position);
      return length;
    },
    indexOf(needle, from) {
      const piece = Buffer.alloc(1024 * 1024);
      for (let at = from; at < size; at += piece.length - needle.length) {
        const found = piece.subarray(0, source.read(piece, at)).indexOf(needle);
        if (found >= 0) return at + found;
      }
      return -1;
    },
    withTail: (text) => sourceOf(file, fileSize, start, front, tail + text),
    close: () => closeSync(file),
  };
  return source;
}
