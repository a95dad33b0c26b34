import { ActionIcon, Group } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../text/language.tsx';
import { invert, moreContrast, sightClass, toggleCloseUp, useSight } from './sight.ts';
import { loadViewer, type Mark, openViewer, type Page, type Viewer } from './viewer.ts';

/**
 * The page beside the fields, with zoom, turning, contrast and inverse ink, all from the keyboard
 * too. It follows the active field; `F2` brings it close and back.
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
  const sight = useSight();
  const frame = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<Viewer>();
  const [missing, setMissing] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const mark = marks.find((m) => m.key === active);
  const page =
    pages.find((p) => p.pageId === (mark?.pageId ?? chosen)) ?? (pages[0] as Page | undefined);

  const pickNow = useRef(onPick);
  pickNow.current = onPick;
  useEffect(() => {
    let wanted = true;
    let made: Viewer | undefined;
    const missed = () => wanted && setMissing(true);
    loadViewer().then((osd) => {
      if (!wanted || !frame.current) return;
      made = openViewer(osd, frame.current, {
        pick: (key) => pickNow.current(key),
        missing: missed,
      });
      setViewer(made);
    }, missed);
    return () => {
      wanted = false;
      made?.close();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another page may be there
  useEffect(() => setMissing(false), [page?.pageId]);
  useEffect(() => viewer?.label(texts.pageView), [viewer, texts]);
  useEffect(() => {
    viewer?.show({ page, marks, active, closeUp: sight.closeUp });
  }, [viewer, page, marks, active, sight.closeUp]);

  useEffect(() => {
    const keys = new Map<string, () => void>([
      ['F2', toggleCloseUp],
      ['Shift+F2', () => viewer?.turn()],
      ['F8', moreContrast],
      ['F9', invert],
      ['PageUp', () => viewer?.scroll(-0.5)],
      ['PageDown', () => viewer?.scroll(0.5)],
      ['Alt+ArrowUp', () => viewer?.zoom(1.3)],
      ['Alt+ArrowDown', () => viewer?.zoom(1 / 1.3)],
    ]);
    const pressed = (event: KeyboardEvent) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
      const name = `${event.altKey ? 'Alt+' : ''}${event.shiftKey ? 'Shift+' : ''}${event.key}`;
      const run = keys.get(name);
      // A list that scrolls by itself keeps its own page keys.
      const own = event.target instanceof HTMLElement && event.target.closest('.rows[tabindex]');
      if (!run || (own && event.key.startsWith('Page'))) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [viewer]);

  const tool = (sign: string, label: string, keys: string, run: () => void, pressed?: boolean) => (
    <ActionIcon
      variant="default"
      aria-label={label}
      title={`${label} (${keys})`}
      aria-keyshortcuts={keys}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      onClick={run}
    >
      {sign}
    </ActionIcon>
  );
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
        {tool('−', texts.zoomOut, 'Alt+ArrowDown', () => viewer?.zoom(1 / 1.3))}
        {tool('+', texts.zoomIn, 'Alt+ArrowUp', () => viewer?.zoom(1.3))}
        <ActionIcon
          variant="default"
          aria-label={texts.fitWidth}
          title={texts.fitWidth}
          onClick={() => viewer?.fit()}
        >
          ↔
        </ActionIcon>
        {tool('↻', texts.turn, 'Shift+F2', () => viewer?.turn())}
        {tool('◑', texts.contrast, 'F8', moreContrast, sight.contrast > 0)}
        {tool('◩', texts.inverse, 'F9', invert, sight.inverted)}
        <button
          type="button"
          className="page-tab"
          aria-pressed={sight.closeUp}
          aria-keyshortcuts="F2"
          onClick={toggleCloseUp}
        >
          {texts.closeUp} <kbd>F2</kbd>
        </button>
      </Group>
      {missing && <p className="nothing">{texts.imageMissing}</p>}
      <div ref={frame} className={`page-frame ${sightClass(sight)}`} />
    </section>
  );
}
