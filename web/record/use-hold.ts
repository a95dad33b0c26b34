import { useEffect, useSyncExternalStore } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { queryClient, useSession } from '../calls/queries.ts';
import type { Work } from '../router.ts';
import { holds } from './desk.ts';
import type { Hold } from './holds.ts';

/**
 * Holds the record for this work while it is on the screen. What the record says may be shown only
 * once it is held: then it is asked for anew.
 */
export function useHold(record: RecordAnswer, work: Work | undefined): Hold | undefined {
  const { id, hidden } = record;
  const me = useSession().data?.person.id;
  const hold = useSyncExternalStore(holds.subscribe, () => holds.of(id));
  useEffect(() => {
    holds.show(id);
    return () => holds.leave(id);
  }, [id]);
  useEffect(() => {
    if (work !== undefined) void holds.take(id, work);
  }, [id, work]);
  const opened = hold === 'mine' && hidden && work !== undefined && work !== 'second';
  useEffect(() => {
    if (opened) void queryClient.invalidateQueries({ queryKey: ['record', id], exact: true });
  }, [opened, id]);
  if (work === undefined) return undefined;
  // Before the server has answered, the record itself tells of somebody else.
  if (hold === 'opening' && record.lease && record.lease.person.id !== me) return 'other';
  return hold ?? 'opening';
}
