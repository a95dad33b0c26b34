import { Group } from '@mantine/core';
import { useState } from 'react';
import type { BookSummary } from '../../api/contract.ts';
import { useRecords, useSession } from '../calls/queries.ts';
import { loaded, More, SearchBox, useSearch } from '../parts/list.tsx';
import { Trouble } from '../parts/problem.tsx';
import { STATUSES, type Status, StatusBadge } from '../parts/status.tsx';
import { addressOf, go } from '../router.ts';
import { useTexts } from '../text/language.tsx';
import { isKeyedBlind } from './ways.tsx';

/** The records of a book, by status and by search. */
export function Records({ book }: { readonly book: BookSummary }) {
  const texts = useTexts();
  const me = useSession().data?.person.id;
  const { id: bookId, records: counts } = book;
  const [status, setStatus] = useState<Status>();
  const { search, setSearch, wanted } = useSearch();
  const records = useRecords(bookId, status, wanted);
  const { items, total } = loaded(records);
  // What a book without second keying never has is no way to look for its records.
  const statuses = STATUSES.filter(
    (s) => (s !== 'secondKeying' && s !== 'arbitration') || isKeyedBlind(book) || counts[s] > 0,
  );
  const all = STATUSES.reduce((sum, s) => sum + counts[s], 0);
  return (
    <section className="panel records" aria-labelledby="records">
      <Group justify="space-between" gap="xs">
        <h2 id="records">{texts.recordsWord}</h2>
        <SearchBox label={texts.searchRecords} size="xs" value={search} onChange={setSearch} />
      </Group>
      <fieldset className="filter" aria-label={texts.statusLabel}>
        <button
          type="button"
          aria-pressed={status === undefined}
          onClick={() => setStatus(undefined)}
        >
          {texts.all} <span className="count">{all}</span>
        </button>
        {statuses.map((s) => (
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
                  {record.openBy && record.openBy.id !== me && (
                    <span className="open-by">{texts.openByShort(record.openBy.name)}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <More query={records} shown={items.length} total={total} />
    </section>
  );
}
