import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { BookId, RecordId } from '../../models/ids.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { findUnits } from '../../pipeline/prefill/units.ts';
import { mayKeyBlind } from '../blind.ts';
import {
  AroundAnswer,
  UnitsAnswer,
  UnitsQuery,
  WordingsAnswer,
  WordingsQuery,
} from '../contract.ts';
import { personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** Units that a person can overlook while typing. */
const MOST_UNITS = 8;

/** What helps a person who types: the records around, the wordings of the book, names of places. */
export function lookupRoutes(api: Api, { system }: Parts): void {
  const { books, lookups } = system.store;
  const tags = ['records'];

  api.get(
    '/records/:id/around',
    {
      config: { of: 'record' },
      schema: {
        tags,
        summary: 'The records before and after one, in page order',
        params: z.object({ id: RecordId }),
        response: { 200: AroundAnswer },
      },
    },
    async (request) => lookups.around(request.params.id),
  );

  api.get(
    '/books/:id/wordings',
    {
      config: { of: 'book', reads: 'column' },
      schema: {
        tags,
        summary: 'What people have written in such a field of the book',
        params: z.object({ id: BookId }),
        querystring: WordingsQuery,
        response: { 200: WordingsAnswer },
      },
    },
    async (request) => {
      const book = await books.byId(request.params.id);
      const { fields } = registerOf(book.register);
      const { field } = request.query;
      // Who keys blindly is not told what others have written.
      if (await mayKeyBlind(system.store, personOf(request), book.id)) return { items: [] };
      const kind = fields[field]?.kind;
      if (kind === undefined) throw new Failure('invalid', `field ${field}`);
      // One commune is born in, resided in and registered at: places speak for each other.
      const alike = Object.keys(fields).filter((key) => fields[key]!.kind === kind);
      return { items: await lookups.wordings(book.id, kind === 'place' ? alike : [field]) };
    },
  );

  api.get(
    '/units',
    {
      schema: {
        tags,
        summary: 'Communes with district and province, before the reform of 2025',
        querystring: UnitsQuery,
        response: { 200: UnitsAnswer },
      },
    },
    async (request) => ({ items: [...findUnits(request.query.search, MOST_UNITS)] }),
  );
}
