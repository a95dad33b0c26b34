import sharp, { type Sharp } from 'sharp';

/** A stream object: entries of its dictionary but the length, and its bytes. */
export interface Stream {
  readonly dict: string;
  readonly bytes: Buffer | string;
}

/**
 * Writes a PDF of the given objects, numbered from 1; the first is the catalogue. Bodies are
 * written as they are, so that a test can be as wrong as it likes.
 */
export function pdfOf(objects: readonly (string | Stream)[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = parts[0]!.length;
  const add = (part: string | Buffer): void => {
    const bytes = Buffer.from(part as string, 'latin1');
    parts.push(bytes);
    length += bytes.length;
  };
  objects.forEach((object, i) => {
    offsets.push(length);
    add(`${i + 1} 0 obj\n`);
    if (typeof object === 'string') add(object);
    else {
      const bytes = Buffer.from(object.bytes as string, 'latin1');
      add(`<< ${object.dict} /Length ${bytes.length} >>\nstream\n`);
      add(bytes);
      add('\nendstream');
    }
    add('\nendobj\n');
  });
  const xref = length;
  add(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`);
  for (const offset of offsets) add(`${String(offset).padStart(10, '0')} 00000 n \n`);
  add(`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`);
  return Buffer.concat(parts);
}

/** A page as a test describes it. */
export interface TestPage {
  /** Entries of the page's dictionary, e.g. `/Rotate 90`. */
  readonly entries?: string;
  readonly content: string;
  /** Become `/Im0`, `/Im1` … */
  readonly images?: readonly Stream[];
}

export const WIDE = 300;
export const HIGH = 400;

/** A PDF of pages of 300 × 400 points. Objects: catalogue, page tree, then page by page. */
export function documentOf(pages: readonly TestPage[]): Buffer {
  const objects: (string | Stream)[] = [];
  const kids: string[] = [];
  for (const page of pages) {
    const at = 4 + objects.length;
    kids.push(`${at} 0 R`);
    const images = page.images ?? [];
    const names = images.map((_, i) => `/Im${i} ${at + 2 + i} 0 R`).join(' ');
    objects.push(
      `<< /Type /Page /Parent 2 0 R /Contents ${at + 1} 0 R ${page.entries ?? ''}
         /Resources << /XObject << ${names} >> /Font << /F0 3 0 R >> >> >>`,
      { dict: '', bytes: page.content },
      ...images,
    );
  }
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages.length} /MediaBox [0 0 ${WIDE} ${HIGH}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...objects,
  ]);
}

/** Draws image `i` over the whole page. */
export const whole = (i = 0) => `q ${WIDE} 0 0 ${HIGH} 0 0 cm /Im${i} Do Q`;

/** A drawing whose four corners and sides all differ. */
function drawing(width: number, height: number): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
       <rect width="100%" height="100%" fill="#f4ecd8"/>
       <rect x="5%" y="4%" width="40%" height="12%" fill="#111"/>
       <circle cx="80%" cy="15%" r="${width / 10}" fill="#c22"/>
       <rect x="10%" y="45%" width="15%" height="45%" fill="#225"/>
       <path d="M ${width * 0.5} ${height * 0.9} h ${width * 0.4} v ${-height * 0.2} z" fill="#283"/>
     </svg>`,
  );
}

export async function jpeg(width = 600, height = 800): Promise<Buffer> {
  return sharp(drawing(width, height)).jpeg({ quality: 80 }).toBuffer();
}

/** Raw RGB pixels of the same drawing. */
export async function pixels(width = 600, height = 800): Promise<Buffer> {
  return sharp(drawing(width, height)).removeAlpha().raw().toBuffer();
}

/** An image object around a JPEG of 600 × 800 pixels. */
export function jpegImage(bytes: Buffer, entries = '', width = 600, height = 800): Stream {
  const space = entries.includes('/ColorSpace') ? '' : '/ColorSpace /DeviceRGB';
  return {
    dict: `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} ${space}
           /BitsPerComponent 8 /Filter /DCTDecode ${entries}`,
    bytes,
  };
}

/** Mean difference of two pictures of 60 × 80 grey pixels, of 255. */
export async function apart(a: Sharp, b: Sharp): Promise<number> {
  const small = async (image: Sharp) => {
    const { data, info } = await image.png().toBuffer({ resolveWithObject: true });
    const wide = info.width > info.height;
    return sharp(data)
      .resize(wide ? 80 : 60, wide ? 60 : 80, { fit: 'fill' })
      .flatten()
      .greyscale()
      .raw()
      .toBuffer();
  };
  const [left, right] = [await small(a), await small(b)];
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += Math.abs(left[i]! - (right[i] ?? 0));
  return sum / left.length;
}
