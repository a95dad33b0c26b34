import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type NewAccess, type ReadKind, ReadThing } from '../models/store/accesses.ts';
import type { Store } from '../models/store/store.ts';
import { personOf } from './sessions.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What of people the route's answer tells: noted with who asked and what for. */
    reads?: ReadKind;
  }
}

/** Readings wait so long for others to be written with them. */
const PAUSE_MS = 1000;
/** The same person reads the same thing again: within this time it is one reading; each search is one. */
const ONE_READING_MS = 60_000;
/** More wait only while the database is away. */
const MOST_WAITING = 100_000;
/** These are noted before anything goes out: personal data in bulk. */
const AT_ONCE: readonly ReadKind[] = ['export', 'file'];

/** What a request itself says that it reads for; who acts on a record sees it again for that. */
const Said = z.union([
  z.object({ purpose: z.string() }).transform(({ purpose }) => purpose),
  z.object({ action: z.object({ type: z.string() }) }).transform(({ action }) => action.type),
]);

/** Without its purpose where the request does not say it. */
function entryOf(
  request: FastifyRequest,
  reads: ReadKind,
): Omit<NewAccess, 'purpose'> & { purpose: string | undefined } {
  const { of } = request.routeOptions.config;
  const is = ReadThing.safeParse(of);
  const { id } = request.params as { id?: string };
  const { search, bookId } = request.query as { search?: string; bookId?: string };
  const thing =
    is.success && id !== undefined
      ? { is: is.data, id }
      : bookId === undefined
        ? undefined
        : { is: 'book' as const, id: bookId };
  return {
    at: new Date(),
    personId: personOf(request).id,
    what: reads === 'records' && search ? 'search' : reads,
    purpose: Said.safeParse(request.body).data,
    thing,
  };
}

/**
 * Notes who reads what, for every route that says what it `reads`. A few at a time, so that reading
 * stays fast: a process that is killed loses the last second; datasets are noted before they go out.
 * @returns what writes all that waits and ends
 */
export function noteReadings(
  context: FastifyInstance,
  { accesses }: Pick<Store, 'accesses'>,
): () => Promise<void> {
  let waiting: NewAccess[] = [];
  const recent = new Map<string, number>();

  /** True for the first of readings that count as one. */
  function isNew({ personId, what, thing, at }: Omit<NewAccess, 'purpose'>): boolean {
    if (what === 'search') return true;
    const key = `${personId} ${what} ${thing?.id ?? ''}`;
    const last = recent.get(key);
    if (last !== undefined && at.getTime() - last < ONE_READING_MS) return false;
    recent.set(key, at.getTime());
    return true;
  }

  const asking = new Set<Promise<void>>();
  let writing: Promise<void> = Promise.resolve();
  const write = () => {
    writing = writing.then(async () => {
      const some = waiting;
      waiting = [];
      try {
        await accesses.add(some);
      } catch (error) {
        context.log.error({ type: (error as Error).name }, 'readings not noted');
        waiting = [...some, ...waiting].slice(0, MOST_WAITING);
      }
      const old = Date.now() - ONE_READING_MS;
      for (const [key, at] of recent) if (at < old) recent.delete(key);
    });
    return writing;
  };
  const timer = setInterval(() => {
    if (waiting.length > 0) void write();
  }, PAUSE_MS).unref();

  context.addHook('onSend', async (request, reply) => {
    const { reads } = request.routeOptions.config;
    // A conflict shows the present record.
    const shows = reply.statusCode < 300 || reply.statusCode === 409;
    if (reads === undefined || !shows || !request.person) return;
    const entry = entryOf(request, reads);
    if (AT_ONCE.includes(reads))
      await accesses.add([{ ...entry, purpose: entry.purpose ?? 'look' }]);
    else if (isNew(entry)) {
      // Now, not when it is written: by then the record may be given back. Nobody waits for it.
      const asked = accesses
        .workOn(entry.personId, entry.thing)
        .catch(() => undefined)
        .then((work) => {
          waiting.push({ ...entry, purpose: entry.purpose ?? work ?? 'look' });
          asking.delete(asked);
        });
      asking.add(asked);
    }
  });

  return async () => {
    clearInterval(timer);
    await Promise.all(asking);
    await write();
  };
}
