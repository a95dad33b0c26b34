/**
 * Every request and answer of the API, as zod schemas and their types. `web/` imports the types
 * only. Times are ISO 8601 strings; ids are UUIDs; all paths start with `/api`.
 *
 * Every unsafe request (POST, PATCH, DELETE) carries the header `x-so-goc: 1`; the session is a
 * cookie. Every problem is answered as {@link ErrorAnswer} with the status of its kind.
 *
 * | route | request | answer |
 * | --- | --- | --- |
 * | `GET /health` (open) | | {@link HealthAnswer} |
 * | `GET /openapi.json`, `GET /docs` | | OpenAPI 3.1, a page of it |
 * | `POST /session` (open) | {@link SignInRequest} | {@link SessionAnswer} and the cookie |
 * | `GET /session` | | {@link SessionAnswer}, 401 `notSignedIn` without a session |
 * | `DELETE /session` | | 204 |
 * | `DELETE /session/all` | | 204; all sessions and tokens of the person end |
 * | `POST /session/totp` | {@link TotpRequest} | {@link TotpAnswer}: a secret to confirm |
 * | `POST /session/totp/confirm` | {@link TotpCodeRequest} | 204; codes are asked from now on |
 * | `POST /session/totp/remove` | {@link TotpRequest} | 204 |
 * | `GET /session/tokens` | | {@link TokensAnswer}: one's own |
 * | `POST /session/tokens` | {@link NewTokenRequest} | 201 {@link NewTokenAnswer} |
 * | `DELETE /session/tokens/:id` | | 204 |
 * | `POST /session/password` | {@link ChangePasswordRequest} | 204; other sessions of the person end |
 * | `GET /people` | | {@link PeopleAnswer} (administrator) |
 * | `POST /people` | {@link NewPersonRequest} | 201 {@link PersonAnswer} (administrator) |
 * | `PATCH /people/:id` | {@link PersonChangeRequest} | {@link PersonAnswer} (administrator) |
 * | `GET /organisations` | | {@link OrganisationsAnswer} |
 * | `POST /organisations` | {@link NewOrganisationRequest} | 201 {@link OrganisationAnswer} (administrator) |
 * | `GET /accesses` | query {@link AccessesQuery} | {@link AccessesAnswer}: who has read what (administrator) |
 * | `GET /projects` | | {@link ProjectsAnswer} |
 * | `POST /projects` | {@link NewProjectRequest} | 201 {@link ProjectAnswer} (administrator) |
 * | `PATCH /projects/:id` | {@link ProjectChangeRequest} | {@link ProjectAnswer} (administrator) |
 * | `GET /forms` | | {@link FormsAnswer} |
 * | `GET /code-lists` | | {@link CodeListsAnswer} |
 * | `GET /books` | query {@link BooksQuery} | {@link BooksAnswer} |
 * | `POST /books` | {@link NewBookRequest} | 201 {@link BookAnswer} (administrator, intake) |
 * | `GET /books/:id` | | {@link BookAnswer} |
 * | `PATCH /books/:id/policy` | {@link BookPolicyRequest} | {@link BookAnswer} (administrator) |
 * | `GET /books/:id/pages` | query {@link PagesQuery} | {@link PagesAnswer} |
 * | `POST /books/:id/retry` | | {@link RetryAnswer}: all failed documents and pages |
 * | `GET /books/:id/events` | | server-sent events: `book` with {@link BookSummary}, first at once |
 * | `GET /events` | | server-sent events: `book` for every book at once, then for each that moves |
 * | `POST HEAD PATCH DELETE /uploads[/:id]` | tus 1.0, metadata {@link UploadMetadata} | the last PATCH answers 200 {@link UploadAnswer} |
 * | `GET /uploads/:id` | | {@link UploadAnswer}, for a client that missed the last answer |
 * | `GET /documents/:id` | | {@link DocumentAnswer} |
 * | `POST /documents/:id/retry`, `POST /pages/:id/retry` | | {@link RetryAnswer} |
 * | `PATCH /pages/:id` | {@link PageChangeRequest} | {@link PageAnswer} (administrator, intake) |
 * | `GET /pages/:id/image` | query {@link ImageQuery} | WebP of the straightened page |
 * | `GET /pages/:id/crop` | query {@link PageCropQuery} | WebP |
 * | `GET /records` | query {@link RecordsQuery} | {@link RecordsAnswer} |
 * | `POST /records/search` | {@link SearchRequest} | {@link SearchAnswer}: names but for diacritics and a slip |
 * | `GET /records/next` | query {@link NextRecordQuery} | {@link NextRecordAnswer} |
 * | `GET /records/:id` | | {@link RecordAnswer} |
 * | `POST /work/next` | {@link NextWorkRequest} | {@link NextWorkAnswer}: opened for you alone |
 * | `GET /work/returned` | query {@link ReturnedQuery} | {@link ReturnedAnswer}: what came back to you, and why |
 * | `GET /work/leases` | query {@link LeasesQuery} | {@link LeasesAnswer}: your own; all for who supervises |
 * | `GET /work/marks` | query {@link MarksQuery} | {@link MarksAnswer}: your own; all for who answers |
 * | `GET /batches`, `POST /batches` | query {@link BatchesQuery}; {@link NewBatchRequest} | {@link BatchesAnswer}; 201 {@link BatchAnswer} (administrator) |
 * | `POST /batches/:id/revoke` | | {@link BatchAnswer} (administrator) |
 * | `POST /records/:id/lease` | {@link OpenRequest} | {@link LeaseAnswer}: open it, or stay; once a minute |
 * | `DELETE /records/:id/lease` | | 204 |
 * | `POST /records/:id/lease/take-over` | {@link TakeOverRequest} | {@link LeaseAnswer} (administrator) |
 * | `POST /records/:id/marks` | {@link NewMarkRequest} | 201 {@link MarkAnswer}: skip, flag, ask |
 * | `POST /records/:id/marks/:mark/close` | {@link CloseMarkRequest} | {@link MarkAnswer} (administrator, checker, approver) |
 * | `POST /records/:id/checks` | {@link ChecksRequest} | {@link ChecksAnswer} (checker) |
 * | `POST /records/approve` | {@link ApproveRequest} | {@link ApproveAnswer} (approver) |
 * | `GET /books/:id/samples` | | {@link SamplesAnswer} |
 * | `POST /books/:id/samples` | | 201 {@link SampleAnswer} (approver) |
 * | `POST /samples/:id/records/:record` | {@link JudgeRequest} | {@link SampleAnswer} (approver) |
 * | `POST /samples/:id/return` | {@link ReturnLotRequest} | {@link ReturnLotAnswer}: the lot of a rejected sample (approver) |
 * | `GET /records/:id/log` | | {@link RecordLogAnswer} |
 * | `GET /records/:id/crop/:field` | query {@link FieldCropQuery} | WebP; 404 where the field was not found |
 * | `GET /records/:id/around` | | {@link AroundAnswer} |
 * | `GET /records/:id/likely` | | {@link LikelyAnswer}: doubles and kin (administrator, checker, approver; so are the next three) |
 * | `GET /books/:id/doubles` | query {@link DoublesQuery} | {@link DoublesAnswer} |
 * | `POST /records/:id/links` | {@link NewLinkRequest} | 201 {@link LinkAnswer}: same, different, kin |
 * | `DELETE /records/:id/links/:link` | | 204 |
 * | `GET /books/:id/wordings` | query {@link WordingsQuery} | {@link WordingsAnswer} |
 * | `GET /books/:id/columns` | | {@link ColumnsAnswer} |
 * | `GET /books/:id/columns/:field` | query {@link ColumnQuery} | {@link ColumnAnswer} |
 * | `POST /books/:id/columns/:field` | {@link ConfirmColumnRequest} | {@link ConfirmColumnAnswer} |
 * | `GET /books/:id/strip` | | {@link StripAnswer} |
 * | `GET /dashboard` | query {@link DashboardQuery} | {@link DashboardAnswer} |
 * | `GET /records/:id/verification` | | {@link VerificationAnswer} |
 * | `POST /sample` | | {@link SampleBookAnswer} (administrator, intake) |
 * | `GET /units` | query {@link UnitsQuery} | {@link UnitsAnswer} |
 * | `POST /records/:id/actions` | {@link ActionRequest} | {@link RecordAnswer}; 409 {@link ConflictAnswer} |
 * | `GET /books/:id/completeness` | | {@link CompletenessAnswer} |
 * | `PATCH /books/:id/closing-note` | {@link ClosingNoteRequest} | {@link CompletenessAnswer} (administrator, intake) |
 * | `POST /books/:id/exceptions` | {@link ExceptionRequest} | {@link CompletenessAnswer} (administrator, checker, approver) |
 * | `DELETE /books/:id/exceptions/:exception` | | 204 |
 * | `POST /books/:id/steps` | {@link StepRequest} | {@link CompletenessAnswer} (delivered: administrator, intake; the rest: approver) |
 * | `GET /books/:id/hand-over.pdf` | | the record of the last handing over |
 * | `GET /books/ready` | | {@link ReadyAnswer}: sẵn sàng chuyển đổi |
 * | `GET /reports/progress` | query {@link ProgressQuery} | {@link ProgressAnswer} |
 * | `GET /reports/work` | query {@link WorkQuery} | {@link WorkAnswer}: your own; everybody's for administrators and approvers |
 * | `GET /reports/quality` | query {@link QualityQuery} | {@link QualityAnswer} (administrator, checker, approver) |
 * | `GET /books/:id/acceptance.pdf`, `.xlsx` | | the figures that a book is accepted by (the same) |
 * | `GET /books/:id/exports` | | {@link ExportsAnswer} (administrator, approver; so are the next three) |
 * | `GET /books/:id/exports/preview` | query {@link ExportPreviewQuery} | {@link ExportPreviewAnswer} |
 * | `POST /books/:id/exports` | {@link ExportRequest} | 201 {@link ExportAnswer} |
 * | `GET /exports/:id/files/:name` | | the file |
 * | `GET /templates` | | {@link TemplatesAnswer} |
 * | `POST /templates` | query {@link NewTemplateQuery}, the .xlsx | 201 {@link TemplateAnswer} (administrator) |
 */
import { z } from 'zod';
import { Accepted, HumanAction, RecordStatus } from '../models/actions.ts';
import {
  Book,
  BookSummary as BookWithCounts,
  Document,
  NewBook,
  Page,
  PageChange,
} from '../models/books.ts';
import { CodeList } from '../models/code-lists.ts';
import {
  BookException,
  BookState,
  BookStep,
  ClosingNote,
  Oddity,
  Standing,
} from '../models/completeness.ts';
import { FailureKind } from '../models/failures.ts';
import { FieldKind } from '../models/field-kinds.ts';
import { FieldAnswer, FieldState, FieldValue, FieldValues } from '../models/fields.ts';
import { Form } from '../models/forms/define.ts';
import { Box } from '../models/geometry.ts';
import { BookId, OrganisationId, PageId, PersonId, RecordId, Sha256 } from '../models/ids.ts';
import { Link, LinkKind } from '../models/links.ts';
import { Organisation, OrganisationKind, Person, Role, Scope } from '../models/people.ts';
import { BookPolicyChange, PolicyChange, Project } from '../models/policy.ts';
import { Sample, SampleError } from '../models/quality.ts';
import { Finding } from '../models/record.ts';
import { Register } from '../models/registers/define.ts';
import { Access, ReadKind } from '../models/store/accesses.ts';
import { ColumnCount, ColumnRow } from '../models/store/columns.ts';
import { Around, Wording } from '../models/store/lookups.ts';
import { DayOfWork, StripPage } from '../models/store/overview.ts';
import { RecordRegion, RecordRow, Returned } from '../models/store/records.ts';
import {
  Progress,
  ProgressBy,
  Quality,
  QualityBy,
  StageCount,
  WorkBy,
  WorkDone,
} from '../models/store/reports.ts';
import { MATCHES } from '../models/store/search.ts';
import { LoadedTemplate } from '../models/store/templates.ts';
import { ApiToken } from '../models/store/tokens.ts';
import { Batch, Lease, Mark, Work } from '../models/work.ts';

const Time = z.iso.datetime();
const Count = z.number().int().nonnegative();
/** Query values arrive as text. */
const Limit = z.coerce.number().int().min(1).max(200).default(50);
const Offset = z.coerce.number().int().min(0).max(10_000_000).default(0);
const Search = z.string().trim().max(200).optional();
/** Written after a key of a query that is on or off: `1`, `true`, `0`, `false`. */
const Flag = z.stringbool({ truthy: ['1', 'true'], falsy: ['0', 'false', ''] });

// Problems

/** A kind of failure, or `internal` for a bug: tell the administrator the request id in `detail`. */
export const ProblemKind = z.enum([...FailureKind.options, 'internal']);
export type ProblemKind = z.infer<typeof ProblemKind>;

/** What went wrong and what to do. `detail` is for people who look closer; never a personal value. */
export const Problem = z.object({
  kind: ProblemKind,
  message: z.string(),
  messageEn: z.string(),
  detail: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

export const ErrorAnswer = z.object({ error: Problem });
export type ErrorAnswer = z.infer<typeof ErrorAnswer>;

export const HealthAnswer = z.object({ ok: z.literal(true) });
export type HealthAnswer = z.infer<typeof HealthAnswer>;

// Session and people

/** One byte length bound for hashing, generous for passphrases. */
const Password = z.string().min(8).max(200);

const Code = z
  .string()
  .trim()
  .regex(/^\d{6}$/);

export const SignInRequest = z.object({
  login: z.string().trim().toLowerCase().max(100),
  password: z.string().max(200),
  /** Of the authenticator, where the account has one: 401 `codeNeeded` says so. */
  code: Code.optional(),
});
export type SignInRequest = z.input<typeof SignInRequest>;

export const OrganisationAnswer = Organisation;
export type OrganisationAnswer = z.infer<typeof OrganisationAnswer>;
export const PersonAnswer = Person;
export type PersonAnswer = z.infer<typeof PersonAnswer>;

/** What a person may do besides the moves of a record; for the screen to offer. */
export const Ability = z.enum([
  'managePeople',
  'manageProjects',
  'supervise',
  'answer',
  'handOver',
  'release',
  'manageTemplates',
  'takeIn',
  'retry',
  'export',
]);
export type Ability = z.infer<typeof Ability>;

export const SessionAnswer = z.object({
  person: PersonAnswer,
  organisation: OrganisationAnswer,
  abilities: z.array(Ability),
  /** Signing in takes a code of an authenticator. */
  totp: z.boolean(),
  /** The largest file that an upload takes, in bytes. */
  maxUploadBytes: Count,
});
export type SessionAnswer = z.infer<typeof SessionAnswer>;

export const ChangePasswordRequest = z.object({ current: z.string().max(200), next: Password });
export type ChangePasswordRequest = z.input<typeof ChangePasswordRequest>;

/** Turning one-time passwords on or off takes the password again. */
export const TotpRequest = z.object({ password: z.string().max(200) });
export type TotpRequest = z.input<typeof TotpRequest>;
/** Shown once; counts from the first right code on. */
export const TotpAnswer = z.object({
  secret: z.string(),
  uri: z.string(),
  /** The address as a QR code, SVG. */
  qr: z.string(),
});
export type TotpAnswer = z.infer<typeof TotpAnswer>;
export const TotpCodeRequest = z.object({ code: Code });
export type TotpCodeRequest = z.input<typeof TotpCodeRequest>;

/** The parts of the API that a token may be for; a person's own sign-in is none. */
const TOKEN_PARTS = [
  'books',
  'completeness',
  'exports',
  'forms',
  'images',
  'people',
  'projects',
  'quality',
  'records',
  'templates',
  'uploads',
  'work',
] as const;
export const TokenScope = z.enum(
  TOKEN_PARTS.flatMap((part) => [`${part}:read`, `${part}:write`] as const),
);
export type TokenScope = z.infer<typeof TokenScope>;

export const NewTokenRequest = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(TokenScope).min(1).max(TokenScope.options.length),
  /** How long it lives. */
  days: z.number().int().min(1).max(366).default(90),
});
export type NewTokenRequest = z.input<typeof NewTokenRequest>;
export const TokenAnswer = ApiToken.omit({ personId: true }).extend({
  expiresAt: Time,
  usedAt: Time.optional(),
  createdAt: Time,
});
export type TokenAnswer = z.infer<typeof TokenAnswer>;
/** `token` is sent as `Authorization: Bearer …`; it is shown this once. */
export const NewTokenAnswer = TokenAnswer.extend({ token: z.string() });
export type NewTokenAnswer = z.infer<typeof NewTokenAnswer>;
export const TokensAnswer = z.object({ items: z.array(TokenAnswer) });
export type TokensAnswer = z.infer<typeof TokensAnswer>;

export const PeopleAnswer = z.object({ items: z.array(PersonAnswer) });
export type PeopleAnswer = z.infer<typeof PeopleAnswer>;

export const NewPersonRequest = Person.pick({
  organisationId: true,
  login: true,
  name: true,
  roles: true,
  scope: true,
}).extend({ password: Password });
export type NewPersonRequest = z.input<typeof NewPersonRequest>;

/**
 * What is absent stays. A new password, another scope or `active: false` ends the person's sessions;
 * a new password or `active: false` also their tokens.
 */
export const PersonChangeRequest = z.object({
  roles: z.array(Role).optional(),
  active: z.boolean().optional(),
  password: Password.optional(),
  /** Null: every book of the site. */
  scope: Scope.nullable().optional(),
  /** Takes the authenticator away, for who has lost it. */
  totp: z.literal(false).optional(),
  /** Ends the lock after too many wrong passwords. */
  locked: z.literal(false).optional(),
});
export type PersonChangeRequest = z.input<typeof PersonChangeRequest>;

export const OrganisationsAnswer = z.object({ items: z.array(OrganisationAnswer) });
export type OrganisationsAnswer = z.infer<typeof OrganisationsAnswer>;

export const NewOrganisationRequest = z.object({
  name: z.string().trim().min(1).max(200),
  kind: OrganisationKind,
});
export type NewOrganisationRequest = z.input<typeof NewOrganisationRequest>;

// Projects

export const ProjectAnswer = Project;
export type ProjectAnswer = z.infer<typeof ProjectAnswer>;
export const ProjectsAnswer = z.object({ items: z.array(ProjectAnswer) });
export type ProjectsAnswer = z.infer<typeof ProjectsAnswer>;
/** How the work on a book is shared, by an administrator. */
export const BookPolicyRequest = BookPolicyChange;
export type BookPolicyRequest = z.input<typeof BookPolicyRequest>;
export const NewProjectRequest = Project.pick({ name: true }).extend({
  policy: PolicyChange.default({}),
});
export type NewProjectRequest = z.input<typeof NewProjectRequest>;
/** Who may check and approve from now on, in all books of the project. */
export const ProjectChangeRequest = z.object({ policy: PolicyChange });
export type ProjectChangeRequest = z.input<typeof ProjectChangeRequest>;

/** A person as shown beside what they did. */
export const PersonRef = z.object({ id: PersonId, name: z.string() });
export type PersonRef = z.infer<typeof PersonRef>;

/** `thingId` is the id of a record, page, book or dataset; times bound from below and above. */
export const AccessesQuery = z.object({
  personId: PersonId.optional(),
  bookId: BookId.optional(),
  thingId: z.uuid().optional(),
  what: ReadKind.optional(),
  from: Time.optional(),
  to: Time.optional(),
  limit: Limit,
  offset: Offset,
});
export type AccessesQuery = z.input<typeof AccessesQuery>;
/** `purpose`: the work that the person had it open for, what they said, or `look`. */
export const AccessesAnswer = z.object({
  items: z.array(Access.omit({ personId: true }).extend({ person: PersonRef, at: Time })),
});
export type AccessesAnswer = z.infer<typeof AccessesAnswer>;

// Forms and lists: data that the screen draws

export const FormField = z.object({
  key: z.string(),
  vi: z.string(),
  en: z.string(),
  kind: FieldKind,
  /** Figures are reported by it; `list` and `date` also choose the widget. */
  group: z.enum(['number', 'date', 'list', 'name', 'place', 'text']),
  input: z.enum(['text', 'numeric', 'date', 'list', 'multiline']),
  /** A name in {@link CodeListsAnswer}; closed for kind `code`, suggestions otherwise. */
  list: z.string().optional(),
  required: z.boolean(),
  maxLength: z.number().int().optional(),
});
export type FormField = z.infer<typeof FormField>;

export const FormAnswer = Form.extend({
  register: Register.pick({
    code: true,
    version: true,
    vi: true,
    en: true,
    confirmation: true,
    status: true,
  }),
  /** The fields on the page, in page order, each once: what a keyer answers. */
  fields: z.array(FormField),
  /** The fields that the cover answers; shown, may be corrected. */
  bookFields: z.array(FormField),
});
export type FormAnswer = z.infer<typeof FormAnswer>;

export const FormsAnswer = z.object({ items: z.array(FormAnswer) });
export type FormsAnswer = z.infer<typeof FormsAnswer>;

export const CodeListsAnswer = z.object({ lists: z.record(z.string(), CodeList) });
export type CodeListsAnswer = z.infer<typeof CodeListsAnswer>;

// Books, documents, pages

export const NewBookRequest = NewBook;
export type NewBookRequest = z.input<typeof NewBookRequest>;

/** Done when `pagesDone + pagesFailed = pages` and no document waits. */
export const BookSummary = BookWithCounts.extend({ createdAt: Time });
export type BookSummary = z.infer<typeof BookSummary>;

export const BooksQuery = z.object({ search: Search, limit: Limit, offset: Offset });
export type BooksQuery = z.input<typeof BooksQuery>;
export const BooksAnswer = z.object({ items: z.array(BookSummary), total: Count });
export type BooksAnswer = z.infer<typeof BooksAnswer>;

export const DocumentAnswer = Document.extend({ createdAt: Time, failure: Problem.optional() });
export type DocumentAnswer = z.infer<typeof DocumentAnswer>;

export const BookAnswer = z.object({ book: BookSummary, documents: z.array(DocumentAnswer) });
export type BookAnswer = z.infer<typeof BookAnswer>;

export const PageAnswer = Page.omit({ imageKey: true, imageHash: true }).extend({
  failure: Problem.optional(),
  reason: Problem.optional(),
});
export type PageAnswer = z.infer<typeof PageAnswer>;

/**
 * `failed`: the machine gave up on them; `byHand`: their record begins empty, `reason` says why;
 * `withoutRecord`: covers, closing notes, blank sheets and what people have left out; `rescan`: their
 * scan should be made again, `quality` says why.
 */
export const PageList = z.enum(['all', 'failed', 'byHand', 'withoutRecord', 'rescan']);
export type PageList = z.infer<typeof PageList>;

export const PagesQuery = z.object({
  only: PageList.default('all'),
  limit: Limit,
  offset: Offset,
});
export type PagesQuery = z.input<typeof PagesQuery>;
export const PagesAnswer = z.object({ items: z.array(PageAnswer), total: Count });
export type PagesAnswer = z.infer<typeof PagesAnswer>;

/** What a person says of a page; at least one of both. The page is placed and read again. */
export const PageChangeRequest = PageChange.refine(
  (change) => change.kind !== undefined || change.excluded !== undefined,
  'kind or excluded',
);
export type PageChangeRequest = z.input<typeof PageChangeRequest>;

/** How many documents and pages were queued again. */
export const RetryAnswer = z.object({ documents: Count, pages: Count });
export type RetryAnswer = z.infer<typeof RetryAnswer>;

// Uploads

/** The `Upload-Metadata` of a tus upload (values in base64, as tus says). */
export const UploadMetadata = z.object({
  bookId: BookId,
  filename: z.string().trim().min(1).max(255),
});
export type UploadMetadata = z.input<typeof UploadMetadata>;

/**
 * `receiving`: bytes are missing. `finished`: `document` holds the file; with `duplicate` it was in
 * the book already (this file was dropped) and `error` says so.
 */
export const UploadAnswer = z.object({
  state: z.enum(['receiving', 'finished']),
  duplicate: z.boolean(),
  document: DocumentAnswer.optional(),
  error: Problem.optional(),
});
export type UploadAnswer = z.infer<typeof UploadAnswer>;

// Images

/** The widths that pages are served in, in pixels; never more than the scan has. */
export const PAGE_WIDTHS = [400, 800, 1200, 1600, 2400] as const;
/** The heights that crops are served in, in pixels. */
export const CROP_HEIGHTS = [48, 96, 192, 384] as const;

const oneOf = <T extends readonly number[]>(sizes: T) =>
  z.coerce
    .number()
    .int()
    .refine((n) => sizes.includes(n), `one of ${sizes.join(', ')}`);

export const ImageQuery = z.object({ width: oneOf(PAGE_WIDTHS).default(1600) });
export type ImageQuery = z.input<typeof ImageQuery>;
export const FieldCropQuery = z.object({ height: oneOf(CROP_HEIGHTS).default(96) });
export type FieldCropQuery = z.input<typeof FieldCropQuery>;
const fraction = z.coerce.number().min(0).max(1);
/** A box of the straightened page in fractions, rounded to thousandths. */
export const PageCropQuery = z.object({
  x: fraction,
  y: fraction,
  w: fraction.refine((n) => n > 0),
  h: fraction.refine((n) => n > 0),
  width: oneOf(PAGE_WIDTHS).default(800),
});
export type PageCropQuery = z.input<typeof PageCropQuery>;

// Records

/** A person's move on a record, as in the table of moves. */
export const Move = z.enum(HumanAction.options.map((o) => o.shape.type.value));
export type Move = z.infer<typeof Move>;

/** One line of a list of records. */
export const RecordSummary = RecordRow.pick({
  id: true,
  bookId: true,
  status: true,
  version: true,
  number: true,
  names: true,
  registered: true,
  doubtful: true,
}).extend({
  /** Who has it open now; of the records of one book only. */
  openBy: PersonRef.optional(),
});
export type RecordSummary = z.infer<typeof RecordSummary>;

export const RecordsQuery = z.object({
  bookId: BookId.optional(),
  status: RecordStatus.optional(),
  /** Case and diacritics do not count. */
  search: Search,
  limit: Limit,
  offset: Offset,
});
export type RecordsQuery = z.input<typeof RecordsQuery>;
export const RecordsAnswer = z.object({ items: z.array(RecordSummary), total: Count });
export type RecordsAnswer = z.infer<typeof RecordsAnswer>;

/** A calendar day. */
const Day = z.iso.date();
/** All of it must fit. In a body, so that no address carries a name. */
export const SearchRequest = z.object({
  /** Words of one name, with or without diacritics. */
  name: z.string().trim().max(200).optional(),
  /** Words that stand anywhere in the record. */
  words: z.string().trim().max(200).optional(),
  /** What stands in single fields. */
  fields: z
    .record(z.string().max(80), z.string().trim().max(200))
    .refine((fields) => Object.keys(fields).length <= 10, 'at most ten fields')
    .optional(),
  bookId: BookId.optional(),
  /** Code of the register: KS, KH … */
  register: z.string().max(10).optional(),
  place: z.string().trim().max(200).optional(),
  status: RecordStatus.optional(),
  /** Registered on these days or between. */
  from: Day.optional(),
  to: Day.optional(),
  limit: z.number().int().min(1).max(200).default(50),
  offset: z.number().int().min(0).max(10_000_000).default(0),
});
export type SearchRequest = z.input<typeof SearchRequest>;
/**
 * `match` is of the name: `exact` as typed, `folded` but for diacritics, `slip` but for one slip of the
 * fingers, which is looked for where few others are found.
 */
export const SearchAnswer = z.object({
  items: z.array(RecordSummary.extend({ match: z.enum(MATCHES) })),
  total: Count,
});
export type SearchAnswer = z.infer<typeof SearchAnswer>;

export const NextRecordQuery = z.object({
  bookId: BookId,
  for: Work,
  /** Begin behind this record; the search goes on at the beginning of the book. */
  after: RecordId.optional(),
});
export type NextRecordQuery = z.input<typeof NextRecordQuery>;
/** `id` is null when nothing waits for this person. */
export const NextRecordAnswer = z.object({ id: RecordId.nullable() });
export type NextRecordAnswer = z.infer<typeof NextRecordAnswer>;

// Work: handing out, having open, asking

export const LeaseAnswer = Lease.omit({ personId: true }).extend({
  person: PersonRef,
  since: Time,
  until: Time,
});
export type LeaseAnswer = z.infer<typeof LeaseAnswer>;
export const LeasesQuery = z.object({ bookId: BookId.optional(), limit: Limit });
export type LeasesQuery = z.input<typeof LeasesQuery>;
export const LeasesAnswer = z.object({
  items: z.array(LeaseAnswer.extend({ bookId: BookId })),
});
export type LeasesAnswer = z.infer<typeof LeasesAnswer>;

/** Which kind of work; of all books in one's scope, or one. */
export const NextWorkRequest = z.object({ work: Work, bookId: BookId.optional() });
export type NextWorkRequest = z.input<typeof NextWorkRequest>;
/** Null when nothing waits for this person. */
export const NextWorkAnswer = z.object({ lease: LeaseAnswer.nullable() });
export type NextWorkAnswer = z.infer<typeof NextWorkAnswer>;
export const OpenRequest = z.object({ work: Work });
export type OpenRequest = z.input<typeof OpenRequest>;
/** To whom; to oneself when left out. */
export const TakeOverRequest = z.object({ personId: PersonId.optional() });
export type TakeOverRequest = z.input<typeof TakeOverRequest>;

export const MarkAnswer = Mark.omit({ personId: true, closedBy: true }).extend({
  person: PersonRef,
  at: Time,
  closedAt: Time.optional(),
  closedBy: PersonRef.optional(),
});
export type MarkAnswer = z.infer<typeof MarkAnswer>;
export const NewMarkRequest = Mark.pick({ kind: true }).extend({
  field: z.string().max(80).optional(),
  text: z.string().trim().min(1).max(1000),
});
export type NewMarkRequest = z.input<typeof NewMarkRequest>;
export const CloseMarkRequest = z.object({ answer: z.string().trim().min(1).max(1000) });
export type CloseMarkRequest = z.input<typeof CloseMarkRequest>;
export const MarksQuery = z.object({
  bookId: BookId.optional(),
  open: Flag.default(true),
  limit: Limit,
  offset: Offset,
});
export type MarksQuery = z.input<typeof MarksQuery>;
export const MarksAnswer = z.object({ items: z.array(MarkAnswer) });
export type MarksAnswer = z.infer<typeof MarksAnswer>;

export const BatchAnswer = Batch.omit({ personId: true, createdBy: true }).extend({
  person: PersonRef,
  createdBy: PersonRef,
  createdAt: Time,
  revokedAt: Time.optional(),
});
export type BatchAnswer = z.infer<typeof BatchAnswer>;
/** The first `count` records that wait, or just these. */
export const NewBatchRequest = z.object({
  bookId: BookId,
  work: Work,
  personId: PersonId,
  name: z.string().trim().min(1).max(200),
  count: z.number().int().min(1).max(10_000).default(50),
  recordIds: z.array(RecordId).min(1).max(10_000).optional(),
});
export type NewBatchRequest = z.input<typeof NewBatchRequest>;
export const BatchesQuery = z.object({ bookId: BookId.optional(), limit: Limit, offset: Offset });
export type BatchesQuery = z.input<typeof BatchesQuery>;
export const BatchesAnswer = z.object({ items: z.array(BatchAnswer) });
export type BatchesAnswer = z.infer<typeof BatchesAnswer>;

export const ReturnedQuery = z.object({
  /** Somebody else’s, for who supervises. */
  personId: PersonId.optional(),
  limit: Limit,
  offset: Offset,
});
export type ReturnedQuery = z.input<typeof ReturnedQuery>;
export const ReturnedAnswer = z.object({
  items: z.array(Returned.extend({ at: Time, by: PersonRef })),
});
export type ReturnedAnswer = z.infer<typeof ReturnedAnswer>;

// Quality: comparing, approving many, samples

/** `compared: false` takes it back. `seen` is the version on the screen. */
export const ChecksRequest = z.object({
  seen: Count,
  fields: z.array(z.string().max(80)).min(1).max(500),
  compared: z.boolean().default(true),
});
export type ChecksRequest = z.input<typeof ChecksRequest>;
export const ChecksAnswer = z.object({ compared: z.array(z.string()) });
export type ChecksAnswer = z.infer<typeof ChecksAnswer>;

export const ApproveRequest = z.object({
  items: z
    .array(z.object({ id: RecordId, seen: Count }))
    .min(1)
    .max(200),
});
export type ApproveRequest = z.input<typeof ApproveRequest>;
/** In the order of the request; a record has its new version or the reason why not. */
export const ApproveAnswer = z.object({
  items: z.array(z.object({ id: RecordId, version: Count.optional(), error: Problem.optional() })),
});
export type ApproveAnswer = z.infer<typeof ApproveAnswer>;

export const SampleAnswer = Sample.omit({ drawnBy: true }).extend({
  drawnBy: PersonRef,
  drawnAt: Time,
});
export type SampleAnswer = z.infer<typeof SampleAnswer>;
export const SamplesAnswer = z.object({ items: z.array(SampleAnswer) });
export type SamplesAnswer = z.infer<typeof SamplesAnswer>;
/** An empty list: the record is right. Codes are those of the list `lyDoTraLai`. */
export const JudgeRequest = z.object({ errors: z.array(SampleError).max(500) });
export type JudgeRequest = z.input<typeof JudgeRequest>;
/** Sends back what a rejected sample spoke for, at most 200 records at a time. */
export const ReturnLotRequest = z.object({ reason: z.string().trim().min(1).max(1000) });
export type ReturnLotRequest = z.input<typeof ReturnLotRequest>;
/** `left`: still to be sent back; those that somebody has open among them. */
export const ReturnLotAnswer = z.object({ returned: Count, left: Count });
export type ReturnLotAnswer = z.infer<typeof ReturnLotAnswer>;

export const RecordPage = RecordRegion.extend({
  /** Pixels of the straightened page; boxes are fractions of it. */
  width: z.number().int(),
  height: z.number().int(),
});
export type RecordPage = z.infer<typeof RecordPage>;

/** Where a field is written, in fractions of the straightened page. */
export const FieldPlace = z.object({ pageId: PageId, box: Box });
export type FieldPlace = z.infer<typeof FieldPlace>;

export const FindingAnswer = Finding;
export type FindingAnswer = Finding;

const Reading = z
  .object({ state: FieldState, text: z.string().optional(), note: z.string().optional() })
  .optional();
/** One place on the page as three have read it. */
export const Readings = z.object({ machine: Reading, first: Reading, second: Reading });
export type Readings = z.infer<typeof Readings>;

export const RecordAnswer = z.object({
  id: RecordId,
  bookId: BookId,
  /** The id of its form in {@link FormsAnswer}. */
  form: z.string(),
  formVersion: z.number().int(),
  status: RecordStatus,
  /** Send it back as `seen`. */
  version: Count,
  /** What the record says is not shown to this person, who may have to key it a second time. */
  hidden: z.boolean(),
  values: FieldValues,
  /** The fields that a second person keys. */
  second: z.array(z.string()),
  /** Where two people differ: what the machine and both of them read. */
  readings: z.record(z.string(), Readings),
  /** Of every field that was found on a page, with or without a value. */
  places: z.record(z.string(), FieldPlace),
  findings: z.array(FindingAnswer),
  /** Why it was returned or reopened. */
  reasons: z.array(
    z.object({ field: z.string().optional(), code: z.string(), reason: z.string() }),
  ),
  /** The fields that this person has compared with the page since the values last changed. */
  compared: z.array(z.string()),
  /** Findings that a checker has seen on the page as they are. */
  accepted: z.array(Accepted),
  /** Findings that keep it from approval. */
  deviations: z.array(FindingAnswer),
  /** What the signed-in person may do now. */
  moves: z.array(Move),
  /** Why the others are refused, by move. */
  refusals: z.partialRecord(Move, Problem),
  keyers: z.array(PersonRef),
  checker: PersonRef.nullable(),
  approver: PersonRef.nullable(),
  pages: z.array(RecordPage),
  /** Who has it open now. */
  lease: LeaseAnswer.nullable(),
  /** Open flags and questions; nobody approves it while there are some. */
  marks: z.array(MarkAnswer),
  /** Why the machine read nothing on a page of this record: form not found, print not known. */
  notes: z.array(Problem),
});
export type RecordAnswer = z.infer<typeof RecordAnswer>;

/** One entry of the log: `person` is null for the machine; `content` by its `type`. */
export const LogEntry = z.object({
  version: z.number().int(),
  at: Time,
  person: PersonRef.nullable(),
  seen: Count,
  content: z.object({ type: z.enum(['prefilled', ...Move.options]) }).loose(),
  hash: Sha256,
});
export type LogEntry = z.infer<typeof LogEntry>;
export const RecordLogAnswer = z.object({ items: z.array(LogEntry) });
export type RecordLogAnswer = z.infer<typeof RecordLogAnswer>;

/** What to do, and the version that was on the screen. */
export const ActionRequest = z.object({ seen: Count, action: HumanAction });
export type ActionRequest = z.input<typeof ActionRequest>;

/** Somebody was faster: both sides, to compare. */
export const ConflictAnswer = z.object({
  error: Problem,
  yours: ActionRequest,
  current: RecordAnswer,
});
export type ConflictAnswer = z.infer<typeof ConflictAnswer>;

// Links: records that may be of one event, or of kin

export const LinkAnswer = Link.omit({ personId: true }).extend({ person: PersonRef, at: Time });
export type LinkAnswer = z.infer<typeof LinkAnswer>;
/** Kin are `siblings` (births of one mother) and `parentsMarriage`. Nothing is merged. */
export const NewLinkRequest = z.object({
  other: RecordId,
  kind: LinkKind,
  reason: z.string().trim().min(1).max(1000),
});
export type NewLinkRequest = z.input<typeof NewLinkRequest>;

/** How alike, from 0 to 1, and in whose name or day of birth. */
const Alike = z.object({
  score: z.number(),
  agrees: z.array(
    z.object({ what: z.enum(['name', 'born']), field: z.string(), nearness: z.number() }),
  ),
  /** What was said of the two. */
  link: LinkAnswer.nullable(),
});
export const LikelyAnswer = z.object({
  doubles: z.array(Alike.extend({ record: RecordSummary })),
  kin: z.array(
    Alike.extend({ record: RecordSummary, relation: z.enum(['siblings', 'parentsMarriage']) }),
  ),
});
export type LikelyAnswer = z.infer<typeof LikelyAnswer>;
export const DoublesQuery = z.object({ limit: Limit });
export type DoublesQuery = z.input<typeof DoublesQuery>;
export const DoublesAnswer = z.object({
  items: z.array(Alike.extend({ records: z.tuple([RecordSummary, RecordSummary]) })),
});
export type DoublesAnswer = z.infer<typeof DoublesAnswer>;

// Lookups: what helps a person who types

export const AroundAnswer = Around.omit({ bookId: true });
export type AroundAnswer = z.infer<typeof AroundAnswer>;

export const WordingsQuery = z.object({ field: z.string().max(80) });
export type WordingsQuery = z.input<typeof WordingsQuery>;
/** Of the field, for a place of all places of the book; the most frequent first. */
export const WordingsAnswer = z.object({ items: z.array(Wording) });
export type WordingsAnswer = z.infer<typeof WordingsAnswer>;

/** Case and diacritics do not count; words may be cut short. */
export const UnitsQuery = z.object({ search: z.string().trim().min(2).max(200) });
export type UnitsQuery = z.input<typeof UnitsQuery>;
export const UnitsAnswer = z.object({ items: z.array(z.string()) });
export type UnitsAnswer = z.infer<typeof UnitsAnswer>;

// At a glance

export const StripAnswer = z.object({
  items: z.array(StripPage.extend({ failure: Problem.optional() })),
});
export type StripAnswer = z.infer<typeof StripAnswer>;

export const DashboardQuery = z.object({
  /** Today and the days before it. */
  days: z.coerce.number().int().min(1).max(92).default(14),
});
export type DashboardQuery = z.input<typeof DashboardQuery>;
export const DashboardAnswer = z.object({
  /** Records of all books; a status without records is absent. */
  statuses: z.partialRecord(RecordStatus, Count),
  /** By day, then by name; days without work are absent. */
  days: z.array(DayOfWork),
  /** False: `days` are one's own only. */
  everybody: z.boolean(),
});
export type DashboardAnswer = z.infer<typeof DashboardAnswer>;

/** Where the history does not hold, as `npm run verify-log` says it. */
export const VerificationAnswer = z.object({
  intact: z.boolean(),
  version: z.number().int().optional(),
  why: z.enum(['gap', 'previous', 'hash', 'head', 'content', 'row']).optional(),
});
export type VerificationAnswer = z.infer<typeof VerificationAnswer>;

/** Passwords are of accounts made just now, and are not shown again. */
export const SampleBookAnswer = z.object({
  bookId: BookId,
  accounts: z.array(
    z.object({ login: z.string(), purpose: z.string(), password: z.string().optional() }),
  ),
});
export type SampleBookAnswer = z.infer<typeof SampleBookAnswer>;

// Columns: one field of many records

export const ColumnsAnswer = z.object({ items: z.array(ColumnCount) });
export type ColumnsAnswer = z.infer<typeof ColumnsAnswer>;

export const ColumnQuery = z.object({
  limit: z.coerce.number().int().min(1).max(2000).default(500),
});
export type ColumnQuery = z.input<typeof ColumnQuery>;
/** By text, the least certain first. `value.evidence` says where it is written, if it was found. */
export const ColumnAnswer = z.object({ items: z.array(ColumnRow) });
export type ColumnAnswer = z.infer<typeof ColumnAnswer>;

/** Without an `answer` the value that was shown is confirmed as it stands. */
export const ColumnItem = z.object({
  recordId: RecordId,
  seen: Count,
  answer: FieldAnswer.optional(),
});
export type ColumnItem = z.infer<typeof ColumnItem>;
export const ConfirmColumnRequest = z.object({ items: z.array(ColumnItem).min(1).max(200) });
export type ConfirmColumnRequest = z.input<typeof ConfirmColumnRequest>;

/**
 * `stale`: somebody was faster; nothing was written, `version` and `value` are the present ones.
 * `refused`: `problem` says why.
 */
export const ColumnResult = z.object({
  recordId: RecordId,
  outcome: z.enum(['saved', 'stale', 'refused']),
  version: Count.optional(),
  value: FieldValue.optional(),
  problem: Problem.optional(),
});
export type ColumnResult = z.infer<typeof ColumnResult>;
export const ConfirmColumnAnswer = z.object({ items: z.array(ColumnResult) });
export type ConfirmColumnAnswer = z.infer<typeof ConfirmColumnAnswer>;
// Completeness: what is odd about a book, and handing it on

export const ClosingNoteRequest = ClosingNote;
export type ClosingNoteRequest = z.input<typeof ClosingNoteRequest>;
/** `key` is that of an oddity. */
export const ExceptionRequest = z.object({
  key: z.string().max(200),
  reason: z.string().trim().min(1).max(1000),
});
export type ExceptionRequest = z.input<typeof ExceptionRequest>;
/** `to`: the organisation that receives the book. */
export const StepRequest = z.object({
  kind: BookStep,
  to: OrganisationId.optional(),
  note: z.string().trim().min(1).max(2000).optional(),
});
export type StepRequest = z.input<typeof StepRequest>;

const ExceptionAnswer = BookException.omit({ personId: true }).extend({
  person: PersonRef,
  at: Time,
});
export const CompletenessAnswer = z.object({
  state: BookState,
  note: ClosingNote.nullable(),
  standing: Standing,
  oddities: z.array(Oddity.extend({ exception: ExceptionAnswer.nullable() })),
  /** Reasons for what is no longer so. */
  stale: z.array(ExceptionAnswer),
  /** Oddities without a reason and records that are not approved. */
  open: Count,
  /** Newest first. */
  steps: z.array(
    z.object({
      kind: BookStep,
      person: PersonRef,
      at: Time,
      fingerprint: Sha256,
      to: z.string().optional(),
      note: z.string().optional(),
    }),
  ),
});
export type CompletenessAnswer = z.infer<typeof CompletenessAnswer>;
export const ReadyAnswer = z.object({
  items: z.array(z.object({ book: Book.extend({ createdAt: Time }), since: Time, records: Count })),
});
export type ReadyAnswer = z.infer<typeof ReadyAnswer>;

// Reports

/** Days in Vietnam, both included; the last thirty when nothing is said. */
export const SpanQuery = z.object({ from: Day.optional(), to: Day.optional() });
export const ProgressQuery = z.object({ by: ProgressBy.default('place') });
export type ProgressQuery = z.input<typeof ProgressQuery>;
/** `stages`: what waits for the machine. */
export const ProgressAnswer = z.object({ items: z.array(Progress), stages: z.array(StageCount) });
export type ProgressAnswer = z.infer<typeof ProgressAnswer>;

export const WorkQuery = SpanQuery.extend({
  by: WorkBy.default('day'),
  /** Of one person, for who sees everybody's. */
  personId: PersonId.optional(),
});
export type WorkQuery = z.input<typeof WorkQuery>;
/** `everybody` is false when `items` are one's own only. */
export const WorkAnswer = z.object({
  from: Day,
  to: Day,
  items: z.array(WorkDone),
  everybody: z.boolean(),
});
export type WorkAnswer = z.infer<typeof WorkAnswer>;

export const QualityQuery = SpanQuery.extend({ by: QualityBy.default('place') });
export type QualityQuery = z.input<typeof QualityQuery>;
export const QualityAnswer = z.object({ from: Day, to: Day, items: z.array(Quality) });
export type QualityAnswer = z.infer<typeof QualityAnswer>;

// Exports

export const ExportRequest = z.object({
  /** Also records that are not approved; every file name says DRAFT. */
  draft: z.boolean().default(false),
  /** What it is for; kept with who took it. */
  purpose: z.string().trim().min(1).max(500).optional(),
});
export type ExportRequest = z.input<typeof ExportRequest>;

/** A record that is left out (in a draft: would be), to find it by, and all the reasons. */
export const ExportRefusal = z.object({
  recordId: RecordId,
  /** The registration number as written; empty without one. */
  number: z.string(),
  /** Places of its pages in their document, from 1. */
  pages: z.array(z.number().int()),
  reasons: z.array(
    z.object({ kind: z.string(), fields: z.array(z.string()), vi: z.string(), en: z.string() }),
  ),
});
export type ExportRefusal = z.infer<typeof ExportRefusal>;

export const ExportAnswer = z.object({
  id: z.uuid(),
  bookId: BookId,
  draft: z.boolean(),
  createdAt: Time,
  /** The files are removed then. */
  expiresAt: Time,
  by: PersonRef,
  /** Empty when they have been removed. The manifest stands last. */
  files: z.array(z.object({ name: z.string(), bytes: Count, sha256: Sha256 })),
  /** How many records are in it. */
  records: Count,
  refused: z.array(ExportRefusal),
});
export type ExportAnswer = z.infer<typeof ExportAnswer>;

export const ExportPreviewQuery = z.object({ draft: Flag.default(false) });
export type ExportPreviewQuery = z.input<typeof ExportPreviewQuery>;
/** What an export would say, without making it. */
export const ExportPreviewAnswer = z.object({
  draft: z.boolean(),
  inBook: z.record(RecordStatus, Count),
  records: Count,
  refused: z.array(ExportRefusal),
  warnings: z.array(z.object({ rule: z.string(), vi: z.string(), en: z.string(), records: Count })),
});
export type ExportPreviewAnswer = z.infer<typeof ExportPreviewAnswer>;

export const ExportsAnswer = z.object({ items: z.array(ExportAnswer) });
export type ExportsAnswer = z.infer<typeof ExportsAnswer>;

// Templates: how the receiving side's file looks

/** The file itself is the body, as `application/octet-stream`, at most 5 MB. */
export const NewTemplateQuery = z.object({
  /** Code of the register: KS, KH … */
  register: z.string().max(10),
  name: z.string().trim().min(1).max(200),
  /** Row of the header, from 1, where it is not found by itself. */
  headerRow: z.coerce.number().int().min(1).max(100).optional(),
});
export type NewTemplateQuery = z.input<typeof NewTemplateQuery>;
export const TemplateAnswer = LoadedTemplate.omit({ blobKey: true }).extend({ createdAt: Time });
export type TemplateAnswer = z.infer<typeof TemplateAnswer>;
export const TemplatesAnswer = z.object({ items: z.array(TemplateAnswer) });
export type TemplatesAnswer = z.infer<typeof TemplatesAnswer>;
