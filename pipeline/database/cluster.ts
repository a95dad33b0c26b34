import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../models/failures.ts';
import {
  type Account,
  type Binaries,
  NEUTRAL_FOLDER,
  PROGRAM_ENVIRONMENT,
  run,
} from './binaries.ts';

/** The superuser of an embedded cluster. */
export const SUPERUSER = 'so_goc';

/** A pid that no system hands out: Linux stops at 2^22, others earlier. */
const NOBODY_PID = 99_999_999;
/** Ready after a crash can take this long: the server first replays what it had logged. */
const READY_MS = 120_000;
const STOP_MS = 30_000;

/**
 * A home holds `data` (PostgreSQL's own folder, of the server's account) and `password` (of the
 * superuser, mode 0600, of ours).
 */
export const dataFolder = (home: string) => path.join(home, 'data');

export async function readPassword(home: string): Promise<string> {
  return fs.readFile(path.join(home, 'password'), 'utf8');
}

export async function isInitialised(home: string): Promise<boolean> {
  return fs.access(path.join(home, 'password')).then(
    () => true,
    () => false,
  );
}

/**
 * Makes a new cluster. It is built beside and renamed at the end, so that neither a kill in the
 * middle nor two first starts at once leave a half-made one.
 */
export async function initialise(
  home: string,
  binaries: Binaries,
  account: Account,
): Promise<void> {
  const parent = path.dirname(home);
  await fs.mkdir(parent, { recursive: true, mode: account ? 0o711 : 0o700 });
  await removeAbandoned(parent, path.basename(home));
  const partial = `${home}.new-${randomUUID()}`;
  const password = randomBytes(24).toString('base64url');
  const passwordForServer = path.join(partial, 'password-once');
  await fs.mkdir(partial, { mode: 0o711 });
  try {
    await fs.mkdir(dataFolder(partial), { mode: 0o700 });
    await fs.writeFile(path.join(partial, 'password'), password, { mode: 0o600, flush: true });
    await fs.writeFile(passwordForServer, password, { mode: 0o600 });
    if (account) {
      await fs.chown(dataFolder(partial), account.uid, account.gid);
      await fs.chown(passwordForServer, account.uid, account.gid);
    }
    const { code, output } = await run(
      binaries.initdb,
      [
        `--pgdata=${dataFolder(partial)}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordForServer}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // The same letters and order on every machine, whatever locales it has.
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
      ],
      account,
    );
    if (code !== 0) {
      throw new Failure('badConfiguration', `PostgreSQL cannot make its folder: ${output.trim()}`);
    }
    await fs.rm(passwordForServer);
    await fs.rename(partial, home);
  } catch (error) {
    await fs.rm(partial, { recursive: true, force: true });
    const code = (error as NodeJS.ErrnoException).code;
    // Another first start was faster.
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return;
    throw error;
  }
}

async function removeAbandoned(parent: string, name: string): Promise<void> {
  for (const entry of await fs.readdir(parent)) {
    if (!entry.startsWith(`${name}.new-`)) continue;
    const folder = path.join(parent, entry);
    const stats = await fs.stat(folder).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > 600_000) await fs.rm(folder, { recursive: true });
  }
}

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

/** The server that runs on this home now, if one does, from its `postmaster.pid`. */
export async function findPostmaster(home: string): Promise<Postmaster | undefined> {
  const lines = await pidFile(home);
  const pid = Number(lines?.[0]);
  if (!lines || !Number.isInteger(pid) || pid <= 0) return undefined;
  if (!(await isServerOf(pid, home))) return undefined;
  return { pid, port: Number(lines[3]), status: (lines[7] ?? '').trim() };
}

async function pidFile(home: string): Promise<string[] | undefined> {
  const text = await fs
    .readFile(path.join(dataFolder(home), 'postmaster.pid'), 'utf8')
    .catch(() => undefined);
  return text?.split('\n');
}

/** True when the pid is a living PostgreSQL on this home, not whoever got that number later. */
async function isServerOf(pid: number, home: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (process.platform === 'win32') return true;
  const command =
    process.platform === 'linux'
      ? await fs.readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      : (await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)], undefined)).output;
  return command.replaceAll('\0', ' ').includes(`-D ${dataFolder(home)} `);
}

/** Why a start did not succeed and what may: another port, or looking again. */
export type StartProblem = 'portTaken' | 'startedElsewhere';

/**
 * Starts the server and resolves when it answers. It is detached, in its own process group, so
 * that Ctrl+C in a terminal reaches this program first and pools close before the server does.
 */
export async function startPostmaster(options: {
  readonly home: string;
  readonly port: number;
  readonly binaries: Binaries;
  readonly account: Account;
  readonly log: string;
  readonly flags: readonly string[];
}): Promise<Postmaster | StartProblem> {
  const { home, port, binaries, account } = options;
  await disownStalePid(home);
  const log = await fs.open(options.log, 'a', 0o600);
  const from = (await log.stat()).size;
  const child = spawn(
    binaries.postgres,
    [
      ...['-D', dataFolder(home)],
      ...['-c', 'listen_addresses=127.0.0.1'],
      ...['-c', `port=${port}`],
      ...['-c', 'unix_socket_directories='],
      ...['-c', 'timezone=UTC'],
      // Details and values of a failing statement are personal data: they stay out of the log.
      ...['-c', 'log_error_verbosity=terse'],
      ...['-c', 'log_parameter_max_length_on_error=0'],
      ...options.flags.flatMap((flag) => ['-c', flag]),
    ],
    {
      ...account,
      cwd: NEUTRAL_FOLDER,
      env: PROGRAM_ENVIRONMENT,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      windowsHide: true,
    },
  );
  let ended: string | undefined;
  child.on('error', (error) => {
    ended = error.message;
  });
  child.on('exit', (code, signal) => {
    ended ??= `ended with ${code ?? signal}`;
  });
  child.unref();
  await log.close();

  const deadline = Date.now() + READY_MS;
  while (ended === undefined && Date.now() < deadline) {
    const lines = await pidFile(home);
    if (lines && Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') {
      return { pid: child.pid, port, status: 'ready' };
    }
    await sleep(10);
  }
  if (ended === undefined) child.kill('SIGQUIT');
  const said = (await fs.readFile(options.log)).subarray(from).toString('utf8');
  if (/could not create any TCP\/IP sockets/.test(said)) return 'portTaken';
  if (/lock file "postmaster.pid" already exists|shared memory block .* still in use/.test(said)) {
    return 'startedElsewhere';
  }
  throw new Failure(
    'badConfiguration',
    `PostgreSQL ${ended ?? 'is not ready in time'}: ${said.trim().slice(-600)}`,
  );
}

/**
 * After a reboot or in a new container another process may have the pid that `postmaster.pid`
 * names, and PostgreSQL would refuse to start. The rest of the file stays: by it PostgreSQL finds
 * server processes that outlived their postmaster.
 */
async function disownStalePid(home: string): Promise<void> {
  const lines = await pidFile(home);
  if (!lines || (await findPostmaster(home))) return;
  const file = path.join(dataFolder(home), 'postmaster.pid');
  await fs.writeFile(file, [String(NOBODY_PID), ...lines.slice(1)].join('\n'));
}

/** Ends the server: connections are cut, everything is written. Resolves when it is gone. */
export async function stopPostmaster(home: string, binaries?: Binaries): Promise<void> {
  const server = await findPostmaster(home);
  if (!server) return;
  if (process.platform === 'win32' && binaries) {
    await run(binaries.pgCtl, ['stop', '-D', dataFolder(home), '-m', 'fast', '-w'], undefined);
    return;
  }
  // SIGINT: fast. SIGQUIT: at once, the next start replays the log, nothing is lost.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(server.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw error;
    }
    const deadline = Date.now() + STOP_MS;
    while (Date.now() < deadline) {
      if ((await findPostmaster(home))?.pid !== server.pid) return;
      await sleep(10);
    }
  }
  throw new Failure('badConfiguration', `PostgreSQL (process ${server.pid}) does not stop`);
}

/** Waits while a server starts, recovers or stops; undefined when it has gone. */
export async function waitUntilSettled(home: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const server = await findPostmaster(home);
    if (!server || server.status === 'ready' || Date.now() > deadline) return server;
    await sleep(20);
  }
}

/** A port of 127.0.0.1 that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
