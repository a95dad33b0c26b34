import { z } from 'zod';
import { RecordStatus } from './actions.ts';
import { PartialDate } from './dates.ts';
import { FailureData } from './failures.ts';
import { BookId, DocumentId, PageId, ProjectId, Sha256 } from './ids.ts';
import { Unit } from './people.ts';
import { BookPolicy, BookPolicyChange } from './policy.ts';
import { Stage } from './stages.ts';

/** What a person says about a volume when it comes in; the cover's words. */
export const NewBook = z.object({
  form: z.string().max(60),
  /** The registering authority as on the cover, verbatim: becomes `noiDangKy`. */
  place: z.string().trim().min(1).max(255),
  /** Short name of the commune for file names of exports. */
  placeShort: z.string().trim().min(1).max(80),
  /** The administrative unit that keeps the book, see {@link Unit}; `place` when it is left out. */
  unit: Unit.optional(),
  /** `quyenSo` as on the cover, NN/YYYY. */
  number: z.string().regex(/^\d{1,3}\/\d{4}$/),
  opened: PartialDate.optional(),
  closed: PartialDate.optional(),
  projectId: ProjectId.optional(),
  /** What differs from the project's. */
  policy: BookPolicyChange.default({}),
});
export type NewBook = z.infer<typeof NewBook>;

export const Book = NewBook.extend({
  id: BookId,
  register: z.string(),
  unit: Unit,
  projectId: ProjectId,
  policy: BookPolicy,
  formVersion: z.number().int(),
  createdAt: z.coerce.date(),
});
export type Book = z.infer<typeof Book>;

/**
 * What is usual in a book, counted over its records: for checks that hold in one book and would be
 * noise in another.
 */
export const BookHabits = z.object({
  /** More than half of the registration numbers are written with a "/". */
  numbersHaveSlash: z.boolean(),
});
export type BookHabits = z.infer<typeof BookHabits>;

const Count = z.number().int().nonnegative();

/** A book with how far the work on it is. */
export const BookSummary = Book.extend({
  documents: Count,
  /** Documents that are not split yet, so that their pages are not counted. */
  waitingDocuments: Count,
  failedDocuments: Count,
  pages: Count,
  /** Pages that the machine has finished with. */
  pagesDone: Count,
  pagesFailed: Count,
  records: z.record(RecordStatus, Count),
});
export type BookSummary = z.infer<typeof BookSummary>;

/** The year of the book and its number within the year, from `quyenSo` NN/YYYY. */
export function bookNumber(book: { readonly number: string }): { year: string; book: string } {
  const [book_, year] = book.number.split('/') as [string, string];
  return { year, book: book_.padStart(2, '0') };
}

/** A file as received. `waiting` until split; then `split`; `failed` says why. */
export const Document = z.object({
  id: DocumentId,
  bookId: BookId,
  name: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: Sha256,
  state: z.enum(['waiting', 'split', 'failed']),
  pageCount: z.number().int().optional(),
  failure: FailureData.optional(),
  createdAt: z.coerce.date(),
});
export type Document = z.infer<typeof Document>;

/** A page of a document: `next` is the stage that has yet to run, null when all have. */
export const Page = z.object({
  id: PageId,
  documentId: DocumentId,
  bookId: BookId,
  /** Position in the document, from 0. */
  index: z.number().int().nonnegative(),
  /** Blob key of the page's image as it came out of the PDF. */
  imageKey: z.string(),
  /** SHA-256 of the image's bytes: the identity of the content. */
  imageHash: Sha256,
  /** Pixels of the image as stored, before any turning. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Effective resolution on paper. */
  dpi: z.number().positive(),
  /** Whether the scan was taken out of the PDF as it was, or the page was rendered. */
  source: z.enum(['embedded', 'rendered']),
  /** Clockwise turns by 90° that bring the stored image into the PDF's reading position. */
  quarterTurns: z.number().int().min(0).max(3),
  next: Stage.nullable(),
  attempts: z.number().int().nonnegative(),
  failure: FailureData.optional(),
  failedStage: Stage.optional(),
});
export type Page = z.infer<typeof Page>;
