import { createHash, randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Blobs } from '../../pipeline/blobs/port.ts';

const read = async (stream: Readable) => Buffer.concat(await stream.toArray());
const keys = async (blobs: Blobs, prefix?: string) => {
  const found: string[] = [];
  for await (const key of blobs.list(prefix)) found.push(key);
  return found.sort();
};

/** What every adapter of the port has to do. */
export function blobsContract(name: string, open: () => Promise<Blobs>): void {
  describe(`blobs in ${name}`, () => {
    let blobs: Blobs;
    let scratch: string;
    beforeAll(async () => {
      blobs = await open();
      scratch = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-test-blobs-'));
    });
    afterAll(() => fs.rm(scratch, { recursive: true, force: true }));

    test('give back what was put, as bytes and as a stream', async () => {
      const content = randomBytes(100_000);
      await blobs.put('pages/a/1.jpg', content);
      expect(await blobs.get('pages/a/1.jpg')).toEqual(content);
      expect(await read(blobs.stream('pages/a/1.jpg'))).toEqual(content);
      expect(await read(blobs.stream('pages/a/1.jpg', { start: 10, end: 19 }))).toEqual(
        content.subarray(10, 20),
      );
      expect(await blobs.size('pages/a/1.jpg')).toBe(100_000);
      expect(await blobs.has('pages/a/1.jpg')).toBe(true);
    });

    test('keep a content of 0 bytes', async () => {
      await blobs.put('empty', Buffer.alloc(0));
      await blobs.put('empty-stream', Readable.from([]));
      for (const key of ['empty', 'empty-stream']) {
        expect(await blobs.has(key)).toBe(true);
        expect(await blobs.size(key)).toBe(0);
        expect(await blobs.get(key)).toEqual(Buffer.alloc(0));
        expect(await read(blobs.stream(key))).toEqual(Buffer.alloc(0));
      }
    });

    test('stream a big content in and out without holding it in memory', async () => {
      const chunk = randomBytes(1 << 20);
      const count = 200;
      const expected = createHash('sha256');
      let largest = 0;
      function* chunks() {
        for (let i = 0; i < count; i++) {
          expected.update(chunk);
          largest = Math.max(largest, process.memoryUsage().arrayBuffers);
          yield chunk;
        }
      }
      const before = process.memoryUsage().arrayBuffers;
      await blobs.put('big', Readable.from(chunks()));
      const actual = createHash('sha256');
      for await (const part of blobs.stream('big')) {
        actual.update(part as Buffer);
        largest = Math.max(largest, process.memoryUsage().arrayBuffers);
      }
      expect(await blobs.size('big')).toBe(count << 20);
      expect(actual.digest('hex')).toBe(expected.digest('hex'));
      // A quarter of the content: room for garbage that is not yet collected.
      expect(largest - before).toBeLessThan((count / 4) << 20);
      await blobs.remove('big');
    });

    test('take a local file over', async () => {
      const file = path.join(scratch, randomUUID());
      await fs.writeFile(file, 'received');
      await blobs.take('received/1', file);
      expect((await blobs.get('received/1')).toString()).toBe('received');
      await expect(fs.access(file)).rejects.toThrow();
    });

    test.each([
      '',
      '/',
      '..',
      '../x',
      'a/../../x',
      'a/./b',
      '/etc/passwd',
      'a//b',
      'a/',
      'a\\..\\x',
      'C:/x',
      'a\0b',
      '.partial/x',
      'a/.hidden',
      'Nguyễn',
      'a b',
      'x'.repeat(300),
    ])('refuse the key %j', async (key) => {
      const refused = expect.objectContaining({ kind: 'invalid' });
      const file = path.join(scratch, 'mine');
      await fs.writeFile(file, 'mine');
      await expect(blobs.put(key, Buffer.from('x'))).rejects.toEqual(refused);
      await expect(blobs.take(key, file)).rejects.toEqual(refused);
      await expect(blobs.get(key)).rejects.toEqual(refused);
      await expect(blobs.has(key)).rejects.toEqual(refused);
      await expect((async () => blobs.remove(key))()).rejects.toEqual(refused);
      expect(() => blobs.stream(key)).toThrow(refused);
      if (blobs.path) expect(() => blobs.path?.(key)).toThrow(refused);
      expect(await fs.readFile(file, 'utf8')).toBe('mine');
    });

    test('say notFound for what is not there, also for a folder', async () => {
      await blobs.put('folder/file', Buffer.from('x'));
      const missing = expect.objectContaining({ kind: 'notFound' });
      for (const key of ['nothing', 'nothing/below', 'folder', 'folder/file/below']) {
        await expect(blobs.get(key)).rejects.toEqual(missing);
        await expect(blobs.size(key)).rejects.toEqual(missing);
        expect(await blobs.has(key)).toBe(false);
      }
      for (const key of ['nothing', 'nothing/below', 'folder/file/below']) {
        await expect(read(blobs.stream(key))).rejects.toEqual(missing);
      }
    });

    test('forget what was removed, and removing twice is no error', async () => {
      await blobs.put('gone', Buffer.from('x'));
      await blobs.remove('gone');
      await blobs.remove('gone');
      expect(await blobs.has('gone')).toBe(false);
    });

    test('list the keys below a prefix', async () => {
      for (const key of ['list/a/1', 'list/a/2', 'list/ab/1', 'list/b']) {
        await blobs.put(key, Buffer.from(key));
      }
      expect(await keys(blobs, 'list/a/')).toEqual(['list/a/1', 'list/a/2']);
      expect(await keys(blobs, 'list/a')).toEqual(['list/a/1', 'list/a/2', 'list/ab/1']);
      expect(await keys(blobs, 'list/')).toHaveLength(4);
      expect(await keys(blobs, 'none/')).toEqual([]);
      expect(await keys(blobs)).toEqual(expect.arrayContaining(['list/b']));
    });

    test('show a reader the old content or the new one, never a part', async () => {
      const versions = [1, 2].map((byte) => Buffer.alloc(3_000_000, byte));
      await blobs.put('whole', versions[0]!);
      let writing = true;
      const writer = (async () => {
        for (let i = 0; i < 20; i++) await blobs.put('whole', versions[i % 2]!);
        writing = false;
      })();
      let reads = 0;
      while (writing) {
        const content = await blobs.get('whole');
        expect(versions.some((version) => version.equals(content))).toBe(true);
        reads++;
      }
      await writer;
      expect(reads).toBeGreaterThan(0);
    });

    test('store nothing when the source breaks off', async () => {
      async function* broken() {
        yield Buffer.alloc(100_000);
        throw new Error('the line broke');
      }
      await expect(blobs.put('broken', Readable.from(broken()))).rejects.toThrow('the line broke');
      expect(await blobs.has('broken')).toBe(false);
      await blobs.put('kept', Buffer.from('old'));
      await expect(blobs.put('kept', Readable.from(broken()))).rejects.toThrow();
      expect((await blobs.get('kept')).toString()).toBe('old');
    });

    test('keep one whole content when two write at once', async () => {
      const versions = [3, 4].map((byte) => Buffer.alloc(500_000, byte));
      await Promise.all(versions.map((version) => blobs.put('race', version)));
      const content = await blobs.get('race');
      expect(versions.some((version) => version.equals(content))).toBe(true);
    });
  });
}
