import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordAnswer } from '../../api/contract.ts';
import { isBlank, itemsOf } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { BookId, PageId, RecordId } from '../../models/ids.ts';
import { uprightOf } from '../../pipeline/image/upright.ts';
import { type Call, makeRecord, NEW_BOOK, openTestApp, PAGE, type TestApp } from './support.ts';

let api: TestApp;
let call: Call;
let bookId: BookId;
let recordId: RecordId;
let pageId: PageId;
beforeAll(async () => {
  api = await openTestApp();
  call = await api.as('xem');
  bookId = (await api.system.store.books.create(NEW_BOOK)).id;
  ({ recordId, pageId } = await makeRecord(api.system, bookId));
});
afterAll(() => api.close());

const cached = async (prefix: string) => {
  const keys: string[] = [];
  for await (const key of api.system.blobs.list(prefix)) keys.push(key);
  return keys;
};

describe('a page', () => {
  test('comes as WebP in the width asked for, and stays out of every cache but ours', async () => {
    const response = await call('GET', `/api/pages/${pageId}/image?width=800`);
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const { width, height, format } = await sharp(response.rawPayload).metadata();
    expect([width, height, format]).toEqual([
      800,
      Math.round((800 * PAGE.height) / PAGE.width),
      'webp',
    ]);
    expect(await cached('cache/pages/')).toHaveLength(1);
    const again = await call('GET', `/api/pages/${pageId}/image?width=800`);
    expect(Buffer.compare(again.rawPayload, response.rawPayload)).toBe(0);
    expect(await cached('cache/pages/')).toHaveLength(1);
  });

  test('is never enlarged', async () => {
    const response = await call('GET', `/api/pages/${pageId}/image?width=2400`);
    expect((await sharp(response.rawPayload).metadata()).width).toBe(PAGE.width);
  });

  test('is served in few sizes, so that nobody fills the disk', async () => {
    for (const width of ['801', '0', '-1', '1e9', '99999999', 'x', '800px'])
      expect((await call('GET', `/api/pages/${pageId}/image?width=${width}`)).statusCode).toBe(400);
  });

  test('that is not there is a 404', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect((await call('GET', `/api/pages/${unknown}/image`)).statusCode).toBe(404);
    expect((await call('GET', '/api/pages/../image')).statusCode).toBe(404);
  });

  test('is turned upright as soon as it is known how it lies', async () => {
    const turned = await makeRecord(api.system, bookId);
    const upright = uprightOf({ width: PAGE.height, height: PAGE.width }, 0, 1);
    await api.system.store.pages.finish(turned.pageId, {
      stage: 'straighten',
      version: 1,
      output: { upright },
      seconds: 1,
    });
    const response = await call('GET', `/api/pages/${turned.pageId}/image?width=400`);
    const { width, height } = await sharp(response.rawPayload).metadata();
    expect(width).toBe(400);
    expect(height).toBeLessThan(400);
    const record = (await call('GET', `/api/records/${turned.recordId}`)).json();
    expect(record.pages[0]).toMatchObject({ width: PAGE.height, height: PAGE.width });
  });
});

describe('a crop', () => {
  test('of a field shows its place on the page with a little around it', async () => {
    const response = await call('GET', `/api/records/${recordId}/crop/so?height=48`);
    expect(response.statusCode).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    const image = sharp(response.rawPayload);
    const { width, height } = await image.metadata();
    expect(height).toBe(48);
    expect(width).toBeGreaterThan(48 * 4);
    // The bar that the page shows there is dark.
    const { channels } = await image.stats();
    expect(channels[1]!.min).toBeLessThan(60);
    expect(await cached('cache/fields/')).toHaveLength(1);
  });

  test('of a field that the machine left open shows where the form has it', async () => {
    const open = await makeRecord(api.system, bookId);
    const form = formOf('birth-2006');
    const item = itemsOf(form).findIndex((i) => isBlank(i) && i.blank.includes('nksDanToc'));
    const box = { x: 0.1, y: 0.5, w: 0.4, h: 0.02 };
    const outputs = {
      straighten: {},
      place: { form: form.id, formVersion: form.version },
      read: {
        reader: 'test',
        blanks: [{ item, state: 'written', text: '', words: [], reader: 'test', box }],
        choices: [],
        missing: [],
      },
    };
    for (const [stage, output] of Object.entries(outputs) as [keyof typeof outputs, unknown][])
      await api.system.store.pages.finish(open.pageId, { stage, version: 1, output, seconds: 0 });
    const record: RecordAnswer = (await call('GET', `/api/records/${open.recordId}`)).json();
    expect(record.values.nksDanToc).toBeUndefined();
    expect(record.places.nksDanToc).toEqual({ pageId: open.pageId, box });
    // What a value says itself goes before.
    expect(record.places.so?.box).toEqual(record.values.so?.evidence.box);
    const crop = await call('GET', `/api/records/${open.recordId}/crop/nksDanToc?height=48`);
    expect(crop.statusCode).toBe(200);
    expect((await sharp(crop.rawPayload).metadata()).width).toBeGreaterThan(48 * 5);
  });

  test('of a column of notes does not become the whole page', async () => {
    const { store } = api.system;
    const { record, state } = await store.records.state(recordId);
    const { so } = state.values;
    const column = { x: 0.8, y: 0.1, w: 0.1, h: 0.8 };
    const { recordId: noted } = await store.records.createPrefilled({
      bookId,
      pages: [{ pageId, box: record.pages[0]!.box }],
      entry: 1,
      values: { ghiChu: { ...so!, evidence: { ...so!.evidence, box: column } } },
      effect: 'test:column',
    });
    const response = await call('GET', `/api/records/${noted}/crop/ghiChu?height=384`);
    const { width, height } = await sharp(response.rawPayload).metadata();
    expect(width / height).toBeLessThan((1.4 * column.w * PAGE.width) / (column.h * PAGE.height));
  });

  test('of a field without a place on the page is a 404', async () => {
    for (const field of ['nksDanToc', '__proto__', 'constructor'])
      expect((await call('GET', `/api/records/${recordId}/crop/${field}`)).statusCode).toBe(404);
  });

  test('of any box is cut from the page, clipped at its edges, and not kept', async () => {
    const before = await cached('cache/');
    const crop = (query: string) => call('GET', `/api/pages/${pageId}/crop?${query}`);
    const response = await crop('x=0.05&y=0.3&w=0.5&h=0.1&width=400');
    expect((await sharp(response.rawPayload).metadata()).width).toBe(400);
    expect((await crop('x=0.9&y=0.9&w=1&h=1')).statusCode).toBe(200);
    expect((await crop('x=1&y=1&w=1&h=1')).statusCode).toBe(200);
    for (const bad of ['x=2&y=0&w=1&h=1', 'x=0&y=0&w=0&h=1', 'x=0&y=0&w=NaN&h=1', 'x=0&y=0'])
      expect((await crop(bad)).statusCode).toBe(400);
    expect(await cached('cache/')).toEqual(before);
  });

  test('asked for twenty times at once is made well', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        call('GET', `/api/records/${recordId}/crop/${n % 2 ? 'so' : 'nksHoTen'}?height=96`),
      ),
    );
    expect(answers.every((a) => a.statusCode === 200)).toBe(true);
  });
});
