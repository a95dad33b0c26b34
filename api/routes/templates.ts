import { Failure } from '../../models/failures.ts';
import type { LoadedTemplate } from '../../models/store/templates.ts';
import { NewTemplateQuery, TemplateAnswer, TemplatesAnswer } from '../contract.ts';
import type { Api, Parts } from './types.ts';

const MAX_BYTES = 5 * 1024 * 1024;

const wire = ({ blobKey: _, createdAt, ...rest }: LoadedTemplate): TemplateAnswer => ({
  ...rest,
  createdAt: createdAt.toISOString(),
});

/** A site's own template files; the newest of a register is used for its exports. */
export function templateRoutes(api: Api, { system }: Parts): void {
  const tags = ['exports'];
  api.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: MAX_BYTES },
    (_request, body, done) => done(null, body),
  );

  api.get(
    '/templates',
    { schema: { tags, summary: 'Loaded template files', response: { 200: TemplatesAnswer } } },
    async () => ({ items: (await system.store.templates.list()).map(wire) }),
  );

  api.post(
    '/templates',
    {
      bodyLimit: MAX_BYTES,
      config: { ability: 'manageTemplates' },
      schema: {
        tags,
        summary: 'Load a template file (.xlsx) for a register',
        querystring: NewTemplateQuery,
        response: { 201: TemplateAnswer },
      },
    },
    async (request, reply) => {
      const { register, name, headerRow } = request.query;
      if (!Buffer.isBuffer(request.body)) throw new Failure('badTemplate');
      // The library for workbooks takes long to load: only for those who need it.
      const { loadTemplateFile } = await import('../../pipeline/export/site-settings.ts');
      const loaded = await loadTemplateFile(system, {
        register,
        name,
        bytes: request.body,
        ...(headerRow === undefined ? {} : { headerRow }),
      });
      return reply.code(201).send(wire(loaded));
    },
  );
}
