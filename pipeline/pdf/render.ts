import { Failure } from '../../models/failures.ts';
import { areaOf, areaSize, common, dotsPerInch } from './embedded.ts';
import { EOI, readJpeg } from './jpeg.ts';
import type { OutlineImage } from './outline.ts';
import type { Mark, PdfiumPage } from './pdfium.ts';

/** A page drawn as an image. */
export interface Rendered {
  readonly image: Buffer;
  readonly mime: 'image/png' | 'image/jpeg';
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
  /** Every pixel has the same colour. */
  readonly blank: boolean;
}

export interface RenderLimits {
  readonly dpi: number;
  /** Pixels of the drawn page, and of a grey or colour image on it. */
  readonly maxPixels: number;
  readonly memoryBytes: number;
}

/** Finer than this a register has nothing more to read. */
const FINEST_DPI = 600;
/** The long side of A4 at 300 dpi: a page of images only is not enlarged beyond. */
const ENOUGH_PIXELS = 3508;
/** Images that cover less of the page do not decide its resolution. */
const DECISIVE = 0.1;
/** An image of this share of the page that does not decode makes the page unreadable. */
const ESSENTIAL = 0.25;
/** Codecs that leave raw pixels: their length is known before. */
const UNPACKED = ['', 'FlateDecode', 'LZWDecode', 'RunLengthDecode', 'ASCII85Decode'];
/** The share of its bytes that such an image must have; some writers forget a few rows. */
const COMPLETE = 0.9;
/** Pixels that are drawn at a time, 4 bytes each. */
const BAND_PIXELS = 8_000_000;
/** A page with this share of nearly black and nearly white pixels is kept without loss. */
const FLAT = 0.9;
const JPEG_QUALITY = 92;

/**
 * Draws a page upright with its annotations: black and white pages become PNG, others JPEG at
 * quality 92.
 * @throws Failure `pageTooLarge`, `pageUnreadable`
 */
export async function renderPage(
  page: PdfiumPage,
  marks: readonly Mark[],
  images: readonly OutlineImage[],
  limits: RenderLimits,
): Promise<Rendered> {
  const drawn = marks.filter((mark) => mark.kind === 'image');
  for (const mark of drawn) refuseHuge(mark, images, limits);
  for (const mark of drawn) await refuseCut(mark, images);

  const dpi = chooseDpi(page, marks, limits);
  const width = Math.max(1, Math.round((page.width * dpi) / 72));
  const height = Math.max(1, Math.round((page.height * dpi) / 72));
  const picture = draw(page, width, height);
  if (picture.blank) {
    const pageSize = areaSize(page.box);
    for (const mark of drawn) {
      const seen = areaSize(common(areaOf(mark), page.box));
      if (seen >= ESSENTIAL * pageSize && !mark.decodes())
        throw new Failure('pageUnreadable', `its ${mark.codec || 'image'} does not decode`);
    }
  }
  return { ...(await encode(picture, width, height)), width, height, dpi, blank: picture.blank };
}

/** An image of one bit a pixel may have more pixels, since it takes an eighth of the memory. */
function refuseHuge(mark: Mark, images: readonly OutlineImage[], limits: RenderLimits): void {
  const pixels = mark.width * mark.height;
  if (pixels <= limits.maxPixels) return;
  const fax = mark.codec === 'CCITTFaxDecode' || mark.codec === 'JBIG2Decode';
  const facts = images.find((i) => i.width === mark.width && i.height === mark.height);
  const bits = fax ? 1 : (facts?.bits ?? 24);
  if ((pixels * bits) / 8 > limits.memoryBytes / 4 || bits > 1)
    throw new Failure('pageTooLarge', `${mark.width} × ${mark.height} pixels`);
}

/** pdfium fills what is missing of an image and says nothing. */
async function refuseCut(mark: Mark, images: readonly OutlineImage[]): Promise<void> {
  if (mark.codec === 'DCTDecode') {
    const bytes = mark.encoded();
    if (readJpeg(bytes)?.complete === false) await completeJpeg(bytes);
    return;
  }
  if (!UNPACKED.includes(mark.codec)) return;
  const facts = images.filter((i) => i.width === mark.width && i.height === mark.height);
  const bits = facts[0]?.bits;
  if (bits === undefined || facts.some((image) => image.bits !== bits)) return;
  const stated = Math.ceil((mark.width * bits) / 8) * mark.height;
  if (mark.encodedBytes() < COMPLETE * stated)
    throw new Failure('pageUnreadable', 'the image of the page is cut short');
}

/**
 * The JPEG with its end marker, when that is all it lacks.
 * @throws Failure `pageUnreadable` when picture is missing too
 */
export async function completeJpeg(bytes: Buffer): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const ended = Buffer.concat([bytes, EOI]);
  try {
    await sharp(ended, { failOn: 'warning', limitInputPixels: false }).stats();
  } catch (error) {
    throw new Failure('pageUnreadable', 'the JPEG of the page is cut short', { cause: error });
  }
  return ended;
}

function chooseDpi(page: PdfiumPage, marks: readonly Mark[], limits: RenderLimits): number {
  const pageSize = areaSize(page.box);
  let native = 0;
  for (const mark of marks) {
    if (mark.kind !== 'image' || areaSize(areaOf(mark)) < DECISIVE * pageSize) continue;
    native = Math.max(native, ...dotsPerInch(mark));
  }
  const onlyImages = native > 0 && marks.every((mark) => mark.kind === 'image' || mark.invisible);
  const least = onlyImages
    ? Math.min(limits.dpi, (ENOUGH_PIXELS * 72) / Math.max(page.width, page.height))
    : limits.dpi;
  const wanted = Math.min(Math.max(native, least), Math.max(FINEST_DPI, least));
  // A drawn page is held with up to 3 bytes a pixel beside pdfium's own memory.
  const mostPixels = Math.min(limits.maxPixels, limits.memoryBytes / 8);
  const fits = 72 * Math.sqrt(mostPixels / (page.width * page.height));
  return Math.min(wanted, fits);
}

interface Picture {
  readonly data: Buffer;
  readonly channels: 1 | 3;
  readonly flat: boolean;
  readonly blank: boolean;
}

/** Draws in bands, one byte a pixel as long as everything is grey. */
function draw(page: PdfiumPage, width: number, height: number): Picture {
  const pixels = width * height;
  const rows = Math.max(1, Math.floor(BAND_PIXELS / width));
  let grey: Buffer | undefined = Buffer.allocUnsafe(pixels);
  let colour: Buffer | undefined;
  let extremes = 0;
  let blank = true;
  let first = -1;
  for (let top = 0; top < height; top += rows) {
    const band = page.draw({ width, height }, top, Math.min(rows, height - top));
    let at = top * width;
    if (grey && !isGrey(band)) {
      colour = Buffer.allocUnsafe(pixels * 3);
      for (let i = 0, to = 0; i < at; i++) {
        const value = grey[i]!;
        colour[to++] = value;
        colour[to++] = value;
        colour[to++] = value;
      }
      grey = undefined;
    }
    for (let from = 0; from < band.length; from += 4, at++) {
      const red = band[from]!;
      const green = band[from + 1]!;
      const blue = band[from + 2]!;
      if (grey) grey[at] = red;
      else {
        colour![at * 3] = red;
        colour![at * 3 + 1] = green;
        colour![at * 3 + 2] = blue;
      }
      if ((red | green | blue) < 16 || (red & green & blue) >= 240) extremes++;
      if (first < 0) first = (red << 16) | (green << 8) | blue;
      else if (blank && first !== ((red << 16) | (green << 8) | blue)) blank = false;
    }
  }
  const data = grey ?? colour!;
  return { data, channels: grey ? 1 : 3, flat: extremes >= FLAT * pixels, blank };
}

function isGrey(rgbx: Uint8Array): boolean {
  for (let i = 0; i < rgbx.length; i += 4)
    if (rgbx[i] !== rgbx[i + 1] || rgbx[i] !== rgbx[i + 2]) return false;
  return true;
}

async function encode(
  picture: Picture,
  width: number,
  height: number,
): Promise<Pick<Rendered, 'image' | 'mime'>> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  const raw = sharp(picture.data, {
    raw: { width, height, channels: picture.channels },
    limitInputPixels: false,
  });
  if (picture.channels === 1) raw.toColourspace('b-w');
  if (picture.flat)
    return { image: await raw.png({ compressionLevel: 3 }).toBuffer(), mime: 'image/png' };
  const image = await raw.jpeg({ quality: JPEG_QUALITY, chromaSubsampling: '4:4:4' }).toBuffer();
  return { image, mime: 'image/jpeg' };
}
