import path from 'node:path';
import { parseArgs } from 'node:util';
import { NewBook } from '../../models/books.ts';
import { FAILURES, Failure, type FailureData } from '../../models/failures.ts';
import { FORMS } from '../../models/forms/registry.ts';
import { makeScratch } from '../../pipeline/database/scratch.ts';
import { exportBook } from '../../pipeline/export/export.ts';
import { namesIn } from '../../pipeline/export/files.ts';
import { readSettings } from '../../pipeline/settings.ts';
import { openSystem } from '../../pipeline/system.ts';
import { processFiles } from '../process-files.ts';

const USAGE = `usage: npm run process -- book.pdf --form FORM --out FOLDER [options]

  --form FORM       ${Object.keys(FORMS).join(', ')}
  --out FOLDER      becomes the draft dataset; must not exist or be empty
  --number NN/YYYY  number of the book as on its cover   (01/2000)
  --place TEXT      registering authority as on the cover (Chưa rõ)
  --short TEXT      its short name for file names        (sogoc)
  --workers N       processes that read                  (one a core)

Exit code: 0 every entry has a record; 2 the dataset lacks the pages that failed; 1 no dataset.`;

/** `npm run process`: PDF to prefilled draft dataset without the web. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      form: { type: 'string' },
      out: { type: 'string' },
      number: { type: 'string', default: '01/2000' },
      place: { type: 'string', default: 'Chưa rõ' },
      short: { type: 'string', default: 'sogoc' },
      workers: { type: 'string' },
    },
  });
  const [file] = positionals;
  if (!file || !values.form || !values.out) throw new Failure('badConfiguration', USAGE);
  if (!FORMS[values.form])
    throw new Failure('badConfiguration', `no form ${values.form}\n${USAGE}`);
  const book = NewBook.safeParse({
    form: values.form,
    place: values.place,
    placeShort: values.short,
    number: values.number,
  });
  if (!book.success)
    throw new Failure(
      'badConfiguration',
      book.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '),
    );

  const out = path.resolve(values.out);
  // Told now, not after all the work.
  if ((await namesIn(out)).length > 0) throw new Failure('folderNotEmpty', values.out);

  // A database of its own for the time: a running service is left alone.
  const scratch = await makeScratch();
  const settings = readSettings({
    DATA_DIR: scratch.dataDir,
    ...(values.workers ? { WORKERS: values.workers } : {}),
  });
  const abort = new AbortController();
  const stop = () => abort.abort(new Failure('interrupted'));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const system = await openSystem(settings, { server: 'own' });
  try {
    const { seconds, books } = await processFiles(system, {
      files: [{ file: path.resolve(file), book: book.data }],
      processes: Math.max(1, settings.workers),
      onProgress: bar,
      signal: abort.signal,
    });
    if (process.stderr.isTTY) process.stderr.write('\n');
    const [processed] = books;
    if (!processed) return;
    const { pages, done, failed, records } = processed;
    for (const { index, failure } of processed.failures)
      console.log(`page ${index + 1}: ${sentenceOf(failure)}`);
    for (const { index, kind, reason } of processed.notes)
      console.log(`page ${index + 1}: ${reason ? sentenceOf(reason) : `${kind}: no record`}`);
    console.log(
      `${pages} pages, ${records} records, ${failed} failed, ${seconds.toFixed(1)} s, ${Math.round((done / seconds) * 60)} pages a minute`,
    );
    if (records === 0) {
      console.error(
        `None of ${pages} pages became a record, so no dataset was made: see above what to do with each page.`,
      );
      process.exitCode = 1;
      return;
    }
    const summary = await exportBook(system, {
      bookId: processed.book.id,
      draft: true,
      out,
    });
    for (const { name, bytes } of summary.files)
      console.log(`${path.join(values.out, name)}  ${Math.ceil(bytes / 1024)} kB`);
    if (failed > 0) process.exitCode = 2;
  } finally {
    await system.close();
    await scratch.remove();
  }
}

const sentenceOf = ({ kind, detail }: FailureData) =>
  `${kind}: ${FAILURES[kind][3]}${detail ? ` (${detail})` : ''}`;

/** One line that is written again and again; in a log, a line at each tenth. */
let lastTenth = -1;
function bar({ pages, done, failed }: { pages: number; done: number; failed: number }): void {
  if (pages === 0) return;
  const share = (done + failed) / pages;
  if (process.stderr.isTTY) {
    const full = Math.round(share * 30);
    process.stderr.write(
      `\r[${'#'.repeat(full)}${'.'.repeat(30 - full)}] ${done + failed}/${pages}${failed ? `, ${failed} failed` : ''} `,
    );
  } else if (Math.floor(share * 10) > lastTenth) {
    lastTenth = Math.floor(share * 10);
    process.stderr.write(`${done + failed}/${pages} pages\n`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
});
