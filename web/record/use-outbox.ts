import { useSyncExternalStore } from 'react';
import { outbox } from './desk.ts';

/** The outbox as it is now. */
export const useOutbox = () => useSyncExternalStore(outbox.subscribe, outbox.read);
