import { useState } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { useTexts } from '../text/language.tsx';
import type { Row } from './rows.ts';

/** The API shows a field with a quarter of its height around it, at most this share of the page. */
const AROUND = 0.25;
const MOST_AROUND = 0.008;
/** Pixels on the screen for one of a 300 dpi scan: no larger than needed, and never too small to read. */
const LARGEST = 0.5;
const SMALLEST = 0.33;
/** Where a note of many lines ends. */
const TALLEST = 170;
/** Width of an A4 page at 300 dpi, which the scales are meant for. */
const PAGE_WIDTH = 2480;
const thousandths = (n: number) => Math.round(n * 1000) / 1000;

/** The written place of a field, cut out of the page; about `height` pixels tall while one can read it so. */
export function Crop({
  record,
  row,
  label,
  height,
  settled,
}: {
  readonly record: RecordAnswer;
  readonly row: Row;
  readonly label: string;
  readonly height: number;
  /** Called once it shows, or once it is clear that there is nothing to show. */
  readonly settled?: () => void;
}) {
  const texts = useTexts();
  const [missing, setMissing] = useState(false);
  const [real, setReal] = useState<number>();
  const { place } = row;
  const page = record.pages.find((p) => p.pageId === place?.pageId);
  if (!place || !page || missing) return <p className="no-crop">{texts.noCrop}</p>;
  const { box, exact } = place;
  const margin = exact ? Math.min(AROUND * box.h, MOST_AROUND) * page.height : 0;
  const wide = box.w * page.width + 2 * margin;
  const tall = Math.max(1, box.h * page.height + 2 * margin);
  const dense = (tall * PAGE_WIDTH) / page.width;
  const scale = Math.max(SMALLEST, Math.min(LARGEST, height / dense));
  const shown = Math.min(TALLEST, dense * scale);
  const aspect = real ?? wide / tall;
  const where = `x=${thousandths(box.x)}&y=${thousandths(box.y)}&w=${thousandths(box.w)}&h=${thousandths(box.h)}`;
  return (
    <img
      className="crop"
      // The size is known before the picture comes, so nothing jumps.
      style={{ aspectRatio: aspect, width: `min(100%, ${Math.round(aspect * shown)}px)` }}
      src={
        exact
          ? `/api/records/${record.id}/crop/${row.field.key}?height=${shown > 96 ? 192 : 96}`
          : `/api/pages/${place.pageId}/crop?${where}&width=1200`
      }
      alt={texts.cropOf(label)}
      title={exact ? undefined : texts.guessedPlace}
      draggable={false}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
        setReal(naturalWidth / naturalHeight);
        settled?.();
      }}
      onError={() => {
        setMissing(true);
        settled?.();
      }}
    />
  );
}
