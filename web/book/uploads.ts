import { DetailedError, type HttpResponse, Upload } from 'tus-js-client';
import type { Problem, UploadAnswer } from '../../api/contract.ts';
import { call } from '../calls/client.ts';

/** A file on its way into a book. */
export interface UploadItem {
  readonly id: string;
  readonly bookId: string;
  readonly name: string;
  readonly bytes: number;
  readonly sent: number;
  readonly state: 'waiting' | 'sending' | 'paused' | 'done' | 'duplicate' | 'failed';
  /** What the server said of a duplicate or a file that it does not take. */
  readonly problem?: Problem;
  /** The file that a duplicate equals. */
  readonly documentName?: string;
  /** The file is larger than the limit; nothing was sent. */
  readonly tooLarge?: boolean;
}

const AT_ONCE = 2;
const CHUNK = 32 * 1024 * 1024;
/** The library's own prefix for what it remembers of unfinished uploads. */
const REMEMBERED = 'tus::';

let items: readonly UploadItem[] = [];
let number = 0;
const uploads = new Map<string, { readonly upload: Upload; readonly received: () => void }>();
const listeners = new Set<() => void>();

function set(next: readonly UploadItem[]) {
  items = next;
  for (const listener of listeners) listener();
}

function change(id: string, part: Partial<UploadItem>) {
  set(items.map((i) => (i.id === id ? { ...i, ...part } : i)));
}

function startWaiting() {
  let free = AT_ONCE - items.filter((i) => i.state === 'sending').length;
  for (const item of items) {
    if (free <= 0) return;
    if (item.state !== 'waiting') continue;
    free -= 1;
    void start(item.id);
  }
}

async function start(id: string) {
  const upload = uploads.get(id)?.upload;
  if (!upload) return;
  change(id, { state: 'sending' });
  if (upload.url === null) {
    const [previous] = await upload.findPreviousUploads();
    if (previous) upload.resumeFromPreviousUpload(previous);
  }
  if (items.some((i) => i.id === id && i.state === 'sending')) upload.start();
}

async function finish(id: string, last: HttpResponse | undefined) {
  const entry = uploads.get(id);
  if (!entry) return;
  const path = new URL(entry.upload.url!, window.location.href).pathname.replace(
    /^.*\/uploads/,
    '',
  );
  let answer: UploadAnswer;
  try {
    const body = last?.getBody();
    answer = body ? (JSON.parse(body) as UploadAnswer) : await call('GET', `/uploads${path}`);
  } catch {
    change(id, { state: 'failed' });
    return startWaiting();
  }
  change(id, {
    state: answer.duplicate ? 'duplicate' : answer.error ? 'failed' : 'done',
    ...(answer.error ? { problem: answer.error } : {}),
    ...(answer.document ? { documentName: answer.document.name } : {}),
  });
  uploads.delete(id);
  entry.received();
  startWaiting();
}

/** The problem in the answer to a failed request; undefined when the line broke. */
function problemOf(error: Error | DetailedError): Problem | undefined {
  if (!(error instanceof DetailedError)) return undefined;
  try {
    return (JSON.parse(error.originalResponse?.getBody() ?? '') as { error?: Problem }).error;
  } catch {
    return undefined;
  }
}

/**
 * Queues files for a book; two go at a time. A file that was begun earlier goes on where it stopped.
 * `received` is called for each file that arrived.
 */
export function addFiles(
  bookId: string,
  files: readonly File[],
  maxBytes: number,
  received: () => void,
): void {
  const fresh = files.map((file): UploadItem => {
    number += 1;
    const id = String(number);
    const item = { id, bookId, name: file.name, bytes: file.size, sent: 0 };
    if (file.size > maxBytes) return { ...item, state: 'failed', tooLarge: true };
    const upload = new Upload(file, {
      endpoint: '/api/uploads',
      headers: { 'x-so-goc': '1' },
      metadata: { bookId, filename: file.name },
      chunkSize: CHUNK,
      retryDelays: [500, 1000, 3000, 5000],
      removeFingerprintOnSuccess: true,
      // The same file for another book is another upload.
      fingerprint: async () => [bookId, file.name, file.size, file.lastModified].join('-'),
      onProgress: (sent) => change(id, { sent }),
      onSuccess: ({ lastResponse }) => void finish(id, lastResponse),
      onError: (error) => {
        const problem = problemOf(error);
        change(id, { state: 'failed', ...(problem ? { problem } : {}) });
        startWaiting();
      },
    });
    uploads.set(id, { upload, received });
    return { ...item, state: 'waiting' };
  });
  set([...items, ...fresh]);
  startWaiting();
}

export function pause(id: string): void {
  const entry = uploads.get(id);
  if (!entry) return;
  change(id, { state: 'paused' });
  void entry.upload.abort();
  startWaiting();
}

export function resume(id: string): void {
  set(
    items.map((i) => {
      if (i.id !== id) return i;
      const { problem: _, ...rest } = i;
      return { ...rest, state: 'waiting' };
    }),
  );
  startWaiting();
}

/** True when {@link resume} can do something. */
export const canResume = (item: UploadItem) => uploads.has(item.id);

/** Takes a file off the list; what was sent of it is deleted at the server. */
export function remove(id: string): void {
  const entry = uploads.get(id);
  uploads.delete(id);
  set(items.filter((i) => i.id !== id));
  if (entry) void entry.upload.abort(entry.upload.url !== null).catch(() => {});
  startWaiting();
}

/** At sign-out: stops everything and forgets what the browser remembers of it. */
export function wipeUploads(): void {
  for (const { upload } of uploads.values()) void upload.abort();
  uploads.clear();
  set([]);
  for (const key of Object.keys(localStorage))
    if (key.startsWith(REMEMBERED)) localStorage.removeItem(key);
}

export const readUploads = () => items;
export function subscribeUploads(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
