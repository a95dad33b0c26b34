import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import { Failure } from '../models/failures.ts';
import type { BookId } from '../models/ids.ts';
import type { Person } from '../models/people.ts';
import { createTakeIn, type TakeIn, type Taken } from '../pipeline/intake/take-in.ts';
import type { System } from '../pipeline/system.ts';
import { UploadAnswer, UploadMetadata } from './contract.ts';
import { problem } from './problems.ts';
import { wireDocument } from './wire.ts';

/** An upload may rest over a long weekend before its bytes are removed. */
const LIFETIME_MS = 4 * 24 * 3_600_000;
const SWEEP_MS = 3_600_000;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What tus keeps about an upload, with what we add at its creation. */
const Kept = UploadMetadata.extend({ personId: UploadMetadata.shape.bookId.brand<'PersonId'>() });

/**
 * The folder of unfinished uploads. A finished one is answered from its receipt, since its bytes lie
 * among the blobs by then: a client that missed the last answer learns that it is done.
 */
class UploadFolder extends FileStore {
  readonly takeIn: TakeIn;

  constructor(directory: string, takeIn: TakeIn) {
    super({ directory, expirationPeriodInMilliseconds: LIFETIME_MS });
    this.takeIn = takeIn;
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
  }

  override async getUpload(id: string) {
    if (!(await this.takeIn.isWhole(id))) return super.getUpload(id);
    const kept = await this.configstore.get(id);
    if (!kept) throw new Failure('notFound', 'upload');
    return Object.assign(kept, { offset: kept.size ?? 0, sizeIsDeferred: false });
  }

  override async write(readable: Readable, id: string, offset: number) {
    if (!(await this.takeIn.isWhole(id))) return super.write(readable, id, offset);
    readable.resume();
    return offset;
  }
}

/** Parsed, since the protocol's answers pass by the app's serializer: nothing inner may slip out. */
const answerOf = ({ document, duplicate }: Taken): UploadAnswer =>
  UploadAnswer.parse({
    state: 'finished',
    duplicate,
    document: wireDocument(document),
    ...(duplicate ? { error: problem('duplicate', document.name) } : {}),
  });

/** Resumable uploads (tus 1.0) into `DATA_DIR/uploads`, from there into the store. */
export async function openUploads(system: System, log: FastifyBaseLogger) {
  const folder = path.join(system.settings.dataDir, 'uploads');
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const takeIn = createTakeIn(system, folder);
  const files = new UploadFolder(folder, takeIn);
  const people = new WeakMap<Request, Person>();

  const failed = (failure: Failure) => ({
    status_code: failure.status,
    body: JSON.stringify(failure.toData()),
  });

  const tus = new Server({
    path: '/api/uploads',
    datastore: files,
    relativeLocation: true,
    maxSize: system.settings.maxUploadBytes,
    disableTerminationForFinishedUploads: true,
    allowedOrigins: () => false,
    namingFunction: () => randomUUID(),
    getFileIdFromRequest: (_request, last) => (last && ID.test(last) ? last : undefined),
    onUploadCreate: async (request, upload) => {
      const person = people.get(request);
      const asked = UploadMetadata.safeParse(upload.metadata ?? {});
      if (!person || !asked.success)
        throw new Failure('invalid', 'Upload-Metadata needs bookId and filename');
      if (upload.size === 0) throw new Failure('empty');
      await system.store.scopes.mustHold(person.scope, 'book', asked.data.bookId);
      return { metadata: { ...asked.data, personId: person.id } };
    },
    onUploadFinish: async (_request, upload) => {
      const { bookId, filename } = Kept.parse(upload.metadata);
      const taken = await takeIn.finish(upload.id, { bookId, name: filename });
      log.info({ upload: upload.id, document: taken.document.id }, 'upload finished');
      return {
        status_code: 200,
        headers: { 'Content-Type': 'application/json; charset=utf-8' },
        body: JSON.stringify(answerOf(taken)),
      };
    },
    onResponseError: (_request, error) => {
      if (error instanceof Failure) return failed(error);
      if ('status_code' in error && error.status_code < 500) return undefined;
      log.error(
        { bug: { type: 'upload', stack: error instanceof Error ? error.stack : error.body } },
        'upload failed',
      );
      return { status_code: 500, body: '' };
    },
  });

  async function keptOf(id: string) {
    const kept = ID.test(id) ? await files.configstore.get(id) : undefined;
    const metadata = Kept.safeParse(kept?.metadata);
    return kept && metadata.success ? { ...kept, metadata: metadata.data } : undefined;
  }

  /** Finishes what a killed process left whole; removes what nobody came back for. */
  async function sweep(): Promise<void> {
    const ids = new Map<string, number>();
    for (const name of await fs.readdir(folder)) {
      const id = name.slice(0, 36);
      const stats = await fs.stat(path.join(folder, name)).catch(() => undefined);
      if (stats && ID.test(id)) ids.set(id, Math.max(stats.mtimeMs, ids.get(id) ?? 0));
    }
    for (const [id, touched] of ids) {
      try {
        if (await takeIn.result(id).then((result) => !result && isComplete(id))) {
          const kept = (await keptOf(id))?.metadata;
          await takeIn.finish(id, kept && { bookId: kept.bookId, name: kept.filename });
          log.info({ upload: id }, 'upload finished after a restart');
        } else if (Date.now() - touched > LIFETIME_MS) await takeIn.forget(id);
      } catch (error) {
        log.error({ upload: id, type: (error as Error).name }, 'upload cannot be finished');
        if (Date.now() - touched > LIFETIME_MS) await takeIn.forget(id);
      }
    }
  }

  async function isComplete(id: string): Promise<boolean> {
    if (await takeIn.isWhole(id)) return true;
    const kept = await keptOf(id);
    const stats = await fs.stat(path.join(folder, id)).catch(() => undefined);
    return kept?.size !== undefined && stats?.size === kept.size;
  }

  const timer = setInterval(() => {
    sweep().catch((error: Error) => log.error({ type: error.name }, 'sweep of uploads failed'));
  }, SWEEP_MS).unref();

  return {
    sweep,

    /** @throws Failure `notFound` for an unknown upload and for somebody else's. */
    async mustOwn(id: string, person: Person): Promise<void> {
      const kept = await keptOf(id);
      if (kept?.metadata.personId !== person.id) throw new Failure('notFound', 'upload');
    },

    async answer(id: string): Promise<UploadAnswer> {
      const taken = await takeIn.result(id);
      return taken ? answerOf(taken) : { state: 'receiving', duplicate: false };
    },

    /** Answers one request of the protocol; its body is streamed, never held. */
    async handle(request: FastifyRequest, person: Person): Promise<Response> {
      const { raw } = request;
      const hasBody = request.method === 'POST' || request.method === 'PATCH';
      const body = hasBody ? raw.pipe(new PassThrough()) : undefined;
      const web = new Request(new URL(raw.url ?? '/', 'http://localhost'), {
        method: request.method,
        headers: Object.entries(raw.headers).flatMap(([name, value]) =>
          typeof value === 'string' ? [[name, value] as [string, string]] : [],
        ),
        ...(body ? { body: Readable.toWeb(body), duplex: 'half' } : {}),
      } as RequestInit);
      people.set(web, person);
      // The server listens to the socket's end itself, so that bytes that came before it are kept.
      Object.assign(web, { runtime: { node: { req: raw } } });
      const answer = tus.handleWeb(web);
      raw.once('error', (error) => body?.destroy(error));
      try {
        return await answer;
      } finally {
        // What it did not want is read away; otherwise the next request on this connection waits
        // for ever.
        if (body) raw.unpipe(body);
        raw.resume();
      }
    },

    /** Takes a local file in the way of an upload; `from` stays. */
    async takeFile(bookId: BookId, name: string, from: string): Promise<Taken> {
      const id = randomUUID();
      await fs.copyFile(from, path.join(folder, id));
      return takeIn.finish(id, { bookId, name });
    },

    close: () => clearInterval(timer),
  };
}
export type Uploads = Awaited<ReturnType<typeof openUploads>>;
