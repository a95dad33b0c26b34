import { Badge } from '@mantine/core';
import type { RecordAnswer } from '../../api/contract.ts';
import { useTexts } from '../text/language.tsx';

export type Status = RecordAnswer['status'];

/** The statuses in the order of the work. */
export const STATUSES = [
  'prefilled',
  'returned',
  'secondKeying',
  'arbitration',
  'keyed',
  'checked',
  'approved',
] as const satisfies readonly Status[];

/** A record's status: its word on its colour. */
export function StatusBadge({ status }: { readonly status: Status }) {
  const texts = useTexts();
  return (
    <Badge className={`status status-${status}`} variant="light" radius="sm" size="sm">
      {texts.status[status]}
    </Badge>
  );
}

/** How many records stand where: a bar of one colour for each status, and the counts in words. */
export function StatusCounts({
  counts,
}: {
  readonly counts: Readonly<Partial<Record<Status, number>>>;
}) {
  const texts = useTexts();
  const present = STATUSES.filter((status) => (counts[status] ?? 0) > 0);
  const total = present.reduce((sum, status) => sum + counts[status]!, 0);
  if (total === 0) return <span className="dim">—</span>;
  return (
    <div className="status-counts">
      <div className="status-bar" aria-hidden="true">
        {present.map((status) => (
          <span key={status} className={`bg-${status}`} style={{ flexGrow: counts[status]! }} />
        ))}
      </div>
      <ul>
        {present.map((status) => (
          <li key={status}>
            <span className={`dot bg-${status}`} aria-hidden="true" />
            {counts[status]} {texts.status[status]}
          </li>
        ))}
      </ul>
    </div>
  );
}
