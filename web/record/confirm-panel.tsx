import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { Shape } from '../parts/shape.tsx';
import { useTexts } from '../text/language.tsx';
import { Crop } from './crop.tsx';
import { Label } from './label.tsx';
import { FieldNotices } from './notices.tsx';
import type { Row } from './rows.ts';
import { ValueText } from './value-text.tsx';

/**
 * The machine's values that nobody has looked at yet, each under its crop, to be confirmed
 * together. The confirmation opens once every one of them has been on the screen.
 */
export function ConfirmPanel({
  record,
  rows,
  active,
  setActive,
  busy,
  onConfirm,
  onFix,
  onBack,
}: {
  readonly record: RecordAnswer;
  readonly rows: readonly Row[];
  readonly active: string | undefined;
  readonly setActive: (key: string | undefined) => void;
  readonly busy: boolean;
  readonly onConfirm: () => void;
  readonly onFix: (key: string) => void;
  readonly onBack: () => void;
}) {
  const texts = useTexts();
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [visible, setVisible] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set());
  const keys = rows.map((r) => r.field.key);
  const unseen = keys.filter((key) => !visible.has(key) || !shown.has(key));
  const word = keys.some((key) => !visible.has(key))
    ? texts.confirmMore
    : unseen.length > 0
      ? texts.confirmWaits
      : texts.confirmAll;
  const keyList = keys.join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: observes anew when the rows change
  useEffect(() => {
    button.current?.focus();
    const observer = new IntersectionObserver(
      (entries) =>
        setVisible((old) => {
          const next = new Set(old);
          for (const entry of entries)
            if (entry.isIntersecting) next.add((entry.target as HTMLElement).dataset.field!);
          return next;
        }),
      { root: list.current, threshold: 0.7 },
    );
    for (const element of list.current?.querySelectorAll('[data-field]') ?? [])
      observer.observe(element);
    return () => observer.disconnect();
  }, [keyList]);

  const press = () => {
    if (busy) return;
    const next = unseen.find((key) => !visible.has(key));
    if (next !== undefined)
      list.current?.querySelector(`[data-field="${next}"]`)?.scrollIntoView({ block: 'start' });
    else if (unseen.length === 0) onConfirm();
  };

  const pressNow = useRef(press);
  pressNow.current = press;
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (event.key === 'Escape') {
        event.preventDefault();
        onBack();
      } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        pressNow.current();
      } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        // From card to card; Enter on one takes it to be corrected, beyond the ends is "all right".
        const fixes = [...(list.current?.querySelectorAll<HTMLElement>('.card .chip') ?? [])];
        const stops = [...fixes, button.current];
        const at = stops.indexOf(document.activeElement as HTMLElement);
        const by = event.key === 'ArrowDown' ? 1 : -1;
        stops[(Math.max(-1, at) + by + stops.length) % stops.length]?.focus();
      }
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, [onBack]);

  return (
    <section className="panel-fields" aria-labelledby="confirm-title">
      <div className="panel-head">
        <h2 id="confirm-title">{texts.confirmTitle(rows.length)}</h2>
        <p className="small">{texts.confirmHelp}</p>
      </div>
      <div
        className="rows"
        ref={list}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard
        tabIndex={0}
      >
        {rows.map((row) => {
          const { key } = row.field;
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: pointing shows the place on the page
            <div
              key={key}
              className={`card ${key === active ? 'active' : ''}`}
              data-field={key}
              data-look={row.look}
              onMouseEnter={() => setActive(key)}
            >
              <Crop
                record={record}
                row={row}
                label={row.field.vi}
                height={56}
                settled={() => setShown((old) => new Set(old).add(key))}
              />
              <div className="card-line">
                <Shape look={row.look} />
                <span className="row-label">
                  <Label row={row} />
                </span>
                <strong className="card-value">
                  <ValueText value={row.value} />
                </strong>
                <button
                  type="button"
                  className="chip quiet"
                  aria-label={`${texts.fix}: ${row.field.vi}`}
                  onFocus={() => setActive(key)}
                  onClick={() => onFix(key)}
                >
                  {texts.fix}
                </button>
              </div>
              <FieldNotices row={row} />
            </div>
          );
        })}
      </div>
      <footer className="foot">
        <span className="small" />
        <Button size="compact-sm" variant="default" onClick={onBack}>
          {texts.cancel} (Esc)
        </Button>
        <Button ref={button} size="compact-md" loading={busy} onClick={press}>
          {word}
        </Button>
      </footer>
    </section>
  );
}
