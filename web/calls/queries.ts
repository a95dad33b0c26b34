import {
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useMemo } from 'react';
import type {
  AroundAnswer,
  BatchAnswer,
  BatchesAnswer,
  BookAnswer,
  BookPolicyRequest,
  BooksAnswer,
  ChangePasswordRequest,
  ChecksAnswer,
  ChecksRequest,
  ClosingNoteRequest,
  CodeListsAnswer,
  ColumnAnswer,
  ColumnItem,
  ColumnsAnswer,
  CompletenessAnswer,
  ConfirmColumnAnswer,
  DashboardAnswer,
  ExceptionRequest,
  ExportAnswer,
  ExportRequest,
  ExportsAnswer,
  FormsAnswer,
  JudgeRequest,
  LeaseAnswer,
  MarkAnswer,
  MarksAnswer,
  NewBatchRequest,
  NewBookRequest,
  NewMarkRequest,
  NewOrganisationRequest,
  NewPersonRequest,
  NewTokenAnswer,
  NewTokenRequest,
  NextRecordAnswer,
  NextRecordQuery,
  NextWorkAnswer,
  NextWorkRequest,
  OrganisationAnswer,
  OrganisationsAnswer,
  PageAnswer,
  PageChangeRequest,
  PageList,
  PagesAnswer,
  PeopleAnswer,
  PersonAnswer,
  PersonChangeRequest,
  ReadyAnswer,
  RecordAnswer,
  RecordLogAnswer,
  RecordsAnswer,
  RecordsQuery,
  RetryAnswer,
  ReturnedAnswer,
  SampleAnswer,
  SampleBookAnswer,
  SamplesAnswer,
  SearchAnswer,
  SearchRequest,
  SessionAnswer,
  SignInRequest,
  StepRequest,
  StripAnswer,
  TokensAnswer,
  TotpAnswer,
  UnitsAnswer,
  VerificationAnswer,
  WordingsAnswer,
} from '../../api/contract.ts';
import { call, LineDown, query, Refused } from './client.ts';
import { useLive } from './live.tsx';

const POLL_MS = 3000;
/** New books, and what an event that got lost would have told. */
const LIVE_POLL_MS = 30_000;
const STRIP_POLL_MS = 10_000;
const LIST = 50;

/** A session that ended is seen by whatever asks next; the sign-in comes up by itself. */
export function endSession(error: unknown): void {
  if (error instanceof Refused && error.problem.kind === 'notSignedIn')
    queryClient.setQueryData(['session'], null);
}

/** Asks again by itself only when nobody answered; a refusal stays a refusal. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: endSession }),
  mutationCache: new MutationCache({ onError: endSession }),
  defaultOptions: {
    queries: {
      retry: (count, error) => error instanceof LineDown && count < 3,
      retryDelay: (count) => 500 * 2 ** count,
      // The server stands in the same house: a browser that believes to be offline may reach it.
      networkMode: 'always',
      refetchOnWindowFocus: false,
      staleTime: 5000,
    },
    mutations: { networkMode: 'always' },
  },
});

/** The signed-in person; null when nobody is. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<SessionAnswer | null> => {
      try {
        return await call<SessionAnswer>('GET', '/session');
      } catch (error) {
        if (error instanceof Refused && error.problem.kind === 'notSignedIn') return null;
        throw error;
      }
    },
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: SignInRequest) => call<SessionAnswer>('POST', '/session', request),
    onSuccess: (session) => {
      forgetAnswers(client);
      client.setQueryData(['session'], session);
    },
  });
}

/** The session asked for anew once something about it has changed. */
const renewSession = { onSuccess: () => queryClient.invalidateQueries({ queryKey: ['session'] }) };

export function useChangePassword() {
  return useMutation({
    mutationFn: (request: ChangePasswordRequest) => call('POST', '/session/password', request),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['tokens'] }),
  });
}

/** Begins with an authenticator; the secret is shown once. */
export function useOfferTotp() {
  return useMutation({
    gcTime: 0,
    mutationFn: (password: string) => call<TotpAnswer>('POST', '/session/totp', { password }),
  });
}

export function useConfirmTotp() {
  return useMutation({
    mutationFn: (code: string) => call('POST', '/session/totp/confirm', { code }),
    ...renewSession,
  });
}

export function useRemoveTotp() {
  return useMutation({
    mutationFn: (password: string) => call('POST', '/session/totp/remove', { password }),
    ...renewSession,
  });
}

/** Ends every session and token of the person, this one too. */
export const signOutEverywhere = () => call('DELETE', '/session/all');

export function useTokens() {
  return useQuery({
    queryKey: ['tokens'],
    queryFn: () => call<TokensAnswer>('GET', '/session/tokens'),
  });
}

const renewTokens = { onSuccess: () => queryClient.invalidateQueries({ queryKey: ['tokens'] }) };

export function useNewToken() {
  return useMutation({
    gcTime: 0,
    mutationFn: (request: NewTokenRequest) =>
      call<NewTokenAnswer>('POST', '/session/tokens', request),
    ...renewTokens,
  });
}

export function useEndToken() {
  return useMutation({
    mutationFn: (id: string) => call('DELETE', `/session/tokens/${id}`),
    ...renewTokens,
  });
}

/** What was shown to one person is nobody else's to see. */
export function forgetAnswers(client: QueryClient): void {
  client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'session' });
}

export function useForms() {
  return useQuery({
    queryKey: ['forms'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => call<FormsAnswer>('GET', '/forms'),
  });
}

export function useCodeLists() {
  return useQuery({
    queryKey: ['code-lists'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => call<CodeListsAnswer>('GET', '/code-lists'),
  });
}

/** Without live events, questions about progress are asked every few seconds. */
function usePolling() {
  return useLive() ? LIVE_POLL_MS : POLL_MS;
}

export function useBooks(search: string) {
  const refetchInterval = usePolling();
  return useInfiniteQuery({
    queryKey: ['books', search],
    initialPageParam: 0,
    placeholderData: keepPreviousData,
    refetchInterval,
    queryFn: ({ pageParam }) =>
      call<BooksAnswer>('GET', `/books${query({ search, limit: LIST, offset: pageParam })}`),
    getNextPageParam: nextOffset,
  });
}

function nextOffset<P extends { readonly total: number; readonly items: readonly unknown[] }>(
  last: P,
  all: readonly P[],
): number | undefined {
  const loaded = all.reduce((sum, page) => sum + page.items.length, 0);
  return loaded < last.total ? loaded : undefined;
}

export function useBook(id: string) {
  const refetchInterval = usePolling();
  return useQuery({
    queryKey: ['book', id],
    refetchInterval,
    queryFn: () => call<BookAnswer>('GET', `/books/${id}`),
  });
}

/** Some pages of a book; `wanted` says whether there are any. */
export function usePages(bookId: string, only: PageList, wanted: boolean) {
  return useInfiniteQuery({
    queryKey: ['book', bookId, 'pages', only],
    enabled: wanted,
    initialPageParam: 0,
    queryFn: ({ pageParam }) =>
      call<PagesAnswer>(
        'GET',
        `/books/${bookId}/pages${query({ only, limit: LIST, offset: pageParam })}`,
      ),
    getNextPageParam: nextOffset,
  });
}

export function useRecords(bookId: string, status: RecordsQuery['status'], search: string) {
  const refetchInterval = usePolling();
  return useInfiniteQuery({
    queryKey: ['book', bookId, 'records', status ?? '', search],
    initialPageParam: 0,
    placeholderData: keepPreviousData,
    refetchInterval,
    queryFn: ({ pageParam: offset }): Promise<RecordsAnswer> => {
      const asked = { bookId, status, limit: LIST, offset };
      if (search === '') return call('GET', `/records${query(asked)}`);
      // What is searched for is somebody's name: in a body, so that no address carries it.
      const body: SearchRequest = { ...asked, words: search };
      return call<SearchAnswer>('POST', '/records/search', body);
    },
    getNextPageParam: nextOffset,
  });
}

const recordQuery = (id: string) => ({
  queryKey: ['record', id] as const,
  queryFn: () => call<RecordAnswer>('GET', `/records/${id}`),
});

export function useRecord(id: string) {
  return useQuery({ ...recordQuery(id), staleTime: 0 });
}

/** Fetches a record that will be wanted; what is there already may be a minute old. */
export async function fetchAhead(id: string): Promise<RecordAnswer> {
  void queryClient.prefetchQuery(aroundQuery(id));
  return queryClient.fetchQuery({ ...recordQuery(id), staleTime: 60_000 });
}

const aroundQuery = (id: string) => ({
  queryKey: ['record', id, 'around'] as const,
  staleTime: 60_000,
  queryFn: () => call<AroundAnswer>('GET', `/records/${id}/around`),
});

/** The record before this one in its book, for "as in the record before"; none for the first. */
export function usePreviousRecord(id: string) {
  const previous = useQuery(aroundQuery(id)).data?.previous ?? undefined;
  return useQuery({
    ...recordQuery(previous ?? ''),
    enabled: previous !== undefined,
    staleTime: 60_000,
  });
}

/** What people have written in such a field of the book. */
export function useWordings(bookId: string, field: string | undefined) {
  return useQuery({
    queryKey: ['book', bookId, 'wordings', field],
    enabled: field !== undefined,
    staleTime: 60_000,
    queryFn: () => call<WordingsAnswer>('GET', `/books/${bookId}/wordings${query({ field })}`),
  });
}

/** How many records of a book want an answer, by field. */
export function useColumns(bookId: string) {
  return useQuery({
    queryKey: ['book', bookId, 'columns'],
    queryFn: () => call<ColumnsAnswer>('GET', `/books/${bookId}/columns`),
  });
}

/** Rows of a column that are asked for at once. */
export const COLUMN_LIMIT = 500;

/** One field of the records that want an answer; asked anew by whoever opens it. */
export function useColumn(bookId: string, field: string) {
  return useQuery({
    queryKey: ['book', bookId, 'column', field],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: () =>
      call<ColumnAnswer>(
        'GET',
        `/books/${bookId}/columns/${field}${query({ limit: COLUMN_LIMIT })}`,
      ),
  });
}

/** Sends the rows that were displayed. @throws Refused, LineDown */
export async function confirmColumn(bookId: string, field: string, items: readonly ColumnItem[]) {
  try {
    const answer = await call<ConfirmColumnAnswer>('POST', `/books/${bookId}/columns/${field}`, {
      items,
    });
    for (const { recordId } of answer.items)
      void queryClient.invalidateQueries({ queryKey: ['record', recordId] });
    void queryClient.invalidateQueries({ queryKey: ['book', bookId, 'columns'] });
    return answer;
  } catch (error) {
    endSession(error);
    throw error;
  }
}

/** Names of communes that fit what is typed. */
export function useUnits(search: string) {
  return useQuery({
    queryKey: ['units', search],
    enabled: search.length >= 2,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: () => call<UnitsAnswer>('GET', `/units${query({ search })}`),
  });
}

export function useRecordLog(id: string) {
  return useQuery({
    queryKey: ['record', id, 'log'],
    staleTime: 0,
    queryFn: () => call<RecordLogAnswer>('GET', `/records/${id}/log`),
  });
}

export function useExports(bookId: string) {
  return useQuery({
    queryKey: ['book', bookId, 'exports'],
    queryFn: () => call<ExportsAnswer>('GET', `/books/${bookId}/exports`),
  });
}

export function useExport(bookId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: ExportRequest) =>
      call<ExportAnswer>('POST', `/books/${bookId}/exports`, request),
    onSuccess: () => client.invalidateQueries({ queryKey: ['book', bookId, 'exports'] }),
  });
}

export function useNewBook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: NewBookRequest) => call<BookAnswer>('POST', '/books', request),
    onSuccess: () => client.invalidateQueries({ queryKey: ['books'] }),
  });
}

/** Changes how the work on a book is shared. */
export function useBookPolicy(bookId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (policy: BookPolicyRequest) =>
      call<BookAnswer>('PATCH', `/books/${bookId}/policy`, policy),
    onSuccess: (answer) => client.setQueryData(['book', bookId], answer),
  });
}

/** What is odd about a book, what people said of it, and how far it has come. */
export function useCompleteness(bookId: string) {
  return useQuery({
    queryKey: ['book', bookId, 'completeness'],
    staleTime: 0,
    queryFn: () => call<CompletenessAnswer>('GET', `/books/${bookId}/completeness`),
  });
}

const keepCompleteness = (bookId: string) => ({
  onSuccess: (answer: CompletenessAnswer) =>
    queryClient.setQueryData(['book', bookId, 'completeness'], answer),
});

export function useClosingNote(bookId: string) {
  return useMutation({
    mutationFn: (note: ClosingNoteRequest) =>
      call<CompletenessAnswer>('PATCH', `/books/${bookId}/closing-note`, note),
    ...keepCompleteness(bookId),
  });
}

/** Says why something odd is right as it is. */
export function useExcept(bookId: string) {
  return useMutation({
    mutationFn: (request: ExceptionRequest) =>
      call<CompletenessAnswer>('POST', `/books/${bookId}/exceptions`, request),
    ...keepCompleteness(bookId),
  });
}

export function useRevokeException(bookId: string) {
  return useMutation({
    mutationFn: (id: string) => call('DELETE', `/books/${bookId}/exceptions/${id}`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['book', bookId, 'completeness'] }),
  });
}

/** Hands a book over, puts it on the list, or takes it off. */
export function useStep(bookId: string) {
  return useMutation({
    mutationFn: (request: StepRequest) =>
      call<CompletenessAnswer>('POST', `/books/${bookId}/steps`, request),
    ...keepCompleteness(bookId),
  });
}

/** The books that are ready for transfer. */
export function useReady() {
  return useQuery({
    queryKey: ['ready'],
    staleTime: 0,
    queryFn: () => call<ReadyAnswer>('GET', '/books/ready'),
  });
}

export function useSamples(bookId: string) {
  return useQuery({
    queryKey: ['book', bookId, 'samples'],
    queryFn: () => call<SamplesAnswer>('GET', `/books/${bookId}/samples`),
  });
}

const renewSamples = (bookId: string) => ({
  onSuccess: () => queryClient.invalidateQueries({ queryKey: ['book', bookId, 'samples'] }),
});

export function useDrawSample(bookId: string) {
  return useMutation({
    mutationFn: () => call<SampleAnswer>('POST', `/books/${bookId}/samples`),
    ...renewSamples(bookId),
  });
}

/** Says what is wrong in a record of a sample, or that nothing is. */
export function useJudge(bookId: string) {
  return useMutation({
    mutationFn: ({
      sampleId,
      recordId,
      errors,
    }: JudgeRequest & { readonly sampleId: string; readonly recordId: string }) =>
      call<SampleAnswer>('POST', `/samples/${sampleId}/records/${recordId}`, { errors }),
    ...renewSamples(bookId),
  });
}

export function useBatches(bookId: string) {
  return useQuery({
    queryKey: ['book', bookId, 'batches'],
    queryFn: () => call<BatchesAnswer>('GET', `/batches${query({ bookId })}`),
  });
}

const renewBatches = ({ bookId }: { readonly bookId: string }) =>
  queryClient.invalidateQueries({ queryKey: ['book', bookId, 'batches'] });

/** Gives records of a book to a person. */
export function useNewBatch() {
  return useMutation({
    mutationFn: (request: NewBatchRequest) => call<BatchAnswer>('POST', '/batches', request),
    onSuccess: renewBatches,
  });
}

/** Takes back what of a batch is not done. */
export function useRevokeBatch(bookId: string) {
  return useMutation({
    mutationFn: (id: string) => call<BatchAnswer>('POST', `/batches/${id}/revoke`),
    onSuccess: () => renewBatches({ bookId }),
  });
}

/** Queues again what failed: a whole book, a document or a page. */
export function useRetry(bookId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (what: { readonly kind: 'books' | 'documents' | 'pages'; readonly id: string }) =>
      call<RetryAnswer>('POST', `/${what.kind}/${what.id}/retry`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['book', bookId] }),
  });
}

/** Says what a page is, or leaves it out. */
export function usePageChange(bookId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, said }: { readonly id: string; readonly said: PageChangeRequest }) =>
      call<PageAnswer>('PATCH', `/pages/${id}`, said),
    onSuccess: () => client.invalidateQueries({ queryKey: ['book', bookId] }),
  });
}

/** Every page of a book; while the machine works on it, asked again now and then. */
export function useStrip(bookId: string, working: boolean) {
  return useQuery({
    queryKey: ['book', bookId, 'strip', working],
    placeholderData: keepPreviousData,
    // All pages of a large book are too much for a poor line at every step.
    refetchInterval: working ? STRIP_POLL_MS : false,
    queryFn: () => call<StripAnswer>('GET', `/books/${bookId}/strip`),
  });
}

/** The place of a page in its book, from 1; undefined while it is not known. */
export function usePagePlaces(bookId: string, working: boolean) {
  const items = useStrip(bookId, working).data?.items;
  return useMemo(() => {
    const places = new Map(items?.map((page, i) => [page.pageId as string, i + 1]));
    return (pageId: string) => places.get(pageId);
  }, [items]);
}

export function useDashboard(days: number) {
  return useQuery({
    queryKey: ['dashboard', days],
    queryFn: () => call<DashboardAnswer>('GET', `/dashboard${query({ days })}`),
  });
}

/** Whether a record's history holds. */
export function useVerification(id: string) {
  return useQuery({
    queryKey: ['record', id, 'verification'],
    staleTime: 0,
    queryFn: () => call<VerificationAnswer>('GET', `/records/${id}/verification`),
  });
}

export function useSample() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<SampleBookAnswer>('POST', '/sample'),
    // The list is asked for when it is seen again: until then the passwords stand there.
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
}

export function usePeople() {
  return useQuery({
    queryKey: ['people'],
    queryFn: () => call<PeopleAnswer>('GET', '/people'),
  });
}

export function useOrganisations() {
  return useQuery({
    queryKey: ['organisations'],
    queryFn: () => call<OrganisationsAnswer>('GET', '/organisations'),
  });
}

export function useNewPerson() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: NewPersonRequest) => call<PersonAnswer>('POST', '/people', request),
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
}

export function useChangePerson() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, change }: { readonly id: string; readonly change: PersonChangeRequest }) =>
      call<PersonAnswer>('PATCH', `/people/${id}`, change),
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
}

export function useNewOrganisation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: NewOrganisationRequest) =>
      call<OrganisationAnswer>('POST', '/organisations', request),
    onSuccess: () => client.invalidateQueries({ queryKey: ['organisations'] }),
  });
}

/** The next record for this person, opened so that nobody else gets it; null when none waits. */
export async function nextWork(wanted: NextWorkRequest): Promise<LeaseAnswer | null> {
  return (await call<NextWorkAnswer>('POST', '/work/next', wanted)).lease;
}

const renewRecord = (id: string) => ({
  onSuccess: () => queryClient.invalidateQueries({ queryKey: ['record', id], exact: true }),
});

/** Notes fields of a record as compared with the page. @throws Refused, LineDown */
export async function noteCompared(id: string, request: ChecksRequest): Promise<void> {
  const { seen, fields, compared = true } = request;
  const keep = (change: (old: readonly string[]) => string[]) =>
    queryClient.setQueryData<RecordAnswer>(['record', id], (old) =>
      old?.version === seen ? { ...old, compared: change(old.compared) } : old,
    );
  // Who comes back before the answer finds them too.
  keep((old) => [...old.filter((key) => !fields.includes(key)), ...(compared ? fields : [])]);
  const answer = await call<ChecksAnswer>('POST', `/records/${id}/checks`, request);
  keep(() => answer.compared);
}

/** Gives a record that somebody has open to another person. */
export function useTakeOver(recordId: string) {
  return useMutation({
    mutationFn: (personId: string) =>
      call<LeaseAnswer>('POST', `/records/${recordId}/lease/take-over`, { personId }),
    ...renewRecord(recordId),
  });
}

/** Skips a record, flags it, or asks about it. */
export function useMark(recordId: string) {
  return useMutation({
    mutationFn: (mark: NewMarkRequest) =>
      call<MarkAnswer>('POST', `/records/${recordId}/marks`, mark),
    ...renewRecord(recordId),
  });
}

/** Answers a question, settles a flag or lifts a skip. */
export function useCloseMark({ id, recordId, bookId }: MarkAnswer) {
  return useMutation({
    mutationFn: (answer: string) =>
      call<MarkAnswer>('POST', `/records/${recordId}/marks/${id}/close`, { answer }),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['record', recordId], exact: true }),
        queryClient.invalidateQueries({ queryKey: ['book', bookId, 'marks'] }),
      ]),
  });
}

/** Questions, flags and skips of a book: everybody's for who answers, else one's own. */
export function useMarks(bookId: string, open: boolean) {
  return useQuery({
    queryKey: ['book', bookId, 'marks', open],
    placeholderData: keepPreviousData,
    queryFn: () => call<MarksAnswer>('GET', `/work/marks${query({ bookId, open, limit: 200 })}`),
  });
}

/** What was returned to this person, and why; of all books. */
export function useReturned(wanted: boolean) {
  return useQuery({
    queryKey: ['returned'],
    enabled: wanted,
    queryFn: () => call<ReturnedAnswer>('GET', `/work/returned${query({ limit: 200 })}`),
  });
}

/** Behind `after`, the next record that waits for this person; null when none does. */
export async function nextRecord(wanted: NextRecordQuery): Promise<string | null> {
  const { bookId, for: work, after } = wanted;
  const answer = await call<NextRecordAnswer>(
    'GET',
    `/records/next${query({ bookId, for: work, after })}`,
  );
  return answer.id;
}
