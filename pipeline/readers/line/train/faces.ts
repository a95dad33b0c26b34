import type { Face } from '../../../../samples/draw/fonts.ts';

/** A face to draw lines with; `joined` scripts move by words, others by letters. */
export interface TrainingFace extends Face {
  readonly ink: 'typed' | 'hand';
  readonly joined: boolean;
}

const typed = (family: string, ...styles: [number, boolean][]): TrainingFace[] =>
  (styles.length > 0
    ? styles
    : ([
        [400, false],
        [400, true],
        [700, false],
      ] as [number, boolean][])
  ).map(([weight, italic]) => ({ family, weight, italic, ink: 'typed', joined: false }));
const hand = (
  family: string,
  joined: boolean,
  weights: readonly number[] = [400],
): TrainingFace[] => weights.map((weight) => ({ family, weight, ink: 'hand', joined }));

const UPRIGHT: [number, boolean][] = [
  [400, false],
  [700, false],
];

/** Packages of `@fontsource`, each with all Vietnamese letters. */
export const TYPED: readonly TrainingFace[] = [
  ...['tinos', 'tinos', 'arimo', 'arimo', 'cousine', 'cousine'].flatMap((f) => typed(f)),
  ...typed('ibm-plex-mono'),
  ...typed('noto-serif'),
  ...typed('roboto'),
  ...typed('open-sans'),
  ...typed('merriweather'),
  ...typed('lora'),
  ...typed('eb-garamond'),
  ...typed('source-serif-4'),
  ...typed('source-sans-3'),
  ...typed('noto-sans'),
  ...typed('crimson-pro'),
  ...typed('literata'),
  ...typed('alegreya'),
  ...typed('vollkorn'),
  ...typed('spectral'),
  ...typed('playfair-display'),
  ...typed('cormorant-garamond'),
  ...typed('roboto-mono'),
  ...typed('space-mono'),
  ...typed('source-code-pro'),
  ...typed('be-vietnam-pro'),
  ...typed('barlow'),
  ...typed('nunito'),
  ...typed('old-standard-tt', [400, false], [400, true], [700, false]),
  ...typed('philosopher'),
  ...typed('roboto-slab', ...UPRIGHT),
  ...typed('inconsolata', ...UPRIGHT),
  ...typed('noto-sans-mono', ...UPRIGHT),
];

export const HANDS: readonly TrainingFace[] = [
  ...hand('amatic-sc', false, [400, 700]),
  ...hand('birthstone', true),
  ...hand('corinthia', true, [400, 700]),
  ...hand('dancing-script', true, [400, 500, 700]),
  ...hand('ephesis', true),
  ...hand('great-vibes', true),
  ...hand('italianno', true),
  ...hand('itim', false),
  ...hand('licorice', true),
  ...hand('lobster', true),
  ...hand('mali', false, [300, 400, 500]),
  { family: 'mali', weight: 300, italic: true, ink: 'hand', joined: false },
  ...hand('ms-madi', true),
  ...hand('oooh-baby', true),
  ...hand('pacifico', true),
  ...hand('playpen-sans', false, [300, 400, 500]),
  ...hand('playwrite-vn', true, [300, 400, 400]),
  ...hand('shantell-sans', false, [300, 400, 500]),
  { family: 'shantell-sans', weight: 300, italic: true, ink: 'hand', joined: false },
  ...hand('smooch', true),
  ...hand('sriracha', false),
  ...hand('twinkle-star', true),
  ...hand('whisper', true),
];

/** Handwriting fonts that no training line is drawn with: figures are reported for them. */
export const LEFT_OUT: readonly TrainingFace[] = [
  ...hand('patrick-hand', false),
  ...hand('charm', true),
];
