import { describe, expect, it } from 'vitest';
import { LineDown, Refused } from '../../web/calls/client.ts';
import { openHolds } from '../../web/record/holds.ts';

/** Holds on a server that answers as `refuse` says, with what was asked of it. */
function openAll(refuse: Record<string, Error> = {}) {
  const asked: string[] = [];
  const sending = new Set<string>();
  const over: string[] = [];
  const holds = openHolds({
    open: async (id) => {
      asked.push(`open ${id}`);
      if (refuse[id]) throw refuse[id];
    },
    close: async (id, last) => {
      asked.push(`close ${id}${last ? ' at last' : ''}`);
    },
    isSending: (id) => sending.has(id),
    over: (id) => over.push(id),
    soon: (run) => void setTimeout(run),
  });
  return { holds, asked, sending, over, refuse };
}
const refused = (kind: 'leased' | 'notAllowedNow') =>
  new Refused(409, { kind, message: '', messageEn: '' }, {});
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('the records that a tab has open', () => {
  it('are opened once, kept by signs of life, and given back when they are left', async () => {
    const { holds, asked } = openAll();
    holds.show('a');
    expect(await holds.take('a', 'key')).toBe('mine');
    expect(await holds.take('a', 'key')).toBe('mine');
    await holds.beat();
    holds.leave('a');
    await soon();
    expect(asked).toEqual(['open a', 'open a', 'close a']);
    expect(holds.of('a')).toBeUndefined();
  });

  it('go on to one that was held ready without letting it go', async () => {
    const { holds, asked } = openAll();
    holds.show('a');
    await holds.take('a', 'key');
    await holds.take('b', 'key');
    holds.keepReady(['b']);
    holds.leave('a');
    holds.show('b');
    await soon();
    expect(await holds.take('b', 'key')).toBe('mine');
    expect(asked).toEqual(['open a', 'open b', 'close a']);
  });

  it('give back all that was held ready when nothing of it comes on the screen', async () => {
    const { holds, asked } = openAll();
    holds.show('a');
    await holds.take('a', 'key');
    await holds.take('b', 'key');
    holds.leave('a');
    await soon();
    expect(asked).toEqual(['open a', 'open b', 'close a', 'close b']);
  });

  it('are not given back before what was answered in them has reached the server', async () => {
    const { holds, asked, sending } = openAll();
    holds.show('a');
    await holds.take('a', 'key');
    sending.add('a');
    holds.leave('a');
    await soon();
    expect(asked).toEqual(['open a']);
    sending.delete('a');
    holds.tidy();
    expect(asked).toEqual(['open a', 'close a']);
  });

  it('belong to somebody else until that one is done', async () => {
    const { holds, asked, refuse } = openAll({ a: refused('leased') });
    holds.show('a');
    expect(await holds.take('a', 'check')).toBe('other');
    delete refuse.a;
    await holds.beat();
    expect(holds.of('a')).toBe('mine');
    refuse.a = refused('leased');
    await holds.beat();
    // Taken over: what is not ours is not given back.
    expect(holds.of('a')).toBe('other');
    holds.leave('a');
    await soon();
    expect(asked).not.toContain('close a');
  });

  it('are worked on without a line, and asked for anew when the record has moved on', async () => {
    const { holds, over, refuse } = openAll({ a: new LineDown('none') });
    holds.show('a');
    expect(await holds.take('a', 'key')).toBe('alone');
    delete refuse.a;
    await holds.beat();
    expect(holds.of('a')).toBe('mine');
    refuse.a = new LineDown('none');
    await holds.beat();
    expect(holds.of('a')).toBe('mine');
    refuse.a = refused('notAllowedNow');
    await holds.beat();
    expect(over).toEqual(['a']);
  });

  it('are all given back when the tab goes', async () => {
    const { holds, asked } = openAll({ c: refused('leased') });
    holds.show('a');
    for (const id of ['a', 'b', 'c']) await holds.take(id, 'key');
    await holds.giveAllBack(true);
    expect(asked.slice(3)).toEqual(['close a at last', 'close b at last']);
  });
});
