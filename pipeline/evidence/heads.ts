import type { KeyObject } from 'node:crypto';
import path from 'node:path';
import type { RecordId, Sha256 } from '../../models/ids.ts';
import type { Head } from '../../models/store/heads.ts';
import type { Store } from '../../models/store/store.ts';
import type { Settings } from '../settings.ts';
import { append, fileOf, filesIn, hashFile, lastLine, linesOf } from './files.ts';
import { openSigningKey, readPublicKey } from './key.ts';
import { type Content, FIRST, readLine, sha256, writeLine } from './lines.ts';

/** Heads in a line. */
const IN_A_LINE = 1000;

/** Where signed heads are kept. */
const folderOf = ({ logHeadsDir, dataDir }: Pick<Settings, 'logHeadsDir' | 'dataDir'>): string =>
  logHeadsDir ?? path.join(dataDir, 'log-heads');

type Heads = Extract<Content, { kind: 'heads' }>['heads'];

/** The last file that holds a line, and that line. */
async function endOf(folder: string): Promise<{ last?: string; end?: string }> {
  for (const last of (await filesIn(folder)).reverse()) {
    const end = await lastLine(path.join(folder, last));
    if (end !== undefined) return { last, end };
  }
  return {};
}

/**
 * The lines that carry on the files of a folder, the first one of a new day among them, and the file
 * to add them to.
 */
async function continued(
  folder: string,
  heads: Heads,
  at: Date,
  key: KeyObject,
): Promise<{ file: string; lines: string[] }> {
  const { last, end } = await endOf(folder);
  // A clock that was set back begins no file before the last one.
  const name = last && last > fileOf(at) ? last : fileOf(at);
  let previous: Sha256 = end === undefined ? FIRST : sha256(end);
  const lines: string[] = [];
  const add = (content: Content) => {
    const line = writeLine(content, key);
    previous = sha256(line);
    lines.push(line);
  };
  const time = at.toISOString();
  if (name !== last) {
    const before = last ? { name: last, sha256: await hashFile(path.join(folder, last)) } : null;
    add({ kind: 'file', at: time, previous, before });
  }
  add({ kind: 'heads', at: time, previous, heads });
  return { file: path.join(folder, name), lines };
}

/**
 * Signs the heads of all records that have changed since theirs was signed, into the file of the day.
 * Ends early when `stopping` says so; the rest is signed the next time.
 * @returns how many heads were signed
 */
export async function signHeads(
  { heads }: Pick<Store, 'heads'>,
  settings: Pick<Settings, 'logHeadsDir' | 'dataDir'>,
  { now = () => new Date(), stopping }: { now?: () => Date; stopping?: AbortSignal } = {},
): Promise<number> {
  const { privateKey } = await openSigningKey(settings.dataDir);
  const folder = folderOf(settings);
  let all = 0;
  while (!stopping?.aborted) {
    const signed = await heads.sign(IN_A_LINE, async (found) => {
      const listed: Heads = found.map(({ recordId, version, hash }) => [recordId, version, hash]);
      const { file, lines } = await continued(folder, listed, now(), privateKey);
      await append(file, lines);
    });
    if (signed === 0) break;
    all += signed;
  }
  return all;
}

/**
 * What does not fit between the signed heads and the database. `line`: not signed by this key, or none
 * at all. `chain`: a line or a file before it is missing or was changed. `changed`: an action of that
 * version says something else now, or is not there any more. `unsigned`: the database takes the record
 * for signed up to a version that no line holds, so lines are missing.
 */
export type HeadProblem =
  | { readonly why: 'line' | 'chain'; readonly file: string; readonly line: number }
  | { readonly why: 'changed' | 'unsigned'; readonly recordId: RecordId; readonly version: number };

interface Told {
  readonly content: Content | undefined;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly chained: boolean;
}

/** Every line of every file, with whether it continues what lies before it. */
async function* readHeads(folder: string, key: KeyObject): AsyncGenerator<Told> {
  let previous: Sha256 = FIRST;
  let before: string | undefined;
  for (const file of await filesIn(folder)) {
    let line = 0;
    for await (const text of linesOf(path.join(folder, file))) {
      line++;
      const content = readLine(text, key);
      const opens = content?.kind === 'file';
      const whole = !opens || (await isWhole(folder, content.before, before));
      const chained = content?.previous === previous && opens === (line === 1) && whole;
      yield { content, file, line, chained };
      previous = sha256(text);
    }
    if (line > 0) before = file;
  }
}

/** True when the file before is the one that a file names, unchanged. */
async function isWhole(
  folder: string,
  named: { readonly name: string; readonly sha256: Sha256 } | null,
  before: string | undefined,
): Promise<boolean> {
  if (named === null) return before === undefined;
  if (named.name !== before) return false;
  return (await hashFile(path.join(folder, before))) === named.sha256;
}

/**
 * Compares all signed heads with the database, and calls `onProblem` for each that does not fit:
 * also a history that somebody made anew, row, chain and all, ends in other heads.
 * @param publicKey a file with the key to trust, when it is kept elsewhere than in DATA_DIR
 * @returns how many heads were read
 */
export async function verifyHeads(
  { heads }: Pick<Store, 'heads'>,
  settings: Pick<Settings, 'logHeadsDir' | 'dataDir'>,
  onProblem: (problem: HeadProblem) => void,
  publicKey?: string,
): Promise<number> {
  const folder = folderOf(settings);
  const key = await readPublicKey(settings.dataDir, publicKey);
  // Before the files: what is signed while they are read stands in them already.
  const unseen = new Map<RecordId, number>();
  for await (const { recordId, version } of heads.signed()) unseen.set(recordId, version);
  let read = 0;
  if (key)
    for await (const { content, file, line, chained } of readHeads(folder, key)) {
      if (!content) onProblem({ why: 'line', file, line });
      else if (!chained) onProblem({ why: 'chain', file, line });
      if (content?.kind !== 'heads') continue;
      const signed: Head[] = content.heads.map(([recordId, version, hash]) => ({
        recordId,
        version,
        hash,
      }));
      read += signed.length;
      for (const { recordId, version } of signed)
        if (version >= (unseen.get(recordId) ?? 0)) unseen.delete(recordId);
      for (const { recordId, version } of await heads.missing(signed))
        onProblem({ why: 'changed', recordId, version });
    }
  for (const [recordId, version] of unseen) onProblem({ why: 'unsigned', recordId, version });
  return read;
}

/** Signs at once and then every so many minutes, until it is closed. */
export function startSigning(
  store: Pick<Store, 'heads'>,
  settings: Pick<Settings, 'logHeadsDir' | 'logHeadsMinutes' | 'dataDir'>,
  onError: (error: Error) => void,
): { close(): Promise<void> } {
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  const round = () => {
    running = running.then(() =>
      signHeads(store, settings, { stopping: stopping.signal }).catch(onError),
    );
  };
  const minutes = settings.logHeadsMinutes;
  if (minutes > 0) round();
  const timer = minutes > 0 ? setInterval(round, minutes * 60_000) : undefined;
  return {
    async close() {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}
