import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMS, formOf } from '../../models/forms/registry.ts';
import type { PageId } from '../../models/ids.ts';
import { registerOf } from '../../models/registers/registry.ts';
import type { Layout } from '../../pipeline/forms/layout.ts';
import { blankGray, decodeScan } from '../../pipeline/image/gray.ts';
import { openWorking } from '../../pipeline/image/working.ts';
import { splitPdf } from '../../pipeline/pdf/split.ts';
import { openReaders } from '../../pipeline/readers/open.ts';
import type { Reader } from '../../pipeline/readers/port.ts';
import { place } from '../../pipeline/stages/place.ts';
import { prefill } from '../../pipeline/stages/prefill.ts';
import { read } from '../../pipeline/stages/read.ts';
import { straighten } from '../../pipeline/stages/straighten.ts';
import { readTruth } from '../../samples/truth.ts';
import { compare, type Outcome } from '../bench/accuracy.ts';

const SAMPLE = path.resolve(import.meta.dirname, '../../samples/birth-2006');
const LIMITS = { maxPages: 100, maxPixels: 1e8, memoryMb: 1024, seconds: 60 };
const PAGE_ID = '11111111-1111-4111-8111-111111111111' as PageId;

/**
 * The committed sample's typed pages, all of whose fields a reader of print can read. The bench
 * reports the accuracy over many books; this holds the line on a few pages.
 */
const TYPED_RIGHT = 0.93;

describe('the sample book', () => {
  const truth = readTruth(path.join(SAMPLE, 'truth.json'));
  const form = formOf(truth.form);
  const register = registerOf(form.register);
  let readers: ReturnType<typeof openReaders>;
  let reader: Reader;
  const images: Buffer[] = [];

  beforeAll(async () => {
    readers = openReaders('line-vi');
    reader = readers.print;
    await splitPdf(path.join(SAMPLE, 'book.pdf'), LIMITS, async ({ image }) => {
      images.push(image);
    });
  });
  afterAll(() => readers.close());

  const open = async (index: number) => {
    const image = images[index]!;
    const { result, scan } = await straighten({ image, quarterTurns: 0, maxPixels: 1e8 });
    return { ...result, page: openWorking(scan, result.upright, 300) };
  };

  it('is straightened within half a degree of how it was laid on the scanner', async () => {
    // The paper is curled as well as turned, so its lines have no single angle.
    for (const index of [0, 1, 2]) {
      const { upright } = await open(index);
      expect(Math.abs(upright.angle - truth.pages[index]!.skew)).toBeLessThan(0.5);
    }
  });

  it('is placed by its labels first and by the page before it then, and its typed fields are read', async () => {
    const layouts: Layout[] = [];
    const hows: string[] = [];
    const outcomes: Outcome[] = [];
    const typed = truth.pages.filter((p) => p.ink === 'typed').slice(0, 4);
    for (const page of typed) {
      const opened = await open(page.index);
      const { result, learned } = await place({
        page: opened.page,
        ink: opened.ink,
        form,
        forms: Object.values(FORMS),
        layouts,
        readers,
      });
      if (learned) layouts.push(learned);
      hows.push(result.how);
      const readings = await read({
        page: opened.page,
        placement: result,
        form,
        register,
        readers,
      });
      expect(readings.missing).toEqual([]);
      const values = prefill({ readings, form, register, book: truth.book, pageId: PAGE_ID });
      outcomes.push(...compare(values, page, form.register));
    }
    expect(hows[0]).toBe('labels');
    expect(hows.slice(1)).toContain('layout');
    const print = outcomes.filter((o) => o.ink === 'typed');
    expect(print.filter((o) => o.right).length / print.length).toBeGreaterThan(TYPED_RIGHT);
  });

  it('is refused as another register than the book says', async () => {
    const { page, ink } = await open(0);
    const attempt = place({
      page,
      ink,
      form: formOf('marriage-2006'),
      forms: Object.values(FORMS),
      layouts: [],
      readers,
    });
    await expect(attempt).rejects.toMatchObject({ kind: 'wrongForm', detail: 'birth-2006' });
  });

  it('is read the same whatever was read before', async () => {
    const { ink } = await decodeScan(images[0]!, 1e8);
    const strip = {
      data: ink.data.subarray(ink.width * 400, ink.width * 520),
      width: ink.width,
      height: 120,
    };
    const other = {
      data: ink.data.subarray(ink.width * 900, ink.width * 1020),
      width: ink.width,
      height: 120,
    };
    const first = await reader.read(strip, { shape: 'line' });
    await reader.read(other, { shape: 'line' });
    await reader.read(other, { shape: 'scattered' });
    expect(await reader.read(strip, { shape: 'line' })).toEqual(first);
  });
});

describe('a page that is no entry', () => {
  it('is a typed failure when it is blank', async () => {
    const readers = openReaders('line-vi');
    const blank = blankGray(800, 1100, 240);
    const upright = {
      quarterTurns: 0,
      angle: 0,
      sourceWidth: 800,
      sourceHeight: 1100,
      width: 800,
      height: 1100,
    };
    const attempt = place({
      page: openWorking({ ink: blank, all: blank }, upright, 100),
      ink: 0,
      form: formOf('birth-2006'),
      forms: [],
      layouts: [],
      readers,
    });
    await expect(attempt).rejects.toMatchObject({ kind: 'blankPage' });
  });

  it('is a typed failure when its image is damaged', async () => {
    await expect(decodeScan(Buffer.from('not an image'), 1e8)).rejects.toMatchObject({
      kind: 'pageUnreadable',
    });
  });
});
