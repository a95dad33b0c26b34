import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../../api/app.ts';
import type { BookId } from '../../models/ids.ts';
import { documentKey } from '../../pipeline/intake/take-in.ts';
import { NEW_BOOK, OURS, openTestApp, type TestApp } from './support.ts';

const MAX = 3_000_000;
let api: TestApp;
let address: string;
let folder: string;
let cookie: string;
let bookId: BookId;
beforeAll(async () => {
  api = await openTestApp({ maxUploadBytes: MAX });
  address = await api.app.listen({ host: '127.0.0.1', port: 0 });
  folder = path.join(api.system.settings.dataDir, 'uploads');
  cookie = await api.signIn('tiepnhan');
  bookId = (await api.system.store.books.create(NEW_BOOK)).id;
});
afterAll(() => api.close());

const base64 = (text: string) => Buffer.from(text).toString('base64');
const protocol = () => ({ ...OURS, cookie, 'tus-resumable': '1.0.0' });

async function begin(
  length: number,
  options: { name?: string; book?: string; headers?: object } = {},
) {
  const { name = 'quyển 1.pdf', book = bookId, headers = {} } = options;
  const response = await fetch(`${address}/api/uploads`, {
    method: 'POST',
    headers: {
      ...protocol(),
      'upload-length': String(length),
      'upload-metadata': `bookId ${base64(book)},filename ${base64(name)}`,
      ...headers,
    },
  });
  return { response, url: `${address}${response.headers.get('location')}` };
}

const patch = (url: string, offset: number, body: Uint8Array<ArrayBuffer>, headers: object = {}) =>
  fetch(url, {
    method: 'PATCH',
    headers: {
      ...protocol(),
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
      ...headers,
    },
    body,
  });

const head = (url: string) => fetch(url, { method: 'HEAD', headers: protocol() });
const bytes = (n: number) => new Uint8Array(randomBytes(n));

async function upload(body: Uint8Array<ArrayBuffer>, options: Parameters<typeof begin>[1] = {}) {
  const { url } = await begin(body.length, options);
  return { url, response: await patch(url, 0, body) };
}

describe('an upload', () => {
  test('becomes a document with its content, queued to be split', async () => {
    const body = bytes(200_000);
    const { response, url } = await upload(body);
    expect(response.status).toBe(200);
    const answer = await response.json();
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(answer).toMatchObject({
      state: 'finished',
      duplicate: false,
      document: { bookId, name: 'quyển 1.pdf', bytes: 200_000, sha256, state: 'waiting' },
    });
    expect(JSON.stringify(answer)).not.toContain('blobKey');
    expect(Buffer.compare(await api.system.blobs.get(documentKey(sha256)), body)).toBe(0);
    const jobs = await api.system.store.pages.pending();
    expect(jobs).toContainEqual({ stage: 'split', id: answer.document.id, attempt: 1 });
    expect((await api.system.queue.counts()).waiting).toBeGreaterThan(0);
    const id = url.split('/').at(-1)!;
    await expect(fs.access(path.join(folder, id))).rejects.toThrow();
  });

  test('goes on where it stopped', async () => {
    const body = bytes(300_000);
    const { url } = await begin(body.length);
    expect((await patch(url, 0, body.slice(0, 100_000))).status).toBe(204);
    const where = await head(url);
    expect(where.headers.get('upload-offset')).toBe('100000');
    expect((await patch(url, 50_000, body.slice(50_000))).status).toBe(409);
    const last = await patch(url, 100_000, body.slice(100_000));
    expect((await last.json()).document.sha256).toBe(
      createHash('sha256').update(body).digest('hex'),
    );
  });

  test('keeps what came before the connection broke', async () => {
    const body = bytes(400_000);
    const { url } = await begin(body.length);
    await new Promise<void>((resolve) => {
      const request = http.request(url, {
        method: 'PATCH',
        headers: {
          ...protocol(),
          'upload-offset': '0',
          'content-type': 'application/offset+octet-stream',
          'content-length': String(body.length),
        },
      });
      request.on('error', () => undefined);
      request.on('close', () => resolve());
      request.write(body.slice(0, 150_000), () => setTimeout(() => request.destroy(), 200));
    });
    const offset = Number((await head(url)).headers.get('upload-offset'));
    expect(offset).toBeGreaterThan(0);
    expect(offset).toBeLessThanOrEqual(150_000);
    const last = await patch(url, offset, body.slice(offset));
    expect((await last.json()).document.sha256).toBe(
      createHash('sha256').update(body).digest('hex'),
    );
  });

  test('that is finished says so to a client that missed the answer', async () => {
    const body = bytes(1000);
    const { url, response } = await upload(body);
    const first = await response.json();
    const offset = (await head(url)).headers.get('upload-offset');
    expect(offset).toBe('1000');
    expect(await (await fetch(url, { headers: { cookie } })).json()).toEqual(first);
    // A client that sends its last nothing again changes nothing.
    const again = await patch(url, 1000, new Uint8Array(0));
    expect(await again.json()).toEqual(first);
    const gone = await fetch(url, { method: 'DELETE', headers: protocol() });
    expect(gone.status).toBe(400);
  });

  test('that was given up is gone', async () => {
    const { url } = await begin(1000);
    expect((await (await fetch(url, { headers: { cookie } })).json()).state).toBe('receiving');
    expect((await fetch(url, { method: 'DELETE', headers: protocol() })).status).toBe(204);
    expect((await head(url)).status).toBe(404);
  });
});

describe('the same file', () => {
  test('in the same book is recognised and kept once', async () => {
    const body = bytes(50_000);
    const first = await (await upload(body, { name: 'a.pdf' })).response.json();
    const second = await (await upload(body, { name: 'b.pdf' })).response.json();
    expect(second).toMatchObject({
      duplicate: true,
      document: { id: first.document.id, name: 'a.pdf' },
      error: { kind: 'duplicate', message: expect.any(String) },
    });
  });

  test('in another book is a document of its own over the same bytes', async () => {
    const other = await api.system.store.books.create({ ...NEW_BOOK, number: '02/2008' });
    const body = bytes(50_000);
    const first = await (await upload(body)).response.json();
    const second = await (await upload(body, { book: other.id })).response.json();
    expect(second.duplicate).toBe(false);
    expect(second.document.id).not.toBe(first.document.id);
    expect(second.document.sha256).toBe(first.document.sha256);
  });

  test('sent twice at the same moment is one document', async () => {
    const body = bytes(80_000);
    const answers = await Promise.all(
      [1, 2, 3, 4].map(async () => (await upload(body)).response.json()),
    );
    expect(new Set(answers.map((a) => a.document.id)).size).toBe(1);
    expect(answers.filter((a) => !a.duplicate)).toHaveLength(1);
  });
});

describe('an upload is refused', () => {
  const refused = async (response: Response, status: number, kind: string) => {
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect((await response.json()).error).toMatchObject({ kind, message: expect.any(String) });
  };

  test('when it would be larger than the limit', async () => {
    await refused((await begin(MAX + 1)).response, 413, 'tooLarge');
  });

  test('when it sends more than it said', async () => {
    const { url } = await begin(1000);
    await refused(await patch(url, 0, bytes(2000)), 413, 'tooLarge');
  });

  test('when it is empty', async () => {
    await refused((await begin(0)).response, 422, 'empty');
  });

  test('without a book, a name, or for a book that is not there', async () => {
    const no = { headers: { 'upload-metadata': `bookId ${base64(bookId)}` } };
    await refused((await begin(10, no)).response, 400, 'invalid');
    await refused((await begin(10, { book: 'x' })).response, 400, 'invalid');
    const unknown = '00000000-0000-4000-8000-000000000000';
    await refused((await begin(10, { book: unknown })).response, 404, 'notFound');
  });

  test('to who is not signed in, may not take books in, or comes from elsewhere', async () => {
    await refused((await begin(10, { headers: { cookie: '' } })).response, 401, 'notSignedIn');
    const keyer = await api.signIn('nhap');
    await refused((await begin(10, { headers: { cookie: keyer } })).response, 403, 'forbidden');
    const { url } = await begin(10);
    const foreign = { 'sec-fetch-site': 'cross-site' };
    await refused(await patch(url, 0, bytes(10), foreign), 403, 'forbidden');
    const response = await fetch(url, {
      method: 'PATCH',
      headers: {
        cookie,
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      },
      body: bytes(10),
    });
    await refused(response, 403, 'forbidden');
  });

  test('when somebody else began it', async () => {
    const { url } = await begin(10);
    const boss = { cookie: await api.signIn('quantri') };
    await refused(await patch(url, 0, bytes(10), boss), 404, 'notFound');
    const seen = await fetch(url, { headers: boss });
    await refused(seen, 404, 'notFound');
  });

  test('by any address that is not one of its ids', async () => {
    for (const id of ['..%2f..%2fsecret', '%2e%2e', 'x.json', '../postmaster'])
      expect([400, 404]).toContain((await head(`${address}/api/uploads/${id}`)).status);
  });
});

test('a name from another computer is stored as a bare name', async () => {
  const names = {
    'C:\\Users\\a\\sổ.pdf': 'sổ.pdf',
    '../../etc/passwd': 'passwd',
    '<script>alert(1)</script>.pdf': 'script>.pdf',
    'a\u202Efdp.exe': 'a fdp.exe',
  };
  for (const [sent, stored] of Object.entries(names)) {
    const answer = await (await upload(bytes(100), { name: sent })).response.json();
    expect(answer.document.name).toBe(stored);
  }
});

describe('a process that is killed', () => {
  /** A new app over the folders that the old one left, as after a crash. */
  async function restart() {
    const app = await buildApp(api.system);
    await app.uploads.sweep();
    await app.close();
  }
  const documents = async (sha256: string) =>
    (await api.system.store.documents.ofBook(bookId)).filter((d) => d.sha256 === sha256);

  /** An upload whose bytes have all arrived, and nothing after that. */
  async function arrived(body: Uint8Array<ArrayBuffer>) {
    const { url } = await begin(body.length);
    const id = url.split('/').at(-1)!;
    await fs.writeFile(path.join(folder, id), body);
    return { id, url, sha256: createHash('sha256').update(body).digest('hex') };
  }
  const receipt = (sha256: string, length: number) =>
    JSON.stringify({ bookId, name: 'r.pdf', bytes: length, sha256, at: new Date() });

  test('before the last byte was answered loses no file', async () => {
    const { sha256, url } = await arrived(bytes(10_000));
    await restart();
    const [document] = await documents(sha256);
    expect(document).toMatchObject({ name: 'quyển 1.pdf', state: 'waiting' });
    await restart();
    expect(await documents(sha256)).toHaveLength(1);
    expect((await (await fetch(url, { headers: { cookie } })).json()).document.id).toBe(
      document!.id,
    );
  });

  test('between moving the file and naming its document loses no file', async () => {
    const body = bytes(10_000);
    const { id, sha256 } = await arrived(body);
    await fs.writeFile(path.join(folder, `${id}.receipt`), receipt(sha256, body.length));
    await api.system.blobs.take(documentKey(sha256), path.join(folder, id));
    await restart();
    expect(await documents(sha256)).toHaveLength(1);
  });

  test('between the document and its receipt makes no second one and calls it no duplicate', async () => {
    const body = bytes(10_000);
    const { id, sha256, url } = await arrived(body);
    await fs.writeFile(path.join(folder, `${id}.receipt`), receipt(sha256, body.length));
    const blobKey = documentKey(sha256);
    await api.system.blobs.take(blobKey, path.join(folder, id));
    const name = 'r.pdf';
    await api.system.store.documents.create({ bookId, name, bytes: body.length, sha256, blobKey });
    await restart();
    expect(await documents(sha256)).toHaveLength(1);
    expect((await (await fetch(url, { headers: { cookie } })).json()).duplicate).toBe(false);
  });

  test('leaves unfinished uploads to go on, until they are too old', async () => {
    const body = bytes(10_000);
    const { url } = await begin(body.length);
    const id = url.split('/').at(-1)!;
    await patch(url, 0, body.slice(0, 4000));
    await restart();
    expect((await head(url)).headers.get('upload-offset')).toBe('4000');
    const old = new Date(Date.now() - 5 * 24 * 3_600_000);
    for (const name of [id, `${id}.json`]) await fs.utimes(path.join(folder, name), old, old);
    await restart();
    expect((await head(url)).status).toBe(404);
    expect((await fs.readdir(folder)).filter((name) => name.startsWith(id))).toEqual([]);
  });
});
