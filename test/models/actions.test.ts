import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Action,
  type ActionContent,
  canonicalJson,
  findBreak,
  HumanAction,
  hashAction,
  NO_HASH,
} from '../../models/actions.ts';
import type { OrganisationId, PersonId, RecordId } from '../../models/ids.ts';

const recordId = '11111111-1111-4111-8111-111111111111' as RecordId;
const personId = '22222222-2222-4222-8222-222222222222' as PersonId;
const organisationId = '33333333-3333-4333-8333-333333333333' as OrganisationId;

/** A sound log with these contents. */
function logOf(contents: readonly ActionContent[]): Action[] {
  const log: Action[] = [];
  for (const [i, content] of contents.entries()) {
    const byMachine = content.type === 'prefilled';
    const action = {
      recordId,
      version: i + 1,
      personId: byMachine ? null : personId,
      organisationId: byMachine ? null : organisationId,
      at: new Date(Date.UTC(2026, 0, 1, 8, 0, 0, i)),
      seen: i,
      content,
      previous: log.at(-1)?.hash ?? NO_HASH,
    };
    log.push({ ...action, hash: hashAction(action) });
  }
  return log;
}

const log = logOf([
  {
    type: 'prefilled',
    effect: 'e',
    values: {
      so: {
        state: 'written',
        text: '41/2008',
        evidence: { source: 'tesseract', confidence: 0.9, candidates: [], rules: [] },
      },
    },
  },
  { type: 'keyed', values: {}, done: true, second: [] },
  { type: 'checked', confirmed: ['so'], accepted: [] },
  { type: 'returned', reasons: [{ field: 'so', code: 'misread', reason: 'sai' }] },
]);

test('a log that nobody touched has no break', () => {
  expect(findBreak(log)).toBeUndefined();
  expect(findBreak([])).toBeUndefined();
});

describe('a break is found', () => {
  const changes: [string, (log: Action[]) => void, number, string][] = [
    ['a value', (l) => ((l[0]!.content as { effect: string }).effect = 'f'), 1, 'hash'],
    ['an author', (l) => (l[1]!.personId = recordId as unknown as PersonId), 2, 'hash'],
    ['an organisation', (l) => (l[1]!.organisationId = null), 2, 'hash'],
    ['a time', (l) => (l[2]!.at = new Date(l[2]!.at.getTime() + 1)), 3, 'hash'],
    ['what was seen', (l) => (l[3]!.seen = 2), 4, 'hash'],
    ['the record', (l) => (l[2]!.recordId = personId as unknown as RecordId), 3, 'hash'],
    ['the order', (l) => l.reverse(), 1, 'gap'],
    ['a hash', (l) => (l[1]!.hash = NO_HASH), 2, 'hash'],
    ['a hash before', (l) => (l[1]!.previous = NO_HASH), 2, 'previous'],
    ['an action left out', (l) => l.splice(1, 1), 2, 'gap'],
    ['an action twice', (l) => l.splice(1, 0, l[1]!), 3, 'gap'],
    ['the beginning left out', (l) => l.shift(), 1, 'gap'],
  ];

  test.each(changes)('in %s', (_, change, version, why) => {
    const copy = structuredClone(log);
    change(copy);
    expect(findBreak(copy)).toEqual({ version, why });
  });

  test('behind a rewritten action whose own hash was made new', () => {
    const copy = structuredClone(log);
    copy[1]!.content = { type: 'keyed', values: {}, done: false, second: [] };
    copy[1]!.hash = hashAction(copy[1]!);
    expect(findBreak(copy)).toEqual({ version: 3, why: 'previous' });
  });
});

describe('canonical JSON', () => {
  const json = fc.jsonValue({ noUnicodeString: false });

  test('is the same in any order of keys and without what is undefined', () => {
    expect(canonicalJson({ b: 1, a: [{ d: null, c: undefined }] })).toBe(
      canonicalJson({ a: [{ d: null }], b: 1 }),
    );
    expect(canonicalJson({ a: [undefined] })).toBe('{"a":[null]}');
  });

  test('says the same value as plain JSON', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('differs for different values', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        if (same) expect(canonicalJson(a)).toBe(canonicalJson(b));
        if (canonicalJson(a) === canonicalJson(b)) expect(a).toEqual(b);
      }),
    );
  });

  test('writes a time to the millisecond', () => {
    expect(canonicalJson({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  });
});

test('a return or reopening needs a reason', () => {
  for (const type of ['returned', 'reopened']) {
    expect(HumanAction.safeParse({ type, reasons: [] }).success).toBe(false);
    expect(HumanAction.safeParse({ type, reasons: [{ reason: ' ' }] }).success).toBe(false);
    expect(HumanAction.safeParse({ type, reasons: [{ reason: 'số sai' }] }).success).toBe(true);
  }
});

test('a person cannot act as the machine', () => {
  expect(HumanAction.safeParse({ type: 'prefilled', values: {}, effect: 'e' }).success).toBe(false);
});
