import { useEffect, useRef, useState } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { noteCompared } from '../calls/queries.ts';

/** Notes of several fields go out together. */
const GATHER_MS = 1200;

/**
 * The fields that this person has compared with the page. Each is noted with the server, so that
 * nothing is compared twice; a note that does not arrive is made good by the check itself.
 */
export function useCompared(record: RecordAnswer) {
  const { id, version, compared } = record;
  const [said, setSaid] = useState<ReadonlyMap<string, boolean>>(new Map());
  const unsent = useRef(new Map<string, boolean>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const send = () => {
    clearTimeout(timer.current);
    const notes = [...unsent.current];
    unsent.current.clear();
    for (const value of [true, false]) {
      const fields = notes.flatMap(([key, is]) => (is === value ? [key] : []));
      if (fields.length > 0)
        void noteCompared(id, { seen: version, fields, compared: value }).catch(() => undefined);
    }
  };
  const sendNow = useRef(send);
  sendNow.current = send;
  useEffect(() => () => sendNow.current(), []);

  const say = (key: string, is: boolean) => {
    setSaid((old) => new Map(old).set(key, is));
    unsent.current.set(key, is);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => sendNow.current(), GATHER_MS);
  };
  /** What is not noted yet is said by the action that ends the work. */
  const drop = () => {
    clearTimeout(timer.current);
    unsent.current.clear();
  };
  return {
    has: (key: string) => said.get(key) ?? compared.includes(key),
    say,
    drop,
  };
}
