import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Rect, WritingLine } from './composition.ts';
import { extentOf, type Face, font, setText, widthOf } from './fonts.ts';
import type { Random } from './random.ts';

/** What one page is written with. */
export interface Pen {
  readonly ink: 'typed' | 'hand';
  readonly face: Face;
  readonly size: number;
  readonly colour: string;
  /** Extra stroke around the letters in pixels: a broad nib or a fresh ribbon. */
  readonly stroke: number;
  /** Letters stand apart and each a little differently; joined scripts move by words. */
  readonly loose: boolean;
  /** Size of figures where the font draws them too tall beside its letters. */
  readonly figures?: number;
  /** Block letters for words in capitals, which nobody joins. */
  readonly block?: { readonly face: Face; readonly size: number };
  /** How much letters and words wander, 1 is usual. */
  readonly unrest: number;
}

interface Hand {
  readonly face: Face;
  readonly size: number;
  readonly stroke: number;
  readonly loose: boolean;
  readonly figures?: number;
}

/** Sizes bring the fonts' small letters to about the same height. */
export const HANDS: readonly Hand[] = [
  { face: { family: 'patrick-hand' }, size: 62, stroke: 0, loose: true },
  { face: { family: 'dancing-script', weight: 500 }, size: 66, stroke: 0.4, loose: false },
  { face: { family: 'mali' }, size: 50, stroke: 0.4, loose: true },
  { face: { family: 'mali', weight: 300, italic: true }, size: 51, stroke: 0.8, loose: true },
  { face: { family: 'itim' }, size: 53, stroke: 0, loose: true },
  { face: { family: 'charm' }, size: 60, stroke: 0.5, loose: false },
  {
    face: { family: 'playwrite-vn', weight: 300 },
    size: 40,
    stroke: 0.8,
    loose: false,
    figures: 0.74,
  },
  { face: { family: 'playwrite-vn' }, size: 42, stroke: 0, loose: false, figures: 0.78 },
];

const BLOCK = [
  { face: { family: 'patrick-hand' }, size: 58 },
  { face: { family: 'mali', weight: 300, italic: true }, size: 45 },
];

const INKS_OF_HANDS = ['#20349a', '#1b2f7e', '#2a3fae', '#1e2b5f', '#1d1d26', '#26242c', '#3a2f8c'];

const MACHINES: readonly (Hand & { readonly unrest: number })[] = [
  { face: { family: 'cousine' }, size: 46, stroke: 0.5, loose: true, unrest: 1 },
  { face: { family: 'ibm-plex-mono' }, size: 45, stroke: 0.3, loose: true, unrest: 0.7 },
  { face: { family: 'tinos' }, size: 54, stroke: 0, loose: false, unrest: 0 },
  { face: { family: 'arimo' }, size: 47, stroke: 0, loose: false, unrest: 0 },
  { face: { family: 'tinos', weight: 700 }, size: 53, stroke: 0, loose: false, unrest: 0 },
  { face: { family: 'cousine', weight: 700 }, size: 45, stroke: 0, loose: true, unrest: 0.5 },
];

export function handPen(random: Random): Pen {
  const hand = random.pick(HANDS);
  return {
    ...hand,
    ink: 'hand',
    size: hand.size * random.between(0.94, 1.08),
    colour: random.pick(INKS_OF_HANDS),
    unrest: random.between(0.6, 1.4),
    ...(hand.loose ? {} : { block: random.pick(BLOCK) }),
  };
}

export function typedPen(random: Random): Pen {
  const machine = random.pick(MACHINES);
  return {
    ...machine,
    ink: 'typed',
    colour: random.pick(['#1a1a1e', '#222128', '#17171a', '#2b2a35']),
  };
}

/** A piece of writing: the field it belongs to, and punctuation that belongs to none. */
export interface Run {
  readonly key?: string;
  readonly text: string;
  readonly tail?: string;
}

interface Word extends Run {
  readonly x: number;
  readonly y: number;
  readonly line: number;
  readonly scale: number;
  readonly size: number;
}

/** A word as drawn and the ink's bounds. */
export interface DrawnWord extends Word {
  readonly box: Rect;
}

/**
 * Finds the way of writing that fits: the preferred text at full size, then narrower, then the
 * shorter texts, as a clerk would who runs out of line.
 */
export function wordsThatFit(
  alternatives: readonly (readonly Run[])[],
  lines: readonly WritingLine[],
  pen: Pen,
  random: Random,
): Word[] {
  const free = Math.min(...lines.map((l) => l.w));
  const inset = random.between(0.3, 1) * Math.min(34, free * 0.06);
  for (const narrow of [1, 0.94, 0.88]) {
    for (const runs of alternatives) {
      const words = wrap(runs, lines, pen, narrow, inset);
      if (words) return words;
    }
  }
  const last = alternatives[alternatives.length - 1]!;
  for (let narrow = 0.84; narrow > 0.3; narrow -= 0.04) {
    const words = wrap(last, lines, pen, narrow, narrow < 0.7 ? 2 : inset * 0.4);
    if (words) return words;
  }
  throw new Error(`"${last.map((r) => r.text).join(' ')}" does not fit its line`);
}

function wrap(
  runs: readonly Run[],
  lines: readonly WritingLine[],
  pen: Pen,
  narrow: number,
  inset: number,
): Word[] | undefined {
  // Below about nine tenths letters get smaller as well as narrower.
  const size = pen.size * (narrow < 0.9 ? (narrow + 0.9) / 1.8 : 1);
  const scale = (narrow * pen.size) / size;
  const sizeOf = (text: string) =>
    pen.figures && /^[\p{P}\d]*\d[\p{P}\d]*$/u.test(text) ? size * pen.figures : size;
  const blank = widthOf(' ', font(pen.face, size)) * (pen.ink === 'hand' ? 1.15 : 1) * scale;
  const words: Word[] = [];
  let line = 0;
  let x = lines[0]!.x + inset;
  for (const run of runs) {
    const pieces = run.text.split(' ');
    for (const [i, text] of pieces.entries()) {
      const tail = i === pieces.length - 1 ? (run.tail ?? '') : '';
      const w =
        widthOf(text + tail, font(pen.face, sizeOf(text))) * scale + (pen.ink === 'hand' ? 5 : 0);
      while (x + w > lines[line]!.x + lines[line]!.w) {
        line++;
        if (line >= lines.length) return undefined;
        x = lines[line]!.x + inset * 0.7;
      }
      words.push({
        text,
        x,
        y: lines[line]!.y,
        line,
        scale,
        size: sizeOf(text),
        ...(tail ? { tail } : {}),
        ...(run.key === undefined ? {} : { key: run.key }),
      });
      x += w + blank;
    }
  }
  return words;
}

/** Writes the words and says where the ink went. */
export function write(
  ctx: SKRSContext2D,
  words: readonly Word[],
  pen: Pen,
  random: Random,
): DrawnWord[] {
  const hand = pen.ink === 'hand';
  const slope = hand ? random.normal(0.004 * pen.unrest) : 0;
  const rise = hand ? random.between(-9, 2) : random.between(-5, 1);
  const phase = random.between(0, 6);
  const origin = words[0]?.x ?? 0;
  return words.map((word) => {
    const type = font(pen.face, word.size);
    const text = word.text + (word.tail ?? '');
    const wander = hand ? 2.6 * pen.unrest * Math.sin((word.x - origin) / 170 + phase) : 0;
    const x = word.x + (hand ? random.normal(1.5) : 0);
    const y = word.y + rise + wander + (word.x - origin) * slope;
    const turn = hand ? random.normal(0.007 * pen.unrest) : 0;
    const grow = hand ? 1 + random.normal(0.018 * pen.unrest) : 1;
    ctx.save();
    ctx.globalCompositeOperation = 'multiply';
    ctx.fillStyle = pen.colour;
    ctx.strokeStyle = pen.colour;
    ctx.lineJoin = 'round';
    ctx.translate(x, y);
    ctx.rotate(turn);
    ctx.scale(word.scale, grow);
    const draw = (piece: string, at: number, up: number) => {
      ctx.globalAlpha = hand ? random.between(0.82, 0.98) : random.between(0.86, 1);
      ctx.lineWidth = pen.stroke * random.between(0.8, 1.3);
      setText(ctx, type, piece, at, up, pen.stroke > 0);
    };
    if (pen.loose && pen.unrest > 0) {
      const step = hand ? 0.9 * pen.unrest : 0.7 * pen.unrest;
      let before = '';
      for (const letter of text) {
        const at = widthOf(before + letter, type) - widthOf(letter, type);
        draw(letter, at + random.normal(step * 0.5), random.normal(step));
        before += letter;
      }
    } else {
      draw(text, 0, 0);
    }
    ctx.restore();
    const ink = extentOf(text, type);
    return {
      ...word,
      box: {
        x: x - ink.left * word.scale - 2,
        y: y - ink.up * grow - 2,
        w: (ink.left + ink.right) * word.scale + 4,
        h: (ink.up + ink.down) * grow + 4,
      },
    };
  });
}

/** A stroke through a box, as one crosses out a word: nearly straight, a little beyond both ends. */
export function strikeOut(ctx: SKRSContext2D, box: Rect, pen: Pen, random: Random): void {
  ctx.save();
  ctx.globalCompositeOperation = 'multiply';
  ctx.strokeStyle = pen.colour;
  ctx.globalAlpha = 0.9;
  ctx.lineCap = 'round';
  const times = random.chance(0.25) ? 2 : 1;
  for (let i = 0; i < times; i++) {
    ctx.lineWidth = random.between(3.2, 5);
    const y = box.y + box.h * random.between(0.48, 0.66);
    const tilt = random.normal(6);
    ctx.beginPath();
    ctx.moveTo(box.x - random.between(2, 14), y + tilt);
    ctx.bezierCurveTo(
      box.x + box.w * 0.3,
      y + random.normal(4),
      box.x + box.w * 0.7,
      y + random.normal(4),
      box.x + box.w + random.between(2, 12),
      y - tilt,
    );
    ctx.stroke();
  }
  ctx.restore();
}

/** A tick, a cross or, by machine, an x in a square. */
export function tick(ctx: SKRSContext2D, square: Rect, pen: Pen, random: Random): void {
  ctx.save();
  ctx.globalCompositeOperation = 'multiply';
  ctx.strokeStyle = pen.colour;
  ctx.fillStyle = pen.colour;
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  const { x, y, w, h } = square;
  if (pen.ink === 'typed') {
    const type = font(pen.face, h * 1.15);
    setText(ctx, type, 'x', x + (w - widthOf('x', type)) / 2, y + h * 0.8);
  } else {
    ctx.lineWidth = random.between(4, 6);
    ctx.beginPath();
    if (random.chance(0.65)) {
      ctx.moveTo(x + w * random.between(0, 0.2), y + h * random.between(0.4, 0.6));
      ctx.lineTo(x + w * 0.42, y + h * random.between(0.85, 1));
      ctx.quadraticCurveTo(x + w * 0.7, y + h * 0.3, x + w * random.between(1, 1.5), y - h * 0.3);
    } else {
      ctx.moveTo(x + random.between(0, 6), y + random.between(0, 6));
      ctx.lineTo(x + w - random.between(0, 6), y + h - random.between(0, 6));
      ctx.moveTo(x + w - random.between(0, 6), y + random.between(0, 6));
      ctx.lineTo(x + random.between(0, 6), y + h - random.between(0, 6));
    }
    ctx.stroke();
  }
  ctx.restore();
}
