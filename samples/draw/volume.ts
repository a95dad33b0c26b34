import type { NewBook } from '../../models/books.ts';
import type { Form } from '../../models/forms/define.ts';
import { invent } from './people.ts';
import {
  type Commune,
  communeTexts,
  inventCommune,
  type PlaceStyle,
  placeStyle,
} from './places.ts';
import type { Random } from './random.ts';

/** A calendar day as days since 1970, so that days can be counted on. */
export type Day = number;

export function dayOf(year: number, month: number, day: number): Day {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

export function partsOf(day: Day): { year: number; month: number; day: number } {
  const date = new Date(day * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** How a clerk writes a full date. */
export type DateStyle = 'dd/mm/yyyy' | 'd/m/yyyy' | 'dd.mm.yyyy' | 'dd-mm-yyyy';

const two = (n: number) => String(n).padStart(2, '0');

export function dateText(day: Day, style: DateStyle): string {
  const { year, month, day: d } = partsOf(day);
  if (style === 'd/m/yyyy') return `${d}/${month}/${year}`;
  return [two(d), two(month), String(year)].join(style[2]);
}

export interface Official {
  readonly name: string;
  readonly position: string;
}

/** What all pages of one book have in common: the commune, its officials, a clerk's habits. */
export interface Volume {
  readonly form: Form;
  readonly commune: Commune;
  readonly neighbours: readonly Commune[];
  readonly ethnicity: string;
  readonly year: number;
  readonly number: string;
  readonly signatories: readonly Official[];
  readonly clerks: readonly string[];
  readonly dates: DateStyle;
  readonly places: PlaceStyle;
  readonly capitals: 'all' | 'first' | 'none';
  readonly numbers: (n: number, year: number) => string;
  /** Registration number and day of the entry on page `index`, from 0. */
  readonly entry: (index: number) => { number: number; day: Day };
  readonly firstPage: number;
  readonly book: NewBook;
}

/** Invents a book for `form`. Everything in it follows from `random`. */
export function inventVolume(form: Form, random: Random): Volume {
  const commune = inventCommune(random);
  const year = random.int(form.era.from, Math.min(form.era.to ?? form.era.from + 3, 2019));
  const number = `${two(random.int(1, 3))}/${year}`;
  const positions =
    commune.kind === 'xã' || commune.kind === 'phường' || commune.kind === 'thị trấn'
      ? ['Chủ tịch', 'Phó Chủ tịch', 'Phó Chủ tịch']
      : ['Chủ tịch'];
  const unit = random.pick(['', '', ` UBND ${commune.kind}`, ' UBND']);
  const signatories = positions.map((position) => ({
    name: invent(random, random.chance(0.85) ? 'male' : 'female').name,
    position: position + unit,
  }));
  const clerks = [0, 1].map(() => invent(random, random.chance(0.5) ? 'male' : 'female').name);
  const style = random.weighted([
    [2, 5],
    [1, 3],
    [3, 1],
  ] as const);
  const withYear = random.chance(0.85);
  const opening = dayOf(year, 1, 1) + random.int(1, 12);
  const firstNumber = random.chance(0.6) ? 1 : random.int(2, 60);
  const steps = random.fork('days');
  const entries = [{ number: firstNumber, day: opening }];
  const entry = (index: number) => {
    while (entries.length <= index) {
      const last = entries[entries.length - 1]!;
      const step = steps.weighted([
        [0, 8],
        [1, 5],
        [2, 2],
        [3, 2],
        [5, 1],
      ] as const);
      const day = last.day + step;
      // Numbers begin again with the year.
      const turned = partsOf(day).year !== partsOf(last.day).year;
      entries.push({ number: turned ? 1 : last.number + 1, day });
    }
    return entries[index]!;
  };
  const authority = `Ủy ban nhân dân ${communeTexts(commune, { kinds: 'full', separator: ', ' })[0]!.replace(/^./u, (c) => c.toLowerCase())}`;
  return {
    form,
    commune,
    neighbours: Array.from({ length: 5 }, () => inventCommune(random, commune)),
    ethnicity: random.weighted([
      ['Kinh', 9],
      ['Tày', 0.3],
      ['Mường', 0.3],
      ['Nùng', 0.2],
      ['Ê Đê', 0.2],
    ] as const),
    year,
    number,
    signatories,
    clerks,
    dates: random.weighted([
      ['dd/mm/yyyy', 6],
      ['d/m/yyyy', 1],
      ['dd.mm.yyyy', 2],
      ['dd-mm-yyyy', 2],
    ] as const),
    places: placeStyle(random),
    capitals: random.weighted([
      ['all', 3],
      ['first', 4],
      ['none', 3],
    ] as const),
    numbers: (n, of) => `${String(n).padStart(style, '0')}${withYear ? `/${of}` : ''}`,
    entry,
    firstPage: random.chance(0.7) ? firstNumber : random.int(1, 40),
    book: {
      form: form.id,
      place: authority,
      placeShort: commune.name,
      number,
      opened: partsOf(opening),
      policy: { otherOrganisation: false },
    },
  };
}
