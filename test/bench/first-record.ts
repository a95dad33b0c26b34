/**
 * How long people wait: `npx tsx test/bench/first-record.ts [BOOK.pdf]`. Starts the real server on an
 * empty folder and again on what that left, uploads a book (the sample) at once and asks until the
 * first record is there; then, when the system has come to rest, uploads it into another book. Three
 * rounds.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeScratch } from '../../pipeline/database/scratch.ts';
import { ask, beginUpload, newBook, type Running, signIn, startServer } from './running.ts';
import { table } from './table.ts';

const ROUNDS = 3;
/** The rest of the first book is read in it. */
const REST_MS = 30_000;
const file =
  process.argv[2] ?? path.resolve(import.meta.dirname, '../../samples/birth-2006/book.pdf');
const pdf = await fs.readFile(file);
const rows: string[][] = [];
for (let round = 1; round <= ROUNDS; round++) {
  const scratch = await makeScratch();
  try {
    const first = await startServer({ DATA_DIR: scratch.dataDir });
    await first.stop();
    const next = await startServer({ DATA_DIR: scratch.dataDir });
    try {
      const cookie = await signIn(next, first.password!);
      const atOnce = await firstRecord(next, cookie);
      await sleep(REST_MS);
      const atRest = await firstRecord(next, cookie);
      const times = [first.seconds, next.seconds, atRest, atOnce];
      rows.push([String(round), ...times.map((t) => t.toFixed(1))]);
    } finally {
      await next.stop();
    }
  } finally {
    await scratch.remove();
  }
}
table(
  [
    'round',
    'first start, s',
    'next start, s',
    'upload to first record, s',
    'at once after the start, s',
  ],
  rows,
);

/** Seconds from the first byte of the book until a record of it is there. */
async function firstRecord(server: Running, cookie: string): Promise<number> {
  const bookId = await newBook(server, cookie);
  const send = await beginUpload(server, cookie, { bookId, name: 'book.pdf', bytes: pdf.length });
  const start = performance.now();
  await send(pdf);
  for (;;) {
    const path = `/api/records?bookId=${bookId}`;
    const { total } = await ask<{ total: number }>(server, cookie, path);
    if (total > 0) return (performance.now() - start) / 1000;
    await sleep(50);
  }
}
