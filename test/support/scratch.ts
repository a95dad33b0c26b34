import { findHomeOf, startEmbedded } from '../../pipeline/database/embedded.ts';
import { makeScratch } from '../../pipeline/database/scratch.ts';

/** Opens a database in a scratch DATA_DIR, says where, and removes it unless told to stay. */
const scratch = await makeScratch();
const { dataDir } = scratch;
const database = await startEmbedded(dataDir);
console.log(JSON.stringify({ dataDir, home: await findHomeOf(dataDir) }));
if (process.argv[2] === 'stay') setInterval(() => undefined, 1000);
else {
  await database.stop();
  await scratch.remove();
}
