import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const WEB = fileURLToPath(new URL('../../web', import.meta.url));

export interface BuiltWeb {
  readonly folder: string;
  remove(): Promise<void>;
}

/** Builds the page as it is shipped, into a folder of its own. */
export async function buildWebForTest(): Promise<BuiltWeb> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-test-web-'));
  const vite = path.join(
    path.dirname(createRequire(import.meta.url).resolve('vite/package.json')),
    'bin/vite.js',
  );
  // A process of its own: in this one NODE_ENV is `test`, which would build React for developers.
  const child = spawn(process.execPath, [vite, 'build', WEB, '--outDir', folder, '--emptyOutDir'], {
    env: { ...process.env, NODE_ENV: 'production', VITEST: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(said);
  return { folder, remove: () => fs.rm(folder, { recursive: true, force: true }) };
}

/** The gzipped bytes of what the first visit loads: the page and everything that it names. */
export async function initialBytes(folder: string): Promise<number> {
  const page = await fs.readFile(path.join(folder, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((m) => m[1]!);
  let bytes = gzipSync(page).length;
  for (const name of named) bytes += gzipSync(await fs.readFile(path.join(folder, name))).length;
  return bytes;
}
