import { ActionIcon, Group } from '@mantine/core';
import { type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { useTexts } from '../text/language.tsx';
import type { Look } from './rows.ts';

type Page = RecordAnswer['pages'][number];
type Box = Page['box'];

/** A field's place on a page. */
export interface Mark {
  readonly key: string;
  readonly pageId: string;
  readonly box: Box;
  readonly exact: boolean;
  readonly look: Look;
}

/** Widths that the API serves. */
const WIDTHS = [800, 1200, 1600, 2400] as const;
const CLOSE_UP = 'closeUp';
const clamp = (n: number, least: number, most: number) => Math.min(most, Math.max(least, n));

/** Where the view goes after the next drawing: to the active field, or around a point. */
type Aim =
  | { readonly at: 'field' }
  | { readonly at: 'point'; readonly fx: number; readonly fy: number; x: number; y: number };

/**
 * The page beside the fields: wheel or buttons zoom, dragging moves, a click on a field's place
 * goes to the field. The view follows the active field; `F2` brings it close and back.
 */
export function PageImage({
  pages,
  marks,
  active,
  onPick,
}: {
  readonly pages: readonly Page[];
  readonly marks: readonly Mark[];
  readonly active: string | undefined;
  readonly onPick: (key: string) => void;
}) {
  const texts = useTexts();
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(680);
  const [closeUp, setCloseUp] = useState(() => localStorage.getItem(CLOSE_UP) === '1');
  const [scale, setScale] = useState(1);
  const [missing, setMissing] = useState(false);
  const aim = useRef<Aim>({ at: 'field' });
  const drag = useRef<{ x: number; y: number; moved: boolean } | undefined>(undefined);
  const mark = marks.find((m) => m.key === active);
  const [chosen, setChosen] = useState<string>();
  const page =
    pages.find((p) => p.pageId === (mark?.pageId ?? chosen)) ?? (pages[0] as Page | undefined);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth || 680));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // The active field decides the scale in close-up, and always where the view goes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only these move the view
  useLayoutEffect(() => {
    aim.current = { at: 'field' };
    if (closeUp && mark) setScale(clamp(0.94 / mark.box.w, 1, 2));
    place(true);
  }, [active, closeUp, page?.pageId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new scale has a new layout
  useLayoutEffect(() => place(false), [scale]);

  function place(smooth: boolean) {
    const element = frame.current;
    if (!element) return;
    const target = aim.current;
    if (target.at === 'point') {
      element.scrollLeft = target.fx * element.scrollWidth - target.x;
      element.scrollTop = target.fy * element.scrollHeight - target.y;
    } else if (mark) {
      const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
      const height = mark.box.h * element.scrollHeight;
      const top = mark.box.y * element.scrollHeight;
      element.scrollTo({
        left: (mark.box.x + mark.box.w / 2) * element.scrollWidth - element.clientWidth / 2,
        // What is higher than the view, a column of notes, is read from its beginning.
        top:
          height > element.clientHeight * 0.8
            ? top - 24
            : top + height / 2 - element.clientHeight * 0.45,
        behavior: smooth && !still ? 'smooth' : 'instant',
      });
    }
  }

  function zoom(factor: number, at?: { x: number; y: number }) {
    const element = frame.current;
    if (!element) return;
    const x = at?.x ?? element.clientWidth / 2;
    const y = at?.y ?? element.clientHeight / 2;
    aim.current = {
      at: 'point',
      fx: (element.scrollLeft + x) / element.scrollWidth,
      fy: (element.scrollTop + y) / element.scrollHeight,
      x,
      y,
    };
    setScale((old) => clamp(old * factor, 0.5, 5));
  }
  const zoomNow = useRef(zoom);
  zoomNow.current = zoom;

  const toggleCloseUp = () => {
    const next = !closeUp;
    localStorage.setItem(CLOSE_UP, next ? '1' : '0');
    setCloseUp(next);
    if (!next) setScale(1);
  };
  const toggleNow = useRef(toggleCloseUp);
  toggleNow.current = toggleCloseUp;

  useEffect(() => {
    const element = frame.current;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const area = element!.getBoundingClientRect();
      zoomNow.current(event.deltaY < 0 ? 1.15 : 1 / 1.15, {
        x: event.clientX - area.left,
        y: event.clientY - area.top,
      });
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'F2') return;
      event.preventDefault();
      toggleNow.current();
    };
    // The field keeps the focus: after a look around, typing goes on where it was.
    const stay = (event: MouseEvent) => event.preventDefault();
    element?.addEventListener('mousedown', stay);
    // React listens passively to wheels, which could not keep the page from scrolling.
    element?.addEventListener('wheel', wheel, { passive: false });
    window.addEventListener('keydown', key);
    return () => {
      element?.removeEventListener('wheel', wheel);
      element?.removeEventListener('mousedown', stay);
      window.removeEventListener('keydown', key);
    };
  }, []);

  const down = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const area = event.currentTarget.getBoundingClientRect();
    const { clientWidth, clientHeight } = event.currentTarget;
    // The scroll bars are the browser's.
    if (event.clientX - area.left > clientWidth || event.clientY - area.top > clientHeight) return;
    drag.current = { x: event.clientX, y: event.clientY, moved: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const from = drag.current;
    if (!from) return;
    const dx = event.clientX - from.x;
    const dy = event.clientY - from.y;
    if (!from.moved && Math.abs(dx) + Math.abs(dy) < 4) return;
    drag.current = { x: event.clientX, y: event.clientY, moved: true };
    event.currentTarget.scrollBy(-dx, -dy);
  };
  const up = (event: PointerEvent<HTMLDivElement>) => {
    const was = drag.current;
    drag.current = undefined;
    if (!was || was.moved || !page) return;
    const element = event.currentTarget;
    const area = element.getBoundingClientRect();
    const x = (event.clientX - area.left + element.scrollLeft) / element.scrollWidth;
    const y = (event.clientY - area.top + element.scrollTop) / element.scrollHeight;
    const hit = marks.find(
      ({ box, pageId, exact }) =>
        exact &&
        pageId === page.pageId &&
        x >= box.x &&
        x <= box.x + box.w &&
        y >= box.y &&
        y <= box.y + box.h,
    );
    if (hit) onPick(hit.key);
  };

  const wanted = width * scale * window.devicePixelRatio;
  const source = WIDTHS.find((w) => w >= wanted) ?? WIDTHS[WIDTHS.length - 1];
  const percent = (n: number) => `${100 * n}%`;
  return (
    <section className="page-view" aria-label={texts.pageImage}>
      <Group className="page-tools" gap={4}>
        {pages.length > 1 &&
          pages.map((p) => (
            <button
              key={p.pageId}
              type="button"
              className="page-tab"
              aria-pressed={p.pageId === page?.pageId}
              onClick={() => setChosen(p.pageId)}
            >
              {texts.page(p.index + 1)}
            </button>
          ))}
        <ActionIcon variant="default" aria-label={texts.zoomOut} onClick={() => zoom(1 / 1.3)}>
          −
        </ActionIcon>
        <ActionIcon variant="default" aria-label={texts.zoomIn} onClick={() => zoom(1.3)}>
          +
        </ActionIcon>
        <ActionIcon
          variant="default"
          aria-label={texts.fitWidth}
          title={texts.fitWidth}
          onClick={() => {
            aim.current = { at: 'field' };
            setScale(1);
          }}
        >
          ↔
        </ActionIcon>
        <button
          type="button"
          className="page-tab"
          aria-pressed={closeUp}
          aria-keyshortcuts="F2"
          onClick={toggleCloseUp}
        >
          {texts.closeUp} <kbd>F2</kbd>
        </button>
      </Group>
      <div
        ref={frame}
        className="page-frame"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard
        tabIndex={0}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={() => {
          drag.current = undefined;
        }}
      >
        {page && (
          <div
            className="page-sheet"
            style={{ width: percent(scale), aspectRatio: page.width / page.height }}
          >
            {missing ? (
              <p className="nothing">{texts.imageMissing}</p>
            ) : (
              <img
                src={`/api/pages/${page.pageId}/image?width=${source}`}
                alt={texts.page(page.index + 1)}
                draggable={false}
                onError={() => setMissing(true)}
              />
            )}
            {marks
              .filter((m) => m.pageId === page.pageId && (m.exact || m.key === active))
              .map((m) => (
                <span
                  key={m.key}
                  className={
                    m.key === active
                      ? `mark-box active ${m.exact ? '' : 'guessed'}`
                      : `mark-box mark-${m.look}`
                  }
                  style={{
                    left: percent(m.box.x),
                    top: percent(m.box.y),
                    width: percent(m.box.w),
                    height: percent(m.box.h),
                  }}
                />
              ))}
          </div>
        )}
      </div>
    </section>
  );
}
