import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import {
  makesRecord,
  Page,
  type PageChange,
  type PageQuality,
  type PageVerdict,
} from '../books.ts';
import { Failure, type FailureData } from '../failures.ts';
import type { BookId, DocumentId, PageId } from '../ids.ts';
import { Job, Stage, stageAfter } from '../stages.ts';
import { jsonb, parseOne, parseRow, parseRows, transaction } from './database.ts';
import { crashFailure, MAX_ATTEMPTS, splitAgain } from './documents.ts';

/** How a page goes out: turned, and instead of a photo or a spread the flat sheet cut out of it. */
export interface ShownPage {
  readonly quarterTurns: number;
  readonly imageKey?: string | undefined;
  /** Pixels per inch of that sheet. */
  readonly dpi?: number | undefined;
}

/** What one run of a stage gives. */
export interface StageResult {
  readonly stage: Stage;
  /** The version of the stage in the flow. */
  readonly version: number;
  /** The run of the page that the stage was begun in, see {@link Job}; whichever runs now without it. */
  readonly run?: number | undefined;
  readonly output?: unknown;
  readonly seconds: number;
  /** What the stage found out about the page as such. */
  readonly verdict?: PageVerdict | undefined;
  readonly quality?: PageQuality | undefined;
  readonly shown?: ShownPage | undefined;
  /** The page's image is a spread: its right page becomes a row of its own. */
  readonly more?: boolean | undefined;
}

/** A person left the page out, or said that it is no entry. */
export const SAID_NO_ENTRY =
  "(p.excluded or coalesce(p.kind_by = 'person' and p.kind <> 'entry', false))";

/**
 * Stores what a stage found and moves the page on, inside the caller's transaction. Nothing happens
 * when the page no longer waits for this stage: of two workers, the first one's result counts, and
 * what was begun before a person spoke or asked for another try comes too late. A page that a person
 * has said to be none goes no further.
 * @returns whether this call was the one
 */
export async function finishPage(
  client: PoolClient,
  id: PageId,
  { stage, version, run, output, seconds, verdict, quality, shown, more }: StageResult,
): Promise<boolean> {
  const { rows } = await client.query(
    `update pages p
        set next = case when ${SAID_NO_ENTRY} then null else $3 end,
            attempts = 0, failure = null, failed_stage = null,
            quality = coalesce($4::jsonb, quality), shown = coalesce($5::jsonb, shown)
      where id = $1 and next = $2 and run = coalesce($6::int, run) returning image_hash`,
    [
      id,
      stage,
      stageAfter(stage),
      quality ? jsonb(quality) : null,
      shown ? jsonb(shown) : null,
      run ?? null,
    ],
  );
  if (!rows[0]) return false;
  if (verdict) await storeVerdict(client, id, verdict);
  if (more) await addRightPage(client, id, stage);
  // The same version can run again on the same image after an earlier stage has changed its mind.
  await client.query(
    `insert into stage_results (page_id, stage, version, image_hash, output, seconds)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (page_id, stage, version, image_hash)
       do update set output = excluded.output, seconds = excluded.seconds, at = now()`,
    [id, stage, version, rows[0].image_hash, jsonb(output ?? null), seconds],
  );
  return true;
}

/** The right page of a spread, which `stage` has yet to see; the same row when it is there. */
async function addRightPage(client: PoolClient, id: PageId, stage: Stage): Promise<void> {
  await client.query(
    `insert into pages (id, document_id, book_id, index, part, image_key, image_hash, width, height,
                        dpi, source, quarter_turns, next)
     select $2, document_id, book_id, index, 1, image_key, image_hash, width, height,
            dpi, source, quarter_turns, $3
       from pages where id = $1 and part = 0
     on conflict on constraint pages_position do nothing`,
    [id, randomUUID(), stage],
  );
}

/** Which pages of a book a list shows. */
export const PAGE_LISTS = {
  all: 'true',
  /** The machine gave up on them. */
  failed: 'p.failure is not null',
  /** They make no record of their own. */
  withoutRecord: `(p.excluded or p.kind in ('cover', 'closing', 'blank')
                   or (p.kind = 'other' and p.kind_by = 'person'))`,
  /** Their record begins empty. */
  byHand: `(not p.excluded and p.reason is not null
            and (p.kind = 'entry' or (p.kind = 'other' and p.kind_by = 'machine')))`,
  /** Their scan should be made again. */
  rescan: `(p.quality -> 'problems' <> '[]'::jsonb and not p.excluded)`,
} as const;
export type PageList = keyof typeof PAGE_LISTS;

/**
 * Stores what the machine says of a page. One that makes no record waits for no further stage, and a
 * record of it that nobody has worked on is set aside.
 */
async function storeVerdict(
  client: PoolClient,
  id: PageId,
  { kind, reason }: PageVerdict,
): Promise<void> {
  const { rows } = await client.query(
    `update pages
        set kind = case when kind_by = 'person' then kind else $2 end,
            kind_by = coalesce(kind_by, 'machine'),
            reason = $3
      where id = $1 returning *`,
    [id, kind, reason ? jsonb(reason) : null],
  );
  const makes = makesRecord(parseRow(Page, rows[0]));
  if (!makes) await client.query('update pages set next = null where id = $1', [id]);
  await client.query(
    `update records set set_aside = $2 where page_id = $1 and set_aside <> $2 and status = 'prefilled'
        and (not $2 or first_keyers = '{}')`,
    [id, !makes],
  );
}

export function pages(pool: Pool) {
  return {
    /** @throws Failure `notFound` */
    async byId(id: PageId): Promise<Page> {
      const { rows } = await pool.query('select * from pages where id = $1', [id]);
      return parseOne(Page, rows, 'page');
    },

    /** In the order of the book: documents as they came, pages as they lie in them. */
    async ofBook(bookId: BookId): Promise<Page[]> {
      const { rows } = await pool.query(
        `select p.* from pages p join documents d on d.id = p.document_id
          where p.book_id = $1 order by d.seq, p.index, p.part`,
        [bookId],
      );
      return parseRows(Page, rows);
    },

    /** A part of {@link ofBook}; `only` some of them, see {@link PAGE_LISTS}. */
    async list(query: {
      readonly bookId: BookId;
      readonly only?: PageList | undefined;
      readonly limit?: number | undefined;
      readonly offset?: number | undefined;
    }): Promise<{ items: Page[]; total: number }> {
      const { bookId, only = 'all', limit = 50, offset = 0 } = query;
      const where = `p.book_id = $1 and ${PAGE_LISTS[only]}`;
      const [items, total] = await Promise.all([
        pool.query(
          `select p.* from pages p join documents d on d.id = p.document_id
            where ${where} order by d.seq, p.index, p.part limit $2 offset $3`,
          [bookId, limit, offset],
        ),
        pool.query(`select count(*)::int as n from pages p where ${where}`, [bookId]),
      ]);
      return { items: parseRows(Page, items.rows), total: total.rows[0].n };
    },

    async ofDocument(documentId: DocumentId): Promise<Page[]> {
      const { rows } = await pool.query(
        'select * from pages where document_id = $1 order by index, part',
        [documentId],
      );
      return parseRows(Page, rows);
    },

    /**
     * The page on which `stage` is to run, or undefined when it no longer waits for this stage, or
     * not in this `run`. The attempt is counted and committed before the work starts, so that a page
     * which kills its process is given up after {@link MAX_ATTEMPTS} tries with the failure `crashed`.
     */
    async begin(id: string, stage: Stage, run?: number): Promise<Page | undefined> {
      const { rows } = await pool.query(
        `update pages set attempts = attempts + 1
          where id = $1 and next = $2 and failure is null and attempts < $3
            and run = coalesce($4::int, run) returning *`,
        [id, stage, MAX_ATTEMPTS, run ?? null],
      );
      if (rows[0]) return parseRow(Page, rows[0]);
      await pool.query(
        `update pages set failure = $4, failed_stage = next
          where id = $1 and next = $2 and failure is null and attempts >= $3
            and run = coalesce($5::int, run)`,
        [id, stage, MAX_ATTEMPTS, jsonb(crashFailure()), run ?? null],
      );
      return undefined;
    },

    /** Undoes {@link begin} for a stage that was put off before it did anything. */
    async putOff(id: PageId, stage: Stage, run?: number): Promise<void> {
      await pool.query(
        `update pages set attempts = greatest(attempts - 1, 0)
          where id = $1 and next = $2 and run = coalesce($3::int, run)`,
        [id, stage, run ?? null],
      );
    },

    /**
     * The job for what a page waits for now, however far it had come when `job` was queued;
     * undefined when it waits for nothing or was queued again since.
     */
    async current({ id, attempt }: Job): Promise<Job | undefined> {
      const { rows } = await pool.query(
        `select next as stage, id, run as attempt from pages
          where id = $1 and run = $2 and next is not null and failure is null`,
        [id, attempt],
      );
      return rows[0] && Job.parse(rows[0]);
    },

    /** The job of the right page of this spread, while it waits. */
    async rightOf(id: PageId): Promise<Job[]> {
      const { rows } = await pool.query(
        `select r.next as stage, r.id, r.run as attempt
           from pages l join pages r using (document_id, index)
          where l.id = $1 and l.part = 0 and r.part = 1 and r.next is not null
            and r.failure is null`,
        [id],
      );
      return rows.map((row) => Job.parse(row));
    },

    /** The jobs of a document's pages that wait for `stage`, in their order. */
    async jobsOf(documentId: DocumentId, stage: Stage): Promise<Job[]> {
      const { rows } = await pool.query(
        `select next as stage, id, run as attempt from pages
          where document_id = $1 and next = $2 and failure is null order by index, part`,
        [documentId, stage],
      );
      return rows.map((row) => Job.parse(row));
    },

    /** {@link finishPage} in a transaction of its own. */
    finish(id: PageId, result: StageResult): Promise<boolean> {
      return transaction(pool, (client) => finishPage(client, id, result));
    },

    /** Stores why `stage` failed; does nothing when the page is past it, or in another run, meanwhile. */
    async fail(id: string, stage: Stage, failure: FailureData, run?: number): Promise<void> {
      await pool.query(
        `update pages set failure = $3, failed_stage = $2
          where id = $1 and next = $2 and failure is null and run = coalesce($4::int, run)`,
        [id, stage, jsonb(failure), run ?? null],
      );
    },

    /**
     * Makes a failed page wait again for the stage that failed; a page without an image makes its
     * document wait for split.
     * @returns the job to queue; its attempt differs from all before it
     * @throws Failure `notAllowedNow` when the page has not failed
     */
    async retry(id: PageId): Promise<Job> {
      return transaction(pool, async (client) => {
        const { rows } = await client.query(
          'select document_id, image_key, failure from pages where id = $1',
          [id],
        );
        if (!rows[0]) throw new Failure('notFound', 'page');
        if (rows[0].failure === null)
          throw new Failure('notAllowedNow', 'this page has not failed');
        if (rows[0].image_key === '') return splitAgain(client, rows[0].document_id);
        const updated = await client.query(
          `update pages set failure = null, failed_stage = null, attempts = 0, run = run + 1
            where id = $1 and failure is not null returning next as stage, id, run as attempt`,
          [id],
        );
        if (!updated.rows[0]) throw new Failure('notAllowedNow', 'this page has not failed');
        return Job.parse(updated.rows[0]);
      });
    },

    /** {@link retry} for every failed document and page of a book. @returns the jobs to queue */
    async retryBook(bookId: BookId): Promise<Job[]> {
      return transaction(pool, async (client) => {
        const documents = await client.query(
          `update documents set state = 'waiting', failure = null, attempts = 0, run = run + 1
            where book_id = $1 and (state = 'failed' or (state = 'split' and exists (
              select 1 from pages where document_id = documents.id and image_key = '')))
            returning 'split' as stage, id, run as attempt`,
          [bookId],
        );
        const again = await client.query(
          `update pages set failure = null, failed_stage = null, attempts = 0, run = run + 1
            where book_id = $1 and failure is not null and image_key <> ''
            returning next as stage, id, run as attempt`,
          [bookId],
        );
        return [...documents.rows, ...again.rows].map((row) => Job.parse(row));
      });
    },

    /**
     * Makes pages go through `stage` and all after it again, for example when a new version of it
     * reads better. What people have keyed stays; see `records.createPrefilled`.
     * @returns the jobs to queue
     */
    async rerun(ids: readonly PageId[], stage: Exclude<Stage, 'split'>): Promise<Job[]> {
      const { rows } = await pool.query(
        `update pages set next = $2, failure = null, failed_stage = null, attempts = 0, run = run + 1
          where id = any($1::uuid[]) and image_key <> '' returning next as stage, id, run as attempt`,
        [ids, stage],
      );
      return rows.map((row) => Job.parse(row));
    },

    /**
     * Takes a person's word on what a page is. One that then makes no record is at most still
     * straightened, as its image may be a spread whose right page nobody has spoken of, and a record
     * that only the machine has filled is set aside; one that does is placed and read again, with this
     * word.
     * @returns the job to queue, if any
     * @throws Failure `notFound`; `notAllowedNow` when people have worked on the record that would go
     */
    async change(id: PageId, change: PageChange): Promise<Job | undefined> {
      return transaction(pool, async (client) => {
        const { rows } = await client.query('select * from pages where id = $1 for update', [id]);
        const page = parseOne(Page, rows, 'page');
        if (page.imageKey === '') throw new Failure('notAllowedNow', 'this page has no image');
        const said =
          change.kind === undefined
            ? { kind: page.kind, kindBy: page.kindBy }
            : change.kind === null
              ? { kind: undefined, kindBy: undefined }
              : { kind: change.kind, kindBy: 'person' as const };
        const now = { ...said, excluded: change.excluded ?? page.excluded };
        const makes = makesRecord(now);
        // Who has begun to key leaves the status as it was.
        const records = await client.query<{ touched: boolean }>(
          `select status <> 'prefilled' or first_keyers <> '{}' as touched
             from records where page_id = $1 order by id for update`,
          [id],
        );
        if (!makes && records.rows.some((r) => r.touched))
          throw new Failure('notAllowedNow', 'people have worked on the record of this page');
        await client.query('update records set set_aside = $2 where page_id = $1', [id, !makes]);
        const measured = await client.query(
          `select 1 from stage_results
            where page_id = $1 and stage = 'straighten' and image_hash = $2 limit 1`,
          [id, page.imageHash],
        );
        // What could not be straightened has a person's word instead.
        const unseen = measured.rows.length === 0 && (makes || !page.failure);
        const next = unseen ? 'straighten' : makes ? 'place' : null;
        const updated = await client.query(
          `update pages
              set kind = $2, kind_by = $3, excluded = $4, next = $5, run = run + 1, attempts = 0,
                  failure = null, failed_stage = null, reason = null
            where id = $1 returning next as stage, id, run as attempt`,
          [id, now.kind ?? null, now.kindBy ?? null, now.excluded, next],
        );
        return next === null ? undefined : Job.parse(updated.rows[0]);
      });
    },

    /** What each stage found on the page's image, the highest version of each. */
    async outputs(id: PageId): Promise<Partial<Record<Stage, unknown>>> {
      const { rows } = await pool.query(
        `select distinct on (r.stage) r.stage, r.output
           from stage_results r join pages p on p.id = r.page_id and p.image_hash = r.image_hash
          where r.page_id = $1 order by r.stage, r.version desc`,
        [id],
      );
      return Object.fromEntries(rows.map((row) => [Stage.parse(row.stage), row.output]));
    },

    /**
     * All work that waits, oldest first: documents to split, then pages. The database is the truth;
     * whoever rebuilds a queue adds these. A job's attempt is raised by every retry, so its id is
     * another one than that of any job which ended before, and the same one as that of a job which
     * is still queued or running: adding it again does nothing.
     */
    async pending(limit = 1_000_000): Promise<Job[]> {
      const { rows } = await pool.query(
        `(select 'split' as stage, id, run as attempt from documents where state = 'waiting'
           order by seq limit $1)
         union all
         (select p.next, p.id, p.run
            from pages p join documents d on d.id = p.document_id
           where p.next is not null and p.failure is null
           order by d.seq, p.index, p.part limit $1)`,
        [limit],
      );
      return rows.slice(0, limit).map((row) => Job.parse(row));
    },
  };
}
