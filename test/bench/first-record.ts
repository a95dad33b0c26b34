/**
 * How long people wait: `npx tsx test/bench/first-record.ts [BOOK.pdf]`. Starts the real server on an
 * empty folder and again on what that left, uploads a book (the sample) and asks until the first
 * record is there. Three rounds.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeScratch } from '../../pipeline/database/scratch.ts';
import { ask, beginUpload, newBook, signIn, startServer } from './running.ts';
import { table } from './table.ts';

const ROUNDS = 3;
const file =
  process.argv[2] ?? path.resolve(import.meta.dirname, '../../samples/birth-2006/book.pdf');
const pdf = await fs.readFile(file);
const rows: string[][] = [];
for (let round = 1; round <= ROUNDS; round++) {
  const scratch = await makeScratch();
  try {
    const first = await startServer({ DATA_DIR: scratch.dataDir });
    await first.stop();
    const server = await startServer({ DATA_DIR: scratch.dataDir });
    try {
      const cookie = await signIn(server, first.password!);
      const bookId = await newBook(server, cookie);
      const upload = { bookId, name: 'book.pdf', bytes: pdf.length };
      const send = await beginUpload(server, cookie, upload);
      const start = performance.now();
      await send(pdf);
      const sent = performance.now();
      for (;;) {
        const { total } = await ask<{ total: number }>(
          server,
          cookie,
          `/api/records?bookId=${bookId}`,
        );
        if (total > 0) break;
        await sleep(50);
      }
      const found = performance.now();
      rows.push([
        String(round),
        first.seconds.toFixed(1),
        server.seconds.toFixed(1),
        ((sent - start) / 1000).toFixed(1),
        ((found - sent) / 1000).toFixed(1),
      ]);
    } finally {
      await server.stop();
    }
  } finally {
    await scratch.remove();
  }
}
table(['round', 'first start, s', 'next start, s', 'upload, s', 'upload to first record, s'], rows);
