import { useState } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { useTexts } from '../text/language.tsx';
import type { Row } from './rows.ts';

/** The API shows a field with a quarter of its height around it. */
const AROUND = 0.25;
/** Pixels on the screen for one of a 300 dpi scan, while there is room. */
const SCALE = 0.5;
const thousandths = (n: number) => Math.round(n * 1000) / 1000;

/** The written place of a field, cut out of the page; as tall as `height` pixels at most. */
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
  const { place } = row;
  const page = record.pages.find((p) => p.pageId === place?.pageId);
  if (!place || !page || missing) return <p className="no-crop">{texts.noCrop}</p>;
  const { box, exact } = place;
  const margin = exact ? AROUND * box.h * page.height : 0;
  const wide = box.w * page.width + 2 * margin;
  const tall = Math.max(1, box.h * page.height + 2 * margin);
  const shown = Math.min(height, tall * SCALE * (2480 / page.width));
  const where = `x=${thousandths(box.x)}&y=${thousandths(box.y)}&w=${thousandths(box.w)}&h=${thousandths(box.h)}`;
  return (
    <img
      className="crop"
      // The size is known before the picture comes, so nothing jumps.
      style={{
        aspectRatio: wide / tall,
        width: `min(100%, ${Math.round((wide / tall) * shown)}px)`,
      }}
      src={
        exact
          ? `/api/records/${record.id}/crop/${row.field.key}?height=${height > 60 ? 192 : 96}`
          : `/api/pages/${place.pageId}/crop?${where}&width=1200`
      }
      alt={texts.cropOf(label)}
      title={exact ? undefined : texts.guessedPlace}
      draggable={false}
      onLoad={settled}
      onError={() => {
        setMissing(true);
        settled?.();
      }}
    />
  );
}
