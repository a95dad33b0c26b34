import { describe, expect, it } from 'vitest';
import { cleanField, openField } from '../../pipeline/image/clean-field.ts';
import { blankGray, type Gray } from '../../pipeline/image/gray.ts';

const BASELINE = 90;

function dab({ data, width }: Gray, x0: number, y0: number, x1: number, y1: number) {
  for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) data[y * width + x] = 20;
}

/** A writing area with a solid rule that falls by three pixels. */
function ruled(): Gray {
  const area = blankGray(900, 130, 235);
  for (let x = 0; x < area.width; x++) {
    const y = BASELINE + 4 + Math.round((3 * x) / area.width);
    dab(area, x, y, x, y + 2);
  }
  return area;
}

describe('a solid writing line', () => {
  it('alone is a blank', () => {
    expect(cleanField(openField(ruled(), 300, BASELINE)).image).toBeUndefined();
  });

  it('goes, and the letters that stand on it stay', () => {
    const area = ruled();
    // Letters that reach the rule, a descender through it, a dot below it.
    for (let i = 0; i < 6; i++) dab(area, 200 + i * 40, 55, 206 + i * 40, BASELINE + 5);
    dab(area, 460, 55, 466, 115);
    dab(area, 500, BASELINE + 14, 506, BASELINE + 20);
    const { ink, image } = cleanField(openField(area, 300, BASELINE));
    expect(ink!.x0).toBeGreaterThan(190);
    expect(ink!.x1).toBeLessThan(520);
    expect(ink!.y1).toBeGreaterThan(110);
    let dark = 0;
    for (const grey of image!.data) if (grey < 128) dark++;
    expect(dark).toBeGreaterThan(1800);
    expect(dark).toBeLessThan(2500);
  });

  it('is not what writing without a rule is taken for', () => {
    const area = blankGray(900, 130, 235);
    // Serifs at the foot of each letter.
    for (let i = 0; i < 15; i++) {
      dab(area, 100 + i * 40, 55, 106 + i * 40, BASELINE);
      dab(area, 94 + i * 40, BASELINE - 2, 112 + i * 40, BASELINE);
    }
    let before = 0;
    for (const grey of area.data) if (grey < 128) before++;
    let after = 0;
    for (const grey of cleanField(openField(area, 300, BASELINE)).image!.data)
      if (grey < 128) after++;
    expect(after).toBe(before);
  });
});
