import { describe, expect, it } from 'vitest';
import { atTheEnd } from '../../web/columns/column.ts';

describe('a column whose last row is off the screen', () => {
  const column = { rows: 0, full: false, unsaved: 0, asking: false };

  it('has ended when the answer held all rows', () => {
    expect(atTheEnd(column)).toBe('ended');
    expect(atTheEnd({ ...column, rows: 1 })).toBe('rows');
  });

  it('is no end while more may be left: it asks, and waits for the answer', () => {
    expect(atTheEnd({ ...column, full: true })).toBe('ask');
    expect(atTheEnd({ ...column, full: true, asking: true })).toBe('wait');
    expect(atTheEnd({ ...column, asking: true })).toBe('wait');
  });

  it('asks only once what was confirmed is saved, or the same rows would come again', () => {
    expect(atTheEnd({ ...column, full: true, unsaved: 3 })).toBe('wait');
  });
});
