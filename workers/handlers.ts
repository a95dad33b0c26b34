import sharp from 'sharp';
import type { Page } from '../models/books.ts';
import { FORMS, formOf } from '../models/forms/registry.ts';
import type { DocumentId, PageId } from '../models/ids.ts';
import { registerOf } from '../models/registers/registry.ts';
import { type Job, type Stage, stageAfter } from '../models/stages.ts';
import { FLOW } from '../pipeline/flow.ts';
import type { Layout } from '../pipeline/forms/layout.ts';
import { Pause } from '../pipeline/queue/port.ts';
import { Placement, place } from '../pipeline/stages/place.ts';
import { prefill } from '../pipeline/stages/prefill.ts';
import { read } from '../pipeline/stages/read.ts';
import { Readings } from '../pipeline/stages/reading.ts';
import { Straightened, straighten } from '../pipeline/stages/straighten.ts';
import { approvedOf, bookOf, type Context, layoutsOf, workingPage } from './context.ts';
import type { Handler } from './handler.ts';
import { splitDocument } from './split-document.ts';

/** The job of the stage after `stage` for the same page. */
function following(stage: Stage, id: string, attempt: number): Job[] {
  const next = stageAfter(stage);
  return next ? [{ stage: next, id, attempt }] : [];
}

/** Loads the page, runs `work` on it, stores its output and names what follows. */
function pageStage(
  stage: Stage,
  work: (context: Context, page: Page) => Promise<object | Pause>,
): Handler {
  return async (context, { id, attempt }) => {
    const { store } = context.system;
    const page = await store.pages.begin(id, stage);
    if (!page) return [];
    const start = performance.now();
    const output = await work(context, page);
    if (output instanceof Pause) {
      await store.pages.putOff(page.id, stage);
      return output;
    }
    const seconds = (performance.now() - start) / 1000;
    await store.pages.finish(page.id, { stage, version: FLOW[stage].version, output, seconds });
    return following(stage, id, attempt);
  };
}

/** Places the page and keeps the layout that it teaches, if any. */
async function placePage(context: Context, page: Page, layouts: Layout[]): Promise<Placement> {
  const { store, blobs } = context.system;
  const outputs = await store.pages.outputs(page.id);
  const book = await bookOf(context, page.bookId);
  const { result, learned } = await place({
    page: await workingPage(context, page, outputs.straighten),
    ink: Straightened.parse(outputs.straighten).ink,
    form: formOf(book.form),
    forms: Object.values(FORMS),
    layouts,
    readers: context.readers,
  });
  if (learned) {
    const { data, width, height } = learned.half;
    const image = await sharp(data, { raw: { width, height, channels: 1 } })
      .webp({ quality: 80, effort: 1 })
      .toBuffer();
    const blobKey = `layouts/${page.imageHash}-${FLOW.place.version}.webp`;
    await blobs.put(blobKey, image);
    await store.layouts.add(page.bookId, { form: book.form, data: learned.labels, blobKey });
  }
  return result;
}

/** So long a page waits for the first of its book; other books' pages go ahead meanwhile. */
const LEARNING_MS = 500;

/** One handler a stage; the compiler points at a missing one. */
export const HANDLERS = {
  split: (context, { id, attempt }) => splitDocument(context, id as DocumentId, attempt),

  straighten: pageStage('straighten', async (context, page) => {
    const { blobs, settings, store } = context.system;
    if (await store.layouts.isBeingLearned(page.bookId)) return new Pause(LEARNING_MS);
    const { result, scan } = await straighten({
      image: await blobs.get(page.imageKey),
      quarterTurns: page.quarterTurns,
      maxPixels: settings.pageMaxPixels,
    });
    context.decoded.set(page.id, Promise.resolve(scan));
    return result;
  }),

  place: pageStage('place', async (context, page) => {
    const { layouts } = context.system.store;
    const { form } = await bookOf(context, page.bookId);
    const known = await layoutsOf(context, page.bookId, form);
    if (known.length > 0) return placePage(context, page, known);
    // Reading labels takes seconds: one page of the book does it, the others use what it finds.
    const result = await layouts.learn(page.bookId, async () =>
      placePage(context, page, await layoutsOf(context, page.bookId, form)),
    );
    return result ?? new Pause(LEARNING_MS);
  }),

  read: pageStage('read', async (context, page) => {
    const outputs = await context.system.store.pages.outputs(page.id);
    const placement = Placement.parse(outputs.place);
    return read({
      page: await workingPage(context, page, outputs.straighten),
      placement,
      form: formOf(placement.form),
      register: registerOf(formOf(placement.form).register),
      readers: context.readers,
      approved: await approvedOf(context, await bookOf(context, page.bookId)),
    });
  }),

  prefill: async (context, { id }) => {
    const { store } = context.system;
    const page = await store.pages.begin(id, 'prefill');
    if (!page) return [];
    const start = performance.now();
    const outputs = await store.pages.outputs(page.id);
    const book = await bookOf(context, page.bookId);
    const values = prefill({
      readings: Readings.parse(outputs.read),
      form: formOf(book.form),
      register: registerOf(book.register),
      book,
      pageId: page.id,
    });
    const { version } = FLOW.prefill;
    await store.records.createPrefilled({
      bookId: page.bookId,
      pages: [{ pageId: page.id, box: { x: 0, y: 0, w: 1, h: 1 } }],
      values,
      effect: effectOf(page),
      finish: {
        pageId: page.id,
        stage: 'prefill',
        version,
        output: { fields: Object.keys(values).length },
        seconds: (performance.now() - start) / 1000,
      },
    });
    forget(context, page.id);
    return [];
  },
} satisfies Record<Stage, Handler>;

/** Content hash and versions: what is stored once for a page, however often its jobs run. */
function effectOf(page: Page): string {
  const versions = Object.values(FLOW).map((step) => step.version);
  return `${page.id}:${page.imageHash}:${versions.join('.')}`;
}

function forget(context: Context, id: PageId) {
  context.decoded.delete(id);
  context.working.delete(id);
}
