import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BookId, RecordId } from '../../models/ids.ts';
import { type Call, makeRecord, NEW_BOOK, openTestApp, type TestApp } from './support.ts';

/*
 * Finding people by what one remembers of them, and what two records may have to do with each other.
 */

let api: TestApp;

let keyer: Call;
let checker: Call;
beforeAll(async () => {
  api = await openTestApp();
  [keyer, checker] = await Promise.all([api.as('nhap'), api.as('kiem')]);
});
afterAll(() => api.close());

const newBook = async (more: object = {}): Promise<BookId> =>
  (await api.system.store.books.create({ ...NEW_BOOK, ...more })).id;
const birth = async (bookId: BookId, texts: Record<string, string>): Promise<RecordId> =>
  (await makeRecord(api.system, bookId, texts)).recordId;

describe('a search', () => {
  let bookId: BookId;
  const ids: Record<string, RecordId> = {};
  const names = {
    hoa: 'Trần Thị Hòa',
    hoaA: 'Trần Thị Hoà',
    khoa: 'Trần Thị Khoa',
    dang: 'Đặng Quỳnh Nhi',
  };
  beforeAll(async () => {
    bookId = await newBook({ place: 'UBND xã Tìm Kiếm' });
    for (const [key, nksHoTen] of Object.entries(names))
      ids[key] = await birth(bookId, {
        nksHoTen,
        meHoTen: 'Lê Thị Mẹ',
        so: `${ids.length}/2008`,
        ngayDangKy: key === 'dang' ? '05.03.1999' : '05.03.2008',
      });
  });
  const find = async (payload: object, call = checker) => {
    const answer = await call('POST', '/api/records/search', { payload: { bookId, ...payload } });
    expect(answer.statusCode).toBe(200);
    return answer
      .json()
      .items.map((item: { id: string; match: string }) => [
        Object.keys(ids).find((key) => ids[key] === item.id),
        item.match,
      ]);
  };

  test.each<[string, object, string[][]]>([
    [
      'a name as it was typed before others',
      { name: 'trần thị hoà' },
      [
        ['hoaA', 'exact'],
        ['hoa', 'folded'],
        ['khoa', 'slip'],
      ],
    ],
    ['a name without diacritics', { name: 'dang quynh' }, [['dang', 'folded']]],
    ['a letter too many', { name: 'dangg quynh nhi' }, [['dang', 'slip']]],
    ['a letter left out', { name: 'dang qunh' }, [['dang', 'slip']]],
    ['two letters that changed places', { name: 'dnag quynh' }, [['dang', 'slip']]],
    ['two slips in one name', { name: 'dagn qunh' }, []],
    ['words of two names', { name: 'quynh le' }, []],
    [
      'the name of another person in the record',
      { name: 'lê thị mẹ', from: '1999-01-01', to: '1999-12-31' },
      [['dang', 'exact']],
    ],
    ['a field', { fields: { nksHoTen: 'nhi', meHoTen: 'lê' } }, [['dang', 'exact']]],
    ['a field that holds something else', { fields: { meHoTen: 'nhi' } }, []],
    ['words anywhere and a place', { words: 'quỳnh 1999', place: 'tim kiem' }, [['dang', 'exact']]],
    ['another place', { words: 'quynh', place: 'elsewhere' }, []],
    ['another register', { words: 'quynh', register: 'KH' }, []],
    ['a status that it has not', { words: 'quynh', status: 'approved' }, []],
  ])('finds by %s', async (_what, sought, expected) => {
    expect(await find(sought)).toEqual(expected);
  });

  test('follows what people change, and takes signs of SQL for signs', async () => {
    const { recordId } = await makeRecord(api.system, bookId, { nksHoTen: 'Phạm Văn Đọc Sai' });
    const answers = { nksHoTen: { state: 'written', text: "Phạm Văn O'Đúng %" } };
    const action = { type: 'keyed', answers };
    await keyer('POST', `/api/records/${recordId}/actions`, { payload: { seen: 1, action } });
    const total = async (payload: object) =>
      (await checker('POST', '/api/records/search', { payload: { bookId, ...payload } })).json()
        .total;
    expect(await total({ name: 'doc sai' })).toBe(0);
    expect(await total({ name: "pham o'dung" })).toBe(1);
    expect(await total({ words: '%' })).toBe(1);
    expect(await total({ name: '%' })).toBe(1);
    expect(await total({ fields: { "x' or true --": 'pham' } })).toBe(0);
    expect(await total({})).toBe(5);
  });

  test('is bounded, and finds nothing for who may have to key it again, or outside a scope', async () => {
    const bad = async (payload: object) =>
      (await checker('POST', '/api/records/search', { payload })).statusCode;
    expect(await bad({ name: 'x'.repeat(201) })).toBe(400);
    expect(await bad({ from: '1999-02-30' })).toBe(400);
    const blind = await newBook({ policy: { keying: { kind: 'double' } } });
    await birth(blind, { nksHoTen: 'Hoàng Thị Kín' });
    const seen = async (call: Call) =>
      (await call('POST', '/api/records/search', { payload: { name: 'hoang kin' } })).json().total;
    expect(await seen(checker)).toBe(1);
    expect(await seen(keyer)).toBe(0);
    const { person } = (await api.system.store.people.byLogin('kiem'))!;
    await api.system.store.people.setScope(person.id, { units: ['Tỉnh Khác'], books: [] });
    expect(await seen(await api.as('kiem'))).toBe(0);
    await api.system.store.people.setScope(person.id, null);
    checker = await api.as('kiem');
  });
});
