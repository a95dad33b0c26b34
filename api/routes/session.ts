import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { TokenId } from '../../models/ids.ts';
import { Person } from '../../models/people.ts';
import type { ApiToken } from '../../models/store/tokens.ts';
import { abilitiesOf } from '../abilities.ts';
import {
  ChangePasswordRequest,
  NewTokenAnswer,
  NewTokenRequest,
  SessionAnswer,
  SignInRequest,
  TokenAnswer,
  TokensAnswer,
  TotpAnswer,
  TotpCodeRequest,
  TotpRequest,
} from '../contract.ts';
import { enrolment, newSecret, spendCode } from '../one-time.ts';
import { hashPassword, passwordFits } from '../passwords.ts';
import { closeSession, newApiToken, openSession, personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** Signing in and out, and one's own password. */
export function sessionRoutes(api: Api, { system, signInTries }: Parts): void {
  const { people, organisations, sessions, signIns, tokens } = system.store;

  async function describe(person: Person): Promise<SessionAnswer> {
    const organisation = await organisations.byId(person.organisationId);
    const maxUploadBytes = system.settings.maxUploadBytes;
    const totp = (await people.byLogin(person.login))?.totpSecret !== undefined;
    return { person, organisation, abilities: abilitiesOf(person), totp, maxUploadBytes };
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
      const { login, password, code } = request.body;
      const tries = await countLogin(request);
      if (!tries.isAllowed && tries.isExceeded) throw new Failure('tooManyTries');
      if (await signIns.isLocked(login)) throw new Failure('locked');
      // What cannot be a login is nobody's, also when the store would tidy it into one.
      const found = Person.shape.login.safeParse(login).success
        ? await people.byLogin(login)
        : undefined;
      const fits = await passwordFits(password, found?.passwordHash);
      if (!found || !fits || !found.person.active) {
        await signIns.fail(login);
        throw new Failure('wrongPassword');
      }
      if (found.totpSecret !== undefined) {
        if (code === undefined) throw new Failure('codeNeeded');
        if (!(await spendCode(system.store, found.person.id, found.totpSecret, code))) {
          await signIns.fail(login);
          throw new Failure('wrongCode');
        }
      }
      await signIns.forget(login);
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

  api.delete(
    '/session/all',
    {
      schema: {
        tags: ['session'],
        summary: 'Sign out everywhere, programs with a token too',
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id } = personOf(request);
      await sessions.removeAll(id);
      await tokens.removeAll(id);
      await closeSession(system.store, request, reply);
      return reply.code(204).send(null);
    },
  );

  /** Guessing a person's own password or code is stopped by person. */
  const guarded = (what: string) => ({
    rateLimit: {
      max: signInTries.login,
      timeWindow: '1 minute',
      keyGenerator: (request: FastifyRequest) => `${what}:${request.person?.id ?? request.ip}`,
    },
  });

  /** @throws Failure `wrongPassword` */
  async function mustKnowPassword(person: Person, password: string): Promise<void> {
    const found = await people.byLogin(person.login);
    if (!(await passwordFits(password, found?.passwordHash))) throw new Failure('wrongPassword');
  }

  api.post(
    '/session/totp',
    {
      schema: {
        tags: ['session'],
        summary: 'Begin with an authenticator: a secret that the first code confirms',
        body: TotpRequest,
        response: { 200: TotpAnswer },
      },
      config: guarded('totp'),
    },
    async (request) => {
      const person = personOf(request);
      await mustKnowPassword(person, request.body.password);
      const secret = newSecret();
      await people.offerTotp(person.id, secret);
      return { secret, ...(await enrolment(secret, person.login)) };
    },
  );

  api.post(
    '/session/totp/confirm',
    {
      schema: {
        tags: ['session'],
        summary: 'Confirm the authenticator with its first code',
        body: TotpCodeRequest,
        response: { 204: z.null() },
      },
      config: guarded('totp'),
    },
    async (request, reply) => {
      const { id } = personOf(request);
      const secret = await people.offeredTotp(id);
      if (secret === undefined) throw new Failure('notAllowedNow', 'no authenticator was begun');
      if (!(await spendCode(system.store, id, secret, request.body.code)))
        throw new Failure('wrongCode');
      await people.confirmTotp(id);
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/session/totp/remove',
    {
      schema: {
        tags: ['session'],
        summary: 'Do without an authenticator again',
        body: TotpRequest,
        response: { 204: z.null() },
      },
      config: guarded('totp'),
    },
    async (request, reply) => {
      const person = personOf(request);
      await mustKnowPassword(person, request.body.password);
      await people.removeTotp(person.id);
      return reply.code(204).send(null);
    },
  );

  const wireToken = ({ expiresAt, usedAt, createdAt, ...token }: ApiToken): TokenAnswer => ({
    ...TokenAnswer.pick({ id: true, name: true, scopes: true }).parse(token),
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
    ...(usedAt ? { usedAt: usedAt.toISOString() } : {}),
  });

  api.get(
    '/session/tokens',
    {
      schema: {
        tags: ['session'],
        summary: 'One’s own tokens for programs',
        response: { 200: TokensAnswer },
      },
    },
    async (request) => ({
      items: (await tokens.ofPerson(personOf(request).id)).map(wireToken),
    }),
  );

  api.post(
    '/session/tokens',
    {
      schema: {
        tags: ['session'],
        summary: 'A token for a program, shown once',
        body: NewTokenRequest,
        response: { 201: NewTokenAnswer },
      },
    },
    async (request, reply) => {
      const { name, scopes, days } = request.body;
      const { token, tokenHash } = newApiToken();
      const expiresAt = new Date(Date.now() + days * 24 * 3_600_000);
      const personId = personOf(request).id;
      const made = await tokens.create({ personId, name, scopes, tokenHash, expiresAt });
      return reply.code(201).send({ ...wireToken(made), token });
    },
  );

  api.delete(
    '/session/tokens/:id',
    {
      schema: {
        tags: ['session'],
        summary: 'End one of one’s own tokens',
        params: z.object({ id: TokenId }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await tokens.remove(request.params.id, personOf(request).id);
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
      config: guarded('password'),
    },
    async (request, reply) => {
      const person = personOf(request);
      await mustKnowPassword(person, request.body.current);
      await people.setPassword(person.id, await hashPassword(request.body.next));
      await sessions.removeAll(person.id);
      await tokens.removeAll(person.id);
      await openSession(system.store, person.id, reply);
      return reply.code(204).send(null);
    },
  );
}
