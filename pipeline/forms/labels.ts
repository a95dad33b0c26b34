import type { Form, FormItem } from '../../models/forms/define.ts';
import { isChoice, isLabel, itemsOf } from '../../models/forms/define.ts';
import { fold } from '../../models/text.ts';
import { around, type ReadBox, type ReadLine } from '../readers/port.ts';

/** A printed text of the form found on the page; `item` counts in {@link itemsOf}'s order. */
export interface FoundLabel {
  readonly item: number;
  /** Which option of a choice; 0 for labels. */
  readonly option: number;
  readonly text: string;
  readonly similarity: number;
  /** Pixels of the image that was read. */
  readonly box: ReadBox;
}

/** Everything that the form prints, in reading order. */
export function printedTexts(
  form: Form,
): readonly { item: number; option: number; texts: readonly string[]; margin: boolean }[] {
  const bodyItems = form.lines.flat().length;
  return itemsOf(form).flatMap((item: FormItem, at) => {
    const margin = at >= bodyItems;
    if (isLabel(item))
      return [{ item: at, option: 0, texts: [item.label, ...item.variants], margin }];
    if (isChoice(item))
      return item.options.map((o, option) => ({ item: at, option, texts: [o.text], margin }));
    return [];
  });
}

/** What texts are compared by: letters without case and marks, and digits. */
export const lettersOf = (text: string) => fold(text).replace(/[^a-z0-9]/g, '');

interface Chars {
  readonly text: string;
  readonly boxes: readonly ReadBox[];
  readonly box: ReadBox;
}

/**
 * A line as folded letters and digits, each with its box: blanks and punctuation are too unsure to
 * match on. A sign behind a letter of the same word, as the colon of a label, widens its box.
 */
function charsOf(line: ReadLine): Chars {
  let text = '';
  const boxes: ReadBox[] = [];
  for (const word of line.words) {
    let inWord = false;
    let opening: number | undefined;
    for (const glyph of word.glyphs) {
      const letters = lettersOf(glyph.text);
      const last = boxes[boxes.length - 1];
      // One sign and no more: behind a colon the dots of the leader begin.
      const near = last && glyph.box.x0 - last.x1 < (last.y1 - last.y0) * 0.5;
      if (letters === '' && inWord && near && /^[:),.;]$/.test(glyph.text)) {
        boxes[boxes.length - 1] = { ...last, x1: Math.max(last.x1, glyph.box.x1) };
        inWord = false;
      }
      if (letters === '' && !inWord) opening ??= glyph.box.x0;
      for (const letter of letters) {
        text += letter;
        boxes.push(opening === undefined ? glyph.box : { ...glyph.box, x0: opening });
        opening = undefined;
        inWord = true;
      }
    }
  }
  return { text, boxes, box: line.box };
}

interface Hit {
  readonly line: number;
  /** The wording that was found. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly similarity: number;
}

/** Best approximate occurrences of `pattern` in `text` (Sellers' algorithm): [from, to) and edits. */
export function occurrences(text: string, pattern: string, maxEdits: number) {
  const m = pattern.length;
  let cost = Array.from({ length: m + 1 }, (_, i) => i);
  let start = new Array<number>(m + 1).fill(0);
  const ends: { from: number; to: number; edits: number }[] = [];
  for (let j = 1; j <= text.length; j++) {
    const nextCost = [0];
    const nextStart = [j];
    for (let i = 1; i <= m; i++) {
      const replace = cost[i - 1]! + (pattern[i - 1] === text[j - 1] ? 0 : 1);
      const insert = cost[i]! + 1;
      const remove = nextCost[i - 1]! + 1;
      const least = Math.min(replace, insert, remove);
      nextCost.push(least);
      nextStart.push(
        least === replace ? start[i - 1]! : least === insert ? start[i]! : nextStart[i - 1]!,
      );
    }
    cost = nextCost;
    start = nextStart;
    if (cost[m]! <= maxEdits) ends.push({ from: start[m]!, to: j, edits: cost[m]! });
  }
  // Of overlapping ends only the best is an occurrence.
  return ends.filter(
    (e) =>
      !ends.some(
        (o) =>
          o !== e &&
          o.from < e.to &&
          e.from < o.to &&
          (o.edits < e.edits || (o.edits === e.edits && o.to < e.to)),
      ),
  );
}

/**
 * Matches a form's printed texts with what was read on the page: the assignment in reading order
 * with the most matched letters. Texts that were not read are absent from the result.
 */
export function matchLabels(
  form: Form,
  lines: readonly ReadLine[],
): { readonly found: readonly FoundLabel[]; readonly score: number } {
  const read = lines
    .map(charsOf)
    .filter((l) => l.text.length > 0)
    .sort((a, b) => (a.box.y0 + a.box.y1 - b.box.y0 - b.box.y1) / 2);
  const rows = rowsOf(read);
  const wanted = printedTexts(form);
  const body = wanted.filter((w) => !w.margin);
  const found: FoundLabel[] = [];

  // Best chain: state = place in reading order, value = letters matched so far.
  interface State {
    readonly place: number;
    readonly value: number;
    readonly hits: readonly { w: (typeof body)[number]; hit: Hit; line: Chars }[];
  }
  let states: State[] = [{ place: -1, value: 0, hits: [] }];
  const order = rows.flat();
  const offset = new Map<Chars, number>();
  let length = 0;
  for (const line of order) {
    offset.set(line, length);
    length += line.text.length;
  }
  for (const w of body) {
    const hits = hitsOf(w.texts, order);
    const next: State[] = [...states];
    for (const hit of hits) {
      const line = order[hit.line]!;
      const place = offset.get(line)! + hit.from;
      const end = offset.get(line)! + hit.to - 1;
      let best: State | undefined;
      for (const s of states) if (s.place < place && (!best || s.value > best.value)) best = s;
      if (!best) continue;
      const letters = hit.to - hit.from;
      next.push({
        place: end,
        value: best.value + letters * (hit.similarity - 0.45),
        hits: [...best.hits, { w, hit, line }],
      });
    }
    // Keep only states that are not beaten by an earlier place with at least their value.
    next.sort((a, b) => a.place - b.place || b.value - a.value);
    states = [];
    let top = -1;
    for (const s of next) {
      if (s.value <= top) continue;
      states.push(s);
      top = s.value;
    }
  }
  const winner = states[states.length - 1]!;
  for (const { w, hit, line } of winner.hits) found.push(toLabel(w, hit, line));

  // The margin stands right of the whole body, so its order says nothing: take the best occurrence.
  const edge = Math.max(0, ...found.map((f) => f.box.x1));
  for (const w of wanted.filter((x) => x.margin)) {
    const hits = hitsOf(w.texts, order).sort((a, b) => b.similarity - a.similarity);
    const free = hits.find((h) => {
      const box = boxOf(order[h.line]!, h);
      return (
        box.x0 > edge &&
        !found.some((f) => f.box.y0 < box.y1 && box.y0 < f.box.y1 && f.box.x1 > edge)
      );
    });
    if (free) found.push(toLabel(w, free, order[free.line]!));
  }

  found.push(...missingOptions(form, found));

  const all = body.reduce((sum, w) => sum + fold(w.texts[0]!).length, 0);
  const got = winner.hits.reduce(
    (sum, h) => sum + fold(h.w.texts[0]!).length * h.hit.similarity,
    0,
  );
  return { found: found.sort((a, b) => a.item - b.item || a.option - b.option), score: got / all };
}

/**
 * Options of a choice that were not read because they are struck through: they stand beside those
 * that were, as wide as their letters, a sign between.
 */
function missingOptions(form: Form, found: readonly FoundLabel[]): FoundLabel[] {
  return itemsOf(form).flatMap((item, at) => {
    if (!isChoice(item) || item.mark !== 'strike') return [];
    const known = found.filter((f) => f.item === at);
    const [first] = known;
    if (!first || known.length === item.options.length) return [];
    const letter = (first.box.x1 - first.box.x0) / first.text.length;
    const widthTo = (from: number, to: number) =>
      item.options.slice(from, to).reduce((sum, o) => sum + (o.text.length + 1) * letter, 0);
    return item.options.flatMap(({ text }, option) => {
      if (known.some((k) => k.option === option)) return [];
      const x0 =
        option > first.option
          ? first.box.x0 + widthTo(first.option, option)
          : first.box.x0 - widthTo(option, first.option);
      const box = { ...first.box, x0, x1: x0 + text.length * letter };
      return [{ item: at, option, text, similarity: 0, box }];
    });
  });
}

/** Lines whose middles lie at one height form a row, left to right. */
function rowsOf(lines: readonly Chars[]): Chars[][] {
  const rows: Chars[][] = [];
  for (const line of lines) {
    const mid = (line.box.y0 + line.box.y1) / 2;
    const row = rows[rows.length - 1];
    const first = row?.[0];
    if (row && first && mid > first.box.y0 && mid < first.box.y1 + 4) row.push(line);
    else rows.push([line]);
  }
  return rows.map(joined);
}

/** Blanks between words of one text are at most this wide, in parts of the line's height. */
const WIDEST_BLANK = 1.6;

/**
 * The lines of a row, left to right, each joined with what goes on behind it: a reader splits widely
 * set print ("Họ, chữ đệm, | tên mẹ"). Two readings of the same ink stay apart.
 */
function joined(row: readonly Chars[]): Chars[] {
  const texts: Chars[] = [];
  for (const line of [...row].sort((a, b) => a.box.x0 - b.box.x0)) {
    const height = line.box.y1 - line.box.y0;
    const gapTo = (text: Chars) => (line.box.x0 - text.box.x1) / height;
    const [before] = texts
      .filter((t) => gapTo(t) > -0.3 && gapTo(t) < WIDEST_BLANK)
      .sort((a, b) => gapTo(a) - gapTo(b));
    if (before) texts[texts.indexOf(before)] = join(before, line);
    else texts.push(line);
  }
  return texts;
}

const join = (a: Chars, b: Chars): Chars => ({
  text: a.text + b.text,
  boxes: [...a.boxes, ...b.boxes],
  box: around([a.box, b.box]),
});

function hitsOf(texts: readonly string[], lines: readonly Chars[]): Hit[] {
  const hits: Hit[] = [];
  for (const [at, line] of lines.entries()) {
    for (const text of texts) {
      const pattern = lettersOf(text);
      // Short labels ("Số") must be exact, long ones may lose a third of their letters.
      const edits = pattern.length <= 3 ? 0 : Math.floor(pattern.length * 0.34);
      for (const o of occurrences(line.text, pattern, edits)) {
        if (o.to <= o.from) continue;
        hits.push({
          line: at,
          text,
          from: o.from,
          to: o.to,
          similarity: 1 - o.edits / pattern.length,
        });
      }
    }
  }
  return hits;
}

const boxOf = (line: Chars, hit: { from: number; to: number }): ReadBox =>
  around(line.boxes.slice(hit.from, hit.to));

function toLabel(w: { item: number; option: number }, hit: Hit, line: Chars): FoundLabel {
  return {
    item: w.item,
    option: w.option,
    text: hit.text,
    similarity: hit.similarity,
    box: boxOf(line, hit),
  };
}
