import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type Point, projective, type Quad } from '../../models/geometry.ts';
import { straighten } from '../../pipeline/stages/straighten.ts';
import { openBook } from '../../samples/draw/book.ts';
import { type Damage, damage } from '../../samples/draw/damage.ts';
import { seeded } from '../../samples/draw/random.ts';

const book = openBook({
  form: 'birth-2006',
  layout: 3,
  seed: 9,
  ink: 'hand',
  ageing: 'mixed',
});
const page = book.page(0);
const other = async () => (await book.page(1)).jpeg;

async function damaged(how: Damage) {
  return damage((await page).jpeg, other, how, seeded('straighten'));
}

async function straightened(how: Damage, options: { part?: number; paper?: 'A4' | 'A3' } = {}) {
  const { image, dpi } = await damaged(how);
  return straighten({ image, quarterTurns: 0, maxPixels: 1e8, dpi, ...options });
}

describe('a page that was laid wrongly', () => {
  it.each([1, 2, 3] as const)('by %i quarter turns is put right', async (quarters) => {
    const { result } = await straightened({ kind: 'turned', quarters });
    expect(result.upright.quarterTurns).toBe(4 - quarters);
    expect(Math.abs(result.upright.angle - (await page).truth.skew)).toBeLessThan(0.5);
  });

  it.each([-9, 8])('by %i degrees is put right', async (degrees) => {
    const { result } = await straightened({ kind: 'skewed', degrees });
    expect(result.upright.quarterTurns).toBe(0);
    expect(Math.abs(result.upright.angle - degrees - (await page).truth.skew)).toBeLessThan(0.5);
  });
});

describe('a photo of a page on a desk', () => {
  it.each(['dark', 'light'] as const)('is flattened to the sheet, on a %s desk', async (desk) => {
    const { image, result, quality, more } = await straightened({
      kind: 'photo',
      tilt: 0.12,
      desk,
    });
    const { width, height } = await sharp(image).metadata();
    expect(height! / width!).toBeGreaterThan(1.2);
    expect(height! / width!).toBeLessThan(1.65);
    expect(result.dpi).toBeGreaterThan(220);
    expect(result.dpi).toBeLessThan(330);
    expect(quality.problems).toEqual([]);
    expect(more).toBe(false);
  });
});

describe('a table over an open book', () => {
  it('stays one sheet, whose fold is no edge', async () => {
    const table = openBook({
      form: 'marriage-1999',
      layout: 6,
      seed: 906,
      ink: 'hand',
      ageing: 'mixed',
    });
    const { jpeg, truth } = await table.page(1);
    const { result, quality, more } = await straighten({
      image: jpeg,
      quarterTurns: 0,
      maxPixels: 1e8,
      dpi: 300,
      paper: 'A3',
    });
    expect({ turns: result.upright.quarterTurns, more }).toEqual({ turns: 0, more: false });
    expect(Math.abs(result.upright.angle - truth.skew)).toBeLessThan(0.7);
    expect(quality.problems).toEqual([]);
  });
});

describe('a spread', () => {
  it('gives its left and its right page', async () => {
    const { width } = await sharp((await page).jpeg).metadata();
    for (const part of [0, 1]) {
      const { image, more } = await straightened({ kind: 'spread' }, { part });
      expect(more).toBe(part === 0);
      // Each page has a strip of its own neighbour at the spine.
      expect(Math.abs((await sharp(image).metadata()).width! / width! - 1)).toBeLessThan(0.08);
    }
  });

  it('stays one page in a book of A3', async () => {
    const { image, more } = await straightened({ kind: 'spread' }, { paper: 'A3' });
    expect([image, more]).toEqual([undefined, false]);
  });
});

describe('the quality of a scan', () => {
  it.each<[Damage, string[]]>([
    [{ kind: 'grey' }, []],
    [{ kind: 'fax', dpi: 200 }, []],
    [{ kind: 'resolution', dpi: 72 }, ['lowResolution', 'blurred']],
    [{ kind: 'blurred', sigma: 4 }, ['blurred']],
    [{ kind: 'exposure', gain: 0.3, lift: 0 }, ['tooDark']],
    [{ kind: 'exposure', gain: 0.26, lift: 185 }, ['tooLight']],
    [{ kind: 'half', keep: 'top' }, ['cutOff']],
    [{ kind: 'half', keep: 'left' }, ['cutOff']],
  ])('of %j is told', async (how, problems) => {
    expect((await straightened(how)).quality.problems).toEqual(problems);
  });

  it('says of a desk that there is no page, or that it is dark', async () => {
    const { problems } = (await straightened({ kind: 'desk' })).quality;
    expect(problems.some((p) => p === 'noPage' || p === 'tooDark')).toBe(true);
  });
});

it('a projective map takes corners to corners, and back', () => {
  const corner = fc.record({
    x: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
    y: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
  });
  const at = (x: number, y: number, by: Point): Point => ({ x: x + by.x, y: y + by.y });
  fc.assert(
    fc.property(corner, corner, corner, corner, corner, (a, b, c, d, e) => {
      const from: Quad = [at(0, 0, a), at(1, 0, b), at(1, 1, c), at(0, 1, d)];
      const to: Quad = [at(0, 0, d), at(2, 0, c), at(2, 3, b), at(0, 3, a)];
      const there = projective(from, to);
      const back = projective(to, from);
      for (const [i, p] of from.entries()) {
        const q = there(p.x, p.y);
        expect(Math.hypot(q.x - to[i]!.x, q.y - to[i]!.y)).toBeLessThan(1e-6);
      }
      const inside = at(0.5, 0.5, e);
      const q = there(inside.x, inside.y);
      const again = back(q.x, q.y);
      expect(Math.hypot(again.x - inside.x, again.y - inside.y)).toBeLessThan(1e-6);
    }),
  );
});
