import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Action, type ActionContent, HumanAction, hashAction } from '../../models/actions.ts';
import { Failure } from '../../models/failures.ts';
import type { FieldAnswers, FieldValues } from '../../models/fields.ts';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { OrganisationId, PersonId, RecordId } from '../../models/ids.ts';
import type { Person } from '../../models/people.ts';
import { BookPolicy, type Keying } from '../../models/policy.ts';
import { contentOf, fold, refusal } from '../../models/record.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { fieldsToKeyAgain, hidesReadings, sameReading } from '../../models/second-keying.ts';

const form = formOf('birth-2006');
const register = registerOf(form.register);
const asked = fieldsOnForm(form);
const CHECKED = { type: 'checked', confirmed: asked };

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const person = (n: number): Person => ({
  id: uuid(n) as PersonId,
  organisationId: uuid(900 + n) as OrganisationId,
  login: `p${n}`,
  name: `Người ${n}`,
  roles: ['keyer', 'checker', 'approver'],
  active: true,
});
const [an, binh, chi, dung] = [person(1), person(2), person(3), person(4)];

const written = (text: string): FieldAnswers[string] => ({ state: 'written', text });
const read = (text: string, confidence?: number): FieldValues[string] => ({
  state: 'written',
  text,
  evidence: {
    source: 'test',
    candidates: [],
    rules: [],
    ...(confidence === undefined ? {} : { confidence }),
  },
});

/** Appends as the store does: what may not be throws. */
function act(
  log: readonly Action[],
  who: Person | null,
  action: object,
  policy: BookPolicy,
): Action[] {
  const state = fold(log);
  let content = action as ActionContent;
  if (who !== null) {
    const given = HumanAction.parse(action);
    const refused = refusal(who, given.type, state, policy);
    if (refused) throw refused;
    content = contentOf(given, state, who, { form, register, policy }, () => 0.5);
  }
  const next = {
    recordId: uuid(77) as RecordId,
    version: state.version + 1,
    personId: who?.id ?? null,
    organisationId: who?.organisationId ?? null,
    at: new Date(1_700_000_000_000 + state.version),
    seen: state.version,
    content,
    previous: state.head,
  };
  return [...log, { ...next, hash: hashAction(next) }];
}

const keyedAs = (text: string): object => ({
  type: 'keyed',
  answers: Object.fromEntries(
    asked.map((key) => [key, key === 'so' ? written(text) : { state: 'blank' }]),
  ),
  done: true,
});
const prefilled = { type: 'prefilled', values: { so: read('41/2008', 0.6) }, effect: 'e' };
const policyOf = (keying: Keying) => BookPolicy.parse({ keying, otherOrganisation: false });
const double = policyOf({ kind: 'double' });
const kind = (wanted: string) => expect.objectContaining({ name: 'Failure', kind: wanted });
/** The record as the first keyer left it. */
const first = (policy = double, text = '41/2008') =>
  act(act([], null, prefilled, policy), an, keyedAs(text), policy);
const again = (answers: FieldAnswers): object => ({ type: 'secondKeyed', answers });
const allBlank = Object.fromEntries(asked.map((key) => [key, { state: 'blank' as const }]));

describe('the fields to key again', () => {
  const base = {
    asked,
    register,
    values: { so: read('1'), nksHoTen: read('A'), ngayDangKy: read('1/1/2008') },
    machine: { so: read('1', 0.99), nksHoTen: read('A', 0.3) },
    agreed: {},
    drawn: undefined,
  };
  test.each<[string, Keying, number, (keys: string[]) => void]>([
    ['none of a book keyed once', { kind: 'single' }, 0, (keys) => expect(keys).toEqual([])],
    ['all of a book keyed twice', { kind: 'double' }, 0, (keys) => expect(keys).toEqual(asked)],
    [
      'those of chosen groups',
      { kind: 'fields', groups: ['number', 'date'], fields: ['nksHoTen'] },
      0,
      (keys) => {
        expect(keys).toEqual(expect.arrayContaining(['so', 'ngayDangKy', 'nksHoTen']));
        expect(keys.length).toBeLessThan(asked.length);
      },
    ],
    [
      'those that the machine doubted or did not read',
      { kind: 'fields', groups: [], fields: [], confidenceBelow: 0.9 },
      0,
      (keys) => expect(keys).toEqual(asked.filter((key) => key !== 'so')),
    ],
    [
      'all where chance says so',
      { kind: 'share', share: 0.2 },
      0.1,
      (keys) => expect(keys).toEqual(asked),
    ],
    [
      'none where chance does not',
      { kind: 'share', share: 0.2 },
      0.2,
      (keys) => expect(keys).toEqual([]),
    ],
  ])('are %s', (_what, keying, drawn, check) => {
    check(fieldsToKeyAgain(keying, base, () => drawn));
  });

  test('are drawn once, and what was agreed on is not asked again until it is changed', () => {
    const keying = { kind: 'share', share: 0.2 } as const;
    expect(fieldsToKeyAgain(keying, { ...base, drawn: true }, () => 0.9)).toEqual(asked);
    expect(fieldsToKeyAgain(keying, { ...base, drawn: false }, () => 0)).toEqual([]);
    const agreed = { so: read('1 ') };
    expect(fieldsToKeyAgain({ kind: 'double' }, { ...base, agreed }, () => 0)).not.toContain('so');
    const changed = { ...base, agreed, values: { so: read('2') } };
    expect(fieldsToKeyAgain({ kind: 'double' }, changed, () => 0)).toContain('so');
  });
});

test('two readings are the same up to NFC and spacing, and in nothing else', () => {
  expect(sameReading(read('Nguyễn  Thị A '), read('Nguyễn Thị A'.normalize('NFD')))).toBe(true);
  for (const other of ['Nguyễn Thị a', 'Nguyên Thị A', 'Nguyễn Thị', 'Nguyễn Thị A.'])
    expect(sameReading(read('Nguyễn Thị A'), read(other))).toBe(false);
  expect(sameReading(read('a'), { state: 'struckOut', text: 'a' })).toBe(false);
  expect(sameReading({ state: 'blank' }, { state: 'illegible' })).toBe(false);
  expect(sameReading({ state: 'blank' }, undefined)).toBe(false);
});

describe('a record of a book keyed twice', () => {
  test('goes on when both read the same', () => {
    const log = act(first(), binh, again({ ...allBlank, so: written('41/2008 ') }), double);
    expect(fold(log)).toMatchObject({ status: 'keyed', differs: [] });
    expect([...fold(log).keyers.keys()]).toEqual([an.id, binh.id]);
  });

  test('waits for a third person where they differ, who decides just that', () => {
    let log = act(first(), binh, again({ ...allBlank, so: written('47/2008') }), double);
    expect(fold(log)).toMatchObject({ status: 'arbitration', differs: ['so'] });
    expect(fold(log)).toMatchObject({
      machine: { so: { text: '41/2008' } },
      values: { so: { text: '41/2008' } },
      secondValues: { so: { text: '47/2008' } },
    });
    const decide = (answers: FieldAnswers) => ({ type: 'arbitrated', answers });
    for (const who of [an, binh])
      expect(() => act(log, who, decide({ so: written('41/2008') }), double)).toThrow(
        kind('fourEyes'),
      );
    expect(() => act(log, chi, decide({}), double)).toThrow(kind('incomplete'));
    expect(() => act(log, chi, decide({ ...allBlank, so: written('1') }), double)).toThrow(
      kind('invalid'),
    );
    log = act(log, chi, decide({ so: written('47/2008') }), double);
    expect(fold(log)).toMatchObject({ status: 'keyed', values: { so: { text: '47/2008' } } });
    for (const who of [an, binh, chi])
      expect(() => act(log, who, CHECKED, double)).toThrow(kind('fourEyes'));
    expect(fold(act(log, dung, CHECKED, double)).status).toBe('checked');
  });

  test('takes each field that was asked from a second person, not fewer, not more, not from the first', () => {
    const log = first();
    const { so: _, ...fewer } = allBlank;
    expect(() => act(log, binh, again(fewer), double)).toThrow(kind('incomplete'));
    const more = { ...allBlank, meNgaySinh: written('x') };
    expect(() => act(log, binh, again(more), double)).toThrow(kind('invalid'));
    expect(() => act(log, an, again(allBlank), double)).toThrow(kind('fourEyes'));
    expect(() => act(log, binh, CHECKED, double)).toThrow(kind('notAllowedNow'));
    expect(() => act(log, binh, keyedAs('2'), double)).toThrow(kind('notAllowedNow'));
  });

  test('that was returned is keyed again blindly where it was changed', () => {
    let log = act(first(), binh, again({ ...allBlank, so: written('41/2008') }), double);
    log = act(log, dung, { type: 'returned', reasons: [{ reason: 'x' }] }, double);
    log = act(log, an, { type: 'keyed', answers: { so: written('14/2008') }, done: true }, double);
    expect(fold(log)).toMatchObject({ status: 'secondKeying', second: ['so'] });
  });

  test('takes nothing of the machine into the second reading', () => {
    const log = act(first(), binh, again({ ...allBlank, so: written('9') }), double);
    expect(fold(log).secondValues.so?.evidence).toEqual({
      source: 'person',
      personId: binh.id,
      candidates: [],
      rules: [],
    });
  });
});

test('what a record says is hidden from whoever may have to key it again', () => {
  const log = first();
  const [early, waiting] = [fold(log.slice(0, 1)), fold(log)];
  const settled = fold(act(log, binh, again({ ...allBlank, so: written('41/2008') }), double));
  const checker: Person = { ...dung, roles: ['checker'] };
  const table: [string, Person, typeof early, Parameters<typeof hidesReadings>[3], boolean][] = [
    ['a keyer who looks around', binh, early, undefined, true],
    ['who has it open to key', binh, early, 'key', false],
    ['the first keyer', an, waiting, undefined, false],
    ['a keyer who looks around later', binh, waiting, undefined, true],
    ['the second keyer', binh, waiting, 'second', true],
    ['a checker', checker, waiting, undefined, false],
    ['a keyer, once it is settled', binh, settled, undefined, false],
  ];
  for (const [who, reader, state, openFor, hidden] of table)
    expect([who, hidesReadings(reader, state, double, openFor)]).toEqual([who, hidden]);
  // What waits for other eyes goes on waiting when the book's policy changes.
  const single = policyOf({ kind: 'single' });
  expect(hidesReadings(binh, waiting, single, undefined)).toBe(true);
  expect(hidesReadings(an, waiting, single, undefined)).toBe(false);
  expect(hidesReadings(binh, early, single, undefined)).toBe(false);
  expect(hidesReadings(binh, settled, single, undefined)).toBe(false);
});

describe('whatever people try, in whatever order', () => {
  const texts = ['41/2008', '47/2008'];
  const step = fc.record({
    who: fc.constantFrom(an, binh, chi, dung),
    what: fc.constantFrom(
      'keyed',
      'secondKeyed',
      'arbitrated',
      'checked',
      'approved',
      'returned',
      'reopened',
      'next',
      'next',
      'next',
      'next',
    ),
    text: fc.constantFrom(...texts),
  });
  const keyings = fc.constantFrom<Keying>(
    { kind: 'double' },
    { kind: 'share', share: 0.9 },
    { kind: 'share', share: 0.1 },
    { kind: 'fields', groups: ['number'], fields: [] },
    { kind: 'single' },
  );
  const NEXT = {
    prefilled: 'keyed',
    returned: 'keyed',
    secondKeying: 'secondKeyed',
    arbitration: 'arbitrated',
    keyed: 'checked',
    checked: 'approved',
    approved: 'reopened',
  } as const;

  test('no record is approved by one person, over a difference, or with a reading lost', () => {
    let approvals = 0;
    let decided = 0;
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 20, maxLength: 40, size: 'max' }),
        keyings,
        (steps, keying) => {
          const policy = policyOf(keying);
          let log = act([], null, prefilled, policy);
          for (const { who, what, text } of steps) {
            const state = fold(log);
            const type = what === 'next' ? NEXT[state.status] : what;
            const answers = Object.fromEntries(
              (type === 'arbitrated' ? state.differs : state.second).map((key) => [
                key,
                key === 'so' ? written(text) : { state: 'blank' },
              ]),
            );
            const action =
              type === 'keyed'
                ? keyedAs(text)
                : type === 'secondKeyed' || type === 'arbitrated'
                  ? { type, answers }
                  : { type, reasons: [{ reason: 'x' }], confirmed: asked };
            try {
              log = act(log, who, action, policy);
            } catch (error) {
              if (!(error instanceof Failure)) throw error;
            }
          }
          for (const [i, action] of log.entries()) {
            const before = fold(log.slice(0, i));
            if (action.content.type === 'arbitrated') decided++;
            if (action.content.type !== 'approved') continue;
            approvals++;
            const hands = log
              .slice(0, i)
              .filter((a) => ['keyed', 'secondKeyed', 'arbitrated'].includes(a.content.type));
            const people = new Set(hands.map((a) => a.personId));
            expect(people).not.toContain(action.personId);
            expect(people).not.toContain(before.checker);
            expect(before.checker).not.toBe(action.personId);
            expect(before.differs).toEqual([]);
            if (keying.kind === 'double') {
              expect(people.size).toBeGreaterThan(1);
              for (const key of asked)
                expect(sameReading(before.agreed[key], before.values[key])).toBe(true);
            }
            // Each reading of each person stands in the log for ever.
            const said = log
              .slice(0, i)
              .flatMap((a) => ('values' in a.content ? [a.content.values.so?.text] : []));
            expect(said).toContain(before.values.so?.text);
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(approvals).toBeGreaterThan(20);
    expect(decided).toBeGreaterThan(5);
  });
});
