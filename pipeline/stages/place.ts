import { z } from 'zod';
import { PageKind, type QualityProblem } from '../../models/books.ts';
import { Failure, FailureData } from '../../models/failures.ts';
import { type Form, isBlank, isChoice, itemsOf } from '../../models/forms/define.ts';
import { Area, areasOf, type Bounds } from '../forms/areas.ts';
import { snapEnds } from '../forms/label-ends.ts';
import { type FoundLabel, matchLabels, printedTexts } from '../forms/labels.ts';
import { type Layout, matchLayout } from '../forms/layout.ts';
import { kindByWords } from '../forms/page-kind.ts';
import { readPrintedRows } from '../forms/printed-rows.ts';
import { findTable } from '../forms/table.ts';
import { evenPaper } from '../image/gray.ts';
import { withoutLeaders } from '../image/leaders.ts';
import { findLetters } from '../image/letters.ts';
import { type VerticalRule, verticalRules } from '../image/rules.ts';
import { cut } from '../image/upright.ts';
import type { WorkingPage } from '../image/working.ts';
import type { Readers } from '../readers/fields.ts';
import type { LineReader } from '../readers/line/line.ts';
import { mapBoxes, type ReadLine } from '../readers/port.ts';

/** The stored result: where everything of the form lies, in pixels of the straightened sheet. */
export const Placement = z.object({
  form: z.string(),
  formVersion: z.number().int(),
  /**
   * Through a page of the same book that was placed before, by reading the labels, or `none`: then
   * there are no areas, and the page's record, if it makes one, is keyed by hand.
   */
  how: z.enum(['layout', 'labels', 'none']),
  kind: PageKind.default('entry'),
  /** Why nothing is to be read here. */
  reason: FailureData.optional(),
  /** Share of the printed labels found, 0 to 1. */
  score: z.number(),
  areas: z.array(Area),
});
export type Placement = z.infer<typeof Placement>;

/** A layout as remembered for the book; `half` is stored as an image beside it. */
export const LayoutLabels = z.array(
  z.object({
    item: z.number().int(),
    option: z.number().int(),
    text: z.string(),
    similarity: z.number(),
    box: z.object({ x0: z.number(), y0: z.number(), x1: z.number(), y1: z.number() }),
  }),
);

/** A page is taken as printed like a known one when this share of its labels stands in place. */
const LAYOUT_FOUND = 0.75;
const LAYOUT_CORRELATION = 0.62;
/** A form is recognised when this share of its labels' letters was read. */
const FORM_FOUND = 0.55;
/** Equal rows and the right number of columns speak for a table too. */
const TABLE_FOUND = 0.45;
/** The label of a margin column stands within this part of the page's height. */
const MARGIN_HEAD = 0.35;
/** Pieces of ink the size of letters: a blank sheet has fewer, whatever its stains and edges. */
const BLANK_LETTERS = 8;
/** A page of unknown print with more of them is an entry; covers and closing notes have fewer. */
const SPARSE_LETTERS = 260;

/**
 * Says what a page is, and finds the book's form on an entry: first where earlier pages of the book
 * had it, else by reading the page's labels.
 * @returns the placement, and when labels were read the layout to remember for the next pages.
 * @throws Failure `wrongForm` when another form of `forms` fits better
 */
export async function place(input: {
  readonly page: WorkingPage;
  readonly form: Form;
  /** All forms of known print, to tell a misfiled page from an unreadable one. */
  readonly forms: readonly Form[];
  readonly layouts: readonly Layout[];
  readonly readers: Readers;
  /** What is wrong with the scan. */
  readonly problems?: readonly QualityProblem[] | undefined;
  /** What a person says that the page is. */
  readonly said?: PageKind | undefined;
}): Promise<{ result: Placement; learned?: Layout }> {
  const { page, form, said } = input;
  if (said !== undefined && said !== 'entry') return { result: unplaced(form, said) };
  // What can be read on a poor scan is wrong too often, and sounds sure; a person may insist.
  const { problems = [] } = input;
  if (said === undefined && problems.length > 0) return { result: poor(form, problems) };

  if (form.table) return { result: await placeTable(page, form, input.readers, said) };
  for (const layout of input.layouts) {
    const match = matchLayout(layout, page.half);
    if (match.found < LAYOUT_FOUND || match.correlation < LAYOUT_CORRELATION) continue;
    const labels = await withMissing(page, form, match.labels, input.readers.lines);
    return { result: placed(form, labels, page, 'layout', match.found) };
  }

  const letters = findLetters(page.half, page.dpi / 2).list.length;
  if (said === undefined && letters < BLANK_LETTERS) return { result: unplaced(form, 'blank') };
  if (form.print === 'unknown' && (said || letters > SPARSE_LETTERS))
    return { result: unplaced(form, 'entry') };

  const bare = withoutLeaders(page.half, page.dpi / 2);
  const lines = await input.readers.print.read(bare, { shape: 'scattered' });
  if (form.print === 'unknown') return { result: unplaced(form, kindByWords(lines) ?? 'entry') };
  let own = matchLabels(form, lines);
  if (own.score < FORM_FOUND) {
    const other = input.forms
      .filter((f) => f.id !== form.id && !f.table)
      .map((f) => ({ form: f, score: matchLabels(f, lines).score }))
      .sort((a, b) => b.score - a.score)[0];
    if (other && other.score >= FORM_FOUND && other.score > own.score + 0.15 && !said)
      throw new Failure('wrongForm', other.form.id);
    const kind = said ?? kindByWords(lines) ?? 'other';
    return { result: unplaced(form, kind, own.score) };
  }
  const again = await readAround(page, form, own.found, input.readers.lines);
  if (again.length > 0) own = matchLabels(form, [...lines, ...beside(own.found, again)]);
  const labels = snapEnds(form, own.found, bare);
  return {
    result: placed(form, labels, page, 'labels', own.score),
    learned: { half: page.half, labels },
  };
}

/** A table's cells are found by its rules, on each page anew: that takes no label's picture. */
async function placeTable(
  page: WorkingPage,
  form: Form,
  readers: Readers,
  said: PageKind | undefined,
): Promise<Placement> {
  const letters = findLetters(page.half, page.dpi / 2).list.length;
  if (said === undefined && letters < BLANK_LETTERS) return unplaced(form, 'blank');
  const table = await findTable(page, form, readers.lines);
  if (table && table.score >= TABLE_FOUND) {
    const { id, version } = form;
    const { score, areas } = table;
    return {
      form: id,
      formVersion: version,
      how: 'labels',
      kind: 'entry',
      score,
      areas: [...areas],
    };
  }
  const bare = withoutLeaders(page.half, page.dpi / 2);
  const lines = await readers.print.read(bare, { shape: 'scattered' });
  return unplaced(form, said ?? kindByWords(lines) ?? 'other', table?.score);
}

/** A page that is not read because of its scan. */
function poor(form: Form, problems: readonly QualityProblem[]): Placement {
  const reason = new Failure('poorScan', problems.join(', ')).toData();
  return { ...unplaced(form, 'other'), reason };
}

/** A page of this kind without the places of the form's fields. */
function unplaced(form: Form, kind: PageKind, score = 0): Placement {
  const { id, version, print } = form;
  const reason =
    kind === 'blank'
      ? new Failure('blankPage')
      : kind === 'cover' || kind === 'closing'
        ? undefined
        : print === 'unknown'
          ? new Failure('printUnknown')
          : new Failure('notPlaced', `${Math.round(score * 100)} %`);
  return {
    form: id,
    formVersion: version,
    how: 'none',
    kind,
    ...(reason ? { reason: reason.toData() } : {}),
    score,
    areas: [],
  };
}

/**
 * A known layout's labels on this page and those that the layout lacks, which were unreadable where
 * it was learned: looked for on each page anew.
 */
async function withMissing(
  page: WorkingPage,
  form: Form,
  known: readonly FoundLabel[],
  reader: LineReader,
): Promise<readonly FoundLabel[]> {
  const lines = await readAround(page, form, known, reader);
  if (lines.length === 0) return known;
  const { found } = matchLabels(form, [...known.map(asLine), ...beside(known, lines)]);
  const fresh = found.filter((f) => !known.some((k) => isSame(k, f)));
  if (fresh.length === 0) return known;
  const all = [...known, ...fresh].sort((a, b) => a.item - b.item || a.option - b.option);
  const snapped = snapEnds(form, all, withoutLeaders(page.half, page.dpi / 2));
  return all.map((label, i) => (fresh.includes(label) ? snapped[i]! : label));
}

type Printed = Pick<FoundLabel, 'item' | 'option'>;
const isSame = (a: Printed, b: Printed) => a.item === b.item && a.option === b.option;

/** A label as if its letters had just been read where it stands. */
function asLine({ text, box }: FoundLabel): ReadLine {
  const each = (box.x1 - box.x0) / text.length;
  const glyphs = [...text].map((letter, i) => ({
    text: letter,
    belief: 1,
    box: { ...box, x0: box.x0 + i * each, x1: box.x0 + (i + 1) * each },
  }));
  return { box, words: [{ text, belief: 1, box, glyphs, choices: [] }] };
}

/**
 * Lines less the words that repeat labels found before: "Trang số" read twice would give the "Số"
 * that is sought a place in the middle of its neighbour.
 */
function beside(found: readonly FoundLabel[], lines: readonly ReadLine[]): ReadLine[] {
  const isFound = ({ x0, y0, x1, y1 }: ReadLine['box']) => {
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
    return found.some(
      ({ box, similarity }) =>
        similarity > 0 && x > box.x0 && x < box.x1 && y > box.y0 && y < box.y1,
    );
  };
  return lines.flatMap((line) => {
    const words = line.words.filter((w) => !isFound(w.box));
    return words.length > 0 ? [{ ...line, words }] : [];
  });
}

/**
 * Reads once more, at full size and row by row, where labels that were not found should stand:
 * between their neighbours in the order of the form.
 */
async function readAround(
  page: WorkingPage,
  form: Form,
  found: readonly FoundLabel[],
  reader: LineReader,
): Promise<ReadLine[]> {
  const { width, height } = page.half;
  const all = printedTexts(form);
  const known = (t: (typeof all)[number]) => found.find((f) => isSame(f, t));
  if (all.every(known)) return [];
  const texts = all.filter((t) => !t.margin);
  const strips = new Set<string>();
  for (const [i, text] of texts.entries()) {
    if (known(text)) continue;
    const before = texts.slice(0, i).reverse().map(known).find(Boolean);
    const after = texts
      .slice(i + 1)
      .map(known)
      .find(Boolean);
    const top = Math.max(0, (before?.box.y0 ?? 0) - 12);
    const bottom = Math.min(height, (after?.box.y1 ?? (before ? before.box.y1 + 90 : height)) + 12);
    if (bottom > top) strips.add(`${Math.round(top)}-${Math.round(bottom)}`);
  }
  const areas = [...strips].map((strip) => {
    const [top, bottom] = strip.split('-').map(Number) as [number, number];
    return { x: 0, y: top * 2, w: width * 2, h: (bottom - top) * 2 };
  });
  if (all.some((t) => t.margin && !known(t))) {
    const left = Math.max(width / 2, ...found.map((f) => f.box.x1 + 4));
    areas.push({ x: left * 2, y: 0, w: (width - left) * 2, h: height * 2 * MARGIN_HEAD });
  }
  const lines: ReadLine[] = [];
  for (const area of areas) {
    const image = withoutLeaders(evenPaper(cut(page.scan.ink, page.upright, area)), page.dpi);
    for (const line of await readPrintedRows(image, page.dpi, reader))
      lines.push(onHalf(line, area.x / 2, area.y / 2));
  }
  return lines;
}

/** A line read at full size with its corner at (left, top), in pixels of the half-size page. */
const onHalf = (line: ReadLine, left: number, top: number): ReadLine =>
  mapBoxes(line, ({ x0, y0, x1, y1 }) => ({
    x0: x0 / 2 + left,
    y0: y0 / 2 + top,
    x1: x1 / 2 + left,
    y1: y1 / 2 + top,
  }));

function placed(
  form: Form,
  labels: readonly FoundLabel[],
  page: WorkingPage,
  how: Placement['how'],
  score: number,
): Placement {
  const double = labels.map((l) => ({
    ...l,
    box: { x0: l.box.x0 * 2, y0: l.box.y0 * 2, x1: l.box.x1 * 2, y1: l.box.y1 * 2 },
  }));
  const bounds = boundsOf(form, double, verticalRules(page.half), page.upright);
  return {
    form: form.id,
    formVersion: form.version,
    how,
    kind: 'entry',
    score,
    areas: [...areasOf(form, double, bounds)],
  };
}

/** The writing is bounded by the rules of the frame; without them, by the labels and the sheet. */
function boundsOf(
  form: Form,
  labels: readonly FoundLabel[],
  rules: readonly VerticalRule[],
  sheet: { readonly width: number; readonly height: number },
): Bounds {
  const bodyItems = form.lines.flat().length;
  const body = labels.filter((l) => l.item < bodyItems);
  const marginLabel = labels.find((l) => l.item >= bodyItems);
  const left = Math.min(...body.map((l) => l.box.x0));
  const rightmost = Math.max(...body.map((l) => l.box.x1));
  const xs = rules.map((r) => r.x * 2).filter((x) => x > rightmost);
  const bottom = sheet.height * 0.98;
  const pad = sheet.width * 0.004;
  if (form.margin.length > 0) {
    const start = marginLabel
      ? (xs.filter((x) => x < marginLabel.box.x0).pop() ?? marginLabel.box.x0 - pad * 3)
      : (xs[0] ?? sheet.width * 0.8);
    const end = xs.find((x) => x > start + sheet.width * 0.05) ?? sheet.width * 0.97;
    return {
      left,
      right: start - pad,
      bottom,
      margin: { left: start + pad, right: end - pad },
    };
  }
  return { left, right: (xs[0] ?? sheet.width * 0.95) - pad, bottom };
}

/** The items of the form that have a place, and those that have none. */
export function missingItems(form: Form, areas: readonly Area[]): number[] {
  const there = new Set(areas.map((a) => a.item));
  return itemsOf(form).flatMap((item, i) =>
    (isBlank(item) || isChoice(item)) && !there.has(i) ? [i] : [],
  );
}
