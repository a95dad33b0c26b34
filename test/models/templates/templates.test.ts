import { describe, expect, test } from 'vitest';
import { defineTemplate } from '../../../models/templates/define.ts';
import { fillPattern, numberForName, plainName } from '../../../models/templates/file-names.ts';
import { TEMPLATES, templateOf, templatesFor } from '../../../models/templates/registry.ts';

const columns = (id: string, register: string) =>
  TEMPLATES[id]!.registers[register]!.columns.map((c) => c.key);

describe('templates', () => {
  test('btp-1437 has the columns on which sources agree', () => {
    const counts = Object.fromEntries(
      Object.keys(TEMPLATES['btp-1437']!.registers).map((r) => [r, columns('btp-1437', r).length]),
    );
    expect(counts).toEqual({ KS: 60, KH: 44, KT: 48, CMC: 50, HN: 35 });
    expect(columns('btp-1437', 'KS').slice(0, 5)).toEqual([
      'so',
      'quyenSo',
      'trangSo',
      'ngayDangKy',
      'loaiDangKy',
    ]);
    expect(columns('btp-1437', 'KS').at(-1)).toBe('qgNuocNgoaiDaDangKy');
  });

  test('in the birth template the mother stands before the father, whatever the page says', () => {
    const keys = columns('btp-1437', 'KS');
    expect(keys.indexOf('meHoTen')).toBeLessThan(keys.indexOf('chaHoTen'));
  });

  test('a column on which sources disagree is marked or left out with the reason', () => {
    const { registers } = TEMPLATES['btp-1437']!;
    expect(registers.KT!.disputed).toHaveProperty('nktNgayChetGhiBangChu');
    expect(registers.KT!.confirmation).toBe('disputed');
    const disputed = registers.CMC!.leftOut.filter((l) => /one program/.test(l.why));
    expect(disputed.map((l) => l.key)).toEqual(['cmGioiTinh', 'ncGioiTinh']);
  });

  test('hotich-158 has 70 columns for births, a running number first, and no other register', () => {
    expect(columns('hotich-158', 'KS')).toHaveLength(70);
    expect(columns('hotich-158', 'KS')[0]).toBe('STT');
    expect(Object.keys(TEMPLATES['hotich-158']!.registers)).toEqual(['KS']);
  });

  test('registers without a national template are offered in the project convention only', () => {
    for (const register of ['GH', 'CDGH', 'NCN', 'TDCC', 'GCLH']) {
      const offered = templatesFor(register);
      expect(offered.map((t) => t.id)).toEqual(['so-goc']);
      expect(offered.every((t) => !t.national)).toBe(true);
      expect(offered[0]!.registers[register]!.confirmation).not.toBe('confirmed');
    }
  });

  test('header texts of ours are marked unconfirmed and hold label and key', () => {
    for (const template of Object.values(TEMPLATES)) expect(template.headers).toBe('unconfirmed');
    expect(templateOf('KS').sheet.columns[0]).toEqual({ key: 'so', header: 'Số (đăng ký)\nso' });
  });

  test('an unknown template, and one without the register, are not found', () => {
    expect(() => templateOf('KS', 'nothing')).toThrow(
      expect.objectContaining({ kind: 'notFound' }),
    );
    expect(() => templateOf('KH', 'hotich-158')).toThrow(
      expect.objectContaining({ kind: 'notFound' }),
    );
  });
});

describe('defineTemplate', () => {
  const good = {
    id: 'mine',
    version: 1,
    vi: '',
    en: '',
    national: false,
    headers: 'unconfirmed',
    source: '',
    sheetName: 'A',
    fileNames: { stem: '{place}.{TYPE}', pdf: '{TYPE}.{NUMBER}.pdf', numberWidth: 3 },
    registers: {
      GCLH: {
        confirmation: 'unknown',
        note: '',
        columns: columns('so-goc', 'GCLH').join(' '),
      },
    },
  } as const;
  const sheet = good.registers.GCLH;
  const withSheet = (change: object) => ({ ...good, registers: { GCLH: { ...sheet, ...change } } });

  test('accepts what fits', () => {
    expect(defineTemplate(good).registers.GCLH!.columns).toHaveLength(16);
  });

  test.each([
    ['a field that the register lacks', withSheet({ columns: `${sheet.columns} nothing` })],
    ['a column that stands twice', withSheet({ columns: `${sheet.columns} so` })],
    ['a field without column or reason', withSheet({ columns: 'so ngayDangKy' })],
    ['a dispute about no column', withSheet({ disputed: { nothing: 'x' } })],
    ['a project convention called national', { ...good, national: true }],
    [
      'a file name with an unknown part',
      { ...good, fileNames: { ...good.fileNames, pdf: '{NAME}.pdf' } },
    ],
    [
      'a file name that leaves its folder',
      { ...good, fileNames: { ...good.fileNames, stem: '../{TYPE}' } },
    ],
  ])('refuses %s', (_, input) => {
    expect(() => defineTemplate(input)).toThrow();
  });
});

describe('file names', () => {
  test.each([
    ['41/2008', '041'],
    ['041/2008', '041'],
    ['41', '041'],
    ['12a/2008', '012a'],
    ['12A', '012a'],
    ['1205/2008', '1205'],
    ['7/08', '007'],
  ])('the number %s becomes %s', (text, name) => {
    expect(numberForName(text, 3)).toBe(name);
  });

  test.each([
    '',
    '0/2008',
    '41-42',
    '41 bis',
    'a12',
    '41/TP-KS',
    '../41',
    '12đ',
    '1/2/2008',
    '４１',
  ])('the number %j gives no name', (text) => {
    expect(numberForName(text, 3)).toBeUndefined();
  });

  test('a missing part leaves no name at all', () => {
    expect(fillPattern('{A}.{B}.pdf', { A: 'x', B: undefined })).toBeUndefined();
    expect(fillPattern('{A}.{B}.pdf', { A: 'x', B: '' })).toBeUndefined();
    expect(fillPattern('{A}.{B}.pdf', { A: 'x', B: '$&' })).toBe('x.$&.pdf');
  });

  test.each([
    ['Xã Thanh Nê', 'Xa_Thanh_Ne'],
    ['Đông Đô'.normalize('NFD'), 'Dong_Do'],
    ['../../etc/passwd', 'etc_passwd'],
    ['a\\b:c*"<>|\0', 'a_b_c'],
    ['TT. Vũ Thư', 'TT_Vu_Thu'],
    ['社', ''],
  ])('the place %j becomes %j', (text, name) => {
    expect(plainName(text)).toBe(name);
  });
});
