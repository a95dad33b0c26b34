/**
 * Uploads a file of 500 MB through the real server and prints what the server's memory was:
 * `node --import tsx test/bench/upload.ts [megabytes]`. Linux, whose kernel keeps the peak.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { makeScratch } from '../../pipeline/database/scratch.ts';

const MEGABYTE = 1024 * 1024;
const megabytes = Number(process.argv[2] ?? 500);
const ROOT = path.resolve(import.meta.dirname, '../..');
const scratch = await makeScratch();
const { dataDir } = scratch;

const server = spawn(process.execPath, ['--import', 'tsx', 'api/main.ts', '--port', '0'], {
  cwd: ROOT,
  env: { ...process.env, DATA_DIR: dataDir, WORKERS: '0' },
});
server.stderr.pipe(process.stderr);

/** The address and the first password, from what the server prints. */
function started(): Promise<{ address: string; password: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
      const address = /Sổ Gốc: (http\S+)/.exec(said)?.[1];
      const password = /quantri\s+(\S+)/.exec(said)?.[1];
      if (address && password) resolve({ address, password });
    });
    server.once('exit', () => reject(new Error('the server did not start')));
  });
}

/** Resident memory now and at its highest, in MB. */
async function memory(): Promise<{ now: number; peak: number }> {
  const status = await fs.readFile(`/proc/${server.pid}/status`, 'utf8');
  const of = (name: string) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024);
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

function* body(): Generator<Buffer> {
  // One random part is sent again and again, with a counter in it: no two files are equal.
  const part = randomBytes(MEGABYTE);
  for (let n = 0; n < megabytes; n++) {
    part.writeUInt32LE(n);
    yield Buffer.from(part);
  }
}

try {
  const { address, password } = await started();
  const ours = { 'x-so-goc': '1' };
  const json = { ...ours, 'content-type': 'application/json' };
  const session = await fetch(`${address}/api/session`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ login: 'quantri', password }),
  });
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  const book = await fetch(`${address}/api/books`, {
    method: 'POST',
    headers: { ...json, cookie },
    body: JSON.stringify({
      form: 'birth-2006',
      place: 'Xã Đo Đạc',
      placeShort: 'Đo Đạc',
      number: '01/2008',
    }),
  });
  const { book: created } = (await book.json()) as { book: { id: string } };
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const tus = { ...ours, cookie, 'tus-resumable': '1.0.0' };
  const begun = await fetch(`${address}/api/uploads`, {
    method: 'POST',
    headers: {
      ...tus,
      'upload-length': String(megabytes * MEGABYTE),
      'upload-metadata': `bookId ${base64(created.id)},filename ${base64('large.pdf')}`,
    },
  });
  const before = await memory();
  const start = performance.now();
  const sent = await fetch(`${address}${begun.headers.get('location')}`, {
    method: 'PATCH',
    headers: {
      ...tus,
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
    },
    body: Readable.toWeb(Readable.from(body())),
    duplex: 'half',
  } as RequestInit);
  const seconds = (performance.now() - start) / 1000;
  const answer = (await sent.json()) as { document?: { bytes: number } };
  const after = await memory();
  if (answer.document?.bytes !== megabytes * MEGABYTE) throw new Error(JSON.stringify(answer));
  console.table({
    upload: {
      MB: megabytes,
      seconds: Number(seconds.toFixed(1)),
      'RSS before': before.now,
      'RSS after': after.now,
      'RSS peak': after.peak,
      'peak over before': after.peak - before.now,
    },
  });
} finally {
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
  await scratch.remove();
}
