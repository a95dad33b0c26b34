import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { Person } from '../../models/people.ts';
import { abilitiesOf } from '../abilities.ts';
import { ChangePasswordRequest, SessionAnswer, SignInRequest } from '../contract.ts';
import { hashPassword, passwordFits } from '../passwords.ts';
import { closeSession, openSession, personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** Signing in and out, and one's own password. */
export function sessionRoutes(api: Api, { system, signInTries }: Parts): void {
  const { people, organisations, sessions } = system.store;

  async function describe(person: Person): Promise<SessionAnswer> {
    const organisation = await organisations.byId(person.organisationId);
    const maxUploadBytes = system.settings.maxUploadBytes;
    return { person, organisation, abilities: abilitiesOf(person), maxUploadBytes };
  }

  // One address guessing many logins is stopped by the route's limit, many addresses guessing one
  // login by this.
  const countLogin = api.createRateLimit({
    max: signInTries.login,
    timeWindow: '1 minute',
    keyGenerator: (request: FastifyRequest) => `login:${(request.body as SignInRequest).login}`,
  });
  api.post(
    '/session',
    {
      schema: {
        tags: ['session'],
        summary: 'Sign in',
        body: SignInRequest,
        response: { 200: SessionAnswer },
      },
      config: {
        open: true,
        rateLimit: {
          max: signInTries.address,
          timeWindow: '1 minute',
          keyGenerator: (request: FastifyRequest) => `address:${request.ip}`,
        },
      },
    },
    async (request, reply) => {
      const { login, password } = request.body;
      const tries = await countLogin(request);
      if (!tries.isAllowed && tries.isExceeded) throw new Failure('tooManyTries');
      // What cannot be a login is nobody's, also when the store would tidy it into one.
      const found = Person.shape.login.safeParse(login).success
        ? await people.byLogin(login)
        : undefined;
      const fits = await passwordFits(password, found?.passwordHash);
      if (!found || !fits || !found.person.active) throw new Failure('wrongPassword');
      await openSession(system.store, found.person.id, reply);
      request.log.info({ person: found.person.id }, 'signed in');
      return describe(found.person);
    },
  );

  api.get(
    '/session',
    {
      schema: {
        tags: ['session'],
        summary: 'Who is signed in',
        response: { 200: SessionAnswer },
      },
    },
    async (request) => describe(personOf(request)),
  );

  api.delete(
    '/session',
    { schema: { tags: ['session'], summary: 'Sign out', response: { 204: z.null() } } },
    async (request, reply) => {
      await closeSession(system.store, request, reply);
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/session/password',
    {
      schema: {
        tags: ['session'],
        summary: 'Change one’s own password',
        body: ChangePasswordRequest,
        response: { 204: z.null() },
      },
      config: {
        rateLimit: {
          max: signInTries.login,
          timeWindow: '1 minute',
          keyGenerator: (request: FastifyRequest) => `password:${request.person?.id ?? request.ip}`,
        },
      },
    },
    async (request, reply) => {
      const person = personOf(request);
      const found = await people.byLogin(person.login);
      if (!(await passwordFits(request.body.current, found?.passwordHash)))
        throw new Failure('wrongPassword');
      await people.setPassword(person.id, await hashPassword(request.body.next));
      await sessions.removeAll(person.id);
      await openSession(system.store, person.id, reply);
      return reply.code(204).send(null);
    },
  );
}
