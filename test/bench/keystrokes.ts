import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { buildApp } from '../../api/app.ts';
import type { FormField } from '../../api/contract.ts';
import { hashPassword } from '../../api/passwords.ts';
import { wireForm } from '../../api/wire.ts';
import type { Book } from '../../models/books.ts';
import { formOf } from '../../models/forms/registry.ts';
import { fold, tidy } from '../../models/text.ts';
import { makeScratch } from '../../pipeline/database/scratch.ts';
import { readSettings } from '../../pipeline/settings.ts';
import { openSystem, type System } from '../../pipeline/system.ts';
import type { TruthField, TruthPage } from '../../samples/truth.ts';
import { asTaken } from '../../web/record/typed.ts';
import { processFiles } from '../../workers/process-files.ts';
import { hasBrowser, openBrowser, signIn, visit } from '../web/browser.ts';
import { buildWebForTest } from '../web/build.ts';
import { type DrawnBook, drawnBooks, REPORTED } from './books.ts';
import { quantile, table } from './table.ts';
import { telex } from './telex.ts';

const USAGE = `usage: npx tsx test/bench/keystrokes.ts [options]

Drives the keying screen in Chromium as a clerk does who makes no mistake, over drawn books that
went through the pipeline, and counts every key, confirmations included (a chord as all its keys).

  --records N   records for each ink, prefilled and not    (50)
  --forms LIST  of these forms only                        (all that are measured)
  --ink LIST    typed, hand                                (typed,hand)
  --prefill on  only with prefill`;

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '50' },
    forms: { type: 'string', default: '' },
    ink: { type: 'string', default: 'typed,hand' },
    prefill: { type: 'string', default: 'on,off' },
    help: { type: 'boolean', default: false },
  },
});

const PASSWORD = 'chỉ để đo, không ai dùng';
/** The screen takes no key that nobody could have meant for it (`use-settled.ts`). */
const SETTLED_MS = 320;
/** Letters after which a clerk looks whether the list has it. */
const LOOKS = [1, 2, 3, 5, 8];

/** What a run of records cost. */
interface Cost {
  records: number;
  keys: number;
  /** Typing everything with Tab between fields. */
  plain: number;
  fields: number;
  /** Milliseconds from the last key of a record until the next one can be answered. */
  readonly went: number[];
}

const wantedText = (truth: TruthField) => (truth.state === 'blank' ? '' : tidy(truth.text ?? ''));

/** Typing a page in Telex, Tab after each field. */
const plainCost = (page: TruthPage) =>
  Object.values(page.fields).reduce((sum, f) => sum + telex(wantedText(f)) + 1, 0);

interface Seen {
  readonly key: string;
  readonly text: string;
  /** `written`, `blank` … as far as the screen tells; `open` without an answer. */
  readonly state: string;
  readonly chips: readonly string[];
  readonly previous: string | undefined;
}

/** What the clerk sees at the active field; undefined when no field is active. */
function seen(page: Page): Promise<Seen | undefined> {
  return page.evaluate(() => {
    const input = document.activeElement;
    const row = input?.closest<HTMLElement>('.row.active[data-field]');
    if (!row || !(input instanceof HTMLTextAreaElement)) return undefined;
    const state = input.classList.contains('struck')
      ? 'struckOut'
      : input.value !== ''
        ? 'written'
        : input.placeholder === '(để trống)'
          ? 'blank'
          : 'open';
    const after = (element: Element) => element.textContent?.replace(/^\s*\S+\s/, '') ?? '';
    const previous = row.querySelector('.chip.previous');
    return {
      key: row.dataset.field!,
      text: input.value,
      state,
      chips: [...row.querySelectorAll('.chips .chip')].map(after),
      ...(previous ? { previous: after(previous) } : { previous: undefined }),
    };
  });
}

const isRight = (now: { state: string; text: string }, truth: TruthField) =>
  now.state === truth.state && tidy(now.text) === wantedText(truth);

/** One record in front of a clerk who knows what stands on the page. */
class Clerk {
  keys = 0;
  readonly page: Page;
  private readonly truth: TruthPage;
  private readonly fields: ReadonlyMap<string, FormField>;
  /** What this clerk has written in the book: it may be offered again. */
  private readonly known: Set<string>;

  constructor(
    page: Page,
    truth: TruthPage,
    fields: ReadonlyMap<string, FormField>,
    known: Set<string>,
  ) {
    this.page = page;
    this.truth = truth;
    this.fields = fields;
    this.known = known;
  }

  async press(chord: string): Promise<void> {
    this.keys += chord.split('+').length;
    await this.page.keyboard.press(chord);
  }

  /** Types as an input method would give it, counting the keys of Telex. */
  async type(text: string, keys = telex(text)): Promise<void> {
    this.keys += keys;
    await this.page.keyboard.insertText(text);
  }

  private async waitForOther(key: string): Promise<void> {
    await this.page.waitForFunction(
      (old) => document.activeElement?.closest('[data-field]')?.getAttribute('data-field') !== old,
      key,
      { polling: 20 },
    );
  }

  /** Answers the active field in the cheapest way that the screen offers. */
  async answer(now: Seen): Promise<void> {
    const truth = this.truth.fields[now.key];
    const key = now.key;
    if (!truth || isRight(now, truth)) await this.press('Enter');
    else if (truth.state === 'blank') await this.press('Control+b');
    else if (!(await this.choose(now, truth))) {
      await this.write(now, truth);
      await this.press(truth.state === 'struckOut' ? 'Control+k' : 'Enter');
    }
    if (truth?.text) this.known.add(tidy(truth.text));
    await this.waitForOther(key);
  }

  /** Takes a reading, an item of a list or the record before; false when none is right. */
  private async choose(now: Seen, truth: TruthField): Promise<boolean> {
    if (truth.state !== 'written') return false;
    const wanted = wantedText(truth);
    const at = now.chips.findIndex((c) => tidy(c) === wanted);
    if (at >= 0) {
      await this.press(`Alt+${at + 1}`);
      return true;
    }
    if (now.previous !== undefined && tidy(now.previous) === wanted) {
      await this.press('F4');
      return true;
    }
    const field = this.fields.get(now.key);
    const offered = field?.list !== undefined || this.known.has(wanted);
    if (!offered || this.editing(now, wanted).keys <= 4) return false;
    const letters = fold(wanted);
    let typed = '';
    for (const length of LOOKS.filter((n) => n < letters.length)) {
      const more = letters.slice(typed.length, length);
      typed += more;
      await this.type(more, more.length);
      await this.page.waitForTimeout(field?.group === 'place' ? 350 : 60);
      const chips = (await seen(this.page))?.chips ?? [];
      const found = chips.findIndex((c) => tidy(c) === wanted);
      if (found < 0) continue;
      await this.press(`Alt+${found + 1}`);
      return true;
    }
    await this.press('Control+a');
    return false;
  }

  /** What putting the text right costs: the wrong part between what is right on both sides. */
  private editing(now: Seen, wanted: string) {
    const have = [...now.text];
    const want = [...wanted];
    let head = 0;
    while (head < have.length && have[head] === want[head]) head++;
    let tail = 0;
    while (
      tail < Math.min(have.length, want.length) - head &&
      have[have.length - 1 - tail] === want[want.length - 1 - tail]
    )
      tail++;
    const middle = want.slice(head, want.length - tail).join('');
    const drop = have.length - head - tail;
    return {
      head,
      tail,
      middle,
      drop,
      keys: 1 + Math.min(tail, head + drop) + drop + telex(middle),
    };
  }

  private async write(now: Seen, truth: TruthField): Promise<void> {
    const wanted = wantedText(truth);
    const field = this.fields.get(now.key);
    // Bare digits and small letters, where the screen makes of them what is wanted.
    const short = [wanted.replaceAll('.', ''), wanted.toLowerCase()].find(
      (t) =>
        field &&
        t !== wanted &&
        asTaken(field, t, {
          state: 'written',
          text: now.text,
          evidence: { source: 'reader', candidates: [], rules: [] },
        }) === wanted,
    );
    const whole = telex(short ?? wanted);
    const edit = this.editing(now, wanted);
    if (now.text === '' || whole <= edit.keys) return this.type(short ?? wanted, whole);
    // All of the text is selected; an arrow leaves the selection at that end.
    const fromEnd = edit.tail <= edit.head + edit.drop;
    await this.press(fromEnd ? 'ArrowRight' : 'ArrowLeft');
    for (let i = 0; i < (fromEnd ? edit.tail : edit.head + edit.drop); i++)
      await this.press(fromEnd ? 'ArrowLeft' : 'ArrowRight');
    for (let i = 0; i < edit.drop; i++) await this.press('Backspace');
    await this.type(edit.middle);
  }

  /** Puts right what the machine was sure of and wrong about, as the group shows it. */
  private async fixInGroup(): Promise<boolean> {
    const cards = await this.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.card[data-field]')].map((card) => {
        const value = card.querySelector('.card-value');
        const text = value?.textContent ?? '';
        const struck = value?.querySelector('s')?.textContent;
        return {
          key: card.dataset.field!,
          text: struck ?? (text === '(để trống)' ? '' : text),
          state: struck ? 'struckOut' : text === '(để trống)' ? 'blank' : 'written',
        };
      }),
    );
    const wrong = cards.findIndex((c) => {
      const truth = this.truth.fields[c.key];
      return truth && !isRight(c, truth);
    });
    if (wrong < 0) return false;
    const down = wrong + 1;
    const up = cards.length - wrong;
    for (let i = 0; i < Math.min(down, up); i++)
      await this.press(down <= up ? 'ArrowDown' : 'ArrowUp');
    await this.press('Enter');
    await this.page.locator(`.row.active[data-field="${cards[wrong]!.key}"]`).waitFor();
    await this.page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    // The caret stands in the text: it is selected first.
    await this.press('Control+a');
    await this.answer((await seen(this.page))!);
    return true;
  }

  /** Keys the record to its end; the next one is on the screen then, or the book. */
  async key(): Promise<void> {
    await this.page.waitForTimeout(SETTLED_MS);
    const started = this.page.url();
    for (let now = await seen(this.page); now; now = await seen(this.page)) await this.answer(now);
    for (;;) {
      await startClock(this.page);
      await this.press('Control+Enter');
      await this.page.waitForFunction(
        (old) => document.querySelector('#confirm-title') !== null || window.location.href !== old,
        started,
        { polling: 20 },
      );
      if (this.page.url() !== started) return;
      if (await this.fixInGroup()) continue;
      while (this.page.url() === started) {
        await this.page.waitForFunction(
          (old) =>
            window.location.href !== old ||
            /^(Xem tiếp|Đúng cả)/.test(document.activeElement?.textContent ?? ''),
          started,
          { polling: 20 },
        );
        if (this.page.url() !== started) return;
        await startClock(this.page);
        await this.press('Enter');
        await this.page.waitForTimeout(30);
      }
      return;
    }
  }
}

/** Begins to time: until another record's field has the focus, its crop and its page are drawn. */
function startClock(page: Page): Promise<void> {
  return page.evaluate(() => {
    const from = window.location.hash;
    const went = window as unknown as { went?: number };
    delete went.went;
    window.addEventListener(
      'keydown',
      () => {
        const start = performance.now();
        const look = () => {
          const crop = document.querySelector<HTMLImageElement>('.row.active .crop');
          const focus = document.activeElement;
          const ready =
            window.location.hash !== from &&
            document.querySelector('.page-frame .mark-box, .page-frame canvas') &&
            (focus?.closest('.row.active') ? crop?.naturalWidth : focus?.closest('.foot'));
          if (ready) went.went = performance.now() - start;
          else requestAnimationFrame(look);
        };
        look();
      },
      { once: true, capture: true },
    );
  });
}

const stopClock = (page: Page) =>
  page
    .waitForFunction(() => (window as unknown as { went?: number }).went, undefined, {
      timeout: 10_000,
    })
    .then((handle) => handle.jsonValue())
    .catch(() => undefined);

/** Waits until nothing has been asked for a second, the events that never end left out. */
function watchLine(page: Page): () => Promise<void> {
  const open = new Set<unknown>();
  let last = performance.now();
  page.on('request', (request) => {
    if (request.url().endsWith('/events')) return;
    open.add(request);
    last = performance.now();
  });
  const ended = (request: unknown) => {
    open.delete(request);
    last = performance.now();
  };
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  return async () => {
    const limit = performance.now() + 30_000;
    while (performance.now() < limit && (open.size > 0 || performance.now() - last < 1000))
      await page.waitForTimeout(50);
  };
}

/** The same pages in a book of their own, placed but without a value of the machine. */
async function withoutPrefill({ store }: System, book: Book, seed: string): Promise<Book> {
  const { id: _, register: __, formVersion: ___, createdAt: ____, ...cover } = book;
  const bare = await store.books.create(cover);
  const pages = await store.pages.ofBook(book.id);
  const { document } = await store.documents.create({
    bookId: bare.id,
    name: 'bare.pdf',
    bytes: 1,
    sha256: createHash('sha256').update(seed).digest('hex'),
    blobKey: `documents/${seed}.pdf`,
  });
  await store.documents.markSplit(document.id, pages);
  const copies = await store.pages.ofDocument(document.id);
  const values = new Map<number, object>();
  for await (const record of store.records.forExport(book.id, ['prefilled']))
    values.set(
      record.pages[0]!.index,
      Object.fromEntries(
        Object.entries(record.values).filter(([, v]) => v.evidence.source === 'book'),
      ),
    );
  for (const [i, copy] of copies.entries()) {
    const outputs = await store.pages.outputs(pages[i]!.id);
    for (const stage of ['straighten', 'place', 'read'] as const)
      await store.pages.finish(copy.id, { stage, version: 1, output: outputs[stage], seconds: 0 });
    await store.records.createPrefilled({
      bookId: bare.id,
      pages: [{ pageId: copy.id, box: { x: 0, y: 0, w: 1, h: 1 } }],
      values: (values.get(copy.index) ?? {}) as never,
      effect: `bare:${copy.id}`,
      finish: { pageId: copy.id, stage: 'prefill', version: 1, output: {}, seconds: 0 },
    });
  }
  return bare;
}

/** Keys up to `most` records of a book. */
async function keyBook(
  system: System,
  page: Page,
  book: Book,
  drawn: DrawnBook,
  most: number,
  cost: Cost,
  quiet: () => Promise<void>,
): Promise<void> {
  const fields = new Map(wireForm(formOf(book.form)).fields.map((f) => [f.key, f]));
  const { items } = await system.store.records.list({ bookId: book.id, limit: most });
  const [first] = items;
  if (!first) return;
  const known = new Set<string>();
  await page.evaluate((id) => {
    window.location.hash = `#/records/${id}`;
  }, first.id);
  for (const [i, item] of items.entries()) {
    await page.waitForURL(`**/#/records/${item.id}`);
    // The first field that needs a look, or nothing does and the end of the record has the focus.
    await page.locator('.panel-fields :is(textarea, button):focus').waitFor();
    // A person takes longer to read a page than the next one takes to be fetched.
    await quiet();
    const truth = drawn.truth.pages.find((p) => p.index === item.pages[0]!.index)!;
    const clerk = new Clerk(page, truth, fields, known);
    await clerk.key();
    const went = i + 1 < items.length ? await stopClock(page) : undefined;
    if (went !== undefined) cost.went.push(went);
    cost.records += 1;
    cost.keys += clerk.keys;
    cost.plain += plainCost(truth);
    cost.fields += Object.keys(truth.fields).length;
    process.stderr.write(`${book.form} ${i + 1}: ${clerk.keys} of ${plainCost(truth)}\n`);
  }
}

async function main(): Promise<void> {
  if (options.help) return void console.log(USAGE);
  if (!hasBrowser()) return;
  const wanted = Number(options.records);
  const scratch = await makeScratch();
  const web = await buildWebForTest();
  const system = await openSystem(readSettings({ DATA_DIR: scratch.dataDir }), { server: 'own' });
  const app = await buildApp(system, {
    web: web.folder,
    signInTries: { address: 1000, login: 1000 },
  });
  const browser = await openBrowser();
  try {
    const unit = await system.store.organisations.create({ name: 'Đo', kind: 'digitisingUnit' });
    await system.store.people.create({
      organisationId: unit.id,
      login: 'do',
      name: 'Người Đo',
      roles: ['keyer'],
      passwordHash: await hashPassword(PASSWORD),
    });
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    const { page } = await visit(browser, address);
    const quiet = watchLine(page);
    await signIn(page, 'do', PASSWORD);
    // Compiled functions name themselves by it, also those that run in the page.
    await page.evaluate('globalThis.__name = (run) => run');
    const rows: string[][] = [];
    const went: number[] = [];
    for (const ink of options.ink.split(',') as ('typed' | 'hand')[]) {
      const all = await drawnBooks(REPORTED, ink, ink === 'typed' ? 9 : 4);
      const books = all.filter(
        (b) => options.forms === '' || options.forms.split(',').includes(b.truth.form),
      );
      // At least two of a book: going on from one to the next is timed.
      const each = Math.max(2, Math.ceil(wanted / books.length));
      const used = books.slice(0, Math.ceil(wanted / each));
      const { books: done } = await processFiles(system, {
        files: used.map(({ pdf, truth }) => ({ file: pdf, book: truth.book })),
        processes: 2,
      });
      for (const prefill of options.prefill === 'on' ? [true] : [true, false]) {
        const cost: Cost = { records: 0, keys: 0, plain: 0, fields: 0, went };
        for (const [i, { book }] of done.entries()) {
          const target = prefill ? book : await withoutPrefill(system, book, `${ink}${i}`);
          await keyBook(system, page, target, used[i]!, each, cost, quiet);
        }
        rows.push([
          ink,
          prefill ? 'on' : 'off',
          String(cost.records),
          (cost.fields / cost.records).toFixed(1),
          (cost.keys / cost.records).toFixed(1),
          (cost.plain / cost.records).toFixed(1),
          (cost.keys / cost.plain).toFixed(3),
        ]);
      }
    }
    table(
      ['ink', 'prefill', 'records', 'fields a record', 'keys a record', 'typing all', 'ratio'],
      rows,
    );
    console.log(
      `From the last key of a record to the next one ready, ${went.length} times: median ${quantile(went, 0.5).toFixed(0)} ms, p95 ${quantile(went, 0.95).toFixed(0)} ms.`,
    );
  } finally {
    await browser.close();
    await app.close();
    await system.close();
    await web.remove();
    await scratch.remove();
  }
}

await main();
