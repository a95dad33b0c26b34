import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Settings, settingsToEnvironment } from '../pipeline/settings.ts';
import type { System } from '../pipeline/system.ts';
import { startReconciler } from './reconcile.ts';
import { ENDED_BY_LIMIT, ENDED_BY_SIGNAL, READY } from './worker.ts';

const MAIN = new URL('./main.ts', import.meta.url);
const TSX = import.meta.resolve('tsx');
/** Between a death and the next start: doubles up to the longest, forgotten after a long life. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const LONG_LIFE_MS = 60_000;
/** Running jobs get this long to end on close; what is cut off then is done again. */
const STOP_MS = 20_000;

export interface Workers {
  /** Pids of the processes that run now. */
  pids(): number[];
  /** Resolves when each takes jobs. */
  readonly ready: Promise<unknown>;
  close(): Promise<void>;
}

interface Options {
  /** How many; 0 for none here, when they run apart. */
  readonly processes: number;
  /** The program they run. */
  readonly script?: URL;
  readonly reconcileMs?: number;
}

/**
 * Starts worker processes and the reconciler. Image work stays off this process's event loop, and a
 * decoder that crashes takes its own process down only, which is then replaced. They end with this
 * process, however it ends. `close` before the system.
 */
export function startWorkers(system: System, options: Options): Workers {
  const processes = startProcesses(system.settings, options);
  const { reconcileMs } = options;
  const reconciler = startReconciler(system, reconcileMs ? { everyMs: reconcileMs } : {});
  return {
    pids: processes.pids,
    ready: processes.ready,
    async close() {
      await reconciler.close();
      await processes.close();
    },
  };
}

/** {@link startWorkers} without a system: they join the one of DATA_DIR. */
export function startProcesses(
  settings: Settings,
  { processes, script = MAIN }: Omit<Options, 'reconcileMs'>,
): Workers {
  const slots = Array.from({ length: processes }, (_, index) => startSlot(index + 1));
  return {
    pids: () => slots.flatMap((slot) => slot.pid() ?? []),
    ready: Promise.all(slots.map((slot) => slot.ready)),
    async close() {
      await Promise.all(slots.map((slot) => slot.close()));
    },
  };

  /** One worker and those that replace it. */
  function startSlot(number: number) {
    let closing = false;
    let pause = FIRST_PAUSE_MS;
    let timer: NodeJS.Timeout | undefined;
    let child: ChildProcess | undefined;
    let ended = Promise.resolve();
    let isReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      isReady = resolve;
    });
    start();

    function start(): void {
      const born = Date.now();
      const current = fork(fileURLToPath(script), {
        env: { ...process.env, ...settingsToEnvironment(settings) },
        execArgv: ['--import', TSX],
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      child = current;
      current.on('message', (message) => {
        if (message === READY) isReady();
      });
      prefixLines(current, number);
      ended = new Promise((resolve) => {
        const onEnd = (code: number | null, signal: string | null) => {
          if (child !== current) return;
          child = undefined;
          resolve();
          if (!closing) replace(code, signal, Date.now() - born);
        };
        // Not `close`: after a disconnect by this side it never comes.
        current.on('exit', onEnd);
        current.on('error', (error) => {
          console.error(`worker ${number}: ${error.message}`);
          if (current.pid === undefined) onEnd(null, 'not started');
        });
      });
    }

    function replace(code: number | null, signal: string | null, lifeMs: number): void {
      if (code === ENDED_BY_LIMIT) {
        start();
        return;
      }
      if (lifeMs > LONG_LIFE_MS) pause = FIRST_PAUSE_MS;
      // Ctrl+C in a terminal reaches the workers too; this process is about to close.
      if (code !== ENDED_BY_SIGNAL) {
        console.error(`worker ${number} ended (${signal ?? code}); another starts in ${pause} ms`);
      }
      timer = setTimeout(start, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }

    return {
      pid: () => child?.pid,
      ready,
      async close() {
        closing = true;
        clearTimeout(timer);
        // A worker takes the end of the channel for the wish to stop, on every platform.
        if (child?.connected) child.disconnect();
        const impatience = setTimeout(() => child?.kill('SIGKILL'), STOP_MS);
        await ended;
        clearTimeout(impatience);
      },
    };
  }
}

/** What Tesseract says of specks that are no line; the reading says so already. */
const NOISE = /^(Image too small to scale|Line cannot be recognized|Detected \d+ diacritics)/;

function prefixLines(child: ChildProcess, number: number): void {
  const outputs = [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const;
  for (const [from, to] of outputs) {
    if (from) {
      createInterface({ input: from }).on('line', (line) => {
        if (!NOISE.test(line)) to.write(`worker ${number} | ${line}\n`);
      });
    }
  }
}
