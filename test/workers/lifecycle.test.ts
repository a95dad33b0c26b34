import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DocumentId } from '../../models/ids.ts';
import { settingsToEnvironment } from '../../pipeline/settings.ts';
import type { System } from '../../pipeline/system.ts';
import { startWorkers, type Workers } from '../../workers/start.ts';
import { testSystem } from '../support/database.ts';
import { addDocument, isSettled, until } from '../support/documents.ts';
import { killPrograms, runProgram } from '../support/programs.ts';

const TOY = new URL('../support/toy-worker.ts', import.meta.url);
const START = new URL('../support/toy-start.ts', import.meta.url);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('worker processes', () => {
  let system: System;
  let workers: Workers | undefined;
  beforeAll(async () => {
    system = await testSystem({ queueLockSeconds: 3 });
  });
  afterEach(async () => {
    await workers?.close();
    workers = undefined;
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  afterAll(async () => {
    killPrograms();
    await system.close();
  });

  const start = (processes: number) => {
    workers = startWorkers(system, { processes, script: TOY, reconcileMs: 300 });
    return workers;
  };
  const settle = (id: DocumentId) => until(() => isSettled(system.store, id));
  const pagesOf = (id: DocumentId) => system.store.pages.ofDocument(id);

  test('take a document from upload to prefilled records', async () => {
    const id = await addDocument(system.store, '20 pages');
    await system.queue.add([{ stage: 'split', id, attempt: 1 }]);
    start(2);
    await settle(id);
    const pages = await pagesOf(id);
    expect(pages).toHaveLength(20);
    expect(pages.every((page) => page.next === null && page.attempts === 0)).toBe(true);
    const { total } = await system.store.records.list({ bookId: pages[0]!.bookId });
    expect(total).toBe(20);
  });

  test('are replaced when they die, and the page that killed one once gets through', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const { pids } = start(1);
    const [first] = pids();
    const id = await addDocument(system.store, '5 pages, 1 crashes once');
    await settle(id);
    expect((await pagesOf(id)).every((page) => page.next === null)).toBe(true);
    expect(pids()).not.toEqual([first]);
    expect(isAlive(first!)).toBe(false);
  });

  test('give up a page that kills them every time, and no other', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    start(2);
    const id = await addDocument(system.store, '5 pages, 1 crashes always');
    await settle(id);
    const pages = await pagesOf(id);
    expect(pages.map((page) => page.failure?.kind)).toEqual([
      undefined,
      'crashed',
      undefined,
      undefined,
      undefined,
    ]);
    expect(pages[1]?.failedStage).toBe('read');
  });

  test.each([
    ['is blank', 'blankPage'],
    ['is slow always', 'timeout'],
    ['is slow twice', undefined],
    ['meets a bug', 'crashed'],
  ])('store what is wrong with a page that %s, and only with it', async (trouble, kind) => {
    start(1);
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const id = await addDocument(system.store, `3 pages, 1 ${trouble}`);
    await settle(id);
    const pages = await pagesOf(id);
    expect(pages.map((page) => page.failure?.kind)).toEqual([undefined, kind, undefined]);
    const said = log.mock.calls.join('');
    expect(said.includes('TypeError')).toBe(trouble === 'meets a bug');
    // The message of an error that nobody foresaw may hold a name.
    expect(said + JSON.stringify(pages)).not.toContain('Bí Mật');
  });

  test('store what is wrong with a document', async () => {
    start(1);
    const id = await addDocument(system.store, 'not a PDF');
    await settle(id);
    expect(await system.store.documents.byId(id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'notPdf' },
    });
  });

  test('end after so many jobs and are replaced, and all work gets done', async () => {
    vi.stubEnv('TOY_JOBS', '5');
    const { pids } = start(1);
    const [first] = pids();
    const id = await addDocument(system.store, '10 pages');
    await settle(id);
    expect((await pagesOf(id)).every((page) => page.next === null)).toBe(true);
    expect(pids()).not.toEqual([first]);
  });

  test('finish what they do on SIGTERM', async () => {
    vi.stubEnv('TOY_PAUSE_MS', '300');
    const { pids } = start(1);
    const [first] = pids();
    const id = await addDocument(system.store, '4 pages');
    await until(async () => (await pagesOf(id)).some((page) => page.next === 'place'));
    process.kill(first!, 'SIGTERM');
    await until(() => !isAlive(first!));
    // Nothing was cut off: what runs now was begun once by its heir.
    const running = (await pagesOf(id)).map((page) => page.attempts);
    expect(Math.max(...running)).toBeLessThanOrEqual(1);
    await settle(id);
  });

  test('are gone after close', async () => {
    const started = start(2);
    const pids = started.pids();
    expect(pids).toHaveLength(2);
    await started.close();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(started.pids()).toEqual([]);
  });

  test('end when the process that started them is killed', async () => {
    // A folder of its own, since this process has the system's.
    const dataDir = `${system.settings.dataDir}/other`;
    const settings = { ...system.settings, dataDir, workers: 2 };
    const parent = runProgram(START, { env: settingsToEnvironment(settings) });
    const line = await parent.line(/^ready: /);
    const pids = line.replace('ready: ', '').split(' ').map(Number);
    process.kill(parent.pid, 'SIGKILL');
    await parent.ended;
    await until(() => !pids.some(isAlive));
  });
});
