import { z } from 'zod';
import { BookId } from '../../models/ids.ts';
import { mustNotKeyBlind } from '../blind.ts';
import {
  ExportAnswer,
  ExportPreviewAnswer,
  ExportPreviewQuery,
  ExportRequest,
  ExportsAnswer,
} from '../contract.ts';
import { personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** Datasets of a book: looking ahead, making, listing, downloading. Each is logged with who did it. */
export function exportRoutes(api: Api, { system, datasets }: Parts): void {
  const { store } = system;
  const tags = ['exports'];
  const params = z.object({ id: BookId });

  api.get(
    '/books/:id/exports',
    {
      config: { of: 'book', ability: 'export' },
      schema: {
        tags,
        summary: 'The datasets that were made of a book',
        params,
        response: { 200: ExportsAnswer },
      },
    },
    async (request) => {
      await mustNotKeyBlind(store, personOf(request), request.params.id);
      return { items: await datasets.ofBook(request.params.id) };
    },
  );

  api.get(
    '/books/:id/exports/preview',
    {
      config: { of: 'book', ability: 'export', reads: 'preview' },
      schema: {
        tags,
        summary: 'What an export would hold and leave out',
        params,
        querystring: ExportPreviewQuery,
        response: { 200: ExportPreviewAnswer },
      },
    },
    async (request) => {
      await mustNotKeyBlind(store, personOf(request), request.params.id);
      return datasets.preview(request.params.id, request.query.draft);
    },
  );

  api.post(
    '/books/:id/exports',
    {
      config: { of: 'book', ability: 'export', reads: 'export' },
      schema: {
        tags,
        summary: 'Make a dataset of the approved records, or a draft of all',
        params,
        body: ExportRequest,
        response: { 201: ExportAnswer },
      },
    },
    async (request, reply) => {
      const person = personOf(request);
      await mustNotKeyBlind(store, person, request.params.id);
      const made = await datasets.make(request.params.id, request.body.draft, person);
      request.log.info({ person: person.id, export: made.id, draft: made.draft }, 'export made');
      return reply.code(201).send(made);
    },
  );

  api.get(
    '/exports/:id/files/:name',
    {
      config: { of: 'export', ability: 'export', reads: 'file' },
      schema: {
        tags,
        summary: 'A file of a dataset',
        params: z.object({ id: z.uuid(), name: z.string().max(300) }),
      },
    },
    async (request, reply) => {
      const person = personOf(request);
      const { id, name } = request.params;
      await mustNotKeyBlind(store, person, (await store.exports.byId(id)).bookId);
      const { stream, bytes } = await datasets.open(id, name);
      request.log.info({ person: person.id, export: id }, 'export downloaded');
      return reply
        .header('content-type', 'application/octet-stream')
        .header('content-length', bytes)
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
        .send(stream);
    },
  );
}
