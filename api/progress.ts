import { PassThrough } from 'node:stream';
import type { BookId } from '../models/ids.ts';
import { type Scope, scopeHolds } from '../models/people.ts';
import type { Store } from '../models/store/store.ts';
import type { BookSummary } from './contract.ts';
import { wireBook } from './wire.ts';

/** Changes of a book within this time go out as one event. */
const GATHER_MS = 200;
const HEARTBEAT_MS = 15_000;
/** How many of the newest books a stream of all books tells of at its beginning. */
const FIRST = 200;

interface Listener {
  /** Undefined: all books. */
  readonly bookId: BookId | undefined;
  readonly scope: Scope | undefined;
  readonly stream: PassThrough;
  /** Books that have changed while the client did not read. */
  readonly missed: Set<BookId>;
  /** False when the session has ended. */
  readonly allowed: () => Promise<boolean>;
}

/**
 * Streams of server-sent events with the counts of books. The database tells which book has changed,
 * also when a worker of another process changed it; its counts are read once for all who listen.
 */
export function createProgress(store: Store) {
  const listeners = new Set<Listener>();
  const changed = new Set<BookId>();
  let hearing: Promise<{ close(): Promise<void> }> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let beat: NodeJS.Timeout | undefined;

  const wants = (listener: Listener, id: BookId) =>
    listener.bookId === undefined || listener.bookId === id;

  function send(listener: Listener, book: BookSummary): void {
    if (!scopeHolds(listener.scope, book)) return;
    // Nothing piles up here for a client that does not read: it gets the newest counts later.
    if (listener.stream.writableNeedDrain) listener.missed.add(book.id);
    else listener.stream.write(`event: book\ndata: ${JSON.stringify(book)}\n\n`);
  }

  function mark(id: BookId): void {
    changed.add(id);
    timer ??= setTimeout(() => void flush(), GATHER_MS);
  }

  async function flush(): Promise<void> {
    const ids = [...changed].filter((id) => [...listeners].some((l) => wants(l, id)));
    changed.clear();
    timer = undefined;
    for (const id of ids) {
      // The next change, or the client's next request, tells of a database that is away.
      const summary = await store.books.summary(id).catch(() => undefined);
      if (!summary) continue;
      const book = wireBook(summary);
      for (const listener of listeners) if (wants(listener, id)) send(listener, book);
    }
  }

  async function snapshot({
    bookId,
    scope,
  }: Pick<Listener, 'bookId' | 'scope'>): Promise<BookSummary[]> {
    if (bookId !== undefined) return [wireBook(await store.books.summary(bookId))];
    return (await store.books.list({ scope, limit: FIRST, offset: 0 })).items.map(wireBook);
  }

  async function resend(): Promise<void> {
    for (const listener of listeners) {
      const books = await snapshot(listener).catch(() => []);
      for (const book of books) send(listener, book);
    }
  }

  async function heartbeat(): Promise<void> {
    for (const listener of [...listeners]) {
      const allowed = await listener.allowed().catch(() => true);
      if (!allowed) listener.stream.end();
      else if (!listener.stream.writableNeedDrain) listener.stream.write(': still here\n\n');
    }
  }

  async function hear(): Promise<void> {
    hearing ??= store.listen({ onBook: mark, onGap: () => void resend() });
    await hearing.catch((error) => {
      hearing = undefined;
      throw error;
    });
    beat ??= setInterval(() => void heartbeat(), HEARTBEAT_MS).unref();
  }

  async function leave(listener: Listener): Promise<void> {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    const old = hearing;
    hearing = undefined;
    clearInterval(beat);
    beat = undefined;
    await (await old)?.close();
  }

  return {
    /**
     * An endless stream of `book` events within `scope`, the present counts first. It ends when `allowed` no
     * longer holds or at {@link close}.
     * @throws Failure `notFound` for an unknown book.
     */
    async open(
      bookId: BookId | undefined,
      scope: Scope | undefined,
      allowed: () => Promise<boolean>,
    ): Promise<PassThrough> {
      if (bookId !== undefined) await store.books.byId(bookId);
      const stream = new PassThrough();
      const listener: Listener = { bookId, scope, stream, missed: new Set(), allowed };
      listeners.add(listener);
      stream.once('close', () => void leave(listener).catch(() => undefined));
      stream.on('drain', () => {
        for (const id of listener.missed) mark(id);
        listener.missed.clear();
      });
      try {
        await hear();
        // Read after the hearing has begun, so that no change falls between the two.
        stream.write('retry: 2000\n\n');
        for (const book of await snapshot(listener)) send(listener, book);
        return stream;
      } catch (error) {
        stream.destroy();
        throw error;
      }
    },
    /** Ends all streams, so that the server can close. */
    async close(): Promise<void> {
      clearTimeout(timer);
      for (const listener of [...listeners]) {
        listener.stream.end();
        await leave(listener).catch(() => undefined);
      }
    },
  };
}
export type Progress = ReturnType<typeof createProgress>;
