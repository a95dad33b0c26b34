import { PDFDocument, PDFName, PDFRawStream } from 'pdf-lib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { recordPdf } from '../../../pipeline/export/record-pdf.ts';
import { picture } from './support.ts';

/** The images in a PDF, as their bytes stand in it. */
async function imagesIn(pdf: Buffer): Promise<{ filter: string; bytes: Buffer }[]> {
  const { context } = await PDFDocument.load(pdf);
  return context
    .enumerateIndirectObjects()
    .map(([, object]) => object)
    .filter((object) => object instanceof PDFRawStream)
    .filter((stream) => stream.dict.get(PDFName.of('Subtype')) === PDFName.of('Image'))
    .map((stream) => ({
      filter: String(stream.dict.get(PDFName.of('Filter'))),
      bytes: Buffer.from(stream.contents),
    }));
}

describe("a record's PDF", () => {
  test('holds a JPEG byte for byte, in its size on paper', async () => {
    const image = await picture();
    const pdf = await recordPdf([{ image, dpi: 300, quarterTurns: 0 }]);
    expect(await imagesIn(pdf)).toEqual([{ filter: '/DCTDecode', bytes: image }]);
    const [page] = (await PDFDocument.load(pdf)).getPages();
    expect(page!.getWidth()).toBeCloseTo((248 / 300) * 72);
    expect(page!.getHeight()).toBeCloseTo((351 / 300) * 72);
    expect(page!.getRotation().angle).toBe(0);
  });

  test('holds other pictures as JPEG, white where they are transparent', async () => {
    const clear = await sharp({
      create: { width: 40, height: 40, channels: 4, background: '#00000000' },
    })
      .png()
      .toBuffer();
    const [image] = await imagesIn(await recordPdf([{ image: clear, dpi: 300, quarterTurns: 0 }]));
    expect(image!.filter).toBe('/DCTDecode');
    const { channels } = await sharp(image!.bytes).stats();
    expect(channels.map((c) => c.min)).toEqual([255, 255, 255]);
  });

  test('has a page for each page of the record, turned into reading position', async () => {
    const image = await picture();
    const pdf = await PDFDocument.load(
      await recordPdf([
        { image, dpi: 300, quarterTurns: 1 },
        { image, dpi: 150, quarterTurns: 0 },
      ]),
    );
    expect(pdf.getPages().map((p) => p.getRotation().angle)).toEqual([90, 0]);
    expect(pdf.getPage(1).getWidth()).toBeCloseTo((248 / 150) * 72);
  });

  test('has the same bytes for the same pages, and says nothing about anybody', async () => {
    const image = await picture('png');
    const make = () => recordPdf([{ image, dpi: 300, quarterTurns: 0 }]);
    const [a, b] = [await make(), await make()];
    expect(a.equals(b)).toBe(true);
    expect((await PDFDocument.load(a, { updateMetadata: false })).getProducer()).toBeUndefined();
  });

  test('is not made of what is no picture', async () => {
    const image = Buffer.from('not a picture');
    await expect(recordPdf([{ image, dpi: 300, quarterTurns: 0 }])).rejects.toThrow();
  });
});
