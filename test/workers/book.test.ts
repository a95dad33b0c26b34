import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placesOf } from '../../api/places.ts';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { Person } from '../../models/people.ts';
import { similarity } from '../../models/text.ts';
import { exportBook } from '../../pipeline/export/export.ts';
import { decodeScan } from '../../pipeline/image/gray.ts';
import { openLineReader } from '../../pipeline/readers/line/line.ts';
import type { System } from '../../pipeline/system.ts';
import { openBook } from '../../samples/draw/book.ts';
import { type Damage, damage } from '../../samples/draw/damage.ts';
import { seeded } from '../../samples/draw/random.ts';
import { writeBook } from '../../samples/draw/write-book.ts';
import { readTruth } from '../../samples/truth.ts';
import { processFiles } from '../../workers/process-files.ts';
import { writeTrainingSet } from '../../workers/training-set.ts';
import { testSystem } from '../support/database.ts';

const SAMPLE = path.resolve(import.meta.dirname, '../../samples/birth-2006');

/** The main job with its real parts: worker processes, queue, database, reader, files. */
describe('two pages of the sample book', () => {
  let system: System;
  let folder: string;
  const truth = readTruth(path.join(SAMPLE, 'truth.json'));

  beforeAll(async () => {
    system = await testSystem();
    folder = await mkdtemp(path.join(os.tmpdir(), 'so-goc-test-book-'));
    const book = await PDFDocument.load(await readFile(path.join(SAMPLE, 'book.pdf')));
    const part = await PDFDocument.create();
    const typed = truth.pages.filter((p) => p.ink === 'typed').slice(0, 2);
    for (const page of await part.copyPages(
      book,
      typed.map((p) => p.index),
    ))
      part.addPage(page);
    await writeFile(path.join(folder, 'two.pdf'), await part.save());
  });
  afterAll(async () => {
    await system.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function person(
    login: string,
    role: Person['roles'][number],
    organisation: string,
  ): Promise<Person> {
    const { store } = system;
    const known = (await store.organisations.list()).find((o) => o.name === organisation);
    const { id: organisationId } =
      known ?? (await store.organisations.create({ name: organisation, kind: 'digitisingUnit' }));
    return store.people.create({
      organisationId,
      login,
      name: login,
      roles: [role],
      passwordHash: 'x',
    });
  }

  it('go from PDF to an approved dataset, and to lines to train with, each step by another person', {
    timeout: 120_000,
  }, async () => {
    const { store } = system;
    const { books } = await processFiles(system, {
      files: [
        {
          file: path.join(folder, 'two.pdf'),
          book: { ...truth.book, policy: { otherOrganisation: true } },
        },
      ],
      processes: 1,
    });
    const [{ book, pages, done, failed }] = books as [(typeof books)[number]];
    expect({ pages, done, failed }).toEqual({ pages: 2, done: 2, failed: 0 });

    const keyer = await person('keyer', 'keyer', 'A');
    const checker = await person('checker', 'checker', 'B');
    const approver = await person('approver', 'approver', 'B');
    const form = formOf(book.form);
    const { items } = await store.records.list({ bookId: book.id, limit: 10, offset: 0 });
    for (const { id } of items) {
      const { state } = await store.records.state(id);
      // What the machine left open, the person answers; the rest is shown and confirmed.
      const open = fieldsOnForm(form).filter((key) => !state.values[key]);
      const keyed = await store.records.append(id, {
        person: keyer,
        seen: state.version,
        action: {
          type: 'keyed',
          answers: Object.fromEntries(open.map((key) => [key, { state: 'blank' as const }])),
          confirmed: fieldsOnForm(form).filter((key) => state.values[key]),
          done: true,
        },
      });
      const checked = await store.records.append(id, {
        person: checker,
        seen: keyed.state.version,
        action: { type: 'checked', confirmed: [...fieldsOnForm(form)] },
      });
      await store.records.append(id, {
        person: approver,
        seen: checked.state.version,
        action: { type: 'approved' },
      });
      expect(await store.records.verify(id)).toBeUndefined();
    }

    const out = path.join(folder, 'dataset');
    const summary = await exportBook(system, { bookId: book.id, draft: false, out });
    expect(summary.records).toBe(2);
    expect((await readdir(out)).some((name) => name.includes('DRAFT'))).toBe(false);
    const names = summary.files.map((f) => f.name);
    for (const ending of ['.xlsx', '.zip', '.csv', '.jsonl', '.manifest.json'])
      expect(names.some((name) => name.endsWith(ending))).toBe(true);

    const set = { bookId: book.id, out: path.join(folder, 'set') };
    await expect(writeTrainingSet(system, set)).rejects.toMatchObject({ kind: 'forbidden' });
    const settings = { ...system.settings, trainingSets: true };
    const { lines, until } = await writeTrainingSet({ ...system, settings }, set);
    const files = await readdir(set.out);
    expect(files.filter((name) => /^\d{6}\.png$/.test(name))).toHaveLength(lines);
    expect(files).toHaveLength(lines + 2);
    for (const file of files)
      expect((await stat(path.join(set.out, file))).mode & 0o777).toBe(0o600);
    const read = (name: string) => readFile(path.join(set.out, name), 'utf8');
    expect(await read('PERSONAL-DATA.txt')).toContain(until);
    const labels = (await read('labels.jsonl'))
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row));
    expect(labels).toHaveLength(lines);
    expect(lines).toBeGreaterThan(10);
    const approved = new Set<string>();
    for await (const { values } of store.records.forExport(book.id, ['approved']))
      for (const { text } of Object.values(values)) if (text) approved.add(text);
    const reader = openLineReader('line-vi-drawn');
    let alike = 0;
    for (const { image, text, kind } of labels) {
      expect(approved).toContain(text);
      const { ink } = await decodeScan(await readFile(path.join(set.out, image)), 1e8);
      const [decoded] = await reader.readLines([{ field: { image: ink, soft: ink }, kind }]);
      if (similarity(decoded?.text ?? '', text) > 0.7) alike++;
    }
    await reader.close();
    // What is on the pictures is what the labels say.
    expect(alike / lines).toBeGreaterThan(0.8);
  });
});

describe('a book with a cover, a spread and a page too poor to read', () => {
  let system: System;
  let folder: string;
  const drawn = openBook({
    form: 'birth-2006',
    layout: 1,
    seed: 12,
    ink: 'typed',
    ageing: 'light',
  });

  beforeAll(async () => {
    system = await testSystem();
    folder = await mkdtemp(path.join(os.tmpdir(), 'so-goc-test-kinds-'));
    const page = async (n: number) => (await drawn.page(n)).jpeg;
    const spoiled = async (how: Damage) =>
      (await damage(await page(0), () => page(1), how, seeded('kinds'))).image;
    const pdf = await PDFDocument.create();
    const add = async (jpeg: Buffer, width: number, height: number) =>
      pdf
        .addPage([width, height])
        .drawImage(await pdf.embedJpg(jpeg), { x: 0, y: 0, width, height });
    await add(await drawn.sheet('cover'), 595, 842);
    await add(await spoiled({ kind: 'spread' }), 1190, 842);
    await add(await spoiled({ kind: 'blurred', sigma: 5 }), 595, 842);
    await writeFile(path.join(folder, 'odd.pdf'), await pdf.save());
  });
  afterAll(async () => {
    await system.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('loses none: two records are read, one is to key by hand with its reason', {
    timeout: 240_000,
  }, async () => {
    const { store } = system;
    const { books } = await processFiles(system, {
      files: [{ file: path.join(folder, 'odd.pdf'), book: drawn.head.book }],
      processes: 1,
    });
    const [{ book, pages, done, records }] = books as [(typeof books)[number]];
    expect({ pages, done, records }).toEqual({ pages: 4, done: 4, records: 3 });
    const stored = await store.pages.ofBook(book.id);
    expect(stored.map(({ index, part, kind }) => [index, part, kind])).toEqual([
      [0, 0, 'cover'],
      [1, 0, 'entry'],
      [1, 1, 'entry'],
      [2, 0, 'other'],
    ]);
    expect(stored[3]).toMatchObject({
      reason: { kind: 'poorScan', detail: 'blurred' },
      quality: { problems: ['blurred'] },
    });
    expect(await store.books.summary(book.id)).toMatchObject({
      pagesByHand: 1,
      pagesToRescan: 1,
      pageKinds: { cover: 1, entry: 2, other: 1 },
    });
    const { items } = await store.records.list({ bookId: book.id });
    const read = await Promise.all(
      items.map(async ({ id }) => (await store.records.state(id)).state),
    );
    const names = read.map(({ values }) => values.nksHoTen?.text);
    for (const n of [0, 1])
      expect(
        similarity(names[n] ?? '', (await drawn.page(n)).truth.fields.nksHoTen!.text!),
      ).toBeGreaterThan(0.7);
    // Each family's page goes out alone.
    const scans: string[] = [];
    for await (const { pages: own } of store.records.forExport(book.id, ['prefilled']))
      scans.push(...own.map((p) => p.imageKey));
    expect(new Set(scans).size).toBe(3);
    // Named by what is in it: the same image in another book may be cut otherwise.
    const sheets = scans.filter((key) => key.startsWith('sheets/'));
    expect(sheets).toHaveLength(2);
    for (const key of sheets) {
      const content = await system.blobs.get(key);
      expect(path.basename(key)).toBe(createHash('sha256').update(content).digest('hex'));
    }
    // Only what the cover of the book says, and what the form does not ask.
    const sources = new Set(Object.values(read[2]!.values).map((v) => v.evidence.source));
    expect([...sources].sort()).toEqual(['book', 'form']);
  });

  it('gives each entry of a table a record with its own part of the page, and none to free lines', {
    timeout: 240_000,
  }, async () => {
    const { store } = system;
    const table = openBook({
      form: 'marriage-1999',
      layout: 2,
      seed: 4,
      ink: 'typed',
      ageing: 'light',
      entries: 3,
    });
    const { book } = table.head;
    const truth = await writeBook(table, path.join(folder, 'table'), { count: 1 });
    const files = [{ file: path.join(folder, 'table', 'book.pdf'), book }];
    const { books } = await processFiles(system, { files, processes: 1 });
    expect(books[0]).toMatchObject({ pages: 1, done: 1, records: 3 });
    const { items } = await store.records.list({ bookId: books[0]!.book.id });
    let bottom = 0;
    for (const [entry, { id }] of items.entries()) {
      const { record, state } = await store.records.state(id);
      expect(record.entry).toBe(entry);
      const drawn = truth.pages[entry]!.fields;
      for (const key of ['so', 'trangSo', 'ngayDangKy', 'voNgaySinh', 'chongSoGiayToTuyThan'])
        expect(state.values[key]?.normalized, key).toBe(drawn[key]!.normalized);
      expect(similarity(state.values.voHoTen?.text ?? '', drawn.voHoTen!.text!)).toBeGreaterThan(
        0.8,
      );
      const { box } = record.pages[0]!;
      expect(box.y).toBeGreaterThan(bottom - 0.01);
      bottom = box.y + box.h;
      const { voHoTen } = await placesOf(system, record, {});
      expect(voHoTen!.box.y).toBeGreaterThan(box.y);
      expect(voHoTen!.box.y + voHoTen!.box.h).toBeLessThan(bottom + 0.01);
    }
  });
});
