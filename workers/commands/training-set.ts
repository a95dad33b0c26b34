import { parseArgs } from 'node:util';
import { Failure } from '../../models/failures.ts';
import { BookId } from '../../models/ids.ts';
import { readSettings } from '../../pipeline/settings.ts';
import { openSystem } from '../../pipeline/system.ts';
import { writeTrainingSet } from '../training-set.ts';

const USAGE = 'usage: npm run training-set -- --book ID --out DIR';

/** `npm run training-set`, beside a running `npm start`: approved lines of a book to train with. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { book: { type: 'string' }, out: { type: 'string' } } });
  const bookId = BookId.safeParse(values.book);
  if (!bookId.success || !values.out) throw new Failure('invalid', USAGE);
  const settings = readSettings(process.env);
  const system = await openSystem(settings, { server: 'join' });
  try {
    const { lines, until } = await writeTrainingSet(system, {
      bookId: bookId.data,
      out: values.out,
    });
    console.log(
      `${lines} lines in ${values.out}. They are personal data: delete them by ${until}.`,
    );
  } finally {
    await system.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
});
