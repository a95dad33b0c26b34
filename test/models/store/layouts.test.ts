import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, type Store } from '../../../models/store/store.ts';
import { testDatabase } from '../../support/database.ts';
import { until } from '../../support/documents.ts';
import { killPrograms, runProgram } from '../../support/programs.ts';
import { addBook, addPages, runUntil } from './fixtures.ts';

const LEARNING = new URL('../../support/learning.ts', import.meta.url);

describe('learning the layout of a book', () => {
  let databaseUrl: string;
  let pool: pg.Pool;
  let store: Store;
  beforeAll(async () => {
    databaseUrl = await testDatabase();
    pool = new pg.Pool({ connectionString: databaseUrl });
    store = openStore(pool);
  });
  afterAll(async () => {
    killPrograms();
    await pool.end();
  });

  test('is done by one page of a book at a time, and of several books at once', async () => {
    const [one, other] = [await addBook(store), await addBook(store)];
    const answer = await store.layouts.learn(one.id, async () => ({
      again: await store.layouts.learn(one.id, async () => 'both'),
      other: await store.layouts.learn(other.id, async () => 'other'),
      seen: await store.layouts.isBeingLearned(one.id),
      otherSeen: await store.layouts.isBeingLearned(other.id),
    }));
    expect(answer).toEqual({ again: undefined, other: 'other', seen: true, otherSeen: false });
    expect(await store.layouts.isBeingLearned(one.id)).toBe(false);
    expect(await store.layouts.learn(one.id, async () => 'later')).toBe('later');
  });

  test('is free again after it failed', async () => {
    const { id } = await addBook(store);
    const failed = store.layouts.learn(id, async () => {
      throw new Error('broken');
    });
    await expect(failed).rejects.toThrow('broken');
    expect(await store.layouts.learn(id, async () => 'next')).toBe('next');
  });

  test('keeps nobody waiting once a page of the book could not be placed', async () => {
    const { id } = await addBook(store);
    const [page] = await addPages(store, id, 2);
    await runUntil(store, page!, 'place');
    await store.pages.fail(page!.id, 'place', { kind: 'notPlaced', message: 'x' });
    const both = await store.layouts.learn(id, async () => ({
      seen: await store.layouts.isBeingLearned(id),
      again: await store.layouts.learn(id, async () => 'both'),
    }));
    expect(both).toEqual({ seen: false, again: 'both' });
  });

  test('is free again when the process that was at it is killed', async () => {
    const { id } = await addBook(store);
    const holder = runProgram(LEARNING, { env: { DATABASE_URL: databaseUrl, BOOK: id } });
    await holder.line(/^learning/);
    expect(await store.layouts.isBeingLearned(id)).toBe(true);
    expect(await store.layouts.learn(id, async () => 'both')).toBeUndefined();
    process.kill(holder.pid, 'SIGKILL');
    await until(async () => !(await store.layouts.isBeingLearned(id)));
    expect(await store.layouts.learn(id, async () => 'heir')).toBe('heir');
  });
});
