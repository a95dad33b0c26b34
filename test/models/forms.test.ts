import { describe, expect, test } from 'vitest';
import { BY_HAND } from '../../models/forms/by-hand.ts';
import {
  defineForm,
  type FormInput,
  fieldsNotOnForm,
  fieldsOnForm,
  isLabel,
  itemsOf,
} from '../../models/forms/define.ts';
import { FORMS, formOf, PRINTED } from '../../models/forms/registry.ts';
import { REGISTERS, registerOf } from '../../models/registers/registry.ts';

describe.each(Object.values(FORMS))('the form $id', (form) => {
  const register = registerOf(form.register);

  test('answers each field of its register in exactly one way', () => {
    const page = fieldsOnForm(form);
    const ways = [...page, ...form.fromBook, ...fieldsNotOnForm(form, register)];
    expect([...ways].sort()).toEqual(Object.keys(register.fields).sort());
    expect(new Set(page).size).toBe(page.length);
  });

  test('has labels in composed Unicode without blanks around', () => {
    for (const item of itemsOf(form).filter(isLabel))
      for (const text of [item.label, ...item.variants])
        expect(text).toBe(text.normalize('NFC').trim());
  });

  test('names its source, and what was invented when it is unconfirmed', () => {
    expect(form.source).not.toBe('');
    if (form.print === 'unknown') expect(form.invented).toEqual([]);
    else expect(form.confirmation === 'unconfirmed').toBe(form.invented.length > 0);
  });
});

test('father and mother, husband and wife come in the order of their era', () => {
  const order = (id: string, ...keys: string[]) => {
    const asked = fieldsOnForm(formOf(id));
    return keys.map((key) => asked.indexOf(key));
  };
  const [father, mother] = order('birth-2006', 'chaHoTen', 'meHoTen');
  expect(father).toBeLessThan(mother!);
  const [mother2015, father2015] = order('birth-2015', 'meHoTen', 'chaHoTen');
  expect(mother2015).toBeLessThan(father2015!);
  const [husband, wife] = order('marriage-2006', 'chongHoTen', 'voHoTen');
  expect(husband).toBeLessThan(wife!);
});

test('the birth page of 2006 asks neither birth dates nor residence of the parents', () => {
  const missing = fieldsNotOnForm(formOf('birth-2006'), registerOf('KS'));
  for (const key of ['meNgaySinh', 'chaNgaySinh', 'meNoiCuTru', 'chaNoiCuTru'])
    expect(missing).toContain(key);
});

test('a wife comes before her husband since 2015', () => {
  const asked = fieldsOnForm(formOf('marriage-2015'));
  expect(asked.indexOf('voHoTen')).toBeLessThan(asked.indexOf('chongHoTen'));
});

test('an entry of a table is asked line by line', () => {
  const asked = fieldsOnForm(formOf('marriage-1999'));
  expect(asked.slice(0, 3)).toEqual(['trangSo', 'so', 'ngayDangKy']);
  expect(asked.indexOf('chongNoiCapGiayToTuyThan')).toBeLessThan(asked.indexOf('voHoTen'));
  expect(asked.slice(-2)).toEqual(['nguoiThucHien', 'ghiChu']);
});

test('pages of unknown print are keyed by hand in a form of each register', () => {
  expect(BY_HAND.map((f) => f.register)).toEqual(Object.keys(REGISTERS));
  expect(Object.values(FORMS)).toEqual([...PRINTED, ...BY_HAND]);
  for (const form of BY_HAND) {
    expect(itemsOf(form).filter(isLabel)).toEqual([]);
    const asked = [...fieldsOnForm(form), ...form.fromBook];
    for (const [key, field] of Object.entries(registerOf(form.register).fields))
      if (field.required || field.core) expect(asked, `${form.id} ${key}`).toContain(key);
  }
});

test('an unknown form is answered with notFound', () => {
  expect(() => formOf('birth-1900')).toThrow(expect.objectContaining({ kind: 'notFound' }));
});

describe('a form that does not fit together does not load', () => {
  const good: FormInput = {
    id: 'sample',
    version: 1,
    register: 'KS',
    vi: 'Mẫu',
    en: 'Sample',
    era: { from: 2000 },
    paper: 'A4',
    entriesPerPage: 1,
    confirmation: 'confirmed',
    source: 'x',
    lines: [[{ label: 'Số' }, { blank: ['so'] }]],
  };
  const line = (...items: FormInput['lines'][number]): Partial<FormInput> => ({
    lines: [...good.lines, items],
  });
  const tick = (text: string, code: string) => ({ text, code });

  test('while a sound one does', () => {
    expect(fieldsOnForm(defineForm(good))).toEqual(['so']);
  });

  test.each<[string, Partial<FormInput>, string]>([
    ['several entries without a table', { entriesPerPage: 2 }, 'stand in a table'],
    [
      'a table whose column has no label',
      {
        entriesPerPage: 2,
        table: {
          rows: 1,
          columns: [{ items: [{ blank: ['trangSo'] }] }, { items: [{ label: 'x' }] }],
        },
      },
      'begins with its label',
    ],
    [
      'a cell below the last line of an entry',
      {
        entriesPerPage: 2,
        table: {
          rows: 1,
          columns: [
            { items: [{ label: 'x' }] },
            { items: [{ label: 'y' }, { blank: ['trangSo'], row: 1 }] },
          ],
        },
      },
      'fewer lines',
    ],
    ['a register that does not exist', { register: 'XX' }, 'XX'],
    ['a field that does not exist', line({ blank: ['nope'] }), 'no field nope'],
    ['a field asked twice', line({ blank: ['so'] }), 'asked twice'],
    ['a part of a field asked whole', line({ blank: ['so'], part: 'day' }), 'asked twice'],
    [
      'a field asked whole after a part of it',
      line({ blank: ['ngayDangKy'], part: 'day' }, { blank: ['ngayDangKy'] }),
      'asked twice',
    ],
    [
      'a part asked twice',
      line({ blank: ['ngayDangKy'], part: 'day' }, { blank: ['ngayDangKy'], part: 'day' }),
      'asked twice',
    ],
    ['two fields in one place without a split', line({ blank: ['nguoiKy', 'ghiChu'] }), 'split'],
    [
      'an option with a code that the list lacks',
      line({ choice: 'nksGioiTinh', mark: 'tick', options: [tick('Nam', '1'), tick('x', '9')] }),
      'no code 9',
    ],
    [
      'a choice of a field without a list',
      line({ choice: 'nksHoTen', mark: 'tick', options: [tick('a', '1'), tick('b', '2')] }),
      'no code 1',
    ],
    ['a field on page and cover', { fromBook: ['so'] }, 'on the cover'],
    [
      'a field on the cover and in parts on the page',
      { ...line({ blank: ['ngayDangKy'], part: 'day' }), fromBook: ['ngayDangKy'] },
      'on the cover',
    ],
    ['invented labels on a confirmed form', { invented: ['Số'] }, 'unconfirmed'],
    [
      'an invented label that is not printed',
      { confirmation: 'unconfirmed', invented: ['Nơi sinh'] },
      'not printed',
    ],
    [
      'a cell of a table without a head above it',
      line({ label: 'Dân tộc' }, { blank: ['nksDanToc'], under: 'ÔNG' }),
      'no label ÔNG',
    ],
    ['no label on a known print', { lines: [[{ blank: ['so'] }]] }, 'print is unknown'],
    ['a label on an unknown print', { print: 'unknown' }, 'print is unknown'],
    ['no line at all', { lines: [] }, 'lines'],
  ])('for %s', (_, change, message) => {
    expect(() => defineForm({ ...good, ...change })).toThrow(message);
  });
});
