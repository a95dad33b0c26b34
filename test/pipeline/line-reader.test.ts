import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCanvas } from '@napi-rs/canvas';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editDistance } from '../../models/text.ts';
import { type CleanField, cleanField, openField } from '../../pipeline/image/clean-field.ts';
import { blankGray, type Gray } from '../../pipeline/image/gray.ts';
import { unitPaths } from '../../pipeline/prefill/units.ts';
import { beliefOf, ownOpinion, readFieldLines } from '../../pipeline/readers/fields.ts';
import { CHARSET, CLASSES } from '../../pipeline/readers/line/charset.ts';
import { type Decoded, decode, type Emissions } from '../../pipeline/readers/line/decode.ts';
import { type LanguageKind, languageOf } from '../../pipeline/readers/line/language.ts';
import { type LineReader, openLineReader } from '../../pipeline/readers/line/line.ts';
import {
  cutToInk,
  LINE_HEIGHT,
  LINE_MAX_WIDTH,
  prepareLine,
} from '../../pipeline/readers/line/prepare.ts';
import { openReaders } from '../../pipeline/readers/open.ts';
import type { Reader } from '../../pipeline/readers/port.ts';
import { font, setText } from '../../samples/draw/fonts.ts';

/** Shares of the characters in each column; '' is CTC's blank, which also gets what is left. */
function emissionsOf(columns: readonly Readonly<Record<string, number>>[]): Emissions {
  const data = new Float32Array(columns.length * CLASSES);
  for (const [t, shares] of columns.entries()) {
    const row = new Float64Array(CLASSES).fill(1e-7);
    row[0]! += 1 - Object.values(shares).reduce((sum, share) => sum + share, 0);
    for (const [sign, share] of Object.entries(shares))
      row[sign === '' ? 0 : CHARSET.indexOf(sign) + 1]! += share;
    const sum = row.reduce((a, b) => a + b);
    for (const [c, share] of row.entries()) data[t * CLASSES + c] = Math.log(share / sum);
  }
  return { data, columns: columns.length, classes: CLASSES };
}

/** A column for each sign of `text`; `_` is a blank. */
const sure = (text: string, share = 0.97) =>
  [...text].map((c) => ({ [c === '_' ? '' : c]: share }));

const KINDS: readonly LanguageKind[] = ['number', 'date', 'list', 'name', 'place', 'text', 'any'];

describe('decoding', () => {
  it('takes neighbouring columns of one sign for one, and blanks for nothing', () => {
    expect(decode(emissionsOf(sure('__LLê__ __AAn_nn_'))).text).toBe('Lê Ann');
    expect(decode(emissionsOf(sure('___'))).text).toBe('');
    expect(decode(emissionsOf([])).text).toBe('');
  });

  it('keeps a figure that is written twice when a blank lies between', () => {
    expect(decode(emissionsOf(sure('20_008')), languageOf('number')).text).toBe('2008');
  });

  it('writes the syllable that exists where the ink cannot tell', () => {
    const ink = emissionsOf([...sure('Thuậ'), { m: 0.52, n: 0.46 }]);
    expect(decode(ink).text).toBe('Thuậm');
    const { text, candidates } = decode(ink, languageOf('name'));
    expect(text).toBe('Thuận');
    expect(candidates.map((c) => c.text)).toContain('Thuậm');
  });

  it('believes clear ink against the language', () => {
    for (const kind of KINDS)
      expect(decode(emissionsOf(sure('Thuậm', 0.9999)), languageOf(kind)).text).toBe('Thuậm');
  });

  it('reads figures in a number where the ink leans to letters', () => {
    const ink = emissionsOf([{ l: 0.55, '1': 0.4 }, { '': 0.97 }, { O: 0.55, '0': 0.4 }]);
    expect(decode(ink).text).toBe('lO');
    expect(decode(ink, languageOf('number')).text).toBe('10');
  });

  it('says where each sign stands', () => {
    const { signs } = decode(emissionsOf(sure('_HHà__ NN_')));
    expect(signs.map((s) => [s.text, s.from, s.to])).toEqual([
      ['H', 1, 2],
      ['à', 3, 3],
      [' ', 6, 6],
      ['N', 7, 8],
    ]);
  });

  it('always gives a text, shares of at most one and signs in order', () => {
    const column = fc
      .array(fc.tuple(fc.constantFrom('', ...CHARSET), fc.integer({ min: 1, max: 30 })), {
        minLength: 1,
        maxLength: 4,
      })
      .map((weights) => {
        const sum = weights.reduce((s, [, w]) => s + w, 0);
        const shares: Record<string, number> = {};
        for (const [sign, w] of weights) shares[sign] = (shares[sign] ?? 0) + w / sum;
        return shares;
      });
    const columns = fc.array(column, { maxLength: 12 });
    fc.assert(
      fc.property(columns, fc.constantFrom(undefined, ...KINDS), (shares, kind) => {
        const { text, signs, candidates } = decode(emissionsOf(shares), kind && languageOf(kind));
        expect(candidates.length).toBeGreaterThan(0);
        expect(candidates[0]!.text).toBe(text);
        expect(new Set(candidates.map((c) => c.text)).size).toBe(candidates.length);
        expect(candidates.reduce((sum, c) => sum + c.probability, 0)).toBeLessThan(1 + 1e-9);
        let last = -1;
        for (const { from, to, belief } of signs) {
          expect(from).toBeGreaterThan(last);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThan(shares.length);
          expect(belief).toBeGreaterThan(0);
          expect(belief).toBeLessThanOrEqual(1);
          last = to;
        }
        const written = signs.map((s) => s.text).join('');
        expect(written.replace(/ +/g, ' ').trim()).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the language', () => {
  const wordsOf = (text: string) => text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const likelihood = (kind: LanguageKind, words: readonly string[]) => {
    const { word } = languageOf(kind);
    return words.reduce((sum, w, i) => sum + word(w, words[i - 1] ?? ''), 0);
  };

  it('finds units in their order likelier than turned round', () => {
    const paths = unitPaths().filter((_, i) => i % 97 === 0);
    const { word } = languageOf('place');
    const sum = (words: readonly string[]) =>
      words.reduce((s, w, i) => s + word(w, words[i - 1] ?? ''), 0);
    const right = paths.filter((one) => sum(wordsOf(one)) > sum([...wordsOf(one)].reverse()));
    expect(paths.length).toBeGreaterThan(50);
    expect(right.length / paths.length).toBeGreaterThan(0.95);
  });

  it('expects names in names', () => {
    const name = wordsOf('Nguyễn Thị Hương');
    expect(likelihood('name', name)).toBeGreaterThan(
      likelihood('name', wordsOf('Nguyểm Thỉ Hưong')),
    );
    expect(likelihood('name', name)).toBeGreaterThan(likelihood('list', name));
  });

  it('leaves every word and every sign possible in every field', () => {
    for (const kind of KINDS) {
      const { word, letters, sign } = languageOf(kind);
      for (const foreign of ['wojciech', 'smith', 'zxqw']) {
        expect(word(foreign, '')).toBeGreaterThan(-20);
        expect(word(foreign, 'nguyễn')).toBeGreaterThan(-20);
        expect(letters(foreign)).toBeGreaterThan(-20);
      }
      for (const c of CHARSET) expect(sign(c)).toBeGreaterThan(-20);
    }
  });

  it('expects what people approved in this book, and in its order', () => {
    const before = languageOf('name');
    const after = languageOf('name', ['Wojciech Kowalski', 'Wojciech Nowak']);
    expect(after.word('wojciech', '')).toBeGreaterThan(before.word('wojciech', '') + 2);
    expect(after.word('kowalski', 'wojciech')).toBeGreaterThan(after.word('kowalski', 'thị'));
    expect(after.word('nguyễn', '')).toBeGreaterThan(-10);
  });
});

/** An image as a field of which everything is writing. */
const asField = (image: Gray) => ({ image, soft: image });

function withInk(width: number, height: number, ink: (x: number, y: number) => boolean): Gray {
  const image = blankGray(width, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) if (ink(x, y)) image.data[y * width + x] = 20;
  return image;
}

describe('preparing a line', () => {
  it.each([
    ['4 pixels', withInk(2, 2, () => true)],
    ['a dot on a page', withInk(400, 100, (x, y) => x === 200 && y === 50)],
    ['all black', blankGray(300, 80, 0)],
    ['10,000 pixels wide', withInk(10_000, 60, (x, y) => (x + y) % 9 < 3)],
    ['tall', withInk(20, 2000, () => true)],
    ['wide and thin', withInk(10_000, 1, () => true)],
  ])('brings %s to the recognizer’s shape', (_, image) => {
    const line = prepareLine(asField(image))!;
    expect(line.height).toBe(LINE_HEIGHT);
    expect(line.width).toBeGreaterThanOrEqual(16);
    expect(line.width).toBeLessThanOrEqual(LINE_MAX_WIDTH);
    expect(line.data).toHaveLength(line.width * LINE_HEIGHT);
    expect(Math.min(...line.data)).toBeLessThan(190);
    const rims = [...line.data.subarray(0, line.width), ...line.data.subarray(-line.width)];
    expect(rims.every((value) => value === 255)).toBe(true);
  });

  it('makes of a line that is cut to its ink what it makes of the field', () => {
    const field = typed('Trần Văn Bảo');
    const ink = cutToInk(field)!;
    expect(ink.width).toBeLessThan(field.image!.width);
    expect(prepareLine(asField(ink))).toEqual(prepareLine(field));
    expect(cutToInk(asField(blankGray(300, 80)))).toBeUndefined();
  });

  it('gives nothing for an image without ink', () => {
    expect(prepareLine(asField(blankGray(300, 80)))).toBeUndefined();
    expect(prepareLine(asField(blankGray(300, 80, 200)))).toBeUndefined();
    expect(prepareLine({ image: undefined, soft: undefined })).toBeUndefined();
  });

  it('does not depend on the white around the ink', () => {
    const ink = (x: number, y: number) => (x * y) % 7 < 3;
    const tight = prepareLine(asField(withInk(90, 40, ink)));
    const loose = withInk(
      300,
      120,
      (x, y) => x >= 50 && x < 140 && y >= 30 && y < 70 && ink(x - 50, y - 30),
    );
    expect(prepareLine(asField(loose))).toEqual(tight);
  });

  it('takes extent from the clean image and grey from the soft one', () => {
    const image = withInk(90, 40, () => true);
    const soft = blankGray(90, 40, 90);
    const line = prepareLine({ image, soft })!;
    expect(Math.min(...line.data)).toBe(90);
  });
});

/** A typed writing line with its dotted leader, 300 dots an inch, as cleaning leaves it. */
function typed(text: string, family = 'tinos'): CleanField {
  return cleanField(openField(strip(text, family), 300, 90));
}

function strip(text: string, family = 'tinos'): Gray {
  const [width, height] = [1400, 130];
  const canvas = createCanvas(width, height);
  const ctx = canvas.getContext('2d');
  ctx.fillStyle = '#fff';
  ctx.fillRect(0, 0, width, height);
  ctx.fillStyle = '#111';
  setText(ctx, font({ family }, 50), text, 40, 90);
  for (let x = 4; x < width; x += 12) ctx.fillRect(x, 95, 4, 4);
  const { data } = ctx.getImageData(0, 0, width, height);
  return {
    data: Uint8Array.from({ length: width * height }, (_, i) => data[4 * i]!),
    width,
    height,
  };
}

function noise(width: number, height: number): Gray {
  let state = 7;
  const data = Uint8Array.from({ length: width * height }, () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state >>> 23;
  });
  return { data, width, height };
}

const inverted = ({ data, width, height }: Gray): Gray => ({
  data: data.map((value) => 255 - value),
  width,
  height,
});

describe('the line recognizer', () => {
  let reader: LineReader;
  beforeAll(() => {
    reader = openLineReader('line-vi-drawn');
  });
  afterAll(() => reader.close());

  const TEXTS = [
    ['Nguyễn Thị Thanh Hương', 'name'],
    ['Xã Bình Hưng, huyện Bình Chánh', 'place'],
    ['15/02/2008', 'date'],
    ['Kinh', 'list'],
  ] as const;

  it('reads typed lines nearly without fault, in their order', async () => {
    const fields = TEXTS.map(([text, kind]) => ({ field: typed(text), kind }));
    const read = await reader.readLines(fields);
    for (const [i, [text]] of TEXTS.entries())
      expect(editDistance(read[i]!.text, text) / text.length, read[i]!.text).toBeLessThan(0.15);
  });

  it('reads a doubtful foreign name better when the book has it already', async () => {
    const name = 'Wojciech Kowalski';
    const question = { field: typed(name, 'itim'), kind: 'name' } as const;
    const errors = async (approved: readonly string[]) => {
      const [read] = await reader.readLines([question], { name: approved });
      return editDistance(read!.text, name);
    };
    expect(await errors([name])).toBeLessThan(await errors([]));
    expect(await errors(['Nguyễn Văn Hai'])).toBe(await errors([]));
  });

  it('reads a line alike alone, among others and after others', async () => {
    const question = { field: typed('Trần Văn Bảo'), kind: 'name' } as const;
    const others = TEXTS.map(([text, kind]) => ({ field: typed(text, 'cousine'), kind }));
    const [alone] = await reader.readLines([question]);
    const among = await reader.readLines([...others, question, question, ...others]);
    const [after] = await reader.readLines([question]);
    for (const other of [among[4], among[5], after]) {
      expect(other!.text).toBe(alone!.text);
      for (const [i, sign] of other!.signs.entries())
        expect(sign.belief).toBeCloseTo(alone!.signs[i]!.belief, 2);
    }
  });

  it('says nothing of lines without ink, and keeps the others at their places', async () => {
    const blank = { field: typed(''), kind: 'text' } as const;
    const kinh = { field: typed('Kinh'), kind: 'list' } as const;
    expect(await reader.readLines([])).toEqual([]);
    expect(await reader.readLines([blank])).toEqual([undefined]);
    const read = await reader.readLines([blank, kinh, blank]);
    expect(read.map((r) => r && editDistance(r.text, 'Kinh') < 2)).toEqual([
      undefined,
      true,
      undefined,
    ]);
  });

  it.each([
    ['black', blankGray(300, 80, 0)],
    ['4 pixels', withInk(2, 2, () => true)],
    ['stripes 10,000 pixels wide', withInk(10_000, 60, (x, y) => (x + y) % 9 < 3)],
    ['colours turned round', inverted(strip('Nguyễn Thị Thanh Hương'))],
    ['noise', noise(600, 80)],
  ])('survives %s and believes little of it', async (_, image) => {
    for (const field of [asField(image), cleanField(openField(image, 300, image.height * 0.7))]) {
      const [read] = await reader.readLines([{ field, kind: 'name' }]);
      const { words } = ownOpinion(reader.name, read);
      // No word is no belief.
      if (words.length > 0) expect(beliefOf(words)).toBeLessThan(0.6);
    }
  });
});

describe('a recognizer that is closed', () => {
  it('fails what waits for it at once, and opens again at the next use', async () => {
    const reader = openLineReader('line-vi-drawn');
    const question = { field: typed('Kinh'), kind: 'list' } as const;
    const waiting = expect(reader.readLines([question])).rejects.toMatchObject({
      kind: 'readerFailed',
    });
    await reader.close();
    await waiting;
    expect((await reader.readLines([question]))[0]!.text).not.toBe('');
    await reader.close();
    await reader.close();
  });
});

describe('a recognizer whose model is damaged', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'line-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('fails each time by name, works once the model is whole, and closes twice', async () => {
    const whole = await readFile(
      fileURLToPath(new URL('../../pipeline/readers/line/line-vi-drawn.onnx', import.meta.url)),
    );
    const file = path.join(folder, 'model.onnx');
    await writeFile(file, whole.subarray(0, 100_000));
    const reader = openLineReader('line-vi-drawn', file);
    const question = { field: typed('Kinh'), kind: 'list' } as const;
    const failed = { kind: 'readerFailed' };
    await expect(reader.readLines([question])).rejects.toMatchObject(failed);
    const both = await Promise.allSettled([
      reader.readLines([question]),
      reader.readLines([question]),
    ]);
    expect(both.map((b) => b.status === 'rejected' && b.reason)).toMatchObject([failed, failed]);
    await writeFile(file, whole);
    expect((await reader.readLines([question]))[0]!.text).not.toBe('');
    await reader.close();
    await reader.close();
  });
});

/** A recognizer that writes what it is told, as sure as it is told. */
function linesThatSay(...said: (readonly [text: string, belief: number])[]): LineReader {
  return {
    name: 'line-said',
    async readLines(lines) {
      return lines.map(({ field }, i): Decoded | undefined => {
        const [text, belief] = said[i]!;
        if (!field.image) return undefined;
        const signs = [...text].map((c, at) => ({ text: c, belief, from: at, to: at }));
        return { text, signs, candidates: [{ text, probability: 1 }] };
      });
    },
    async close() {},
  };
}

/** A reader of print that always says one word; `asked` holds the images that it was shown. */
function printThatSays(text: string, belief: number): Reader & { readonly asked: Gray[] } {
  const asked: Gray[] = [];
  const box = { x0: 0, y0: 0, x1: 1, y1: 1 };
  return {
    name: 'said',
    asked,
    async read(image) {
      asked.push(image);
      return [{ box, words: [{ text, belief, box, glyphs: [], choices: [] }] }];
    },
    async close() {},
  };
}

describe('reading fields with two readers', () => {
  const field = typed('An');
  const line = { field, kind: 'name' } as const;

  it('shows Tesseract the doubtful lines only, and keeps both readings', async () => {
    const print = printThatSays('Ân', 0.99);
    const lines = linesThatSay(['Bình', 0.999], ['An', 0.01], ['An', 0.999]);
    const read = await readFieldLines([line, line, line], { print, lines });
    expect(print.asked).toEqual([field.image]);
    expect(
      read.map((r) => [r!.reader, r!.words.map((w) => w.text).join(' '), r!.second?.reader]),
    ).toEqual([
      ['line-said', 'Bình', undefined],
      ['said', 'Ân', 'line-said'],
      ['line-said', 'An', undefined],
    ]);
    expect(read[1]!.second!.words.map((w) => w.text)).toEqual(['An']);
  });

  it('stays with its own reading where Tesseract doubts more', async () => {
    const print = printThatSays('Ân', 0.001);
    const lines = linesThatSay(['An Bình', 0.1]);
    const [read] = await readFieldLines([line], { print, lines });
    expect(read).toMatchObject({
      reader: 'line-said',
      words: [{ text: 'An' }, { text: 'Bình' }],
      second: { reader: 'said', words: [{ text: 'Ân' }] },
    });
  });

  it('stops asking Tesseract on a page where it never knew better', async () => {
    const print = printThatSays('Ân', 0.001);
    const many = Array.from({ length: 20 }, () => line);
    const lines = linesThatSay(...many.map(() => ['An', 0.1] as const));
    const read = await readFieldLines(many, { print, lines });
    expect(read).toHaveLength(20);
    expect(print.asked.length).toBeGreaterThan(2);
    expect(print.asked.length).toBeLessThan(10);
  });

  it('asks nobody about a line without ink', async () => {
    const print = printThatSays('Ân', 0.99);
    const blank = { field: typed(''), kind: 'name' } as const;
    const lines = linesThatSay(['', 0], ['', 0]);
    expect(await readFieldLines([blank, blank], { print, lines })).toEqual([undefined, undefined]);
    expect(print.asked).toEqual([]);
  });

  it('reads typed lines with the real readers', async () => {
    const readers = openReaders('line-vi-drawn');
    try {
      const text = 'Nguyễn Thị Thanh Hương';
      const fields = [typed(text), typed(''), typed('Kinh')];
      const read = await readFieldLines(
        fields.map((f) => ({ field: f, kind: 'name' })),
        readers,
      );
      const words = read.map((r) => r?.words.map((w) => w.text).join(' '));
      expect(editDistance(words[0]!, text)).toBeLessThan(3);
      expect(words[1]).toBeUndefined();
      expect(editDistance(words[2]!, 'Kinh')).toBeLessThan(2);
    } finally {
      await readers.close();
    }
  });
});
