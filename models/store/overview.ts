import type { Pool } from 'pg';
import { z } from 'zod';
import { RecordStatus } from '../actions.ts';
import { FailureData } from '../failures.ts';
import { type BookId, DocumentId, PageId, PersonId, RecordId } from '../ids.ts';
import type { Scope } from '../people.ts';
import { Stage } from '../stages.ts';
import { parameters, parseRows } from './database.ts';
import { inScope } from './scope.ts';

/** `running`: begun and neither finished nor failed; also what a crash left, until it is tried again. */
export const PageState = z.enum(['waiting', 'running', 'failed', 'done']);
export type PageState = z.infer<typeof PageState>;

/** One page of a book's strip. */
export const StripPage = z.object({
  pageId: PageId,
  documentId: DocumentId,
  /** Position in its document, from 0. */
  index: z.number().int().nonnegative(),
  /** False where the page never became an image. */
  hasImage: z.boolean(),
  state: PageState,
  /** The stage that it waits for or failed in. */
  stage: Stage.optional(),
  failure: FailureData.optional(),
  records: z.array(z.object({ id: RecordId, status: RecordStatus })),
});
export type StripPage = z.infer<typeof StripPage>;

/** What one person did on one day. */
export const DayOfWork = z.object({
  /** yyyy-MM-dd, in Vietnam. */
  day: z.string(),
  personId: PersonId,
  name: z.string(),
  /** Records called done, checked, returned, approved. */
  keyed: z.number().int(),
  checked: z.number().int(),
  returned: z.number().int(),
  approved: z.number().int(),
});
export type DayOfWork = z.infer<typeof DayOfWork>;

const StatusCount = z.object({ status: RecordStatus, count: z.number().int() });

/** Days begin and end where the registers are. */
export const ZONE = 'Asia/Ho_Chi_Minh';

/** Books and work at a glance. */
export function overview(pool: Pool) {
  return {
    /** Every page of a book in its order, with what has become of it. */
    async strip(bookId: BookId): Promise<StripPage[]> {
      const { rows } = await pool.query(
        `select p.id as page_id, p.document_id, p.index, p.image_key <> '' as has_image,
                case when p.failure is not null then 'failed' when p.next is null then 'done'
                     when p.attempts > 0 then 'running' else 'waiting' end as state,
                coalesce(p.failed_stage, p.next) as stage, p.failure,
                coalesce((
                  select json_agg(json_build_object('id', r.id, 'status', r.status) order by r.entry)
                    from record_pages rp join records r on r.id = rp.record_id
                   where rp.page_id = p.id and not r.set_aside), '[]') as records
           from pages p join documents d on d.id = p.document_id
          where p.book_id = $1 order by d.seq, p.index, p.part`,
        [bookId],
      );
      return parseRows(StripPage, rows);
    },

    /** How many records of the books in `scope` stand where. */
    async statuses(scope?: Scope): Promise<Partial<Record<RecordStatus, number>>> {
      const { values, take } = parameters();
      const inside = inScope(scope, take);
      const { rows } = await pool.query(
        `select r.status, count(*)::int as count from records r join books b on b.id = r.book_id
          where not r.set_aside and ${inside} group by r.status`,
        values,
      );
      return Object.fromEntries(parseRows(StatusCount, rows).map((r) => [r.status, r.count]));
    },

    /** What people did in `scope` on the last `days` days, today included; of one person when asked. */
    async days(days: number, scope?: Scope, personId?: PersonId): Promise<DayOfWork[]> {
      const { values, take } = parameters([days, personId ?? null]);
      const inside = inScope(scope, take);
      const done = (condition: string) => `count(*) filter (where ${condition})::int`;
      const { rows } = await pool.query(
        `select to_char(a.at at time zone '${ZONE}', 'YYYY-MM-DD') as day, a.person_id, p.name,
                ${done(`a.type = 'keyed' and (a.content ->> 'done')::boolean`)} as keyed,
                ${done(`a.type = 'checked'`)} as checked,
                ${done(`a.type in ('returned', 'reopened')`)} as returned,
                ${done(`a.type = 'approved'`)} as approved
           from actions a join people p on p.id = a.person_id
           join records r on r.id = a.record_id join books b on b.id = r.book_id
          where a.person_id is not null and ${inside}
            and a.at >= (date_trunc('day', now() at time zone '${ZONE}')
                         - make_interval(days => $1 - 1)) at time zone '${ZONE}'
            and ($2::uuid is null or a.person_id = $2)
          group by 1, 2, 3 order by 1, 3`,
        values,
      );
      return parseRows(DayOfWork, rows);
    },
  };
}
