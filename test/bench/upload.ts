/**
 * Uploads a file of 500 MB through the real server and prints what the server's memory was:
 * `node --import tsx test/bench/upload.ts [megabytes]`. Linux, whose kernel keeps the peak.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { Readable } from 'node:stream';
import { makeScratch } from '../../pipeline/database/scratch.ts';
import { beginUpload, newBook, signIn, startServer } from './running.ts';

const MEGABYTE = 1024 * 1024;
const megabytes = Number(process.argv[2] ?? 500);
const scratch = await makeScratch();
const server = await startServer({ DATA_DIR: scratch.dataDir, WORKERS: '0' });

/** Resident memory now and at its highest, in MB. */
async function memory(): Promise<{ now: number; peak: number }> {
  const status = await fs.readFile(`/proc/${server.process.pid}/status`, 'utf8');
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
  const cookie = await signIn(server, server.password!);
  const bookId = await newBook(server, cookie);
  const bytes = megabytes * MEGABYTE;
  const send = await beginUpload(server, cookie, { bookId, name: 'large.pdf', bytes });
  const before = await memory();
  const start = performance.now();
  const answer = (await send(Readable.from(body()))) as { document?: { bytes: number } };
  const seconds = (performance.now() - start) / 1000;
  const after = await memory();
  if (answer.document?.bytes !== bytes) throw new Error(JSON.stringify(answer));
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
  await server.stop();
  await scratch.remove();
}
