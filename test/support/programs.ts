import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const TSX = import.meta.resolve('tsx');

export interface Program {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Everything it has written, both streams. */
  output(): string;
  /** The first line that matches; rejects when it ends before. */
  line(pattern: RegExp): Promise<string>;
  /** Its exit code, or the name of the signal that killed it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

export interface ProgramOptions {
  readonly args?: readonly string[];
  /** Replaces and adds to this process's variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  readonly cwd?: string;
  /** Where tsx is loaded from; this checkout's unless told otherwise. */
  readonly tsx?: string;
}

const running = new Set<ChildProcess>();

/** Runs a TypeScript file as a process of its own; see {@link killPrograms}. */
export function runProgram(file: URL | string, options: ProgramOptions = {}): Program {
  const path = typeof file === 'string' ? file : fileURLToPath(file);
  const child = spawn(
    process.execPath,
    ['--import', options.tsx ?? TSX, path, ...(options.args ?? [])],
    {
      ...options.account,
      ...(options.cwd ? { cwd: options.cwd } : {}),
      env: { ...process.env, DATABASE_URL: '', QUEUE_URL: '', BLOBS_URL: '', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  running.add(child);
  let text = '';
  const listeners = new Set<() => void>();
  const hear = () => {
    for (const listener of listeners) listener();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      hear();
    });
  }
  let over = false;
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('error', (error) => {
      text += error.message;
      resolve(-1);
    });
    child.on('close', (code, signal) => resolve(code ?? signal ?? -1));
  }).finally(() => {
    over = true;
    running.delete(child);
    hear();
  });
  return {
    child,
    pid: child.pid!,
    output: () => text,
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = text.split('\n').find((line) => pattern.test(line));
          if (found === undefined && !over) return;
          listeners.delete(look);
          if (found !== undefined) resolve(found);
          else reject(new Error(`ended without a line like ${pattern}:\n${text}`));
        };
        listeners.add(look);
        look();
      }),
  };
}

/** Kills what {@link runProgram} started and still runs; for `afterAll`. */
export function killPrograms(): void {
  for (const child of running) child.kill('SIGKILL');
}
