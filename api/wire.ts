/** Rows of the store as the API says them: dates as text, failures in both languages. */
import type { Book, Document, Page } from '../models/books.ts';
import type { FailureData } from '../models/failures.ts';
import { FIELD_KINDS } from '../models/field-kinds.ts';
import { type Form, fieldsOnForm } from '../models/forms/define.ts';
import type { PersonId } from '../models/ids.ts';
import type { Register, RegisterField } from '../models/registers/define.ts';
import { registerOf } from '../models/registers/registry.ts';
import type { RecordRow } from '../models/store/records.ts';
import type { Store } from '../models/store/store.ts';
import type { Batch, Lease, Mark } from '../models/work.ts';
import type {
  BatchAnswer,
  DocumentAnswer,
  FormAnswer,
  FormField,
  LeaseAnswer,
  MarkAnswer,
  PageAnswer,
  PersonRef,
  Problem,
  RecordSummary,
} from './contract.ts';
import { nameAll } from './names.ts';
import { problemOf } from './problems.ts';

const failureOf = (failure: FailureData | undefined): { failure?: Problem } =>
  failure ? { failure: problemOf(failure) } : {};

export function wireBook<T extends Book>(book: T): Omit<T, 'createdAt'> & { createdAt: string } {
  return { ...book, createdAt: book.createdAt.toISOString() };
}

export function wireDocument(document: Document): DocumentAnswer {
  const { failure, createdAt, ...rest } = document;
  return { ...rest, createdAt: createdAt.toISOString(), ...failureOf(failure) };
}

export function wirePage(page: Page): PageAnswer {
  const { imageKey: _, imageHash: __, failure, reason, ...rest } = page;
  return { ...rest, ...failureOf(failure), ...(reason ? { reason: problemOf(reason) } : {}) };
}

function wireField(key: string, field: RegisterField): FormField {
  const { group, input } = FIELD_KINDS[field.kind];
  return {
    key,
    vi: field.vi,
    en: field.en,
    kind: field.kind,
    group,
    input,
    required: field.required,
    ...(field.list === undefined ? {} : { list: field.list }),
    ...(field.maxLength === undefined ? {} : { maxLength: field.maxLength }),
  };
}

export function wireLease(
  { recordId, personId, work, since, until }: Lease,
  nameOf: (id: PersonId) => PersonRef,
): LeaseAnswer {
  const { id, name } = nameOf(personId);
  const person = { id, name };
  return { recordId, person, work, since: since.toISOString(), until: until.toISOString() };
}

export async function wireMarks(store: Store, marks: readonly Mark[]): Promise<MarkAnswer[]> {
  const nameOf = await nameAll(
    store,
    marks.flatMap((mark) => [mark.personId, mark.closedBy ?? mark.personId]),
  );
  return marks.map(({ personId, closedBy, at, closedAt, ...mark }) => ({
    ...mark,
    person: nameOf(personId),
    at: at.toISOString(),
    ...(closedAt ? { closedAt: closedAt.toISOString() } : {}),
    ...(closedBy ? { closedBy: nameOf(closedBy) } : {}),
  }));
}

export async function wireBatches(store: Store, batches: readonly Batch[]): Promise<BatchAnswer[]> {
  const nameOf = await nameAll(
    store,
    batches.flatMap((batch) => [batch.personId, batch.createdBy]),
  );
  return batches.map(({ personId, createdBy, createdAt, revokedAt, ...batch }) => ({
    ...batch,
    person: nameOf(personId),
    createdBy: nameOf(createdBy),
    createdAt: createdAt.toISOString(),
    ...(revokedAt ? { revokedAt: revokedAt.toISOString() } : {}),
  }));
}

const wireFields = (keys: readonly string[], register: Register) =>
  keys.flatMap((key) => {
    const field = register.fields[key];
    return field ? [wireField(key, field)] : [];
  });

export function wireForm(form: Form): FormAnswer {
  const register = registerOf(form.register);
  return {
    ...form,
    register,
    fields: wireFields(fieldsOnForm(form), register),
    bookFields: wireFields(form.fromBook, register),
  };
}

/** A record as a line of a list. */
export const wireRecord = ({
  id,
  bookId,
  status,
  version,
  number,
  names,
  registered,
  doubtful,
}: RecordRow): RecordSummary => ({
  id,
  bookId,
  status,
  version,
  names,
  doubtful,
  ...(number === undefined ? {} : { number }),
  ...(registered === undefined ? {} : { registered }),
});
