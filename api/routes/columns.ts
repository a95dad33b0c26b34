import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import { BookId, type RecordId } from '../../models/ids.ts';
import type { Person } from '../../models/people.ts';
import { mustNotKeyBlind } from '../blind.ts';
import {
  ColumnAnswer,
  type ColumnItem,
  ColumnQuery,
  type ColumnResult,
  ColumnsAnswer,
  ConfirmColumnAnswer,
  ConfirmColumnRequest,
} from '../contract.ts';
import { problemOf } from '../problems.ts';
import { personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** Keying by column: one field of all records of a book. */
export function columnRoutes(api: Api, { system }: Parts): void {
  const { store } = system;
  const { books, columns, records } = store;
  const tags = ['records'];
  const params = z.object({ id: BookId });
  const ofField = params.extend({ field: z.string().max(80) });

  /**
   * @throws Failure `notFound`, `invalid` for a field that the book's form does not ask, `forbidden`
   *   for a keyer of a book that is keyed blindly
   */
  async function mustAsk(id: BookId, field: string, person: Person): Promise<void> {
    const book = await books.byId(id);
    await mustNotKeyBlind(store, person, id);
    if (!fieldsOnForm(formOf(book.form)).includes(field))
      throw new Failure('invalid', `field ${field}`);
  }

  api.get(
    '/books/:id/columns',
    {
      config: { of: 'book' },
      schema: {
        tags,
        summary: 'How many records want a person’s answer, by field in page order',
        params,
        response: { 200: ColumnsAnswer },
      },
    },
    async (request) => {
      const book = await books.byId(request.params.id);
      return { items: await columns.counts(book.id, fieldsOnForm(formOf(book.form))) };
    },
  );

  api.get(
    '/books/:id/columns/:field',
    {
      config: { of: 'book', reads: 'column' },
      schema: {
        tags,
        summary: 'One field of the records that want an answer, by value and confidence',
        params: ofField,
        querystring: ColumnQuery,
        response: { 200: ColumnAnswer },
      },
    },
    async (request) => {
      const { id, field } = request.params;
      await mustAsk(id, field, personOf(request));
      return { items: await columns.open(id, field, request.query.limit) };
    },
  );

  async function present(recordId: RecordId, field: string) {
    const { record, state } = await records.state(recordId);
    const value = state.values[field];
    return { version: record.version, ...(value ? { value } : {}) };
  }

  /** One row is one action of its record, with the version that was on the screen. */
  async function confirm(
    bookId: BookId,
    field: string,
    { recordId, seen, answer }: ColumnItem,
    person: Person,
  ): Promise<ColumnResult> {
    try {
      if ((await records.byId(recordId)).bookId !== bookId)
        throw new Failure('notFound', 'record of this book');
      const { record } = await records.append(recordId, {
        person,
        seen,
        action: answer
          ? { type: 'keyed', answers: { [field]: answer } }
          : { type: 'keyed', answers: {}, confirmed: [field] },
      });
      return { recordId, outcome: 'saved', version: record.version };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.kind !== 'conflict')
        return { recordId, outcome: 'refused', problem: problemOf(error) };
      return { recordId, outcome: 'stale', ...(await present(recordId, field)) };
    }
  }

  api.post(
    '/books/:id/columns/:field',
    {
      config: { of: 'book', reads: 'column' },
      schema: {
        tags,
        summary: 'Confirm or answer one field of many records, each by an action of its own',
        params: ofField,
        body: ConfirmColumnRequest,
        response: { 200: ConfirmColumnAnswer },
      },
    },
    async (request) => {
      const { id, field } = request.params;
      const person = personOf(request);
      await mustAsk(id, field, person);
      const items: ColumnResult[] = [];
      // One after the other: two rows may be of one record's lock, and none is worth a race.
      for (const item of request.body.items) items.push(await confirm(id, field, item, person));
      return { items };
    },
  );
}
