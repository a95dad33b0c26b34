import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { type Action, HumanAction, NO_HASH, Reason, RecordStatus } from '../actions.ts';
import { Page } from '../books.ts';
import { Failure } from '../failures.ts';
import { FieldValues } from '../fields.ts';
import type { Form } from '../forms/define.ts';
import { formOf } from '../forms/registry.ts';
import { Box } from '../geometry.ts';
import { BookId, DocumentId, PageId, PersonId, RecordId, Sha256 } from '../ids.ts';
import type { Person, Scope } from '../people.ts';
import { BookPolicy } from '../policy.ts';
import {
  contentOf,
  type Finding,
  findings,
  fold as foldLog,
  type RecordState,
  refusal,
} from '../record.ts';
import type { Register } from '../registers/define.ts';
import { registerOf } from '../registers/registry.ts';
import { fold } from '../text.ts';
import { habitsOf } from './books.ts';
import { comparedFields } from './checks.ts';
import {
  containing,
  jsonb,
  parameters,
  parseOne,
  parseRow,
  parseRows,
  transaction,
} from './database.ts';
import { endLease, mustNotBeLeased } from './leases.ts';
import { readLog, writeAction } from './log.ts';
import { openMarks } from './marks.ts';
import { finishPage, SAID_NO_ENTRY, type StageResult } from './pages.ts';
import { sampleRefusal } from './samples.ts';
import { BLIND, inScope, UNSETTLED } from './scope.ts';

/** Where a record lies: its regions in reading order. */
export const RecordRegion = z.object({
  pageId: PageId,
  documentId: DocumentId,
  /** Position of the page in its document, from 0. */
  index: z.number().int().nonnegative(),
  box: Box,
});
export type RecordRegion = z.infer<typeof RecordRegion>;

/** A record without its values: what lists show. */
export const RecordRow = z.object({
  id: RecordId,
  bookId: BookId,
  register: z.string(),
  form: z.string(),
  formVersion: z.number().int(),
  /** Which entry of its first page, from 0. */
  entry: z.number().int().nonnegative(),
  status: RecordStatus,
  version: z.number().int().nonnegative(),
  pages: z.array(RecordRegion),
  /** The main persons, at most two: the child, husband and wife. */
  names: z.array(z.string()),
  /** The registration number as written. */
  number: z.string().optional(),
  /** The date of registration as written. */
  registered: z.string().optional(),
  /** Everybody who has keyed any of it. */
  keyers: z.array(PersonId),
  /** Fields that nobody has answered, or only a machine that was unsure. */
  doubtful: z.number().int().nonnegative(),
  createdAt: z.coerce.date(),
  updatedAt: z.coerce.date(),
});
export type RecordRow = z.infer<typeof RecordRow>;

const ApprovedText = z.object({ key: z.string(), text: z.string() });

/** A record that was sent back to its keyer. */
export const Returned = RecordRow.pick({
  bookId: true,
  number: true,
  names: true,
  version: true,
}).extend({ recordId: RecordId, at: z.coerce.date(), by: PersonId, reasons: z.array(Reason) });
export type Returned = z.infer<typeof Returned>;

/** A record as a dataset needs it. */
export const ExportedRecord = z.object({
  id: RecordId,
  bookId: BookId,
  entry: z.number().int().nonnegative(),
  status: RecordStatus,
  version: z.number().int(),
  /** Hash of its last action: what exactly was exported can be found in the log. */
  head: Sha256,
  values: FieldValues,
  pages: z.array(
    RecordRegion.extend(
      Page.pick({
        imageKey: true,
        imageHash: true,
        width: true,
        height: true,
        dpi: true,
        source: true,
        quarterTurns: true,
      }).shape,
    ),
  ),
});
export type ExportedRecord = z.infer<typeof ExportedRecord>;

const REGION = `'pageId', rp.page_id, 'documentId', p.document_id, 'index', p.index, 'box', rp.box`;
const regions = (more = '') => `(
  select json_agg(json_build_object(${REGION}${more}) order by rp.position)
    from record_pages rp join pages p on p.id = rp.page_id where rp.record_id = r.id
) as pages`;

/** The rows that `source` gives as `r`, in page order behind the order of `first`. */
export const selectRecords = (source: string, more = '', first = '') => `
  select r.id, r.book_id, b.register, b.form, b.form_version, r.entry, r.status, r.version,
         r.names, r.number, r.registered, r.keyers, r.doubtful, r.created_at, r.updated_at,
         ${regions()}${more}
    from (${source}) r join books b on b.id = r.book_id
   order by ${first}r.document_seq, r.page_index, r.entry`;
const ONE = selectRecords('select * from records where id = $1');
/** Page order: documents as they came, pages as they lie in them. */
const PAGE_ORDER = 'document_seq, page_index, entry';

/** Counting on takes longer than anybody waits, in a province's million records. */
export const COUNTED = 10_000;

/** Records read at a time for an export. */
const EXPORT_BATCH = 100;

interface Held {
  readonly id: RecordId;
  readonly bookId: BookId;
  readonly form: Form;
  readonly register: Register;
  readonly policy: BookPolicy;
  readonly state: RecordState;
  /** A person has said that its page is no entry. */
  readonly setAside: boolean;
}

/** Takes the record's row until the end of the transaction, and adds up its log. */
async function hold(client: PoolClient, id: RecordId): Promise<Held> {
  const { rows } = await client.query(
    `select r.version, r.head, r.book_id, r.set_aside, b.form, b.register, b.policy
       from records r join books b on b.id = r.book_id where r.id = $1 for update of r`,
    [id],
  );
  const [row] = rows;
  if (!row) throw new Failure('notFound', 'record');
  const state = foldLog(await readLog(client, id));
  // Never build on a history that somebody has cut: what is missing would be missed by nobody.
  if (state.version !== row.version || state.head !== row.head)
    throw new Error(`record ${id}: its log ends at ${state.version}, its row at ${row.version}`);
  return {
    id,
    bookId: BookId.parse(row.book_id),
    form: formOf(row.form),
    register: registerOf(row.register),
    policy: BookPolicy.parse(row.policy),
    state,
    setAside: row.set_aside,
  };
}

/**
 * What a check or an approval is judged by besides the record's own log.
 * @throws Failure `openDeviation` or `sampleNeeded` for an approval that questions or samples forbid
 */
async function judgedBy(
  client: PoolClient,
  { id, bookId, register, policy, state }: Held,
  person: Person,
  type: HumanAction['type'],
): Promise<{ compared?: string[]; found?: Finding[] }> {
  if (type !== 'checked' && type !== 'approved') return {};
  const found = findings(state.values, register, await habitsOf(client, bookId));
  if (type === 'checked')
    return { found, compared: await comparedFields(client, id, person.id, state.valuesVersion) };
  const [mark] = await openMarks(client, id);
  if (mark) throw new Failure('openDeviation', `${mark.kind} not closed`);
  const { valuesVersion, checkedAt } = state;
  const refused =
    policy.sampling &&
    checkedAt &&
    (await sampleRefusal(client, { id, bookId, valuesVersion }, checkedAt));
  if (refused) throw refused;
  return { found };
}

/** True when a person has been shown what a record says, see `sights`. */
async function hasSeen(client: PoolClient, id: RecordId, person: PersonId): Promise<boolean> {
  const { rows } = await client.query(
    'select 1 from sights where record_id = $1 and person_id = $2',
    [id, person],
  );
  return rows.length > 0;
}

/** An entry as the machine read it. */
interface Entry {
  readonly bookId: BookId;
  readonly pages: readonly { readonly pageId: PageId; readonly box: Box }[];
  readonly entry?: number | undefined;
  readonly values: FieldValues;
  readonly effect: string;
}
interface OfPage {
  readonly pageId: PageId;
}
/** `created` when the record is new, `appended` when its log has grown. */
interface Prefilled {
  readonly recordId: RecordId;
  readonly created: boolean;
  readonly appended: boolean;
}
type EntryOfStage = Entry & { readonly finish?: (StageResult & OfPage) | undefined };

/**
 * Takes the rows of an entry's pages, always in the order of ids, so that two workers on overlapping
 * entries cannot deadlock. Answers the run of each.
 */
async function holdPages(
  client: PoolClient,
  { pages, finish }: Pick<EntryOfStage, 'pages' | 'finish'>,
): Promise<ReadonlyMap<PageId, number>> {
  const ids = [...pages.map((p) => p.pageId), ...(finish ? [finish.pageId] : [])];
  const { rows } = await client.query<{ id: PageId; run: number }>(
    'select id, run from pages where id = any($1::uuid[]) order by id for update',
    [ids],
  );
  return new Map(rows.map(({ id, run }) => [id, run]));
}

/** The record of an entry whose pages are held: that of before, or a new one. */
async function recordOf(
  client: PoolClient,
  { bookId, pages: [first], entry = 0 }: Entry,
): Promise<{ recordId: RecordId; created: boolean }> {
  if (!first) throw new RangeError('a record lies on a page');
  const inserted = await client.query(
    `insert into records (id, book_id, page_id, entry, document_seq, page_index,
                          status, version, head, field_values, set_aside)
     select $1, p.book_id, p.id, $4, d.seq, p.index, 'prefilled', 0, $5, '{}',
            ${SAID_NO_ENTRY}
       from pages p join documents d on d.id = p.document_id
      where p.id = $3 and p.book_id = $2
     on conflict on constraint records_entry do nothing returning id`,
    [randomUUID(), bookId, first.pageId, entry, NO_HASH],
  );
  const { rows } = await client.query(
    'select id from records where page_id = $1 and entry = $2 and book_id = $3',
    [first.pageId, entry, bookId],
  );
  if (!rows[0]) throw new Failure('notFound', 'page of this book');
  return { recordId: RecordId.parse(rows[0].id), created: inserted.rows.length > 0 };
}

/** See `records.createPrefilled`; the pages are held. */
async function writePrefilled(client: PoolClient, input: EntryOfStage): Promise<Prefilled> {
  const { pages, values, effect, finish } = input;
  const { recordId, created } = await recordOf(client, input);
  const held = await hold(client, recordId);
  const known = await client.query(
    `select 1 from actions
      where record_id = $1 and type = 'prefilled' and content ->> 'effect' = $2`,
    [recordId, effect],
  );
  const appended = known.rows.length === 0;
  if (appended) {
    await client.query('delete from record_pages where record_id = $1', [recordId]);
    await client.query(
      `insert into record_pages (record_id, page_id, position, box)
       select $1, (p.value ->> 'pageId')::uuid, p.ordinality - 1, p.value -> 'box'
         from jsonb_array_elements($2::jsonb) with ordinality p`,
      [recordId, jsonb(pages)],
    );
    await writeAction(client, held, held.state, null, { type: 'prefilled', values, effect });
  }
  if (finish) await finishPage(client, finish.pageId, finish);
  return { recordId, created, appended };
}

/** What `select` gives of a record that hides what it says. */
const HIDDEN = { names: [], number: undefined, registered: undefined, doubtful: 0 };

export function records(pool: Pool) {
  const byId = async (id: RecordId): Promise<RecordRow> => {
    const { rows } = await pool.query(ONE, [id]);
    return parseOne(RecordRow, rows, 'record');
  };

  return {
    /**
     * Stores what the machine made of an entry, and moves `finish.pageId` on, in one transaction.
     * The entry is known by its first page and `entry`; a second run over it appends to the same
     * record, unless an action with this `effect` is there already.
     *
     * `effect` names everything that the values were made of: the hash of the image and the
     * versions of all stages. A page with several entries calls this for each, the last one with
     * `finish`.
     */
    createPrefilled: (input: EntryOfStage): Promise<Prefilled> =>
      transaction(pool, async (client) => {
        await holdPages(client, input);
        return writePrefilled(client, input);
      }),

    /**
     * All entries of a page, and the page moved on, in one transaction, for a stage that was begun in
     * a run of the page; nothing is stored, and undefined answered, when that is not the page's run
     * any more.
     */
    prefillPage: (input: {
      readonly entries: readonly Entry[];
      readonly finish: StageResult & OfPage & { readonly run: number };
    }): Promise<readonly Prefilled[] | undefined> =>
      transaction(pool, async (client) => {
        const { entries, finish } = input;
        const { pageId, run } = finish;
        const runs = await holdPages(client, { pages: entries.flatMap((e) => e.pages), finish });
        if (runs.get(pageId) !== run) return undefined;
        const written: Prefilled[] = [];
        for (const entry of entries) written.push(await writePrefilled(client, entry));
        await finishPage(client, pageId, finish);
        return written;
      }),

    /** @throws Failure `notFound` */
    byId,

    /** The actions of a record, oldest first. */
    log: (id: RecordId): Promise<Action[]> => readLog(pool, id),

    /** @throws Failure `notFound` */
    async state(id: RecordId): Promise<{ record: RecordRow; state: RecordState }> {
      return transaction(pool, async (client) => {
        // One snapshot, so that row and log tell of the same version.
        await client.query('set transaction isolation level repeatable read, read only');
        const { rows } = await client.query(ONE, [id]);
        const record = parseOne(RecordRow, rows, 'record');
        return { record, state: foldLog(await readLog(client, id)) };
      });
    },

    /**
     * Appends what a person did. Of two people who saw the same version exactly one gets through.
     * @throws Failure `forbidden` or `fourEyes`; then `leased`; then `conflict` when `seen` is not the
     *   present version; then `notAllowedNow`, `invalid`, `incomplete`, `openDeviation` or
     *   `sampleNeeded`
     */
    async append(
      id: RecordId,
      input: {
        readonly person: Person;
        readonly seen: number;
        readonly action: z.input<typeof HumanAction>;
      },
    ): Promise<{ record: RecordRow; state: RecordState }> {
      const { person, seen } = input;
      const action = HumanAction.parse(input.action);
      return transaction(pool, async (client) => {
        const held = await hold(client, id);
        const refused = refusal(person, action.type, held.state, held.policy);
        if (refused?.status === 403) throw refused;
        if (action.type === 'secondKeyed' && (await hasSeen(client, id, person.id)))
          throw new Failure('fourEyes', 'the second person has not seen what the first keyed');
        await mustNotBeLeased(client, id, person.id);
        if (seen !== held.state.version)
          throw new Failure('conflict', `seen ${seen}, now ${held.state.version}`);
        if (refused) throw refused;
        if (held.setAside) throw new Failure('notAllowedNow', 'its page was said to be no entry');
        const content = contentOf(action, held.state, person, {
          ...held,
          ...(await judgedBy(client, held, person, action.type)),
        });
        const state = await writeAction(client, held, held.state, person, content);
        await endLease(client, id, state.status);
        const { rows } = await client.query(ONE, [id]);
        return { record: parseOne(RecordRow, rows, 'record'), state };
      });
    },

    /**
     * In page order, as `reader` may see them: a keyer learns nothing of what records of a book that
     * is keyed blindly say, and finds none by it, unless they keyed them first.
     * `search`: every word stands somewhere in the record, diacritics ignored.
     * `total` is exact up to {@link COUNTED}; one more stands for all beyond.
     */
    async list(
      query: {
        readonly bookId?: BookId | undefined;
        readonly scope?: Scope | undefined;
        readonly reader?: Person | undefined;
        readonly status?: RecordStatus | undefined;
        readonly search?: string | undefined;
        readonly limit?: number | undefined;
        readonly offset?: number | undefined;
      } = {},
    ): Promise<{ items: RecordRow[]; total: number }> {
      const conditions = ['not set_aside'];
      const { values, take } = parameters();
      const add = (condition: (n: string) => string, value: unknown) =>
        conditions.push(condition(take(value)));
      if (query.bookId !== undefined) add((n) => `book_id = ${n}`, query.bookId);
      if (query.scope !== undefined) {
        const scoped = inScope(query.scope, take);
        conditions.push(`book_id in (select b.id from books b where ${scoped})`);
      }
      if (query.status !== undefined) add((n) => `status = ${n}`, query.status);
      // A book is read faster than the index of all names is asked: `|| ''` keeps the planner off it.
      const text = query.bookId === undefined ? 'search' : "(search || '')";
      const words = fold(query.search ?? '')
        .split(' ')
        .filter(Boolean);
      for (const word of words) add((n) => `${text} like ${n}`, containing(word));
      const blind = query.reader?.roles.includes('keyer') ? query.reader.id : undefined;
      if (blind !== undefined && words.length > 0)
        add(
          (n) => `(${n}::uuid = any(first_keyers)
            or not ${UNSETTLED} and book_id not in (select b.id from books b where ${BLIND}))`,
          blind,
        );
      const where = `where ${conditions.join(' and ')}`;
      const n = values.length;
      const [items, total] = await Promise.all([
        pool.query(
          selectRecords(
            `select * from records ${where} order by ${PAGE_ORDER} limit $${n + 1} offset $${n + 2}`,
            `, (${BLIND} or r.${UNSETTLED})
               and not coalesce($${n + 3}::uuid = any(r.first_keyers), true) as hidden`,
          ),
          [...values, query.limit ?? 50, query.offset ?? 0, blind ?? null],
        ),
        pool.query(
          `select count(*)::int as n from (select from records ${where} limit ${COUNTED + 1}) r`,
          values,
        ),
      ]);
      return {
        items: items.rows.map((row) => ({
          ...parseRow(RecordRow, row),
          ...(row.hidden ? HIDDEN : {}),
        })),
        total: total.rows[0].n,
      };
    },

    /** Notes that a person was shown what a record says: they cannot be its second keyer. */
    async noteSight(id: RecordId, person: PersonId): Promise<void> {
      await pool.query(
        `insert into sights (record_id, person_id) values ($1, $2) on conflict do nothing`,
        [id, person],
      );
    },

    /** What was returned to a keyer and why, the longest waiting first. */
    async returnedTo(query: {
      readonly personId: PersonId;
      readonly scope: Scope | undefined;
      readonly limit: number;
      readonly offset: number;
    }): Promise<Returned[]> {
      const { values, take } = parameters([query.personId]);
      const { rows } = await pool.query(
        `select r.id as record_id, r.book_id, r.number, r.names, r.version,
                a.at, a.person_id as by, a.content -> 'reasons' as reasons
           from records r join books b on b.id = r.book_id,
                lateral (select * from actions
                          where record_id = r.id and type in ('returned', 'reopened')
                          order by version desc limit 1) a
          where r.status = 'returned' and not r.set_aside and r.first_keyers @> array[$1::uuid]
            and ${inScope(query.scope, take)}
          order by a.at, r.id limit ${take(query.limit)} offset ${take(query.offset)}`,
        values,
      );
      return parseRows(Returned, rows);
    },

    /**
     * Texts that stand in the `limit` records of the book that were approved last, each once for a
     * field, by field key.
     */
    async approvedTexts(bookId: BookId, limit: number): Promise<{ key: string; text: string }[]> {
      const { rows } = await pool.query(
        `select distinct v.key, v.value ->> 'text' as text
         from (select field_values from records where book_id = $1 and status = 'approved'
               order by updated_at desc limit $2) r,
              jsonb_each(r.field_values) v
         where v.value ->> 'state' = 'written' and v.value ->> 'text' is not null
         order by 1, 2`,
        [bookId, limit],
      );
      return parseRows(ApprovedText, rows);
    },

    /**
     * The records of a book in these statuses, in page order, with values and page images: all of
     * one moment, while memory holds {@link EXPORT_BATCH} of them.
     */
    async *forExport(
      bookId: BookId,
      statuses: readonly RecordStatus[],
    ): AsyncGenerator<ExportedRecord> {
      const client = await pool.connect();
      try {
        await client.query('begin isolation level repeatable read, read only');
        await client.query(
          `declare exported no scroll cursor for
           select r.id, r.book_id, r.entry, r.status, r.version, r.head, r.field_values as "values",
                ${regions(`, 'imageKey', coalesce(p.shown ->> 'imageKey', p.image_key), 'imageHash', p.image_hash,
                  'width', p.width, 'height', p.height, 'dpi', coalesce((p.shown ->> 'dpi')::float8, p.dpi), 'source', p.source,
                  'quarterTurns', coalesce((p.shown ->> 'quarterTurns')::int, p.quarter_turns)`)}
           from records r
          where r.book_id = $1 and not r.set_aside and r.status = any($2::text[])
          order by ${PAGE_ORDER}`,
          [bookId, statuses],
        );
        for (;;) {
          const { rows } = await client.query(`fetch ${EXPORT_BATCH} from exported`);
          if (rows.length === 0) return;
          yield* parseRows(ExportedRecord, rows);
        }
      } finally {
        // Nothing was written; ending the transaction closes the cursor.
        await client.query('rollback').then(
          () => client.release(),
          (error: Error) => client.release(error),
        );
      }
    },
  };
}
