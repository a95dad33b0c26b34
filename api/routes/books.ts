import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { BookId, DocumentId, PageId } from '../../models/ids.ts';
import type { Job } from '../../models/stages.ts';
import { mayChangeProjects } from '../abilities.ts';
import {
  BookAnswer,
  BookPolicyRequest,
  BooksAnswer,
  BooksQuery,
  DocumentAnswer,
  NewBookRequest,
  PageAnswer,
  PageChangeRequest,
  PagesAnswer,
  PagesQuery,
  RetryAnswer,
} from '../contract.ts';
import { isStillSignedIn, personOf } from '../sessions.ts';
import { wireBook, wireDocument, wirePage } from '../wire.ts';
import type { Api, Parts } from './types.ts';

/** Books with their documents and pages, their progress, and trying again what failed. */
export function bookRoutes(api: Api, { system, progress }: Parts): void {
  const { store, queue } = system;
  const params = z.object({ id: BookId });

  async function describe(id: BookId): Promise<BookAnswer> {
    const [book, documents] = await Promise.all([
      store.books.summary(id),
      store.documents.ofBook(id),
    ]);
    return { book: wireBook(book), documents: documents.map(wireDocument) };
  }

  api.get(
    '/books',
    {
      schema: {
        tags: ['books'],
        summary: 'Books with their counts, newest first',
        querystring: BooksQuery,
        response: { 200: BooksAnswer },
      },
    },
    async (request) => {
      const { items, total } = await store.books.list({
        ...request.query,
        scope: personOf(request).scope,
      });
      return { items: items.map(wireBook), total };
    },
  );

  api.post(
    '/books',
    {
      config: { ability: 'takeIn' },
      schema: {
        tags: ['books'],
        summary: 'Take in a book by what its cover says',
        body: NewBookRequest,
        response: { 201: BookAnswer },
      },
    },
    async (request, reply) => {
      const person = personOf(request);
      const mayLoosen = mayChangeProjects(person);
      const book = await store.books.create(request.body, { mayLoosen, scope: person.scope });
      return reply.code(201).send(await describe(book.id));
    },
  );

  api.get(
    '/books/:id',
    {
      config: { of: 'book' },
      schema: {
        tags: ['books'],
        summary: 'A book with its counts and documents',
        params,
        response: { 200: BookAnswer },
      },
    },
    async (request) => describe(request.params.id),
  );

  api.patch(
    '/books/:id/policy',
    {
      config: { of: 'book', ability: 'manageProjects' },
      schema: {
        tags: ['books'],
        summary: 'Change how the work on a book is shared',
        params,
        body: BookPolicyRequest,
        response: { 200: BookAnswer },
      },
    },
    async (request) => {
      const { id } = request.params;
      const mayLoosen = mayChangeProjects(personOf(request));
      await store.books.setPolicy(id, request.body, { mayLoosen });
      request.log.info({ by: personOf(request).id, book: id }, 'policy');
      return describe(id);
    },
  );

  api.get(
    '/books/:id/pages',
    {
      config: { of: 'book' },
      schema: {
        tags: ['books'],
        summary: 'The pages of a book, all or some',
        params,
        querystring: PagesQuery,
        response: { 200: PagesAnswer },
      },
    },
    async (request) => {
      await store.books.byId(request.params.id);
      const { items, total } = await store.pages.list({
        bookId: request.params.id,
        ...request.query,
      });
      return { items: items.map(wirePage), total };
    },
  );

  /** Queues jobs and counts what they are for. */
  async function enqueue(jobs: readonly Job[]): Promise<RetryAnswer> {
    await queue.add(jobs);
    const documents = jobs.filter((job) => job.stage === 'split').length;
    return { documents, pages: jobs.length - documents };
  }

  api.post(
    '/books/:id/retry',
    {
      config: { of: 'book', ability: 'retry' },
      schema: {
        tags: ['books'],
        summary: 'Try all failed documents and pages again',
        params,
        response: { 200: RetryAnswer },
      },
    },
    async (request) => {
      await store.books.byId(request.params.id);
      return enqueue(await store.pages.retryBook(request.params.id));
    },
  );

  api.get(
    '/documents/:id',
    {
      config: { of: 'document' },
      schema: {
        tags: ['books'],
        summary: 'A file as received',
        params: z.object({ id: DocumentId }),
        response: { 200: DocumentAnswer },
      },
    },
    async (request) => wireDocument(await store.documents.byId(request.params.id)),
  );

  api.post(
    '/documents/:id/retry',
    {
      config: { of: 'document', ability: 'retry' },
      schema: {
        tags: ['books'],
        summary: 'Try a failed document again',
        params: z.object({ id: DocumentId }),
        response: { 200: RetryAnswer },
      },
    },
    async (request) => {
      return enqueue([await store.documents.retry(request.params.id)]);
    },
  );

  api.post(
    '/pages/:id/retry',
    {
      config: { of: 'page', ability: 'retry' },
      schema: {
        tags: ['books'],
        summary: 'Try a failed page again',
        params: z.object({ id: PageId }),
        response: { 200: RetryAnswer },
      },
    },
    async (request) => {
      return enqueue([await store.pages.retry(request.params.id)]);
    },
  );

  api.patch(
    '/pages/:id',
    {
      config: { of: 'page', ability: 'retry' },
      schema: {
        tags: ['books'],
        summary: 'Say what a page is, or leave it out; it is read again accordingly',
        params: z.object({ id: PageId }),
        body: PageChangeRequest,
        response: { 200: PageAnswer },
      },
    },
    async (request) => {
      const job = await store.pages.change(request.params.id, request.body);
      if (job) await queue.add([job]);
      return wirePage(await store.pages.byId(request.params.id));
    },
  );

  async function stream(request: FastifyRequest, reply: FastifyReply, bookId?: BookId) {
    const events = await progress.open(bookId, personOf(request).scope, () =>
      isStillSignedIn(store, request),
    );
    return (
      reply
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        // Kept alive, it would hold up the server's end for over a minute.
        .header('connection', 'close')
        .header('x-accel-buffering', 'no')
        .send(events)
    );
  }

  api.get(
    '/events',
    { schema: { tags: ['books'], summary: 'Server-sent events: the counts of all books' } },
    (request, reply) => stream(request, reply),
  );
  api.get(
    '/books/:id/events',
    {
      config: { of: 'book' },
      schema: { tags: ['books'], summary: 'Server-sent events: the counts of one book', params },
    },
    (request, reply) => stream(request, reply, request.params.id),
  );
}
