import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { PageId, RecordId } from '../../models/ids.ts';
import { FieldCropQuery, ImageQuery, PageCropQuery } from '../contract.ts';
import { placesOf } from '../places.ts';
import type { Api, Parts } from './types.ts';

/** Personal data: nothing between us and the screen may keep a copy. */
const send = (reply: FastifyReply, image: Buffer) =>
  reply.header('content-type', 'image/webp').header('cache-control', 'no-store').send(image);

const thousandths = (n: number) => Math.round(n * 1000) / 1000;

/** Pictures of pages and of parts of them. */
export function pageRoutes(api: Api, { system, images }: Parts): void {
  const { pages, records } = system.store;
  const params = z.object({ id: PageId });
  const tags = ['images'];

  api.get(
    '/pages/:id/image',
    {
      config: { of: 'page', reads: 'page' },
      schema: { tags, summary: 'A straightened page', params, querystring: ImageQuery },
    },
    async (request, reply) =>
      send(reply, await images.page(await pages.byId(request.params.id), request.query.width)),
  );

  api.get(
    '/pages/:id/crop',
    {
      config: { of: 'page', reads: 'page' },
      schema: { tags, summary: 'A part of a page', params, querystring: PageCropQuery },
    },
    async (request, reply) => {
      const { x, y, w, h, width } = request.query;
      const box = { x: thousandths(x), y: thousandths(y), w: thousandths(w), h: thousandths(h) };
      return send(reply, await images.crop(await pages.byId(request.params.id), box, width));
    },
  );

  api.get(
    '/records/:id/crop/:field',
    {
      config: { of: 'record', reads: 'record' },
      schema: {
        tags,
        summary: 'The place on the page where a field is written',
        params: z.object({ id: RecordId, field: z.string().max(80) }),
        querystring: FieldCropQuery,
      },
    },
    async (request, reply) => {
      const { id, field } = request.params;
      const { record, state } = await records.state(id);
      const places = await placesOf(system, record, state.values);
      const place = Object.hasOwn(places, field) ? places[field] : undefined;
      if (!place) throw new Failure('notFound', 'this field has no place on a page');
      const page = await pages.byId(place.pageId);
      return send(reply, await images.field(page, place.box, request.query.height));
    },
  );
}
