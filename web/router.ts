import { useSyncExternalStore } from 'react';

/** What a person does with one record after the other. */
export const WORKS = ['key', 'second', 'arbitrate', 'check', 'approve'] as const;
export type Work = (typeof WORKS)[number];

/** Who does it, and the statuses in which a record waits for it. */
export const WORK_OF = {
  key: { role: 'keyer', from: ['prefilled', 'returned'] },
  second: { role: 'keyer', from: ['secondKeying'] },
  arbitrate: { role: 'keyer', from: ['arbitration'] },
  check: { role: 'checker', from: ['keyed'] },
  approve: { role: 'approver', from: ['checked'] },
} as const;

/** Where a person is. Addresses carry ids only: search words and values stay out of histories. */
export type Place =
  | { readonly at: 'books' }
  | { readonly at: 'newBook' }
  | { readonly at: 'dashboard' }
  | { readonly at: 'people' }
  /** One's own password, authenticator and tokens. */
  | { readonly at: 'account' }
  /** `ended`: nothing of the book waits any more for this person's work of that kind. */
  | { readonly at: 'book'; readonly id: string; readonly ended?: Work | undefined }
  /** One field of all records; the first one that wants answers without `field`. */
  | { readonly at: 'columns'; readonly id: string; readonly field?: string | undefined }
  /** Whether a book is complete, and handing it over. */
  | { readonly at: 'completeness'; readonly id: string }
  /** The books that are ready for transfer. */
  | { readonly at: 'ready' }
  | { readonly at: 'record'; readonly id: string }
  /** The history of a record. */
  | { readonly at: 'audit'; readonly id: string };

/** Addresses are behind `#`, so the server needs no rule for them. */
export function addressOf(place: Place): string {
  switch (place.at) {
    case 'books':
      return '#/';
    case 'newBook':
      return '#/books/new';
    case 'book':
      return `#/books/${place.id}${place.ended ? `/${place.ended}` : ''}`;
    case 'dashboard':
      return '#/dashboard';
    case 'people':
      return '#/people';
    case 'account':
      return '#/account';
    case 'ready':
      return '#/ready';
    case 'completeness':
      return `#/books/${place.id}/completeness`;
    case 'audit':
      return `#/records/${place.id}/audit`;
    case 'columns':
      return `#/books/${place.id}/columns${place.field ? `/${place.field}` : ''}`;
    case 'record':
      return `#/records/${place.id}`;
  }
}

/** The place of an address; the list of books for anything unknown. */
export function placeOf(hash: string): Place {
  const [kind, id, more, field] = hash.replace(/^#\/?/, '').split('/');
  if (kind === 'books' && id === 'new') return { at: 'newBook' };
  if (kind === 'books' && id && more === 'columns')
    return { at: 'columns', id, field: field || undefined };
  if (kind === 'books' && id && more === 'completeness') return { at: more, id };
  if (kind === 'books' && id) return { at: 'book', id, ended: WORKS.find((work) => work === more) };
  const alone = (['dashboard', 'people', 'account', 'ready'] as const).find((at) => at === kind);
  if (alone) return { at: alone };
  if (kind === 'records' && id && more === 'audit') return { at: 'audit', id };
  if (kind === 'records' && id) return { at: 'record', id };
  return { at: 'books' };
}

const subscribe = (changed: () => void) => {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
};

export function usePlace(): Place {
  return placeOf(useSyncExternalStore(subscribe, () => window.location.hash));
}

export function go(place: Place): void {
  window.location.hash = addressOf(place);
}
