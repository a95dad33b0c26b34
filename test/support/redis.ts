import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../pipeline/database/cluster.ts';

/** True when this machine has a Redis to test with; says so loudly when not. */
export function hasRedis(): boolean {
  const found = spawnSync('redis-server', ['--version']).status === 0;
  if (!found) {
    console.warn('SKIPPED: redis-server is not installed, the queue on Redis is not tested here');
  }
  return found;
}

/** A Redis of its own that keeps what it is told, as the README asks for. */
export async function startRedis(): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-test-redis-'));
  const server: ChildProcess = spawn(
    'redis-server',
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
      ...['--appendonly', 'yes', '--maxmemory-policy', 'noeviction', '--databases', '32'],
    ],
    { stdio: 'ignore' },
  );
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  await client.ping();
  client.disconnect();
  return {
    url,
    async stop() {
      const ended = new Promise((resolve) => server.once('close', resolve));
      // It refuses SIGTERM while it begins an append-only file.
      server.kill('SIGKILL');
      await ended;
      await fs.rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
