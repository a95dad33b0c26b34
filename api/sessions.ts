import { createHash, randomBytes } from 'node:crypto';
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../models/failures.ts';
import type { PersonId, Sha256 } from '../models/ids.ts';
import type { Person } from '../models/people.ts';
import type { Store } from '../models/store/store.ts';
import { mustBeAble } from './abilities.ts';
import type { Ability } from './contract.ts';

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
  }
}

const COOKIE = 'so-goc';
/** A working day; then sign in again. */
const LIFETIME_SECONDS = 12 * 60 * 60;
/** Sent by our page on every unsafe request; a foreign page cannot send it without a preflight. */
const CSRF_HEADER = 'x-so-goc';
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
export const tokenOf = (request: FastifyRequest): string | undefined => request.cookies[COOKIE];

/** Who is signed in. @throws Failure `notSignedIn` */
export function personOf(request: FastifyRequest): Person {
  if (!request.person) throw new Failure('notSignedIn');
  return request.person;
}

/** The person of a token that is stored, not expired and of somebody active. */
export async function findPerson(store: Store, token: string | undefined): Promise<Person | null> {
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

/**
 * Every route of this context asks for a session unless its config says `open`, and for the
 * `ability` that its config names. It hangs on the
 * context, not on the address: an address may be written in several ways (`/%61pi/…`).
 */
export function requireSessions(api: FastifyInstance, store: Store): void {
  api.decorateRequest('person', null);
  api.addHook('onRequest', async (request) => {
    refuseForeign(request);
    const { open, ability } = request.routeOptions.config;
    request.person = await findPerson(store, tokenOf(request));
    if (!open) mustBeAble(personOf(request), ability);
  });
}
