import { z } from 'zod';
import { BatchId, BookId, MarkId, PersonId, RecordId } from './ids.ts';
import { MOVES } from './record.ts';

/** What people do with records, one kind after the other. */
export const Work = z.enum(['key', 'second', 'arbitrate', 'check', 'approve']);
export type Work = z.infer<typeof Work>;

/** The move that ends each kind of work. */
export const MOVE_OF = {
  key: 'keyed',
  second: 'secondKeyed',
  arbitrate: 'arbitrated',
  check: 'checked',
  approve: 'approved',
} as const satisfies Record<Work, keyof typeof MOVES>;

/** The statuses in which a record waits for this work, and the roles that do it. */
export const moveOf = (work: Work) => MOVES[MOVE_OF[work]];

/** A lease lives this long after each sign of life. */
export const LEASE_SECONDS = 300;

/** Who has a record open, and until when unless they go on. */
export const Lease = z.object({
  recordId: RecordId,
  personId: PersonId,
  work: Work,
  since: z.coerce.date(),
  until: z.coerce.date(),
});
export type Lease = z.infer<typeof Lease>;

/** `skip`: not I. `flag`: somebody should look. `ask`: a question that wants an answer. */
export const MarkKind = z.enum(['skip', 'flag', 'ask']);
export type MarkKind = z.infer<typeof MarkKind>;

/** What somebody said about a record that they could not finish. Open until `closedAt`. */
export const Mark = z.object({
  id: MarkId,
  recordId: RecordId,
  bookId: BookId,
  personId: PersonId,
  kind: MarkKind,
  field: z.string().optional(),
  text: z.string(),
  at: z.coerce.date(),
  closedAt: z.coerce.date().optional(),
  closedBy: PersonId.optional(),
  answer: z.string().optional(),
});
export type Mark = z.infer<typeof Mark>;

/** Records of a book, handed to one person for one kind of work. */
export const Batch = z.object({
  id: BatchId,
  bookId: BookId,
  work: Work,
  personId: PersonId,
  name: z.string(),
  createdBy: PersonId,
  createdAt: z.coerce.date(),
  revokedAt: z.coerce.date().optional(),
  records: z.number().int(),
  /** Those that still wait for this work. */
  waiting: z.number().int(),
});
export type Batch = z.infer<typeof Batch>;
