import { Client, type Pool } from 'pg';
import { BookId } from '../ids.ts';

/** The channel that the triggers notify, with a book's id as payload. */
const CHANNEL = 'so_goc';
const RETRY_MS = 1000;

export interface Listener {
  /** Called with the id of a book whose documents, pages or records have changed. */
  readonly onBook: (bookId: BookId) => void;
  /** Called when the connection was lost and is back: changes may have gone unheard. */
  readonly onGap?: (() => void) | undefined;
}

/**
 * One connection of its own, opened for the first listener and closed after the last, that comes
 * back by itself when the server goes away for a while.
 */
export function changes(pool: Pool) {
  const listeners = new Set<Listener>();
  let client: Client | undefined;
  let connecting: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const { password } = pool.options;
    const fresh = new Client({
      ...pool.options,
      keepAlive: true,
      // Not enumerable in the pool's options.
      ...(password === undefined ? {} : { password }),
    });
    const lost = () => {
      if (client !== fresh) return;
      client = undefined;
      void fresh.end().catch(() => undefined);
      again();
    };
    fresh.on('error', lost);
    fresh.on('end', lost);
    fresh.on('notification', ({ payload }) => {
      const bookId = BookId.safeParse(payload);
      if (bookId.success) for (const { onBook } of listeners) onBook(bookId.data);
    });
    try {
      await fresh.connect();
      await fresh.query(`listen ${CHANNEL}`);
    } catch (error) {
      await fresh.end().catch(() => undefined);
      throw error;
    }
    client = fresh;
    if (listeners.size === 0) await stop();
  };

  const again = () => {
    if (listeners.size === 0 || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      connecting = connect();
      connecting.then(
        () => {
          for (const { onGap } of listeners) onGap?.();
        },
        () => again(),
      );
    }, RETRY_MS);
    timer.unref();
  };

  const stop = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    connecting = undefined;
    const old = client;
    client = undefined;
    await old?.end().catch(() => undefined);
  };

  return {
    /**
     * Resolves when changes are heard from now on. Close it before the pool's server stops.
     * @throws when the first connection cannot be made
     */
    async listen(listener: Listener | Listener['onBook']): Promise<{ close(): Promise<void> }> {
      const entry = typeof listener === 'function' ? { onBook: listener } : { ...listener };
      listeners.add(entry);
      try {
        if (!client && !timer) connecting ??= connect();
        await connecting;
      } catch (error) {
        listeners.delete(entry);
        connecting = undefined;
        throw error;
      }
      return {
        close: async () => {
          listeners.delete(entry);
          if (listeners.size === 0) await stop();
        },
      };
    },
  };
}
