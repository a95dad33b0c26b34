import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { FailureData } from '../../models/failures.ts';
import { type Problem, UploadAnswer } from '../contract.ts';
import { problem, problemOf } from '../problems.ts';
import { personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** Headers of the protocol; the others of its answers are the app's to set. */
const KEPT = /^(tus-|upload-|location$|content-type$|cache-control$)/;

function problemOfText(status: number, text: string): Problem {
  try {
    return problemOf(FailureData.parse(JSON.parse(text)));
  } catch {
    if (status === 413) return problem('tooLarge');
    if (status === 404 || status === 410) return problem('notFound', 'upload');
    return problem('invalid', text.trim().slice(0, 200));
  }
}

/** Resumable uploads after the tus protocol 1.0; one belongs to the person who began it. */
export function uploadRoutes(api: Api, { uploads }: Parts): void {
  const tags = ['uploads'];
  const params = z.object({ id: z.uuid() });
  // The body of a PATCH stays a stream.
  api.addContentTypeParser('application/offset+octet-stream', (_request, _payload, done) =>
    done(null),
  );

  async function handle(request: FastifyRequest, reply: FastifyReply) {
    const person = personOf(request);
    const { id } = request.params as { id?: string };
    if (id !== undefined) await uploads.mustOwn(id, person);
    const response = await uploads.handle(request, person);
    reply.code(response.status);
    for (const [name, value] of response.headers) if (KEPT.test(name)) reply.header(name, value);
    const text = response.body ? await response.text() : '';
    if (response.status >= 500)
      throw Object.assign(new Error('upload failed'), { status: response.status });
    if (response.status < 400) return reply.send(text === '' ? undefined : text);
    return reply
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify({ error: problemOfText(response.status, text) }));
  }

  const config = { ability: 'takeIn' } as const;
  api.post('/uploads', { config, schema: { tags, summary: 'Begin an upload (tus)' } }, handle);
  api.route({
    method: ['HEAD', 'PATCH', 'DELETE'],
    url: '/uploads/:id',
    config,
    schema: { tags, summary: 'Ask for the offset, send bytes, give up (tus)', params },
    handler: handle,
  });
  api.get(
    '/uploads/:id',
    {
      schema: {
        tags,
        summary: 'What has become of an upload',
        params,
        response: { 200: UploadAnswer },
      },
    },
    async (request) => {
      await uploads.mustOwn(request.params.id, personOf(request));
      return uploads.answer(request.params.id);
    },
  );
}
