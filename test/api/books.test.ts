import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BookSummary } from '../../api/contract.ts';
import type { BookId, DocumentId } from '../../models/ids.ts';
import { type Call, makeRecord, NEW_BOOK, OURS, openTestApp, type TestApp } from './support.ts';

let api: TestApp;
let intake: Call;
let address: string;
beforeAll(async () => {
  api = await openTestApp();
  intake = await api.as('tiepnhan');
  address = await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => api.close());

const create = async (more: object = {}): Promise<BookSummary> =>
  (await intake('POST', '/api/books', { payload: { ...NEW_BOOK, ...more } })).json().book;

describe('a book', () => {
  test('is taken in by what its cover says', async () => {
    const response = await intake('POST', '/api/books', { payload: NEW_BOOK });
    expect(response.statusCode).toBe(201);
    expect(response.json()).toMatchObject({
      book: {
        ...NEW_BOOK,
        register: 'KS',
        policy: { otherOrganisation: true },
        documents: 0,
        pages: 0,
        records: { prefilled: 0, approved: 0 },
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
      documents: [],
    });
  });

  test('of a form that does not exist is refused', async () => {
    const response = await intake('POST', '/api/books', { payload: { ...NEW_BOOK, form: 'x' } });
    expect([response.statusCode, response.json().error.kind]).toEqual([404, 'notFound']);
  });

  test('with a wrong cover is refused by the names of what is wrong, without its values', async () => {
    const response = await intake('POST', '/api/books', {
      payload: { ...NEW_BOOK, number: 'Nguyễn Văn Bí Mật', place: '' },
    });
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toMatchObject({ kind: 'invalid' });
    expect(response.json().error.detail).toMatch(/body\.place/);
    expect(response.json().error.detail).toMatch(/body\.number/);
    expect(response.body).not.toContain('Bí Mật');
  });

  test('is found by words of its cover without diacritics', async () => {
    const { id } = await create({ place: 'UBND xã Ổi Lởi', placeShort: 'Ổi Lởi' });
    const found = await intake('GET', '/api/books?search=oi%20loi');
    expect(found.json().items.map((b: BookSummary) => b.id)).toEqual([id]);
  });

  test('counts its pages and records', async () => {
    const { id } = await create();
    await makeRecord(api.system, id);
    await makeRecord(api.system, id);
    const { book, documents } = (await intake('GET', `/api/books/${id}`)).json();
    expect(book).toMatchObject({ documents: 2, pages: 2, records: { prefilled: 2 } });
    expect(documents[0]).toMatchObject({ state: 'split', pageCount: 1 });
    const pages = (await intake('GET', `/api/books/${id}/pages?limit=1`)).json();
    expect(pages).toMatchObject({ total: 2, items: [{ index: 0, next: 'straighten' }] });
    expect(JSON.stringify(pages)).not.toContain('imageKey');
  });
});

describe('what failed', () => {
  async function failing() {
    const { id } = await create();
    const { pageId } = await makeRecord(api.system, id);
    await makeRecord(api.system, id);
    await api.system.store.pages.fail(pageId, 'straighten', {
      kind: 'pageUnreadable',
      message: 'x',
    });
    return { id, pageId };
  }

  test('is listed with what to do', async () => {
    const { id, pageId } = await failing();
    const { items, total } = (await intake('GET', `/api/books/${id}/pages?only=failed`)).json();
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({
      id: pageId,
      failedStage: 'straighten',
      failure: {
        kind: 'pageUnreadable',
        message: expect.stringContaining('quét lại'),
        messageEn: expect.stringContaining('Scan'),
      },
    });
  });

  test('is tried again, one page or all of a book', async () => {
    const one = await failing();
    const retried = await intake('POST', `/api/pages/${one.pageId}/retry`);
    expect(retried.json()).toEqual({ documents: 0, pages: 1 });
    const twice = await intake('POST', `/api/pages/${one.pageId}/retry`);
    expect([twice.statusCode, twice.json().error.kind]).toEqual([409, 'notAllowedNow']);

    const many = await failing();
    const all = await intake('POST', `/api/books/${many.id}/retry`);
    expect(all.json()).toEqual({ documents: 0, pages: 1 });
    expect((await intake('POST', `/api/books/${many.id}/retry`)).json()).toEqual({
      documents: 0,
      pages: 0,
    });
  });

  test('also a document', async () => {
    const { id } = await create();
    const { document } = await api.system.store.documents.create({
      bookId: id as BookId,
      name: 'hỏng.pdf',
      bytes: 1,
      sha256: 'a'.repeat(64),
      blobKey: 'documents/aa',
    });
    await api.system.store.documents.fail(document.id, { kind: 'notPdf', message: 'x' });
    const seen = (await intake('GET', `/api/documents/${document.id}`)).json();
    expect(seen.failure.message).toContain('PDF');
    expect(seen.blobKey).toBeUndefined();
    const retried = await intake('POST', `/api/documents/${document.id}/retry`);
    expect(retried.json()).toEqual({ documents: 1, pages: 0 });
    const now = await api.system.store.documents.byId(document.id as DocumentId);
    expect(now.state).toBe('waiting');
  });
});

test('a page is said to be a cover, and the lists of pages follow', async () => {
  const { id } = await create();
  const { pageId } = await makeRecord(api.system, id);
  const say = (payload: object) => intake('PATCH', `/api/pages/${pageId}`, { payload });
  // It is straightened all the same: its image may show a right page that nobody has spoken of.
  expect((await say({ kind: 'cover' })).json()).toMatchObject({
    kind: 'cover',
    next: 'straighten',
  });
  const pages = (await intake('GET', `/api/books/${id}/pages?only=withoutRecord`)).json();
  expect(pages).toMatchObject({ total: 1, items: [{ id: pageId, kindBy: 'person' }] });
  expect((await intake('GET', `/api/records?bookId=${id}`)).json().total).toBe(0);
  expect((await say({})).statusCode).toBe(400);
  expect((await say({ kind: null })).json()).toMatchObject({ next: 'straighten' });
  expect((await intake('GET', `/api/records?bookId=${id}`)).json().total).toBe(1);
});

describe('live progress', () => {
  /** Reads events until `enough` says so. */
  async function listen(url: string, enough: (books: BookSummary[]) => boolean, then = () => {}) {
    const cookie = await api.signIn('xem');
    const stop = new AbortController();
    const response = await fetch(`${address}${url}`, { headers: { cookie }, signal: stop.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const books: BookSummary[] = [];
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of Readable.fromWeb(response.body as never)) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = /^data: (.*)$/m.exec(text.slice(0, end));
        text = text.slice(end + 2);
        if (!data) continue;
        books.push(JSON.parse(data[1]!));
        if (books.length === 1) then();
      }
      if (enough(books)) break;
    }
    stop.abort();
    return books;
  }

  test('of a book comes at once and with every change', async () => {
    const { id } = await create();
    const books = await listen(
      `/api/books/${id}/events`,
      (all) => (all.at(-1)?.records.prefilled ?? 0) === 1,
      () => void makeRecord(api.system, id as BookId),
    );
    expect(books[0]).toMatchObject({ id, pages: 0 });
    expect(books.at(-1)).toMatchObject({ id, pages: 1, records: { prefilled: 1 } });
  });

  test('of all books tells of each', async () => {
    const a = await create();
    const b = await create();
    const books = await listen(
      '/api/events',
      (all) => all.some((book) => book.id === b.id && book.pages === 1),
      () => void makeRecord(api.system, b.id as BookId),
    );
    expect(books.some((book) => book.id === a.id)).toBe(true);
  });

  test('of a book that is not there is a 404', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect((await intake('GET', `/api/books/${unknown}/events`)).statusCode).toBe(404);
  });

  test('ends when the server closes', async () => {
    const other = await openTestApp();
    const url = await other.app.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`${url}/api/events`, {
      headers: { ...OURS, cookie: await other.signIn('xem') },
    });
    const reading = response.text();
    await other.close();
    await reading;
  });
});

test('forms come as data that a screen can draw', async () => {
  const { items } = (await intake('GET', '/api/forms')).json();
  const birth = items.find((f: { id: string }) => f.id === 'birth-2006');
  expect(birth.register).toMatchObject({ code: 'KS', vi: expect.any(String) });
  expect(birth.fields.map((f: { key: string }) => f.key).slice(0, 3)).toEqual([
    'trangSo',
    'so',
    'nksHoTen',
  ]);
  expect(birth.bookFields.map((f: { key: string }) => f.key)).toEqual(['quyenSo', 'noiDangKy']);
  const sex = birth.fields.find((f: { key: string }) => f.key === 'nksGioiTinh');
  const { lists } = (await intake('GET', '/api/code-lists')).json();
  expect(lists[sex.list].items.length).toBeGreaterThan(1);
});
