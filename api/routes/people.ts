import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { PersonId } from '../../models/ids.ts';
import {
  NewOrganisationRequest,
  NewPersonRequest,
  OrganisationAnswer,
  OrganisationsAnswer,
  PeopleAnswer,
  PersonAnswer,
  PersonChangeRequest,
} from '../contract.ts';
import { hashPassword } from '../passwords.ts';
import { personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** The people and their organisations; an administrator keeps them. */
export function peopleRoutes(api: Api, { system }: Parts): void {
  const { people, organisations, sessions } = system.store;
  const tags = ['people'];

  api.get(
    '/people',
    {
      config: { ability: 'managePeople' },
      schema: { tags, summary: 'Everybody', response: { 200: PeopleAnswer } },
    },
    async () => ({ items: await people.list() }),
  );

  api.post(
    '/people',
    {
      config: { ability: 'managePeople' },
      schema: {
        tags,
        summary: 'Add a person',
        body: NewPersonRequest,
        response: { 201: PersonAnswer },
      },
    },
    async (request, reply) => {
      const { password, ...person } = request.body;
      await organisations.byId(person.organisationId);
      const passwordHash = await hashPassword(password);
      return reply.code(201).send(await people.create({ ...person, passwordHash }));
    },
  );

  api.patch(
    '/people/:id',
    {
      config: { ability: 'managePeople' },
      schema: {
        tags,
        summary: 'Change roles, activity or password',
        params: z.object({ id: PersonId }),
        body: PersonChangeRequest,
        response: { 200: PersonAnswer },
      },
    },
    async (request) => {
      const by = personOf(request);
      const { id } = request.params;
      const { roles, active, password } = request.body;
      await people.byId(id);
      // Otherwise the last administrator could lock everybody out.
      if (id === by.id && (active === false || (roles && !roles.includes('administrator'))))
        throw new Failure('forbidden', 'taking away one’s own administration');
      if (password !== undefined) await people.setPassword(id, await hashPassword(password));
      if (roles !== undefined) await people.setRoles(id, roles);
      if (active !== undefined) await people.setActive(id, active);
      if (password !== undefined || active === false) await sessions.removeAll(id);
      request.log.info({ by: by.id, person: id, changed: Object.keys(request.body) }, 'person');
      return people.byId(id);
    },
  );

  api.get(
    '/organisations',
    { schema: { tags, summary: 'All organisations', response: { 200: OrganisationsAnswer } } },
    async () => ({ items: await organisations.list() }),
  );

  api.post(
    '/organisations',
    {
      config: { ability: 'managePeople' },
      schema: {
        tags,
        summary: 'Add an organisation',
        body: NewOrganisationRequest,
        response: { 201: OrganisationAnswer },
      },
    },
    async (request, reply) => {
      return reply.code(201).send(await organisations.create(request.body));
    },
  );
}
