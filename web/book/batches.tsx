import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { BatchAnswer, BookSummary } from '../../api/contract.ts';
import { useBatches, useNewBatch, usePeople, useRevokeBatch } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { WORK_OF, WORKS, type Work } from '../router.ts';
import { useTexts } from '../text/language.tsx';
import { waitingFor } from './ways.tsx';

/** Records of the book given to single people, by who supervises: each batch, and a new one. */
export function Batches({ book }: { readonly book: BookSummary }) {
  const texts = useTexts();
  const batches = useBatches(book.id);
  const [adding, setAdding] = useState(false);
  const live = (batches.data?.items ?? []).filter((b) => b.revokedAt === undefined);
  return (
    <section className="panel" aria-labelledby="batches">
      <Group justify="space-between">
        <h2 id="batches">{texts.batches}</h2>
        {!adding && (
          <Button size="compact-sm" variant="default" onClick={() => setAdding(true)}>
            {texts.newBatch}
          </Button>
        )}
      </Group>
      {batches.isError && <Trouble error={batches.error} again={() => void batches.refetch()} />}
      {adding && <NewBatch book={book} onClose={() => setAdding(false)} />}
      {batches.isSuccess && live.length === 0 && !adding && (
        <p className="small">{texts.noBatches}</p>
      )}
      <ul className="plain">
        {live.map((batch) => (
          <Batch key={batch.id} bookId={book.id} batch={batch} />
        ))}
      </ul>
    </section>
  );
}

function Batch({ bookId, batch }: { readonly bookId: string; readonly batch: BatchAnswer }) {
  const texts = useTexts();
  const revoke = useRevokeBatch(bookId);
  const [asking, setAsking] = useState(false);
  return (
    <li>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <div>
          <strong>{batch.name}</strong> · {texts.workOn[batch.work]} · {batch.person.name}
          <div className="small">{texts.batchLeft(batch.waiting, batch.records)}</div>
        </div>
        {asking ? (
          <Group gap={4} wrap="nowrap">
            <Button size="compact-xs" variant="default" onClick={() => setAsking(false)}>
              {texts.cancel}
            </Button>
            <Button
              size="compact-xs"
              color="red"
              loading={revoke.isPending}
              onClick={() => revoke.mutate(batch.id)}
            >
              {texts.revokeBatch}
            </Button>
          </Group>
        ) : (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`${texts.revokeBatch}: ${batch.name}`}
            onClick={() => setAsking(true)}
          >
            {texts.revokeBatch}
          </Button>
        )}
      </Group>
      {asking && <p className="small">{texts.revokeHelp(batch.waiting)}</p>}
      {revoke.error && <Trouble error={revoke.error} />}
    </li>
  );
}

function NewBatch({ book, onClose }: { readonly book: BookSummary; readonly onClose: () => void }) {
  const texts = useTexts();
  const create = useNewBatch();
  const people = (usePeople().data?.items ?? []).filter((p) => p.active);
  const [work, setWork] = useState<Work>('key');
  const [chosen, setChosen] = useState<string>();
  const [name, setName] = useState('');
  const [count, setCount] = useState('50');
  const able = people.filter((p) => p.roles.includes(WORK_OF[work].role));
  const person = able.find((p) => p.id === chosen) ?? able[0];
  const n = Number(count);
  const isReady = person && name.trim() !== '' && Number.isInteger(n) && n >= 1 && n <= 10_000;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady)
      create.mutate(
        { bookId: book.id, work, personId: person.id, name: name.trim(), count: n },
        { onSuccess: onClose },
      );
  };
  return (
    <form className="sub" onSubmit={submit}>
      <NativeSelect
        size="xs"
        label={texts.batchWork}
        value={work}
        data={WORKS.map((w) => ({
          value: w,
          label: `${texts.workOn[w]} (${waitingFor(book, w)})`,
        }))}
        onChange={(event) => setWork(event.currentTarget.value as Work)}
      />
      <NativeSelect
        size="xs"
        label={texts.takeOverTo}
        value={person?.id ?? ''}
        data={able.map((p) => ({ value: p.id, label: p.name }))}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      <Group grow align="flex-start">
        <TextInput
          size="xs"
          label={texts.batchName}
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          label={texts.batchCount}
          inputMode="numeric"
          value={count}
          maxLength={5}
          onChange={(event) => setCount(event.currentTarget.value.replace(/\D/g, ''))}
        />
      </Group>
      {create.error && <Trouble error={create.error} />}
      <Group justify="flex-end">
        <Button size="compact-sm" variant="default" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button size="compact-sm" type="submit" loading={create.isPending} disabled={!isReady}>
          {texts.newBatch}
        </Button>
      </Group>
    </form>
  );
}
