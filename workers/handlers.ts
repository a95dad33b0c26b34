import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { makesRecord, type Page, type PageVerdict } from '../models/books.ts';
import { formOf, PRINTED } from '../models/forms/registry.ts';
import { type Box, union } from '../models/geometry.ts';
import type { DocumentId, PageId } from '../models/ids.ts';
import { registerOf } from '../models/registers/registry.ts';
import { type Job, type Stage, stageAfter } from '../models/stages.ts';
import type { StageResult } from '../models/store/pages.ts';
import { FLOW } from '../pipeline/flow.ts';
import type { Layout } from '../pipeline/forms/layout.ts';
import { Pause } from '../pipeline/queue/port.ts';
import { Placement, place } from '../pipeline/stages/place.ts';
import { prefill } from '../pipeline/stages/prefill.ts';
import { nothingRead, read } from '../pipeline/stages/read.ts';
import { ofEntry, Readings } from '../pipeline/stages/reading.ts';
import { straighten } from '../pipeline/stages/straighten.ts';
import { verdictOfReadings } from '../pipeline/stages/verdict.ts';
import { approvedOf, bookOf, type Context, layoutsOf, workingPage } from './context.ts';
import type { Handler } from './handler.ts';
import { splitDocument } from './split-document.ts';

/** The job of the stage after `stage` for the same page. */
function following(stage: Stage, id: string, attempt: number): Job[] {
  const next = stageAfter(stage);
  return next ? [{ stage: next, id, attempt }] : [];
}

/** What a stage gives: its output, and what it found out about the page as such. */
type Found = { readonly output: object } & Pick<
  StageResult,
  'verdict' | 'quality' | 'shown' | 'more'
>;

/** Loads the page, runs `work` on it, stores what it found and names what follows. */
function pageStage(
  stage: Stage,
  work: (context: Context, page: Page) => Promise<Found | Pause>,
): Handler {
  return async (context, { id, attempt }) => {
    const { store } = context.system;
    const page = await store.pages.begin(id, stage, attempt);
    if (!page) return [];
    const start = performance.now();
    const found = await work(context, page);
    if (found instanceof Pause) {
      await store.pages.putOff(page.id, stage, attempt);
      return found;
    }
    const seconds = (performance.now() - start) / 1000;
    const { version } = FLOW[stage];
    const result = { stage, version, run: attempt, ...found, seconds };
    // Another worker was faster, or a person has spoken meanwhile: theirs goes on.
    if (!(await store.pages.finish(page.id, result))) return [];
    if (found.verdict && !makesRecord(said(page, found.verdict))) {
      forget(context, page.id);
      return [];
    }
    const jobs = following(stage, id, attempt);
    return found.more ? [...jobs, ...(await store.pages.rightOf(page.id))] : jobs;
  };
}

/** The page with the machine's verdict, over which a person's word goes. */
function said(page: Page, { kind }: PageVerdict): Pick<Page, 'kind' | 'kindBy' | 'excluded'> {
  return page.kindBy === 'person' ? page : { ...page, kind, kindBy: 'machine' };
}

/** Places the page and keeps the layout that it teaches, if any. */
async function placePage(context: Context, page: Page, layouts: Layout[]): Promise<Found> {
  const { store, blobs } = context.system;
  const outputs = await store.pages.outputs(page.id);
  const book = await bookOf(context, page.bookId);
  const { result, learned } = await place({
    page: await workingPage(context, page, outputs.straighten),
    form: formOf(book.form),
    forms: PRINTED,
    layouts,
    problems: page.quality?.problems,
    said: page.kindBy === 'person' ? page.kind : undefined,
    readers: context.readers,
  });
  if (learned) {
    const { data, width, height } = learned.half;
    const image = await sharp(data, { raw: { width, height, channels: 1 } })
      .webp({ quality: 80, effort: 1 })
      .toBuffer();
    const blobKey = `${contentKey('layouts', image)}.webp`;
    await blobs.put(blobKey, image);
    await store.layouts.add(page.bookId, { form: book.form, data: learned.labels, blobKey });
  }
  const { kind, reason } = result;
  return { output: result, verdict: { kind, reason } };
}

/** So long a page waits for the first of its book; other books' pages go ahead meanwhile. */
const LEARNING_MS = 500;

/** One handler a stage; the compiler points at a missing one. */
export const HANDLERS = {
  split: (context, { id, attempt }) => splitDocument(context, id as DocumentId, attempt),

  straighten: pageStage('straighten', async (context, page) => {
    const { blobs, settings, store } = context.system;
    if (await store.layouts.isBeingLearned(page.bookId)) return new Pause(LEARNING_MS);
    const { form } = await bookOf(context, page.bookId);
    const { result, quality, scan, image, more } = await straighten({
      image: await blobs.get(page.imageKey),
      quarterTurns: page.quarterTurns,
      maxPixels: settings.pageMaxPixels,
      dpi: page.dpi,
      paper: formOf(form).paper,
      part: page.part,
    });
    context.decoded.set(page.id, Promise.resolve(scan));
    const { upright, dpi } = result;
    const shown = { quarterTurns: upright.quarterTurns, dpi };
    if (!image) return { output: result, quality, shown, more };
    const imageKey = contentKey('sheets', image);
    await blobs.put(imageKey, image);
    return { output: { ...result, imageKey }, quality, shown: { ...shown, imageKey }, more };
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
    const form = formOf(placement.form);
    const readings =
      placement.how === 'none'
        ? nothingRead(form, context.readers)
        : await read({
            page: await workingPage(context, page, outputs.straighten),
            placement,
            form,
            register: registerOf(form.register),
            readers: context.readers,
            approved: await approvedOf(context, await bookOf(context, page.bookId)),
          });
    return { output: readings, verdict: verdictOfReadings(placement, readings) };
  }),

  prefill: async (context, { id, attempt }) => {
    const { store } = context.system;
    const page = await store.pages.begin(id, 'prefill', attempt);
    if (!page) return [];
    const start = performance.now();
    const outputs = await store.pages.outputs(page.id);
    const book = await bookOf(context, page.bookId);
    const readings = Readings.parse(outputs.read);
    const placement = Placement.parse(outputs.place);
    const form = formOf(book.form);
    const { version } = FLOW.prefill;
    // A page of several entries has a record for each that is written, or that nobody could find.
    const several = form.entriesPerPage > 1;
    const numbers = several
      ? Array.from({ length: form.entriesPerPage }, (_, i) => i).filter(
          (i) => placement.how === 'none' || isWritten(readings, i),
        )
      : [page.part];
    const entries = numbers.map((entry) => {
      const own = several ? ofEntry(readings, entry) : readings;
      return {
        bookId: page.bookId,
        entry,
        pages: [{ pageId: page.id, box: several ? boxOf(own, entry) : WHOLE }],
        values: prefill({
          readings: own,
          form,
          register: registerOf(book.register),
          book,
          pageId: page.id,
        }),
        effect: effectOf(page, outputs.place),
      };
    });
    await store.records.prefillPage({
      entries,
      finish: {
        pageId: page.id,
        stage: 'prefill',
        version,
        run: attempt,
        output: { records: entries.length },
        seconds: (performance.now() - start) / 1000,
      },
    });
    forget(context, page.id);
    return [];
  },
} satisfies Record<Stage, Handler>;

const WHOLE: Box = { x: 0, y: 0, w: 1, h: 1 };

/** Whether anything stands in the cells of an entry of a table. */
const isWritten = (readings: Readings, entry: number): boolean =>
  readings.blanks.some((b) => b.entry === entry && b.state !== 'blank');

/** The part of the page that an entry takes: its cells, from edge to edge. */
function boxOf({ blanks }: Readings, entry: number): Box {
  const cells = union(blanks.filter((b) => b.entry === entry).map((b) => b.box));
  return cells ? { ...WHOLE, y: cells.y, h: cells.h } : WHOLE;
}

/** Named by its content: what is cut out of one image differs with paper, turning and resolution. */
function contentKey(folder: string, content: Uint8Array): string {
  const hash = createHash('sha256').update(content).digest('hex');
  return `${folder}/${hash.slice(0, 2)}/${hash}`;
}

/**
 * Content hash, versions and placement: what is stored once for a page, however often its jobs run.
 * The placement may change while they stay: a later page teaches a layout, a person says the kind.
 */
function effectOf(page: Page, placement: unknown): string {
  const versions = Object.values(FLOW).map((step) => step.version);
  const placed = createHash('sha256').update(JSON.stringify(placement)).digest('hex').slice(0, 16);
  return `${page.id}:${page.imageHash}:${versions.join('.')}:${placed}`;
}

function forget(context: Context, id: PageId) {
  context.decoded.delete(id);
  context.working.delete(id);
}
