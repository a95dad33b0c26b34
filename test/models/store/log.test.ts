import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Action, hashAction, NO_HASH } from '../../../models/actions.ts';
import { Failure } from '../../../models/failures.ts';
import type { RecordId } from '../../../models/ids.ts';
import type { Person } from '../../../models/people.ts';
import { testStore } from '../../support/database.ts';
import { act, addBook, addPages, addPerson, addRecord, CHECKED, keyAll } from './fixtures.ts';

let db: Awaited<ReturnType<typeof testStore>>;
beforeAll(async () => {
  db = await testStore();
});
afterAll(() => db.close());

async function prefilledRecord(otherOrganisation = false): Promise<RecordId> {
  const book = await addBook(db.store, 'birth-2006', otherOrganisation);
  const [page] = await addPages(db.store, book.id, 1);
  return (await addRecord(db.store, book.id, page!)).recordId;
}

const anyone = (organisationId?: Person['organisationId']) =>
  addPerson(db.store, ['keyer', 'checker', 'approver'], organisationId);

/** Writes into the log past all code, as a program with the database's password could. */
async function insert(
  recordId: RecordId,
  person: Person,
  content: { type: string; [key: string]: unknown },
  change: Partial<Action> = {},
): Promise<void> {
  const log = await db.store.records.log(recordId);
  const last = log.at(-1);
  const action = {
    recordId,
    version: (last?.version ?? 0) + 1,
    personId: person.id,
    organisationId: person.organisationId,
    at: new Date(),
    seen: last?.version ?? 0,
    content: content as Action['content'],
    previous: last?.hash ?? NO_HASH,
    ...change,
  };
  await db.pool.query(
    `insert into actions (record_id, version, type, person_id, organisation_id, at, seen, content,
                          previous, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      action.recordId,
      action.version,
      content.type,
      action.personId,
      action.organisationId,
      action.at,
      action.seen,
      JSON.stringify(content),
      action.previous,
      hashAction(action),
    ],
  );
}

const violates = (constraint: string) => expect.objectContaining({ code: '23514', constraint });
const keyed = { type: 'keyed', values: {}, done: true };

describe('the database itself refuses', () => {
  test('a check by the person who keyed', async () => {
    const id = await prefilledRecord();
    const person = await anyone();
    await insert(id, person, keyed);
    await expect(insert(id, person, { type: 'checked' })).rejects.toEqual(
      violates('actions_four_eyes'),
    );
  });

  test('a check by somebody who keyed any of it at any time', async () => {
    const id = await prefilledRecord();
    const [first, second, third] = [await anyone(), await anyone(), await anyone()];
    await insert(id, first, { ...keyed, done: false });
    await insert(id, second, keyed);
    await insert(id, third, { type: 'returned', reasons: [{ reason: 'số sai' }] });
    await insert(id, second, keyed);
    await expect(insert(id, first, { type: 'checked' })).rejects.toEqual(
      violates('actions_four_eyes'),
    );
    await insert(id, third, { type: 'checked' });
    await expect(insert(id, first, { type: 'approved' })).rejects.toEqual(
      violates('actions_four_eyes'),
    );
  });

  test('an approval by the person who checked', async () => {
    const id = await prefilledRecord();
    const checker = await anyone();
    await insert(id, await anyone(), keyed);
    await insert(id, checker, { type: 'checked' });
    await expect(insert(id, checker, { type: 'approved' })).rejects.toEqual(
      violates('actions_four_eyes'),
    );
    await insert(id, await anyone(), { type: 'approved' });
  });

  test('a check by the keyer’s organisation where the book says so', async () => {
    const id = await prefilledRecord(true);
    const keyer = await anyone();
    await insert(id, keyer, keyed);
    await expect(
      insert(id, await anyone(keyer.organisationId), { type: 'checked' }),
    ).rejects.toEqual(violates('actions_four_eyes'));
    await insert(id, await anyone(), { type: 'checked' });
  });

  test('an approval of what nobody checked, and a check of what is not keyed to its end', async () => {
    const id = await prefilledRecord();
    const [a, b] = [await anyone(), await anyone()];
    await expect(insert(id, a, { type: 'approved' })).rejects.toEqual(violates('actions_order'));
    await expect(insert(id, a, { type: 'checked' })).rejects.toEqual(violates('actions_order'));
    await insert(id, a, { ...keyed, done: false });
    await expect(insert(id, b, { type: 'checked' })).rejects.toEqual(violates('actions_order'));
    await insert(id, a, keyed);
    await expect(insert(id, b, { type: 'approved' })).rejects.toEqual(violates('actions_order'));
  });

  describe('in a book that is keyed twice', () => {
    const value = (text: string) => ({
      state: 'written',
      text,
      evidence: { source: 'person', candidates: [], rules: [] },
    });
    const first = { ...keyed, values: { so: value('1') }, second: ['so'] };
    const again = (text: string) => ({
      type: 'secondKeyed',
      values: { so: value(text) },
      differs: text === '1' ? [] : ['so'],
    });
    const decided = { type: 'arbitrated', values: { so: value('1') } };
    async function record(): Promise<{ id: RecordId; people: Person[] }> {
      const id = await prefilledRecord();
      const { bookId } = await db.store.records.byId(id);
      await db.store.books.setPolicy(bookId, { keying: { kind: 'double' } });
      return { id, people: [await anyone(), await anyone(), await anyone(), await anyone()] };
    }
    const order = violates('actions_order');
    const eyes = violates('actions_four_eyes');

    test('a keying that asks for no second one, and any step that is left out', async () => {
      const { id, people } = await record();
      const [a, b, c] = people as [Person, Person, Person];
      await expect(insert(id, a, keyed)).rejects.toEqual(order);
      await insert(id, a, first);
      await expect(insert(id, b, { type: 'checked' })).rejects.toEqual(order);
      await expect(insert(id, b, decided)).rejects.toEqual(order);
      await expect(insert(id, b, first)).rejects.toEqual(order);
      await expect(insert(id, b, { ...again('1'), values: {} })).rejects.toEqual(order);
      await insert(id, b, again('2'));
      await expect(insert(id, c, { type: 'checked' })).rejects.toEqual(order);
      await expect(insert(id, c, { ...decided, values: {} })).rejects.toEqual(order);
    });

    test('a second keying by the first keyer or by who has seen it, and a decision by either', async () => {
      const { id, people } = await record();
      const [a, b, c, d] = people as [Person, Person, Person, Person];
      await insert(id, a, first);
      await expect(insert(id, a, again('2'))).rejects.toEqual(eyes);
      await db.store.records.noteSight(id, d.id);
      await expect(insert(id, d, again('2'))).rejects.toEqual(eyes);
      await insert(id, b, again('2'));
      for (const who of [a, b]) await expect(insert(id, who, decided)).rejects.toEqual(eyes);
      await insert(id, c, decided);
      for (const who of [a, b, c])
        await expect(insert(id, who, { type: 'checked' })).rejects.toEqual(eyes);
      await insert(id, d, { type: 'checked' });
    });
  });

  test('a keying of what is approved, and an approval over an open question', async () => {
    const id = await prefilledRecord();
    const [a, b, c] = [await anyone(), await anyone(), await anyone()];
    await insert(id, a, keyed);
    await insert(id, b, { type: 'checked' });
    const { id: mark } = await db.store.marks.add({
      recordId: id,
      personId: a.id,
      kind: 'ask',
      text: 'số hay chữ?',
    });
    await expect(insert(id, c, { type: 'approved' })).rejects.toEqual(
      violates('actions_deviation'),
    );
    await db.store.marks.close({ id: mark, recordId: id, by: b.id, answer: 'số' });
    await insert(id, c, { type: 'approved' });
    await expect(insert(id, a, keyed)).rejects.toEqual(violates('actions_order'));
  });

  test('a check by an organisation of a kind that the project does not name', async () => {
    const id = await prefilledRecord();
    const { bookId } = await db.store.records.byId(id);
    await db.store.books.setPolicy(bookId, { checkers: ['district'] });
    await insert(id, await anyone(), keyed);
    await expect(insert(id, await anyone(), { type: 'checked' })).rejects.toEqual(
      violates('actions_organisation'),
    );
  });

  test('one person on both sides when both writes happen at the same moment', async () => {
    const id = await prefilledRecord();
    const person = await anyone();
    const results = await Promise.allSettled([
      insert(id, person, keyed),
      insert(id, person, { type: 'checked' }),
      insert(id, person, { type: 'checked' }, { version: 3 }),
    ]);
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    expect((await db.store.records.log(id)).at(-1)?.content.type).toBe('keyed');
  });

  test('a gap, a version twice, and a chain that does not hold', async () => {
    const id = await prefilledRecord();
    const person = await anyone();
    for (const version of [1, 3])
      await expect(insert(id, person, keyed, { version })).rejects.toEqual(
        violates('actions_gapless'),
      );
    await expect(insert(id, person, keyed, { previous: NO_HASH })).rejects.toEqual(
      violates('actions_chain'),
    );
  });

  test('a person who is not active, a stranger to the organisation, and an unsigned human action', async () => {
    const id = await prefilledRecord();
    const person = await anyone();
    const other = await anyone();
    await expect(
      insert(id, person, keyed, { organisationId: other.organisationId }),
    ).rejects.toEqual(violates('actions_person'));
    await expect(
      insert(id, person, keyed, { personId: null, organisationId: null }),
    ).rejects.toMatchObject({ code: '23514' });
    await db.store.people.setActive(person.id, false);
    await expect(insert(id, person, keyed)).rejects.toEqual(violates('actions_person'));
  });

  test('any change of what is written: update, delete, truncate', async () => {
    await prefilledRecord();
    for (const sql of [
      `update actions set at = now()`,
      `delete from actions`,
      `truncate actions`,
      `truncate records cascade`,
    ])
      await expect(db.pool.query(sql)).rejects.toEqual(violates('actions_append_only'));
  });

  test('the same effect of a machine twice', async () => {
    const id = await prefilledRecord();
    const { effect } = (await db.store.records.log(id))[0]!.content as { effect: string };
    await expect(
      insert(
        id,
        await anyone(),
        { type: 'prefilled', values: {}, effect },
        {
          personId: null,
          organisationId: null,
        },
      ),
    ).rejects.toMatchObject({ code: '23505', constraint: 'actions_effect' });
  });
});

describe('the database’s refusals reach people as answers', () => {
  test('of four eyes, when the code did not see it', async () => {
    const id = await prefilledRecord();
    const keyer = await anyone();
    const checker = await anyone();
    await act(db.store, id, keyer, keyAll);
    // The keyer comes in under another id's name, but with the checker's rights in the code's eyes:
    // the log knows who keyed.
    await insert(id, checker, { type: 'returned', reasons: [{ reason: 'x' }] });
    await db.pool.query('update records set version = 3, head = $2 where id = $1', [
      id,
      (await db.store.records.log(id)).at(-1)!.hash,
    ]);
    await act(db.store, id, keyer, keyAll);
    await expect(act(db.store, id, keyer, { type: 'checked' })).rejects.toMatchObject({
      kind: 'fourEyes',
      status: 403,
    });
  });

  test('of a person who was switched off after signing in', async () => {
    const id = await prefilledRecord();
    const keyer = await anyone();
    await db.store.people.setActive(keyer.id, false);
    await expect(act(db.store, id, keyer, keyAll)).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

test('code and database agree: whatever people try, the database refuses nothing that the code lets pass', async () => {
  const people = [await anyone(), await anyone(), await anyone()];
  people.push(await anyone(people[0]!.organisationId));
  const move = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('done', 'checked', 'approved') },
    { weight: 1, arbitrary: fc.constantFrom('keyed', 'returned', 'reopened') },
  );
  const step = fc.tuple(fc.nat(people.length - 1), move);
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(step, { minLength: 8, maxLength: 16, size: 'max' }),
      async (otherOrganisation, steps) => {
        const id = await prefilledRecord(otherOrganisation);
        for (const [who, what] of steps) {
          const action =
            what === 'done'
              ? keyAll
              : what === 'keyed'
                ? { type: 'keyed' as const, answers: { so: { state: 'blank' as const } } }
                : { type: what as 'returned', reasons: [{ reason: 'x' }] };
          const refused = await act(db.store, id, people[who]!, action).catch((e: Failure) => e);
          // A refusal of the database would carry its error as cause.
          if (refused instanceof Error) {
            expect(refused).toBeInstanceOf(Failure);
            expect(refused.cause).toBeUndefined();
          }
        }
        expect(await db.store.records.verify(id)).toBeUndefined();
      },
    ),
    { numRuns: 20 },
  );
});

describe('verification', () => {
  /** A record with three actions whose history somebody changes with all rights. */
  async function tampered(sql: string): Promise<RecordId> {
    const id = await prefilledRecord();
    await act(db.store, id, await anyone(), keyAll);
    await act(db.store, id, await anyone(), CHECKED);
    expect(await db.store.records.verify(id)).toBeUndefined();
    const client = await db.pool.connect();
    try {
      await client.query(`set session_replication_role = replica`);
      await client.query(sql, [id]);
      await client.query(`set session_replication_role = origin`);
    } finally {
      client.release();
    }
    return id;
  }

  test.each([
    [
      'a changed value',
      `update actions set content = jsonb_set(content, '{values,so,text}', '"7/2008"')
        where record_id = $1 and version = 1`,
      { version: 1, why: 'hash' },
    ],
    [
      'another author',
      `update actions set person_id = (select person_id from actions where record_id = $1 and version = 3)
        where record_id = $1 and version = 2`,
      { version: 2, why: 'hash' },
    ],
    [
      'another time, by a millisecond',
      `update actions set at = at + interval '1 millisecond' where record_id = $1 and version = 2`,
      { version: 2, why: 'hash' },
    ],
    [
      'a word that no schema knows',
      `update actions set content = content || '{"note": "x"}' where record_id = $1 and version = 3`,
      { version: 3, why: 'hash' },
    ],
    [
      'an action cut out of the middle',
      `delete from actions where record_id = $1 and version = 2`,
      { version: 2, why: 'gap' },
    ],
    [
      'an end cut off',
      `delete from actions where record_id = $1 and version = 3`,
      { version: 2, why: 'head' },
    ],
    [
      'a log cut off whole',
      `delete from actions where record_id = $1`,
      { version: 0, why: 'head' },
    ],
    [
      'a row that says something else than its log',
      `update records set field_values = jsonb_set(field_values, '{so,text}', '"7/2008"') where id = $1`,
      { version: 3, why: 'row' },
    ],
    [
      'a row with another status',
      `update records set status = 'approved' where id = $1`,
      { version: 3, why: 'row' },
    ],
  ])('finds %s', async (_, sql, found) => {
    const recordId = await tampered(sql);
    expect(await db.store.records.verify(recordId)).toEqual({ recordId, ...found });
  });

  test('of all records tells each broken one', async () => {
    const good = await prefilledRecord();
    const bad = await tampered(`delete from actions where record_id = $1 and version = 3`);
    const found: RecordId[] = [];
    const { records, broken } = await db.store.records.verifyAll(({ recordId }) => {
      found.push(recordId);
    });
    expect(found).toContain(bad);
    expect(found).not.toContain(good);
    expect(broken).toBe(found.length);
    expect(records).toBe((await db.store.records.list()).total);
  });

  test('goes hand in hand with writing: nothing is built on a history that was cut', async () => {
    const id = await tampered(`delete from actions where record_id = $1 and version = 3`);
    await expect(act(db.store, id, await anyone(), { type: 'checked' })).rejects.toThrow(
      /its log ends at 2, its row at 3/,
    );
  });
});
