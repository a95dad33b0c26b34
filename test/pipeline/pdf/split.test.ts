import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PdfLimits, SplitOptions, SplitPage } from '../../../pipeline/pdf/split.ts';
import { splitPdf } from '../../../pipeline/pdf/split.ts';
import { split } from '../../../pipeline/stages/split.ts';
import {
  apart,
  documentOf,
  HIGH,
  jpeg,
  jpegImage,
  pdfOf,
  pixels,
  type TestPage,
  WIDE,
  whole,
} from './documents.ts';
import { NEEDS_PASSWORD, OPENS_WITHOUT } from './encrypted.ts';

const LIMITS: PdfLimits = { maxPages: 20, maxPixels: 200e6, memoryMb: 1024, seconds: 60 };
/** Mean difference of two drawings of the same page, of 255; of different turns it is above 20. */
const SAME = 4;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'split-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function splitBytes(bytes: Buffer, limits: PdfLimits = LIMITS, options?: SplitOptions) {
  const file = path.join(folder, `${Math.random()}.pdf`);
  await writeFile(file, bytes);
  const pages: SplitPage[] = [];
  const result = await splitPdf(
    file,
    limits,
    async (page) => {
      pages.push(page);
    },
    options,
  );
  return { ...result, pages, count: result.pages };
}

const kindOf = (bytes: Buffer, limits?: PdfLimits) =>
  splitBytes(bytes, limits).then(
    () => 'pages',
    (error) => error.kind,
  );

const upright = (page: SplitPage) => sharp(page.image).rotate(page.quarterTurns * 90);

describe('a page that is one JPEG', () => {
  it('is taken byte for byte, with hidden text behind it or in front', async () => {
    const bytes = await jpeg();
    const images = [jpegImage(bytes)];
    const hidden = 'BT /F0 20 Tf 3 Tr 50 50 Td (hidden) Tj ET';
    const background = `1 1 1 rg 0 0 ${WIDE} ${HIGH} re f`;
    const { pages, agreed } = await splitBytes(
      documentOf([
        { content: whole(), images },
        { content: `${hidden} ${whole()} ${hidden}`, images },
        { content: `${background} 0 0 ${WIDE} ${HIGH} re W n ${whole()}`, images },
      ]),
    );
    expect(agreed).toBe(true);
    for (const page of pages) {
      expect(page).toMatchObject({ source: 'embedded', mime: 'image/jpeg', quarterTurns: 0 });
      expect(page).toMatchObject({ width: 600, height: 800, dpi: 144 });
      expect(page.image.equals(bytes)).toBe(true);
    }
    expect(pages.map((page) => page.index)).toEqual([0, 1, 2]);
  });

  it('is drawn when it would not look the same', async () => {
    const bytes = await jpeg();
    const cmyk = await sharp(bytes).toColourspace('cmyk').jpeg().toBuffer();
    const turned = await sharp(bytes).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const mask = {
      dict: '/Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8',
      bytes: Buffer.from([128]),
    };
    const image = jpegImage(bytes);
    const pages: TestPage[] = [
      { content: `${whole()} BT /F0 40 Tf 50 50 Td (stamp) Tj ET`, images: [image] },
      { content: `${whole()} 0 0 20 20 re f`, images: [image] },
      { content: whole(), images: [jpegImage(bytes, '/Decode [1 0 1 0 1 0]')] },
      { content: whole(), images: [jpegImage(bytes, '/SMask 18 0 R'), mask] },
      { content: whole(), images: [jpegImage(cmyk, '/ColorSpace /DeviceCMYK')] },
      { content: whole(), images: [jpegImage(turned)] },
      { content: `q 250 0 0 ${HIGH} 0 0 cm /Im0 Do Q`, images: [image] },
      { content: `q ${WIDE} 8 0 ${HIGH} 0 0 cm /Im0 Do Q`, images: [image] },
      { content: `q -${WIDE} 0 0 ${HIGH} ${WIDE} 0 cm /Im0 Do Q`, images: [image] },
      { content: `0 0 ${WIDE} 200 re W n ${whole()}`, images: [image] },
      { content: whole(), images: [image], entries: '/CropBox [30 40 270 360]' },
      {
        content: whole(),
        images: [image],
        entries: '/Annots [<< /Type /Annot /Subtype /Square /Rect [50 50 100 100] /C [1 0 0] >>]',
      },
    ];
    const result = await splitBytes(documentOf(pages));
    expect(result.failed).toEqual([]);
    expect(result.pages.map((page) => page.source)).toEqual(pages.map(() => 'rendered'));
    // The inverted one is inverted, the mirrored one is mirrored, the cropped one is cropped.
    const plain = () => sharp(bytes);
    expect(await apart(upright(result.pages[2]!), plain().negate())).toBeLessThan(SAME);
    expect(await apart(upright(result.pages[8]!), plain().flop())).toBeLessThan(SAME);
    const cropped = plain().extract({ left: 60, top: 80, width: 480, height: 640 });
    expect(await apart(upright(result.pages[10]!), cropped)).toBeLessThan(SAME);
    expect(result.pages[10]!.width / result.pages[10]!.height).toBeCloseTo(240 / 320, 2);
  });

  it('keeps its bytes whichever way it is placed and turned, and comes out as it is seen', async () => {
    const image = jpegImage(await jpeg());
    const cases = [0, 1, 2, 3].flatMap((placed) => [0, 1, 2, 3].map((turned) => [placed, turned]));
    const pageOf = ([placed, turned]: number[], extra: string): TestPage => {
      const [w, h] = placed! % 2 === 0 ? [WIDE, HIGH] : [HIGH, WIDE];
      const matrix = [
        `${w} 0 0 ${h} 0 0`,
        `0 ${-h} ${w} 0 0 ${h}`,
        `${-w} 0 0 ${-h} ${w} ${h}`,
        `0 ${h} ${-w} 0 ${w} 0`,
      ][placed!];
      return {
        content: `q ${matrix} cm /Im0 Do Q ${extra}`,
        images: [image],
        entries: `/MediaBox [0 0 ${w} ${h}] /Rotate ${turned! * 90}`,
      };
    };
    const taken = await splitBytes(documentOf(cases.map((c) => pageOf(c, ''))));
    const drawn = await splitBytes(documentOf(cases.map((c) => pageOf(c, '0 0 1 1 re f'))));
    for (const [i, [placed, turned]] of cases.entries()) {
      const [page, picture] = [taken.pages[i]!, drawn.pages[i]!];
      expect(page.source).toBe('embedded');
      expect(page.quarterTurns).toBe((placed! + turned!) % 4);
      expect(picture.source).toBe('rendered');
      const { info } = await upright(page).toBuffer({ resolveWithObject: true });
      expect(info.width > info.height).toBe(picture.width > picture.height);
      expect(await apart(upright(page), upright(picture))).toBeLessThan(SAME);
    }
  });

  it('gets the end marker that it lacks, and fails alone when picture is missing', async () => {
    const bytes = await jpeg();
    const scan = bytes.indexOf(Buffer.from([0xff, 0xda]));
    const half = bytes.subarray(0, Math.round((scan + bytes.length) / 2));
    const { pages, failed } = await splitBytes(
      documentOf([
        { content: whole(), images: [jpegImage(bytes.subarray(0, -2))] },
        { content: whole(), images: [jpegImage(half)] },
        { content: `${whole()} 0 0 9 9 re f`, images: [jpegImage(half)] },
        { content: whole(), images: [jpegImage(Buffer.from('nothing like a picture'))] },
        { content: whole(), images: [jpegImage(bytes)] },
      ]),
    );
    expect(pages.map((page) => page.index)).toEqual([0, 4]);
    expect(pages[0]!.image.equals(bytes)).toBe(true);
    expect(failed.map(({ index, failure }) => [index, failure.kind])).toEqual([
      [1, 'pageUnreadable'],
      [2, 'pageUnreadable'],
      [3, 'pageUnreadable'],
    ]);
  });
});

describe('a page that has to be drawn', () => {
  it('shows all its strips', async () => {
    const raw = await pixels();
    const strip = (from: number) => ({
      dict: `/Subtype /Image /Width 600 /Height 400 /ColorSpace /DeviceRGB /BitsPerComponent 8
             /Filter /FlateDecode`,
      bytes: deflateSync(raw.subarray(from * 600 * 3, (from + 400) * 600 * 3)),
    });
    const { pages } = await splitBytes(
      documentOf([
        {
          content: 'q 300 0 0 200 0 200 cm /Im0 Do Q q 300 0 0 200 0 0 cm /Im1 Do Q',
          images: [strip(0), strip(400)],
        },
      ]),
    );
    expect(pages[0]!.source).toBe('rendered');
    expect(await apart(upright(pages[0]!), sharp(await jpeg()))).toBeLessThan(SAME);
  });

  it('fails when half of its raw pixels are missing', async () => {
    const raw = await pixels();
    const image = (bytes: Buffer) => ({
      dict: `/Subtype /Image /Width 600 /Height 800 /ColorSpace /DeviceRGB /BitsPerComponent 8
             /Filter /FlateDecode`,
      bytes: deflateSync(bytes),
    });
    const { pages, failed } = await splitBytes(
      documentOf([
        { content: whole(), images: [image(raw.subarray(0, raw.length / 2))] },
        { content: whole(), images: [image(raw)] },
      ]),
    );
    expect(pages.map((page) => page.index)).toEqual([1]);
    expect(failed).toMatchObject([{ index: 0, failure: { kind: 'pageUnreadable' } }]);
  });

  it('shows the fields of a form', async () => {
    const { pages } = await splitBytes(
      pdfOf([
        '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>',
        '<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 400] >>',
        '<< /Type /Page /Parent 2 0 R /Annots [4 0 R] >>',
        `<< /Type /Annot /Subtype /Widget /FT /Tx /T (ten) /V (Lan) /Rect [0 200 300 400] /F 4
            /P 3 0 R /AP << /N 5 0 R >> >>`,
        { dict: '/Type /XObject /Subtype /Form /BBox [0 0 300 200]', bytes: '0 0 300 200 re f' },
      ]),
    );
    const { channels } = await sharp(pages[0]!.image).stats();
    expect(channels[0]!.mean).toBeCloseTo(127.5, 0);
  });

  it('is a grey PNG when it is black and white, at 300 dpi', async () => {
    const { pages } = await splitBytes(
      documentOf([{ content: 'BT /F0 40 Tf 50 300 Td (So goc) Tj ET' }]),
    );
    expect(pages[0]).toMatchObject({ mime: 'image/png', width: 1250, height: 1667, dpi: 300 });
    expect((await sharp(pages[0]!.image).metadata()).channels).toBe(1);
  });

  it('may be blank, and is not when its content is lost', async () => {
    const { pages, failed } = await splitBytes(
      documentOf([
        { content: 'q Q' },
        { content: whole(), entries: '/Contents 99 0 R' },
        {
          content: whole(),
          images: [
            {
              dict: '/Subtype /Image /Width 600 /Height 800 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /JPXDecode',
              bytes: 'no code stream',
            },
          ],
        },
      ]),
    );
    expect(pages.map((page) => page.index)).toEqual([0]);
    expect(failed.map(({ failure }) => failure.kind)).toEqual(['pageUnreadable', 'pageUnreadable']);
  });

  it('is drawn smaller when it has 35,000 × 35,000 pixels of one bit, and fails when of colour', async () => {
    const size = '/Subtype /Image /Width 35000 /Height 35000 /Filter /FlateDecode';
    const stripes = Buffer.alloc((35_000 * 35_000) / 8, 0);
    stripes.fill(255, 0, stripes.length / 2);
    const { pages, failed } = await splitBytes(
      documentOf([
        {
          content: 'q 8400 0 0 8400 0 0 cm /Im0 Do Q',
          entries: '/MediaBox [0 0 8400 8400]',
          images: [
            {
              dict: `${size} /ColorSpace /DeviceGray /BitsPerComponent 1`,
              bytes: deflateSync(stripes, { level: 1 }),
            },
          ],
        },
        {
          content: whole(),
          images: [
            {
              dict: `${size} /ColorSpace /DeviceRGB /BitsPerComponent 8`,
              bytes: deflateSync(Buffer.alloc(1000)),
            },
          ],
        },
        { content: whole(), images: [jpegImage(await jpeg())] },
      ]),
      { ...LIMITS, maxPixels: 4e6 },
    );
    expect(failed).toMatchObject([{ index: 1, failure: { kind: 'pageTooLarge' } }]);
    expect(pages.map((page) => page.index)).toEqual([0, 2]);
    const { width, height, image } = pages[0]!;
    expect(width * height).toBeLessThanOrEqual(4e6);
    const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
    const at = (row: number) => data[Math.round(row * info.height) * info.width * info.channels];
    expect([at(0.25), at(0.75)]).toEqual([255, 0]);
  });
});

describe('a document', () => {
  const good = documentOf([{ content: 'BT /F0 60 Tf 20 300 Td (So goc) Tj ET' }]);
  const catalogue = '<< /Type /Catalog /Pages 2 0 R >>';

  it('of no bytes, of other bytes or without pages says so', async () => {
    expect(await kindOf(Buffer.alloc(0))).toBe('empty');
    expect(await kindOf(Buffer.from('a letter, not a PDF'))).toBe('notPdf');
    expect(await kindOf(await jpeg(60, 80))).toBe('notPdf');
    expect(await kindOf(Buffer.from('%PDF-1.7\n%%EOF\n'))).toBe('truncated');
    expect(await kindOf(pdfOf([catalogue, '<< /Type /Pages /Kids [] /Count 0 >>']))).toBe(
      'noPages',
    );
  });

  it('may have other bytes in front of its header, or no header', async () => {
    expect(await kindOf(Buffer.concat([Buffer.alloc(5000, 'x'), good]))).toBe('pages');
    expect(await kindOf(good.subarray('%PDF-1.7\n'.length))).toBe('pages');
  });

  it('that needs a password says so, and opens with it', async () => {
    expect(await kindOf(NEEDS_PASSWORD)).toBe('encrypted');
    const { pages } = await splitBytes(NEEDS_PASSWORD, LIMITS, { password: 'mo' });
    expect(pages).toHaveLength(1);
  });

  it('that is encrypted and needs no password is read, by one parser where the other cannot', async () => {
    const { pages, agreed } = await splitBytes(OPENS_WITHOUT);
    expect(pages).toHaveLength(1);
    expect(agreed).toBe(false);
  });

  it('is read by both parsers when the lengths of its streams stand elsewhere', async () => {
    const image = jpegImage(await jpeg());
    const { pages, agreed } = await splitBytes(
      pdfOf([
        catalogue,
        '<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 400] >>',
        `<< /Type /Page /Parent 2 0 R /Contents 4 0 R
            /Resources << /XObject << /Im0 5 0 R >> >> >>`,
        { dict: '', bytes: whole() },
        `<< ${image.dict} /Length 6 0 R >>\nstream\n${image.bytes.toString('latin1')}\nendstream`,
        String(image.bytes.length),
      ]),
    );
    expect(agreed).toBe(true);
    expect(pages[0]!.source).toBe('embedded');
    expect(pages[0]!.image.equals(image.bytes as Buffer)).toBe(true);
  });

  it('with a circular page tree gives the pages outside the circle', async () => {
    const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] >>';
    const { pages, failed } = await splitBytes(
      pdfOf([
        catalogue,
        '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>',
        page,
        '<< /Type /Pages /Parent 2 0 R /Kids [4 0 R] /Count 1 >>',
      ]),
    );
    expect(pages).toHaveLength(1);
    expect(failed).toMatchObject([{ index: 1, failure: { kind: 'pageTree' } }]);
    const circle = '<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>';
    expect(await kindOf(pdfOf([catalogue, circle]))).toBe('pageTree');
  });

  it('with more pages than the limit is refused, whatever its count says', async () => {
    const page = { content: 'q Q' };
    const bytes = documentOf([page, page, page]);
    const lie = (count: number) =>
      Buffer.from(bytes.toString('latin1').replace('/Count 3', `/Count ${count}`), 'latin1');
    const two = { ...LIMITS, maxPages: 2 };
    expect(await kindOf(bytes, two)).toBe('tooManyPages');
    expect(await kindOf(lie(1), two)).toBe('tooManyPages');
    expect((await splitBytes(lie(999_999_999))).count).toBe(3);
    expect((await splitBytes(lie(1))).count).toBe(3);
  });

  it('that is cut short gives the pages that are there and names the others', async () => {
    const bytes = await jpeg();
    const page = { content: whole(), images: [jpegImage(bytes)] };
    const whole3 = documentOf([page, page, page]);
    // In the middle of the second picture: the third page is not in the file at all.
    const second = whole3.indexOf(bytes, whole3.indexOf(bytes) + 1);
    const { pages, failed, count } = await splitBytes(whole3.subarray(0, second + 2000));
    expect(count).toBe(3);
    expect(pages.map((page) => page.index)).toEqual([0]);
    expect(failed.map(({ index, failure }) => [index, failure.kind])).toEqual([
      [1, 'truncated'],
      [2, 'truncated'],
    ]);
    expect(await kindOf(whole3.subarray(0, 60))).toBe('truncated');
  });

  it('goes through the stage with the hash of each image', async () => {
    const file = path.join(folder, 'hashed.pdf');
    await writeFile(file, good);
    const hashes: string[] = [];
    const run = () =>
      split({ path: file, limits: LIMITS }, async (page) => {
        hashes.push(page.imageHash);
      });
    await run();
    await run();
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[1]).toBe(hashes[0]);
  });
});
