import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { BookId, RecordId } from '../../models/ids.ts';
import { can } from '../abilities.ts';
import { ensureSampleAccounts } from '../accounts.ts';
import {
  DashboardAnswer,
  DashboardQuery,
  SampleBookAnswer,
  StripAnswer,
  VerificationAnswer,
} from '../contract.ts';
import { problemOf } from '../problems.ts';
import { takeInSample } from '../sample.ts';
import { personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** Books, people's work and histories at a glance, and a book to try everything with. */
export function overviewRoutes(api: Api, { system, uploads }: Parts): void {
  const { books, overview, records } = system.store;

  api.get(
    '/books/:id/strip',
    {
      config: { of: 'book' },
      schema: {
        tags: ['books'],
        summary: 'Every page of a book with its state and its records',
        params: z.object({ id: BookId }),
        response: { 200: StripAnswer },
      },
    },
    async (request) => {
      const book = await books.byId(request.params.id);
      const pages = await overview.strip(book.id);
      return {
        items: pages.map(({ failure, ...page }) => ({
          ...page,
          ...(failure ? { failure: problemOf(failure) } : {}),
        })),
      };
    },
  );

  api.get(
    '/dashboard',
    {
      schema: {
        tags: ['books'],
        summary: 'Records by status, and the work of the last days: your own, or everybody’s',
        querystring: DashboardQuery,
        response: { 200: DashboardAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      // How much each person does is for those who answer for it.
      const everybody = can(person, 'managePeople') || can(person, 'export');
      const [statuses, days] = await Promise.all([
        overview.statuses(person.scope),
        overview.days(request.query.days, person.scope, everybody ? undefined : person.id),
      ]);
      return { statuses, days, everybody };
    },
  );

  api.get(
    '/records/:id/verification',
    {
      config: { of: 'record' },
      schema: {
        tags: ['records'],
        summary: 'Whether the history of a record holds',
        params: z.object({ id: RecordId }),
        response: { 200: VerificationAnswer },
      },
    },
    async (request) => {
      const found = await records.verify(request.params.id);
      return found ? { intact: false, version: found.version, why: found.why } : { intact: true };
    },
  );

  api.post(
    '/sample',
    {
      config: { ability: 'takeIn' },
      schema: {
        tags: ['books'],
        summary: 'Take in the sample book; an administrator also gets accounts to try it with',
        response: { 200: SampleBookAnswer },
      },
    },
    async (request) => {
      // The sample's accounts and its book are of no place: not for who answers for some places only.
      if (personOf(request).scope !== undefined)
        throw new Failure('forbidden', 'the sample is for people of all places');
      const bookId = await takeInSample(system.store, uploads);
      const accounts = can(personOf(request), 'managePeople')
        ? await ensureSampleAccounts(system.store, { reset: false })
        : [];
      return {
        bookId,
        accounts: accounts.map(({ login, password, purpose }) => ({
          login,
          purpose,
          ...(password === undefined ? {} : { password }),
        })),
      };
    },
  );
}
