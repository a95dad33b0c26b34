import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { BookId } from '../../models/ids.ts';
import { mustBeAble } from '../abilities.ts';
import { mustNotKeyBlind } from '../blind.ts';
import {
  ClosingNoteRequest,
  CompletenessAnswer,
  ExceptionRequest,
  ReadyAnswer,
  StepRequest,
} from '../contract.ts';
import { nameAll } from '../names.ts';
import { personOf } from '../sessions.ts';
import { wireBook } from '../wire.ts';
import type { Api, Parts } from './types.ts';

/** The library that draws takes a while to load: only when somebody wants the document. */
const loadHandOver = () => import('../../pipeline/export/hand-over.ts');

/** Whether a book is complete, handing it over, and the list "sẵn sàng chuyển đổi". */
export function completenessRoutes(api: Api, { system }: Parts): void {
  const { store } = system;
  const { completeness } = store;
  const tags = ['completeness'];
  const params = z.object({ id: BookId });

  async function describe(id: BookId): Promise<CompletenessAnswer> {
    const { oddities, stale, steps, note, ...rest } = await completeness.of(id);
    const nameOf = await nameAll(store, [
      ...oddities.flatMap((odd) => odd.exception?.personId ?? []),
      ...stale.map((exception) => exception.personId),
      ...steps.map((step) => step.personId),
    ]);
    const wire = (exception: (typeof stale)[number]) => ({
      id: exception.id,
      key: exception.key,
      reason: exception.reason,
      person: nameOf(exception.personId),
      at: exception.at.toISOString(),
    });
    return {
      ...rest,
      note: note ?? null,
      oddities: oddities.map(({ exception, ...odd }) => ({
        ...odd,
        exception: exception ? wire(exception) : null,
      })),
      stale: stale.map(wire),
      steps: steps.map(({ kind, personId, at, fingerprint, data }) => ({
        kind,
        person: nameOf(personId),
        at: at.toISOString(),
        fingerprint,
        ...(data.to === undefined ? {} : { to: data.to }),
        ...(data.note === undefined ? {} : { note: data.note }),
      })),
    };
  }

  api.get(
    '/books/:id/completeness',
    {
      config: { of: 'book' },
      schema: {
        tags,
        summary: 'What is odd about a book, what people said of it, and how far it has come',
        params,
        response: { 200: CompletenessAnswer },
      },
    },
    async (request) => {
      await mustNotKeyBlind(store, personOf(request), request.params.id);
      return describe(request.params.id);
    },
  );

  api.patch(
    '/books/:id/closing-note',
    {
      config: { of: 'book', ability: 'takeIn' },
      schema: {
        tags,
        summary: 'Say what the note at the end of the volume says',
        params,
        body: ClosingNoteRequest,
        response: { 200: CompletenessAnswer },
      },
    },
    async (request) => {
      await mustNotKeyBlind(store, personOf(request), request.params.id);
      await completeness.setNote(request.params.id, request.body);
      return describe(request.params.id);
    },
  );

  api.post(
    '/books/:id/exceptions',
    {
      config: { of: 'book', ability: 'answer' },
      schema: {
        tags,
        summary: 'Say why something odd about a book is right as it is',
        params,
        body: ExceptionRequest,
        response: { 200: CompletenessAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      await mustNotKeyBlind(store, person, request.params.id);
      const { key, reason } = request.body;
      await completeness.except(request.params.id, key, reason, person);
      return describe(request.params.id);
    },
  );

  api.delete(
    '/books/:id/exceptions/:exception',
    {
      config: { of: 'book', ability: 'answer' },
      schema: {
        tags,
        summary: 'Take such a reason back',
        params: params.extend({ exception: z.uuid() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id, exception } = request.params;
      await completeness.revoke(id, exception, personOf(request));
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/books/:id/steps',
    {
      config: { of: 'book' },
      schema: {
        tags,
        summary: 'Hand a book over, put it on the list of books ready for transfer, or take it off',
        params,
        body: StepRequest,
        response: { 200: CompletenessAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      const { kind, to, note } = request.body;
      mustBeAble(person, kind === 'delivered' ? 'handOver' : 'release');
      await mustNotKeyBlind(store, person, request.params.id);
      await completeness.step(request.params.id, kind, person, {
        ...(to === undefined ? {} : { to: (await store.organisations.byId(to)).name }),
        ...(note === undefined ? {} : { note }),
      });
      request.log.info({ by: person.id, book: request.params.id, kind }, 'book');
      return describe(request.params.id);
    },
  );

  api.get(
    '/books/:id/hand-over.pdf',
    {
      config: { of: 'book' },
      schema: { tags, summary: 'The record of the last handing over (biên bản bàn giao)', params },
    },
    async (request, reply) => {
      const { id } = request.params;
      await mustNotKeyBlind(store, personOf(request), id);
      const { steps } = await completeness.of(id);
      const event = steps.find((step) => step.kind === 'delivered');
      if (!event) throw new Failure('notFound', 'it was not handed over');
      const [book, organisation, person, { handOverPdf }] = await Promise.all([
        store.books.byId(id),
        store.organisations.byId(event.organisationId),
        store.people.byId(event.personId),
        loadHandOver(),
      ]);
      const from = { organisation: organisation.name, person: person.name };
      return reply
        .header('content-type', 'application/pdf')
        .header('content-disposition', 'attachment; filename="bien-ban-ban-giao.pdf"')
        .send(handOverPdf({ book, event, from }));
    },
  );

  api.get(
    '/books/ready',
    {
      schema: {
        tags,
        summary: 'Books that are ready for transfer (sẵn sàng chuyển đổi)',
        response: { 200: ReadyAnswer },
      },
    },
    async (request) => ({
      items: (await completeness.ready(personOf(request).scope)).map(
        ({ book, since, records }) => ({
          book: wireBook(book),
          since: since.toISOString(),
          records,
        }),
      ),
    }),
  );
}
