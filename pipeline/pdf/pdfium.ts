import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium';
import { Failure } from '../../models/failures.ts';
import type { PdfSource } from './source.ts';

/** Numbers from pdfium's public headers. */
const ERROR_PASSWORD = 4;
const ERROR_SECURITY = 5;
const OBJECT = { text: 1, path: 2, image: 3, shading: 4, form: 5 } as const;
const BITMAP_BGRX = 3;
const WITH_ANNOTATIONS = 0x01;
const RED_FIRST = 0x10;
const TEXT_INVISIBLE = 3;
const NO_FORM = 0;
const ANNOTATION_LINK = 2;
const ANNOTATION_POPUP = 16;
/** Forms inside forms, deeper than any scanner writes. */
const DEEPEST_FORM = 8;

/** What Emscripten puts around the library. */
interface Runtime {
  readonly HEAPU8: Uint8Array;
  readonly wasmExports: { malloc(size: number): number; free(at: number): void };
  addFunction(callback: (...args: number[]) => number, signature: string): number;
  removeFunction(at: number): void;
}

/** a, b, c, d, e, f of a PDF transformation. */
export type Matrix = readonly [number, number, number, number, number, number];

/** Left, bottom, right, top in points. */
export interface Area {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** Something that is drawn on a page, in drawing order; forms are opened up. */
export interface Mark {
  readonly kind: 'text' | 'path' | 'image' | 'shading';
  /** Text in render mode 3, as OCR programs put behind a scan. */
  readonly invisible: boolean;
  /** Drawn with transparency or as part of an optional layer. */
  readonly special: boolean;
  /** Inside a form XObject. */
  readonly nested: boolean;
  /** Of an image: the transformation of the unit square to the page. */
  readonly matrix: Matrix;
  /** Pixels of an image. */
  readonly width: number;
  readonly height: number;
  /** The area that clipping leaves of it; undefined when it is not clipped. */
  readonly clip: Area | undefined;
  /** Name of an image's last filter, e.g. `DCTDecode`; empty without one. */
  readonly codec: string;
  /** Bytes of an image with all filters undone but the codec. */
  encoded(): Buffer;
  /** Their number. */
  encodedBytes(): number;
  /** Decodes an image; false when it cannot be decoded. */
  decodes(): boolean;
}

export interface PdfiumPage {
  /** The visible box, crop box and media box together. */
  readonly box: Area;
  /** Points of the page as seen, turned by `/Rotate`. */
  readonly width: number;
  readonly height: number;
  /** Clockwise quarter turns of `/Rotate`; undefined when pdfium does not tell. */
  readonly quarterTurns: 0 | 1 | 2 | 3 | undefined;
  /** Annotations that leave ink: all but links and pop-ups. */
  readonly annotations: number;
  marks(): Mark[];
  /**
   * Draws rows `top` to `top + rows` of the page, upright and `width` × `height` pixels as a whole,
   * as RGBX. The bytes are valid until the next call into pdfium.
   */
  draw(size: { width: number; height: number }, top: number, rows: number): Uint8Array;
  close(): void;
}

export interface PdfiumDocument {
  readonly pageCount: number;
  /** Number of a page's object; 0 when there is none. */
  objectNumber(index: number): number;
  /** Undefined when the page cannot be loaded. */
  page(at: { index: number } | { objectNumber: number }): PdfiumPage | undefined;
  /**
   * Forgets what has been read: pdfium keeps every stream of a document that it has seen.
   * No page may be open.
   */
  refresh(): void;
  close(): void;
}

export interface Pdfium {
  /** @throws Failure `encrypted`, `truncated` */
  open(source: PdfSource, password: string | undefined): PdfiumDocument;
  /** Bytes of WebAssembly memory, which never shrinks. */
  heapBytes(): number;
}

/** Starts pdfium, about 50 ms. A trap inside it leaves it unusable: end the process then. */
export async function startPdfium(): Promise<Pdfium> {
  const require = createRequire(import.meta.url);
  const wasm = readFileSync(require.resolve('@embedpdf/pdfium/pdfium.wasm'));
  const library = await init({ wasmBinary: new Uint8Array(wasm).buffer });
  library.PDFiumExt_Init();
  const runtime = library.pdfium as unknown as Runtime;
  return {
    open: (source, password) => openDocument(library, runtime, source, password ?? ''),
    heapBytes: () => runtime.HEAPU8.length,
  };
}

function openDocument(
  library: WrappedPdfiumModule,
  runtime: Runtime,
  source: PdfSource,
  password: string,
): PdfiumDocument {
  const { malloc, free } = runtime.wasmExports;
  const getBlock = runtime.addFunction((_user, position, target, size) => {
    const bytes = runtime.HEAPU8.subarray(target!, target! + size!);
    return source.read(bytes, position! >>> 0) === size ? 1 : 0;
  }, 'iiiii');
  // FPDF_FILEACCESS: length, callback, argument of the callback.
  const access = malloc(12);
  view(runtime, access, 12).set(new Uint8Array(new Uint32Array([source.size, getBlock, 0]).buffer));

  const load = (): Loaded => {
    const document = library.FPDF_LoadCustomDocument(access, password);
    if (document) return { document, form: openForm(library, document) };
    const error = library.FPDF_GetLastError();
    if (error === ERROR_PASSWORD) throw new Failure('encrypted');
    if (error === ERROR_SECURITY) throw new Failure('encrypted', 'unknown kind of encryption');
    throw new Failure('truncated');
  };
  const unload = ({ document, form }: Loaded): void => {
    form?.close();
    library.FPDF_CloseDocument(document);
  };
  let loaded: Loaded;
  try {
    loaded = load();
  } catch (error) {
    free(access);
    runtime.removeFunction(getBlock);
    throw error;
  }
  return {
    pageCount: library.FPDF_GetPageCount(loaded.document),
    objectNumber: (index) => library.EPDFDoc_GetPageObjectNumberByIndex(loaded.document, index),
    page(at) {
      const page =
        'index' in at
          ? library.FPDF_LoadPage(loaded.document, at.index)
          : library.EPDFDoc_LoadPageByObjectNumber(loaded.document, at.objectNumber);
      return page ? openPage(library, runtime, page, loaded.form) : undefined;
    },
    refresh() {
      unload(loaded);
      loaded = load();
    },
    close() {
      unload(loaded);
      free(access);
      runtime.removeFunction(getBlock);
    },
  };
}

interface Loaded {
  readonly document: number;
  readonly form: Form | undefined;
}

/** The fields of an interactive form; pdfium draws them apart from the page. */
interface Form {
  readonly handle: number;
  close(): void;
}

function openForm(library: WrappedPdfiumModule, document: number): Form | undefined {
  if (library.FPDF_GetFormType(document) === NO_FORM) return undefined;
  const info = library.PDFiumExt_OpenFormFillInfo();
  const handle = library.PDFiumExt_InitFormFillEnvironment(document, info);
  if (handle) library.FPDF_SetFormFieldHighlightAlpha(handle, 0);
  return {
    handle,
    close() {
      if (handle) library.PDFiumExt_ExitFormFillEnvironment(handle);
      library.PDFiumExt_CloseFormFillInfo(info);
    },
  };
}

function view(runtime: Runtime, at: number, length: number): Uint8Array {
  return runtime.HEAPU8.subarray(at, at + length);
}

/** Calls `fill` with room for `count` numbers and returns them; undefined when `fill` says false. */
function readNumbers(
  runtime: Runtime,
  kind: 'f32' | 'u32',
  count: number,
  fill: (at: number) => boolean,
): number[] | undefined {
  const { malloc, free } = runtime.wasmExports;
  const at = malloc(count * 4);
  try {
    if (!fill(at)) return undefined;
    const bytes = view(runtime, at, count * 4).slice().buffer;
    return [...(kind === 'f32' ? new Float32Array(bytes) : new Uint32Array(bytes))];
  } finally {
    free(at);
  }
}

/** Calls `fill` once for the length and once for the bytes. */
function readBytes(runtime: Runtime, fill: (at: number, length: number) => number): Buffer {
  const { malloc, free } = runtime.wasmExports;
  const length = fill(0, 0);
  if (length === 0) return Buffer.alloc(0);
  const at = malloc(length);
  try {
    fill(at, length);
    return Buffer.from(view(runtime, at, length));
  } finally {
    free(at);
  }
}

function openPage(
  library: WrappedPdfiumModule,
  runtime: Runtime,
  page: number,
  form: Form | undefined,
): PdfiumPage {
  if (form?.handle) library.FORM_OnAfterLoadPage(page, form.handle);
  const box = readNumbers(runtime, 'f32', 4, (at) => library.FPDF_GetPageBoundingBox(page, at));
  // FS_RECTF is left, top, right, bottom.
  const [left, top, right, bottom] = box ?? [0, 792, 612, 0];
  // -1 for a page whose dictionary does not say that it is one.
  const turns = library.FPDFPage_GetRotation(page);
  return {
    box: { left: left!, bottom: bottom!, right: right!, top: top! },
    width: library.FPDF_GetPageWidthF(page),
    height: library.FPDF_GetPageHeightF(page),
    quarterTurns: turns < 0 ? undefined : ((turns & 3) as 0 | 1 | 2 | 3),
    annotations: countAnnotations(library, page),
    marks() {
      const marks: Mark[] = [];
      const count = library.FPDFPage_CountObjects(page);
      for (let i = 0; i < count; i++) {
        const object = library.FPDFPage_GetObject(page, i);
        addMarks(library, runtime, page, object, undefined, marks, 0);
      }
      return marks;
    },
    draw(size, first, rows) {
      const stride = size.width * 4;
      const pixels = runtime.wasmExports.malloc(stride * rows);
      if (!pixels) throw new Failure('outOfMemory');
      const bitmap = library.FPDFBitmap_CreateEx(size.width, rows, BITMAP_BGRX, pixels, stride);
      try {
        view(runtime, pixels, stride * rows).fill(255);
        const flags = WITH_ANNOTATIONS | RED_FIRST;
        const { width, height } = size;
        library.FPDF_RenderPageBitmap(bitmap, page, 0, -first, width, height, 0, flags);
        if (form?.handle)
          library.FPDF_FFLDraw(form.handle, bitmap, page, 0, -first, width, height, 0, flags);
        return view(runtime, pixels, stride * rows);
      } finally {
        library.FPDFBitmap_Destroy(bitmap);
        runtime.wasmExports.free(pixels);
      }
    },
    close() {
      if (form?.handle) library.FORM_OnBeforeClosePage(page, form.handle);
      library.FPDF_ClosePage(page);
    },
  };
}

function countAnnotations(library: WrappedPdfiumModule, page: number): number {
  const count = library.FPDFPage_GetAnnotCount(page);
  let inked = 0;
  for (let i = 0; i < count; i++) {
    const annotation = library.FPDFPage_GetAnnot(page, i);
    if (!annotation) continue;
    const kind = library.FPDFAnnot_GetSubtype(annotation);
    if (kind !== ANNOTATION_LINK && kind !== ANNOTATION_POPUP) inked++;
    library.FPDFPage_CloseAnnot(annotation);
  }
  return inked;
}

const KINDS: Readonly<Record<number, Mark['kind']>> = {
  [OBJECT.text]: 'text',
  [OBJECT.path]: 'path',
  [OBJECT.image]: 'image',
  [OBJECT.shading]: 'shading',
};

function addMarks(
  library: WrappedPdfiumModule,
  runtime: Runtime,
  page: number,
  object: number,
  outer: { special: boolean; matrix: Matrix } | undefined,
  marks: Mark[],
  depth: number,
): void {
  const special =
    (outer?.special ?? false) ||
    library.FPDFPageObj_HasTransparency(object) ||
    (library.FPDFPageObj_CountMarks(object) > 0 && isLayered(library, runtime, object));
  const own = matrixOf(library, runtime, object);
  const matrix = outer ? multiply(own, outer.matrix) : own;
  const type = library.FPDFPageObj_GetType(object);
  if (type === OBJECT.form) {
    if (depth >= DEEPEST_FORM) return;
    const count = library.FPDFFormObj_CountObjects(object);
    for (let i = 0; i < count; i++) {
      const inner = library.FPDFFormObj_GetObject(object, i);
      addMarks(library, runtime, page, inner, { special, matrix }, marks, depth + 1);
    }
    return;
  }
  const kind = KINDS[type];
  if (!kind) return;
  const size =
    kind === 'image'
      ? readNumbers(runtime, 'u32', 2, (at) =>
          library.FPDFImageObj_GetImagePixelSize(object, at, at + 4),
        )
      : undefined;
  marks.push({
    kind,
    invisible: kind === 'text' && library.FPDFTextObj_GetTextRenderMode(object) === TEXT_INVISIBLE,
    special,
    nested: outer !== undefined,
    matrix,
    width: size?.[0] ?? 0,
    height: size?.[1] ?? 0,
    clip: clipOf(library, runtime, object),
    codec: kind === 'image' ? codecOf(library, runtime, object) : '',
    encoded: () =>
      readBytes(runtime, (at, length) =>
        library.FPDFImageObj_GetImageFilterCount(object) === 1
          ? library.FPDFImageObj_GetImageDataRaw(object, at, length)
          : library.FPDFImageObj_GetImageDataDecoded(object, at, length),
      ),
    encodedBytes: () => library.FPDFImageObj_GetImageDataDecoded(object, 0, 0),
    decodes() {
      const bitmap = library.FPDFImageObj_GetBitmap(object);
      if (bitmap) library.FPDFBitmap_Destroy(bitmap);
      return bitmap !== 0;
    },
  });
}

function matrixOf(library: WrappedPdfiumModule, runtime: Runtime, object: number): Matrix {
  const read = readNumbers(runtime, 'f32', 6, (at) => library.FPDFPageObj_GetMatrix(object, at));
  return (read as unknown as Matrix | undefined) ?? [1, 0, 0, 1, 0, 0];
}

function multiply(inner: Matrix, outer: Matrix): Matrix {
  const [a, b, c, d, e, f] = inner;
  const [A, B, C, D, E, F] = outer;
  return [
    a * A + b * C,
    a * B + b * D,
    c * A + d * C,
    c * B + d * D,
    e * A + f * C + E,
    e * B + f * D + F,
  ];
}

function codecOf(library: WrappedPdfiumModule, runtime: Runtime, object: number): string {
  const count = library.FPDFImageObj_GetImageFilterCount(object);
  if (count <= 0) return '';
  const text = readBytes(runtime, (at, length) =>
    library.FPDFImageObj_GetImageFilter(object, count - 1, at, length),
  );
  return text.toString('latin1').replace(/\0+$/, '');
}

/** True when the object stands in marked content of an optional layer (`/OC`). */
function isLayered(library: WrappedPdfiumModule, runtime: Runtime, object: number): boolean {
  const count = library.FPDFPageObj_CountMarks(object);
  for (let i = 0; i < count; i++) {
    const mark = library.FPDFPageObj_GetMark(object, i);
    const length = readNumbers(runtime, 'u32', 1, (at) =>
      library.FPDFPageObjMark_GetName(mark, 0, 0, at),
    )?.[0];
    if (!length) continue;
    const { malloc, free } = runtime.wasmExports;
    const at = malloc(length + 4);
    library.FPDFPageObjMark_GetName(mark, at, length, at + length);
    const text = Buffer.from(view(runtime, at, length)).toString('utf16le');
    free(at);
    if (text.startsWith('OC\0')) return true;
  }
  return false;
}

/** The common area of the boxes around an object's clipping paths. */
function clipOf(library: WrappedPdfiumModule, runtime: Runtime, object: number): Area | undefined {
  const clip = library.FPDFPageObj_GetClipPath(object);
  const paths = clip ? library.FPDFClipPath_CountPaths(clip) : 0;
  if (paths <= 0) return undefined;
  let area: Area = { left: -1e9, bottom: -1e9, right: 1e9, top: 1e9 };
  for (let path = 0; path < paths; path++) {
    const count = library.FPDFClipPath_CountPathSegments(clip, path);
    // A clip of another shape than a rectangle hides something.
    if (count < 4 || count > 5) return { left: 0, bottom: 0, right: 0, top: 0 };
    const xs: number[] = [];
    const ys: number[] = [];
    for (let i = 0; i < count; i++) {
      const segment = library.FPDFClipPath_GetPathSegment(clip, path, i);
      const point = readNumbers(runtime, 'f32', 2, (at) =>
        library.FPDFPathSegment_GetPoint(segment, at, at + 4),
      );
      if (point) {
        xs.push(point[0]!);
        ys.push(point[1]!);
      }
    }
    area = {
      left: Math.max(area.left, Math.min(...xs)),
      bottom: Math.max(area.bottom, Math.min(...ys)),
      right: Math.min(area.right, Math.max(...xs)),
      top: Math.min(area.top, Math.max(...ys)),
    };
  }
  return area;
}
