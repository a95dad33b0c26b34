import { degrees, PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import type { ExportPage } from './dataset.ts';

const POINTS_PER_INCH = 72;
/** Quality for scans that are no JPEG: the middle of what real deliverables have. */
const JPEG_QUALITY = 85;

/**
 * One PDF with the pages of a record in their size on paper. A JPEG goes in byte for byte, anything
 * else is made one. Equal pages give equal bytes: the file holds no time and no other metadata.
 * @throws when an image cannot be decoded.
 */
export async function recordPdf(
  pages: readonly (Pick<ExportPage, 'dpi' | 'quarterTurns'> & { readonly image: Buffer })[],
): Promise<Buffer> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  for (const { image, dpi, quarterTurns } of pages) {
    // The header alone: decoding a page takes a hundred times as long.
    const { format, width, height } = await sharp(image, { limitInputPixels: false }).metadata();
    if (!width || !height) throw new Error('an image without size');
    const jpeg =
      format === 'jpeg'
        ? image
        : await sharp(image, { limitInputPixels: false })
            .flatten({ background: 'white' })
            .jpeg({ quality: JPEG_QUALITY })
            .toBuffer();
    const embedded = await pdf.embedJpg(jpeg);
    const size: [number, number] = [
      (width / dpi) * POINTS_PER_INCH,
      (height / dpi) * POINTS_PER_INCH,
    ];
    const page = pdf.addPage(size);
    page.drawImage(embedded, { x: 0, y: 0, width: size[0], height: size[1] });
    if (quarterTurns % 4 !== 0) page.setRotation(degrees((quarterTurns % 4) * 90));
  }
  return Buffer.from(await pdf.save());
}
