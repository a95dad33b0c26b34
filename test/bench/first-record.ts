/**
 * How long people wait: `npx tsx test/bench/first-record.ts [BOOK.pdf]`. Starts the real server on an
 * empty folder and again on what that left, uploads a book (the sample) and asks until the first
 * record is there. Three rounds.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeScratch } from '../../pipeline/database/scratch.ts';
import { ask, beginUpload, signIn, startServer } from './running.ts';
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
      const { book } = await ask<{ book: { id: string } }>(server, cookie, '/api/books', {
        form: 'birth-2006',
        place: 'Xã Đo Đạc',
        placeShort: 'Đo Đạc',
        number: '01/2008',
      });
      const upload = { bookId: book.id, name: 'book.pdf', bytes: pdf.length };
      const send = await beginUpload(server, cookie, upload);
      const start = performance.now();
      await send(pdf);
      const sent = performance.now();
      for (;;) {
        const { total } = await ask<{ total: number }>(
          server,
          cookie,
          `/api/records?bookId=${book.id}`,
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
