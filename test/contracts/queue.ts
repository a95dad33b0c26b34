import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Job, Stage } from '../../models/stages.ts';
import { openQueue } from '../../pipeline/queue/bullmq.ts';
import { MAX_TRIES, Pause, type Queue } from '../../pipeline/queue/port.ts';
import { testDatabase } from '../support/database.ts';
import { killPrograms, runProgram } from '../support/programs.ts';

const WORKER = new URL('../support/queue-worker.ts', import.meta.url);
/** Short, so that a dead worker is noticed soon. */
const QUICK = { lockSeconds: 1, backoffMs: 20 };

const job = (stage: Stage = 'read', attempt = 1): Job => ({ stage, id: randomUUID(), attempt });

/** Something that a test opens and another closes. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** What the queue has to do on every backend. `place` answers where an empty one is. */
export function queueContract(
  name: string,
  place: () => Promise<{ databaseUrl: string; queueUrl?: string }>,
): void {
  describe(`the queue on ${name}`, () => {
    const opened: Queue[] = [];
    const open = async (at?: { databaseUrl: string; queueUrl?: string }) => {
      const queue = await openQueue({ ...(at ?? (await place())), ...QUICK });
      opened.push(queue);
      return queue;
    };
    afterEach(async () => {
      for (const queue of opened.splice(0)) await queue.close();
    });
    afterAll(killPrograms);

    const empty = async (queue: Queue) => {
      const { waiting, active, delayed } = await queue.counts();
      return waiting + active + delayed === 0;
    };

    test('runs each job once, also when it was added twice', async () => {
      const queue = await open();
      const jobs = Array.from({ length: 20 }, () => job());
      await queue.add(jobs);
      await queue.add([...jobs].reverse());
      await queue.add(jobs.slice(3, 5));
      const runs: Job[] = [];
      queue.work(async (it) => void runs.push(it), { concurrency: 4 });
      await until(() => empty(queue));
      expect(runs.map(({ id }) => id).sort()).toEqual(jobs.map(({ id }) => id).sort());
      expect(runs[0]).toEqual(jobs.find(({ id }) => id === runs[0]?.id));
    });

    test('ignores a job that runs at the moment, unless it is another attempt', async () => {
      const queue = await open();
      const first = job();
      const runs: number[] = [];
      const { open: finish, opened: finished } = gate();
      const { open: start, opened: started } = gate();
      queue.work(
        async ({ attempt }) => {
          runs.push(attempt);
          start();
          await finished;
        },
        { concurrency: 1 },
      );
      await queue.add([first]);
      await started;
      await queue.add([first, { ...first, attempt: 2 }]);
      expect(await queue.counts()).toMatchObject({ waiting: 1, active: 1 });
      finish();
      await until(() => empty(queue));
      expect(runs).toEqual([1, 2]);
    });

    test('forgets a job that has ended, so that it can be added again', async () => {
      const queue = await open();
      const again = job();
      let runs = 0;
      queue.work(async () => void runs++, { concurrency: 1 });
      for (let round = 1; round <= 3; round++) {
        await queue.add([again]);
        await until(() => runs === round);
        await until(() => empty(queue));
      }
    });

    test('tries a job that throws again, then forgets it', async () => {
      const queue = await open();
      const broken = job();
      const seen: number[] = [];
      queue.work(
        async (_, { tries }) => {
          seen.push(tries);
          throw new Error('broken');
        },
        { concurrency: 2 },
      );
      await queue.add([broken]);
      await until(async () => seen.length === MAX_TRIES && (await empty(queue)));
      expect(seen).toEqual([1, 2, 3]);
      await queue.add([broken]);
      await until(async () => seen.length === 2 * MAX_TRIES && (await empty(queue)));
      expect(seen).toEqual([1, 2, 3, 1, 2, 3]);
    });

    test('runs a job again after the pause that it asked for, as the same try, and others before', async () => {
      const queue = await open();
      const [waits, fine] = [job('prefill'), job('straighten')];
      const seen: { id: string; tries: number }[] = [];
      await queue.add([waits, fine]);
      queue.work(
        async ({ id }, { tries }) => {
          seen.push({ id, tries });
          return seen.length === 1 ? new Pause(100) : undefined;
        },
        { concurrency: 1 },
      );
      await until(async () => seen.length === 3 && (await empty(queue)));
      expect(seen).toEqual([
        { id: waits.id, tries: 1 },
        { id: fine.id, tries: 1 },
        { id: waits.id, tries: 1 },
      ]);
    });

    test('goes on with other jobs while one pauses before its next try', async () => {
      const queue = await openQueue({
        ...(await place()),
        ...QUICK,
        backoffMs: 3_600_000,
      });
      opened.push(queue);
      const [broken, fine] = [job(), job()];
      const done: string[] = [];
      queue.work(
        async ({ id }) => {
          if (id === broken.id) throw new Error('broken');
          done.push(id);
        },
        { concurrency: 1 },
      );
      await queue.add([broken, fine]);
      await until(() => done.length === 1);
      const pausing = async () => {
        const { active, delayed } = await queue.counts();
        return active === 0 && delayed === 1;
      };
      await until(pausing);
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 1 });
      // It is known while it pauses.
      await queue.add([broken]);
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 1 });
    });

    test('counts what waits and what runs', async () => {
      const queue = await open();
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0 });
      await queue.add([job('split'), job('straighten'), job('prefill')]);
      expect(await queue.counts()).toEqual({ waiting: 3, active: 0, delayed: 0 });
      const { open: finish, opened: finished } = gate();
      queue.work(() => finished, { concurrency: 2 });
      await until(async () => (await queue.counts()).active === 2);
      expect(await queue.counts()).toEqual({ waiting: 1, active: 2, delayed: 0 });
      finish();
      await until(() => empty(queue));
    });

    test('finishes pages that were begun before it begins others, and splits before both', async () => {
      const queue = await open();
      const jobs = (['straighten', 'split', 'place', 'read', 'prefill'] as const).map((stage) =>
        job(stage),
      );
      await queue.add(jobs);
      const order: Stage[] = [];
      queue.work(async ({ stage }) => void order.push(stage), { concurrency: 1 });
      await until(() => empty(queue));
      expect(order).toEqual(['prefill', 'read', 'place', 'split', 'straighten']);
    });

    test('lets running jobs end on close and keeps the others for the next who opens it', async () => {
      const at = await place();
      const first = await open(at);
      const jobs = Array.from({ length: 5 }, () => job());
      await first.add(jobs);
      const done: string[] = [];
      const { open: finish, opened: finished } = gate();
      const { open: start, opened: started } = gate();
      const work = first.work(
        async ({ id }) => {
          start();
          await finished;
          done.push(id);
        },
        { concurrency: 1 },
      );
      await started;
      const closed = work.close();
      expect(done).toEqual([]);
      finish();
      await closed;
      expect(done).toHaveLength(1);
      await first.close();

      const second = await open(at);
      expect((await second.counts()).waiting).toBe(4);
      second.work(async ({ id }) => void done.push(id), { concurrency: 2 });
      await until(() => empty(second));
      expect(done.sort()).toEqual(jobs.map(({ id }) => id).sort());
    });

    test('gives the job of a killed worker to another, and its effect happens once', async () => {
      const at = await place();
      const database = new pg.Client({ connectionString: await testDatabase() });
      await database.connect();
      await database.query('CREATE TABLE effects (job text, worker int)');
      const url = `postgres://${database.user}:${database.password}@${database.host}:${database.port}/${database.database}`;
      const env = { DATABASE_URL: at.databaseUrl, QUEUE_URL: at.queueUrl ?? '', EFFECTS_URL: url };
      try {
        const queue = await open(at);
        const lost = job();
        await queue.add([lost]);
        const victim = runProgram(WORKER, { env: { ...env, HANG: '1' } });
        await victim.line(new RegExp(`^begun ${lost.id}`));
        process.kill(victim.pid, 'SIGKILL');
        await victim.ended;
        expect((await queue.counts()).active).toBe(1);
        // Nobody adds it a second time while its worker counts as alive.
        await queue.add([lost]);
        const heir = runProgram(WORKER, { env });
        await heir.line(new RegExp(`^done ${lost.id}`));
        await until(() => empty(queue));
        const { rows } = await database.query('SELECT * FROM effects');
        expect(rows).toEqual([{ job: lost.id, worker: heir.pid }]);
        heir.child.kill('SIGTERM');
        await heir.ended;
      } finally {
        await database.end();
      }
    });
  });
}
