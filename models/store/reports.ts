import type { Pool } from 'pg';
import { z } from 'zod';
import type { BookId, PersonId } from '../ids.ts';
import type { Scope } from '../people.ts';
import { Rate, rateOf } from '../quality.ts';
import { Stage } from '../stages.ts';
import { parameters, parseRows } from './database.ts';
import { ZONE } from './overview.ts';
import { inScope } from './scope.ts';

const Count = z.number().int();

/** By what figures are added up. */
export const ProgressBy = z.enum(['place', 'register', 'book']);
export type ProgressBy = z.infer<typeof ProgressBy>;
export const QualityBy = z.enum([...ProgressBy.options, 'person']);
export type QualityBy = z.infer<typeof QualityBy>;
export const WorkBy = z.enum(['person', 'day']);
export type WorkBy = z.infer<typeof WorkBy>;

/** How far the work has come in one place, register or book. */
export const Progress = z.object({
  /** The unit, the code of the register, the book's id. */
  key: z.string(),
  books: Count,
  pages: Count,
  pagesDone: Count,
  pagesFailed: Count,
  /** Records by status. */
  records: z.record(z.string(), Count),
});
export type Progress = z.infer<typeof Progress>;

/** Pages that wait for a stage of the machine, or failed in it. */
export const StageCount = z.object({ stage: Stage, waiting: Count, failed: Count });
export type StageCount = z.infer<typeof StageCount>;

/** What people did in a span of days, and how fast. */
export const WorkDone = z.object({
  /** The person's id, or the day in Vietnam as yyyy-MM-dd. */
  key: z.string(),
  /** The person's name; absent for a day. */
  name: z.string().optional(),
  keyed: Count,
  secondKeyed: Count,
  arbitrated: Count,
  checked: Count,
  returned: Count,
  approved: Count,
  /** Time at work: between actions that follow each other within {@link PAUSE_SECONDS}. */
  seconds: z.number(),
  /** Records brought to the next step in that time, in an hour; null when there is too little of it. */
  perHour: z.number().nullable(),
});
export type WorkDone = z.infer<typeof WorkDone>;

/** How good the work of a place, register, book or person is. */
export const Quality = z.object({
  key: z.string(),
  /** Of a person or a book. */
  name: z.string().optional(),
  /** Wrong fields and wrong records among those looked at in samples. */
  fields: Rate,
  records: Rate,
  /** Records sent back, among those that were checked or sent back. */
  returns: Rate,
  /** Why, by the code of the list `lyDoTraLai`. */
  reasons: z.record(z.string(), Count),
});
export type Quality = z.infer<typeof Quality>;

/** Who does nothing for so long is not at work. */
const PAUSE_SECONDS = 600;
/** Less time at work says nothing of speed. */
const LEAST_SECONDS = 60;

/** Days in Vietnam, both included, as yyyy-MM-dd. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

const KEYS: Readonly<Record<ProgressBy, string>> = {
  place: 'b.unit',
  register: 'b.register',
  book: 'b.id::text',
};

type Take = (value: unknown) => string;

/** That a time lies in a span of days. */
const within = (column: string, { from, to }: Span, take: Take) =>
  `${column} >= (${take(from)}::date)::timestamp at time zone '${ZONE}'
   and ${column} < (${take(to)}::date + 1)::timestamp at time zone '${ZONE}'`;

const PagesRow = Progress.omit({ records: true });
const StatusRow = z.object({ key: z.string(), status: z.string(), count: Count });

const DONE = `a.type <> 'keyed' or (a.content ->> 'done')::boolean`;
const WorkRow = WorkDone.omit({ perHour: true, key: true }).extend({
  personId: z.string(),
  day: z.string(),
  timed: Count,
});
type WorkRow = z.infer<typeof WorkRow>;
const COUNTS = [
  'keyed',
  'secondKeyed',
  'arbitrated',
  'checked',
  'returned',
  'approved',
  'seconds',
] as const;

/** Adds rows up by what `by` says. */
function addUp(rows: readonly WorkRow[], by: WorkBy): WorkDone[] {
  const sums = new Map<string, WorkRow & { key: string }>();
  for (const row of rows) {
    const key = by === 'day' ? row.day : row.personId;
    const sum = sums.get(key);
    if (!sum) sums.set(key, { ...row, key });
    else {
      for (const count of COUNTS) sum[count] += row[count];
      sum.timed += row.timed;
    }
  }
  return [...sums.values()].map(({ personId: _, day: __, name, timed, ...sum }) => ({
    ...sum,
    ...(by === 'person' ? { name } : {}),
    perHour: sum.seconds < LEAST_SECONDS ? null : (timed * 3600) / sum.seconds,
  }));
}

const SampleRow = z.object({
  key: z.string(),
  records: Count,
  wrongRecords: Count,
  fields: Count,
  wrongFields: Count,
});
const ActionRow = z.object({ key: z.string(), checked: Count, returned: Count });
const ReasonRow = z.object({ key: z.string(), code: z.string(), count: Count });

const ACTIONS = `actions a join records r on r.id = a.record_id join books b on b.id = r.book_id`;

/** Figures on the work of a site. All within a scope; none tells what a record says. */
export function reports(pool: Pool) {
  return {
    /** By place, register or book; those without a page are there too. */
    async progress(by: ProgressBy, scope: Scope | undefined): Promise<Progress[]> {
      const key = KEYS[by];
      const { values, take } = parameters();
      const inside = inScope(scope, take);
      const [pages, records] = await Promise.all([
        pool.query(
          `select ${key} as key, count(distinct b.id)::int as books, count(p.id)::int as pages,
                  count(p.id) filter (where p.next is null)::int as pages_done,
                  count(p.failure)::int as pages_failed
             from books b left join pages p on p.book_id = b.id
            where ${inside} group by 1 order by 1`,
          values,
        ),
        pool.query(
          `select ${key} as key, r.status, count(*)::int as count
             from records r join books b on b.id = r.book_id
            where not r.set_aside and ${inside} group by 1, 2`,
          values,
        ),
      ]);
      const statuses = new Map<string, Record<string, number>>();
      for (const { key: of, status, count } of parseRows(StatusRow, records.rows))
        statuses.set(of, { ...statuses.get(of), [status]: count });
      return parseRows(PagesRow, pages.rows).map((row) => ({
        ...row,
        records: statuses.get(row.key) ?? {},
      }));
    },

    /** What waits for the machine, stage by stage in their order. */
    async stages(scope: Scope | undefined): Promise<StageCount[]> {
      const { values, take } = parameters();
      const inside = inScope(scope, take);
      const { rows } = await pool.query(
        `select stage, count(*) filter (where not failed)::int as waiting,
                count(*) filter (where failed)::int as failed
           from (
             select coalesce(p.failed_stage, p.next) as stage, p.failure is not null as failed
               from pages p join books b on b.id = p.book_id
              where (p.next is not null or p.failure is not null) and ${inside}
             union all
             select 'split', d.state = 'failed' from documents d join books b on b.id = d.book_id
              where d.state <> 'split' and ${inside}) w
          group by 1`,
        values,
      );
      const found = parseRows(StageCount, rows);
      return Stage.options.map(
        (stage) => found.find((row) => row.stage === stage) ?? { stage, waiting: 0, failed: 0 },
      );
    },

    /** What people did, of one person when asked, by person or day, and how fast. */
    async work(query: {
      readonly by: WorkBy;
      readonly span: Span;
      readonly scope: Scope | undefined;
      readonly personId?: PersonId | undefined;
    }): Promise<WorkDone[]> {
      const { values, take } = parameters();
      const inside = inScope(query.scope, take);
      const done = (type: string) =>
        `count(*) filter (where a.type = '${type}' and (${DONE}))::int`;
      const person = take(query.personId ?? null);
      const { rows } = await pool.query(
        `with a as (
           select a.person_id, a.type, a.content, a.at,
                  extract(epoch from a.at - lag(a.at) over (
                    partition by a.person_id order by a.at)) as gap
             from actions a join records r on r.id = a.record_id
             join books b on b.id = r.book_id
            where a.person_id is not null and ${inside} and ${within('a.at', query.span, take)}
              and (${person}::uuid is null or a.person_id = ${person}))
         select a.person_id, p.name, to_char(a.at at time zone '${ZONE}', 'YYYY-MM-DD') as day,
                ${done('keyed')} as keyed, ${done('secondKeyed')} as second_keyed,
                ${done('arbitrated')} as arbitrated, ${done('checked')} as checked,
                count(*) filter (where a.type in ('returned', 'reopened'))::int as returned,
                ${done('approved')} as approved,
                coalesce(sum(a.gap) filter (where a.gap <= ${PAUSE_SECONDS}), 0)::float8 as seconds,
                count(*) filter (where a.gap <= ${PAUSE_SECONDS} and (${DONE}))::int as timed
           from a join people p on p.id = a.person_id
          group by 1, 2, 3 order by ${query.by === 'day' ? '3, 2' : '2, 3'}`,
        values,
      );
      return addUp(parseRows(WorkRow, rows), query.by);
    },

    /** Error rates of samples with their intervals, and returns with their reasons. */
    async quality(query: {
      readonly by: QualityBy;
      readonly span?: Span | undefined;
      readonly scope: Scope | undefined;
      readonly bookId?: BookId | undefined;
    }): Promise<Quality[]> {
      const { by, span } = query;
      const key = by === 'person' ? 'k.id::text' : KEYS[by];
      // A record's faults are those of all who keyed its first reading.
      const people = by === 'person' ? 'cross join lateral unnest(r.first_keyers) as k (id)' : '';
      const ask = <S extends z.ZodObject>(
        row: S,
        {
          select,
          from,
          at,
          where,
          group,
        }: Record<'select' | 'from' | 'at' | 'where' | 'group', string>,
      ) => {
        const { values, take } = parameters();
        const conditions = [where, inScope(query.scope, take)];
        if (query.bookId) conditions.push(`b.id = ${take(query.bookId)}`);
        if (span) conditions.push(within(at, span, take));
        const text = `select ${key} as key, ${select} from ${from} ${people}
          where ${conditions.join(' and ')} group by ${group}`;
        return pool.query(text, values).then(({ rows }) => parseRows(row, rows));
      };
      const [samples, actions, reasons] = await Promise.all([
        ask(SampleRow, {
          select: `count(*)::int as records,
            count(*) filter (where s.errors <> '[]')::int as wrong_records,
            sum(s.fields)::int as fields,
            sum((select count(distinct e ->> 'field') from jsonb_array_elements(s.errors) e))::int
              as wrong_fields`,
          from: `sample_records s join records r on r.id = s.record_id
            join books b on b.id = r.book_id`,
          at: 's.judged_at',
          where: 's.errors is not null',
          group: '1',
        }),
        ask(ActionRow, {
          select: `count(*) filter (where a.type = 'checked')::int as checked,
            count(*) filter (where a.type <> 'checked')::int as returned`,
          from: ACTIONS,
          at: 'a.at',
          where: `a.type in ('checked', 'returned', 'reopened')`,
          group: '1',
        }),
        ask(ReasonRow, {
          select: `coalesce(e ->> 'code', 'other') as code, count(*)::int as count`,
          from: `${ACTIONS} cross join lateral jsonb_array_elements(a.content -> 'reasons') e`,
          at: 'a.at',
          where: `a.type in ('returned', 'reopened')`,
          group: '1, 2',
        }),
      ]);
      const keys = [...new Set([...samples, ...actions].map((row) => row.key))].sort();
      return keys.map((of) => {
        const sample = samples.find((row) => row.key === of);
        const acts = actions.find((row) => row.key === of);
        const { checked = 0, returned = 0 } = acts ?? {};
        return {
          key: of,
          fields: rateOf(sample?.wrongFields ?? 0, sample?.fields ?? 0),
          records: rateOf(sample?.wrongRecords ?? 0, sample?.records ?? 0),
          returns: rateOf(returned, checked + returned),
          reasons: Object.fromEntries(
            reasons.filter((row) => row.key === of).map(({ code, count }) => [code, count]),
          ),
        };
      });
    },
  };
}
