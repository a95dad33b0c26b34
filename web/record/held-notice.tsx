import { Button, Group, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { queryClient, usePeople, useSession, useTakeOver } from '../calls/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Trouble } from '../parts/problem.tsx';
import { WORK_OF, type Work } from '../router.ts';
import { useTexts } from '../text/language.tsx';
import { holds } from './desk.ts';
import { Notice } from './notices.tsx';

/** Somebody else is at work on the record: who, and taking it over for who supervises. */
export function HeldNotice({
  record,
  work,
}: {
  readonly record: RecordAnswer;
  readonly work: Work | undefined;
}) {
  const texts = useTexts();
  const session = useSession().data;
  const [asking, setAsking] = useState(false);
  const lease = record.lease?.person.id === session?.person.id ? null : record.lease;
  const again = () => {
    void queryClient.invalidateQueries({ queryKey: ['record', record.id], exact: true });
    if (work) void holds.take(record.id, work);
  };
  return (
    <Notice tone="warn">
      {lease ? texts.openBy(lease.person.name) : texts.notForYou}{' '}
      <button type="button" className="chip quiet" onClick={again}>
        {texts.tryAgain}
      </button>{' '}
      {lease && session?.abilities.includes('supervise') && (
        <button type="button" className="chip quiet" onClick={() => setAsking(true)}>
          {texts.takeOver}
        </button>
      )}
      {asking && lease && (
        <TakeOver
          recordId={record.id}
          lease={lease}
          onClose={() => setAsking(false)}
          onDone={again}
        />
      )}
    </Notice>
  );
}

/** Asks before a record is taken from somebody: to whom it goes, and what becomes of their work. */
function TakeOver({
  recordId,
  lease,
  onClose,
  onDone,
}: {
  readonly recordId: string;
  readonly lease: NonNullable<RecordAnswer['lease']>;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const texts = useTexts();
  const session = useSession().data;
  const takeOver = useTakeOver(recordId);
  const { role } = WORK_OF[lease.work];
  const people = (usePeople().data?.items ?? []).filter(
    ({ id, active, roles }) => active && id !== lease.person.id && roles.includes(role),
  );
  const [chosen, setChosen] = useState<string>();
  const me = people.find(({ id }) => id === session?.person.id);
  const to = chosen ?? (me ?? people[0])?.id;
  return (
    <Dialog title={texts.takeOver} size="md" onClose={onClose}>
      <p>{texts.takeOverHelp(lease.person.name)}</p>
      <NativeSelect
        mt="sm"
        label={texts.takeOverTo}
        value={to ?? ''}
        data={people.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      {takeOver.error && <Trouble error={takeOver.error} />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button
          disabled={to === undefined}
          loading={takeOver.isPending}
          onClick={() =>
            takeOver.mutate(to!, {
              onSuccess: () => {
                onClose();
                onDone();
              },
            })
          }
        >
          {texts.takeOver}
        </Button>
      </Group>
    </Dialog>
  );
}
