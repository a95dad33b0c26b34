import {
  decodePDFRawStream,
  PDFArray,
  PDFBool,
  type PDFContext,
  PDFDict,
  PDFName,
  PDFNumber,
  type PDFObject,
  PDFParser,
  PDFRawStream,
  PDFRef,
} from 'pdf-lib';
import type { PdfSource } from './source.ts';

/** A place in the page tree, as the second reader sees it. */
export interface OutlinePage {
  /** Number of the page's object; 0 when it is written inside its parent. */
  readonly objectNumber: number;
  /** `missing`: the tree names an object that the file lacks; `loop`: the tree comes back here. */
  readonly state: 'present' | 'missing' | 'loop';
}

/** What the dictionary of an image says. */
export interface OutlineImage {
  readonly width: number;
  readonly height: number;
  /** Bits of a pixel as stored: 1, 8, 24 …; undefined when the dictionary does not say. */
  readonly bits: number | undefined;
  /** The filter that makes pixels, e.g. `DCTDecode`; undefined when there is none. */
  readonly codec: string | undefined;
  /** The pixels are shown as they are: no mask, no inverted range, grey or RGB. */
  readonly plain: boolean;
  /** The file ends in the middle of it. */
  readonly cut: boolean;
}

/** A PDF file as read by pdf-lib's parser: the second opinion on its pages. */
export interface Outline {
  readonly pages: readonly OutlinePage[];
  /** Number and generation of the catalogue's object, `12 0`. */
  readonly root: string;
  /** The images that the page's resources name. */
  images(page: number): readonly OutlineImage[];
  /** True when the page's content, or an image that its resources name, is not in the file. */
  lacks(page: number): boolean;
  /** True when the page's content shows text or an image. */
  paints(page: number): boolean;
}

/** Page trees are a few levels deep. */
const DEEPEST = 100;

const name = (text: string) => PDFName.of(text);

/**
 * Reads the structure of a PDF from its objects in file order, so that it needs no intact
 * cross-reference table. Streams are skipped but for those that hold objects. Encrypted files work
 * as long as their objects are not inside encrypted streams.
 * Stops after `maxPages + 1` pages. Undefined when no page tree can be found.
 */
export async function readOutline(
  source: PdfSource,
  maxPages: number,
): Promise<Outline | undefined> {
  const parser = new Skimmer(source);
  const context = await parser.skim();
  const root = findCatalog(context);
  const catalog = context.lookup(root);
  if (!root || !(catalog instanceof PDFDict)) return undefined;
  const leaves = walk(context, catalog.get(name('Pages')), maxPages + 1);
  // Some writers give every page one resource dictionary that names the images of all pages.
  const known = new Map<PDFDict, OutlineImage>();
  if (!leaves) return undefined;
  return {
    pages: leaves.map(({ objectNumber, state }) => ({ objectNumber, state })),
    root: `${root.objectNumber} ${root.generationNumber}`,
    images: (page) => {
      const leaf = leaves[page];
      return leaf?.dict ? imagesOf(leaf.dict, leaf.parents, parser.cut, known) : [];
    },
    lacks: (page) => {
      const leaf = leaves[page];
      return leaf?.dict ? lacksParts(leaf.dict, leaf.parents) : true;
    },
    paints: (page) => {
      const dict = leaves[page]?.dict;
      return dict ? contentsOf(dict).some((part) => PAINTS.test(parser.textOf(part))) : false;
    },
  };
}

/** Operators that show text or an image, as whole words. */
const PAINTS = /(^|[\s\])>])(Tj|TJ|'|"|Do|BI|sh)(\s|$)/;

/** What the trailer names, else any catalogue. */
function findCatalog(context: PDFContext): PDFRef | undefined {
  const named = context.trailerInfo.Root;
  if (named instanceof PDFRef && context.lookup(named) instanceof PDFDict) return named;
  const found = context
    .enumerateIndirectObjects()
    .find(
      ([, object]) => object instanceof PDFDict && object.get(name('Type')) === name('Catalog'),
    );
  return found?.[0];
}

interface Leaf extends OutlinePage {
  readonly dict: PDFDict | undefined;
  /** From the nearest to the root: a page inherits from them. */
  readonly parents: readonly PDFDict[];
}

/** The leaves of the page tree in order; undefined when there is no tree. */
function walk(context: PDFContext, root: PDFObject | undefined, most: number): Leaf[] | undefined {
  const leaves: Leaf[] = [];
  let visited = 0;
  const visit = (object: PDFObject | undefined, parents: readonly PDFDict[]): void => {
    if (leaves.length >= most || visited++ > most * 4) return;
    const objectNumber = object instanceof PDFRef ? object.objectNumber : 0;
    const dict = context.lookup(object);
    if (!(dict instanceof PDFDict)) {
      leaves.push({ objectNumber, state: 'missing', dict: undefined, parents });
      return;
    }
    const kids = dict.lookup(name('Kids'));
    if (!(kids instanceof PDFArray)) {
      leaves.push({ objectNumber, state: 'present', dict, parents });
    } else if (parents.includes(dict) || parents.length > DEEPEST) {
      leaves.push({ objectNumber, state: 'loop', dict: undefined, parents });
    } else {
      for (const kid of kids.asArray()) visit(kid, [dict, ...parents]);
    }
  };
  if (!(context.lookup(root) instanceof PDFDict)) return undefined;
  visit(root, []);
  return leaves;
}

/** A value of the page or, when it has none, of the nearest parent that has. */
function inherited(key: string, page: PDFDict, parents: readonly PDFDict[]): PDFObject | undefined {
  for (const dict of [page, ...parents]) {
    const value = dict.lookup(name(key));
    if (value) return value;
  }
  return undefined;
}

function xObjects(page: PDFDict, parents: readonly PDFDict[]): PDFDict | undefined {
  const resources = inherited('Resources', page, parents);
  const found = resources instanceof PDFDict ? resources.lookup(name('XObject')) : undefined;
  return found instanceof PDFDict ? found : undefined;
}

function imagesOf(
  page: PDFDict,
  parents: readonly PDFDict[],
  cut: ReadonlySet<PDFDict>,
  known: Map<PDFDict, OutlineImage>,
): OutlineImage[] {
  const named = xObjects(page, parents);
  const images: OutlineImage[] = [];
  for (const key of named?.keys() ?? []) {
    const stream = named?.lookup(key);
    if (!(stream instanceof PDFRawStream)) continue;
    if (stream.dict.lookup(name('Subtype')) !== name('Image')) continue;
    const image = known.get(stream.dict) ?? imageOf(stream.dict, cut.has(stream.dict));
    known.set(stream.dict, image);
    images.push(image);
  }
  return images;
}

const number = (value: PDFObject | undefined) =>
  value instanceof PDFNumber ? value.asNumber() : undefined;

function imageOf(dict: PDFDict, cut: boolean): OutlineImage {
  const codec = lastFilter(dict);
  const space = dict.lookup(name('ColorSpace'));
  const components = componentsOf(space);
  const mask = dict.lookup(name('ImageMask')) === PDFBool.True;
  const depth = mask ? 1 : number(dict.lookup(name('BitsPerComponent')));
  const masked = ['SMask', 'Mask', 'SMaskInData', 'OC'].some((key) => {
    const value = dict.lookup(name(key));
    return value !== undefined && number(value) !== 0;
  });
  return {
    width: number(dict.lookup(name('Width'))) ?? 0,
    height: number(dict.lookup(name('Height'))) ?? 0,
    bits: depth === undefined ? undefined : bitsOf(depth, mask ? 1 : componentsStored(space)),
    codec,
    plain:
      !mask &&
      !masked &&
      depth === 8 &&
      (components === 1 || components === 3) &&
      isPlainRange(dict.lookup(name('Decode'))) &&
      !changesColours(dict.lookup(name('DecodeParms'))),
    cut,
  };
}

function lastFilter(dict: PDFDict): string | undefined {
  const filter = dict.lookup(name('Filter'));
  const last = filter instanceof PDFArray ? filter.lookup(filter.size() - 1) : filter;
  return last instanceof PDFName ? last.decodeText() : undefined;
}

/** 1 for grey, 3 for RGB; undefined for what needs a conversion. */
function componentsOf(space: PDFObject | undefined): 1 | 3 | undefined {
  const family = space instanceof PDFArray ? space.lookup(0) : space;
  if (family === name('DeviceGray') || family === name('CalGray')) return 1;
  if (family === name('DeviceRGB') || family === name('CalRGB')) return 3;
  if (family === name('ICCBased') && space instanceof PDFArray) {
    const profile = space.lookup(1);
    const n = profile instanceof PDFRawStream ? number(profile.dict.lookup(name('N'))) : undefined;
    if (n === 1 || n === 3) return n;
  }
  return undefined;
}

const ONE_COMPONENT = [name('Indexed'), name('Separation'), name('DeviceGray'), name('CalGray')];
const FOUR_COMPONENTS = [name('DeviceCMYK'), name('CalCMYK')];

/** Numbers stored for a pixel; undefined when the colour space does not tell. */
function componentsStored(space: PDFObject | undefined): number | undefined {
  const family = space instanceof PDFArray ? space.lookup(0) : space;
  if (ONE_COMPONENT.some((one) => one === family)) return 1;
  if (FOUR_COMPONENTS.some((four) => four === family)) return 4;
  return componentsOf(space);
}

function bitsOf(depth: number, components: number | undefined): number | undefined {
  return components === undefined ? undefined : depth * components;
}

function isPlainRange(decode: PDFObject | undefined): boolean {
  if (decode === undefined) return true;
  if (!(decode instanceof PDFArray)) return false;
  return decode.asArray().every((value, i) => number(value) === i % 2);
}

function changesColours(parameters: PDFObject | undefined): boolean {
  const all = parameters instanceof PDFArray ? parameters.asArray() : [parameters];
  return all.some(
    (entry) => entry instanceof PDFDict && number(entry.lookup(name('ColorTransform'))) === 0,
  );
}

function contentsOf(page: PDFDict): (PDFObject | undefined)[] {
  const contents = page.lookup(name('Contents'));
  return contents instanceof PDFArray ? contents.asArray() : [page.get(name('Contents'))];
}

function lacksParts(page: PDFDict, parents: readonly PDFDict[]): boolean {
  const named = xObjects(page, parents);
  return [...contentsOf(page), ...(named?.keys() ?? []).map((key) => named?.get(key))].some(
    (part) => part instanceof PDFRef && !(page.context.lookup(part) instanceof PDFRawStream),
  );
}

/** pdf-lib's parser over a file on disk; the contents of streams are not kept. */
class Skimmer extends PDFParser {
  /** Dictionaries of streams that the end of the file cuts. */
  readonly cut = new Set<PDFDict>();
  readonly #places = new Map<PDFDict, readonly [start: number, end: number]>();
  readonly #source: PdfSource;

  constructor(source: PdfSource) {
    super(new Uint8Array(), Number.POSITIVE_INFINITY, false, true);
    this.#source = source;
    // The parser reads through this one object, whose class the package does not export.
    Object.assign(this, { bytes: new Cursor(source) });
  }

  /** Reads the file as far as it can be read. */
  async skim(): Promise<PDFContext> {
    try {
      return await this.parseDocument();
    } catch {
      return this.context;
    }
  }

  /** The contents of a stream, decoded; empty when that is not possible. */
  textOf(stream: PDFObject | undefined): string {
    const found = this.context.lookup(stream);
    const place = found instanceof PDFRawStream ? this.#places.get(found.dict) : undefined;
    if (!(found instanceof PDFRawStream) || !place) return '';
    try {
      const bytes = this.bytes.slice(...place);
      const decoded = decodePDFRawStream(PDFRawStream.of(found.dict, bytes)).decode();
      return Buffer.from(decoded).toString('latin1');
    } catch {
      return '';
    }
  }

  /**
   * pdf-lib's own version copies every stream, and walks a stream whose length is a reference
   * byte by byte (7 s for 240 MB).
   */
  protected override parseDictOrStream(): PDFDict | PDFRawStream {
    const dict = this.parseDict();
    this.skipWhitespaceAndComments();
    if (!this.matchKeyword(STREAM)) return dict;
    if (this.bytes.peek() === 13) this.bytes.next();
    if (this.bytes.peek() === 10) this.bytes.next();

    const start = this.bytes.offset();
    let end = start + (number(dict.lookup(name('Length'))) ?? 0);
    if (!this.#endsAt(end)) {
      end = this.#source.indexOf('endstream', start);
      if (end < 0) {
        end = this.#source.size;
        this.cut.add(dict);
      }
    }
    this.#places.set(dict, [start, end]);
    this.bytes.moveTo(end);
    this.skipWhitespaceAndComments();
    this.matchKeyword(END_STREAM);

    const type = dict.lookup(name('Type'));
    const holdsObjects = type === name('ObjStm') || type === name('XRef');
    return PDFRawStream.of(dict, holdsObjects ? this.bytes.slice(start, end) : new Uint8Array());
  }

  #endsAt(end: number): boolean {
    if (end > this.#source.size) return false;
    const next = Buffer.alloc(16);
    this.#source.read(next, end);
    return /^\s*endstream/.test(next.toString('latin1'));
  }
}

const STREAM = [...Buffer.from('stream')];
const END_STREAM = [...Buffer.from('endstream')];

/** What pdf-lib's parser reads from: a position in the file and the bytes around it. */
class Cursor {
  readonly #source: PdfSource;
  readonly #piece = Buffer.alloc(16 * 1024);
  #pieceAt = 0;
  #pieceLength = 0;
  #at = 0;

  constructor(source: PdfSource) {
    this.#source = source;
  }

  peekAt(offset: number): number | undefined {
    if (offset < this.#pieceAt || offset >= this.#pieceAt + this.#pieceLength) {
      if (offset < 0 || offset >= this.#source.size) return undefined;
      // A little of what lies behind stays: the parser steps back when a keyword does not match.
      this.#pieceAt = Math.max(0, offset - 256);
      this.#pieceLength = this.#source.read(this.#piece, this.#pieceAt);
    }
    return this.#piece[offset - this.#pieceAt];
  }

  peek(): number | undefined {
    return this.peekAt(this.#at);
  }

  peekAhead(steps: number): number | undefined {
    return this.peekAt(this.#at + steps);
  }

  next(): number | undefined {
    return this.peekAt(this.#at++);
  }

  assertNext(expected: number): number {
    if (this.peek() !== expected) throw new Error(`unexpected byte at ${this.#at}`);
    this.#at++;
    return expected;
  }

  moveTo(offset: number): void {
    this.#at = offset;
  }

  offset(): number {
    return this.#at;
  }

  done(): boolean {
    return this.#at >= this.#source.size;
  }

  slice(start: number, end: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(end, this.#source.size) - start));
    this.#source.read(bytes, start);
    return bytes;
  }

  position(): { line: number; column: number; offset: number } {
    return { line: 0, column: 0, offset: this.#at };
  }
}
