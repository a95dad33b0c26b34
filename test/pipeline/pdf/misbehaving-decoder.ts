import process from 'node:process';
import type { Answer, Ask } from '../../../pipeline/pdf/protocol.ts';

/*
 * A decoder that does what the name of the file says: the words between the dots of
 * `PAGES.TROUBLE.PAGE.pdf`, e.g. `4.hang.2.pdf` has four pages and hangs on that of index 2; page
 * `open` means while opening, `openAll` also without the second reader, `every` all pages.
 */

let words: string[] = [];

function trouble(): void {
  if (words[1] === 'hang') for (;;);
  if (words[1] === 'abort') process.abort();
  if (words[1] === 'exit') process.exit(3);
  if (words[1] === 'memory') {
    const kept: Buffer[] = [];
    for (;;) kept.push(Buffer.alloc(8 * 1024 * 1024, 1));
  }
  if (words[1] === 'heap') {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, i) => i * Math.random()));
  }
}

function answer(ask: Ask): Answer {
  if (ask.ask === 'open') {
    words = ask.path.split('/').at(-1)!.split('.');
    if (words[2] === 'openAll' || (words[2] === 'open' && ask.secondOpinion)) trouble();
    return { answer: 'opened', pages: Number(words[0]), agreed: ask.secondOpinion };
  }
  if (words[2] === 'every' || words[2] === String(ask.index)) trouble();
  return {
    answer: 'page',
    page: {
      index: ask.index,
      image: Buffer.from([ask.index]),
      mime: 'image/png',
      width: 1,
      height: 1,
      dpi: 300,
      source: 'rendered',
      quarterTurns: 0,
    },
  };
}

process.on('disconnect', () => process.exit());
process.on('message', (ask: Ask) => process.send?.(answer(ask)));
