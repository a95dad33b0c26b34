import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { ProjectId } from '../../models/ids.ts';
import type { Person } from '../../models/people.ts';
import { mayChangeProjects } from '../abilities.ts';
import {
  NewProjectRequest,
  ProjectAnswer,
  ProjectChangeRequest,
  ProjectsAnswer,
} from '../contract.ts';
import { personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** @throws Failure `forbidden` */
function mustReachAll(person: Person): void {
  if (!mayChangeProjects(person))
    throw new Failure('forbidden', 'an administrator of all places needed');
}

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
      mustReachAll(personOf(request));
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
      mustReachAll(personOf(request));
      request.log.info({ by: personOf(request).id, project: id }, 'policy');
      return projects.setPolicy(id, request.body.policy);
    },
  );
}
