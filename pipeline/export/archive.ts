import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipArchive } from 'archiver';
import yauzl from 'yauzl';
import { Failure } from '../../models/failures.ts';
import { flush } from './files.ts';

/** Every entry bears this time, so that the same content gives the same bytes. */
const NO_TIME = new Date(Date.UTC(1980, 0, 1));

export interface ZipWriter {
  /** Adds an entry and waits until it is written; `store` leaves it uncompressed. */
  add(name: string, content: Buffer | Readable, options?: { store?: boolean }): Promise<void>;
}

/** Bytes that may wait for the disk; the archiver itself takes stored entries without end. */
const AHEAD = 8 * 1024 ** 2;

/**
 * Writes a zip file entry by entry; memory holds an entry and a few megabytes. Sizes beyond 4 GB and
 * more than 65,535 entries become zip64. Equal entries in equal order give equal bytes.
 */
export async function writeZip(
  path: string,
  fill: (zip: ZipWriter) => Promise<void>,
): Promise<void> {
  const archive = new ZipArchive({ zlib: { level: 6 } });
  const file = createWriteStream(path);
  const written = pipeline(archive, file);
  // Awaited below; until then a failed disk must not count as unhandled.
  written.catch(() => undefined);
  let given = 0;
  try {
    await fill({
      async add(name, content, { store = false } = {}) {
        const added = once(archive, 'entry');
        archive.append(content, { name, date: NO_TIME, mode: 0o644, store });
        await Promise.race([added, written]);
        if (!store || !Buffer.isBuffer(content)) return;
        given += content.length;
        while (given - file.bytesWritten > AHEAD)
          await Promise.race([once(file, 'drain'), written]);
      },
    });
    await archive.finalize();
  } catch (error) {
    archive.abort();
    archive.destroy();
    await written.catch(() => undefined);
    throw error;
  }
  await written;
  await flush(path);
}

/**
 * All entries of a small zip file that came from outside.
 * @throws Failure `badTemplate` when it is no zip, or when it would unpack to more than `maxBytes`.
 */
export async function readZip(bytes: Buffer, maxBytes: number): Promise<Map<string, Buffer>> {
  const parts = new Map<string, Buffer>();
  let left = maxBytes;
  try {
    const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
      yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, file) =>
        error ? reject(error) : resolve(file),
      );
    });
    const open = (entry: yauzl.Entry) =>
      new Promise<Readable>((resolve, reject) => {
        zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
      });
    await new Promise<void>((resolve, reject) => {
      zip.on('error', reject);
      zip.on('end', resolve);
      zip.on('entry', (entry: yauzl.Entry) => {
        left -= entry.uncompressedSize;
        if (left < 0) return reject(new Error(`unpacks to more than ${maxBytes} bytes`));
        if (entry.fileName.endsWith('/')) return zip.readEntry();
        open(entry)
          .then(async (stream) => {
            // yauzl fails when an entry unpacks to more than it says.
            const chunks: Buffer[] = [];
            for await (const chunk of stream) chunks.push(chunk as Buffer);
            parts.set(entry.fileName, Buffer.concat(chunks));
            zip.readEntry();
          })
          .catch(reject);
      });
      zip.readEntry();
    });
  } catch (cause) {
    throw new Failure('badTemplate', (cause as Error).message, { cause });
  }
  return parts;
}
