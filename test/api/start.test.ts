import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BookId, RecordId } from '../../models/ids.ts';
import { openStore } from '../../models/store/store.ts';
import { addPages, addRecord, VALUES } from '../models/store/fixtures.ts';
import { testDatabase } from '../support/database.ts';
import { NEW_BOOK, OURS } from './support.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const running = new Set<ChildProcess>();
let dataDir: string;
let env: Record<string, string>;
beforeAll(async () => {
  dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-test-start-'));
  env = { DATA_DIR: dataDir, DATABASE_URL: await testDatabase(), WORKERS: '0', PORT: '0' };
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await fs.rm(dataDir, { recursive: true, force: true });
});

/** `npm start` as it is, without npm. */
function start(args: readonly string[] = [], more: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'api/main.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env, ...more },
  });
  running.add(child);
  let said = '';
  for (const out of [child.stdout, child.stderr])
    out.on('data', (chunk: Buffer) => {
      said += chunk;
    });
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    }),
  );
  return {
    child,
    ended,
    said: () => said,
    /** The address, once it is printed together with what follows. */
    async address(): Promise<string> {
      for (;;) {
        const found = /Sổ Gốc: (http:\S+)\n/.exec(said)?.[1];
        if (found) return found;
        if (!running.has(child)) throw new Error(said);
        await sleep(50);
      }
    },
  };
}

/** The name in a record as the fixtures make it. */
const NAME = VALUES.nksHoTen!.text!;

async function storeRecord(bookId: BookId): Promise<RecordId> {
  const pool = new pg.Pool({ connectionString: env.DATABASE_URL! });
  const store = openStore(pool);
  const [page] = await addPages(store, bookId, 1);
  const { recordId } = await addRecord(store, bookId, page!);
  await pool.end();
  return recordId;
}

/** All files of a folder as one text; nothing while it is not there. */
async function readAll(folder: string): Promise<string> {
  const names = await fs.readdir(folder).catch(() => []);
  const texts = names.map((name) => fs.readFile(path.join(folder, name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}

describe('npm start', () => {
  test('prints the first administrator’s password once, and survives kill -9 within an upload', async () => {
    const first = start();
    const address = await first.address();
    await expect.poll(first.said).toMatch(/quantri +\S+/);
    const password = /quantri +(\S+)/.exec(first.said())![1]!;
    const session = await fetch(`${address}/api/session`, {
      method: 'POST',
      headers: { ...OURS, 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'quantri', password }),
    });
    expect(session.status).toBe(200);
    const cookie = session.headers.get('set-cookie')!.split(';')[0]!;
    const headers = { ...OURS, cookie, 'tus-resumable': '1.0.0' };
    const book = await fetch(`${address}/api/books`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(NEW_BOOK),
    });
    const bookId: string = (await book.json()).book.id;

    const body = new Uint8Array(randomBytes(2_000_000));
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const begun = await fetch(`${address}/api/uploads`, {
      method: 'POST',
      headers: {
        ...headers,
        'upload-length': String(body.length),
        'upload-metadata': `bookId ${base64(bookId)},filename ${base64('sổ.pdf')}`,
      },
    });
    const place = begun.headers.get('location')!;
    const patch = {
      ...headers,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': '0',
    };
    const request = http.request(`${address}${place}`, {
      method: 'PATCH',
      headers: { ...patch, 'content-length': String(body.length) },
    });
    request.on('error', () => undefined);
    request.write(body.slice(0, 1_200_000));
    const file = path.join(dataDir, 'uploads', place.split('/').at(-1)!);
    await expect.poll(async () => (await fs.stat(file)).size).toBeGreaterThan(1_000_000);
    first.child.kill('SIGKILL');
    await first.ended;
    const recordId = await storeRecord(bookId as BookId);

    const second = start();
    const again = await second.address();
    expect(second.said()).not.toMatch(/quantri/);
    const head = await fetch(`${again}${place}`, { method: 'HEAD', headers });
    const offset = Number(head.headers.get('upload-offset'));
    expect(offset).toBeGreaterThan(1_000_000);
    const last = await fetch(`${again}${place}`, {
      method: 'PATCH',
      headers: { ...patch, 'upload-offset': String(offset) },
      body: body.slice(offset),
    });
    expect((await last.json()).document.sha256).toBe(
      createHash('sha256').update(body).digest('hex'),
    );

    // On the same folder a second one is refused with a sentence, and the first goes on.
    const third = start();
    expect(await third.ended).toBe(1);
    expect(third.said()).toContain('Thư mục dữ liệu đang được');
    expect((await fetch(`${again}/api/health`)).status).toBe(200);

    // What the record says is read, looked for, and sent badly: it stands in no log.
    const json = { ...headers, 'content-type': 'application/json' };
    const ask = (method: string, url: string, text?: string) =>
      fetch(`${again}/api/${url}`, { method, headers: json, ...(text ? { body: text } : {}) });
    expect(await (await ask('GET', `records/${recordId}`)).text()).toContain(NAME);
    const found = await ask('POST', 'records/search', JSON.stringify({ name: NAME }));
    expect((await found.json()).total).toBe(1);
    await ask('POST', `records/${recordId}/actions`, `{"seen": ${NAME}`);
    await ask('GET', `records?search=${encodeURIComponent(NAME)}`);
    await ask('GET', `records/${encodeURIComponent(NAME)}`);
    // And the head of its history was signed at the start.
    const heads = path.join(dataDir, 'log-heads');
    await expect.poll(() => readAll(heads)).toContain(recordId);

    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    const logs = await readAll(path.join(dataDir, 'logs'));
    expect(logs).toContain('"/api/records/:id/actions"');
    for (const text of [logs, second.said(), await readAll(heads)])
      expect(text).not.toMatch(/Mẫu Đơn|M%E1%BA%ABu|mau don/i);
  });

  test('says which port is taken and how to choose another', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as net.AddressInfo;
    const refused = start(['--port', String(port)]);
    expect(await refused.ended).toBe(1);
    expect(refused.said()).toContain(`PORT ${port} đang được dùng`);
    expect(refused.said()).not.toContain('    at ');
    other.close();
  });

  test('does not listen to other machines without TLS unless told to', async () => {
    const refused = start([], { HOST: '0.0.0.0' });
    expect(await refused.ended).toBe(1);
    expect(refused.said()).toContain('ALLOW_INSECURE=1');
    expect(refused.said()).not.toContain('    at ');
  });

  test('refuses options that it does not know', async () => {
    const refused = start(['--prot', '1']);
    expect(await refused.ended).toBe(2);
    expect(refused.said()).toContain('--port N');
  });
});
