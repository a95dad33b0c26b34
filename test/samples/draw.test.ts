import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareDates, parseDate, wordsToDate } from '../../models/dates.ts';
import { FIELD_KINDS } from '../../models/field-kinds.ts';
import type { FieldValues } from '../../models/fields.ts';
import { defineForm, fieldsOnForm, itemsOf } from '../../models/forms/define.ts';
import { formOf, PRINTED } from '../../models/forms/registry.ts';
import type { Box } from '../../models/geometry.ts';
import { findings } from '../../models/record.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { openBook, type Scan } from '../../samples/draw/book.ts';
import { compose } from '../../samples/draw/composition.ts';
import { inventEntry } from '../../samples/draw/entries.ts';
import { LAYOUTS, layoutOf, PAGE } from '../../samples/draw/layouts.ts';
import { seeded } from '../../samples/draw/random.ts';
import { inventVolume } from '../../samples/draw/volume.ts';
import { writeBook } from '../../samples/draw/write-book.ts';
import { readTruth, Truth, type TruthPage } from '../../samples/truth.ts';

const NUMBERS = LAYOUTS.map((_, i) => i + 1);
const hash = (scan: Scan) => createHash('sha256').update(scan.jpeg).digest('hex');

const boxesOf = (page: TruthPage): Box[] => [
  ...page.labels.flatMap((l) => [l.box, l.boxOnScan]),
  ...Object.values(page.fields).flatMap((f) => [
    f.box,
    f.boxOnScan,
    f.area,
    f.areaOnScan,
    ...f.lines.flatMap((l) => [l.box, l.boxOnScan]),
  ]),
];

function expectInside(page: TruthPage): void {
  for (const { x, y, w, h } of boxesOf(page)) {
    expect(w).toBeGreaterThan(0);
    expect(h).toBeGreaterThan(0);
    expect(x + w).toBeLessThanOrEqual(1.00001);
    expect(y + h).toBeLessThanOrEqual(1.00001);
  }
}

describe.each(PRINTED.map((f) => f.id))('layouts of %s', (id) => {
  const form = formOf(id);

  it('are at least four, and no two print the same page', () => {
    expect(LAYOUTS.length).toBeGreaterThanOrEqual(4);
    const pages = LAYOUTS.map((layout) =>
      JSON.stringify(compose(form, layout).labels.map((l) => l.box)),
    );
    expect(new Set(pages).size).toBe(LAYOUTS.length);
  });

  it.each(NUMBERS)('print every label and place to write in layout %i', (number) => {
    const print = compose(form, layoutOf(number));
    const printed = print.labels.map((l) => l.text);
    for (const item of itemsOf(form)) {
      if ('label' in item) {
        expect([item.label, ...item.variants].some((text) => printed.includes(text))).toBe(true);
      }
    }
    const blanks = itemsOf(form).filter((i) => 'blank' in i);
    const sheet = print.size ?? PAGE;
    for (let entry = 0; entry < form.entriesPerPage; entry++) {
      const own = print.blanks.filter((b) => b.entry === undefined || b.entry === entry);
      expect(own.map((b) => b.item)).toEqual(blanks);
    }
    for (const { item, lines } of print.blanks) {
      if (!form.table) expect(lines.length).toBeLessThanOrEqual(item.lines);
      for (const line of lines) {
        expect(line.w).toBeGreaterThan(80);
        expect(line.x + line.w).toBeLessThanOrEqual(sheet.width);
        expect(line.y).toBeLessThan(sheet.height - 100);
      }
    }
  });

  it.each(NUMBERS)('draw a page whose truth answers every field, in layout %i', async (number) => {
    const book = openBook({ form: id, layout: number, seed: 21, ink: 'mixed', ageing: 'none' });
    const { truth: first, more, jpeg } = await book.page(number);
    const { width, height } = book.head;
    const drawn = { format: 'jpeg', width, height, channels: 3 };
    expect(await sharp(jpeg).metadata()).toMatchObject(drawn);
    const truths = [first, ...more];
    Truth.parse({ ...book.head, pages: truths });
    expect(truths.map((t) => t.entry)).toEqual([...Array(form.entriesPerPage).keys()]);
    for (const truth of truths) {
      expect(Object.keys(truth.fields).sort()).toEqual([...fieldsOnForm(form)].sort());
      expectInside(truth);
    }
    const inParts = new Set(itemsOf(form).flatMap((i) => ('blank' in i && i.part ? i.blank : [])));
    for (const [key, field] of truths.flatMap((t) => Object.entries(t.fields))) {
      expect(field.box).toEqual(field.boxOnScan);
      if (field.lines.length > 0 && !inParts.has(key))
        expect(field.lines.map((l) => l.text).join(' ')).toBe(field.text);
    }
  });
});

describe('a drawn book', () => {
  it('is the same bytes for the same options, whichever page is drawn first', async () => {
    const options = {
      form: 'birth-2006',
      layout: 2,
      seed: 4,
      ink: 'hand',
      ageing: 'heavy',
    } as const;
    const book = openBook(options);
    const zero = await book.page(0);
    const one = await book.page(1);
    const again = await openBook(options).page(1);
    expect(hash(again)).toBe(hash(one));
    expect(again.truth).toEqual(one.truth);
    expect(hash(zero)).not.toBe(hash(one));
    expectInside(one.truth);
  });

  it('has other people with another seed', () => {
    const name = (seed: number) =>
      inventEntry(inventVolume(formOf('birth-2006'), seeded(`${seed}`)), 0, seeded(`${seed}`))
        .nksHoTen!.texts[0];
    expect(new Set([1, 2, 3, 4, 5].map(name)).size).toBeGreaterThan(3);
  });

  it.each(PRINTED.map((f) => f.id))(
    'numbers its entries one by one and never goes back in time: %s',
    (id) => {
      for (const seed of ['a', 'b', 'c']) {
        const volume = inventVolume(formOf(id), seeded(seed));
        for (let i = 1; i < 400; i++) {
          const before = volume.entry(i - 1);
          const entry = volume.entry(i);
          expect(entry.day).toBeGreaterThanOrEqual(before.day);
          expect([before.number + 1, 1]).toContain(entry.number);
        }
      }
    },
  );

  it.each(PRINTED.map((f) => f.id))(
    'invents entries that agree with the rules of books: %s',
    (id) => {
      const form = formOf(id);
      const register = registerOf(form.register);
      for (const seed of ['a', 'b', 'c']) {
        const volume = inventVolume(form, seeded(seed));
        for (let i = 0; i < 60; i++) {
          const entry = inventEntry(volume, i, seeded(`${seed} ${i}`));
          const values: FieldValues = {};
          for (const key of fieldsOnForm(form)) {
            const { texts, normalized } = entry[key]!;
            const field = register.fields[key]!;
            const [text] = texts;
            if (text === undefined) continue;
            const value = normalized ?? FIELD_KINDS[field.kind].normalize(text, field.list);
            expect([key, text, value]).not.toContain(undefined);
            values[key] = {
              state: 'written',
              text,
              normalized: value!,
              evidence: { source: 'test', candidates: [], rules: [] },
            };
          }
          expect(
            findings(values, register, { numbersHaveSlash: false }).filter(
              (f) => f.severity === 'error',
            ),
          ).toEqual([]);
        }
      }
    },
  );

  it('writes dates in words that repeat the date in figures, and after the birth', () => {
    const form = formOf('birth-2006');
    const volume = inventVolume(form, seeded('dates'));
    for (let i = 0; i < 200; i++) {
      const entry = inventEntry(volume, i, seeded(`entry ${i}`));
      const born = parseDate(entry.nksNgaySinh!.texts[0]!)!;
      expect(wordsToDate(entry.nksNgaySinhBangChu!.texts[0]!)).toEqual(born);
      expect(compareDates(born, parseDate(entry.ngayDangKy!.texts[0]!)!)).toBeLessThanOrEqual(0);
    }
  });

  it('asks the registration date in parts and tells it whole', async () => {
    const book = openBook({
      form: 'marriage-2006',
      layout: 1,
      seed: 2,
      ink: 'typed',
      ageing: 'none',
    });
    const { ngayDangKy } = (await book.page(3)).truth.fields;
    expect(ngayDangKy!.text).toMatch(/^\d{1,2}\.\d{1,2}\.\d{4}$/);
    expect(ngayDangKy!.normalized).toMatch(/^\d{2}\.\d{2}\.\d{4}$/);
    expect(ngayDangKy!.lines).toHaveLength(3);
  });

  it('asks the time of a death in parts and tells it whole', async () => {
    const book = openBook({ form: 'death-2015', layout: 1, seed: 2, ink: 'typed', ageing: 'none' });
    const { nktGioPhutChet } = (await book.page(3)).truth.fields;
    expect(nktGioPhutChet!.text).toMatch(/^\d{1,2} giờ \d{2} phút$/);
    expect(nktGioPhutChet!.lines).toHaveLength(2);
  });

  it('draws a form that nobody wrote a layout or people for', async () => {
    const form = defineForm({
      id: 'death-test',
      version: 1,
      register: 'KT',
      vi: 'Khai tử, thử',
      en: 'Death, for a test',
      era: { from: 2006, to: 2010 },
      paper: 'A4',
      entriesPerPage: 1,
      confirmation: 'unconfirmed',
      source: 'none',
      lines: [
        [{ label: 'Số' }, { blank: ['so'] }],
        ...Object.entries(registerOf('KT').fields)
          .filter(([key]) => !['so', 'quyenSo', 'noiDangKy'].includes(key))
          .slice(0, 18)
          .map(([key, field]) => [{ label: field.vi }, { blank: [key], lines: 2 }]),
      ],
      fromBook: ['quyenSo', 'noiDangKy'],
    });
    const book = openBook({ form, layout: 3, seed: 1, ink: 'hand', ageing: 'none' });
    const { truth } = await book.page(0);
    expect(Object.keys(truth.fields).sort()).toEqual([...fieldsOnForm(form)].sort());
    expectInside(truth);
  });
});

describe('a written book', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'book-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is a PDF of A4 pages with the JPEGs as drawn, and its truth beside it', async () => {
    const options = {
      form: 'birth-2015',
      layout: 5,
      seed: 8,
      ink: 'mixed',
      ageing: 'none',
    } as const;
    const book = openBook(options);
    await writeBook(book, folder, { count: 2, first: 5 });
    const bytes = readFileSync(join(folder, 'book.pdf'));
    const pdf = await PDFDocument.load(bytes);
    expect(pdf.getPages().map((p) => Math.round(p.getWidth()))).toEqual([595, 595]);
    expect(bytes.includes((await book.page(6)).jpeg)).toBe(true);
    const truth = readTruth(join(folder, 'truth.json'));
    expect(truth.pages.map((p) => p.index)).toEqual([0, 1]);
    expect(truth.book.form).toBe('birth-2015');
  });
});

describe('the committed sample', () => {
  const folder = join(import.meta.dirname, '../../samples/birth-2006');

  it('has twelve pages and their truth, typed and handwritten', async () => {
    const bytes = readFileSync(join(folder, 'book.pdf'));
    expect(bytes.length).toBeLessThan(12 * 1024 * 1024);
    expect((await PDFDocument.load(bytes)).getPageCount()).toBe(12);
    const truth = readTruth(join(folder, 'truth.json'));
    expect(truth.pages).toHaveLength(12);
    expect(new Set(truth.pages.map((p) => p.ink))).toEqual(new Set(['typed', 'hand']));
    const form = formOf(truth.form);
    expect(form.version).toBe(truth.formVersion);
    const { fields } = registerOf(form.register);
    for (const page of truth.pages) {
      expect(Object.keys(page.fields).sort()).toEqual([...fieldsOnForm(form)].sort());
      expectInside(page);
      for (const [key, field] of Object.entries(page.fields)) {
        if (field.state === 'written')
          expect(field.normalized).toBe(
            FIELD_KINDS[fields[key]!.kind].normalize(field.text!, fields[key]!.list),
          );
      }
    }
  });
});
