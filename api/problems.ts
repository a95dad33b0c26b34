import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { FAILURES, Failure, type FailureData, type FailureKind } from '../models/failures.ts';
import type { ErrorAnswer, Problem } from './contract.ts';

/** A failure as the API says it: both languages, the detail as it is. */
export function problemOf(failure: Failure | FailureData): Problem {
  const [, , vi, en] = FAILURES[failure.kind];
  return {
    kind: failure.kind,
    message: vi,
    messageEn: en,
    ...(failure.detail === undefined ? {} : { detail: failure.detail }),
  };
}

/** A problem for `kind` without throwing. */
export const problem = (kind: FailureKind, detail?: string): Problem =>
  problemOf(new Failure(kind, detail));

const internal = (requestId: string): Problem => ({
  kind: 'internal',
  message: 'Lỗi của hệ thống. Hãy báo quản trị viên kèm mã này.',
  messageEn: 'A fault of the system. Tell the administrator this code.',
  detail: requestId,
});

/**
 * Where a request is wrong, as paths and rules, without the values that were sent; a key that is not
 * one of ours shows as `*`, since a sender chose it.
 */
function pathsOf(error: FastifyError): string {
  const paths = (error.validation ?? []).map((v) => {
    const where = v.instancePath
      .split('/')
      .filter(Boolean)
      .map((part) => (/^[A-Za-z0-9]{1,40}$/.test(part) ? part : '*'))
      .join('.');
    return `${error.validationContext ?? 'body'}${where ? `.${where}` : ''}: ${v.keyword}`;
  });
  return [...new Set(paths)].slice(0, 10).join('; ');
}

/** What of an unknown error is logged: its class, codes and stack. Messages may quote values. */
function loggable(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, severity, table, constraint, routine } = error as unknown as Record<string, string>;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return severity === undefined
    ? { type: error.name, code, stack: frames.join('\n') }
    : { type: error.name, code, table, constraint, routine, stack: frames.join('\n') };
}

/** Turns whatever was thrown into a status and the one error shape; bugs are logged and stay vague. */
export function toProblem(
  error: unknown,
  requestId: string,
): { status: number; problem: Problem; bug?: Record<string, unknown> } {
  if (error instanceof Failure) return { status: error.status, problem: problemOf(error) };
  const fastify = error as FastifyError;
  if (hasZodFastifySchemaValidationErrors(error))
    return { status: 400, problem: problem('invalid', pathsOf(fastify)) };
  const status = fastify?.statusCode;
  if (status === 413) return { status, problem: problem('tooLarge') };
  if (status === 403) return { status, problem: problem('forbidden') };
  if (status === 404) return { status, problem: problem('notFound') };
  if (status === 429) return { status, problem: problem('tooManyTries') };
  if (status !== undefined && status >= 400 && status < 500)
    return { status, problem: problem('invalid', fastify.code) };
  return { status: 500, problem: internal(requestId), bug: loggable(error) };
}

/** The error handler of the whole app. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const { status, problem, bug } = toProblem(error, request.id);
  if (bug) request.log.error({ bug }, 'unexpected error');
  if (reply.raw.headersSent) return reply.raw.destroy();
  return reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer(JSON.stringify)
    .send({ error: problem } satisfies ErrorAnswer);
}
