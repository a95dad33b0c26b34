import { z } from 'zod';
import type { PageQuality, QualityProblem } from '../../models/books.ts';
import type { Form } from '../../models/forms/define.ts';
import type { Quad } from '../../models/geometry.ts';
import {
  decodeScan,
  evenPaper,
  type Gray,
  halve,
  type Scan,
  turn,
  turnScan,
} from '../image/gray.ts';
import { findGutter } from '../image/gutter.ts';
import { findLetters, type Letters } from '../image/letters.ts';
import { MOST_SKEW, orientationOf } from '../image/orientation.ts';
import { distortion, findOutline, type Outline, sizeOf } from '../image/outline.ts';
import { measureScan } from '../image/quality.ts';
import { flatten } from '../image/sheet.ts';
import { skewAngle } from '../image/skew.ts';
import { Upright, uprightOf } from '../image/upright.ts';

/** What straightening stores: how an image becomes upright. */
export const Straightened = z.object({
  upright: Upright,
  /** Blob key of the flat sheet cut out of a photo or a spread; the page's own image without it. */
  imageKey: z.string().optional(),
  /** Pixels per inch of that sheet. */
  dpi: z.number().positive().optional(),
});
export type Straightened = z.infer<typeof Straightened>;

/** What straightening gives; `image`, where there is one, is to be kept under a key. */
export interface Straight {
  readonly result: Omit<Straightened, 'imageKey'>;
  readonly quality: PageQuality;
  /** The scan with all its quarter turns behind it. */
  readonly scan: Scan;
  /** The flat sheet as a JPEG, where the page's own image is a photo or a spread. */
  readonly image?: Buffer;
  /** The image shows two pages, and this is the left one. */
  readonly more: boolean;
}

interface Input {
  readonly image: Buffer;
  readonly quarterTurns: number;
  readonly maxPixels: number;
  /** Pixels per inch, as the document says; 300 without. */
  readonly dpi?: number;
  /** The paper of the book's form, A4 without: of two such pages on one image each is a page. */
  readonly paper?: Form['paper'];
  /** Which page of a spread: 0 the left one, or the only page there is. */
  readonly part?: number;
}

/** Sides of A4 in inches. */
const SHORT_SIDE = 8.27;
const LONG_SIDE = { A4: 11.69, A3: 16.54 } as const;
/** How far the letters' own skew may be off, in degrees. */
const NEAR = 1;

/**
 * Decodes a page and measures how it lies: turned by quarters, beyond what its document says, and
 * skewed by up to 10°. A sheet photographed on a desk is flattened, a spread is divided.
 * @throws Failure `pageTooLarge`, `pageUnreadable`
 */
export function straighten(input: Input): Promise<Straight> {
  return straightenImage({ dpi: 300, paper: 'A4', part: 0, ...input }, false);
}

/** @param flat the image is a sheet that was cut out of a photo or a spread */
async function straightenImage(input: Required<Input>, flat: boolean): Promise<Straight> {
  const decoded = turnScan(await decodeScan(input.image, input.maxPixels), input.quarterTurns);
  const dpi = plausible(input.dpi, decoded.ink, input.paper);
  const { small, even, letters } = look(decoded, input.paper);
  const overview = shrunk(decoded.all, 475);
  const outline = findOutline(overview);
  if (outline.quad && !flat && isPhoto(outline)) {
    const corners = inParts(outline.quad, overview);
    return asSheet(input, corners, decoded.ink);
  }
  const lies = orientationOf(letters.list);
  const turns = lies?.turns ?? 0;
  const scan = turnScan(decoded, turns);
  if (input.paper === 'A4' && lies) {
    const upright = turn(small, turns);
    const found = findGutter(
      upright,
      (turns === 0 ? letters : look(scan, input.paper).letters).list,
    );
    // A right page was divided off before, and stays one.
    const gutter = found ?? (input.part === 1 ? upright.width / 2 : undefined);
    if (gutter !== undefined) {
      const half = halfOf(gutter / upright.width, input.part);
      const turned = { ...input, quarterTurns: (input.quarterTurns + turns) % 4, part: 0 };
      const own = await asSheet(turned, half, scan.ink);
      return { ...own, more: input.part === 0 };
    }
  }
  const angle = lies
    ? skewAngle(turn(even, turns), lies.skew, NEAR)
    : skewAngle(even, 0, MOST_SKEW);
  const upright = uprightOf(scan.ink, angle, (input.quarterTurns + turns) % 4);
  const quality = judge({ ...input, dpi }, scan.ink, letters, outline, lies !== undefined, flat);
  const told = dpi === input.dpi ? {} : { dpi };
  return { result: { upright, ...told }, quality, scan, more: false };
}

/** Paper is from half of A4 to A3; what a camera writes as resolution is about no paper at all. */
const PAPER_SIDE = { least: 5.5, most: 18 } as const;

/** The resolution as told, or, where paper of that size is none, that of A4. */
function plausible(dpi: number, { width, height }: Gray, paper: Form['paper']): number {
  const side = Math.max(width, height) / dpi;
  const likely = side >= PAPER_SIDE.least && side <= PAPER_SIDE.most;
  return likely ? dpi : Math.max(width, height) / LONG_SIDE[paper];
}

/** `faint`: none, but much that looks like letters in ink that was scanned too light. */
type FoundLetters = Letters & { readonly faint: boolean };

/** The page at a size for measuring, evened, with its letters. */
function look(
  scan: Scan,
  paper: Form['paper'],
): { small: Gray; even: Gray; letters: FoundLetters } {
  const small = shrunk(scan.ink, 1900);
  const even = evenPaper(small, 32);
  const dpi = Math.max(even.width, even.height) / LONG_SIDE[paper];
  const letters = findLetters(even, dpi);
  const faint =
    letters.list.length < NO_TEXT && findLetters(even, dpi, FAINT_INK).list.length >= FAINT_LETTERS;
  return { small, even, letters: { ...letters, faint } };
}

function shrunk(image: Gray, longest: number): Gray {
  let small = image;
  while (Math.max(small.width, small.height) > longest) small = halve(small);
  return small;
}

/** A photo shows the desk on all sides, in parts of its own, and the sheet from an angle. */
const DESK = 0.03;
const ANGLE = 0.02;

function isPhoto({ quad, inset }: Outline): boolean {
  const least = Math.min(...Object.values(inset).map((part) => part ?? 0));
  return quad !== undefined && least >= DESK && distortion(quad) >= ANGLE;
}

function inParts(quad: Quad, { width, height }: Gray): Quad {
  return quad.map(({ x, y }) => ({ x: x / width, y: y / height })) as unknown as Quad;
}

function halfOf(gutter: number, part: number): Quad {
  const [left, right] = part === 0 ? [0, gutter] : [gutter, 1];
  return [
    { x: left, y: 0 },
    { x: right, y: 0 },
    { x: right, y: 1 },
    { x: left, y: 1 },
  ];
}

/** Flattens what lies between the corners and straightens that. */
async function asSheet(input: Required<Input>, corners: Quad, turned: Gray): Promise<Straight> {
  const inPixels = corners.map(({ x, y }) => ({ x: x * turned.width, y: y * turned.height }));
  const size = sizeOf(inPixels as unknown as Quad);
  const width = Math.round(size.width);
  const height = Math.round(size.height);
  const image = await flatten(input.image, input.quarterTurns, corners, { width, height });
  const spread = width > height;
  const dpi = Math.max(width, height) / (spread ? 2 * SHORT_SIDE : LONG_SIDE.A4);
  const flat = await straightenImage({ ...input, image, quarterTurns: 0, dpi }, true);
  return {
    ...flat,
    image: flat.image ?? image,
    result: { ...flat.result, dpi: flat.result.dpi ?? dpi },
  };
}

/** Thresholds: pages drawn with up to heavy ageing on one side, unreadable ones on the other. */
const LOWEST_DPI = 110;
/** Edges of strokes are at most so wide, in millimetres. */
const WIDEST_EDGE = 0.36;
const DARKEST_PAPER = 100;
const LEAST_CONTRAST = 0.36;
/** With fewer letters there is nothing to judge the ink by. */
const FEW_LETTERS = 8;
/** Light below which a page without letters is no paper. */
const PAPER = 175;
/** A sheet of paper is so much longer than wide. */
const SHAPE = { least: 1.2, most: 1.7 } as const;
/** An edge of the sheet that lies further inside than this belongs to a sheet that goes on outside. */
const ASIDE = 0.2;
/** Where the fold of an open book lies, in parts of its width. */
const FOLD = { least: 0.4, most: 0.6 } as const;
/** As dark as this on an evened page is ink that was scanned too light: text, if there is so much. */
const FAINT_INK = 220;
const FAINT_LETTERS = 150;
/** With fewer letters than this of usual ink. */
const NO_TEXT = 40;
/** So many letters are cut through by the edge of the picture where text goes on outside of it. */
const CUT_LETTERS = 4;

function judge(
  { dpi, paper }: Required<Input>,
  ink: Gray,
  letters: FoundLetters,
  { quad, inset }: Outline,
  text: boolean,
  flat: boolean,
): PageQuality {
  const measured = measureScan(ink);
  const { width, height } = ink;
  const shape = Math.max(width, height) / Math.min(width, height);
  // What looks like an edge in the middle of an open book is its fold.
  const isFold = (part: number) => paper === 'A3' && part > FOLD.least && part < FOLD.most;
  const aside = Object.values(inset).some(
    (part) => part !== undefined && part > ASIDE && !isFold(part),
  );
  const edge = measured.edge === undefined ? undefined : (measured.edge / dpi) * 25.4;
  // Blur takes the depth of strokes away as well.
  const blurred = edge !== undefined && edge > WIDEST_EDGE;
  const found: Record<QualityProblem, boolean> = {
    noPage: letters.list.length < FEW_LETTERS && measured.paper < PAPER,
    lowResolution: dpi < LOWEST_DPI,
    blurred,
    tooDark: measured.paper < DARKEST_PAPER,
    tooLight: letters.faint || (text && !blurred && measured.contrast < LEAST_CONTRAST),
    cutOff:
      shape < SHAPE.least ||
      shape > SHAPE.most ||
      (paper === 'A4' && text && width > height) ||
      (text && !quad && aside) ||
      (!flat && letters.cut >= CUT_LETTERS),
  };
  const problems = (Object.keys(found) as QualityProblem[]).filter((problem) => found[problem]);
  const round = (n: number) => Math.round(n * 1000) / 1000;
  return {
    dpi: Math.round(dpi),
    paper: measured.paper,
    contrast: round(measured.contrast),
    ...(edge === undefined ? {} : { edge: round(edge) }),
    problems,
  };
}
