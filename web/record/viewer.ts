import type OpenSeadragon from 'openseadragon';
import type { RecordAnswer } from '../../api/contract.ts';
import { picture } from '../calls/pictures.ts';
import type { Look } from './rows.ts';

export type Page = RecordAnswer['pages'][number];
type Box = Page['box'];

/** A field's place on a page. */
export interface Mark {
  readonly key: string;
  readonly pageId: string;
  readonly box: Box;
  readonly exact: boolean;
  readonly look: Look;
}

/** The widths of a page's pyramid, of those that the API serves. */
const WIDTHS = [800, 1600, 2400] as const;
const CLOSEST = 2.5;
const clamp = (n: number, least: number, most: number) =>
  Math.min(Math.max(least, most), Math.max(least, n));

/** The address of a page's picture, `width` pixels wide. */
export const pagePicture = (pageId: string, width: number = WIDTHS[0]) =>
  `/api/pages/${pageId}/image?width=${width}`;

let library: Promise<typeof OpenSeadragon> | undefined;

/** Loads the viewer's library, once: it is larger than the first screen of the workbench. */
export function loadViewer(): Promise<typeof OpenSeadragon> {
  library ??= import('openseadragon').then(({ default: osd }) => {
    // A picture that the line did not bring is told on the page, not in the browser's log.
    const quiet = Object.fromEntries(
      ['log', 'debug', 'info', 'warn', 'error', 'assert'].map((name) => [name, () => {}]),
    );
    Object.assign(osd, { console: quiet });
    return osd;
  });
  library.catch(() => {
    library = undefined;
  });
  return library;
}

/** Makes the library believe that its style sheet is there: no style is written into the page. */
function standInForStyle(): void {
  if (document.querySelector('style[data-openseadragon-mobile-css]')) return;
  const element = document.createElementNS('so-goc', 'style');
  element.setAttribute('data-openseadragon-mobile-css', '');
  document.head.append(element);
}

function tilesOf(osd: typeof OpenSeadragon, page: Page) {
  const widths = WIDTHS.filter((_, i) => i === 0 || WIDTHS[i - 1]! < page.width);
  const source = new osd.LegacyTileSource(
    widths.map((w) => {
      // The API never enlarges a scan.
      const width = Math.min(w, page.width);
      const height = Math.round((width * page.height) / page.width);
      return { url: pagePicture(page.pageId, w), width, height };
    }),
  );
  // Pictures come out of the memory that is filled ahead.
  source.downloadTileStart = (job) => {
    picture(job.src)
      .then(async (url) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        job.finish(image, null as unknown as XMLHttpRequest, 'image');
      })
      .catch(() => job.fail('no picture', null as unknown as XMLHttpRequest));
  };
  source.downloadTileAbort = () => {};
  return source;
}

/**
 * A page to look at: wheel or keys zoom, dragging moves, a click on a field's place picks the
 * field. `onMissing` is called when the page's picture cannot be had.
 */
export function openViewer(
  osd: typeof OpenSeadragon,
  element: HTMLElement,
  on: { readonly pick: (key: string) => void; readonly missing: () => void },
) {
  standInForStyle();
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const viewer = osd({
    element,
    drawer: 'canvas',
    showNavigationControl: false,
    animationTime: still ? 0 : 0.3,
    blendTime: 0,
    minZoomImageRatio: 0.4,
    maxZoomPixelRatio: 3,
    visibilityRatio: 0.1,
    imageLoaderLimit: 3,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: false, flickEnabled: false },
  });
  // The field keeps the focus: after a look around, typing goes on where it was.
  viewer.canvas.focus = () => {};
  element.addEventListener('mousedown', (event) => event.preventDefault());

  let page: Page | undefined;
  let marks: readonly Mark[] = [];
  let active: Mark | undefined;
  let closeUp = false;
  let open = false;

  const aspect = () => (page ? page.height / page.width : 1);

  /** Brings the active field, or the top of the page, into view. */
  function follow(atOnce: boolean) {
    if (!open || !page) return;
    const { viewport } = viewer;
    const size = viewport.getContainerSize();
    const turned = viewport.getRotation() % 180 !== 0;
    const box = active?.box;
    if (closeUp && box) viewport.zoomTo(clamp(0.94 / box.w, 1, CLOSEST), undefined, atOnce);
    const zoom = viewport.getZoom(false);
    const viewWidth = 1 / zoom;
    const viewHeight = size.y / size.x / zoom;
    if (turned) {
      if (box)
        viewport.panTo(new osd.Point(box.x + box.w / 2, (box.y + box.h / 2) * aspect()), atOnce);
      return;
    }
    const x = box ? clamp(box.x + box.w / 2, viewWidth / 2, 1 - viewWidth / 2) : 0.5;
    const top = (box?.y ?? 0) * aspect();
    const height = (box?.h ?? 0) * aspect();
    // What is higher than the view, a column of notes, is read from its beginning.
    const middle =
      height > viewHeight * 0.8 ? top + viewHeight * 0.47 : top + height / 2 + viewHeight * 0.05;
    const y = clamp(middle, viewHeight / 2, aspect() - viewHeight / 2);
    viewport.panTo(new osd.Point(viewWidth >= 1 ? 0.5 : x, y), atOnce);
  }

  function drawMarks() {
    if (!open || !page) return;
    viewer.clearOverlays();
    for (const mark of marks) {
      const isActive = mark.key === active?.key;
      if (mark.pageId !== page.pageId || !(mark.exact || isActive)) continue;
      const span = document.createElement('span');
      span.dataset.mark = mark.key;
      span.className = isActive
        ? `mark-box active ${mark.exact ? '' : 'guessed'}`
        : `mark-box mark-${mark.look}`;
      const { x, y, w, h } = mark.box;
      viewer.addOverlay({
        element: span,
        location: new osd.Rect(x, y * aspect(), w, h * aspect()),
        rotationMode: osd.OverlayRotationMode.EXACT,
      });
    }
  }

  viewer.addHandler('open', () => {
    open = true;
    viewer.viewport.zoomTo(1, undefined, true);
    follow(true);
    drawMarks();
  });
  viewer.addHandler('open-failed', on.missing);
  // A finer one that does not come leaves the coarser one in its place.
  viewer.addHandler('tile-load-failed', (event) => {
    if (event.tile?.level === 0) on.missing();
  });
  viewer.addHandler('resize', () => requestAnimationFrame(() => follow(true)));
  viewer.addHandler('canvas-click', (event) => {
    if (!event.quick || !page) return;
    const { x, y } = viewer.viewport.pointFromPixel(event.position);
    const hit = marks.find(
      ({ box, pageId, exact }) =>
        exact &&
        pageId === page?.pageId &&
        x >= box.x &&
        x <= box.x + box.w &&
        y >= box.y * aspect() &&
        y <= (box.y + box.h) * aspect(),
    );
    if (hit) on.pick(hit.key);
  });

  return {
    /** Shows a page with the places of its fields; the view goes to the active one. */
    show(next: {
      readonly page: Page | undefined;
      readonly marks: readonly Mark[];
      readonly active: string | undefined;
      readonly closeUp: boolean;
    }) {
      const moved = next.active !== active?.key || next.closeUp !== closeUp;
      const farther = closeUp && !next.closeUp;
      marks = next.marks;
      active = marks.find((m) => m.key === next.active);
      closeUp = next.closeUp;
      if (next.page && next.page.pageId !== page?.pageId) {
        page = next.page;
        open = false;
        viewer.open({
          tileSource: tilesOf(osd, page),
        } as unknown as OpenSeadragon.TileSourceSpecifier);
        return;
      }
      if (farther && open) viewer.viewport.zoomTo(1, undefined, still);
      // Without a place to go to, the view stays where it is.
      if (farther || (moved && active)) follow(still);
      drawMarks();
    },
    zoom(factor: number) {
      if (open) viewer.viewport.zoomBy(factor, undefined, still);
      viewer.viewport?.applyConstraints(still);
    },
    /** The whole width, with the active field in view. */
    fit() {
      if (!open) return;
      viewer.viewport.zoomTo(1, undefined, still);
      follow(still);
    },
    turn() {
      if (!open) return;
      viewer.viewport.setRotation((viewer.viewport.getRotation() + 90) % 360, true);
      follow(true);
    },
    /** Moves the view by a share of its height. */
    scroll(share: number) {
      if (!open) return;
      const { viewport } = viewer;
      const size = viewport.getContainerSize();
      const dy = (share * size.y) / size.x / viewport.getZoom(false);
      viewport.panBy(new osd.Point(0, dy).rotate(-viewport.getRotation()), still);
      viewport.applyConstraints(still);
    },
    label(text: string) {
      viewer.canvas.setAttribute('role', 'group');
      viewer.canvas.setAttribute('aria-label', text);
    },
    close: () => viewer.destroy(),
  };
}
export type Viewer = ReturnType<typeof openViewer>;
