import { type JpegFacts, readJpeg } from './jpeg.ts';
import type { OutlineImage } from './outline.ts';
import type { Area, Mark, PdfiumPage } from './pdfium.ts';

/** A page that is one JPEG. */
export interface Embedded {
  readonly mark: Mark;
  readonly bytes: Buffer;
  readonly facts: JpegFacts;
  /** Clockwise quarter turns that show it as the page is seen. */
  readonly quarterTurns: 0 | 1 | 2 | 3;
  readonly dpi: number;
}

/** The share of the visible page that the image covers; scanners leave a rounding margin. */
const COVERS = 0.95;
/** The share of the image that lies on the visible page: less is a crop, which has to be drawn. */
const SHOWS = 0.985;
/** Pixels wider than high by more than this make a picture out of proportion. */
const SQUARE = 0.02;

/**
 * The JPEG of a page that shows nothing but this one image, whole and without any change but whole
 * quarter turns; undefined when the page has to be drawn. Hidden text and what lies below the
 * image do not count as content.
 */
export function embeddedScan(
  page: PdfiumPage,
  marks: readonly Mark[],
  images: readonly OutlineImage[],
): Embedded | undefined {
  if (page.annotations > 0 || page.quarterTurns === undefined) return undefined;
  const at = marks.findIndex((mark) => mark.kind === 'image');
  const mark = marks[at];
  if (mark?.codec !== 'DCTDecode' || mark.special || mark.nested) return undefined;
  const area = areaOf(mark);
  const visible = page.box;
  const shown = areaSize(common(area, mark.clip ?? area, visible));
  if (shown < COVERS * areaSize(visible) || shown < SHOWS * areaSize(area)) return undefined;
  const turns = turnsOf(mark);
  if (turns === undefined) return undefined;

  const others = marks.filter((other) => other !== mark && !other.invisible);
  if (others.some((other) => marks.indexOf(other) > at || other.kind !== 'path')) return undefined;

  const facts = images.filter(
    (image) => image.width === mark.width && image.height === mark.height,
  );
  if (facts.length === 0) return undefined;
  if (!facts.every((image) => image.plain && image.codec === 'DCTDecode')) return undefined;

  const bytes = mark.encoded();
  const jpeg = readJpeg(bytes);
  if (!jpeg?.common || (jpeg.components !== 1 && jpeg.components !== 3)) return undefined;
  if (jpeg.width !== mark.width || jpeg.height !== mark.height) return undefined;
  if (jpeg.orientation !== 1) return undefined;

  const [across, down] = dotsPerInch(mark);
  if (Math.abs(across / down - 1) > SQUARE) return undefined;
  const quarterTurns = ((turns + page.quarterTurns) % 4) as 0 | 1 | 2 | 3;
  return { mark, bytes, facts: jpeg, quarterTurns, dpi: (across + down) / 2 };
}

/** Resolution of an image as placed, along its rows and along its columns. */
export function dotsPerInch(mark: Mark): [number, number] {
  const [a, b, c, d] = mark.matrix;
  return [(mark.width * 72) / Math.hypot(a, b), (mark.height * 72) / Math.hypot(c, d)];
}

/** The box around an image on the page. */
export function areaOf(mark: Mark): Area {
  const [a, b, c, d, e, f] = mark.matrix;
  const xs = [e, e + a, e + c, e + a + c];
  const ys = [f, f + b, f + d, f + b + d];
  return {
    left: Math.min(...xs),
    right: Math.max(...xs),
    bottom: Math.min(...ys),
    top: Math.max(...ys),
  };
}

export function common(...areas: readonly Area[]): Area {
  return {
    left: Math.max(...areas.map((area) => area.left)),
    bottom: Math.max(...areas.map((area) => area.bottom)),
    right: Math.min(...areas.map((area) => area.right)),
    top: Math.min(...areas.map((area) => area.top)),
  };
}

export function areaSize(area: Area): number {
  return Math.max(0, area.right - area.left) * Math.max(0, area.top - area.bottom);
}

/** Clockwise quarter turns of an image's transformation; undefined when it is skewed or mirrored. */
function turnsOf(mark: Mark): 0 | 1 | 2 | 3 | undefined {
  const [a, b, c, d] = mark.matrix;
  // Half a pixel of slant over the whole image is none.
  const slant = 0.5 / Math.max(mark.width, mark.height, 1);
  if (Math.abs(b) <= slant * Math.abs(a) && Math.abs(c) <= slant * Math.abs(d)) {
    if (a > 0 && d > 0) return 0;
    if (a < 0 && d < 0) return 2;
  }
  if (Math.abs(a) <= slant * Math.abs(b) && Math.abs(d) <= slant * Math.abs(c)) {
    if (b < 0 && c > 0) return 1;
    if (b > 0 && c < 0) return 3;
  }
  return undefined;
}
