import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Failure } from '../models/failures.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = path.join(ROOT, 'web');
/** Where the workbench is built to and served from. */
export const WEB_FOLDER = path.join(SOURCES, 'dist');

/** Shown until the first build is there; it asks again by itself. */
const BUILDING = `<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta http-equiv="refresh" content="2"><title>Sổ Gốc</title></head>
<body style="font-family:system-ui;margin:4rem"><p>Đang dựng giao diện, xin chờ giây lát…</p></body></html>`;

/**
 * Serves the built workbench; every address that is no file is a page of it. The folder may appear
 * or change while serving.
 */
export async function serveWeb(app: FastifyInstance, folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  await app.register(staticFiles, {
    root: folder,
    dotfiles: 'ignore',
    index: false,
    redirect: false,
    cacheControl: false,
    setHeaders: (reply, file) => {
      // The build names these by their content.
      const lasting = file.includes(`${path.sep}assets${path.sep}`);
      reply.setHeader(
        'cache-control',
        lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  async function sendPage(reply: FastifyReply) {
    const index = await fs.readFile(path.join(folder, 'index.html')).catch(() => undefined);
    return reply
      .code(index ? 200 : 503)
      .header('content-type', 'text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(index ?? BUILDING);
  }
  app.get('/', { schema: { hide: true } }, (_request, reply) => sendPage(reply));
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && !path.extname(request.url.split('?')[0] ?? '');
    if (!wantsPage) throw new Failure('notFound');
    return sendPage(reply);
  });
}

async function newest(folder: string): Promise<number> {
  let time = 0;
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (file === WEB_FOLDER) continue;
    const seen = entry.isDirectory() ? await newest(file) : (await fs.stat(file)).mtimeMs;
    time = Math.max(time, seen);
  }
  return time;
}

/** True when the workbench was never built or its sources or packages have changed since. */
export async function webIsStale(): Promise<boolean> {
  const built = await fs.stat(path.join(WEB_FOLDER, 'index.html')).catch(() => undefined);
  if (!built) return true;
  const packages = await fs.stat(path.join(ROOT, 'package-lock.json')).catch(() => undefined);
  return Math.max(await newest(SOURCES), packages?.mtimeMs ?? 0) > built.mtimeMs;
}

/**
 * Builds the workbench in a process of its own and puts it in the place of the old build.
 * @throws Error with the builder's first words.
 */
export async function buildWeb(signal: AbortSignal): Promise<void> {
  const vite = path.join(
    path.dirname(createRequire(import.meta.url).resolve('vite/package.json')),
    'bin/vite.js',
  );
  // Beside the packages: ignored by git and on the same file system as the place it goes to.
  const work = path.join(ROOT, 'node_modules', '.cache', `so-goc-web-${process.pid}`);
  await fs.mkdir(work, { recursive: true });
  try {
    const next = path.join(work, 'next');
    await run(
      [vite, 'build', SOURCES, '--outDir', next, '--emptyOutDir', '--logLevel', 'error'],
      signal,
    );
    await fs.rename(WEB_FOLDER, path.join(work, 'old')).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await fs.rename(next, WEB_FOLDER).catch((error: NodeJS.ErrnoException) => {
      // Another start has put the same build there meanwhile.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await fs.rm(work, { recursive: true, force: true });
  }
}

function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    let said = '';
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, 500);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(said.trim() || `vite ended with ${code}`)),
    );
  });
}
