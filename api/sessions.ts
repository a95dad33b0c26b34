import { createHash, randomBytes } from 'node:crypto';
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Failure } from '../models/failures.ts';
import type { PersonId, Sha256 } from '../models/ids.ts';
import type { Person } from '../models/people.ts';
import type { Scoped } from '../models/store/scope.ts';
import type { Store } from '../models/store/store.ts';
import { mustBeAble } from './abilities.ts';
import type { Ability, TokenScope } from './contract.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in; null on open routes without a session. */
    person: Person | null;
  }
  interface FastifyContextConfig {
    /** Answers without a session. */
    open?: boolean;
    /** What a person must be able to do; asked before the request itself is looked at. */
    ability?: Ability;
    /** What `:id` names: outside the person's scope it is not found. */
    of?: Scoped;
  }
}

const COOKIE = 'so-goc';
/** A working day; then sign in again. */
const LIFETIME_SECONDS = 12 * 60 * 60;
/** Sent by our page on every unsafe request; a foreign page cannot send it without a preflight. */
const CSRF_HEADER = 'x-so-goc';
/** Written before a token of a program, so that one is known when it lies about. */
const TOKEN_MARK = 'sogoc_';
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Only the hash of a token is stored: who reads the database cannot sign in with it. */
const hashToken = (token: string): Sha256 => createHash('sha256').update(token).digest('hex');

const cookie: CookieSerializeOptions = {
  path: '/api',
  httpOnly: true,
  sameSite: 'strict',
  // Over TLS, also behind a proxy that says so; plain HTTP is for this machine.
  secure: 'auto',
};

/** The token of the request's cookie. */
const tokenOf = (request: FastifyRequest): string | undefined => request.cookies[COOKIE];

/** Who is signed in. @throws Failure `notSignedIn` */
export function personOf(request: FastifyRequest): Person {
  if (!request.person) throw new Failure('notSignedIn');
  return request.person;
}

/** The person of a token that is stored, not expired and of somebody active. */
async function findPerson(store: Store, token: string | undefined): Promise<Person | null> {
  if (token === undefined || token.length > 100) return null;
  const person = await store.sessions.find(hashToken(token));
  return person?.active ? person : null;
}

/** Begins a session: stores the token's hash, sends the token as a cookie. */
export async function openSession(
  store: Store,
  personId: PersonId,
  reply: FastifyReply,
): Promise<void> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + LIFETIME_SECONDS * 1000);
  await store.sessions.create({ tokenHash: hashToken(token), personId, expiresAt });
  reply.setCookie(COOKIE, token, { ...cookie, maxAge: LIFETIME_SECONDS });
}

/** Ends the session of the request, here and in the browser. */
export async function closeSession(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const token = tokenOf(request);
  if (token !== undefined) await store.sessions.remove(hashToken(token));
  reply.clearCookie(COOKIE, cookie);
}

/**
 * Refuses what another site makes a browser send: browsers say where a request comes from
 * (`Sec-Fetch-Site`), and no foreign page may set our header.
 */
function refuseForeign(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (!SAFE.has(request.method) && (foreign || request.headers[CSRF_HEADER] === undefined))
    throw new Failure('forbidden', `header ${CSRF_HEADER} from the same site needed`);
}

/** A new token for a program, to be shown once, and the hash to keep. */
export function newApiToken(): { token: string; tokenHash: Sha256 } {
  const token = TOKEN_MARK + randomBytes(32).toString('base64url');
  return { token, tokenHash: hashToken(token) };
}

/** What a token must be allowed for this route: `records:read`; undefined where any token will do. */
function scopeOf(request: FastifyRequest): string | undefined {
  const { tags } = request.routeOptions.schema ?? {};
  const [tag] = (tags as string[] | undefined) ?? [];
  if (tag === undefined) return undefined;
  return `${tag}:${SAFE.has(request.method) ? 'read' : 'write'}`;
}

/**
 * The person of an `Authorization: Bearer` header. No browser adds one by itself, so it needs no
 * guard against foreign sites; and nothing of a person's own sign-in is done with it.
 * @throws Failure `notSignedIn`; `forbidden` for what the token is not for
 */
async function personOfToken(
  store: Store,
  token: string,
  request: FastifyRequest,
): Promise<Person> {
  const found = token.length > 100 ? undefined : await store.tokens.find(hashToken(token));
  if (!found) throw new Failure('notSignedIn');
  const needed = scopeOf(request);
  if (needed !== undefined && !(found.scopes as TokenScope[]).includes(needed as TokenScope))
    throw new Failure('forbidden', `token scope ${needed} needed`);
  return found.person;
}

const bearerOf = (request: FastifyRequest): string | undefined =>
  /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

/** For answers that go on for hours: false when the session or token of the request has ended. */
export async function isStillSignedIn(store: Store, request: FastifyRequest): Promise<boolean> {
  const bearer = bearerOf(request);
  if (bearer !== undefined) return (await store.tokens.find(hashToken(bearer))) !== undefined;
  return (await findPerson(store, tokenOf(request))) !== null;
}

/**
 * Every route of this context asks for a session or a token unless its config says `open`, for the
 * `ability` that its config names, and for `:id` to lie in the person's scope where it says what
 * `:id` is. It hangs on the context, not on the address: an address may be written in several ways
 * (`/%61pi/…`).
 */
export function requireSessions(api: FastifyInstance, store: Store): void {
  api.decorateRequest('person', null);
  api.addHook('onRequest', async (request) => {
    const { open, ability } = request.routeOptions.config;
    const bearer = bearerOf(request);
    if (bearer !== undefined) request.person = await personOfToken(store, bearer, request);
    else {
      refuseForeign(request);
      request.person = await findPerson(store, tokenOf(request));
    }
    if (!open) mustBeAble(personOf(request), ability);
  });
  // Before a body is looked at, whose faults would tell that the thing is there. What is no id at
  // all is refused by the route's schema.
  api.addHook('preValidation', async (request) => {
    const { of } = request.routeOptions.config;
    const id = z.uuid().safeParse((request.params as { id?: unknown }).id);
    if (of !== undefined && id.success)
      await store.scopes.mustHold(personOf(request).scope, of, id.data);
  });
}
