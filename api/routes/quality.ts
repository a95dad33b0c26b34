import { z } from 'zod';
import { Failure } from '../../models/failures.ts';
import { BookId, RecordId, SampleId } from '../../models/ids.ts';
import type { Person } from '../../models/people.ts';
import { hasRole, rolesNeeded } from '../../models/record.ts';
import { mustNotKeyBlind } from '../blind.ts';
import {
  ApproveAnswer,
  ApproveRequest,
  ChecksAnswer,
  ChecksRequest,
  JudgeRequest,
  ReturnLotAnswer,
  ReturnLotRequest,
  SampleAnswer,
  SamplesAnswer,
} from '../contract.ts';
import { nameAll } from '../names.ts';
import { problemOf } from '../problems.ts';
import { personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** Each is an action of its own; more would keep the request waiting for long. */
const LOT_AT_ONCE = 200;

/** Checking field by field, approving many, and samples. */
export function qualityRoutes(api: Api, { system }: Parts): void {
  const { store } = system;
  const { records, checks, samples } = store;
  const tags = ['quality'];

  async function wireSample(sample: Awaited<ReturnType<typeof samples.byId>>) {
    const nameOf = await nameAll(store, [sample.drawnBy]);
    const { drawnBy, drawnAt, ...rest } = sample;
    return { ...rest, drawnBy: nameOf(drawnBy), drawnAt: drawnAt.toISOString() };
  }

  /** @throws Failure `forbidden` */
  function mustHaveRole(person: Person, of: 'checked' | 'approved'): void {
    if (!hasRole(person, of)) throw new Failure('forbidden', rolesNeeded(of));
  }

  api.post(
    '/records/:id/checks',
    {
      config: { of: 'record' },
      schema: {
        tags,
        summary: 'Note fields as compared with the page',
        params: z.object({ id: RecordId }),
        body: ChecksRequest,
        response: { 200: ChecksAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      mustHaveRole(person, 'checked');
      const { id } = request.params;
      return { compared: await checks.note({ id, person: person.id, ...request.body }) };
    },
  );

  api.post(
    '/records/approve',
    {
      schema: {
        tags,
        summary: 'Approve many records, each by itself',
        body: ApproveRequest,
        response: { 200: ApproveAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      mustHaveRole(person, 'approved');
      const items: z.infer<typeof ApproveAnswer>['items'] = [];
      for (const { id, seen } of request.body.items) {
        try {
          await store.scopes.mustHold(person.scope, 'record', id);
          const { state } = await records.append(id, {
            person,
            seen,
            action: { type: 'approved' },
          });
          items.push({ id, version: state.version });
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          items.push({ id, error: problemOf(error) });
        }
      }
      return { items };
    },
  );

  api.get(
    '/books/:id/samples',
    {
      config: { of: 'book' },
      schema: {
        tags,
        summary: 'Samples of a book with the observed error rates',
        params: z.object({ id: BookId }),
        response: { 200: SamplesAnswer },
      },
    },
    async (request) => {
      const { id } = request.params;
      await mustNotKeyBlind(store, personOf(request), id);
      return { items: await Promise.all((await samples.ofBook(id)).map(wireSample)) };
    },
  );

  api.post(
    '/books/:id/samples',
    {
      config: { of: 'book' },
      schema: {
        tags,
        summary: 'Draw a sample of what waits for approval',
        params: z.object({ id: BookId }),
        response: { 201: SampleAnswer },
      },
    },
    async (request, reply) => {
      const person = personOf(request);
      mustHaveRole(person, 'approved');
      const sample = await samples.draw(request.params.id, person.id);
      return reply.code(201).send(await wireSample(sample));
    },
  );

  api.post(
    '/samples/:id/records/:record',
    {
      config: { of: 'sample' },
      schema: {
        tags,
        summary: 'Say what is wrong in a record of a sample, or that nothing is',
        params: z.object({ id: SampleId, record: RecordId }),
        body: JudgeRequest,
        response: { 200: SampleAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      mustHaveRole(person, 'approved');
      const { id, record } = request.params;
      return wireSample(await samples.judge(id, record, person, request.body.errors));
    },
  );

  api.post(
    '/samples/:id/return',
    {
      config: { of: 'sample' },
      schema: {
        tags,
        summary: 'Send back the records that a rejected sample spoke for',
        params: z.object({ id: SampleId }),
        body: ReturnLotRequest,
        response: { 200: ReturnLotAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      mustHaveRole(person, 'approved');
      const { items, total } = await samples.rejectedLot(request.params.id, LOT_AT_ONCE);
      const reasons = [{ code: 'other', reason: request.body.reason }];
      let returned = 0;
      for (const { id, version } of items) {
        try {
          await records.append(id, {
            person,
            seen: version,
            action: { type: 'returned', reasons },
          });
          returned++;
        } catch (error) {
          // Somebody has it open, or was faster.
          if (!(error instanceof Failure)) throw error;
        }
      }
      return { returned, left: total - returned };
    },
  );
}
