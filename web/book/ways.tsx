import { Button, Group } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { BookSummary, SessionAnswer } from '../../api/contract.ts';
import { nextWork } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { holds } from '../record/desk.ts';
import { addressOf, go, WORK_OF, WORKS, type Work } from '../router.ts';
import { useTexts } from '../text/language.tsx';

/** True where a second person keys some records without seeing the first one's values. */
export const isKeyedBlind = (book: BookSummary) => book.policy.keying.kind !== 'single';

/** How many records wait for this work, by anybody. */
export const waitingFor = (book: BookSummary, work: Work) =>
  WORK_OF[work].from.reduce((sum, status) => sum + book.records[status], 0);

/** To the next record that waits for this person, one way for each kind of work. */
export function Ways({
  book,
  ended,
  session,
}: {
  readonly book: BookSummary;
  /** Nothing waits any more for this work. */
  readonly ended: Work | undefined;
  readonly session: SessionAnswer;
}) {
  const texts = useTexts();
  const [notice, setNotice] = useState(ended ? texts.nothingLeft[ended] : '');
  const [error, setError] = useState<unknown>();
  const bookId = book.id;
  const { roles } = session.person;
  // True now, not whenever somebody comes back to this address.
  useEffect(() => {
    if (ended) history.replaceState(null, '', addressOf({ at: 'book', id: bookId }));
  }, [ended, bookId]);
  const find = async (work: Work) => {
    setNotice('');
    setError(undefined);
    try {
      const lease = await nextWork({ bookId, work });
      if (!lease) return setNotice(texts.nothingLeft[work]);
      holds.taken(lease.recordId, work);
      go({ at: 'record', id: lease.recordId });
    } catch (problem) {
      setError(problem);
    }
  };
  const works = WORKS.filter(
    (work) =>
      roles.includes(WORK_OF[work].role) &&
      (work === 'second' || work === 'arbitrate'
        ? isKeyedBlind(book) || waitingFor(book, work) > 0
        : true),
  );
  return (
    <div className="ways">
      <Group gap="xs" justify="flex-end">
        {!(isKeyedBlind(book) && roles.includes('keyer')) && (
          <Button
            variant="default"
            component="a"
            href={addressOf({ at: 'completeness', id: bookId })}
          >
            {texts.completeness}
          </Button>
        )}
        {!isKeyedBlind(book) && roles.includes('keyer') && (
          <Button variant="default" component="a" href={addressOf({ at: 'columns', id: bookId })}>
            {texts.byColumn}
          </Button>
        )}
        {works.map((work) => (
          <Button key={work} onClick={() => void find(work)}>
            {texts.workOn[work]} <span className="way-count">{waitingFor(book, work)}</span>
          </Button>
        ))}
      </Group>
      <p role="status" className="small">
        {notice}
      </p>
      {error !== undefined && <Trouble error={error} />}
    </div>
  );
}
