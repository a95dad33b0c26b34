import { describe, expect, it, test } from 'vitest';
import type { FormAnswer, FormField, RecordAnswer } from '../../api/contract.ts';
import { CODE_LISTS } from '../../models/code-lists.ts';
import { FIELD_KINDS } from '../../models/field-kinds.ts';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { PageId } from '../../models/ids.ts';
import { registerOf } from '../../models/registers/registry.ts';
import {
  needsLook,
  nextToLookAt,
  rowsOf,
  splitLabel,
  unconfirmed,
  type Value,
} from '../../web/record/rows.ts';
import { choicesOf, suggestionsFor } from '../../web/record/suggestions.ts';
import { asTaken } from '../../web/record/typed.ts';

/** A form as the API tells of it. */
function formAnswer(id: string): FormAnswer {
  const form = formOf(id);
  const register = registerOf(form.register);
  const field = (key: string): FormField => {
    const { vi, en, kind, list, required } = register.fields[key]!;
    const { group, input } = FIELD_KINDS[kind];
    return { key, vi, en, kind, group, input, required, ...(list ? { list } : {}) };
  };
  return {
    ...form,
    register,
    fields: fieldsOnForm(form).map(field),
    bookFields: form.fromBook.map(field),
  };
}
const form = formAnswer('birth-2006');
const field = (key: string) => form.fields.find((f) => f.key === key)!;

const machine = (text: string, confidence: number): Value => ({
  state: 'written',
  text,
  evidence: {
    source: 'reader',
    confidence,
    candidates: [],
    rules: [],
  },
});
const person = (text: string): Value => ({
  state: 'written',
  text,
  evidence: { source: 'person', candidates: [], rules: [] },
});

const record = (values: Record<string, Value>, findings: RecordAnswer['findings'] = []) =>
  ({ values, places: {}, findings, reasons: [], accepted: [] }) as unknown as RecordAnswer;
const WORDS = { margin: 'Lề trang', book: 'Theo bìa sổ' };
const rowsFor = (r: RecordAnswer) => rowsOf(r, form, [], true, WORDS);
const rowFor = (r: RecordAnswer, key: string) => rowsFor(r).find((x) => x.field.key === key)!;
const NOBODY: ReadonlySet<string> = new Set();

describe('the rows of a record', () => {
  it('stand in the order of the page below its printed headings, the cover last', () => {
    const rows = rowsFor(record({}));
    expect(rows.map((r) => r.field.key)).toEqual([
      ...fieldsOnForm(formOf('birth-2006')),
      'quyenSo',
      'noiDangKy',
    ]);
    expect(rows.filter((r) => r.heading).map((r) => [r.field.key, r.heading])).toEqual([
      ['nksHoTen', 'Phần ghi về người được đăng ký khai sinh'],
      ['chaHoTen', 'Phần ghi về cha, mẹ người được đăng ký khai sinh'],
      ['nycHoTen', 'Phần ghi về người đi đăng ký khai sinh'],
      ['ghiChu', 'Lề trang'],
      ['quyenSo', 'Theo bìa sổ'],
    ]);
  });

  it('tell what a person answered, what is sure, what needs a look and what breaks a rule', () => {
    const warning = { rule: 'r', fields: ['so'], severity: 'warning' as const, vi: '', en: '' };
    const error = { ...warning, fields: ['trangSo', 'ngayDangKy'], severity: 'error' as const };
    const r = record(
      {
        nksHoTen: person('A'),
        nksDanToc: machine('Kinh', 0.99),
        nksQuocTich: machine('Việt Nam', 0.5),
        so: machine('12', 0.99),
        trangSo: machine('1', 0.99),
        ngayDangKy: person('32.13.2008'),
      },
      [warning, error],
    );
    const looks = Object.fromEntries(rowsFor(r).map((row) => [row.field.key, row.look]));
    expect(looks).toMatchObject({
      nksHoTen: 'person',
      nksDanToc: 'sure',
      nksQuocTich: 'look',
      so: 'look',
      trangSo: 'broken',
      ngayDangKy: 'broken',
      meHoTen: 'empty',
    });
  });

  it('show answers that wait to be sent, and say so while the line is down', () => {
    const waiting = {
      id: '1',
      recordId: 'r',
      seen: 1,
      shown: {},
      action: {
        type: 'keyed' as const,
        answers: { meHoTen: { state: 'written' as const, text: 'LÊ THỊ CHỜ' } },
      },
    };
    for (const [up, look] of [
      [true, 'person'],
      [false, 'waiting'],
    ] as const) {
      const row = rowsOf(record({}), form, [waiting], up, WORDS).find(
        (r) => r.field.key === 'meHoTen',
      )!;
      expect([row.value?.text, row.look]).toEqual(['LÊ THỊ CHỜ', look]);
    }
  });

  it('place a field that was not found between its neighbours', () => {
    const at = (y: number) => ({ pageId: 'p' as PageId, box: { x: 0.1, y, w: 0.5, h: 0.02 } });
    const r: RecordAnswer = {
      ...record({}),
      places: { chaHoTen: at(0.4), chaQuocTich: at(0.5), meDanToc: at(0.6) },
    };
    // Where it is written is known, whatever the machine made of it.
    expect(rowFor(r, 'chaHoTen')).toMatchObject({
      look: 'empty',
      place: { exact: true, box: { y: 0.4 } },
    });
    const { place } = rowFor(r, 'meHoTen');
    expect(place?.exact).toBe(false);
    expect(place?.box.y).toBeCloseTo(0.5);
    expect(place!.box.y + place!.box.h).toBeCloseTo(0.62);
    expect(rowFor(record({}), 'meHoTen').place).toBeUndefined();
  });

  it('lead from one that needs a look to the next, round the page once', () => {
    const values = Object.fromEntries(form.fields.map((f) => [f.key, machine('x', 0.99)]));
    const rows = rowsFor(record({ ...values, so: machine('x', 0.4), nycHoTen: machine('x', 0.4) }));
    expect(nextToLookAt(rows, undefined, NOBODY)?.field.key).toBe('so');
    expect(nextToLookAt(rows, 'so', NOBODY)?.field.key).toBe('nycHoTen');
    expect(nextToLookAt(rows, 'nycHoTen', NOBODY)?.field.key).toBe('so');
    expect(nextToLookAt(rows, 'so', new Set(['nksHoTen']))?.field.key).toBe('nksHoTen');
    expect(rows.filter((r) => needsLook(r, NOBODY))).toHaveLength(2);
  });

  it('let nothing of the machine through that was neither seen nor answered', () => {
    const values = Object.fromEntries(form.fields.map((f) => [f.key, machine('x', 0.99)]));
    const rows = rowsFor(record({ ...values, so: person('12'), trangSo: machine('1', 0.4) }));
    const seen = new Set(['trangSo', 'nksHoTen']);
    const keys = unconfirmed(rows, seen, NOBODY).map((r) => r.field.key);
    expect(keys).toContain('trangSo'); // Seen and passed over, but doubtful.
    expect(keys).toContain('meHoTen');
    expect(keys).not.toContain('nksHoTen');
    expect(keys).not.toContain('so');
    expect(keys).toHaveLength(form.fields.length - 2);
  });
});

test('a label is divided into what it is and whose, but not within brackets', () => {
  expect(splitLabel('Dân tộc - cha')).toEqual(['Dân tộc', 'cha']);
  const officer = 'Người thực hiện (cán bộ tư pháp - hộ tịch)';
  expect(splitLabel(officer)).toEqual([officer, '']);
});

describe('suggestions', () => {
  const lists = CODE_LISTS;

  it('are other readings first, then a short list', () => {
    const value: Value = {
      ...machine('Nan', 0.4),
      evidence: { ...machine('', 0.4).evidence, candidates: [{ text: 'Nam', probability: 0.3 }] },
    };
    const choices = choicesOf(field('nksGioiTinh'), form, lists);
    expect(suggestionsFor(value, undefined, choices).slice(0, 2)).toEqual(['Nam', 'Nữ']);
  });

  it('follow what is typed, diacritics or not', () => {
    const choices = choicesOf(field('nksDanToc'), form, lists);
    expect(suggestionsFor(undefined, 'kin', choices)[0]).toBe('Kinh');
    expect(suggestionsFor(undefined, 'muong', choices)[0]).toBe('Mường');
    expect(suggestionsFor(undefined, undefined, choices)).toEqual([]);
  });

  it('are the printed alternatives where the page prints them', () => {
    const marriage = formAnswer('marriage-2006');
    const residence = marriage.fields.find((f) => f.key === 'voLoaiCuTru')!;
    expect(choicesOf(residence, marriage, lists)).toEqual(['thường trú', 'tạm trú']);
  });
});

describe('typed text', () => {
  const date = field('nksNgaySinh');
  const name = field('nksHoTen');

  it('has its dots in a date of bare digits, everything else stays as typed', () => {
    const taken = (text: string, f = date) => asTaken(f, text, undefined);
    expect(taken('15012008')).toBe('15.01.2008');
    expect(taken(' 012008 ')).toBe('01.2008');
    expect(taken('2008')).toBe('2008');
    expect(taken('15/1/2008')).toBe('15/1/2008');
    expect(taken('99999999')).toBe('99999999');
    expect(taken('15012008', field('so'))).toBe('15012008');
  });

  it('has capitals in a name that was typed without any, as the page writes names', () => {
    expect(asTaken(name, 'nguyễn thị đào', undefined)).toBe('Nguyễn Thị Đào');
    expect(asTaken(name, 'y-bhăm êban', undefined)).toBe('Y-Bhăm Êban');
    expect(asTaken(name, 'nguyễn thị đào', machine('NGUYỄN THỊ ĐẢO', 0.4))).toBe('NGUYỄN THỊ ĐÀO');
    expect(asTaken(name, 'Nguyễn thị Đào', undefined)).toBe('Nguyễn thị Đào');
    expect(asTaken(field('nksNoiSinh'), 'trạm xá', undefined)).toBe('trạm xá');
  });

  it('stays as typed when it is typed a second time: then it is written so', () => {
    expect(asTaken(name, 'nguyễn thị đào', person('Nguyễn Thị Đào'))).toBe('nguyễn thị đào');
    expect(asTaken(date, '15012008', person('15.01.2008'))).toBe('15012008');
  });
});
