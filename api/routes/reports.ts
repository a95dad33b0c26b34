import { z } from 'zod';
import { BookId, PersonId } from '../../models/ids.ts';
import type { Span } from '../../models/store/reports.ts';
import { can } from '../abilities.ts';
import { mustNotKeyBlind } from '../blind.ts';
import {
  ProgressAnswer,
  ProgressQuery,
  QualityAnswer,
  QualityQuery,
  type SpanQuery,
  WorkAnswer,
  WorkQuery,
} from '../contract.ts';
import { nameAll } from '../names.ts';
import { personOf } from '../sessions.ts';
import type { Api, Parts } from './types.ts';

/** The libraries that draw and fill sheets take a while to load: only when somebody wants the file. */
const loadAcceptance = () => import('../../pipeline/export/acceptance.ts');

const DAY_MS = 24 * 3_600_000;
/** What is reported of when nobody says. */
const USUAL_DAYS = 30;

const dayIn = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' });

/** The days asked for; the last ones when the query leaves them open. */
function spanOf({ from, to }: z.output<typeof SpanQuery>): Span {
  const last = to ?? dayIn.format(new Date());
  const first = new Date(Date.parse(last) - (USUAL_DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
  return { from: from ?? first, to: last };
}

/** Figures: how far the work is, who did how much, how good it is, and of a book for its acceptance. */
export function reportRoutes(api: Api, { system }: Parts): void {
  const { store } = system;
  const { reports } = store;
  const tags = ['quality'];
  const params = z.object({ id: BookId });

  api.get(
    '/reports/progress',
    {
      schema: {
        tags,
        summary: 'Pages and records by place, register or book, and what waits for the machine',
        querystring: ProgressQuery,
        response: { 200: ProgressAnswer },
      },
    },
    async (request) => {
      const { scope } = personOf(request);
      const [items, stages] = await Promise.all([
        reports.progress(request.query.by, scope),
        reports.stages(scope),
      ]);
      return { items, stages };
    },
  );

  api.get(
    '/reports/work',
    {
      schema: {
        tags,
        summary: 'What people did and how fast: your own, or everybody’s',
        querystring: WorkQuery,
        response: { 200: WorkAnswer },
      },
    },
    async (request) => {
      const person = personOf(request);
      // How much each person does is for those who answer for it.
      const everybody = can(person, 'managePeople') || can(person, 'export');
      const span = spanOf(request.query);
      const { by, personId } = request.query;
      const items = await reports.work({
        by,
        span,
        scope: person.scope,
        personId: everybody ? personId : person.id,
      });
      return { ...span, items, everybody };
    },
  );

  api.get(
    '/reports/quality',
    {
      config: { ability: 'answer' },
      schema: {
        tags,
        summary: 'Error rates with their intervals, and returns by reason',
        querystring: QualityQuery,
        response: { 200: QualityAnswer },
      },
    },
    async (request) => {
      const { scope } = personOf(request);
      const span = spanOf(request.query);
      const { by } = request.query;
      const items = await reports.quality({ by, span, scope });
      if (by !== 'person') return { ...span, items };
      const nameOf = await nameAll(
        store,
        items.map(({ key }) => PersonId.parse(key)),
      );
      return {
        ...span,
        items: items.map((item) => ({ ...item, name: nameOf(PersonId.parse(item.key)).name })),
      };
    },
  );

  /** Everything that the acceptance of a book is judged by. */
  async function figuresOf(id: BookId) {
    const [book, completeness, samples, [quality]] = await Promise.all([
      store.books.byId(id),
      store.completeness.of(id),
      store.samples.ofBook(id),
      reports.quality({ by: 'book', scope: undefined, bookId: id }),
    ]);
    return { book, completeness, samples, quality, at: new Date() };
  }

  for (const { ending, type, how } of [
    {
      ending: 'pdf',
      type: 'application/pdf',
      how: 'acceptancePdf',
    },
    {
      ending: 'xlsx',
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      how: 'acceptanceWorkbook',
    },
  ] as const)
    api.get(
      `/books/:id/acceptance.${ending}`,
      {
        config: { of: 'book', ability: 'answer' },
        schema: { tags, summary: 'The figures that a book is accepted by (nghiệm thu)', params },
      },
      async (request, reply) => {
        const { id } = request.params;
        await mustNotKeyBlind(store, personOf(request), id);
        const [figures, make] = await Promise.all([figuresOf(id), loadAcceptance()]);
        return reply
          .header('content-type', type)
          .header('content-disposition', `attachment; filename="nghiem-thu.${ending}"`)
          .send(await make[how](figures));
      },
    );
}
