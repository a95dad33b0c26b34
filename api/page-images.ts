import { createHash } from 'node:crypto';
import sharp, { type OutputInfo } from 'sharp';
import type { Page } from '../models/books.ts';
import { Failure } from '../models/failures.ts';
import type { Box } from '../models/geometry.ts';
import { type Upright, uprightImage, uprightOf, uprightPixels } from '../pipeline/image/upright.ts';
import { Straightened } from '../pipeline/stages/straighten.ts';
import type { System } from '../pipeline/system.ts';

/** Decoded pages that are held for the next crops: an A4 page at 300 dpi takes 26 MB. */
const DECODED_PAGES = 3;
/** What is cut around a field's box, as a share of its height: ascenders, marks, handwriting. */
const MARGIN = 0.25;
/** And never more than this share of the page, or a column of notes would come as the whole page. */
const MOST_MARGIN = 0.008;
/** Raised when the same request gives other pixels. */
const VERSION = 2;

/** Which stored image shows a page, and how. */
interface Shown {
  readonly imageKey: string;
  readonly upright: Upright;
}

interface Decoded {
  readonly data: Buffer;
  readonly info: OutputInfo;
}

/**
 * Pictures of straightened pages for people, as WebP. Pages and crops of fields are kept among the
 * blobs under `cache/`, by what they are made from: the cache may be emptied at any time.
 */
export function createPageImages({ store, blobs }: Pick<System, 'store' | 'blobs'>) {
  const running = new Map<string, Promise<Buffer>>();
  const decoded = new Map<string, Promise<Decoded>>();

  /** The image to show and how it becomes upright; as it lies in the PDF until that is measured. */
  async function shownOf(page: Page): Promise<Shown> {
    const { straighten } = await store.pages.outputs(page.id);
    const known = Straightened.safeParse(straighten);
    if (known.success) {
      const { upright, imageKey = page.imageKey } = known.data;
      return { imageKey, upright };
    }
    const { width, height, quarterTurns, imageKey } = page;
    const lying = quarterTurns % 2 === 1;
    const size = lying ? { width: height, height: width } : { width, height };
    return { imageKey, upright: uprightOf(size, 0, quarterTurns) };
  }

  function mustHaveImage(page: Page): void {
    if (page.imageKey === '') throw new Failure('notFound', 'this page has no image');
  }

  const identity = (page: Page, shown: Shown) =>
    createHash('sha256')
      .update(JSON.stringify([VERSION, page.imageHash, shown]))
      .digest('hex');

  /** Made once at a time, kept among the blobs; a cache that cannot be written is no error. */
  async function cached(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const before = running.get(key);
    if (before) return before;
    const work = (async () => {
      if (await blobs.has(key)) return blobs.get(key);
      const image = await make();
      await blobs.put(key, image).catch(() => undefined);
      return image;
    })().finally(() => running.delete(key));
    running.set(key, work);
    return work;
  }

  function decode(page: Page, shown: Shown): Promise<Decoded> {
    const key = identity(page, shown);
    const work =
      decoded.get(key) ??
      blobs.get(shown.imageKey).then((image) => uprightPixels(image, shown.upright));
    // The page asked for last stands last; the first one goes.
    decoded.delete(key);
    decoded.set(key, work);
    work.catch(() => decoded.delete(key));
    for (const old of decoded.keys()) if (decoded.size > DECODED_PAGES) decoded.delete(old);
    return work;
  }

  async function cut(
    page: Page,
    shown: Shown,
    box: Box,
    size: { width: number } | { height: number },
  ) {
    const { data, info } = await decode(page, shown);
    const left = Math.min(info.width - 1, Math.floor(box.x * info.width));
    const top = Math.min(info.height - 1, Math.floor(box.y * info.height));
    const width = Math.max(1, Math.min(info.width - left, Math.ceil(box.w * info.width)));
    const height = Math.max(1, Math.min(info.height - top, Math.ceil(box.h * info.height)));
    return sharp(data, { raw: info })
      .extract({ left, top, width, height })
      .resize({ ...size, withoutEnlargement: true })
      .webp({ quality: 80, effort: 2 })
      .toBuffer();
  }

  return {
    /** Pixels of the straightened page. */
    async sizeOf(page: Page): Promise<{ width: number; height: number }> {
      const { width, height } = (await shownOf(page)).upright;
      return { width, height };
    },

    /** @throws Failure `notFound`, `pageUnreadable` */
    async page(page: Page, width: number): Promise<Buffer> {
      mustHaveImage(page);
      const shown = await shownOf(page);
      const key = `cache/pages/${identity(page, shown)}-${width}.webp`;
      return cached(key, async () =>
        uprightImage(await blobs.get(shown.imageKey), shown.upright, width),
      );
    },

    /** What `box` shows; not kept, since there are endless boxes. */
    async crop(page: Page, box: Box, width: number): Promise<Buffer> {
      mustHaveImage(page);
      return cut(page, await shownOf(page), box, { width });
    },

    /** A field's box with some of what is around it. */
    async field(page: Page, box: Box, height: number): Promise<Buffer> {
      mustHaveImage(page);
      const shown = await shownOf(page);
      const around = widen(box, shown.upright);
      const name = createHash('sha256').update(JSON.stringify(around)).digest('hex').slice(0, 24);
      const key = `cache/fields/${identity(page, shown)}/${name}-${height}.webp`;
      return cached(key, () => cut(page, shown, around, { height }));
    },
  };
}
export type PageImages = ReturnType<typeof createPageImages>;

/** The box with some of the page on all four sides. */
function widen(box: Box, page: { readonly width: number; readonly height: number }): Box {
  const dy = Math.min(box.h * MARGIN, MOST_MARGIN);
  const dx = (dy * page.height) / page.width;
  const x = Math.max(0, box.x - dx);
  const y = Math.max(0, box.y - dy);
  return {
    x,
    y,
    w: Math.min(1, box.x + box.w + dx) - x,
    h: Math.min(1, box.y + box.h + dy) - y,
  };
}
