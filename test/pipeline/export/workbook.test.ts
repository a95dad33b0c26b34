import fs from 'node:fs/promises';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { birth } from '../../../models/registers/birth.ts';
import { maritalStatus } from '../../../models/registers/marital-status.ts';
import { templateOf } from '../../../models/templates/registry.ts';
import { writeZip } from '../../../pipeline/export/archive.ts';
import { keyOfHeader, openSiteTemplate } from '../../../pipeline/export/site-template.ts';
import {
  cellXml,
  columnName,
  makeWorkbook,
  openWorkbook,
  writeWorkbook,
} from '../../../pipeline/export/workbook.ts';
import { temporaryFolder, unzip } from './support.ts';

async function* each(rows: readonly string[][]) {
  yield* rows;
}

async function readBack(file: string): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(file);
  return workbook;
}

/** Headers as they are in use: blanks, line breaks, hints, an authority's name, odd columns. */
const SITE_HEADERS = [
  'STT',
  'so ',
  ' quyenSo',
  'ngayDangKy\n(dd.MM.yyyy) ',
  'noiDangKy UBND xã Mẫu Đơn',
  'nksGioiTinh i=[1,2,3]',
  'nksHoTen (*)',
  'maBuuCuc  ',
  'nks SoDinhDanh',
  'SO',
  'Họ, chữ đệm, tên - mẹ',
];

/** A template as a site may have it: a title above, sample rows below, a second sheet with notes. */
async function siteTemplate(): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  const notes = workbook.addWorksheet('Ghi chu');
  notes.addRow(['so', 'Số đăng ký']);
  const sheet = workbook.addWorksheet('DL Import');
  sheet.addRow(['BIỂU NHẬP LIỆU']);
  sheet.mergeCells('A1:K1');
  sheet.addRow(SITE_HEADERS);
  sheet.getRow(2).font = { bold: true, color: { argb: 'FFFF0000' } };
  sheet.getCell('F2').note = 'một trong ba';
  sheet.addRow(['1', '01/2018', '02/2018', 'mẫu']);
  sheet.addRow(['2', { formula: 'A3&"x"', result: '1x' }]);
  sheet.mergeCells('A5:C5');
  sheet.getCell('F3').dataValidation = { type: 'list', formulae: ['"1,2,3"'] };
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

describe('the template of the project', () => {
  test('has one header row with label and key, and every cell is text', async () => {
    const { template, sheet } = templateOf('KS');
    const file = path.join(await temporaryFolder(), 'a.xlsx');
    const workbook = await openWorkbook(await makeWorkbook(template, sheet), () => true);
    const row = sheet.columns.map((_, i) => (i === 0 ? '0041' : ''));
    await writeWorkbook(
      file,
      workbook,
      workbook.header.map((c) => c.column),
      each([row, row]),
    );
    const page = (await readBack(file)).worksheets[0]!;
    expect(page.name).toBe('DL');
    expect(page.rowCount).toBe(3);
    expect(page.getRow(1).cellCount).toBe(60);
    expect(page.getCell('A1').value).toBe('Số (đăng ký)\nso');
    expect(page.getCell('A2').value).toBe('0041');
    for (const column of [1, 2, 60]) expect(page.getRow(2).getCell(column).numFmt).toBe('@');
  });

  test('loaded as a site file, each of its columns is recognised', async () => {
    for (const register of [birth, maritalStatus]) {
      const { template, sheet } = templateOf(register.code);
      const site = await openSiteTemplate(await makeWorkbook(template, sheet), register);
      expect(site.columns).toEqual(sheet.columns);
      expect(site.unknown).toEqual([]);
    }
  });
});

describe('cells', () => {
  test('are what was given: no formula, no number, no lost blank', async () => {
    const texts = [
      '=HYPERLINK("http://example.test","Bấm")',
      '+1',
      '007',
      ' hai  đầu ',
      'dòng\nmới',
      '<b>&amp;"\'',
      '01.02.2008',
      'Nguyễn Thị Ỷ',
    ];
    const { template, sheet } = templateOf('KS');
    const file = path.join(await temporaryFolder(), 'a.xlsx');
    const workbook = await openWorkbook(await makeWorkbook(template, sheet), () => true);
    await writeWorkbook(
      file,
      workbook,
      texts.map((_, i) => i),
      each([texts]),
    );
    const row = (await readBack(file)).worksheets[0]!.getRow(2);
    texts.forEach((text, i) => {
      const cell = row.getCell(i + 1);
      expect(cell.value).toBe(text);
      expect(cell.formula).toBeUndefined();
      expect(cell.numFmt).toBe('@');
    });
    const xml = (await unzip(file)).get('xl/worksheets/sheet1.xml')!.toString();
    expect(xml).not.toContain('<f>');
  });

  test('hold what XML can hold, and nothing that readers would take for an escape', () => {
    expect(cellXml('a\u0007b\r\nc\rd\t\uFFFE')).toBe('ab\nc\nd\t');
    expect(cellXml('_x0041_')).toBe('_x005F_x0041_');
    expect(cellXml('a_xb_ & <c>')).toBe('a_xb_ &amp; &lt;c&gt;');
  });

  test('stand in columns named like those of a spreadsheet', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(columnName)).toEqual('A Z AA AZ BA ZZ AAA'.split(' '));
  });
});

describe("a site's template file", () => {
  test('is read: columns by key, hint and authority ignored, strange ones kept empty', async () => {
    const site = await openSiteTemplate(await siteTemplate(), birth);
    expect(site.workbook).toMatchObject({ sheetName: 'DL Import', headerRow: 2, dropped: 2 });
    expect(site.columns.map((c) => c.header)).toEqual(SITE_HEADERS);
    expect(site.columns.map((c) => c.key)).toEqual([
      'STT',
      'so',
      'quyenSo',
      'ngayDangKy',
      'noiDangKy',
      'nksGioiTinh',
      'nksHoTen',
      undefined,
      undefined,
      undefined,
      'meHoTen',
    ]);
    expect(site.unknown).toEqual(['maBuuCuc', 'nks SoDinhDanh']);
    expect(site.repeated).toEqual(['so']);
  });

  test('keeps its header byte for byte, its other sheets, notes and lists; samples go', async () => {
    const bytes = await siteTemplate();
    const folder = await temporaryFolder();
    const given = path.join(folder, 'given.xlsx');
    const made = path.join(folder, 'made.xlsx');
    await fs.writeFile(given, bytes);
    const site = await openSiteTemplate(bytes, birth);
    const rows = [['1', '41/2008', '01/2008', '', '', '2', 'MAI', '', '', '', '']];
    await writeWorkbook(
      made,
      site.workbook,
      site.workbook.header.map((c) => c.column),
      each(rows),
    );
    const [before, after] = [await unzip(given), await unzip(made)];
    const files = [...before.keys()].filter((name) => !name.endsWith('/'));
    expect([...after.keys()]).toEqual(files);
    const part = 'xl/worksheets/sheet2.xml';
    for (const name of files)
      if (name !== part && name !== 'xl/styles.xml')
        expect(after.get(name)).toEqual(before.get(name));
    const header = (xml: Buffer) =>
      /<row r="1"[\s\S]*?<row r="2"[\s\S]*?<\/row>/.exec(String(xml))![0];
    expect(header(after.get(part)!)).toBe(header(before.get(part)!));
    expect(String(after.get(part))).toContain('<dataValidation ');

    const sheet = (await readBack(made)).getWorksheet('DL Import')!;
    expect((sheet.getRow(2).values as unknown[]).slice(1)).toEqual(SITE_HEADERS);
    expect(sheet.getCell('A1').isMerged).toBe(true);
    expect(sheet.getCell('A5').isMerged).toBe(false);
    expect(sheet.getCell('F2').note).toBeTruthy();
    expect(sheet.actualRowCount).toBe(3);
    expect((sheet.getRow(3).values as unknown[]).filter(Boolean)).toEqual(rows[0]!.filter(Boolean));
    expect(sheet.getRow(3).getCell(8).value).toBeNull();
  });

  test('may have a second header row, which is kept when the site names the last one', async () => {
    const site = await openSiteTemplate(await siteTemplate(), birth, {}, 3);
    expect(site.workbook).toMatchObject({ headerRow: 3, dropped: 1 });
    expect(site.workbook.head).toContain('<row r="3"');
    await expect(openSiteTemplate(await siteTemplate(), birth, {}, 1)).rejects.toThrow('row 2');
  });

  test('is read as other programs write it: prefixes, no references, line ends, escapes', async () => {
    const file = path.join(await temporaryFolder(), 'x.xlsx');
    const space = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
    const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
    const parts: Record<string, string> = {
      '[Content_Types].xml':
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/sheet.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>',
      '_rels/.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${relations}/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
      'xl/workbook.xml': `<x:workbook xmlns:x="${space}" xmlns:r="${relations}"><x:sheets><x:sheet name="A" sheetId="1" r:id="s1"/></x:sheets></x:workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s1" Type="${relations}/worksheet" Target="sheet.xml"/><Relationship Id="s2" Type="${relations}/styles" Target="styles.xml"/><Relationship Id="s3" Type="${relations}/calcChain" Target="calcChain.xml"/></Relationships>`,
      'xl/styles.xml': `<x:styleSheet xmlns:x="${space}"><x:fonts count="1"><x:font/></x:fonts><x:fills count="1"><x:fill/></x:fills><x:borders count="1"><x:border/></x:borders><x:cellXfs count="2"><x:xf/><x:xf><x:alignment wrapText="1"/></x:xf></x:cellXfs></x:styleSheet>`,
      'xl/calcChain.xml': `<calcChain xmlns="${space}"><c r="A2" i="1"/></calcChain>`,
      'xl/sheet.xml': `<?xml version="1.0"?>\r\n<x:worksheet xmlns:x="${space}">\r\n<x:dimension ref="A1:B9"/><x:sheetData>\r\n<x:row><x:c t="inlineStr"><x:is><x:r><x:t>so</x:t></x:r><x:r><x:t xml:space="preserve"> 💠</x:t></x:r></x:is></x:c><x:c t="inlineStr"><x:is><x:t>quyenSo_x000D_\n</x:t></x:is></x:c><x:c t="str"><x:v>trangSo</x:v></x:c><x:c t="inlineStr"><x:is><x:t><![CDATA[ngayDangKy]]></x:t></x:is></x:c></x:row>\r\n<x:row r="9"/></x:sheetData></x:worksheet>`,
    };
    await writeZip(file, async (zip) => {
      for (const [name, text] of Object.entries(parts)) await zip.add(name, Buffer.from(text));
    });
    const site = await openSiteTemplate(await fs.readFile(file), birth);
    expect(site.columns).toEqual([
      { key: undefined, header: 'so 💠' },
      { key: 'quyenSo', header: 'quyenSo\r\n' },
      { key: 'trangSo', header: 'trangSo' },
      { key: 'ngayDangKy', header: 'ngayDangKy' },
    ]);
    await writeWorkbook(file, site.workbook, [0, 1, 2, 3], each([['', 'b', 'c', 'd']]));
    const made = await unzip(file);
    const xml = String(made.get('xl/sheet.xml'));
    const [head] = parts['xl/sheet.xml']!.split('\r\n<x:row r="9"/>') as [string];
    expect(xml.startsWith(head.replace('<x:dimension ref="A1:B9"/>', ''))).toBe(true);
    expect(xml).toMatch(
      /<\/x:row><x:row r="2"><x:c r="A2" s="2"\/><x:c r="B2" s="2" t="inlineStr"><x:is><x:t xml:space="preserve">b<\/x:t>/,
    );
    expect(xml.endsWith('</x:row></x:sheetData></x:worksheet>')).toBe(true);
    expect([...made.keys()]).not.toContain('xl/calcChain.xml');
    expect(String(made.get('[Content_Types].xml'))).not.toContain('calcChain');
  });

  test.each([
    ['no zip', async () => Buffer.from('so,quyenSo')],
    [
      'an Excel file without the columns',
      async () => {
        const workbook = new ExcelJS.Workbook();
        workbook.addWorksheet('A').addRow(['Tên', 'Tuổi', 'so']);
        return Buffer.from(await workbook.xlsx.writeBuffer());
      },
    ],
    [
      'a zip of something else',
      async () => {
        const file = path.join(await temporaryFolder(), 'x.zip');
        await writeZip(file, (zip) => zip.add('a.txt', Buffer.from('a')));
        return fs.readFile(file);
      },
    ],
    [
      'a zip that unpacks to far more than it weighs',
      async () => {
        const file = path.join(await temporaryFolder(), 'x.zip');
        await writeZip(file, (zip) => zip.add('xl/workbook.xml', Buffer.alloc(200 * 1024 ** 2)));
        return fs.readFile(file);
      },
    ],
    [
      'a file with entities',
      async () => {
        const folder = await temporaryFolder();
        await fs.writeFile(path.join(folder, 'a.xlsx'), await siteTemplate());
        const parts = await unzip(path.join(folder, 'a.xlsx'));
        const file = path.join(folder, 'b.xlsx');
        await writeZip(file, async (zip) => {
          for (const [name, content] of parts)
            await zip.add(
              name,
              name === 'xl/sharedStrings.xml'
                ? Buffer.from(String(content).replace('?>', '?><!DOCTYPE a [<!ENTITY b "c">]>'))
                : content,
            );
        });
        return fs.readFile(file);
      },
    ],
  ])('is refused when it is %s', async (_, make) => {
    await expect(openSiteTemplate(await make(), birth)).rejects.toMatchObject({
      kind: 'badTemplate',
    });
  });

  test.each([
    ['nycNgayCapGiayToKhac', 'nycNgayCapGiayToTuyThan'],
    ['noiCap\nỦy ban nhân dân xã Mẫu Đơn', 'noiCap'],
    ['noiCapUBND', 'noiCap'],
    ['NXNHOTEN', 'nxnHoTen'],
    ['noiCapGiay', undefined],
    ['', undefined],
  ])('names of %j: %s', (header, key) => {
    const { aliases } = templateOf('HN').sheet;
    expect(keyOfHeader(header, maritalStatus, aliases)).toBe(key);
  });
});
