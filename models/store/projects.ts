import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { Failure } from '../failures.ts';
import type { ProjectId } from '../ids.ts';
import { type PolicyChange, Project, SharingPolicy } from '../policy.ts';
import {
  jsonb,
  parseOne,
  parseRow,
  parseRows,
  storable,
  transaction,
  violated,
} from './database.ts';

const taken = (error: unknown) =>
  violated(error) === 'projects_name'
    ? new Failure('invalid', 'a project of this name exists')
    : error;

/** Projects and who may check and approve in them. */
export function projects(pool: Pool) {
  return {
    async list(): Promise<Project[]> {
      const { rows } = await pool.query('select * from projects order by created_at, id');
      return parseRows(Project, rows);
    },

    /** @throws Failure `invalid` when the name is taken. */
    async create(name: string, policy: PolicyChange): Promise<Project> {
      try {
        const { rows } = await pool.query(
          'insert into projects (id, name, policy) values ($1, $2, $3) returning *',
          [randomUUID(), storable(name), jsonb(SharingPolicy.parse(policy))],
        );
        return parseRow(Project, rows[0]);
      } catch (error) {
        throw taken(error);
      }
    },

    /** Changes a project and, in the same moment, the policy of all its books. */
    async setPolicy(id: ProjectId, change: PolicyChange): Promise<Project> {
      return transaction(pool, async (client) => {
        const { rows } = await client.query('select * from projects where id = $1 for update', [
          id,
        ]);
        const old = parseOne(Project, rows, 'project');
        const policy = SharingPolicy.parse({ ...old.policy, ...change });
        await client.query('update projects set policy = $2 where id = $1', [id, jsonb(policy)]);
        await client.query('update books set policy = policy || $2 where project_id = $1', [
          id,
          jsonb(policy),
        ]);
        return { ...old, policy };
      });
    },
  };
}
