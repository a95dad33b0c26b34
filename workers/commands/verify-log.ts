import { existsSync } from 'node:fs';
import { Failure } from '../../models/failures.ts';
import type { Break } from '../../models/store/verify.ts';
import { readSettings } from '../../pipeline/settings.ts';
import { openSystem, type System } from '../../pipeline/system.ts';

const SENTENCES: Readonly<Record<Break['why'], string>> = {
  gap: 'an action is missing here',
  previous: 'the action does not continue the one before it',
  hash: 'the action was changed after it was written',
  head: 'the log ends elsewhere than the record says: actions were cut off or added',
  content: 'the log holds an action that is not one',
  row: 'the record says something else than its log adds up to',
};

/** Beside a running `npm start`; else with the database of the DATA_DIR started for this. */
async function open(): Promise<System> {
  const settings = readSettings(process.env);
  try {
    return await openSystem(settings, { server: 'join' });
  } catch (error) {
    const asleep = error instanceof Failure && error.kind === 'notRunning';
    if (!asleep || !existsSync(settings.dataDir)) throw error;
    return openSystem(settings, { server: 'own' });
  }
}

/**
 * `npm run verify-log`: adds up the history of every record, checks its chain of hashes, and prints
 * the records whose history does not hold. Ends with 1 when there are any, with 2 when it could not
 * look.
 */
async function main(): Promise<number> {
  const system = await open();
  try {
    const { records, broken } = await system.store.records.verifyAll(
      ({ recordId, version, why }) => {
        console.log(`${recordId}  version ${version}: ${SENTENCES[why]} (${why})`);
      },
    );
    console.log(
      broken === 0
        ? `${records} records: every history holds.`
        : `${records} records: the history of ${broken} does not hold.`,
    );
    return broken === 0 ? 0 : 1;
  } finally {
    await system.close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Failure ? error.message : error);
    process.exitCode = 2;
  },
);
