import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { PersonId } from '../../models/ids.ts';
import { type Person, type Scope, scopeCovers } from '../../models/people.ts';
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

/** Nobody gives another person more books than they have themselves. @throws Failure `forbidden` */
function mustCover(by: Person, scope: Scope | undefined): void {
  if (!scopeCovers(by.scope, scope)) throw new Failure('forbidden', 'a scope within yours needed');
}

/** The people and their organisations; an administrator keeps them. */
export function peopleRoutes(api: Api, { system }: Parts): void {
  const { people, organisations, sessions, signIns, tokens } = system.store;
  const tags = ['people'];

  api.get(
    '/people',
    {
      config: { ability: 'managePeople' },
      schema: { tags, summary: 'Everybody', response: { 200: PeopleAnswer } },
    },
    async (request) => {
      const { scope } = personOf(request);
      return { items: (await people.list()).filter((p) => scopeCovers(scope, p.scope)) };
    },
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
      mustCover(personOf(request), person.scope);
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
        summary: 'Change roles, scope, activity or password; take away an authenticator or a lock',
        params: z.object({ id: PersonId }),
        body: PersonChangeRequest,
        response: { 200: PersonAnswer },
      },
    },
    async (request) => {
      const by = personOf(request);
      const { id } = request.params;
      const { roles, active, password, scope, totp, locked } = request.body;
      const old = await people.byId(id);
      if (!scopeCovers(by.scope, old.scope)) throw new Failure('notFound', 'person');
      if (scope !== undefined) mustCover(by, scope ?? undefined);
      // Otherwise the last administrator could lock everybody out.
      if (
        id === by.id &&
        (active === false || scope || (roles && !roles.includes('administrator')))
      )
        throw new Failure('forbidden', 'taking away one’s own administration');
      if (password !== undefined) await people.setPassword(id, await hashPassword(password));
      if (roles !== undefined) await people.setRoles(id, roles);
      if (active !== undefined) await people.setActive(id, active);
      if (scope !== undefined) await people.setScope(id, scope);
      if (totp === false) await people.removeTotp(id);
      if (locked === false) await signIns.forget(old.login);
      if (password !== undefined || active === false || scope !== undefined)
        await sessions.removeAll(id);
      if (password !== undefined || active === false) await tokens.removeAll(id);
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
