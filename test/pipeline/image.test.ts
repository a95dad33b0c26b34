import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanField, openField } from '../../pipeline/image/clean-field.ts';
import { findComponents } from '../../pipeline/image/components.ts';
import { blankGray, evenPaper, type Gray, halve, turn } from '../../pipeline/image/gray.ts';
import { findLeaders, leaderStyle } from '../../pipeline/image/leaders.ts';
import { verticalRules } from '../../pipeline/image/rules.ts';
import { skewAngle } from '../../pipeline/image/skew.ts';
import { textLines } from '../../pipeline/image/text-lines.ts';
import { cut, fromSource, toSource, uprightOf } from '../../pipeline/image/upright.ts';

function fill(image: Gray, x: number, y: number, w: number, h: number, grey = 20) {
  for (let j = Math.round(y); j < Math.round(y + h); j++)
    for (let i = Math.round(x); i < Math.round(x + w); i++)
      if (i >= 0 && j >= 0 && i < image.width && j < image.height)
        image.data[j * image.width + i] = grey;
}

/** Rows of dark words, turned clockwise by `degrees`. */
function page(degrees: number, width = 1240, height = 1754): Gray {
  const flat = blankGray(width, height);
  for (let y = 200; y < height - 200; y += 60)
    for (let x = 150 + ((y * 7) % 90); x < width - 200; x += 130) fill(flat, x, y, 100, 18);
  const t = uprightOf({ width, height }, -degrees, 0);
  return cut(flat, t, {
    x: (t.width - width) / 2,
    y: (t.height - height) / 2,
    w: width,
    h: height,
  });
}

describe('skew', () => {
  it.each([-3, -1.3, 0, 0.4, 2.7])(
    'is measured within a twentieth of a degree at %d°',
    (degrees) => {
      expect(Math.abs(skewAngle(page(degrees)) - degrees)).toBeLessThan(0.05);
    },
  );

  it('is zero on a page without anything on it', () => {
    expect(skewAngle(blankGray(800, 1200))).toBe(0);
  });
});

describe('straightening', () => {
  it('maps points there and back', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -10, max: 10, noNaN: true }),
        fc.integer({ min: 0, max: 2000 }),
        fc.integer({ min: 0, max: 3000 }),
        (angle, x, y) => {
          const t = uprightOf({ width: 2000, height: 3000 }, angle, 0);
          const [sx, sy] = toSource(t)(x, y);
          const [ux, uy] = fromSource(t)(sx, sy);
          expect(Math.hypot(ux - x, uy - y)).toBeLessThan(1e-6);
        },
      ),
    );
  });

  it('makes the sheet large enough to keep every corner of the scan', () => {
    const t = uprightOf({ width: 2480, height: 3508 }, 3, 0);
    for (const [x, y] of [
      [0, 0],
      [2480, 0],
      [0, 3508],
      [2480, 3508],
    ] as const) {
      const [ux, uy] = fromSource(t)(x, y);
      expect(ux).toBeGreaterThan(-2);
      expect(uy).toBeGreaterThan(-2);
      expect(ux).toBeLessThan(t.width + 2);
      expect(uy).toBeLessThan(t.height + 2);
    }
  });

  it('leaves a skewed page without skew', () => {
    const skewed = page(2.2);
    const t = uprightOf(skewed, skewAngle(skewed), 0);
    const straight = cut(skewed, t, { x: 0, y: 0, w: t.width, h: t.height });
    expect(Math.abs(skewAngle(straight))).toBeLessThan(0.05);
  });

  it('turns by quarters and back', () => {
    const image = { data: Uint8Array.from([1, 2, 3, 4, 5, 6]), width: 3, height: 2 };
    expect([...turn(image, 1).data]).toEqual([4, 1, 5, 2, 6, 3]);
    for (const quarter of [1, 2, 3])
      expect([...turn(turn(image, quarter), 4 - quarter).data]).toEqual([...image.data]);
  });
});

describe('paper', () => {
  it('is near white after evening, whatever its shade, and ink stays dark', () => {
    const image = blankGray(400, 400);
    for (let y = 0; y < 400; y++)
      for (let x = 0; x < 400; x++) image.data[y * 400 + x] = 140 + x / 5 + y / 20;
    fill(image, 100, 100, 60, 8, 60);
    const even = evenPaper(image);
    expect(even.data[300 * 400 + 50]!).toBeGreaterThan(235);
    expect(even.data[300 * 400 + 350]!).toBeGreaterThan(235);
    expect(even.data[104 * 400 + 130]!).toBeLessThan(130);
  });

  it('is halved by the mean of four pixels', () => {
    expect([
      ...halve({ data: Uint8Array.from([0, 100, 200, 100]), width: 2, height: 2 }).data,
    ]).toEqual([100]);
  });
});

describe('dotted leaders', () => {
  const dotted = (grey = 60) => {
    const image = blankGray(700, 120);
    for (let x = 10; x < 690; x += 12) fill(image, x, 80, 4, 4, grey);
    return image;
  };

  it('are found as one row', () => {
    const leaders = findLeaders(findComponents(dotted(), 165).list, 300);
    expect(leaders).toHaveLength(1);
    expect(leaders[0]!.dots.length).toBeGreaterThan(50);
  });

  it('do not take the dot under a letter along', () => {
    const image = dotted();
    fill(image, 203, 88, 8, 8); // a tone mark nặng, lower and larger than the leader's dots
    const { list } = findComponents(image, 165);
    const mark = list.find((c) => c.y0 === 88)!;
    expect(findLeaders(list, 300).some((l) => l.dots.includes(mark))).toBe(false);
  });

  it('alone are a blank field', () => {
    expect(cleanField(openField(dotted(), 300, 80)).image).toBeUndefined();
  });

  it('are gone from a written field, and the writing stays', () => {
    const image = dotted();
    fill(image, 150, 40, 14, 36);
    fill(image, 180, 40, 14, 36);
    const clean = cleanField(openField(image, 300, 80));
    expect(clean.ink).toEqual({ x0: 150, y0: 40, x1: 193, y1: 75 });
    expect(clean.struck).toBe(false);
    expect(findComponents(clean.image!, 165).list).toHaveLength(2);
  });

  it('and a line through the writing make it struck out', () => {
    const image = dotted();
    for (let x = 100; x < 400; x += 24) fill(image, x, 40, 12, 36);
    fill(image, 95, 56, 320, 4);
    expect(cleanField(openField(image, 300, 80)).struck).toBe(true);
  });
});

describe('leaders of other print', () => {
  const BASELINE = 80;
  /** Marks of the given size, each period beginning with `pattern` offsets. */
  const printed = (pattern: number[], period: number, w: number, h: number) => {
    const image = blankGray(900, 120);
    for (let x = 10; x + period < 890; x += period)
      for (const offset of pattern) fill(image, x + offset, BASELINE + 6, w, h);
    return image;
  };

  it.each([
    ['of ellipses', [0, 9, 22], 35, 4, 4],
    ['of dashes', [0], 15, 8, 3],
    ['of long dashes', [0], 34, 20, 3],
  ])('%s are taken out of a written field', (_, pattern, period, w, h) => {
    const image = printed(pattern, period, w, h);
    fill(image, 150, 40, 14, 38);
    fill(image, 180, 40, 14, 38);
    const clean = cleanField(openField(image, 300, BASELINE));
    expect(clean.ink).toEqual({ x0: 150, y0: 40, x1: 193, y1: 77 });
    expect(findComponents(clean.image!, 165).list).toHaveLength(2);
  });

  it('are taken out of a line that writing nearly hides, by what free lines of the page tell', () => {
    const free = openField(printed([0, 9, 22], 35, 4, 4), 300, BASELINE);
    const hidden = blankGray(900, 120);
    for (const x of [10, 54, 102]) fill(hidden, x, BASELINE + 6, 4, 4);
    fill(hidden, 30, 40, 14, 38);
    fill(hidden, 70, 40, 14, 38);
    const opened = openField(hidden, 300, BASELINE);
    const style = leaderStyle([free, opened], 300);
    expect(style?.period).toBeCloseTo(35, 0);
    expect(findComponents(cleanField(opened).image!, 165).list.length).toBeGreaterThan(2);
    expect(findComponents(cleanField(opened, style).image!, 165).list).toHaveLength(2);
  });

  it('have no style where no line shows one', () => {
    expect(leaderStyle([openField(blankGray(900, 120), 300, BASELINE)], 300)).toBeUndefined();
  });

  it('are not seen in the dots of letters, which keep no step', () => {
    const image = blankGray(900, 120);
    for (const x of [20, 75, 101, 190, 260, 301, 388, 470]) fill(image, x, 30, 5, 5);
    expect(findLeaders(findComponents(image, 165).list, 300)).toEqual([]);
  });
});

describe('a text that is struck through', () => {
  it('is given to the reader without the line', () => {
    const image = blankGray(700, 120);
    for (let x = 100; x < 400; x += 24) fill(image, x, 40, 12, 36);
    fill(image, 95, 56, 320, 4);
    const clean = cleanField(openField(image, 300, 80));
    expect(clean.struck).toBe(true);
    // Thirteen letters again, no longer joined.
    expect(findComponents(clean.image!, 165).list).toHaveLength(13);
  });

  it('is not seen in figures whose bars lie in a row', () => {
    const image = blankGray(300, 120);
    for (const x of [100, 130]) {
      fill(image, x, 62, 26, 4);
      fill(image, x + 16, 40, 5, 36);
    }
    expect(cleanField(openField(image, 300, 80)).struck).toBe(false);
  });
});

describe('lines of text in a free area', () => {
  const area = () => blankGray(900, 600);
  const word = (image: Gray, x: number, y: number, grey = 60) => {
    for (let i = 0; i < 6; i++) fill(image, x + i * 26, y, 16, 30, grey);
  };

  it('are found one by one, top to bottom, faint print among them', () => {
    const image = area();
    word(image, 100, 300);
    word(image, 100, 100);
    word(image, 280, 100, 190);
    const lines = textLines(image, 300);
    expect(lines).toHaveLength(2);
    expect(lines[0]!.image.width).toBeGreaterThan(lines[1]!.image.width + 150);
    expect(lines.map((l) => l.y)).toEqual([88, 288]);
  });

  it('leave out the frame and strokes larger than letters', () => {
    const image = area();
    fill(image, 0, 500, 900, 6);
    fill(image, 880, 0, 6, 600);
    fill(image, 300, 200, 60, 200);
    expect(textLines(image, 300)).toEqual([]);
  });
});

describe('the corner of a frame', () => {
  it('is no ink of a free area', () => {
    const image = blankGray(900, 600);
    fill(image, 0, 500, 900, 6);
    fill(image, 880, 0, 6, 600);
    expect(cleanField(openField(image, 300, 600)).image).toBeUndefined();
  });
});

describe('vertical rules', () => {
  it('are found where they stand, even when they lean', () => {
    const image = blankGray(1240, 1754);
    for (let y = 100; y < 1650; y++) fill(image, 120 + y / 300, y, 3, 1);
    for (let y = 100; y < 1650; y++) fill(image, 1000, y, 3, 1);
    const rules = verticalRules(image);
    expect(rules).toHaveLength(2);
    expect(Math.abs(rules[1]!.x - 1001)).toBeLessThan(3);
  });
});
