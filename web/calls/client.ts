import type { ErrorAnswer, Problem } from '../../api/contract.ts';

/** The API answered with a problem that it knows. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly problem: Problem;
  /** The whole answer: a conflict carries both sides. */
  readonly body: unknown;

  constructor(status: number, problem: Problem, body: unknown) {
    super(problem.messageEn);
    this.status = status;
    this.problem = problem;
    this.body = body;
  }
}

/** No answer: the line or the server is down, or something between them answered. */
export class LineDown extends Error {
  override readonly name = 'LineDown';
}

const LIMIT_MS = 60_000;

function isErrorAnswer(body: unknown): body is ErrorAnswer {
  return (
    typeof body === 'object' &&
    body !== null &&
    'error' in body &&
    typeof (body as ErrorAnswer).error?.kind === 'string'
  );
}

/**
 * One request to the API. With `last` it is sent even when the tab is gone before its answer.
 * @throws Refused when the API says no, LineDown when there is no answer of the API.
 */
export async function call<T>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  { last = false }: { readonly last?: boolean } = {},
): Promise<T> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(`/api${path}`, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(LIMIT_MS),
      keepalive: last,
      headers: {
        accept: 'application/json',
        ...(method === 'GET' ? {} : { 'x-so-goc': '1' }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    text = await answer.text();
  } catch (error) {
    throw new LineDown('no answer', { cause: error });
  }
  let json: unknown;
  try {
    json = text === '' ? undefined : JSON.parse(text);
  } catch (error) {
    throw new LineDown(`status ${answer.status} without JSON`, { cause: error });
  }
  if (answer.ok) return json as T;
  if (isErrorAnswer(json)) throw new Refused(answer.status, json.error, json);
  throw new LineDown(`status ${answer.status}`);
}

/** `?a=1&b=2` of what is there; empty for nothing. */
export function query(values: Record<string, string | number | boolean | undefined>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(values))
    if (value !== undefined && value !== '') params.set(key, String(value));
  const text = params.toString();
  return text && `?${text}`;
}
