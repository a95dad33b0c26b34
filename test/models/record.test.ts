import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Action,
  type ActionContent,
  findBreak,
  HumanAction,
  hashAction,
} from '../../models/actions.ts';
import { Failure } from '../../models/failures.ts';
import type { FieldAnswers, FieldValues } from '../../models/fields.ts';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { OrganisationId, PersonId, RecordId } from '../../models/ids.ts';
import type { Person, Role } from '../../models/people.ts';
import { BookPolicy } from '../../models/policy.ts';
import {
  apply,
  byPerson,
  contentOf,
  EMPTY,
  findings,
  fold,
  type RecordState,
  refusal,
  searchText,
  shownText,
} from '../../models/record.ts';
import { registerOf } from '../../models/registers/registry.ts';

const form = formOf('birth-2006');
const register = registerOf(form.register);
const asked = fieldsOnForm(form);
const CHECKED = { type: 'checked', confirmed: asked };

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const person = (n: number, roles: readonly Role[], organisation = n): Person => ({
  id: uuid(n) as PersonId,
  organisationId: uuid(900 + organisation) as OrganisationId,
  login: `p${n}`,
  name: `Người ${n}`,
  roles: [...roles],
  active: true,
});

const all: readonly Role[] = ['keyer', 'checker', 'approver'];
const [an, binh, chi] = [person(1, all), person(2, all), person(3, all)];
const open = BookPolicy.parse({ otherOrganisation: false });
const apart = BookPolicy.parse({ otherOrganisation: true });

/** Appends as the store does: what may not be throws. */
function act(
  log: readonly Action[],
  who: Person | null,
  action: Parameters<typeof HumanAction.parse>[0] | (ActionContent & { type: 'prefilled' }),
  policy = open,
): Action[] {
  const state = fold(log);
  const given = action as { type: ActionContent['type'] };
  let content: ActionContent;
  if (given.type === 'prefilled' || who === null) content = action as ActionContent;
  else {
    const refused = refusal(who, given.type, state, policy);
    if (refused) throw refused;
    content = contentOf(HumanAction.parse(action), state, who, { form, register, policy });
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

const read = (text: string, confidence = 0.9): FieldValues[string] => ({
  state: 'written',
  text,
  normalized: text,
  evidence: {
    source: 'tesseract',
    pageId: uuid(5) as never,
    box: { x: 0.1, y: 0.1, w: 0.1, h: 0.1 },
    confidence,
    candidates: [{ text: `${text}?`, probability: 0.05 }],
    rules: [],
  },
});
const prefilled = (values: FieldValues, effect = 'e1') => ({
  type: 'prefilled' as const,
  values,
  effect,
});
const blank: FieldAnswers = Object.fromEntries(asked.map((key) => [key, { state: 'blank' }]));
const done = { type: 'keyed', answers: blank, done: true };
const kind = (wanted: string) => expect.objectContaining({ name: 'Failure', kind: wanted });

describe('a record', () => {
  test('without a log is empty', () => {
    expect(fold([])).toEqual(EMPTY);
  });

  test('goes from prefilled to approved through three people', () => {
    let log = act([], null, prefilled({ so: read('41/2008') }));
    const statuses = [fold(log).status];
    for (const [who, action] of [
      [an, done],
      [binh, CHECKED],
      [chi, { type: 'approved' }],
    ] as const) {
      log = act(log, who, action);
      statuses.push(fold(log).status);
    }
    expect(statuses).toEqual(['prefilled', 'keyed', 'checked', 'approved']);
    expect(fold(log)).toMatchObject({ checker: binh.id, approver: chi.id, version: 4 });
    expect(findBreak(log)).toBeUndefined();
  });

  test('that was returned tells why until it is keyed as done again', () => {
    let log = act(act([], null, prefilled({})), an, done);
    log = act(log, binh, { type: 'returned', reasons: [{ field: 'so', reason: 'sai số' }] });
    expect(fold(log)).toMatchObject({ status: 'returned', reasons: [{ reason: 'sai số' }] });
    log = act(log, an, { type: 'keyed', answers: { so: { state: 'blank' } } });
    expect(fold(log)).toMatchObject({ status: 'returned', reasons: [{ reason: 'sai số' }] });
    log = act(log, an, done);
    expect(fold(log)).toMatchObject({ status: 'keyed', reasons: [], checker: null });
  });

  test('that was approved can be reopened, and then needs key, check and approval again', () => {
    let log = act(act([], null, prefilled({})), an, done);
    log = act(act(log, binh, CHECKED), chi, { type: 'approved' });
    log = act(log, chi, { type: 'reopened', reasons: [{ reason: 'đối chiếu lại' }] });
    expect(fold(log)).toMatchObject({ status: 'returned', checker: null, approver: null });
    expect(() => act(log, chi, { type: 'approved' })).toThrow(kind('notAllowedNow'));
  });

  test('is not done while a field on the form has no person’s answer', () => {
    const log = act([], null, prefilled({ so: read('41/2008') }));
    const { so: _, ...others } = blank;
    const almost = { type: 'keyed', answers: others, done: true };
    expect(() => act(log, an, almost)).toThrow(kind('incomplete'));
    const state = fold(act(log, an, { ...almost, confirmed: ['so'] }));
    expect(state).toMatchObject({
      status: 'keyed',
      values: { so: { text: '41/2008', evidence: { source: 'person', personId: an.id } } },
    });
  });

  test('cannot be confirmed where nothing was shown', () => {
    const log = act([], null, prefilled({}));
    const { so: _, ...others } = blank;
    expect(() =>
      act(log, an, { type: 'keyed', answers: others, confirmed: ['so'], done: true }),
    ).toThrow(kind('incomplete'));
  });

  test('takes no field that is not of its form', () => {
    const log = act([], null, prefilled({}));
    for (const key of ['meNgaySinh', 'nope', 'constructor']) {
      expect(() => act(log, an, { type: 'keyed', answers: { [key]: { state: 'blank' } } })).toThrow(
        kind('invalid'),
      );
      expect(() => act(log, an, { type: 'keyed', answers: {}, confirmed: [key] })).toThrow(
        kind('invalid'),
      );
    }
  });
});

describe('a person’s value', () => {
  test('keeps the place on the page and what the machine had read', () => {
    const log = act(act([], null, prefilled({ so: read('47/2008', 0.6) })), an, {
      type: 'keyed',
      answers: { so: { state: 'written', text: ' 41 /2008' } },
    });
    expect(fold(log).values.so).toEqual({
      state: 'written',
      text: ' 41 /2008',
      normalized: '41/2008',
      evidence: {
        source: 'person',
        personId: an.id,
        pageId: uuid(5),
        box: { x: 0.1, y: 0.1, w: 0.1, h: 0.1 },
        candidates: [
          { text: '47/2008', probability: 0.6 },
          { text: '47/2008?', probability: 0.05 },
        ],
        rules: [],
      },
    });
  });

  test('is never overwritten by a machine, which may add candidates and fill what is untouched', () => {
    let log = act([], null, prefilled({ so: read('47/2008'), nksQueQuan: read('Mẫu') }));
    log = act(log, an, { type: 'keyed', answers: { so: { state: 'written', text: '41/2008' } } });
    const before = fold(log).values.so!;
    log = act(
      log,
      null,
      prefilled({ so: read('48/2008'), nksQueQuan: read('Mẫu Sơn'), nksHoTen: read('A') }, 'e2'),
    );
    const { values } = fold(log);
    expect({ ...values.so, evidence: null }).toEqual({ ...before, evidence: null });
    expect(values.so!.evidence.candidates.map((c) => c.text)).toContain('48/2008');
    expect(values.nksQueQuan!.text).toBe('Mẫu Sơn');
    expect(values.nksHoTen!.text).toBe('A');
  });

  test('means after a confirmation what it meant before', () => {
    const form2015 = formOf('birth-2015');
    const old = { ...read('một cách ghi khác'), normalized: '3' };
    const state: RecordState = { ...EMPTY, values: { loaiDangKy: old } };
    const action = HumanAction.parse({ type: 'keyed', answers: {}, confirmed: ['loaiDangKy'] });
    const content = contentOf(action, state, an, { form: form2015, register, policy: open });
    expect(content).toMatchObject({ values: { loaiDangKy: { normalized: '3' } } });
  });
});

test('a machine changes nothing that people have called done', () => {
  for (const until of [1, 2, 3]) {
    let log = act([], null, prefilled({ so: read('41/2008') }));
    const steps = [
      [an, done],
      [binh, CHECKED],
      [chi, { type: 'approved' }],
    ] as const;
    for (const [who, action] of steps.slice(0, until)) log = act(log, who, action);
    const said = ({ values }: RecordState) =>
      Object.entries(values).map(([key, v]) => [key, v.state, v.text, v.normalized]);
    const before = said(fold(log));
    log = act(
      log,
      null,
      prefilled({ so: read('1'), nguoiKy: read('B'), quyenSo: read('9') }, 'e2'),
    );
    expect(said(fold(log))).toEqual(before);
  }
});

describe('four eyes', () => {
  const keyedBy = (who: Person) => act(act([], null, prefilled({})), who, done);
  const why = (log: Action[], who: Person, type: 'checked' | 'approved', policy = open) =>
    refusal(who, type, fold(log), policy);

  test('who keyed neither checks nor approves: 403', () => {
    const log = keyedBy(an);
    expect(why(log, an, 'checked')).toMatchObject({ kind: 'fourEyes', status: 403 });
    expect(why(act(log, binh, CHECKED), an, 'approved')).toEqual(kind('fourEyes'));
  });

  test('who checked does not approve', () => {
    const log = act(keyedBy(an), binh, CHECKED);
    expect(why(log, binh, 'approved')).toEqual(kind('fourEyes'));
    expect(why(log, chi, 'approved')).toBeUndefined();
  });

  test('who keyed before a return is a keyer still', () => {
    let log = keyedBy(an);
    log = act(log, chi, { type: 'returned', reasons: [{ reason: 'x' }] });
    log = act(log, binh, done);
    expect(why(log, an, 'checked')).toEqual(kind('fourEyes'));
    expect(why(log, binh, 'checked')).toEqual(kind('fourEyes'));
    expect(why(log, chi, 'checked')).toBeUndefined();
  });

  test('check and approval are of another organisation where the book says so', () => {
    const colleague = person(4, all, 1);
    const policy = apart;
    const log = keyedBy(an);
    expect(why(log, colleague, 'checked', policy)).toEqual(kind('fourEyes'));
    expect(why(log, colleague, 'checked')).toBeUndefined();
    expect(why(log, binh, 'checked', policy)).toBeUndefined();
  });

  test('a role is needed, and being active', () => {
    const log = keyedBy(an);
    expect(why(log, person(5, ['keyer', 'approver', 'administrator']), 'checked')).toEqual(
      kind('forbidden'),
    );
    expect(why(log, { ...binh, active: false }, 'checked')).toEqual(kind('forbidden'));
  });
});

describe('whatever people and machines try', () => {
  const people = [an, binh, chi, person(4, ['checker'], 1), person(5, ['keyer'], 2)];
  const step = fc.record({
    who: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom<Person | null>(...people) },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    // Mostly the way forward, so that many tries reach the end.
    what: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('done', 'checked', 'approved') },
      { weight: 1, arbitrary: fc.constantFrom('keyed', 'returned', 'reopened') },
    ),
    field: fc.constantFrom(...asked),
    text: fc.string({ minLength: 1, maxLength: 5 }).filter((t) => t.trim() !== ''),
  });
  interface Step {
    who: Person | null;
    what: string;
    field: string;
    text: string;
  }
  const reasons = [{ reason: 'x' }];

  /** What is left of the tries when those are dropped that are refused. */
  function play(steps: readonly Step[], policy = open) {
    let log = act([], null, prefilled({ so: read('41/2008') }, 'e0'));
    const states = [fold(log)];
    for (const [i, { who, what, field, text }] of steps.entries()) {
      try {
        log =
          who === null
            ? act(log, null, prefilled({ [field]: read(text) }, `e${i + 1}`))
            : act(
                log,
                who,
                what === 'done'
                  ? done
                  : what === 'keyed'
                    ? { type: what, answers: { [field]: { state: 'written', text } } }
                    : { type: what, reasons, confirmed: asked },
                policy,
              );
        states.push(fold(log));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
      }
    }
    return { log, states };
  }
  const steps = fc.array(step, { minLength: 15, maxLength: 40, size: 'max' });

  test('only a checked record is ever approved, by three different people', () => {
    let approvals = 0;
    fc.assert(
      fc.property(steps, fc.boolean(), (tries, otherOrganisation) => {
        const { log } = play(tries, BookPolicy.parse({ otherOrganisation }));
        for (const [i, action] of log.entries()) {
          if (action.content.type !== 'approved') continue;
          approvals++;
          const before = fold(log.slice(0, i));
          expect(before.status).toBe('checked');
          const human = log.slice(0, i).filter((a) => a.personId !== null);
          const check = human.at(-1)!;
          expect(check.content.type).toBe('checked');
          const keyers = human.filter((a) => a.content.type === 'keyed');
          expect(keyers.length).toBeGreaterThan(0);
          for (const side of [check, action]) {
            expect(keyers.map((k) => k.personId)).not.toContain(side.personId);
            if (otherOrganisation)
              expect(keyers.map((k) => k.organisationId)).not.toContain(side.organisationId);
          }
          expect(check.personId).not.toBe(action.personId);
        }
      }),
      { numRuns: 400 },
    );
    // Else the tries would say nothing.
    expect(approvals).toBeGreaterThan(20);
  });

  test('a machine never changes what a person said, nor anything after people are done', () => {
    fc.assert(
      fc.property(steps, (tries) => {
        const { log, states } = play(tries);
        for (const [i, action] of log.entries()) {
          if (i === 0 || action.content.type !== 'prefilled') continue;
          const [before, after] = [states[i - 1]!, states[i]!];
          expect(after.status).toBe(before.status);
          for (const [key, value] of Object.entries(before.values))
            if (byPerson(value) || !['prefilled', 'returned'].includes(before.status))
              expect({ ...after.values[key], evidence: 0 }).toEqual({ ...value, evidence: 0 });
        }
      }),
      { numRuns: 200 },
    );
  });

  test('the chain holds, a record that people are done with has all answers, and folding in parts is folding the whole', () => {
    fc.assert(
      fc.property(steps, (tries) => {
        const { log, states } = play(tries);
        expect(findBreak(log)).toBeUndefined();
        for (const [i, state] of states.entries()) {
          if (i > 0) expect(apply(states[i - 1]!, log[i]!)).toEqual(state);
          if (['keyed', 'checked', 'approved'].includes(state.status))
            for (const key of asked) expect(byPerson(state.values[key])).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('findings', () => {
  const PLAIN = { numbersHaveSlash: false };
  const written = (text: string, normalized?: string): FieldValues[string] => ({
    state: 'written',
    text,
    ...(normalized === undefined ? {} : { normalized }),
    evidence: { source: 'person', candidates: [], rules: [] },
  });

  test('name the rule and the fields, and change no value', () => {
    const values = { so: written('41/2007', '41/2007'), ngayDangKy: written('15/1/08') };
    const copy = structuredClone(values);
    const found = findings({ ...values, trangSo: written('7a') }, register, PLAIN);
    expect(found.map((f) => [f.rule, f.fields])).toEqual(
      expect.arrayContaining([
        ['notNormalized', ['ngayDangKy']],
        ['notNormalized', ['trangSo']],
      ]),
    );
    expect(values).toEqual(copy);
  });

  test('say nothing of what is blank, illegible or unanswered', () => {
    const nothing = { state: 'blank' as const, evidence: written('x').evidence };
    expect(
      findings({ so: nothing, ngayDangKy: { ...nothing, state: 'illegible' } }, register, PLAIN),
    ).toEqual([]);
    expect(findings({}, register, PLAIN)).toEqual([]);
  });

  test('miss the year in a number only in a book whose numbers have one', () => {
    const plain = { so: written('41', '41') };
    expect(findings(plain, register, PLAIN)).toEqual([]);
    expect(findings(plain, register, { numbersHaveSlash: true })).toMatchObject([
      { rule: 'slashLikeOthers', fields: ['so'], severity: 'warning' },
    ]);
  });
});

test('a value is shown as written, a code without text by its label', () => {
  const field = register.fields.nksGioiTinh!;
  const evidence = { source: 'x', candidates: [], rules: [] };
  expect(shownText(field, { state: 'written', text: 'nữ', normalized: '2', evidence })).toBe('nữ');
  expect(shownText(field, { state: 'struckOut', normalized: '2', evidence })).toBe('Nữ');
  expect(shownText(field, { state: 'blank', evidence })).toBe('');
});

test('all texts of a record are found by searching', () => {
  expect(searchText({ a: read('Mẫu  Đơn'), b: read('41/2008') })).toBe('Mẫu Đơn 41/2008');
});
