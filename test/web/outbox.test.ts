import { describe, expect, it } from 'vitest';
import type { ActionRequest, RecordAnswer } from '../../api/contract.ts';
import { LineDown, Refused } from '../../web/calls/client.ts';
import { type HumanAction, OUTBOX_LIMIT, openOutbox } from '../../web/record/outbox.ts';

const ME = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';
const RECORD = '00000000-0000-4000-8000-00000000000a';

const written = (text: string): HumanAction => ({
  type: 'keyed',
  answers: { so: { state: 'written', text } },
});

/** A server in memory with one record: takes actions in order, refuses a stale version. */
function server() {
  let record = {
    id: RECORD,
    status: 'prefilled',
    version: 1,
    values: {},
    moves: ['keyed'],
    keyers: [],
    checker: null,
    approver: null,
    reasons: [],
  } as unknown as RecordAnswer;
  let line: 'up' | 'down' | 'answerLost' | 'signedOut' = 'up';
  const seen: number[] = [];
  const refuse = (status: number, kind: 'conflict' | 'notSignedIn' | 'forbidden', more = {}) =>
    new Refused(
      status,
      { kind, message: kind, messageEn: kind },
      { error: { kind, message: kind, messageEn: kind }, ...more },
    );

  /** What somebody does to the record. */
  function take(person: string, action: HumanAction) {
    const values: Record<string, unknown> = { ...record.values };
    if (action.type === 'keyed')
      for (const [key, answer] of Object.entries(action.answers))
        values[key] = {
          ...answer,
          evidence: { source: 'person', personId: person, candidates: [], rules: [] },
        };
    record = { ...record, version: record.version + 1, values } as RecordAnswer;
  }

  return {
    read: () => record,
    take,
    seen,
    set(next: typeof line) {
      line = next;
    },
    /** The record waits for another work now. */
    wait(status: RecordAnswer['status'], move: RecordAnswer['moves'][number]) {
      record = { ...record, status, moves: [move], version: record.version + 1 };
    },
    close() {
      record = { ...record, status: 'keyed', moves: [], version: record.version + 1 };
    },
    async send(_id: string, { seen: version, action }: ActionRequest): Promise<RecordAnswer> {
      if (line === 'down') throw new LineDown('down');
      if (line === 'signedOut') throw refuse(401, 'notSignedIn');
      if (version !== record.version) throw refuse(409, 'conflict', { current: record });
      if (!record.moves.includes(action.type)) throw refuse(403, 'forbidden');
      seen.push(version);
      take(ME, action);
      if (line === 'answerLost') throw new LineDown('lost');
      return record;
    },
  };
}

function memory() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
    removeItem: (key: string) => void kept.delete(key),
  };
}

function open(api = server(), storage = memory()) {
  const later: (() => void)[] = [];
  const outbox = openOutbox({
    send: api.send,
    storage,
    later: (run) => void later.push(run),
    saved: () => {},
  });
  const quiet = async () => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
  };
  return {
    api,
    storage,
    outbox,
    quiet,
    /** The waiting time is over. */
    async retry() {
      for (const run of later.splice(0)) run();
      await quiet();
    },
  };
}

describe('the outbox', () => {
  it('sends one after the other, each on the version that the one before made', async () => {
    const { outbox, api, quiet } = open();
    outbox.signedIn(ME);
    for (const text of ['1', '2', '3']) outbox.add(RECORD, 1, written(text));
    await quiet();
    expect(api.seen).toEqual([1, 2, 3]);
    expect(outbox.read()).toMatchObject({ waiting: [], line: 'up', sending: false });
  });

  it('keeps what the line does not take, in the tab, and sends it later', async () => {
    const { outbox, api, storage, quiet, retry } = open();
    outbox.signedIn(ME);
    api.set('down');
    const sent = outbox.add(RECORD, 1, written('12'))!;
    await quiet();
    expect(outbox.read().line).toBe('down');
    expect(storage.kept.size).toBe(1);
    api.set('up');
    await retry();
    expect(await sent.outcome).toBe('saved');
    expect(storage.kept.size).toBe(0);
    expect(api.read().values.so?.text).toBe('12');
  });

  it('goes on after a reload for the same person, and erases what another left', async () => {
    const first = open();
    first.outbox.signedIn(ME);
    first.api.set('down');
    first.outbox.add(RECORD, 1, written('12'));
    await first.quiet();
    first.api.set('up');

    const again = open(first.api, first.storage);
    again.outbox.signedIn(ME);
    await again.quiet();
    expect(first.api.read().values.so?.text).toBe('12');

    first.storage.setItem('outbox', JSON.stringify({ personId: ME, waiting: [{}] }));
    const another = open(first.api, first.storage);
    another.outbox.signedIn(OTHER);
    expect(another.outbox.read().waiting).toEqual([]);
    expect(first.storage.kept.size).toBe(0);
  });

  it('does not say twice what was received when only its answer was lost', async () => {
    const { outbox, api, quiet, retry } = open();
    outbox.signedIn(ME);
    api.set('answerLost');
    const sent = outbox.add(RECORD, 1, written('12'))!;
    await quiet();
    api.set('up');
    await retry();
    expect(await sent.outcome).toBe('saved');
    expect(api.read().version).toBe(2);
    expect(outbox.read().conflicts).toEqual([]);
  });

  it('merges answers to different fields without asking', async () => {
    const { outbox, api, quiet } = open();
    outbox.signedIn(ME);
    api.take(OTHER, {
      type: 'keyed',
      answers: { nksHoTen: { state: 'written', text: 'VŨ THỊ KIA' } },
    });
    outbox.add(RECORD, 1, written('12'));
    await quiet();
    expect(outbox.read().conflicts).toEqual([]);
    expect(api.read().values).toMatchObject({
      so: { text: '12' },
      nksHoTen: { text: 'VŨ THỊ KIA' },
    });
  });

  it('asks about a field that another answered differently, and does what is chosen', async () => {
    for (const keep of [true, false]) {
      const { outbox, api, quiet } = open();
      outbox.signedIn(ME);
      api.take(OTHER, written('13'));
      const sent = outbox.add(RECORD, 1, written('12'))!;
      await quiet();
      expect(outbox.read().conflicts[0]?.disputes).toMatchObject([
        { key: 'so', mine: { text: '12' }, theirs: { text: '13' } },
      ]);
      outbox.resolve(RECORD, new Set(keep ? ['so'] : []));
      await quiet();
      expect(api.read().values.so?.text).toBe(keep ? '12' : '13');
      expect(await sent.outcome).toBe(keep ? 'saved' : 'dropped');
      expect(outbox.read()).toMatchObject({ waiting: [], conflicts: [] });
    }
  });

  it('asks about a confirmed value too, by what was shown', async () => {
    const { outbox, api, quiet } = open();
    outbox.signedIn(ME);
    api.take(OTHER, written('13'));
    outbox.add(
      RECORD,
      1,
      { type: 'keyed', answers: {}, confirmed: ['so'] },
      { so: { state: 'written', text: '12' } },
    );
    await quiet();
    expect(outbox.read().conflicts[0]?.disputes).toMatchObject([{ mine: { text: '12' } }]);
    outbox.resolve(RECORD, new Set(['so']));
    await quiet();
    expect(api.read().values.so?.text).toBe('12');
  });

  it('never ends a record that somebody changed meanwhile', async () => {
    const { outbox, api, quiet } = open();
    outbox.signedIn(ME);
    api.take(OTHER, { type: 'keyed', answers: { ghiChu: { state: 'blank' } } });
    const sent = outbox.add(RECORD, 1, { type: 'keyed', answers: {}, done: true })!;
    expect(await sent.outcome).toBe('dropped');
    await quiet();
    expect(api.read().version).toBe(2);
  });

  it('shows what a record no longer takes, and lets it go only when told', async () => {
    const { outbox, api, quiet } = open();
    outbox.signedIn(ME);
    api.close();
    outbox.add(RECORD, 1, written('12'));
    await quiet();
    expect(outbox.read().conflicts).toHaveLength(1);
    expect(outbox.read().waiting).toHaveLength(1);
    outbox.resolve(RECORD, undefined);
    expect(outbox.read()).toMatchObject({ waiting: [], conflicts: [] });
  });

  it('waits through an ended session and goes on for the same person', async () => {
    const { outbox, api, quiet } = open();
    outbox.signedIn(ME);
    api.set('signedOut');
    outbox.add(RECORD, 1, written('12'));
    await quiet();
    expect(outbox.read().line).toBe('signedOut');
    api.set('up');
    outbox.signedIn(ME);
    await quiet();
    expect(api.read().values.so?.text).toBe('12');
  });

  it('holds no more than its limit', () => {
    const { outbox, api } = open();
    api.set('down');
    outbox.signedIn(ME);
    for (let i = 0; i < OUTBOX_LIMIT; i++)
      expect(outbox.add(RECORD, 1, written(String(i)))).toBeDefined();
    expect(outbox.add(RECORD, 1, written('quá nhiều'))).toBeUndefined();
  });

  it('forgets everything when wiped, also what is under way', async () => {
    const { outbox, api, storage, quiet, retry } = open();
    outbox.signedIn(ME);
    api.set('down');
    const sent = outbox.add(RECORD, 1, written('12'))!;
    await quiet();
    outbox.wipe();
    expect(await sent.outcome).toBe('dropped');
    api.set('up');
    await retry();
    expect(api.read().version).toBe(1);
    expect(storage.kept.size).toBe(0);
  });

  it('sends what is read from the page alone on whatever version the record has', async () => {
    const { outbox, api, quiet } = open();
    api.wait('secondKeying', 'secondKeyed');
    outbox.signedIn(ME);
    outbox.add(RECORD, 1, { type: 'secondKeyed', answers: { so: { state: 'blank' } } });
    await quiet();
    expect(api.seen).toEqual([2]);
    expect(outbox.read()).toMatchObject({ waiting: [], conflicts: [], rejections: [] });
  });

  it('shows a second reading that another person was faster with, and never calls it sent', async () => {
    const { outbox, api, quiet } = open();
    api.wait('arbitration', 'arbitrated');
    outbox.signedIn(ME);
    outbox.add(RECORD, 1, { type: 'secondKeyed', answers: { so: { state: 'blank' } } });
    await quiet();
    expect(outbox.read().conflicts).toHaveLength(1);
    expect(outbox.read().waiting).toHaveLength(1);
    outbox.resolve(RECORD, undefined);
    expect(outbox.read()).toMatchObject({ waiting: [], conflicts: [] });
  });
});
