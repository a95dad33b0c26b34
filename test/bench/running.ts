import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { type Readable, Readable as Streams } from 'node:stream';

const ROOT = path.resolve(import.meta.dirname, '../..');
const OURS = { 'x-so-goc': '1' };

/** The real server in a process of its own, and a signed-in administrator's requests to it. */
export interface Running {
  readonly process: ChildProcess;
  readonly address: string;
  /** Printed at the first start on a folder only. */
  readonly password: string | undefined;
  /** Seconds from the command to the first answer. */
  readonly seconds: number;
  stop(): Promise<void>;
}

/** Starts `npm start` as it is, without npm; `env` over this process's. */
export async function startServer(env: Readonly<Record<string, string>>): Promise<Running> {
  const begun = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', 'api/main.ts', '--port', '0'], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  });
  child.stderr.pipe(process.stderr);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
      const found = /Sổ Gốc: (http\S+)\n/.exec(said)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', () => reject(new Error('the server did not start')));
  });
  await (await fetch(address)).arrayBuffer();
  const seconds = (performance.now() - begun) / 1000;
  // The password is printed behind the address.
  for (let i = 0; i < 20 && !/quantri\s+\S+/.test(said); i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    process: child,
    address,
    password: /quantri\s+(\S+)/.exec(said)?.[1],
    seconds,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Signs in as the first administrator; answers the cookie. */
export async function signIn({ address }: Running, password: string): Promise<string> {
  const session = await fetch(`${address}/api/session`, {
    method: 'POST',
    headers: { ...OURS, 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'quantri', password }),
  });
  return session.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** A signed-in request; answers the JSON body. @throws Error with the body of a refusal */
export async function ask<T>(
  { address }: Running,
  cookie: string,
  url: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${address}${url}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { ...OURS, cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

/** Makes a book of births to upload to; answers its id. */
export async function newBook(server: Running, cookie: string): Promise<string> {
  const { book } = await ask<{ book: { id: string } }>(server, cookie, '/api/books', {
    form: 'birth-2006',
    place: 'Xã Đo Đạc',
    placeShort: 'Đo Đạc',
    number: '01/2008',
  });
  return book.id;
}

/** Begins an upload (tus); what it answers sends the whole body. */
export async function beginUpload(
  { address }: Running,
  cookie: string,
  file: { readonly bookId: string; readonly name: string; readonly bytes: number },
): Promise<(body: Readable | Buffer) => Promise<unknown>> {
  const tus = { ...OURS, cookie, 'tus-resumable': '1.0.0' };
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const begun = await fetch(`${address}/api/uploads`, {
    method: 'POST',
    headers: {
      ...tus,
      'upload-length': String(file.bytes),
      'upload-metadata': `bookId ${base64(file.bookId)},filename ${base64(file.name)}`,
    },
  });
  return async (body) => {
    const stream = Buffer.isBuffer(body) ? Streams.from([body]) : body;
    const sent = await fetch(`${address}${begun.headers.get('location')}`, {
      method: 'PATCH',
      headers: {
        ...tus,
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      },
      body: Streams.toWeb(stream),
      duplex: 'half',
    } as RequestInit);
    return sent.json();
  };
}
