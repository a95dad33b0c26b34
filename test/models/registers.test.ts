import { describe, expect, test } from 'vitest';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { FORMS } from '../../models/forms/registry.ts';
import { defineRegister } from '../../models/registers/define.ts';
import { REGISTERS, registerOf } from '../../models/registers/registry.ts';
import { RULES } from '../../models/rules.ts';

/** Fields by register: the template's columns, and those of the sources that have more. */
const FIELDS = {
  // 60 columns of the common template; the later one adds three ids and six texts (and a counter).
  KS: 69,
  // 44 columns, and one field that only pages have.
  KH: 45,
  // 47 columns in one source, 48 in another, and two of pages only.
  KT: 50,
  // 50 columns in one source, 52 in another, and three of pages only.
  CMC: 55,
  // 35 columns, and four of pages only.
  HN: 39,
  GH: 28,
  CDGH: 29,
  NCN: 44,
  TDCC: 26,
  GCLH: 16,
};

test('all ten registers are there, in the order of the plan’s book groups', () => {
  expect(Object.keys(REGISTERS)).toEqual([
    'KH',
    'KS',
    'CMC',
    'HN',
    'KT',
    'GH',
    'CDGH',
    'NCN',
    'TDCC',
    'GCLH',
  ]);
});

test.each(Object.entries(FIELDS))('%s has %i fields', (code, count) => {
  expect(Object.keys(registerOf(code).fields)).toHaveLength(count);
});

test('the birth register’s common columns are 60', () => {
  const added = (key: string) => /(SoDinhDanh|SoDinhDanhCaNhan|Str)$/.test(key);
  const { fields } = registerOf('KS');
  expect(Object.keys(fields).filter((key) => !added(key))).toHaveLength(60);
});

test('only registers with a national template are confirmed', () => {
  const by = (confirmation: string) =>
    Object.values(REGISTERS)
      .filter((r) => r.confirmation === confirmation)
      .map((r) => r.code)
      .sort();
  expect(by('confirmed')).toEqual(['CMC', 'HN', 'KH', 'KS', 'KT']);
  expect(by('projectConvention')).toEqual(['CDGH', 'GH', 'NCN', 'TDCC']);
  expect(by('unknown')).toEqual(['GCLH']);
  for (const register of Object.values(REGISTERS)) expect(register.status).not.toBe('');
});

describe.each(Object.values(REGISTERS))('the register $code', (register) => {
  test('asks for number, book, page, date and place under their common names', () => {
    // A certificate of marital status names the place of issue instead.
    const place = register.code === 'HN' ? 'noiCap' : 'noiDangKy';
    const keys = Object.keys(register.fields);
    for (const key of ['so', 'quyenSo', 'trangSo', 'ngayDangKy']) expect(keys).toContain(key);
    if (register.confirmation === 'confirmed') expect(keys).toContain(place);
  });

  test('names every field in both languages', () => {
    for (const [key, { vi, en }] of Object.entries(register.fields)) {
      expect(vi, key).toBe(vi.normalize('NFC').trim());
      expect(vi && en, key).not.toBe('');
    }
  });
});

test('an unknown register is answered with notFound', () => {
  expect(() => registerOf('XX')).toThrow(expect.objectContaining({ kind: 'notFound' }));
});

describe('a register that does not fit together does not load', () => {
  const good: Parameters<typeof defineRegister>[0] = {
    code: 'XX',
    version: 1,
    vi: 'Sổ mẫu',
    en: 'Sample',
    confirmation: 'unknown',
    status: 'x',
    people: ['hoTen'],
    fields: {
      hoTen: { vi: 'Họ tên', en: 'Name', kind: 'name' },
      gioiTinh: { vi: 'Giới tính', en: 'Sex', kind: 'code', list: 'gioiTinh' },
    },
    rules: [],
  };
  const { hoTen } = good.fields as { hoTen: (typeof good.fields)[string] };

  test('while a sound one does', () => {
    expect(defineRegister(good).fields.hoTen).toMatchObject({ required: false });
  });

  test.each([
    [
      'a list that does not exist',
      { fields: { hoTen, b: { ...hoTen, list: 'nope' } } },
      'no code list',
    ],
    [
      'a code without a list',
      { fields: { hoTen, b: { ...hoTen, kind: 'code' as const } } },
      'needs a list',
    ],
    [
      'a rule that does not exist',
      { rules: [{ rule: 'nope', fields: ['hoTen'] }] },
      'no rule nope',
    ],
    [
      'a rule on too few fields',
      { rules: [{ rule: 'notAfter', fields: ['hoTen'] }] },
      'compares 2',
    ],
    [
      'a rule on a field that does not exist',
      { rules: [{ rule: 'digitsOnly', fields: ['x'] }] },
      'names x',
    ],
    ['a person who is no name', { people: ['gioiTinh'] }, 'no field of kind name'],
    [
      'a kind that does not exist',
      { fields: { hoTen: { ...hoTen, kind: 'nope' as 'name' } } },
      'kind',
    ],
    ['a key with a space', { fields: { hoTen, 'a b': hoTen } }, 'Invalid key'],
  ])('for %s', (_, change, message) => {
    expect(() => defineRegister({ ...good, ...change })).toThrow(message);
  });
});

test('every rule is used by a register or by none on purpose', () => {
  const used = new Set(Object.values(REGISTERS).flatMap((r) => r.rules.map(({ rule }) => rule)));
  expect(Object.keys(RULES).filter((rule) => !used.has(rule))).toEqual([]);
});

test('every required field is on each form of its register or on the cover', () => {
  for (const form of Object.values(FORMS)) {
    const asked = [...fieldsOnForm(form), ...form.fromBook];
    for (const [key, field] of Object.entries(registerOf(form.register).fields))
      if (field.required) expect(asked, `${form.id} ${key}`).toContain(key);
  }
});
