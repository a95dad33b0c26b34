import { Failure } from '../../models/failures.ts';
import { readSettings } from '../../pipeline/settings.ts';
import { openSystem } from '../../pipeline/system.ts';

/**
 * The heart of `npm start`: opens the system of DATA_DIR as its owner, says `ready`, and closes on
 * SIGINT. A failure is said with its kind.
 */
const begun = performance.now();
try {
  const system = await openSystem(readSettings(process.env), { server: 'own' });
  process.on('SIGINT', async () => {
    await system.close();
    console.log('closed');
    process.exit(0);
  });
  const [book] = (await system.store.books.list({ limit: 1, offset: 0 })).items;
  console.log(
    `ready in ${Math.round(performance.now() - begun)} ms, pid ${process.pid}, place ${book?.place ?? 'none'}`,
  );
  if (process.argv[2]) {
    await system.store.books.create({
      form: 'birth-2006',
      place: process.argv[2],
      placeShort: 'x',
      number: '01/2010',
    });
    console.log('stored');
  }
} catch (error) {
  console.log(error instanceof Failure ? `failure ${error.kind}: ${error.message}` : error);
  process.exit(1);
}
