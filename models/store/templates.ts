import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { z } from 'zod';
import { jsonb, parseOne, parseRow, parseRows, storable } from './database.ts';

export const TemplateId = z.uuid().brand<'TemplateId'>();
export type TemplateId = z.infer<typeof TemplateId>;

/** A template file that a site has loaded: its header row, cell by cell, exactly as it came. */
export const LoadedTemplate = z.object({
  id: TemplateId,
  register: z.string(),
  name: z.string(),
  header: z.array(z.string()),
  /** Blob key of the workbook itself. */
  blobKey: z.string().optional(),
  createdAt: z.coerce.date(),
});
export type LoadedTemplate = z.infer<typeof LoadedTemplate>;

export function templates(pool: Pool) {
  return {
    async list(register?: string): Promise<LoadedTemplate[]> {
      const { rows } = await pool.query(
        `select * from templates where $1::text is null or register = $1
          order by created_at desc, id`,
        [register ?? null],
      );
      return parseRows(LoadedTemplate, rows);
    },

    /** @throws Failure `notFound` */
    async byId(id: TemplateId): Promise<LoadedTemplate> {
      const { rows } = await pool.query('select * from templates where id = $1', [id]);
      return parseOne(LoadedTemplate, rows, 'template');
    },

    async put(template: {
      readonly register: string;
      readonly name: string;
      readonly header: readonly string[];
      readonly blobKey?: string | undefined;
    }): Promise<LoadedTemplate> {
      const { rows } = await pool.query(
        `insert into templates (id, register, name, header, blob_key)
         values ($1, $2, $3, $4, $5) returning *`,
        [
          randomUUID(),
          template.register,
          storable(template.name),
          jsonb(template.header),
          template.blobKey ?? null,
        ],
      );
      return parseRow(LoadedTemplate, rows[0]);
    },
  };
}
