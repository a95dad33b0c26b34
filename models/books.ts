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

/**
 * What a page of a volume is. `entry`: a page of the book's form. `other`: written or printed on,
 * and no form of the system fits it.
 */
export const PageKind = z.enum(['cover', 'entry', 'closing', 'blank', 'other']);
export type PageKind = z.infer<typeof PageKind>;

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
  /** Pages by what they are; those that are not looked at yet are in none. */
  pageKinds: z.record(PageKind, Count),
  /** Pages that a person has left out. */
  pagesExcluded: Count,
  /** Pages whose record begins empty, for a reason that stands with the page. */
  pagesByHand: Count,
  /** Pages whose scan should be made again. */
  pagesToRescan: Count,
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

/** What is wrong with a scan, so that it should be made again. `noPage`: there is no paper on it. */
export const QualityProblem = z.enum([
  'noPage',
  'lowResolution',
  'blurred',
  'tooDark',
  'tooLight',
  'cutOff',
]);
export type QualityProblem = z.infer<typeof QualityProblem>;

export const PageQuality = z.object({
  /** Effective pixels per inch of paper. */
  dpi: z.number(),
  /** Grey of the paper, 0 to 255. */
  paper: z.number(),
  /** How much darker ink is, in parts of the paper's grey; 0 where there is none. */
  contrast: z.number(),
  /** Width of the edges of strokes in millimetres; absent where there are too few. */
  edge: z.number().optional(),
  problems: z.array(QualityProblem),
});
export type PageQuality = z.infer<typeof PageQuality>;

/** A page of a document: `next` is the stage that has yet to run, null when all have. */
export const Page = z.object({
  id: PageId,
  documentId: DocumentId,
  bookId: BookId,
  /** Position in the document, from 0. */
  index: z.number().int().nonnegative(),
  /** 1: the right page of a spread whose left page is the row with the same index and part 0. */
  part: z.number().int().min(0).max(1),
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
  /** Absent until the machine or a person has said it. */
  kind: PageKind.optional(),
  kindBy: z.enum(['machine', 'person']).optional(),
  /** A person has left it out: scanned twice, of another book. */
  excluded: z.boolean(),
  /** Why the machine read nothing here; unlike a failure, it stops nothing. */
  reason: FailureData.optional(),
  /** Absent until the page is measured. */
  quality: PageQuality.optional(),
});
export type Page = z.infer<typeof Page>;

/** What the machine says a page is. A person's word on it goes over this. */
export interface PageVerdict {
  readonly kind: PageKind;
  /** Why nothing can be read here; none takes an earlier one back. */
  readonly reason?: FailureData | undefined;
}

/** What a person says of a page. `kind: null` leaves it to the machine again. */
export const PageChange = z.object({
  kind: PageKind.nullable().optional(),
  excluded: z.boolean().optional(),
});
export type PageChange = z.infer<typeof PageChange>;

/**
 * Whether a page becomes a record: entries do, and what the machine cannot tell from one. A page that
 * a person calls `other` belongs to no record of this book.
 */
export function makesRecord(page: Pick<Page, 'kind' | 'kindBy' | 'excluded'>): boolean {
  if (page.excluded) return false;
  if (page.kind === undefined || page.kind === 'entry') return true;
  return page.kind === 'other' && page.kindBy !== 'person';
}
