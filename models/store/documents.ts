import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { Document, Page } from '../books.ts';
import { Failure, FailureData } from '../failures.ts';
import type { BookId, DocumentId } from '../ids.ts';
import { Sha256 } from '../ids.ts';
import { type Job, stageAfter } from '../stages.ts';
import { jsonb, parseOne, parseRow, parseRows, storable, transaction } from './database.ts';

/** A document with where its file lies. */
export const StoredDocument = Document.extend({ blobKey: z.string() });
export type StoredDocument = z.infer<typeof StoredDocument>;

/** A page's image as it came out of its document. */
const Image = Page.pick({
  index: true,
  imageKey: true,
  imageHash: true,
  width: true,
  height: true,
  dpi: true,
  source: true,
  quarterTurns: true,
});

/** A page as split found it: with its image, or with the reason why it has none. */
export const NewPage = z.union([
  Image,
  z.object({ index: Image.shape.index, failure: FailureData }),
]);
export type NewPage = z.infer<typeof NewPage>;

/** What stands in a page's row while it has no image; `imageKey` is empty. */
const NO_IMAGE = {
  imageKey: '',
  imageHash: '0'.repeat(64),
  width: 1,
  height: 1,
  dpi: 300,
  source: 'rendered',
  quarterTurns: 0,
} as const;

/** How often work is begun before it is given up as `crashed`. */
export const MAX_ATTEMPTS = 3;

/** The failure of work that took its process down {@link MAX_ATTEMPTS} times. */
export const crashFailure = () =>
  new Failure('crashed', `${MAX_ATTEMPTS} tries without an end`).toData();

const COLUMNS = `id, book_id, name, bytes::float8 as bytes, sha256, blob_key, state, page_count,
  failure, created_at`;

/** Makes a document wait for its split again. */
export async function splitAgain(client: PoolClient, id: DocumentId): Promise<Job> {
  const { rows } = await client.query<{ run: number }>(
    `update documents set state = 'waiting', failure = null, attempts = 0, run = run + 1
      where id = $1 returning run`,
    [id],
  );
  return { stage: 'split', id, attempt: rows[0]!.run };
}

export function documents(pool: Pool) {
  return {
    /**
     * A file that the book already has is not stored again: the answer is the first one's document,
     * also for two uploads at the same moment. The caller then removes its own blob.
     */
    async create(input: {
      readonly bookId: BookId;
      readonly name: string;
      readonly bytes: number;
      readonly sha256: Sha256;
      readonly blobKey: string;
    }): Promise<{ document: StoredDocument; duplicate: boolean }> {
      const sha256 = Sha256.parse(input.sha256);
      const inserted = await pool.query(
        `insert into documents (id, book_id, name, bytes, sha256, blob_key)
         values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint documents_content do nothing returning ${COLUMNS}`,
        [randomUUID(), input.bookId, storable(input.name), input.bytes, sha256, input.blobKey],
      );
      if (inserted.rows[0])
        return { document: parseRow(StoredDocument, inserted.rows[0]), duplicate: false };
      const { rows } = await pool.query(
        `select ${COLUMNS} from documents where book_id = $1 and sha256 = $2`,
        [input.bookId, sha256],
      );
      return { document: parseOne(StoredDocument, rows, 'document'), duplicate: true };
    },

    /** @throws Failure `notFound` */
    async byId(id: DocumentId): Promise<StoredDocument> {
      const { rows } = await pool.query(`select ${COLUMNS} from documents where id = $1`, [id]);
      return parseOne(StoredDocument, rows, 'document');
    },

    /** In order of arrival. */
    async ofBook(bookId: BookId): Promise<StoredDocument[]> {
      const { rows } = await pool.query(
        `select ${COLUMNS} from documents where book_id = $1 order by seq`,
        [bookId],
      );
      return parseRows(StoredDocument, rows);
    },

    /**
     * The document to split, or undefined when nothing is left to do. The attempt is counted and
     * committed before the work starts, so that a file which kills its process is given up after
     * {@link MAX_ATTEMPTS} tries. With `run` only while that is the document's run.
     */
    async begin(id: string, run?: number): Promise<StoredDocument | undefined> {
      const { rows } = await pool.query(
        `update documents set attempts = attempts + 1
          where id = $1 and state = 'waiting' and attempts < $2 and run = coalesce($3::int, run)
          returning ${COLUMNS}`,
        [id, MAX_ATTEMPTS, run ?? null],
      );
      if (rows[0]) return parseRow(StoredDocument, rows[0]);
      await pool.query(
        `update documents set state = 'failed', failure = $3
          where id = $1 and state = 'waiting' and attempts >= $2 and run = coalesce($4::int, run)`,
        [id, MAX_ATTEMPTS, jsonb(crashFailure()), run ?? null],
      );
      return undefined;
    },

    /**
     * Stores the pages of a document that waits for it, all or none; does nothing otherwise, so
     * that a split done twice, or by an earlier `run`, changes nothing. When a document is split
     * again, only pages that had no image are written.
     */
    async markSplit(id: DocumentId, newPages: readonly NewPage[], run?: number): Promise<void> {
      const parsed = z.array(NewPage).parse(newPages);
      const first = stageAfter('split');
      await transaction(pool, async (client) => {
        const { rows } = await client.query<{ book_id: string; state: string; run: number }>(
          'select book_id, state, run from documents where id = $1 for update',
          [id],
        );
        const [document] = rows;
        if (!document) throw new Failure('notFound', 'document');
        if (document.state !== 'waiting' || document.run !== (run ?? document.run)) return;
        const values = parsed.map((page) => {
          const { failure, ...image } =
            'failure' in page ? { ...NO_IMAGE, ...page } : { ...page, failure: undefined };
          return { id: randomUUID(), ...image, failure: failure ?? null };
        });
        await client.query(
          `insert into pages (id, document_id, book_id, index, image_key, image_hash, width, height,
                              dpi, source, quarter_turns, next, failure, failed_stage)
           select p.id, $1, $2, p.index, p."imageKey", p."imageHash", p.width, p.height,
                  p.dpi, p.source, p."quarterTurns", $3,
                  case when jsonb_typeof(p.failure) = 'object' then p.failure end,
                  case when jsonb_typeof(p.failure) = 'object' then 'split' end
             from jsonb_to_recordset($4::jsonb) as p (
               id uuid, index int, "imageKey" text, "imageHash" text, width int, height int,
               dpi float8, source text, "quarterTurns" int, failure jsonb)
           on conflict on constraint pages_position do update
             set image_key = excluded.image_key, image_hash = excluded.image_hash,
                 width = excluded.width, height = excluded.height, dpi = excluded.dpi,
                 source = excluded.source, quarter_turns = excluded.quarter_turns,
                 next = excluded.next, failure = excluded.failure,
                 failed_stage = excluded.failed_stage, attempts = 0, run = pages.run + 1
           where pages.image_key = ''`,
          [id, document.book_id, first, jsonb(values)],
        );
        await client.query(
          `update documents
              set state = 'split', attempts = 0, failure = null,
                  page_count = (select count(*) from pages where document_id = $1 and part = 0)
            where id = $1`,
          [id],
        );
      });
    },

    /** Stores why a waiting document cannot be split; does nothing to one that is split meanwhile. */
    async fail(id: string, failure: FailureData, run?: number): Promise<void> {
      await pool.query(
        `update documents set state = 'failed', failure = $2
          where id = $1 and state = 'waiting' and run = coalesce($3::int, run)`,
        [id, jsonb(failure), run ?? null],
      );
    },

    /**
     * Makes a failed document, or one with pages that have no image, wait again.
     * @returns the job to queue; its attempt differs from all before it
     * @throws Failure `notAllowedNow` when there is nothing to try again
     */
    async retry(id: DocumentId): Promise<Job> {
      return transaction(pool, async (client) => {
        const { rows } = await client.query(
          `select state, exists (
                    select 1 from pages where document_id = documents.id and image_key = ''
                  ) as incomplete
             from documents where id = $1 for update`,
          [id],
        );
        if (!rows[0]) throw new Failure('notFound', 'document');
        const { state, incomplete } = rows[0];
        if (state === 'waiting' || (state === 'split' && !incomplete))
          throw new Failure('notAllowedNow', 'this document has not failed');
        return splitAgain(client, id);
      });
    },
  };
}
