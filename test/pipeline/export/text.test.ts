import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildDataset } from '../../../pipeline/export/dataset.ts';
import { BYTE_ORDER_MARK, csvLine, jsonLine, safeCell } from '../../../pipeline/export/text.ts';
import { planOf, record } from './support.ts';

const read = (csv: string): string[][] => parse(csv, { bom: true, record_delimiter: '\r\n' });

describe('CSV', () => {
  test('gives back every cell to a reader of RFC 4180', () => {
    const cell = fc.string({ unit: 'binary', maxLength: 30 }).filter((t) => safeCell(t) === t);
    const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1 });
    fc.assert(
      fc.property(rows, (given) => {
        expect(read(BYTE_ORDER_MARK + given.map(csvLine).join(''))).toEqual(given);
      }),
      { numRuns: 50 },
    );
  });

  test('keeps Vietnamese letters, quotes, commas and line breaks', () => {
    const cells = ['Nguyễn Thị "Bé", con út', 'dòng một\ndòng hai', '', ' Đặng ', 'a\rb'];
    expect(read(csvLine(cells))).toEqual([cells]);
    expect(csvLine(cells).endsWith('"\r\n')).toBe(true);
  });

  test.each([
    '=HYPERLINK("http://example.test","Bấm")',
    '+84 123',
    '-1+2',
    '@SUM(A1)',
    '\tx',
    '\rx',
    '\n=1',
    ' =1',
    '＝1',
  ])('puts a quote before %j, which a spreadsheet could take for a formula', (text) => {
    expect(read(csvLine([text]))).toEqual([[`'${text}`]]);
  });

  test.each(['Nam', '41/2008', '15.01.2008', 'A-B', "O'Hara", '23 tuổi', '1=1'])(
    'leaves %j alone',
    (text) => {
      expect(safeCell(text)).toBe(text);
    },
  );
});

describe('JSON Lines', () => {
  test('tell state, words and normal form of each value, and which version was exported', () => {
    const one = record({ nksNgaySinh: '2/1/2008', ghiChu: 'a\u2028b' });
    const [delivered] = buildDataset(planOf(), [one]).delivered;
    const line = jsonLine(delivered!, { bytes: 10, sha256: 'x' }, false);
    expect(line.match(/[\n\u2028]/g)).toEqual(['\n']);
    const parsed = JSON.parse(line);
    expect(parsed).toMatchObject({
      id: one.id,
      status: 'approved',
      version: 5,
      head: one.head,
      pdf: { name: 'KS.2008.01.2008-01-15.041.pdf', bytes: 10, sha256: 'x' },
      pages: [{ page: 5, imageSha256: one.pages[0]!.imageHash }],
    });
    expect(parsed.values.nksNgaySinh).toEqual({
      state: 'written',
      text: '2/1/2008',
      normalized: '02.01.2008',
    });
    expect(parsed.values.ghiChu.text).toBe('a\u2028b');
    expect(line).not.toContain('evidence');
    expect(parsed).not.toHaveProperty('mark');
  });

  test('of a draft say so in every line', () => {
    const [delivered] = buildDataset(planOf({ draft: true }), [record()]).delivered;
    expect(JSON.parse(jsonLine(delivered!, undefined, true)).mark).toBe('DRAFT');
  });
});
