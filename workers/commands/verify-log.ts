import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Failure } from '../../models/failures.ts';
import type { Break } from '../../models/store/verify.ts';
import { type HeadProblem, verifyHeads } from '../../pipeline/evidence/heads.ts';
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

const HEAD_SENTENCES: Readonly<Record<HeadProblem['why'], string>> = {
  line: 'a line that is not signed by our key',
  chain: 'lines or a file before it are missing or were changed',
  changed: 'another action was signed: the history was made anew or cut',
  unsigned: 'no signed line holds it: lines are missing',
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

function showHeadProblem(problem: HeadProblem): void {
  const where =
    'file' in problem
      ? `${problem.file}  line ${problem.line}`
      : `${problem.recordId}  version ${problem.version}`;
  console.log(`${where}: ${HEAD_SENTENCES[problem.why]} (${problem.why})`);
}

/**
 * `npm run verify-log [-- --key FILE]`: adds up the history of every record, checks its chain of
 * hashes, compares it with the heads that were signed outside the database, and prints what does not
 * hold. `--key` names the public key to trust. Ends with 1 when anything does not, with 2 when it
 * could not look.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { key: { type: 'string' } } });
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
    let problems = 0;
    const read = await verifyHeads(
      system.store,
      system.settings,
      (problem) => {
        problems++;
        showHeadProblem(problem);
      },
      values.key,
    );
    console.log(
      problems === 0
        ? `${read} signed heads: all fit.`
        : `${read} signed heads: ${problems} things do not fit.`,
    );
    return broken + problems === 0 ? 0 : 1;
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
