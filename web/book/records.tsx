import { Button, Group, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { BookSummary } from '../../api/contract.ts';
import { useRecords } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { STATUSES, type Status, StatusBadge } from '../parts/status.tsx';
import { addressOf, go } from '../router.ts';
import { useTexts } from '../text/language.tsx';

/** The records of a book, by status and by search. */
export function Records({
  bookId,
  counts,
}: {
  readonly bookId: string;
  readonly counts: BookSummary['records'];
}) {
  const texts = useTexts();
  const [status, setStatus] = useState<Status>();
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search.trim(), 250);
  const records = useRecords(bookId, status, wanted);
  const items = records.data?.pages.flatMap((p) => p.items) ?? [];
  const total = records.data?.pages[0]?.total ?? 0;
  const all = STATUSES.reduce((sum, s) => sum + counts[s], 0);
  return (
    <section className="panel records" aria-labelledby="records">
      <Group justify="space-between" gap="xs">
        <h2 id="records">{texts.recordsWord}</h2>
        <TextInput
          type="search"
          size="xs"
          w={240}
          aria-label={texts.searchRecords}
          placeholder={texts.searchRecords}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </Group>
      <fieldset className="filter" aria-label={texts.statusLabel}>
        <button
          type="button"
          aria-pressed={status === undefined}
          onClick={() => setStatus(undefined)}
        >
          {texts.all} <span className="count">{all}</span>
        </button>
        {STATUSES.map((s) => (
          <button key={s} type="button" aria-pressed={status === s} onClick={() => setStatus(s)}>
            <span className={`dot bg-${s}`} aria-hidden="true" />
            {texts.status[s]} <span className="count">{counts[s]}</span>
          </button>
        ))}
      </fieldset>
      {records.isError && <Trouble error={records.error} again={() => void records.refetch()} />}
      {records.isSuccess && items.length === 0 && (
        <p className="nothing">{wanted || status ? texts.noRecordsFound : texts.noRecords}</p>
      )}
      {items.length > 0 && (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">{texts.recordNumber}</th>
              <th scope="col">{texts.names}</th>
              <th scope="col">{texts.registeredOn}</th>
              <th scope="col">{texts.statusLabel}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((record) => (
              // The link in the row does the same for keyboards.
              <tr
                key={record.id}
                className="clickable"
                onClick={() => go({ at: 'record', id: record.id })}
              >
                <td>
                  <a className="strong" href={addressOf({ at: 'record', id: record.id })}>
                    {record.number || '—'}
                  </a>
                </td>
                <td>
                  {record.names.length > 0 ? (
                    record.names.join(' · ')
                  ) : (
                    <span className="dim">{texts.unnamed}</span>
                  )}
                </td>
                <td>{record.registered}</td>
                <td>
                  <StatusBadge status={record.status} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {records.hasNextPage && (
        <Group justify="center" mt="xs">
          <Button
            size="compact-sm"
            variant="default"
            loading={records.isFetchingNextPage}
            onClick={() => void records.fetchNextPage()}
          >
            {texts.more} ({texts.countShown(items.length, total)})
          </Button>
        </Group>
      )}
    </section>
  );
}
