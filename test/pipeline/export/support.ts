import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import yauzl from 'yauzl';
import { Book } from '../../../models/books.ts';
import type { FieldState, FieldValue, FieldValues } from '../../../models/fields.ts';
import { RecordId } from '../../../models/ids.ts';
import { normalize } from '../../../models/record.ts';
import { birth } from '../../../models/registers/birth.ts';
import type { Register } from '../../../models/registers/define.ts';
import { templateOf } from '../../../models/templates/registry.ts';
import type { ExportPage, ExportPlan, ExportRecord } from '../../../pipeline/export/dataset.ts';

/** A folder that lives as long as the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-export-'));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  return folder;
}

export const BOOK = Book.parse({
  id: randomUUID(),
  form: 'birth-2006',
  formVersion: 1,
  register: 'KS',
  place: 'UBND xã Mẫu Đơn, huyện Hoa Sen',
  placeShort: 'Mẫu Đơn',
  number: '01/2008',
  unit: 'UBND xã Mẫu Đơn, huyện Hoa Sen',
  projectId: randomUUID(),
  policy: {},
  createdAt: new Date(0),
});

export function planOf(
  change: { draft?: boolean; templateId?: string; book?: Partial<typeof BOOK> } = {},
): ExportPlan {
  const { template, sheet } = templateOf('KS', change.templateId);
  return {
    book: { ...BOOK, ...change.book },
    habits: { numbersHaveSlash: true },
    register: birth,
    template,
    columns: sheet.columns,
    draft: change.draft ?? false,
  };
}

/** A value as a person keys it. */
export function value(key: string, text: string, register: Register = birth): FieldValue {
  const normalized = normalize(register.fields[key]!, text);
  return {
    state: 'written',
    text,
    ...(normalized === undefined ? {} : { normalized }),
    evidence: { source: 'person', candidates: [], rules: [] },
  };
}

export function unwritten(state: FieldState): FieldValue {
  return { state, evidence: { source: 'person', candidates: [], rules: [] } };
}

/** Texts as values; a field left out is not there at all. */
export function values(texts: Readonly<Record<string, string>>): FieldValues {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, value(key, text)]));
}

export const PAGE: ExportPage = {
  imageKey: 'pages/1.jpg',
  imageHash: createHash('sha256').update('page').digest('hex'),
  index: 4,
  dpi: 300,
  quarterTurns: 0,
};

export const WHOLE = {
  so: '41/2008',
  quyenSo: '01/2008',
  trangSo: '41',
  ngayDangKy: '15.01.2008',
  noiDangKy: 'UBND xã Mẫu Đơn, huyện Hoa Sen',
  nksHoTen: 'PHẠM THỊ HOA MAI',
  nksGioiTinh: 'Nữ',
  nksNgaySinh: '02/01/2008',
  nksDanToc: 'Kinh',
};

/** An approved record that nothing speaks against; `change` replaces texts, undefined removes one. */
export function record(
  change: Readonly<Record<string, string | undefined>> = {},
  rest: Partial<ExportRecord> = {},
): ExportRecord {
  const texts = Object.entries({ ...WHOLE, ...change }).filter(([, text]) => text !== undefined);
  return {
    id: RecordId.parse(randomUUID()),
    status: 'approved',
    version: 5,
    head: createHash('sha256').update(randomUUID()).digest('hex'),
    values: values(Object.fromEntries(texts) as Record<string, string>),
    pages: [PAGE],
    ...rest,
  };
}

/** A small picture with something in it. */
export function picture(format: 'jpeg' | 'png' = 'jpeg'): Promise<Buffer> {
  return sharp({ create: { width: 248, height: 351, channels: 3, background: '#e8dcb0' } })
    .composite([
      {
        input: { create: { width: 80, height: 30, channels: 3, background: '#203070' } },
        left: 40,
        top: 60,
      },
    ])
    .toFormat(format)
    .toBuffer();
}

/** Entries of a zip file in their order, read by another library than the one that wrote it. */
export async function unzip(file: string): Promise<Map<string, Buffer>> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true, autoClose: true }, (e, z) =>
      e ? reject(e) : resolve(z),
    );
  });
  const entries = new Map<string, Buffer>();
  await new Promise<void>((resolve, reject) => {
    zip.on('end', resolve).on('error', reject);
    zip.on('entry', (entry: yauzl.Entry) => {
      zip.openReadStream(entry, async (error, stream: Readable) => {
        if (error) return reject(error);
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk);
        if (entries.has(entry.fileName)) reject(new Error(`twice: ${entry.fileName}`));
        entries.set(entry.fileName, Buffer.concat(chunks));
        zip.readEntry();
      });
    });
    zip.readEntry();
  });
  return entries;
}
