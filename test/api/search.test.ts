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

const CHILD = {
  so: '12/2008',
  nksHoTen: 'Vũ Thị Ngọc Ánh',
  nksNgaySinh: '05.03.2008',
  meHoTen: 'Lý Thị Quý',
  meNgaySinh: '1980',
  chaHoTen: 'Vũ Văn Bền',
};
const likely = async (id: RecordId) => (await checker('GET', `/api/records/${id}/likely`)).json();
const link = (call: Call, id: RecordId, other: RecordId, kind: string) =>
  call('POST', `/api/records/${id}/links`, { payload: { other, kind, reason: 'Đã đối chiếu sổ' } });

describe('two births', () => {
  test('of one child are shown side by side, said to be the same or not, and stay two records', async () => {
    const bookId = await newBook({ number: '21/2008' });
    const id = await birth(bookId, CHILD);
    const again = await birth(await newBook(), {
      ...CHILD,
      so: '77/2010',
      nksHoTen: 'Vũ Ngọc Ánh',
      meHoTen: 'Lí Thị Quí',
    });
    const twin = { ...CHILD, so: '13/2008', nksHoTen: 'Vũ Văn Hùng' };
    await birth(bookId, twin);
    await birth(bookId, { ...CHILD, nksNgaySinh: '09.11.1999', meHoTen: 'Trần Thị Khác' });
    const { doubles } = await likely(id);
    expect(doubles).toMatchObject([
      { record: { id: again, number: '77/2010', names: ['Vũ Ngọc Ánh'] }, link: null },
    ]);
    expect(doubles[0].score).toBeGreaterThan(0.85);
    expect(doubles[0].agrees).toContainEqual({ what: 'born', field: 'nksHoTen', nearness: 1 });
    expect((await link(keyer, id, again, 'different')).statusCode).toBe(403);
    expect((await link(checker, id, again, 'different')).statusCode).toBe(201);
    const same = await link(checker, again, id, 'same');
    expect(same.json()).toMatchObject({ kind: 'same', person: { name: 'Người thử kiem' } });
    const pairs = (await checker('GET', `/api/books/${bookId}/doubles`)).json().items;
    expect(pairs).toMatchObject([{ link: { kind: 'same', reason: 'Đã đối chiếu sổ' } }]);
    expect(pairs[0].records.map((r: { id: string }) => r.id).sort()).toEqual([id, again].sort());
    for (const one of [id, again])
      expect((await checker('GET', `/api/records/${one}`)).json()).toMatchObject({ version: 1 });
    const { rows } = await api.query(
      'select kind from links where one = any($1) order by revoked_at nulls last',
      [[id, again]],
    );
    expect(rows).toEqual([{ kind: 'different' }, { kind: 'same' }]);
    const take = () => checker('DELETE', `/api/records/${id}/links/${same.json().id}`);
    expect([(await take()).statusCode, (await take()).statusCode]).toEqual([204, 404]);
    expect((await likely(id)).doubles[0].link).toBeNull();
    expect((await link(checker, id, id, 'same')).statusCode).toBe(400);
  });

  test('that may have to be keyed again, or lie outside a scope, are shown as none', async () => {
    const id = await birth(await newBook(), { ...CHILD, nksHoTen: 'Vũ Thị Riêng Tư' });
    const blind = await newBook({ policy: { keying: { kind: 'double' } } });
    const hidden = await birth(blind, { ...CHILD, nksHoTen: 'Vũ Thị Riêng Tư' });
    expect((await likely(id)).doubles).toHaveLength(1);
    const many = await api.as('damnhiem');
    expect((await many('GET', `/api/records/${id}/likely`)).json().doubles).toEqual([]);
    expect((await link(many, id, hidden, 'same')).statusCode).toBe(404);
    expect((await many('GET', `/api/books/${blind}/doubles`)).statusCode).toBe(403);
    expect((await keyer('GET', `/api/records/${id}/likely`)).statusCode).toBe(403);
  });
});

describe('kin', () => {
  test('are suggested, confirmed by a person, and go out as a table of their own', async () => {
    const mother = { meHoTen: 'Đinh Thị Suối', meNgaySinh: '02.09.1979', chaHoTen: 'Hà Văn Núi' };
    const bookId = await newBook({ number: '31/2008' });
    const id = await birth(bookId, { ...mother, so: '1/2008', nksHoTen: 'Hà Thị Lá' });
    const brother = await birth(bookId, { ...mother, so: '9/2008', nksHoTen: 'Hà Văn Cây' });
    await birth(bookId, { ...mother, meNgaySinh: '02.09.1985', nksHoTen: 'Hà Văn Xa' });
    const marriages = await newBook({ form: 'marriage-2015', number: '01/2000' });
    const wedding = await birth(marriages, {
      so: '5/2000',
      chongHoTen: 'Hà Văn Núi',
      voHoTen: 'Đinh Thị Suối',
      voNgaySinh: '1979',
    });
    const { kin } = await likely(id);
    expect(
      kin
        .map((k: { relation: string; record: { id: string } }) => [k.relation, k.record.id])
        .sort(),
    ).toEqual(
      [
        ['siblings', brother],
        ['parentsMarriage', wedding],
      ].sort(),
    );
    const ofWedding = (await likely(wedding)).kin;
    expect(ofWedding.map((k: { record: { id: string } }) => k.record.id).sort()).toEqual(
      [id, brother].sort(),
    );
    expect((await link(checker, id, brother, 'parentsMarriage')).statusCode).toBe(400);
    expect((await link(checker, id, wedding, 'same')).statusCode).toBe(400);
    expect((await link(checker, id, brother, 'siblings')).statusCode).toBe(201);
    expect((await link(checker, id, wedding, 'parentsMarriage')).statusCode).toBe(201);
    expect((await link(checker, wedding, id, 'parentsMarriage')).statusCode).toBe(201);
    const approver = await api.as('duyet');
    const made = await approver('POST', `/api/books/${bookId}/exports`, {
      payload: { draft: true },
    });
    const file = made.json().files.find((f: { name: string }) => f.name.endsWith('.kin.csv'));
    const table = await approver(
      'GET',
      `/api/exports/${made.json().id}/files/${encodeURIComponent(file.name)}`,
    );
    const lines = table.body.trim().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 5))).toEqual(
      expect.arrayContaining([
        [`"siblings"`, `"${id}"`, '"1/2008"', `"${brother}"`, '"9/2008"'],
        [`"siblings"`, `"${brother}"`, '"9/2008"', `"${id}"`, '"1/2008"'],
        [`"parentsMarriage"`, `"${id}"`, '"1/2008"', `"${wedding}"`, '"5/2000"'],
      ]),
    );
  });
});
