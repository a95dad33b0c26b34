import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify';
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Failure } from '../models/failures.ts';
import type { System } from '../pipeline/system.ts';
import { noteReadings } from './accesses.ts';
import { ErrorAnswer, HealthAnswer } from './contract.ts';
import { openDatasets } from './datasets.ts';
import { collectOpenApi, docsRoutes } from './docs.ts';
import { createPageImages } from './page-images.ts';
import { answerError } from './problems.ts';
import { createProgress } from './progress.ts';
import { accessRoutes } from './routes/accesses.ts';
import { bookRoutes } from './routes/books.ts';
import { columnRoutes } from './routes/columns.ts';
import { completenessRoutes } from './routes/completeness.ts';
import { exportRoutes } from './routes/exports.ts';
import { formRoutes } from './routes/forms.ts';
import { linkRoutes } from './routes/links.ts';
import { lookupRoutes } from './routes/lookups.ts';
import { overviewRoutes } from './routes/overview.ts';
import { pageRoutes } from './routes/pages.ts';
import { peopleRoutes } from './routes/people.ts';
import { projectRoutes } from './routes/projects.ts';
import { qualityRoutes } from './routes/quality.ts';
import { recordRoutes } from './routes/records.ts';
import { reportRoutes } from './routes/reports.ts';
import { sessionRoutes } from './routes/session.ts';
import { templateRoutes } from './routes/templates.ts';
import type { Api, Parts } from './routes/types.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { workRoutes } from './routes/work.ts';
import { requireSessions } from './sessions.ts';
import { openUploads, type Uploads } from './uploads.ts';
import { serveWeb } from './web.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Taking files in, for what starts the app. */
    uploads: Uploads;
  }
}

export interface AppOptions {
  /** Fastify's logger; none by default. */
  readonly logger?: FastifyServerOptions['logger'];
  readonly signInTries?: Parts['signInTries'];
  /** Folder of the built web; the workbench is not served without one. */
  readonly web?: string;
}

/** Nothing from elsewhere, no script of ours inside pages, in nobody's frame. */
const CONTENT_SECURITY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    // The component library writes its styles into the page.
    styleSrc: ["'self'", "'unsafe-inline'"],
    fontSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

/**
 * The API on an open system, ready for `inject` and `listen`. Closing it ends its streams and
 * timers; the system stays open.
 */
export async function buildApp(system: System, options: AppOptions = {}): Promise<FastifyInstance> {
  const app = Fastify({
    logger: options.logger ?? false,
    // Requests are logged below, by route: addresses carry what people search for.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // One proxy: what a client itself writes into the header counts for nothing.
    trustProxy: system.settings.trustProxy ? (_address, hop) => hop === 0 : false,
    bodyLimit: 1024 * 1024,
    // A HEAD of an endless stream would leave it open.
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 300 },
    // An address that cannot be decoded never reaches the error handler below.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);

  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: CONTENT_SECURITY,
    hsts: system.settings.trustProxy,
    xFrameOptions: { action: 'deny' },
  });
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: () => new Failure('tooManyTries'),
  });
  await collectOpenApi(app);

  const uploads = await openUploads(system, app.log);
  const datasets = await openDatasets(system);
  const progress = createProgress(system.store);
  app.decorate('uploads', uploads);
  app.addHook('preClose', async () => {
    uploads.close();
    datasets.close();
    await progress.close();
  });

  const parts: Parts = {
    system,
    uploads,
    datasets,
    progress,
    images: createPageImages(system),
    signInTries: options.signInTries ?? { address: 30, login: 10 },
  };
  await app.register(
    async (context) => {
      requireSessions(context, system.store);
      describeErrors(context);
      logRequests(context);
      const endReadings = noteReadings(context, system.store);
      context.addHook('onClose', endReadings);
      const api: Api = context.withTypeProvider<ZodTypeProvider>();
      healthRoute(api);
      sessionRoutes(api, parts);
      peopleRoutes(api, parts);
      accessRoutes(api, parts);
      projectRoutes(api, parts);
      formRoutes(api);
      bookRoutes(api, parts);
      uploadRoutes(api, parts);
      pageRoutes(api, parts);
      recordRoutes(api, parts);
      lookupRoutes(api, parts);
      linkRoutes(api, parts);
      columnRoutes(api, parts);
      overviewRoutes(api, parts);
      workRoutes(api, parts);
      qualityRoutes(api, parts);
      completenessRoutes(api, parts);
      exportRoutes(api, parts);
      reportRoutes(api, parts);
      templateRoutes(api, parts);
      docsRoutes(api);
      // Also an unknown address wants a session, so that nobody learns which ones there are.
      context.all('/*', { schema: { hide: true } }, async () => {
        throw new Failure('notFound');
      });
    },
    { prefix: '/api' },
  );
  if (options.web === undefined)
    app.setNotFoundHandler(async () => {
      throw new Failure('notFound');
    });
  else await serveWeb(app, options.web);
  await app.ready();
  return app;
}

function healthRoute(api: Api): void {
  api.get(
    '/health',
    {
      config: { open: true },
      schema: { tags: ['health'], summary: 'Alive', response: { 200: HealthAnswer } },
    },
    async () => ({ ok: true as const }),
  );
}

/** Every route with a described answer also says what its problems look like. */
function describeErrors(context: FastifyInstance): void {
  context.addHook('onRoute', ({ schema }) => {
    if (schema?.response)
      schema.response = { '4xx': ErrorAnswer, '5xx': ErrorAnswer, ...schema.response };
  });
  // Personal data: neither browsers nor proxies keep copies.
  context.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
}

/** Who changed what, by route and ids; never addresses, bodies or words that were searched for. */
function logRequests(context: FastifyInstance): void {
  context.addHook('onResponse', async (request, reply) => {
    const entry = {
      method: request.method,
      route: request.routeOptions.url,
      // What is no id is whatever somebody has written into the address.
      id: z.uuid().safeParse((request.params as { id?: unknown } | undefined)?.id).data,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      person: request.person?.id,
    };
    const reading = request.method === 'GET' || request.method === 'HEAD';
    request.log[reading && reply.statusCode < 500 ? 'debug' : 'info'](entry, 'request');
  });
}
