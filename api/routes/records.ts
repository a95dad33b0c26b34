import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Action } from '../../models/actions.ts';
import { openDeviations } from '../../models/deviations.ts';
import { Failure } from '../../models/failures.ts';
import { type BookId, type PersonId, RecordId } from '../../models/ids.ts';
import type { Person } from '../../models/people.ts';
import type { BookPolicy } from '../../models/policy.ts';
import { findings, MOVES, type RecordState, refusal } from '../../models/record.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { hidesReadings } from '../../models/second-keying.ts';
import type { RecordRow } from '../../models/store/records.ts';
import type { Lease } from '../../models/work.ts';
import {
  ActionRequest,
  ConflictAnswer,
  type Move,
  NextRecordAnswer,
  NextRecordQuery,
  type PersonRef,
  type Problem,
  type Readings,
  RecordAnswer,
  RecordLogAnswer,
  RecordsAnswer,
  RecordsQuery,
  SearchAnswer,
  SearchRequest,
} from '../contract.ts';
import { nameAll } from '../names.ts';
import { placesOf } from '../places.ts';
import { problem, problemOf } from '../problems.ts';
import { personOf } from '../sessions.ts';
import { wireLease, wireMarks, wireRecord } from '../wire.ts';
import type { Api, Parts } from './types.ts';

/** What each of three said about the fields that are in dispute. */
function readingsOf(state: RecordState): Record<string, Readings> {
  return Object.fromEntries(
    state.differs.map((key) => {
      const [machine, first, second] = [
        state.machine[key],
        state.values[key],
        state.secondValues[key],
      ].map((value) => value && { state: value.state, text: value.text, note: value.note });
      return [key, { machine, first, second }];
    }),
  );
}

/** Records: finding them, showing them, and what people do to them. */
export function recordRoutes(api: Api, { system, images }: Parts): void {
  const { store } = system;
  const { records } = store;
  const tags = ['records'];
  const params = z.object({ id: RecordId });

  /** Whether what the record says is hidden from this person; that it was not is noted. */
  async function hides(
    id: RecordId,
    state: RecordState,
    person: Person,
    policy: BookPolicy,
    lease: Lease | undefined,
  ): Promise<boolean> {
    const openFor = lease?.personId === person.id ? lease.work : undefined;
    const hidden = hidesReadings(person, state, policy, openFor);
    if (!hidden) await records.noteSight(id, person.id);
    return hidden;
  }

  /** The record as `person` sees it. */
  async function describe(
    { record, state }: { record: RecordRow; state: RecordState },
    person: Person,
  ): Promise<RecordAnswer> {
    const { checker, approver } = state;
    const lease = await store.leases.of(record.id);
    const [book, habits, compared, nameOf, marks, places, pages] = await Promise.all([
      store.books.byId(record.bookId),
      store.books.habits(record.bookId),
      store.checks.of(record.id, person.id, state.valuesVersion),
      nameAll(
        store,
        [...state.keyers.keys(), checker, approver, lease?.personId ?? null].filter(
          (id) => id !== null,
        ),
      ),
      store.marks.openOf(record.id).then((open) => wireMarks(store, open)),
      placesOf(system, record, state.values),
      Promise.all(
        record.pages.map(async (region) => {
          const page = await store.pages.byId(region.pageId);
          const said = page.failure ?? page.reason;
          return { region: { ...region, ...(await images.sizeOf(page)) }, said };
        }),
      ),
    ]);
    const ref = (id: PersonId | null) => (id === null ? null : nameOf(id));
    const moves: Move[] = [];
    const refusals: Partial<Record<Move, Problem>> = {};
    for (const move of Object.keys(MOVES) as Move[]) {
      const refused = refusal(person, move, state, book.policy);
      if (refused) refusals[move] = problemOf(refused);
      else moves.push(move);
    }
    const hidden = await hides(record.id, state, person, book.policy, lease);
    const found = hidden ? [] : findings(state.values, registerOf(record.register), habits);
    const open = openDeviations(found, state.accepted);
    if (moves.includes('approved') && open.length + marks.length > 0) {
      moves.splice(moves.indexOf('approved'), 1);
      refusals.approved = problem('openDeviation');
    }
    return {
      id: record.id,
      bookId: record.bookId,
      form: record.form,
      formVersion: record.formVersion,
      status: state.status,
      version: state.version,
      hidden,
      values: hidden ? {} : state.values,
      places,
      findings: found,
      compared,
      accepted: hidden ? [] : [...state.accepted],
      deviations: open,
      second: [...state.second],
      readings: hidden ? {} : readingsOf(state),
      reasons: (hidden ? [] : state.reasons).map(({ field, code, reason }) => ({
        code,
        reason,
        ...(field === undefined ? {} : { field }),
      })),
      moves,
      refusals,
      keyers: [...state.keyers.keys()].map(nameOf),
      checker: ref(checker),
      approver: ref(approver),
      lease: lease ? wireLease(lease, nameOf) : null,
      marks: hidden ? [] : marks,
      pages: pages.map((page) => page.region),
      notes: pages.flatMap(({ said }) => (said ? [problemOf(said)] : [])),
    };
  }

  /** The most records of a book that are open at once: some for each person at work. */
  const MOST_OPEN = 2000;

  /** Who has which record of a book open. */
  async function openIn(bookId: BookId): Promise<Map<RecordId, PersonRef>> {
    const open = await store.leases.list({ scope: undefined, bookId, limit: MOST_OPEN });
    const nameOf = await nameAll(
      store,
      open.map((lease) => lease.personId),
    );
    return new Map(open.map((lease) => [lease.recordId, nameOf(lease.personId)]));
  }

  api.get(
    '/records',
    {
      config: { reads: 'records' },
      schema: {
        tags,
        summary: 'Records in page order, found by book, status and words',
        querystring: RecordsQuery,
        response: { 200: RecordsAnswer },
      },
    },
    async (request) => {
      const { bookId } = request.query;
      const { items, total } = await records.list({
        ...request.query,
        scope: personOf(request).scope,
        reader: personOf(request),
      });
      const open = bookId && items.length > 0 ? await openIn(bookId) : undefined;
      return {
        items: items.map((item) => {
          const openBy = open?.get(item.id);
          return { ...wireRecord(item), ...(openBy ? { openBy } : {}) };
        }),
        total,
      };
    },
  );

  api.post(
    '/records/search',
    {
      config: { reads: 'search' },
      schema: {
        tags,
        summary: 'Records by name, words, single fields, place, book and time',
        body: SearchRequest,
        response: { 200: SearchAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      const { bookId } = request.body;
      if (bookId) await store.scopes.mustHold(person.scope, 'book', bookId);
      const { items, total } = await records.find({
        ...request.body,
        scope: person.scope,
        reader: person,
      });
      return {
        items: items.map((item) => ({ ...wireRecord(item), match: item.match })),
        total,
      };
    },
  );

  api.get(
    '/records/next',
    {
      schema: {
        tags,
        summary: 'The next record of a book that waits for this kind of work by you',
        querystring: NextRecordQuery,
        response: { 200: NextRecordAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      await store.scopes.mustHold(person.scope, 'book', request.query.bookId);
      const { bookId, after, for: work } = request.query;
      const id = await store.leases.peek({ person, work, bookId, after });
      return { id: id ?? null };
    },
  );

  api.get(
    '/records/:id',
    {
      config: { of: 'record', reads: 'record' },
      schema: {
        tags,
        summary: 'A record with its values',
        params,
        response: { 200: RecordAnswer },
      },
    },
    async (request) => describe(await records.state(request.params.id), personOf(request)),
  );

  api.get(
    '/records/:id/log',
    {
      config: { of: 'record', reads: 'history' },
      schema: {
        tags,
        summary: 'Everything that was done to a record',
        params,
        response: { 200: RecordLogAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      const { record, state } = await records.state(request.params.id);
      const [log, book, lease] = await Promise.all([
        records.log(record.id),
        store.books.byId(record.bookId),
        store.leases.of(record.id),
      ]);
      const hidden = await hides(record.id, state, person, book.policy, lease);
      const nameOf = await nameAll(
        store,
        log.flatMap((action) => action.personId ?? []),
      );
      return {
        items: log.map(({ version, at, personId, seen, content, hash }: Action) => ({
          version,
          at: at.toISOString(),
          person: personId === null ? null : nameOf(personId),
          seen,
          content: hidden ? { type: content.type } : content,
          hash,
        })),
      };
    },
  );

  api.post(
    '/records/:id/actions',
    {
      config: { of: 'record', reads: 'record' },
      schema: {
        tags,
        summary: 'Key, check, return, approve or reopen a record',
        params,
        body: ActionRequest,
        response: { 200: RecordAnswer, 409: ConflictAnswer },
      },
    },
    async (request, reply) => {
      const person = personOf(request);
      const { id } = request.params;
      const { seen, action } = request.body;
      try {
        return await describe(await records.append(id, { person, seen, action }), person);
      } catch (error) {
        if (!(error instanceof Failure) || error.kind !== 'conflict') throw error;
        const current = await describe(await records.state(id), person);
        return (reply as FastifyReply).code(409).send({
          error: problemOf(error),
          yours: { seen, action },
          current,
        } satisfies ConflictAnswer);
      }
    },
  );
}
