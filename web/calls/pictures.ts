import { useEffect, useState } from 'react';

/** A picture that did not come is asked for again after so long, or once the line is back. */
const AGAIN_MS = 4000;
/** What is held at most: some twenty pages with their crops. */
const MOST_BYTES = 24 * 1024 * 1024;

interface Held {
  loading: Promise<string>;
  url?: string;
  bytes: number;
}

/** By address, the one asked for last stands last. */
const held = new Map<string, Held>();

function letGo(): void {
  let bytes = [...held.values()].reduce((sum, h) => sum + h.bytes, 0);
  for (const [path, { url, bytes: own }] of held) {
    if (bytes <= MOST_BYTES || held.size < 2) return;
    if (url === undefined) continue;
    held.delete(path);
    URL.revokeObjectURL(url);
    bytes -= own;
  }
}

/** The server has no such picture for this person: asking again changes nothing. */
class NoPicture extends Error {
  override readonly name = 'NoPicture';
}

async function load(path: string, into: Held): Promise<string> {
  const answer = await fetch(path, { credentials: 'same-origin' });
  const problem = `picture: status ${answer.status}`;
  if (answer.status >= 500) throw new Error(problem);
  if (!answer.ok) throw new NoPicture(problem);
  const blob = await answer.blob();
  // Wiped while it was on its way: nobody may see it any more.
  if (held.get(path) !== into) throw new Error('picture: not wanted any more');
  into.url = URL.createObjectURL(blob);
  into.bytes = blob.size;
  letGo();
  return into.url;
}

/**
 * A picture of the API as an address in memory. The server lets no browser keep pictures of pages
 * (`no-store`), so what is fetched ahead is held here: bounded, never on disk, gone at sign-out.
 * @throws Error when it cannot be had now
 */
export function picture(path: string): Promise<string> {
  const known = held.get(path);
  if (known) {
    held.delete(path);
    held.set(path, known);
    return known.loading;
  }
  const entry: Held = { loading: Promise.resolve(''), bytes: 0 };
  held.set(path, entry);
  entry.loading = load(path, entry);
  // The next one to ask tries again.
  entry.loading.catch(() => held.get(path) === entry && held.delete(path));
  return entry.loading;
}

/** Erases all pictures from memory. */
export function wipePictures(): void {
  for (const { url } of held.values()) if (url !== undefined) URL.revokeObjectURL(url);
  held.clear();
}

/**
 * The picture's address in memory; undefined while it comes, null when it cannot be had. While the
 * line is down it is asked for again and again.
 */
export function usePicture(path: string | undefined): string | null | undefined {
  const [got, setGot] = useState<{ readonly path: string; readonly url: string | null }>();
  useEffect(() => {
    if (path === undefined) return;
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = () => {
      clearTimeout(timer);
      picture(path).then(
        (url) => {
          window.removeEventListener('online', ask);
          if (wanted) setGot({ path, url });
        },
        (error: unknown) => {
          if (!wanted) return;
          setGot({ path, url: null });
          if (!(error instanceof NoPicture)) timer = setTimeout(ask, AGAIN_MS);
        },
      );
    };
    window.addEventListener('online', ask);
    ask();
    return () => {
      wanted = false;
      clearTimeout(timer);
      window.removeEventListener('online', ask);
    };
  }, [path]);
  if (path === undefined) return undefined;
  // What is here already is drawn at once.
  return held.get(path)?.url ?? (got?.path === path ? got.url : undefined);
}
