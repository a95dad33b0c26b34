import { type ChildProcess, execFile, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Failure } from '../../models/failures.ts';

export interface SandboxLimits {
  /** Resident memory of the process. */
  readonly memoryMb: number;
  /** For one question, the start of the process included. */
  readonly seconds: number;
}

/** A process that answers one question at a time and is ended when it goes beyond its limits. */
export interface Sandbox<Ask, Answer> {
  /**
   * @throws Failure `timeout`, `outOfMemory`, `crashed`: the process has ended, start another
   * @throws the signal's reason
   */
  ask(question: Ask): Promise<Answer>;
  /** False once the process has ended or was told to. */
  readonly alive: boolean;
  /** Resident memory in bytes when last looked at. */
  readonly memory: number;
  end(): void;
}

const LOOK_EVERY_MS = 100;
const MB = 1024 * 1024;

/**
 * Starts `entry`, a module that answers each message with one message. It gets no environment but
 * the search path and the temporary folder, hence no passwords of databases.
 */
export function startSandbox<Ask extends object, Answer>(
  entry: URL,
  limits: SandboxLimits,
  signal?: AbortSignal,
): Sandbox<Ask, Answer> {
  const file = fileURLToPath(entry);
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const child = fork(file, {
    execArgv: [
      ...['--import', pathToFileURL(tsx).href],
      ...['--import', new URL('./orphan.ts', import.meta.url).href],
      `--max-old-space-size=${Math.ceil(limits.memoryMb / 2)}`,
      // Pages of 64 KiB; the library's own ceiling is 2 GiB.
      `--wasm-max-mem-pages=${Math.ceil(limits.memoryMb * 0.75) * 16}`,
    ],
    env: bareEnvironment(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let alive = true;
  let memory = 0;
  let errors = '';
  let waiting: { resolve(answer: Answer): void; reject(error: unknown): void } | undefined;

  const settle = (run: (waiter: NonNullable<typeof waiting>) => void): void => {
    const waiter = waiting;
    waiting = undefined;
    clearTimeout(alarm);
    if (waiter) run(waiter);
  };
  const kill = (reason: unknown): void => {
    alive = false;
    child.kill('SIGKILL');
    settle((waiter) => waiter.reject(reason));
  };
  let alarm: NodeJS.Timeout | undefined;
  const look = setInterval(async () => {
    memory = (await residentBytes(child)) ?? memory;
    if (alive && memory > limits.memoryMb * MB)
      kill(new Failure('outOfMemory', `more than ${limits.memoryMb} MB`));
  }, LOOK_EVERY_MS);
  look.unref();
  const abort = () => kill(signal?.reason);
  signal?.addEventListener('abort', abort);

  child.stderr?.on('data', (piece: Buffer) => {
    errors = (errors + piece.toString('latin1')).slice(-4000);
  });
  child.on('message', (answer) => settle((waiter) => waiter.resolve(answer as Answer)));
  child.on('error', (error) => kill(new Failure('crashed', error.message, { cause: error })));
  // `close` comes after `exit`, when everything the process wrote has been read.
  child.on('close', (code, by) => {
    alive = false;
    clearInterval(look);
    signal?.removeEventListener('abort', abort);
    const memoryOut = /heap out of memory|Allocation failed/.test(errors);
    const cause = new Error(errors.trim() || 'no output');
    settle((waiter) =>
      waiter.reject(
        new Failure(memoryOut ? 'outOfMemory' : 'crashed', `ended by ${by ?? code}`, { cause }),
      ),
    );
  });

  return {
    ask: (question) =>
      new Promise<Answer>((resolve, reject) => {
        if (signal?.aborted) kill(signal.reason);
        if (signal?.aborted) return reject(signal.reason);
        if (!alive) return reject(new Failure('crashed', 'the process has ended'));
        waiting = { resolve, reject };
        alarm = setTimeout(
          () => kill(new Failure('timeout', `more than ${limits.seconds} seconds`)),
          limits.seconds * 1000,
        );
        // An error in sending shows as the end of the process.
        child.send(question, () => undefined);
      }),
    get alive() {
      return alive;
    },
    get memory() {
      return memory;
    },
    end() {
      alive = false;
      child.kill('SIGKILL');
    },
  };
}

function bareEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot'];
  return Object.fromEntries(
    kept.flatMap((key) => (process.env[key] ? [[key, process.env[key]]] : [])),
  );
}

/** Undefined when the process has ended or the system does not tell. */
async function residentBytes(child: ChildProcess): Promise<number | undefined> {
  if (child.pid === undefined) return undefined;
  try {
    const kilobytes =
      process.platform === 'linux'
        ? /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1]
        : (await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(child.pid)])).stdout;
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
