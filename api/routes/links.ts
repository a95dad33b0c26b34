import { z } from 'zod';
import { BookId, RecordId } from '../../models/ids.ts';
import type { Link } from '../../models/links.ts';
import { mustNotKeyBlind } from '../blind.ts';
import {
  DoublesAnswer,
  DoublesQuery,
  LikelyAnswer,
  LinkAnswer,
  NewLinkRequest,
} from '../contract.ts';
import { nameAll } from '../names.ts';
import { personOf } from '../sessions.ts';
import { wireRecord } from '../wire.ts';
import type { Api, Parts } from './types.ts';

/** Records that may be of one event, or of kin: shown beside each other, and what people say of them. */
export function linkRoutes(api: Api, { system }: Parts): void {
  const { store } = system;
  const { links } = store;
  const tags = ['records'];
  const params = z.object({ id: RecordId });
  const answering = { of: 'record', ability: 'answer' } as const;

  /** What turns links into answers, given all that will be asked for. */
  async function wiring(all: readonly (Link | undefined)[]) {
    const known = all.filter((link) => link !== undefined);
    const nameOf = await nameAll(
      store,
      known.map((link) => link.personId),
    );
    const one = ({ personId, at, ...link }: Link) => ({
      ...link,
      at: at.toISOString(),
      person: nameOf(personId),
    });
    return { one, maybe: (link: Link | undefined) => (link ? one(link) : null) };
  }

  api.get(
    '/records/:id/likely',
    {
      config: { ...answering, reads: 'record' },
      schema: {
        tags,
        summary: 'Records that may be of the same event, and those that may be of kin',
        params,
        response: { 200: LikelyAnswer },
      },
    },
    async (request) => {
      const reader = personOf(request);
      const asking = { reader, scope: reader.scope };
      const [doubles, kin] = await Promise.all([
        links.doublesOf(request.params.id, asking),
        links.kinOf(request.params.id, asking),
      ]);
      const { maybe } = await wiring([...doubles, ...kin].map(({ link }) => link));
      const wire = <T extends (typeof doubles)[number]>({ record, link, agrees, ...rest }: T) => ({
        ...rest,
        agrees: [...agrees],
        record: wireRecord(record),
        link: maybe(link),
      });
      return { doubles: doubles.map(wire), kin: kin.map(wire) };
    },
  );

  api.get(
    '/books/:id/doubles',
    {
      config: { of: 'book', ability: 'answer', reads: 'records' },
      schema: {
        tags,
        summary: 'Pairs of records that may be of one event, the most alike first',
        params: z.object({ id: BookId }),
        querystring: DoublesQuery,
        response: { 200: DoublesAnswer },
      },
    },
    async (request) => {
      const reader = personOf(request);
      const { id } = request.params;
      await mustNotKeyBlind(store, reader, id);
      const asking = { reader, scope: reader.scope };
      const pairs = await links.doublesOfBook(id, request.query.limit, asking);
      const { maybe } = await wiring(pairs.map(({ link }) => link));
      return {
        items: pairs.map(({ records: [one, other], link, agrees, score }) => ({
          score,
          agrees: [...agrees],
          records: [wireRecord(one), wireRecord(other)] as [
            ReturnType<typeof wireRecord>,
            ReturnType<typeof wireRecord>,
          ],
          link: maybe(link),
        })),
      };
    },
  );

  api.post(
    '/records/:id/links',
    {
      config: answering,
      schema: {
        tags,
        summary: 'Say of two records that they are one event, or two, or of kin',
        params,
        body: NewLinkRequest,
        response: { 201: LinkAnswer },
      },
    },
    async (request, reply) => {
      const reader = personOf(request);
      const link = await links.link(
        { ...request.body, id: request.params.id },
        { reader, scope: reader.scope },
      );
      return reply.code(201).send((await wiring([link])).one(link));
    },
  );

  api.delete(
    '/records/:id/links/:link',
    {
      config: answering,
      schema: {
        tags,
        summary: 'Take such a word back',
        params: params.extend({ link: z.uuid() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await links.unlink(request.params.id, request.params.link, personOf(request).id);
      return reply.code(204).send(null);
    },
  );
}
