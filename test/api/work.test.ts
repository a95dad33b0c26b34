import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashPassword } from '../../api/passwords.ts';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { BookId, RecordId } from '../../models/ids.ts';
import type { Person, Role } from '../../models/people.ts';
import {
  type Call,
  makeRecord,
  NEW_BOOK,
  OURS,
  openTestApp,
  PASSWORD,
  type TestApp,
} from './support.ts';

/*
 * Work handed out: nobody gets what another has, and what somebody cannot finish is not lost.
 */

let api: TestApp;
let boss: Call;
let checker: Call;
beforeAll(async () => {
  api = await openTestApp();
  [boss, checker] = await Promise.all([api.as('quantri'), api.as('kiem')]);
});
afterAll(() => api.close());

const asked = fieldsOnForm(formOf('birth-2006'));
const done = {
  type: 'keyed',
  answers: Object.fromEntries(asked.map((key) => [key, { state: 'blank' }])),
  done: true,
};
const act = (call: Call, id: string, seen: number, action: object) =>
  call('POST', `/api/records/${id}/actions`, { payload: { seen, action } });

let people = 0;
async function worker(roles: readonly Role[] = ['keyer']): Promise<{ call: Call; person: Person }> {
  const { store } = api.system;
  const organisation = (await store.organisations.list()).find((o) => o.kind === 'digitisingUnit')!;
  const login = `tho-${++people}`;
  const person = await store.people.create({
    organisationId: organisation.id,
    login,
    name: `Người thử ${people}`,
    roles,
    passwordHash: await hashPassword(PASSWORD),
  });
  const cookie = await api.signIn(login);
  const call: Call = (method, url, more = {}) =>
    api.app.inject({ ...more, method, url, headers: { ...OURS, cookie, ...more.headers } });
  return { call, person };
}

async function bookOf(records: number): Promise<{ bookId: BookId; ids: RecordId[] }> {
  const bookId = (await api.system.store.books.create(NEW_BOOK)).id;
  const ids: RecordId[] = [];
  for (let n = 0; n < records; n++) ids.push((await makeRecord(api.system, bookId)).recordId);
  return { bookId, ids };
}

const next = async (call: Call, bookId: BookId, work = 'key') => {
  const answer = await call('POST', '/api/work/next', { payload: { bookId, work } });
  expect(answer.statusCode).toBe(200);
  return answer.json().lease as { recordId: RecordId; until: string } | null;
};

/** Ends all leases as if their time were over. */
const later = (id: RecordId) =>
  api.query(`update leases set until = now() - interval '1 second' where record_id = $1`, [id]);

describe('what is open', () => {
  test('is told in the list of a book, with the name of who is at it', async () => {
    const { bookId, ids } = await bookOf(2);
    const { call, person } = await worker();
    const lease = await next(call, bookId);
    const list = (await checker('GET', `/api/records?bookId=${bookId}`)).json().items;
    expect(list.map((r: { id: string; openBy?: object }) => [r.id, r.openBy])).toEqual(
      ids.map((id) => [
        id,
        id === lease?.recordId ? { id: person.id, name: person.name } : undefined,
      ]),
    );
    await call('DELETE', `/api/records/${lease!.recordId}/lease`);
    const after = (await checker('GET', `/api/records?bookId=${bookId}`)).json().items;
    expect(after.some((r: { openBy?: object }) => r.openBy)).toBe(false);
  });

  test('can be looked for in every kind of work', async () => {
    const { bookId } = await bookOf(1);
    const { call } = await worker();
    for (const work of ['second', 'arbitrate'])
      expect((await call('GET', `/api/records/next?bookId=${bookId}&for=${work}`)).json()).toEqual({
        id: null,
      });
  });
});

describe('the next record', () => {
  test('is never the same for two people who ask at the same moment', async () => {
    const { bookId, ids } = await bookOf(8);
    const workers = await Promise.all(Array.from({ length: 10 }, () => worker()));
    const given = await Promise.all(workers.map(({ call }) => next(call, bookId)));
    const got = given.flatMap((lease) => lease?.recordId ?? []);
    expect([...got].sort()).toEqual([...ids].sort());
    expect(given.filter((lease) => lease === null)).toHaveLength(2);
  });

  test('stays the same for who has it open, and is another one when it is done', async () => {
    const { bookId, ids } = await bookOf(2);
    const { call } = await worker();
    expect((await next(call, bookId))?.recordId).toBe(ids[0]);
    expect((await next(call, bookId))?.recordId).toBe(ids[0]);
    expect((await act(call, ids[0]!, 1, done)).statusCode).toBe(200);
    expect((await next(call, bookId))?.recordId).toBe(ids[1]);
    expect((await act(call, ids[1]!, 1, done)).json().lease).toBeNull();
    expect(await next(call, bookId)).toBeNull();
    expect((await next(checker, bookId, 'check'))?.recordId).toBe(ids[0]);
  });

  test('needs the role', async () => {
    const { bookId } = await bookOf(1);
    const { call } = await worker(['viewer']);
    expect(await next(call, bookId)).toBeNull();
    expect(await next(checker, bookId)).toBeNull();
  });

  test('of a screen that opens nothing passes over what others have open', async () => {
    const { bookId, ids } = await bookOf(2);
    const [a, b] = [await worker(), await worker()];
    await next(a.call, bookId);
    const peek = await b.call('GET', `/api/records/next?bookId=${bookId}&for=key`);
    expect(peek.json().id).toBe(ids[1]);
  });
});

describe('a record that somebody has open', () => {
  test('is shown as such, and nobody else saves into it until the time is over', async () => {
    const { bookId, ids } = await bookOf(1);
    const [a, b] = [await worker(), await worker()];
    const lease = await next(a.call, bookId);
    const seen = (await b.call('GET', `/api/records/${ids[0]}`)).json();
    expect(seen.lease).toMatchObject({ person: { id: a.person.id }, work: 'key' });
    const save = await act(b.call, ids[0]!, 1, done);
    expect([save.statusCode, save.json().error.kind]).toEqual([409, 'leased']);
    const open = (call: Call) =>
      call('POST', `/api/records/${ids[0]}/lease`, { payload: { work: 'key' } });
    expect((await open(b.call)).json().error.kind).toBe('leased');
    const beat = await open(a.call);
    expect(beat.json().until >= lease!.until).toBe(true);
    await later(ids[0]!);
    expect((await open(b.call)).statusCode).toBe(200);
    expect((await open(a.call)).json().error.kind).toBe('leased');
    expect((await act(b.call, ids[0]!, 1, done)).statusCode).toBe(200);
  });

  test('can be given back', async () => {
    const { bookId, ids } = await bookOf(1);
    const [a, b] = [await worker(), await worker()];
    await next(a.call, bookId);
    await b.call('DELETE', `/api/records/${ids[0]}/lease`);
    expect(await next(b.call, bookId)).toBeNull();
    expect((await a.call('DELETE', `/api/records/${ids[0]}/lease`)).statusCode).toBe(204);
    expect((await next(b.call, bookId))?.recordId).toBe(ids[0]);
  });

  test('can be given to another keyer by an administrator only', async () => {
    const { bookId, ids } = await bookOf(1);
    const [a, b] = [await worker(), await worker()];
    await next(a.call, bookId);
    const all = (await boss('GET', `/api/work/leases?bookId=${bookId}`)).json().items;
    expect(all).toMatchObject([{ recordId: ids[0], person: { name: a.person.name }, bookId }]);
    expect((await b.call('GET', `/api/work/leases?bookId=${bookId}`)).json().items).toEqual([]);
    const give = (call: Call, personId: string) =>
      call('POST', `/api/records/${ids[0]}/lease/take-over`, { payload: { personId } });
    expect((await give(b.call, b.person.id)).statusCode).toBe(403);
    const viewer = await worker(['viewer']);
    expect((await give(boss, viewer.person.id)).statusCode).toBe(400);
    expect((await give(boss, b.person.id)).json().person.id).toBe(b.person.id);
    expect((await act(a.call, ids[0]!, 1, done)).json().error.kind).toBe('leased');
    expect((await act(b.call, ids[0]!, 1, done)).statusCode).toBe(200);
    expect((await give(boss, a.person.id)).statusCode).toBe(409);
  });

  test('is given to nobody who had a hand in it or has skipped it, and leaves the batch it lay in', async () => {
    const { bookId, ids } = await bookOf(2);
    await boss('PATCH', `/api/books/${bookId}/policy`, { payload: { otherOrganisation: false } });
    const [a, b, c] = [
      await worker(['keyer', 'checker']),
      await worker(['checker']),
      await worker(['checker']),
    ];
    await act(a.call, ids[0]!, 1, done);
    const made = await boss('POST', '/api/batches', {
      payload: { bookId, work: 'check', personId: b.person.id, name: 'Lô', recordIds: [ids[0]] },
    });
    expect(made.statusCode).toBe(201);
    expect((await next(b.call, bookId, 'check'))?.recordId).toBe(ids[0]);
    const give = async (personId: string) => {
      const payload = { personId };
      const answer = await boss('POST', `/api/records/${ids[0]}/lease/take-over`, { payload });
      return answer.json().error?.kind ?? answer.json().person.id;
    };
    expect(await give(a.person.id)).toBe('fourEyes');
    const skip = { payload: { kind: 'skip', text: 'Người quen' } };
    const mark = (await c.call('POST', `/api/records/${ids[0]}/marks`, skip)).json();
    expect(await give(c.person.id)).toBe('notAllowedNow');
    await boss('POST', `/api/records/${ids[0]}/marks/${mark.id}/close`, {
      payload: { answer: 'Được' },
    });
    expect(await give(c.person.id)).toBe(c.person.id);
    expect((await next(c.call, bookId, 'check'))?.recordId).toBe(ids[0]);
    const beat = { payload: { work: 'check' } };
    expect((await c.call('POST', `/api/records/${ids[0]}/lease`, beat)).statusCode).toBe(200);
    expect((await boss('GET', `/api/batches?bookId=${bookId}`)).json().items[0].waiting).toBe(0);
  });

  test('is not given again to who may not work on it any more', async () => {
    const { bookId, ids } = await bookOf(2);
    const a = await worker();
    expect((await next(a.call, bookId))?.recordId).toBe(ids[0]);
    const page = (await a.call('GET', `/api/records/${ids[0]}`)).json().pages[0].pageId;
    await boss('PATCH', `/api/pages/${page}`, { payload: { kind: 'cover' } });
    expect((await next(a.call, bookId))?.recordId).toBe(ids[1]);
    const set = (scope: object) => api.system.store.people.setScope(a.person.id, scope as never);
    await set({ units: ['Tỉnh Khác'], books: [] });
    expect((await a.call('POST', '/api/work/next', { payload: { work: 'key' } })).json()).toEqual({
      lease: null,
    });
    expect((await boss('GET', `/api/work/leases?bookId=${bookId}`)).json().items).toMatchObject([]);
  });
});

describe('a batch', () => {
  test('is worked on by its person first, and by nobody else until it is revoked', async () => {
    const { bookId, ids } = await bookOf(4);
    const [a, b] = [await worker(), await worker()];
    const made = await boss('POST', '/api/batches', {
      payload: {
        bookId,
        work: 'key',
        personId: a.person.id,
        name: 'Lô 1',
        recordIds: ids.slice(1, 3),
      },
    });
    expect(made.json()).toMatchObject({ records: 2, waiting: 2, person: { id: a.person.id } });
    expect((await next(a.call, bookId))?.recordId).toBe(ids[1]);
    expect((await next(b.call, bookId))?.recordId).toBe(ids[0]);
    await act(b.call, ids[0]!, 1, done);
    expect((await next(b.call, bookId))?.recordId).toBe(ids[3]);
    await act(b.call, ids[3]!, 1, done);
    expect(await next(b.call, bookId)).toBeNull();
    await act(a.call, ids[1]!, 1, done);
    const again = await boss('POST', '/api/batches', {
      payload: { bookId, work: 'key', personId: b.person.id, name: 'Lô 2', recordIds: [ids[2]] },
    });
    expect(again.statusCode).toBe(409);
    expect((await next(a.call, bookId))?.recordId).toBe(ids[2]);
    const revoked = await boss('POST', `/api/batches/${made.json().id}/revoke`);
    expect(revoked.json()).toMatchObject({ records: 2, waiting: 0 });
    expect((await next(b.call, bookId))?.recordId).toBe(ids[2]);
    expect(await next(a.call, bookId)).toBeNull();
  });

  test('of the first that wait takes no record twice', async () => {
    const { bookId } = await bookOf(3);
    const a = await worker();
    const hand = (count: number) =>
      boss('POST', '/api/batches', {
        payload: { bookId, work: 'key', personId: a.person.id, name: 'Lô', count },
      });
    const both = await Promise.all([hand(2), hand(2)]);
    const taken = both.map((answer) => answer.json().records ?? 0);
    expect(taken.reduce((x, y) => x + y, 0)).toBeLessThanOrEqual(3);
    const lists = (await a.call('GET', `/api/batches?bookId=${bookId}`)).json().items;
    expect(lists.length).toBeGreaterThan(0);
    expect(
      (await (await worker()).call('GET', `/api/batches?bookId=${bookId}`)).json().items,
    ).toEqual([]);
  });

  test('is everybody’s again when its person leaves or loses the role, and counts no record set aside', async () => {
    const { bookId, ids } = await bookOf(4);
    const [a, b, c] = [await worker(), await worker(), await worker()];
    const hand = async (personId: string, recordIds: readonly (string | undefined)[]) => {
      const payload = { bookId, work: 'key', personId, name: 'Lô', recordIds };
      const answer = await boss('POST', '/api/batches', { payload });
      expect(answer.statusCode).toBe(201);
      return answer.json().id as string;
    };
    const first = await hand(a.person.id, [ids[0], ids[1]]);
    await hand(b.person.id, [ids[2]]);
    const page = (await a.call('GET', `/api/records/${ids[1]}`)).json().pages[0].pageId;
    await boss('PATCH', `/api/pages/${page}`, { payload: { excluded: true } });
    const list = async () => (await boss('GET', `/api/batches?bookId=${bookId}`)).json().items;
    const waiting = async (id: string) =>
      (await list()).find((batch: { id: string }) => batch.id === id).waiting;
    expect(await waiting(first)).toBe(1);
    expect((await next(a.call, bookId))?.recordId).toBe(ids[0]);
    await boss('PATCH', `/api/people/${a.person.id}`, { payload: { active: false } });
    await boss('PATCH', `/api/people/${b.person.id}`, { payload: { roles: ['viewer'] } });
    expect(await waiting(first)).toBe(0);
    const again = await boss('POST', '/api/batches', {
      payload: { bookId, work: 'key', personId: a.person.id, name: 'Lô', recordIds: [ids[0]] },
    });
    expect(again.statusCode).toBe(400);
    const got: (RecordId | undefined)[] = [];
    for (let n = 0; n < 3; n++) {
      const id = (await next(c.call, bookId))?.recordId;
      got.push(id);
      if (id) await act(c.call, id, 1, done);
    }
    expect(got).toEqual([ids[0], ids[2], ids[3]]);
  });

  test('holds nothing that its person may not do by the rule of four eyes', async () => {
    const { bookId, ids } = await bookOf(3);
    await boss('PATCH', `/api/books/${bookId}/policy`, { payload: { otherOrganisation: false } });
    const [a, b] = [await worker(['keyer', 'checker']), await worker()];
    await act(a.call, ids[0]!, 1, done);
    await act(b.call, ids[1]!, 1, done);
    const hand = (more: object) =>
      boss('POST', '/api/batches', {
        payload: { bookId, work: 'check', personId: a.person.id, name: 'Lô', ...more },
      });
    const refused = await hand({ recordIds: ids.slice(0, 2) });
    expect([refused.statusCode, refused.json().error.kind]).toEqual([403, 'fourEyes']);
    expect((await hand({ count: 10 })).json()).toMatchObject({ records: 1, waiting: 1 });
    expect((await next(a.call, bookId, 'check'))?.recordId).toBe(ids[1]);
  });

  test('is refused for a person without the role, records of another book, and by others', async () => {
    const { bookId, ids } = await bookOf(1);
    const other = await bookOf(1);
    const a = await worker();
    const payload = { bookId, work: 'key', personId: a.person.id, name: 'Lô' };
    const hand = (call: Call, more: object) =>
      call('POST', '/api/batches', { payload: { ...payload, ...more } });
    expect((await hand(boss, { work: 'check' })).statusCode).toBe(400);
    expect((await hand(boss, { recordIds: [ids[0], other.ids[0]] })).statusCode).toBe(400);
    expect((await hand(a.call, {})).statusCode).toBe(403);
    expect((await boss('GET', `/api/batches?bookId=${bookId}`)).json().items).toEqual([]);
  });
});

describe('what somebody cannot finish', () => {
  test('is skipped, and others get it', async () => {
    const { bookId, ids } = await bookOf(2);
    const [a, b] = [await worker(), await worker()];
    await next(a.call, bookId);
    const skip = { kind: 'skip', text: 'Chữ khó đọc' };
    const mark = (payload: object) => a.call('POST', `/api/records/${ids[0]}/marks`, { payload });
    expect((await mark(skip)).statusCode).toBe(201);
    expect((await mark(skip)).statusCode).toBe(201);
    expect((await next(a.call, bookId))?.recordId).toBe(ids[1]);
    expect((await next(b.call, bookId))?.recordId).toBe(ids[0]);
    const list = (await boss('GET', `/api/work/marks?bookId=${bookId}`)).json().items;
    expect(list).toMatchObject([
      { kind: 'skip', person: { id: a.person.id }, text: 'Chữ khó đọc' },
    ]);
    expect((await b.call('GET', `/api/work/marks?bookId=${bookId}`)).json().items).toEqual([]);
  });

  test('is asked about, shown with the record, and answered once', async () => {
    const { ids } = await bookOf(1);
    const a = await worker();
    const ask = await a.call('POST', `/api/records/${ids[0]}/marks`, {
      payload: { kind: 'ask', field: 'nksHoTen', text: 'Thúy hay Thuý?' },
    });
    const { id } = ask.json();
    expect((await checker('GET', `/api/records/${ids[0]}`)).json().marks).toMatchObject([
      { kind: 'ask', field: 'nksHoTen', text: 'Thúy hay Thuý?' },
    ]);
    const close = (call: Call, record: string) =>
      call('POST', `/api/records/${record}/marks/${id}/close`, { payload: { answer: 'Thuý' } });
    const other = await bookOf(1);
    expect((await close(a.call, ids[0]!)).statusCode).toBe(403);
    expect((await close(checker, other.ids[0]!)).statusCode).toBe(404);
    expect((await close(checker, ids[0]!)).json()).toMatchObject({ answer: 'Thuý' });
    expect((await close(checker, ids[0]!)).statusCode).toBe(409);
    expect((await checker('GET', `/api/records/${ids[0]}`)).json().marks).toEqual([]);
  });

  test('and was returned comes back to its keyer first, with the reasons', async () => {
    const { bookId, ids } = await bookOf(2);
    const [a, b] = [await worker(), await worker()];
    await act(a.call, ids[0]!, 1, done);
    const reasons = [{ field: 'so', reason: 'Thiếu năm' }];
    expect((await act(checker, ids[0]!, 2, { type: 'returned', reasons })).statusCode).toBe(200);
    const list = (await a.call('GET', '/api/work/returned')).json().items;
    expect(list).toMatchObject([{ recordId: ids[0], reasons, by: { name: 'Người thử kiem' } }]);
    expect((await b.call('GET', '/api/work/returned')).json().items).toEqual([]);
    const spy = await b.call('GET', `/api/work/returned?personId=${a.person.id}`);
    expect(spy.statusCode).toBe(403);
    expect(
      (await boss('GET', `/api/work/returned?personId=${a.person.id}`)).json().items,
    ).toHaveLength(1);
    expect((await next(a.call, bookId))?.recordId).toBe(ids[0]);
  });
});
