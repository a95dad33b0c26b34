import { z } from 'zod';
import { ProjectId } from '../../models/ids.ts';
import {
  NewProjectRequest,
  ProjectAnswer,
  ProjectChangeRequest,
  ProjectsAnswer,
} from '../contract.ts';
import { personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** Projects: who may check and who approves, for all their books. */
export function projectRoutes(api: Api, { system }: Parts): void {
  const { projects } = system.store;
  const tags = ['projects'];

  api.get(
    '/projects',
    { schema: { tags, summary: 'All projects', response: { 200: ProjectsAnswer } } },
    async () => ({ items: await projects.list() }),
  );

  api.post(
    '/projects',
    {
      config: { ability: 'manageProjects' },
      schema: {
        tags,
        summary: 'Add a project',
        body: NewProjectRequest,
        response: { 201: ProjectAnswer },
      },
    },
    async (request, reply) => {
      const { name, policy } = request.body;
      return reply.code(201).send(await projects.create(name, policy));
    },
  );

  api.patch(
    '/projects/:id',
    {
      config: { ability: 'manageProjects' },
      schema: {
        tags,
        summary: 'Change who checks and approves in all books of a project',
        params: z.object({ id: ProjectId }),
        body: ProjectChangeRequest,
        response: { 200: ProjectAnswer },
      },
    },
    async (request) => {
      const { id } = request.params;
      request.log.info({ by: personOf(request).id, project: id }, 'policy');
      return projects.setPolicy(id, request.body.policy);
    },
  );
}
