import { parseArgs } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { FAILURES, Failure } from '../models/failures.ts';
import type { Store } from '../models/store/store.ts';
import { startSigning } from '../pipeline/evidence/heads.ts';
import { readSettings, type Settings } from '../pipeline/settings.ts';
import { openSystem } from '../pipeline/system.ts';
import { startWorkers } from '../workers/start.ts';
import {
  type Account,
  ensureAdministrator,
  ensureSampleAccounts,
  renewAdministrator,
} from './accounts.ts';
import { buildApp } from './app.ts';
import { openLog } from './log.ts';
import { showProgress, takeInSample } from './sample.ts';
import { buildWeb, WEB_FOLDER, webIsStale } from './web.ts';

const USAGE = `npm start [-- OPTIONS]
  --port N            listen on this port instead of PORT or 8080
  --sample            create three sample accounts and take in the sample book
  --reset-passwords   new passwords for the sample accounts and the administrator
  --help`;

/** Running uploads and exports get this long at a stop; both go on or are made again later. */
const STOP_MS = 5000;
/** Workers may finish their pages within it. */
const LONGEST_STOP_MS = 30_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        sample: { type: 'boolean', default: false },
        'reset-passwords': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    process.exit(2);
  }
}

async function listen(app: FastifyInstance, { host, port }: Settings): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new Failure('badConfiguration', `PORT ${port} đang được dùng / is in use: --port N`);
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
      throw new Failure('badConfiguration', `HOST ${host}, PORT ${port}: ${code}`);
    throw error;
  }
}

function showAccounts(accounts: readonly Account[]): void {
  if (accounts.length === 0) return;
  say('');
  for (const { login, password, purpose } of accounts)
    say(`  ${login.padEnd(10)} ${password ?? '(mật khẩu đã có / has its password)'}   ${purpose}`);
  if (accounts.some((a) => a.password))
    say('  Mật khẩu chỉ hiện một lần, hãy ghi lại. (Passwords are shown once: write them down.)');
  if (accounts.some((a) => !a.password))
    say('  Quên mật khẩu? (Forgotten?) npm start -- --sample --reset-passwords');
  say('');
}

async function start(): Promise<void> {
  const asked = readArguments();
  if (asked.help) {
    say(USAGE);
    return;
  }
  const settings = readSettings({
    ...process.env,
    ...(asked.port === undefined ? {} : { PORT: asked.port }),
  });
  const closers: (() => Promise<unknown>)[] = [];
  const stopping = stopOnSignals(async () => {
    await running.catch(() => undefined);
    // In the opposite order of opening; one that fails must not keep the others open.
    for (const close of closers.splice(0).reverse())
      await close().catch((error: Error) => process.stderr.write(`stop: ${error.message}\n`));
  });
  const running = run(settings, asked, closers, stopping.signal);
  try {
    await running;
  } catch (error) {
    await stopping.stop();
    throw error;
  }
}

/** Calls `close` once, at the first wish to stop; its signal tells what is running of the wish. */
function stopOnSignals(close: () => Promise<void>) {
  const wish = new AbortController();
  let closing: Promise<void> | undefined;
  let wished: number | undefined;
  const stop = () => {
    wish.abort();
    closing ??= close();
    return closing;
  };
  const onSignal = () => {
    // A second wish to stop is urgent; what was running is picked up at the next start. One Ctrl+C
    // may arrive twice under npm, which passes on what the terminal has sent to everybody.
    if (wished !== undefined && Date.now() - wished > 1000) process.exit(130);
    if (wished !== undefined) return;
    wished = Date.now();
    say('\nĐang dừng… (stopping)');
    // Whatever does not end by then is cut off like in a crash, from which everything recovers.
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
    void stop().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  // A terminal that is gone must not take the service with it.
  for (const out of [process.stdout, process.stderr]) out.on('error', () => undefined);
  return { stop, signal: wish.signal };
}

/** Opens everything, tells how to close it, and returns when the service runs by itself. */
async function run(
  settings: Settings,
  asked: { readonly sample: boolean; readonly 'reset-passwords': boolean },
  closers: (() => Promise<unknown>)[],
  stopping: AbortSignal,
): Promise<void> {
  // First: it makes DATA_DIR, in a way that lets the database's account in when this is root.
  const system = await openSystem(settings, { server: 'own' });
  closers.push(() => system.close());
  const log = await openLog(settings.dataDir);
  closers.push(() => log.close());
  const app = await buildApp(system, {
    logger: { level: 'info', stream: log.stream },
    web: WEB_FOLDER,
  });
  closers.push(async () => {
    const timer = setTimeout(() => app.server.closeAllConnections(), STOP_MS);
    await app.close().finally(() => clearTimeout(timer));
  });
  if (stopping.aborted) return;

  const accounts = await ensureAccounts(system.store, asked);
  const address = await listen(app, settings);
  say(`Sổ Gốc: ${address}`);
  showAccounts(accounts);

  const workers = startWorkers(system, { processes: settings.workers });
  closers.push(() => workers.close());
  const signing = startSigning(system.store, settings, (error) =>
    app.log.error({ type: error.name }, 'heads not signed'),
  );
  closers.push(() => signing.close());
  void refreshWeb(stopping);
  void app.uploads.sweep().catch((error) => app.log.error({ type: (error as Error).name }));
  if (asked.sample && !stopping.aborted) {
    const book = await takeInSample(system.store, app.uploads);
    await showProgress(system.store, book, process.stdout, stopping);
  }
}

/** Somebody must be able to sign in before the address is known. */
async function ensureAccounts(
  store: Store,
  asked: { readonly sample: boolean; readonly 'reset-passwords': boolean },
): Promise<Account[]> {
  const administrator = await ensureAdministrator(store);
  const accounts = administrator ? [administrator] : [];
  const reset = asked['reset-passwords'];
  if (reset && !administrator) accounts.push(await renewAdministrator(store));
  if (asked.sample) accounts.push(...(await ensureSampleAccounts(store, { reset })));
  return accounts;
}

async function refreshWeb(signal: AbortSignal): Promise<void> {
  try {
    if (!(await webIsStale())) return;
    await buildWeb(signal);
    say('Giao diện đã sẵn sàng. (The web page is ready.)');
  } catch (error) {
    if (!signal.aborted)
      process.stderr.write(`Không dựng được giao diện (web build): ${(error as Error).message}\n`);
  }
}

try {
  await start();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  const [, , vi, en] = FAILURES[error.kind];
  const detail = error.detail ? `\n  ${error.detail}` : '';
  process.stderr.write(`${vi}\n${en}${detail}\n`);
  process.exit(1);
}
