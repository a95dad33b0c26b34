import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Action } from '../../models/actions.ts';
import { Failure } from '../../models/failures.ts';
import { type PersonId, RecordId } from '../../models/ids.ts';
import type { Person } from '../../models/people.ts';
import { findings, MOVES, type RecordState, refusal } from '../../models/record.ts';
import { registerOf } from '../../models/registers/registry.ts';
import type { RecordRow } from '../../models/store/records.ts';
import {
  ActionRequest,
  ConflictAnswer,
  type Move,
  NextRecordAnswer,
  NextRecordQuery,
  type PersonRef,
  type Problem,
  RecordAnswer,
  RecordLogAnswer,
  RecordsAnswer,
  RecordsQuery,
} from '../contract.ts';
import { placesOf } from '../places.ts';
import { problemOf } from '../problems.ts';
import { personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** Records: finding them, showing them, and what people do to them. */
export function recordRoutes(api: Api, { system, images }: Parts): void {
  const { store } = system;
  const { records } = store;
  const tags = ['records'];
  const params = z.object({ id: RecordId });

  async function nameAll(ids: Iterable<PersonId>): Promise<Map<PersonId, PersonRef>> {
    const people = await Promise.all([...new Set(ids)].map((id) => store.people.byId(id)));
    return new Map(people.map(({ id, name }) => [id, { id, name }]));
  }

  /** The record as `person` sees it. */
  async function describe(
    { record, state }: { record: RecordRow; state: RecordState },
    person: Person,
  ): Promise<RecordAnswer> {
    const { checker, approver } = state;
    const [book, habits, names, places, pages] = await Promise.all([
      store.books.byId(record.bookId),
      store.books.habits(record.bookId),
      nameAll([...state.keyers.keys(), checker, approver].filter((id) => id !== null)),
      placesOf(system, record, state.values),
      Promise.all(
        record.pages.map(async (region) => {
          const page = await store.pages.byId(region.pageId);
          const said = page.failure ?? page.reason;
          return { region: { ...region, ...(await images.sizeOf(page)) }, said };
        }),
      ),
    ]);
    const ref = (id: PersonId | null) => (id && names.get(id)) ?? null;
    const moves: Move[] = [];
    const refusals: Partial<Record<Move, Problem>> = {};
    for (const move of Object.keys(MOVES) as Move[]) {
      const refused = refusal(person, move, state, book.policy);
      if (refused) refusals[move] = problemOf(refused);
      else moves.push(move);
    }
    return {
      id: record.id,
      bookId: record.bookId,
      form: record.form,
      formVersion: record.formVersion,
      status: state.status,
      version: state.version,
      values: state.values,
      places,
      findings: findings(state.values, registerOf(record.register), habits),
      reasons: state.reasons.map(({ field, reason }) =>
        field === undefined ? { reason } : { field, reason },
      ),
      moves,
      refusals,
      keyers: [...state.keyers.keys()].flatMap((id) => ref(id) ?? []),
      checker: ref(checker),
      approver: ref(approver),
      pages: pages.map((page) => page.region),
      notes: pages.flatMap(({ said }) => (said ? [problemOf(said)] : [])),
    };
  }

  api.get(
    '/records',
    {
      schema: {
        tags,
        summary: 'Records in page order, found by book, status and words',
        querystring: RecordsQuery,
        response: { 200: RecordsAnswer },
      },
    },
    async (request) => {
      const { items, total } = await records.list(request.query);
      return {
        items: items.map(
          ({ id, bookId, status, version, number, names, registered, doubtful }) => ({
            id,
            bookId,
            status,
            version,
            names,
            doubtful,
            ...(number === undefined ? {} : { number }),
            ...(registered === undefined ? {} : { registered }),
          }),
        ),
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
      const id = await records.next({ ...request.query, person: personOf(request) });
      return { id: id ?? null };
    },
  );

  api.get(
    '/records/:id',
    {
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
      schema: {
        tags,
        summary: 'Everything that was done to a record',
        params,
        response: { 200: RecordLogAnswer },
      },
    },
    async (request) => {
      await records.byId(request.params.id);
      const log = await records.log(request.params.id);
      const names = await nameAll(log.flatMap((action) => action.personId ?? []));
      return {
        items: log.map(({ version, at, personId, seen, content, hash }: Action) => ({
          version,
          at: at.toISOString(),
          person: (personId && names.get(personId)) ?? null,
          seen,
          content,
          hash,
        })),
      };
    },
  );

  api.post(
    '/records/:id/actions',
    {
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
