import { useEffect, useRef, useState } from 'react';
import type { RecordAnswer } from '../../api/contract.ts';
import { usePicture } from '../calls/pictures.ts';
import { useTexts } from '../text/language.tsx';
import type { Row } from './rows.ts';
import { sightClass, useSight } from './sight.ts';

/** The API shows a field with a quarter of its height around it, at most this share of the page. */
const AROUND = 0.25;
const MOST_AROUND = 0.008;
/** Pixels on the screen for one of a 300 dpi scan: no larger than needed, and never too small to read. */
const LARGEST = 0.5;
const SMALLEST = 0.33;
/** Where a note of many lines ends. */
const TALLEST = 170;
/** The active field's crop against the page beside it. */
const TIMES = 2.5;
const TALLEST_LARGE = 240;
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
  large = false,
}: {
  readonly record: CropSource;
  readonly row: Pick<Row, 'place'> & { readonly field: { readonly key: string } };
  readonly label: string;
  readonly height: number;
  /** Called once it shows, or once it is clear that there is nothing to show. */
  readonly settled?: () => void;
  /** Larger than on the page beside it: {@link TIMES} where the panel is wide enough. */
  readonly large?: boolean;
}) {
  const texts = useTexts();
  const sight = useSight();
  const [real, setReal] = useState<number>();
  const cut = cutOf(record, row, height, large);
  const url = usePicture(cut?.src);
  const settledNow = useRef(settled);
  settledNow.current = settled;
  const gone = !cut || url === null;
  useEffect(() => {
    if (gone) settledNow.current?.();
  }, [gone]);
  if (!cut || gone) return <p className="no-crop">{texts.noCrop}</p>;
  const aspect = real ?? cut.aspect;
  // The size is known before the picture comes, so nothing jumps.
  const style = { aspectRatio: aspect, width: `min(100%, ${Math.round(aspect * cut.shown)}px)` };
  if (url === undefined) return <span className="crop" style={style} />;
  return (
    <img
      className={`crop ${sightClass(sight)}`}
      style={style}
      src={url}
      alt={texts.cropOf(label)}
      title={cut.exact ? undefined : texts.guessedPlace}
      draggable={false}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
        setReal(naturalWidth / naturalHeight);
        settled?.();
      }}
    />
  );
}

/** What a crop needs of its record. */
export type CropSource = Pick<RecordAnswer, 'id'> & {
  readonly pages: readonly Pick<RecordAnswer['pages'][number], 'pageId' | 'width' | 'height'>[];
};

/** The address of a field's picture and how large it is shown; undefined where it has no place. */
export function cutOf(
  record: CropSource,
  { place, field }: Pick<Row, 'place'> & { readonly field: { readonly key: string } },
  height: number,
  large = false,
):
  | {
      readonly src: string;
      readonly aspect: number;
      readonly shown: number;
      readonly exact: boolean;
    }
  | undefined {
  const page = record.pages.find((p) => p.pageId === place?.pageId);
  if (!place || !page) return undefined;
  const { box, exact } = place;
  const margin = exact ? Math.min(AROUND * box.h, MOST_AROUND) * page.height : 0;
  const wide = box.w * page.width + 2 * margin;
  const tall = Math.max(1, box.h * page.height + 2 * margin);
  const dense = (tall * PAGE_WIDTH) / page.width;
  const plain = dense * Math.max(SMALLEST, Math.min(LARGEST, height / dense));
  // The page fills half of the window.
  const onPage = (tall / page.width) * (window.innerWidth / 2);
  const shown = large
    ? Math.min(TALLEST_LARGE, Math.max(plain, TIMES * onPage))
    : Math.min(TALLEST, plain);
  const where = `x=${thousandths(box.x)}&y=${thousandths(box.y)}&w=${thousandths(box.w)}&h=${thousandths(box.h)}`;
  return {
    src: exact
      ? // One picture for every size on the screen: what was fetched ahead serves them all.
        `/api/records/${record.id}/crop/${field.key}?height=192`
      : `/api/pages/${place.pageId}/crop?${where}&width=1200`,
    aspect: wide / tall,
    shown,
    exact,
  };
}
