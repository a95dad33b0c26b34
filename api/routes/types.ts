import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { System } from '../../pipeline/system.ts';
import type { Datasets } from '../datasets.ts';
import type { PageImages } from '../page-images.ts';
import type { Progress } from '../progress.ts';
import type { Uploads } from '../uploads.ts';

/** A Fastify context whose schemas are zod's. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What the routes work with; made in `app.ts`. */
export interface Parts {
  readonly system: System;
  readonly uploads: Uploads;
  readonly datasets: Datasets;
  readonly progress: Progress;
  readonly images: PageImages;
  /** Tries to sign in per minute, for one address and for one login. */
  readonly signInTries: { readonly address: number; readonly login: number };
}
