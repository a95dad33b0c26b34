import fs from 'node:fs/promises';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExportAnswer } from '../../api/contract.ts';
import { openDatasets } from '../../api/datasets.ts';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { BookId } from '../../models/ids.ts';
import { findings } from '../../models/record.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { type Call, makeRecord, NEW_BOOK, openTestApp, type TestApp } from './support.ts';

let api: TestApp;
let approver: Call;
beforeAll(async () => {
  api = await openTestApp();
  approver = await api.as('duyet');
});
afterAll(() => api.close());

/** A book with one approved record and one that nobody has touched. */
async function bookWithOneApproved(): Promise<BookId> {
  const { store } = api.system;
  const { id } = await store.books.create(NEW_BOOK);
  const texts = {
    so: '12/2008',
    nksHoTen: '=cmd|thử',
    ngayDangKy: '05.01.2008',
    nksNgaySinh: '01.01.2008',
    nksGioiTinh: 'Nam',
  };
  const { recordId } = await makeRecord(api.system, id, texts);
  await makeRecord(api.system, id, { so: '13/2008' });
  const person = async (login: string) => (await store.people.byLogin(login))!.person;
  const filled = (key: string) => Object.hasOwn(texts, key);
  await store.records.append(recordId, {
    person: await person('nhap'),
    seen: 1,
    action: {
      type: 'keyed',
      answers: Object.fromEntries(
        fieldsOnForm(formOf('birth-2006'))
          .filter((key) => !filled(key))
          .map((key) => [key, { state: 'written', text: 'Kinh' }]),
      ),
      confirmed: Object.keys(texts),
      done: true,
    },
  });
  const { values } = (await store.records.state(recordId)).state;
  const odd = findings(values, registerOf('KS'), await store.books.habits(id));
  await store.records.append(recordId, {
    person: await person('kiem'),
    seen: 2,
    action: {
      type: 'checked',
      confirmed: [...fieldsOnForm(formOf('birth-2006'))],
      accepted: odd.map(({ rule, fields }) => ({ rule, fields, reason: 'đúng như sổ' })),
    },
  });
  await store.records.append(recordId, {
    person: await person('duyet'),
    seen: 3,
    action: { type: 'approved' },
  });
  return id;
}

describe('an export', () => {
  test('of a book without an approved record is refused with what to do', async () => {
    const { id } = await api.system.store.books.create(NEW_BOOK);
    await makeRecord(api.system, id);
    const response = await approver('POST', `/api/books/${id}/exports`, { payload: {} });
    expect(response.statusCode).toBe(422);
    expect(response.json().error.kind).toBe('nothingToExport');
  });

  test('looks ahead, then holds approved records, and each file can be fetched', async () => {
    const id = await bookWithOneApproved();
    const preview = (await approver('GET', `/api/books/${id}/exports/preview`)).json();
    expect(preview).toMatchObject({ draft: false, inBook: { approved: 1, prefilled: 1 } });

    const response = await approver('POST', `/api/books/${id}/exports`, { payload: {} });
    expect(response.statusCode).toBe(201);
    const made: ExportAnswer = response.json();
    expect(made).toMatchObject({ bookId: id, draft: false, by: { name: 'Người thử duyet' } });
    expect(made.records + made.refused.length).toBe(1);
    expect(made.files.length).toBeGreaterThan(2);
    for (const { name, bytes } of made.files) {
      expect(name).not.toMatch(/DRAFT/);
      const file = await approver(
        'GET',
        `/api/exports/${made.id}/files/${encodeURIComponent(name)}`,
      );
      expect(file.statusCode).toBe(200);
      expect(file.rawPayload.length).toBe(bytes);
      expect(file.headers['cache-control']).toBe('no-store');
      expect(file.headers['content-disposition']).toMatch(/^attachment; filename\*=UTF-8''/);
    }
    const listed = (await approver('GET', `/api/books/${id}/exports`)).json().items;
    expect(listed).toEqual([made]);
  });

  test('as a draft holds all records and says DRAFT in every name', async () => {
    const { id } = await api.system.store.books.create(NEW_BOOK);
    await makeRecord(api.system, id);
    const made: ExportAnswer = (
      await approver('POST', `/api/books/${id}/exports`, { payload: { draft: true } })
    ).json();
    expect(made).toMatchObject({ draft: true, records: 1 });
    expect(made.files.every(({ name }) => name.includes('DRAFT'))).toBe(true);
    expect(made.refused[0]?.reasons[0]).toMatchObject({
      kind: 'noDate',
      vi: expect.stringContaining('ngày đăng ký'),
    });
  });

  test('gives out nothing but its own files', async () => {
    const { id } = await api.system.store.books.create(NEW_BOOK);
    await makeRecord(api.system, id);
    const made: ExportAnswer = (
      await approver('POST', `/api/books/${id}/exports`, { payload: { draft: true } })
    ).json();
    const { dataDir } = api.system.settings;
    await fs.writeFile(path.join(dataDir, 'exports', made.id, 'beside.txt'), 'x');
    for (const name of [
      'beside.txt',
      '..%2f..%2flogs%2fapi.log',
      '%2e%2e%2fsecret',
      '..',
      '.',
      '%00',
      '%2fetc%2fpasswd',
      'a'.repeat(400),
    ]) {
      const response = await approver('GET', `/api/exports/${made.id}/files/${name}`);
      expect([400, 404, 414]).toContain(response.statusCode);
      expect(response.json().error.kind).toMatch(/notFound|invalid/);
    }
    const foreign = await approver('GET', `/api/exports/..%2f..%2f/files/${made.files[0]!.name}`);
    expect([400, 404]).toContain(foreign.statusCode);
  });

  test('is removed after its time, and so is what a killed process left', async () => {
    const { id } = await api.system.store.books.create(NEW_BOOK);
    await makeRecord(api.system, id);
    const made: ExportAnswer = (
      await approver('POST', `/api/books/${id}/exports`, { payload: { draft: true } })
    ).json();
    const root = path.join(api.system.settings.dataDir, 'exports');
    const left = path.join(root, '11111111-1111-4111-8111-111111111111.part-aa');
    await fs.mkdir(left);
    const datasets = await openDatasets(api.system);
    await datasets.sweep();
    await fs.access(left);
    const old = new Date(Date.now() - 2 * 24 * 3_600_000);
    await fs.utimes(left, old, old);
    await datasets.sweep();
    await expect(fs.access(left)).rejects.toThrow();
    await fs.access(path.join(root, made.id));
    datasets.close();
  });
});

test('a site’s own template file is loaded and shown with its header', async () => {
  const boss = await api.as('quantri');
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet('Khai sinh');
  sheet.addRow(['STT', 'so', 'quyenSo', 'ngayDangKy', 'nksHoTen', 'nksGioiTinh']);
  const payload = Buffer.from(await workbook.xlsx.writeBuffer());
  const url = `/api/templates?register=KS&name=${encodeURIComponent('Mẫu của xã')}`;
  const headers = { 'content-type': 'application/octet-stream' };
  const loaded = await boss('POST', url, { payload, headers });
  expect([loaded.statusCode, loaded.json()]).toMatchObject([
    201,
    { register: 'KS', name: 'Mẫu của xã', header: expect.arrayContaining(['nksHoTen']) },
  ]);
  expect((await boss('GET', '/api/templates')).json().items).toEqual([loaded.json()]);
  const bad = await boss('POST', url, { payload: Buffer.from('no workbook'), headers });
  expect([bad.statusCode, bad.json().error.kind]).toEqual([422, 'badTemplate']);
});
