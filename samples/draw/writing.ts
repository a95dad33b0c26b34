import type { Person } from './people.ts';
import { communeTexts, dwellingTexts } from './places.ts';
import type { Random } from './random.ts';
import { type Day, dateText, dayOf, partsOf, type Volume } from './volume.ts';

/** What a clerk writes into one field of one page. */
export interface Writing {
  /** Ways to write it, the preferred first, shorter ones behind for lines that are too short; empty: left blank. */
  readonly texts: readonly string[];
  /** Where the text alone does not give it: the code of a ticked box, of an abbreviation. */
  readonly normalized?: string;
  /** A date that the form may ask in parts. */
  readonly day?: Day;
  /** A time of day that the form may ask in parts. */
  readonly time?: { readonly hour: number; readonly minute: number };
  readonly struckOut?: boolean;
}

/** The writing of one page by field key; covers every field that the form asks on the page. */
export type Entry = Readonly<Record<string, Writing>>;

/** An entry in the making. */
export type Draft = Record<string, Writing>;

export const BLANK: Writing = { texts: [] };
export const written = (...texts: string[]): Writing => ({ texts });

export const caps = (volume: Volume, name: string, first: boolean) =>
  volume.capitals === 'all' || (volume.capitals === 'first' && first)
    ? name.toLocaleUpperCase('vi')
    : name;

export const ethnicity = (volume: Volume, random: Random) =>
  random.chance(0.94)
    ? volume.ethnicity
    : random.pick(['Kinh', 'Tày', 'Thái', 'Mường', 'Nùng', 'Hoa', 'Dao', 'Khơ Me', 'Gia Rai']);

export const nationality = (random: Random) =>
  random.weighted([
    ['Việt Nam', 60],
    ['Trung Quốc (Đài Loan)', 0.4],
    ['Lào', 0.4],
  ] as const);

export interface IdentityCard {
  readonly kind: string;
  readonly code: string;
  readonly number: string;
}

export function identityCard(
  random: Random,
  born: Day,
  registered: Day,
  sex: Person['sex'],
): IdentityCard {
  const digits = (n: number) => Array.from({ length: n }, () => random.int(0, 9)).join('');
  // Since 2016 some people have the twelve digits of the citizen's card.
  if (registered > dayOf(2016, 2, 1) && random.chance(0.35)) {
    const { year } = partsOf(born);
    const century = (year >= 2000 ? 2 : 0) + (sex === 'female' ? 1 : 0);
    return { kind: 'CCCD', code: '4', number: `034${century}${String(year).slice(2)}${digits(6)}` };
  }
  if (random.chance(0.03)) {
    return { kind: 'Hộ chiếu', code: '2', number: `B${digits(7)}` };
  }
  return { kind: 'CMND', code: '1', number: `1${digits(8)}` };
}

const DOCUMENT = ['Loai', 'So', 'NgayCap', 'NoiCap'].map((part) => `${part}GiayToTuyThan`);

/** The four fields of an identity document, those of the person whose keys begin with `who`. */
export function documentOf(
  volume: Volume,
  random: Random,
  who: string,
  card: IdentityCard,
  registered: Day,
): Draft {
  const { province, provinceKind } = volume.commune;
  const issued = registered - random.int(200, 4500);
  return {
    [`${who}LoaiGiayToTuyThan`]: { texts: [card.kind], normalized: card.code },
    [`${who}SoGiayToTuyThan`]: written(card.number),
    // The citizen's card exists since 2016.
    [`${who}NgayCapGiayToTuyThan`]: written(
      dateText(card.code === '4' ? Math.max(issued, dayOf(2016, 1, 4)) : issued, volume.dates),
    ),
    [`${who}NoiCapGiayToTuyThan`]:
      card.code === '1'
        ? written(`Công an ${provinceKind} ${province}`, `CA ${province}`)
        : card.code === '4'
          ? written('Cục Cảnh sát ĐKQL cư trú và DLQG về dân cư', 'Cục Cảnh sát')
          : written('Cục Quản lý xuất nhập cảnh', 'Cục QLXNC'),
  };
}

/** Children have no identity document, and many an old person had none. */
export function noDocument(who: string): Draft {
  return Object.fromEntries(DOCUMENT.map((part) => [`${who}${part}`, BLANK]));
}

/** The same document for the keys that begin with `to`: the person of the keys in `from` again. */
export function sameDocument(draft: Draft, from: string, to: string): Draft {
  return Object.fromEntries(DOCUMENT.map((part) => [`${to}${part}`, draft[`${from}${part}`]!]));
}

/** Everything that a register may ask about one person, in the keys that begin with `who`. */
export function personal(
  volume: Volume,
  random: Random,
  who: string,
  person: Person,
  born: Day,
  registered: Day,
): Draft {
  const place = () => (random.chance(0.75) ? volume.commune : random.pick(volume.neighbours));
  const resident = random.chance(0.92) ? '1' : '2';
  const home = written(...dwellingTexts(random, place(), volume.places));
  return {
    [`${who}HoTen`]: written(caps(volume, person.name, true)),
    [`${who}NgaySinh`]: random.chance(0.1)
      ? written(String(partsOf(born).year))
      : written(dateText(born, volume.dates)),
    [`${who}GioiTinh`]: written(person.sex === 'male' ? 'Nam' : 'Nữ'),
    [`${who}DanToc`]: written(ethnicity(volume, random)),
    [`${who}QuocTich`]: written(nationality(random)),
    [`${who}NoiSinh`]: written(...communeTexts(place(), volume.places)),
    [`${who}QueQuan`]: written(...communeTexts(place(), volume.places)),
    [`${who}LoaiCuTru`]: { texts: [resident], normalized: resident },
    [`${who}NoiCuTru`]: home,
    [`${who}NoiThuongTru`]: home,
    ...documentOf(
      volume,
      random,
      who,
      identityCard(random, born, registered, person.sex),
      registered,
    ),
  };
}

/** A day on which somebody of that age in years was born. */
export function bornBefore(random: Random, day: Day, from: number, to: number): Day {
  return day - random.int(from * 366, to * 365);
}
