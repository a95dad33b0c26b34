import { AccessesAnswer, AccessesQuery } from '../contract.ts';
import { nameAll } from '../names.ts';
import { personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** Who has read which record or taken which dataset, and what for. */
export function accessRoutes(api: Api, { system }: Parts): void {
  const { store } = system;

  api.get(
    '/accesses',
    {
      config: { ability: 'managePeople' },
      schema: {
        tags: ['people'],
        summary: 'Who has read what, and what for, newest first',
        querystring: AccessesQuery,
        response: { 200: AccessesAnswer },
      },
    },
    async (request) => {
      const { from, to, ...query } = request.query;
      const items = await store.accesses.list({
        ...query,
        ...(from === undefined ? {} : { from: new Date(from) }),
        ...(to === undefined ? {} : { to: new Date(to) }),
        scope: personOf(request).scope,
      });
      const nameOf = await nameAll(
        store,
        items.map((item) => item.personId),
      );
      return {
        items: items.map(({ personId, at, ...item }) => ({
          ...item,
          at: at.toISOString(),
          person: nameOf(personId),
        })),
      };
    },
  );
}
