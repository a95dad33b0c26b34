import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { BatchId, MarkId, RecordId } from '../../models/ids.ts';
import { type Person, scopeHolds } from '../../models/people.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { can } from '../abilities.ts';
import {
  BatchAnswer,
  BatchesAnswer,
  BatchesQuery,
  CloseMarkRequest,
  LeaseAnswer,
  LeasesAnswer,
  LeasesQuery,
  MarkAnswer,
  MarksAnswer,
  MarksQuery,
  NewBatchRequest,
  NewMarkRequest,
  NextWorkAnswer,
  NextWorkRequest,
  OpenRequest,
  ReturnedAnswer,
  ReturnedQuery,
  TakeOverRequest,
} from '../contract.ts';
import { nameAll } from '../names.ts';
import { personOf } from '../sessions.ts';
import { wireBatches, wireLease, wireMarks } from '../wire.ts';
import type { Api, Parts } from './types.ts';

/** Handing work out: batches, the next record, who has what open, and questions. */
export function workRoutes(api: Api, { system }: Parts): void {
  const { store } = system;
  const { batches, leases, marks } = store;
  const tags = ['work'];
  const record = z.object({ id: RecordId });

  /** Their own things only, unless they may see everybody's. */
  const onlyOwn = (person: Person, ability: 'supervise' | 'answer') =>
    can(person, ability) ? undefined : person.id;

  /** @throws Failure `notFound`, also for somebody who has nothing to do with the book */
  async function colleague(id: Person['id'], bookId: z.infer<typeof NewBatchRequest>['bookId']) {
    const [person, book] = await Promise.all([store.people.byId(id), store.books.byId(bookId)]);
    if (!scopeHolds(person.scope, book)) throw new Failure('notFound', 'person of this book');
    return person;
  }

  api.post(
    '/work/next',
    {
      schema: {
        tags,
        summary: 'The next record for you, opened so that nobody else gets it',
        body: NextWorkRequest,
        response: { 200: NextWorkAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      const { work, bookId } = request.body;
      if (bookId) await store.scopes.mustHold(person.scope, 'book', bookId);
      const lease = await leases.next({ person, work, bookId });
      return { lease: lease ? wireLease(lease, () => person) : null };
    },
  );

  api.get(
    '/work/returned',
    {
      config: { reads: 'records' },
      schema: {
        tags,
        summary: 'What was returned to you, and why',
        querystring: ReturnedQuery,
        response: { 200: ReturnedAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      const { personId = person.id, ...page } = request.query;
      // Who keys may have to key those again, blindly.
      const mayLook = can(person, 'supervise') && !person.roles.includes('keyer');
      if (personId !== person.id && !mayLook) throw new Failure('forbidden');
      const items = await store.records.returnedTo({ personId, scope: person.scope, ...page });
      const nameOf = await nameAll(
        store,
        items.map((item) => item.by),
      );
      return {
        items: items.map((item) => ({ ...item, at: item.at.toISOString(), by: nameOf(item.by) })),
      };
    },
  );

  api.get(
    '/work/leases',
    {
      schema: {
        tags,
        summary: 'Who has which record open',
        querystring: LeasesQuery,
        response: { 200: LeasesAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      const personId = onlyOwn(person, 'supervise');
      const items = await leases.list({ scope: person.scope, personId, ...request.query });
      const nameOf = await nameAll(
        store,
        items.map((lease) => lease.personId),
      );
      return {
        items: items.map((lease) => ({ ...wireLease(lease, nameOf), bookId: lease.bookId })),
      };
    },
  );

  api.post(
    '/records/:id/lease',
    {
      config: { of: 'record' },
      schema: {
        tags,
        summary: 'Open a record, or say that you still have it open',
        params: record,
        body: OpenRequest,
        response: { 200: LeaseAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      return wireLease(
        await leases.open(request.params.id, person, request.body.work),
        () => person,
      );
    },
  );

  api.delete(
    '/records/:id/lease',
    {
      config: { of: 'record' },
      schema: { tags, summary: 'Give a record back', params: record, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await leases.release(request.params.id, personOf(request).id);
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/records/:id/lease/take-over',
    {
      config: { of: 'record', ability: 'supervise' },
      schema: {
        tags,
        summary: 'Give a record that somebody has open to somebody else',
        params: record,
        body: TakeOverRequest,
        response: { 200: LeaseAnswer },
      },
    },
    async (request) => {
      const by = personOf(request);
      const { id } = request.params;
      const { bookId } = await store.records.byId(id);
      const person = await colleague(request.body.personId ?? by.id, bookId);
      request.log.info({ by: by.id, record: id, person: person.id }, 'taken over');
      return wireLease(await leases.takeOver(id, person), () => person);
    },
  );

  api.post(
    '/records/:id/marks',
    {
      config: { of: 'record' },
      schema: {
        tags,
        summary: 'Skip a record, flag it, or ask about it',
        params: record,
        body: NewMarkRequest,
        response: { 201: MarkAnswer },
      },
    },
    async (request, reply) => {
      const { id: personId, roles } = personOf(request);
      if (roles.every((role) => role === 'viewer')) throw new Failure('forbidden');
      const { field } = request.body;
      const { register } = await store.records.byId(request.params.id);
      if (field !== undefined && !Object.hasOwn(registerOf(register).fields, field))
        throw new Failure('invalid', 'a field that the register lacks');
      const mark = await marks.add({ recordId: request.params.id, personId, ...request.body });
      const [answer] = await wireMarks(store, [mark]);
      return reply.code(201).send(answer!);
    },
  );

  api.post(
    '/records/:id/marks/:mark/close',
    {
      config: { of: 'record', ability: 'answer' },
      schema: {
        tags,
        summary: 'Answer a question, settle a flag, lift a skip',
        params: record.extend({ mark: MarkId }),
        body: CloseMarkRequest,
        response: { 200: MarkAnswer },
      },
    },
    async (request) => {
      const { id: recordId, mark: id } = request.params;
      const by = personOf(request).id;
      const mark = await marks.close({ id, recordId, by, answer: request.body.answer });
      const [answer] = await wireMarks(store, [mark]);
      return answer!;
    },
  );

  api.get(
    '/work/marks',
    {
      config: { reads: 'records' },
      schema: {
        tags,
        summary: 'Skips, flags and questions',
        querystring: MarksQuery,
        response: { 200: MarksAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      const personId = onlyOwn(person, 'answer');
      const keyer = person.roles.includes('keyer') ? person.id : undefined;
      const items = await marks.list({ scope: person.scope, personId, keyer, ...request.query });
      return { items: await wireMarks(store, items) };
    },
  );

  api.get(
    '/batches',
    {
      schema: {
        tags,
        summary: 'Batches, newest first',
        querystring: BatchesQuery,
        response: { 200: BatchesAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      const personId = onlyOwn(person, 'supervise');
      const items = await batches.list({ scope: person.scope, personId, ...request.query });
      return { items: await wireBatches(store, items) };
    },
  );

  api.post(
    '/batches',
    {
      config: { ability: 'supervise' },
      schema: {
        tags,
        summary: 'Hand records of a book to a person',
        body: NewBatchRequest,
        response: { 201: BatchAnswer },
      },
    },
    async (request, reply) => {
      const by = personOf(request);
      const { personId, ...wanted } = request.body;
      await store.scopes.mustHold(by.scope, 'book', wanted.bookId);
      const person = await colleague(personId, wanted.bookId);
      const batch = await batches.create({ ...wanted, person, by: by.id });
      const [answer] = await wireBatches(store, [batch]);
      return reply.code(201).send(answer!);
    },
  );

  api.post(
    '/batches/:id/revoke',
    {
      config: { of: 'batch', ability: 'supervise' },
      schema: {
        tags,
        summary: 'Take back what of a batch is not done',
        params: z.object({ id: BatchId }),
        response: { 200: BatchAnswer },
      },
    },
    async (request) => {
      const [answer] = await wireBatches(store, [await batches.revoke(request.params.id)]);
      return answer!;
    },
  );
}
