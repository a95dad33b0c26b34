import { describe, expect, test } from 'vitest';
import { buildDataset, cellsOf } from '../../../pipeline/export/dataset.ts';
import { PAGE, planOf, record, unwritten, value } from './support.ts';

const plan = planOf();
const kinds = (refused: readonly { reasons: readonly { kind: string }[] }[]) =>
  refused.map((r) => r.reasons.map((x) => x.kind));

describe('a dataset', () => {
  test('names the PDF of a record after book, registration date and padded number', () => {
    const { delivered, refused } = buildDataset(plan, [record()]);
    expect(refused).toEqual([]);
    expect(delivered.map((d) => d.pdf)).toEqual(['KS.2008.01.2008-01-15.041.pdf']);
  });

  test('keeps a letter of the number, and takes year and volume from the book', () => {
    const other = planOf({ book: { number: '3/2006' } });
    const { delivered } = buildDataset(other, [record({ so: '12a/2008', quyenSo: '03/2006' })]);
    expect(delivered[0]!.pdf).toBe('KS.2006.03.2008-01-15.012a.pdf');
  });

  test('writes normalised values, the words of the page where there are none, and nothing else', () => {
    const one = record({ nksDanToc: 'Người lạ', nksNgaySinh: '2/1/2008' });
    const { delivered } = buildDataset(plan, [
      {
        ...one,
        values: {
          ...one.values,
          nguoiKy: unwritten('illegible'),
          ghiChu: { ...unwritten('struckOut'), text: 'gạch bỏ' },
          meHoTen: unwritten('blank'),
          chaNgaySinh: unwritten('notOnForm'),
        },
      },
    ]);
    const cells = cellsOf(delivered[0]!.row, plan.columns, 1);
    const cell = (key: string) => cells[plan.columns.findIndex((c) => c.key === key)];
    expect(cells).toHaveLength(60);
    expect(cell('nksGioiTinh')).toBe('2');
    expect(cell('nksNgaySinh')).toBe('02.01.2008');
    expect(cell('nksDanToc')).toBe('Người lạ');
    for (const key of ['nguoiKy', 'ghiChu', 'meHoTen', 'chaNgaySinh', 'loaiDangKy'])
      expect(cell(key)).toBe('');
    expect(delivered[0]!.row.illegible).toEqual(['nguoiKy']);
    expect(delivered[0]!.row.warnings.map((w) => w.rule)).toContain('notNormalized');
  });

  test('counts its rows where the template asks for it', () => {
    const counted = planOf({ templateId: 'hotich-158' });
    const { delivered } = buildDataset(counted, [record()]);
    expect(cellsOf(delivered[0]!.row, counted.columns, 7)[0]).toBe('7');
  });

  test('tells of values for which the template has no column', () => {
    const { delivered } = buildDataset(plan, [record({ nksSoDinhDanh: '034208000001' })]);
    expect(delivered[0]!.row.dropped).toEqual(['nksSoDinhDanh']);
    const { delivered: later } = buildDataset(planOf({ templateId: 'hotich-158' }), [
      record({ nksSoDinhDanh: '034208000001' }),
    ]);
    expect(later[0]!.row.dropped).toEqual([]);
  });

  test('warns of another book number and of long values, without changing them', () => {
    const long = 'A'.repeat(51);
    const { delivered, refused } = buildDataset(plan, [
      record({ quyenSo: '02/2008', nksHoTen: long }),
    ]);
    expect(refused).toEqual([]);
    expect(delivered[0]!.row.warnings.map((w) => w.rule)).toEqual([
      'otherBook',
      'longerThanColumn',
    ]);
    expect(delivered[0]!.row.cells.nksHoTen).toBe(long);
  });
});

describe('a record is refused by name', () => {
  test.each([
    ['it has no number', { so: undefined }, ['noNumber']],
    ['its number is not one number', { so: '41-42' }, ['numberUnclear']],
    ['it has no registration date', { ngayDangKy: undefined }, ['noDate']],
    ['its date is partial', { ngayDangKy: '01.2008' }, ['dateIncomplete']],
    ['its date is no date', { ngayDangKy: 'tháng giêng' }, ['dateIncomplete']],
    ['a required field is empty', { noiDangKy: undefined }, ['requiredEmpty']],
    ['a check is broken', { nksNgaySinh: '16.01.2008' }, ['ruleBroken']],
    ['it lacks both', { so: undefined, ngayDangKy: undefined }, ['noNumber', 'noDate']],
  ])('when %s', (_, change, reasons) => {
    const one = record(change);
    const { delivered, refused } = buildDataset(plan, [one, record({ so: '42/2008' })]);
    expect(delivered.map((d) => d.pdf)).toEqual(['KS.2008.01.2008-01-15.042.pdf']);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ recordId: one.id, pages: [5] });
    expect(kinds(refused)).toEqual([reasons]);
  });

  test('when its number cannot be read or is struck out', () => {
    const one = record();
    const illegible = { ...one, values: { ...one.values, so: unwritten('illegible') } };
    const struck = {
      ...record(),
      values: { ...one.values, so: { ...value('so', '41/2008'), state: 'struckOut' as const } },
    };
    expect(kinds(buildDataset(plan, [illegible, struck]).refused)).toEqual([
      ['noNumber'],
      ['noNumber'],
    ]);
  });

  test('when nobody has approved it', () => {
    const { delivered, refused } = buildDataset(plan, [record({}, { status: 'checked' })]);
    expect(delivered).toEqual([]);
    expect(kinds(refused)).toEqual([['notApproved']]);
  });

  test('when it has no page', () => {
    expect(kinds(buildDataset(plan, [record({}, { pages: [] })]).refused)).toEqual([['noPages']]);
  });

  test('when another record would get the same name; both, each naming the other', () => {
    const [a, b] = [record({ so: '12a/2008' }), record({ so: '12A' })];
    const { delivered, refused } = buildDataset(plan, [a, b, record()]);
    expect(delivered).toHaveLength(1);
    expect(refused.map((r) => r.recordId)).toEqual([a.id, b.id]);
    expect(refused[0]!.reasons[0]).toMatchObject({ kind: 'sameName' });
    expect(refused[0]!.reasons[0]!.vi).toContain(b.id);
    expect(refused[1]!.reasons[0]!.vi).toContain(a.id);
  });
});

describe('a draft', () => {
  const draft = planOf({ draft: true });

  test('holds every record and says DRAFT in the name of every PDF', () => {
    const [good, bare, a, b] = [
      record({}, { status: 'prefilled' }),
      record({ so: undefined, ngayDangKy: undefined }, { status: 'keyed' }),
      record({ so: '7/2008' }),
      record({ so: '07/2008' }),
    ];
    const { delivered, refused } = buildDataset(draft, [good, bare, a, b]);
    expect(delivered.map((d) => d.pdf)).toEqual([
      'DRAFT.KS.2008.01.2008-01-15.041.pdf',
      `DRAFT.record-${bare.id}.pdf`,
      `DRAFT.record-${a.id}.pdf`,
      `DRAFT.record-${b.id}.pdf`,
    ]);
    expect(kinds(refused)).toEqual([['noNumber', 'noDate'], ['sameName'], ['sameName']]);
  });

  test('keeps a record without pages as a row without PDF', () => {
    const { delivered } = buildDataset(draft, [record({ so: '40/2008' }, { pages: [] }), record()]);
    expect(delivered.map((d) => d.pdf)).toEqual([undefined, 'DRAFT.KS.2008.01.2008-01-15.041.pdf']);
    expect(delivered[1]!.row.pages).toEqual([PAGE]);
  });
});
