import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Book, NewBook } from '../../../models/books.ts';
import { fieldsOnForm } from '../../../models/forms/define.ts';
import { formOf } from '../../../models/forms/registry.ts';
import { RecordId } from '../../../models/ids.ts';
import type { Person } from '../../../models/people.ts';
import { findings } from '../../../models/record.ts';
import { registerOf } from '../../../models/registers/registry.ts';
import { openFolder } from '../../../pipeline/blobs/folder.ts';
import type { Blobs } from '../../../pipeline/blobs/port.ts';
import { planRow, type Row } from '../../../pipeline/export/dataset.ts';
import { exportBook, previewExport } from '../../../pipeline/export/export.ts';
import type { Manifest } from '../../../pipeline/export/manifest.ts';
import { loadTemplateFile, writeExportSettings } from '../../../pipeline/export/site-settings.ts';
import type { Source } from '../../../pipeline/export/source.ts';
import { writeDataset } from '../../../pipeline/export/write.ts';
import { testStore } from '../../support/database.ts';
import { picture, planOf, record, temporaryFolder, unzip, WHOLE } from './support.ts';

let system: Awaited<ReturnType<typeof testStore>> & { blobs: Blobs };
let people: { keyer: Person; checker: Person; approver: Person };
let jpeg: Buffer;
const folders: string[] = [];

beforeAll(async () => {
  const folder = await fs.mkdtemp(path.join(process.env.TMPDIR ?? '/tmp', 'so-goc-blobs-'));
  folders.push(folder);
  system = { ...(await testStore()), blobs: await openFolder(folder) };
  jpeg = await picture();
  const { organisations, people: staff } = system.store;
  const unit = await organisations.create({ name: 'Đơn vị số hóa', kind: 'digitisingUnit' });
  const office = await organisations.create({ name: 'Đơn vị quản lý', kind: 'managingUnit' });
  const add = (role: 'keyer' | 'checker' | 'approver', organisationId: Person['organisationId']) =>
    staff.create({
      organisationId,
      login: role,
      name: role,
      roles: [role],
      passwordHash: 'x',
    });
  people = {
    keyer: await add('keyer', unit.id),
    checker: await add('checker', office.id),
    approver: await add('approver', office.id),
  };
});

afterAll(async () => {
  await system.close();
  for (const folder of folders) await fs.rm(folder, { recursive: true, force: true });
});

const FORM = formOf('birth-2006');

/** A book with a page for each of `entries`, whose texts are keyed, checked and approved. */
async function makeBook(
  entries: readonly {
    texts?: Readonly<Record<string, string>>;
    image?: Buffer;
    upTo?: 'prefilled' | 'keyed' | 'approved';
    illegible?: string;
  }[],
  change: Partial<NewBook> = {},
): Promise<Book> {
  const { store, blobs } = system;
  const book = await store.books.create({
    form: 'birth-2006',
    place: 'UBND xã Mẫu Đơn',
    placeShort: 'Mẫu Đơn',
    number: '01/2008',
    ...change,
  });
  const { document } = await store.documents.create({
    bookId: book.id,
    name: 'so.pdf',
    bytes: 1,
    sha256: createHash('sha256').update(book.id).digest('hex'),
    blobKey: `documents/${book.id}`,
  });
  await store.documents.markSplit(
    document.id,
    entries.map(({ image }, index) => ({
      imageKey: `pages/${book.id}/${index}`,
      imageHash: createHash('sha256')
        .update(image ?? jpeg)
        .digest('hex'),
      index,
      width: 248,
      height: 351,
      dpi: 300,
      source: 'embedded' as const,
      quarterTurns: 0,
    })),
  );
  const pages = await store.pages.ofBook(book.id);
  for (const [i, entry] of entries.entries()) {
    const { texts = {}, image = jpeg, upTo = 'approved', illegible } = entry;
    await blobs.put(`pages/${book.id}/${i}`, image);
    const { recordId } = await store.records.createPrefilled({
      bookId: book.id,
      pages: [{ pageId: pages[i]!.id, box: { x: 0, y: 0, w: 1, h: 1 } }],
      values: {},
      effect: randomUUID(),
    });
    if (upTo === 'prefilled') continue;
    const all: Record<string, string> = { ...WHOLE, so: `${i + 1}/2008`, ...texts };
    const keys = [...new Set([...fieldsOnForm(FORM), ...FORM.fromBook])];
    const answers = Object.fromEntries(
      keys.map((key) =>
        key === illegible
          ? [key, { state: 'illegible' as const }]
          : all[key]
            ? [key, { state: 'written' as const, text: all[key] }]
            : [key, { state: 'blank' as const }],
      ),
    );
    const act = (person: Person, seen: number, action: object) =>
      store.records.append(recordId, { person, seen, action: action as never });
    await act(people.keyer, 1, { type: 'keyed', answers, done: true });
    if (upTo === 'keyed') continue;
    // The checker has seen on the page that it is as odd as that.
    const { values } = (await store.records.state(recordId)).state;
    const odd = findings(values, registerOf(FORM.register), await store.books.habits(book.id));
    const accepted = odd.map(({ rule, fields }) => ({ rule, fields, reason: 'đúng như sổ' }));
    await act(people.checker, 2, { type: 'checked', confirmed: fieldsOnForm(FORM), accepted });
    await act(people.approver, 3, { type: 'approved' });
  }
  return book;
}

async function sheetOf(file: string): Promise<string[][]> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(file);
  const rows: string[][] = [];
  workbook.worksheets[0]!.eachRow((row) => {
    rows.push(Array.from({ length: 60 }, (_, i) => row.getCell(i + 1).text));
  });
  return rows;
}

const manifestIn = async (folder: string): Promise<Manifest> => {
  const name = (await fs.readdir(folder)).find((n) => n.endsWith('.manifest.json'));
  return JSON.parse(await fs.readFile(path.join(folder, name!), 'utf8'));
};

describe('the dataset of a book', () => {
  test('is an Excel file, a zip of PDFs, CSV, JSON Lines and a manifest that agree', async () => {
    const formula = '=HYPERLINK("http://example.test","Bấm")';
    const book = await makeBook([
      { texts: { nksHoTen: 'PHẠM THỊ HOA MAI'.normalize('NFD') } },
      { texts: { nksHoTen: formula, so: '2a/2008' } },
      { upTo: 'keyed' },
    ]);
    const out = path.join(await temporaryFolder(), 'made', 'here');
    const summary = await exportBook(system, { bookId: book.id, draft: false, out });

    const stem = 'Mau_Don-KS.2008.01';
    const names = ['zip', 'xlsx', 'csv', 'jsonl', 'manifest.json'].map((e) => `${stem}.${e}`);
    expect(summary.files.map((f) => f.name)).toEqual(names);
    expect((await fs.readdir(out)).sort()).toEqual([...names].sort());
    expect(summary).toMatchObject({ draft: false, records: 2, pdfs: 2, refused: [] });
    for (const { name, bytes, sha256 } of summary.files) {
      const content = await fs.readFile(path.join(out, name));
      expect(content.length).toBe(bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }

    const pdfs = await unzip(path.join(out, `${stem}.zip`));
    expect([...pdfs.keys()]).toEqual([
      'KS.2008.01.2008-01-15.001.pdf',
      'KS.2008.01.2008-01-15.002a.pdf',
    ]);
    for (const pdf of pdfs.values()) {
      expect((await PDFDocument.load(pdf)).getPageCount()).toBe(1);
      expect(pdf.includes(jpeg)).toBe(true);
    }

    const sheet = await sheetOf(path.join(out, `${stem}.xlsx`));
    expect(sheet.map((row) => row[0])).toEqual(['Số (đăng ký)\nso', '1/2008', '2a/2008']);
    expect(sheet.map((row) => row[10])).toEqual([
      'Họ, chữ đệm, tên - người được khai sinh\nnksHoTen',
      'PHẠM THỊ HOA MAI',
      formula,
    ]);

    const text = await fs.readFile(path.join(out, `${stem}.csv`), 'utf8');
    expect(text.startsWith('\uFEFF"so","quyenSo"')).toBe(true);
    const csv: string[][] = parse(text, { bom: true, record_delimiter: '\r\n' });
    expect(csv.slice(1)).toEqual(
      sheet.slice(1).map((row) => row.map((cell) => (cell === formula ? `'${cell}` : cell))),
    );

    const lines = (await fs.readFile(path.join(out, `${stem}.jsonl`), 'utf8')).trim().split('\n');
    const records = lines.map((line) => JSON.parse(line));
    expect(records.map((r) => r.values.nksHoTen.text)).toEqual(['PHẠM THỊ HOA MAI', formula]);
    for (const { id, version, head, pdf } of records) {
      const { state } = await system.store.records.state(RecordId.parse(id));
      expect(state).toMatchObject({ version, head, status: 'approved' });
      const content = pdfs.get(pdf.name)!;
      expect(pdf.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    }

    const manifest = await manifestIn(out);
    expect(manifest).toMatchObject({
      draft: false,
      software: { name: 'so-goc' },
      book: { number: '01/2008', place: 'UBND xã Mẫu Đơn' },
      template: { id: 'btp-1437', headers: 'unconfirmed', national: true },
      counts: { records: 2, pdfs: 2, refused: 0, inBook: { approved: 2, keyed: 1 } },
      csv: { quotedCells: 1 },
    });
    expect(manifest.files).toEqual(summary.files.slice(0, -1));
    expect(JSON.stringify(manifest)).not.toContain('DRAFT');
  });

  test('refuses by name what would get no name or that of another, and lists it', async () => {
    const book = await makeBook([
      { texts: { so: '' } },
      { texts: { ngayDangKy: '2008' } },
      { texts: { so: '9/2008' } },
      { texts: { so: '09/2008' } },
      { texts: { so: '10/2008' }, illegible: 'nksDanToc' },
    ]);
    const out = path.join(await temporaryFolder(), 'a');
    const summary = await exportBook(system, { bookId: book.id, draft: false, out });
    expect(summary).toMatchObject({ records: 1, pdfs: 1 });
    expect(summary.refused.map((r) => r.reasons.map((x) => x.kind))).toEqual([
      ['noNumber'],
      ['dateIncomplete'],
      ['sameName'],
      ['sameName'],
    ]);
    expect(summary.refused.map((r) => r.pages)).toEqual([[1], [2], [3], [4]]);
    const pdfs = await unzip(path.join(out, 'Mau_Don-KS.2008.01.zip'));
    expect([...pdfs.keys()]).toEqual(['KS.2008.01.2008-01-15.010.pdf']);
    const manifest = await manifestIn(out);
    expect(manifest.refused).toEqual(JSON.parse(JSON.stringify(summary.refused)));
    expect(manifest.illegible).toMatchObject([{ number: '10/2008', fields: ['nksDanToc'] }]);
    const preview = await previewExport(system, { bookId: book.id, draft: false });
    expect(preview.refused).toEqual(summary.refused);
    expect(preview).toMatchObject({ records: 1, illegible: 1, inBook: { approved: 5 } });
    expect(preview.templates.map((t) => t.id)).toEqual(['btp-1437', 'hotich-158', 'so-goc']);
  });

  test('leaves out a record whose image is gone or cannot be read, everywhere', async () => {
    const book = await makeBook([{}, { image: Buffer.from('no picture') }, {}]);
    await system.blobs.remove(`pages/${book.id}/2`);
    const out = path.join(await temporaryFolder(), 'a');
    const summary = await exportBook(system, { bookId: book.id, draft: false, out });
    expect(summary.refused.map((r) => r.reasons.map((x) => x.kind))).toEqual([
      ['imageUnreadable'],
      ['imageMissing'],
    ]);
    expect(await sheetOf(path.join(out, 'Mau_Don-KS.2008.01.xlsx'))).toHaveLength(2);
    expect([...(await unzip(path.join(out, 'Mau_Don-KS.2008.01.zip'))).keys()]).toHaveLength(1);
  });

  test('does not exist while nothing is approved', async () => {
    const book = await makeBook([{ upTo: 'keyed' }]);
    const out = path.join(await temporaryFolder(), 'a');
    await expect(exportBook(system, { bookId: book.id, draft: false, out })).rejects.toMatchObject({
      kind: 'nothingToExport',
    });
    expect(await fs.readdir(path.dirname(out))).toEqual([]);
  });

  test('takes the place of an empty folder, never of a filled one', async () => {
    const book = await makeBook([{}]);
    const out = await temporaryFolder();
    await exportBook(system, { bookId: book.id, draft: false, out });
    const before = await fs.readdir(out);
    expect(before).toHaveLength(5);
    await expect(exportBook(system, { bookId: book.id, draft: false, out })).rejects.toMatchObject({
      kind: 'folderNotEmpty',
    });
    expect(await fs.readdir(out)).toEqual(before);
  });

  test('leaves nothing behind when it fails half way', async () => {
    const book = await makeBook([{}, {}]);
    const out = path.join(await temporaryFolder(), 'a');
    const broken = {
      ...system,
      blobs: { ...system.blobs, get: () => Promise.reject(new Error('EIO')) },
    };
    await expect(exportBook(broken, { bookId: book.id, draft: false, out })).rejects.toThrow('EIO');
    expect(await fs.readdir(path.dirname(out))).toEqual([]);
  });

  test('is the same twice, but for the time', async () => {
    const book = await makeBook([{ image: await picture('png') }, {}]);
    const folder = await temporaryFolder();
    const make = async (name: string, now: Date) => {
      const out = path.join(folder, name);
      await exportBook(system, { bookId: book.id, draft: false, out, now });
      return manifestIn(out);
    };
    const [a, b] = [await make('a', new Date(1e12)), await make('b', new Date(2e12))];
    expect(a.createdAt).toBe('2001-09-09T01:46:40.000Z');
    expect({ ...b, createdAt: a.createdAt }).toEqual(a);
  });

  test('has names that stay in their folder, whatever the place is called', async () => {
    const book = await makeBook([{}], { placeShort: '../../../tmp/x\\y:Đồng' });
    const folder = await temporaryFolder();
    const out = path.join(folder, 'a');
    const { files } = await exportBook(system, { bookId: book.id, draft: false, out });
    for (const { name } of files) expect(name).toMatch(/^tmp_x_y_Dong-KS\.2008\.01\.[a-z.]+$/);
    expect(await fs.readdir(folder)).toEqual(['a']);
    const foreign = await makeBook([{}], { placeShort: '社' });
    const preview = await exportBook(system, {
      bookId: foreign.id,
      draft: false,
      out: path.join(folder, 'b'),
    });
    expect(preview.files[0]!.name).toBe(`${foreign.id}-KS.2008.01.zip`);
  });
});

describe('a draft', () => {
  test('holds all records and says DRAFT in every name, the manifest and every line', async () => {
    const book = await makeBook([
      { upTo: 'prefilled' },
      { upTo: 'keyed' },
      {},
      { texts: { so: '3' } },
    ]);
    const out = path.join(await temporaryFolder(), 'a');
    const summary = await exportBook(system, { bookId: book.id, draft: true, out });
    expect(summary).toMatchObject({ draft: true, records: 4, pdfs: 4 });
    for (const name of await fs.readdir(out)) expect(name).toMatch(/^DRAFT\./);
    const pdfs = [...(await unzip(path.join(out, 'DRAFT.Mau_Don-KS.2008.01.zip'))).keys()];
    expect(pdfs).toHaveLength(4);
    for (const name of pdfs) expect(name).toMatch(/^DRAFT\./);
    expect(pdfs[1]).toBe('DRAFT.KS.2008.01.2008-01-15.002.pdf');
    expect(pdfs[0]).toMatch(/^DRAFT\.record-[0-9a-f-]{36}\.pdf$/);
    expect(pdfs.join()).not.toMatch(/null|undefined/);
    expect(summary.refused.map((r) => r.reasons.map((x) => x.kind))).toEqual([
      ['noNumber', 'noDate', 'requiredEmpty'],
      ['sameName'],
      ['sameName'],
    ]);
    expect(await manifestIn(out)).toMatchObject({ draft: true, mark: 'DRAFT' });
    const lines = await fs.readFile(path.join(out, 'DRAFT.Mau_Don-KS.2008.01.jsonl'), 'utf8');
    for (const line of lines.trim().split('\n')) expect(JSON.parse(line).mark).toBe('DRAFT');
  });

  test('keeps a record whose image cannot be read, without its PDF', async () => {
    const book = await makeBook([{ image: Buffer.from('no picture'), upTo: 'keyed' }, {}]);
    const out = path.join(await temporaryFolder(), 'a');
    const summary = await exportBook(system, { bookId: book.id, draft: true, out });
    expect(summary).toMatchObject({ records: 2, pdfs: 1 });
    const lines = await fs.readFile(path.join(out, 'DRAFT.Mau_Don-KS.2008.01.jsonl'), 'utf8');
    expect(
      lines
        .trim()
        .split('\n')
        .map((l) => JSON.parse(l).pdf === null),
    ).toEqual([true, false]);
  });
});

describe('what a site decides', () => {
  test('its own template file and file names, from then on', async () => {
    onTestFinished(() => writeExportSettings(system, { templates: {}, headerRows: {} }));
    const headers = ['STT', 'so ', 'maXa\n', 'nksHoTen i=[1]', 'ngayDangKy'];
    const workbook = new ExcelJS.Workbook();
    workbook.addWorksheet('Nhap').addRow(headers);
    const bytes = Buffer.from(await workbook.xlsx.writeBuffer());
    const loaded = await loadTemplateFile(system, { register: 'KS', name: 'mau.xlsx', bytes });
    expect(loaded.header).toEqual(headers);
    await writeExportSettings(system, {
      stem: '{place}_H_T.{TYPE}.{YEAR}.{BOOK}',
      templates: { KS: loaded.id },
      headerRows: {},
    });

    const book = await makeBook([{}, {}]);
    const out = path.join(await temporaryFolder(), 'a');
    const { template, files } = await exportBook(system, { bookId: book.id, draft: false, out });
    expect(files[1]!.name).toBe('Mau_Don_H_T.KS.2008.01.xlsx');
    expect(template).toMatchObject({
      headers: 'siteFile',
      file: {
        name: 'mau.xlsx',
        sheet: 'Nhap',
        sha256: createHash('sha256').update(bytes).digest('hex'),
        unknownColumns: ['maXa'],
      },
    });
    const sheet = await sheetOf(path.join(out, files[1]!.name));
    expect(sheet[0]!.slice(0, 5)).toEqual(headers);
    expect(sheet[2]!.slice(0, 5)).toEqual(['2', '2/2008', '', 'PHẠM THỊ HOA MAI', '15.01.2008']);
    const { dropped } = await manifestIn(out);
    expect(dropped.map((d) => d.key)).toContain('nksNgaySinh');

    const ours = await exportBook(system, {
      bookId: book.id,
      draft: false,
      out: path.join(path.dirname(out), 'b'),
      templateId: 'hotich-158',
    });
    expect(ours.template).toMatchObject({ id: 'hotich-158', headers: 'unconfirmed' });
  });

  test('a template that is unknown, or of another register, is not found', async () => {
    const book = await makeBook([{}]);
    for (const templateId of ['nothing', randomUUID()])
      await expect(
        previewExport(system, { bookId: book.id, draft: false, templateId }),
      ).rejects.toMatchObject({ kind: 'notFound' });
  });

  test('a file that is no template changes nothing', async () => {
    const bytes = Buffer.from('so');
    await expect(
      loadTemplateFile(system, { register: 'KS', name: 'a.xlsx', bytes }),
    ).rejects.toMatchObject({ kind: 'badTemplate' });
    expect(await system.store.templates.list('KS')).not.toContainEqual(
      expect.objectContaining({ name: 'a.xlsx' }),
    );
  });

  test('a file name that leaves the folder is refused', async () => {
    for (const stem of ['../{TYPE}', '{TYPE}/{BOOK}', '{NAME}', 'fixed', '.{TYPE}'])
      await expect(
        writeExportSettings(system, { stem, templates: {}, headerRows: {} }),
      ).rejects.toThrow();
  });
});

test('two thousand records go through, each in every file', async () => {
  const count = 2000;
  const plan = planOf();
  const blobs = { get: async () => jpeg };
  async function* rows(): AsyncGenerator<Row> {
    for (let i = 1; i <= count; i++) yield planRow(record({ so: `${i}/2008` }), plan);
  }
  const { template, columns } = plan;
  const source: Source = {
    plan,
    chosen: {
      template,
      sheet: { ...template.registers.KS!, columns: columns as never },
      site: undefined,
    },
    inBook: {
      prefilled: 0,
      keyed: 0,
      secondKeying: 0,
      arbitration: 0,
      checked: 0,
      returned: 0,
      approved: count,
    },
    rows,
    kin: async () => [],
  };
  const folder = await temporaryFolder();
  const summary = await writeDataset(source, blobs, folder, 'all', new Date());
  expect(summary).toMatchObject({ records: count, pdfs: count, refused: [] });
  const pdfs = [...(await unzip(path.join(folder, 'all.zip'))).keys()];
  expect(new Set(pdfs).size).toBe(count);
  const numbers = Array.from({ length: count }, (_, i) => `${i + 1}/2008`);
  const sheet = await sheetOf(path.join(folder, 'all.xlsx'));
  expect(sheet.slice(1).map((row) => row[0])).toEqual(numbers);
  const csv: string[][] = parse(await fs.readFile(path.join(folder, 'all.csv'), 'utf8'), {
    bom: true,
    from_line: 2,
  });
  expect(csv.map((row) => row[0])).toEqual(numbers);
  const lines = (await fs.readFile(path.join(folder, 'all.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map((l) => JSON.parse(l).values.so.text)).toEqual(numbers);
});
