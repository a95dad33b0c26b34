import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';

/** Collects the routes registered after it into an OpenAPI document. */
export async function collectOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sổ Gốc',
        version: '0.1.0',
        description:
          'Sign in with POST /api/session, and send the header x-so-goc: 1 with unsafe requests; or send a token of POST /api/session/tokens as Authorization: Bearer. Problems are answered as {error: {kind, message, messageEn, detail?}}.',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'so-goc' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ session: [] }, { token: [] }],
    },
    transform: createJsonSchemaTransform({
      zodToJsonConfig: { unrepresentable: 'any' },
    }),
  });
}

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly parameters?: readonly {
    in: string;
    name: string;
    required?: boolean;
    schema: unknown;
  }[];
  readonly requestBody?: { content: Record<string, { schema: unknown }> };
  readonly responses?: Record<string, { content?: Record<string, { schema: unknown }> }>;
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.codePointAt(0)};`);
const json = (value: unknown) => `<pre>${escapeHtml(JSON.stringify(value, null, 2))}</pre>`;
const folded = (title: string, value: unknown) =>
  `<details><summary>${escapeHtml(title)}</summary>${json(value)}</details>`;

function section(method: string, path: string, operation: Operation): string {
  const asked = (operation.parameters ?? []).map(
    (p) =>
      `<li><code>${escapeHtml(p.name)}</code> (${escapeHtml(p.in)}${p.required ? ', required' : ''}) <code>${escapeHtml(JSON.stringify(p.schema))}</code></li>`,
  );
  const bodies = Object.values(operation.requestBody?.content ?? {}).map((c) =>
    folded('Request', c.schema),
  );
  const answers = Object.entries(operation.responses ?? {}).flatMap(([status, response]) =>
    Object.values(response.content ?? {}).map((c) => folded(`Answer ${status}`, c.schema)),
  );
  return `<section><h3><code>${method.toUpperCase()} ${escapeHtml(path)}</code></h3>
<p>${escapeHtml(operation.summary ?? '')}</p>${asked.length > 0 ? `<ul>${asked.join('')}</ul>` : ''}
${bodies.join('')}${answers.join('')}</section>`;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
section{border-top:1px solid #ccc;padding:.5rem 0}pre{background:#f4f4f4;padding:.75rem;overflow:auto}
h3{margin:.5rem 0}p{margin:.25rem 0}summary{cursor:pointer}`;

/** A page of the document that needs no script and nothing from elsewhere. */
function renderPage(document: { paths?: object }): string {
  const byTag = new Map<string, string[]>();
  for (const [path, methods] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(methods as Record<string, Operation>)) {
      const tag = operation.tags?.[0] ?? 'other';
      byTag.set(tag, [...(byTag.get(tag) ?? []), section(method, path, operation)]);
    }
  const parts = [...byTag].map(
    ([tag, sections]) => `<h2>${escapeHtml(tag)}</h2>${sections.join('')}`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sổ Gốc API</title>
<style>${STYLE}</style></head><body><h1>Sổ Gốc API</h1>
<p><a href="openapi.json">openapi.json</a></p>${parts.join('')}</body></html>`;
}

/** `GET /openapi.json` and `GET /docs`. */
export function docsRoutes(api: FastifyInstance): void {
  api.get('/openapi.json', { schema: { hide: true } }, async () => api.swagger());
  let page: string | undefined;
  api.get('/docs', { schema: { hide: true } }, async (_request, reply) => {
    page ??= renderPage(api.swagger());
    return reply.header('content-type', 'text/html; charset=utf-8').send(page);
  });
}
