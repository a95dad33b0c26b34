import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanField, openField } from '../../pipeline/image/clean-field.ts';
import { findComponents } from '../../pipeline/image/components.ts';
import { blankGray, evenPaper, type Gray, halve, turn } from '../../pipeline/image/gray.ts';
import { findLeaders } from '../../pipeline/image/leaders.ts';
import { verticalRules } from '../../pipeline/image/rules.ts';
import { skewAngle } from '../../pipeline/image/skew.ts';
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
