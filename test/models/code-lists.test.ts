import { describe, expect, test } from 'vitest';
import { CODE_LISTS, codeOf, labelOf } from '../../models/code-lists.ts';
import { isChoice, itemsOf } from '../../models/forms/define.ts';
import { FORMS } from '../../models/forms/registry.ts';
import { registerOf } from '../../models/registers/registry.ts';

describe.each(Object.entries(CODE_LISTS))('the list %s', (name, list) => {
  test('has every code once', () => {
    const codes = list.items.map((i) => i.code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('finds each of its codes, labels and labels in capitals', () => {
    for (const { code, labelVi } of list.items) {
      expect(codeOf(name, code)).toBe(code);
      expect(codeOf(name, labelVi)).toBe(code);
      expect(codeOf(name, labelVi.toUpperCase().normalize('NFD'))).toBe(code);
      expect(labelOf(name, code)).toBe(labelVi);
    }
  });

  test('says where it comes from', () => {
    expect(list.source.length).toBeGreaterThan(0);
  });
});

test('what registers write is found', () => {
  expect(codeOf('gioiTinh', 'NAM')).toBe('1');
  expect(codeOf('gioiTinh', 'nu')).toBe('2');
  expect(codeOf('quocTich', 'Việt nam')).toBe('Việt Nam');
  expect(codeOf('danToc', ' kinh ')).toBe('Kinh');
  expect(codeOf('quocTich', 'Lào')).toBe('Lào (Laotian)');
  expect(codeOf('loaiCuTru', 'thường trú')).toBe('1');
  expect(codeOf('loaiDangKyKS', 'Đúng hạn')).toBe('1');
});

test('what no list has is not found', () => {
  expect(codeOf('gioiTinh', '')).toBeUndefined();
  expect(codeOf('gioiTinh', 'x')).toBeUndefined();
  expect(codeOf('no such list', 'Nam')).toBeUndefined();
  expect(labelOf('gioiTinh', '9')).toBe('9');
});

test('the printed words of every option mean its code', () => {
  for (const form of Object.values(FORMS)) {
    const register = registerOf(form.register);
    for (const item of itemsOf(form).filter(isChoice))
      for (const { text, code } of item.options)
        expect([form.id, text, codeOf(register.fields[item.choice]!.list!, text)]).toEqual([
          form.id,
          text,
          code,
        ]);
  }
});

test('a person may write ethnic groups and nationalities by label only', () => {
  for (const name of ['danToc', 'quocTich'])
    for (const { code, labelVi } of CODE_LISTS[name]!.items) expect(code).toBe(labelVi);
  expect(CODE_LISTS.danToc!.items.length).toBeGreaterThanOrEqual(54);
});
