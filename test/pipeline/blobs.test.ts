import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openFolder } from '../../pipeline/blobs/folder.ts';
import { blobsContract } from '../contracts/blobs.ts';

const root = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-test-folder-'));
afterAll(() => fs.rm(root, { recursive: true, force: true }));

blobsContract('a folder', () => openFolder(path.join(root, 'blobs')));

test('only its owner reads the files of a folder', async () => {
  const blobs = await openFolder(path.join(root, 'private'));
  await blobs.put('a/b', Buffer.from('x'));
  expect((await fs.stat(path.join(root, 'private'))).mode & 0o077).toBe(0);
  expect((await fs.stat(blobs.path!('a/b'))).mode & 0o077).toBe(0);
});

test('a half-written file of a killed process is removed after a day and never listed', async () => {
  const folder = path.join(root, 'abandoned');
  await openFolder(folder);
  const [old, fresh] = ['old', 'fresh'].map((name) => path.join(folder, '.partial', name));
  await fs.writeFile(old!, 'x');
  await fs.writeFile(fresh!, 'x');
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await fs.utimes(old!, yesterday, yesterday);
  const blobs = await openFolder(folder);
  await expect(fs.access(old!)).rejects.toThrow();
  await expect(fs.access(fresh!)).resolves.toBeUndefined();
  for await (const key of blobs.list()) throw new Error(`listed ${key}`);
});
