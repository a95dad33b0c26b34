import type { Readable } from 'node:stream';

/**
 * Files by key: scans as received, page images, crops, exports. A key is relative, made of
 * `[A-Za-z0-9._-]` parts joined by `/`, and holds ids and hashes, never a person's name.
 * A key that is anything else is refused with Failure `invalid`.
 */
export interface Blobs {
  /**
   * Stores all of it or nothing: a reader sees the old content or the new, and when this resolves
   * the bytes are on the disk.
   */
  put(key: string, content: Uint8Array | Readable): Promise<void>;
  /** {@link put} of a local file, which is gone afterwards: renamed where that is possible, else copied. */
  take(key: string, file: string): Promise<void>;
  /** The whole content; Failure `notFound` when there is none. */
  get(key: string): Promise<Buffer>;
  /**
   * The content as a stream, from byte `start` to byte `end` inclusive. What is not there becomes
   * the stream's error, Failure `notFound`.
   */
  stream(key: string, range?: { readonly start?: number; readonly end?: number }): Readable;
  /** Bytes; Failure `notFound`. */
  size(key: string): Promise<number>;
  has(key: string): Promise<boolean>;
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>;
  /** All keys that begin with the prefix, in no order. */
  list(prefix?: string): AsyncIterable<string>;
  /** Where a local file with the content would be, for programs that want a path. */
  path?(key: string): string;
}
