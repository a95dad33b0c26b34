import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openQueue } from '../../pipeline/queue/bullmq.ts';
import { queueContract } from '../contracts/queue.ts';
import { testDatabase } from '../support/database.ts';
import { hasRedis, startRedis } from '../support/redis.ts';

queueContract('PostgreSQL', async () => ({ databaseUrl: await testDatabase() }));

test('a queue on PostgreSQL holds ids, in a schema of its own', async () => {
  const databaseUrl = await testDatabase();
  const queue = await openQueue({ databaseUrl });
  const id = '5f0c2f3e-6e0a-4c0e-9d52-0f6f4d0f7a11';
  await queue.add([{ stage: 'read', id, attempt: 3 }]);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query('SELECT id, data FROM queue.job');
  await client.end();
  await queue.close();
  expect(rows).toEqual([{ id: `read-${id}-3`, data: { stage: 'read', id, attempt: 3 } }]);
});

describe.skipIf(!hasRedis())('with a Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let database = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  queueContract('Redis', async () => ({
    databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
    queueUrl: `${redis.url}/${++database}`,
  }));

  async function warningsWith(name: string, value: string): Promise<string[]> {
    const admin = new Redis(redis.url);
    const [, before] = (await admin.call('CONFIG', 'GET', name)) as [string, string];
    await admin.call('CONFIG', 'SET', name, value);
    const warnings: string[] = [];
    const queue = await openQueue({
      databaseUrl: '',
      queueUrl: `${redis.url}/${++database}`,
      warn: (sentence) => warnings.push(sentence),
    });
    await queue.close();
    await admin.call('CONFIG', 'SET', name, before);
    admin.disconnect();
    return warnings;
  }

  test('one that keeps its jobs gives no warning', async () => {
    expect(await warningsWith('appendonly', 'yes')).toEqual([]);
  });

  test('one that may throw jobs away is named', async () => {
    expect(await warningsWith('maxmemory-policy', 'allkeys-lru')).toEqual([
      expect.stringMatching(/maxmemory-policy allkeys-lru .* set it to noeviction/),
    ]);
  });

  test('one that forgets jobs at a restart is named', async () => {
    expect(await warningsWith('appendonly', 'no')).toEqual([
      expect.stringMatching(/appendonly off .* set it to yes/),
    ]);
  });
});

test('a Redis that is not there is refused with a sentence', async () => {
  const queueUrl = 'redis://127.0.0.1:1';
  await expect(openQueue({ databaseUrl: '', queueUrl })).rejects.toMatchObject({
    kind: 'badConfiguration',
    detail: expect.stringContaining('127.0.0.1:1'),
  });
});
