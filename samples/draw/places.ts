import type { Random } from './random.ts';

/**
 * Real provinces and districts of the years of the forms, with communes put together by chance from
 * common names: a page names a plausible place, not a particular one.
 */
export interface Commune {
  readonly kind: 'xã' | 'phường' | 'thị trấn';
  readonly name: string;
  readonly districtKind: 'huyện' | 'quận' | 'thị xã' | 'thành phố';
  readonly district: string;
  readonly provinceKind: 'tỉnh' | 'thành phố';
  readonly province: string;
}

const DISTRICTS: readonly (readonly [string, string])[] = [
  ['huyện Vũ Thư', 'tỉnh Thái Bình'],
  ['huyện Đông Hưng', 'tỉnh Thái Bình'],
  ['huyện Kiến Xương', 'tỉnh Thái Bình'],
  ['huyện Quỳnh Phụ', 'tỉnh Thái Bình'],
  ['huyện Hải Hậu', 'tỉnh Nam Định'],
  ['huyện Ý Yên', 'tỉnh Nam Định'],
  ['huyện Nghĩa Hưng', 'tỉnh Nam Định'],
  ['huyện Bình Lục', 'tỉnh Hà Nam'],
  ['huyện Khoái Châu', 'tỉnh Hưng Yên'],
  ['huyện Ân Thi', 'tỉnh Hưng Yên'],
  ['huyện Thanh Miện', 'tỉnh Hải Dương'],
  ['huyện Kim Sơn', 'tỉnh Ninh Bình'],
  ['huyện Yên Định', 'tỉnh Thanh Hóa'],
  ['huyện Quỳnh Lưu', 'tỉnh Nghệ An'],
  ['huyện Thạch Hà', 'tỉnh Hà Tĩnh'],
  ['huyện Quảng Trạch', 'tỉnh Quảng Bình'],
  ['huyện Thăng Bình', 'tỉnh Quảng Nam'],
  ['huyện Cư Kuin', 'tỉnh Đắk Lắk'],
  ['huyện Chợ Gạo', 'tỉnh Tiền Giang'],
  ['huyện Gò Công Đông', 'tỉnh Tiền Giang'],
  ['huyện Thốt Nốt', 'thành phố Cần Thơ'],
  ['quận Ba Đình', 'thành phố Hà Nội'],
  ['thị xã Cẩm Phả', 'tỉnh Quảng Ninh'],
];

const FIRST =
  'Tân Minh Đông Tây Nam Bắc Vĩnh Phú An Bình Hòa Thụy Quỳnh Vũ Song Hải Yên Mỹ Phước Long'.split(
    ' ',
  );
const SECOND =
  'Hòa Quang Tiến Hội Lãng Thắng Sơn Phong Xuân Phú Thành Lộc Khê Trung Hưng Ninh Tường Mỹ Vượng Đức'.split(
    ' ',
  );
const HAMLETS =
  'Đông Đoài Trung Thượng Hạ Nội Hưng Đạo Phú Mỹ Quyết Tiến Đại Đồng An Lạc Kênh Son'.split(' ');
const STREETS = ['Trần Hưng Đạo', 'Lê Lợi', 'Quang Trung', 'Nguyễn Trãi', 'Hai Bà Trưng', 'Lý Bôn'];

export function inventCommune(random: Random, near?: Commune): Commune {
  let district: string;
  let province: string;
  if (near && random.chance(0.75)) {
    const ofProvince = DISTRICTS.filter(([, p]) => p === `${near.provinceKind} ${near.province}`);
    [district, province] = random.chance(0.7)
      ? [`${near.districtKind} ${near.district}`, `${near.provinceKind} ${near.province}`]
      : random.pick(ofProvince);
  } else {
    [district, province] = random.pick(DISTRICTS);
  }
  const split = (unit: string, kinds: readonly string[]) => {
    const kind = kinds.find((k) => unit.startsWith(`${k} `))!;
    return [kind, unit.slice(kind.length + 1)] as const;
  };
  const [districtKind, districtName] = split(district, ['huyện', 'quận', 'thị xã', 'thành phố']);
  const [provinceKind, provinceName] = split(province, ['tỉnh', 'thành phố']);
  let second = random.pick(SECOND);
  const first = random.pick(FIRST);
  while (second === first) second = random.pick(SECOND);
  const kind =
    districtKind !== 'huyện' ? 'phường' : random.chance(0.06) ? 'thị trấn' : ('xã' as const);
  return {
    kind,
    name: `${first} ${second}`,
    districtKind: districtKind as Commune['districtKind'],
    district: districtName,
    provinceKind: provinceKind as Commune['provinceKind'],
    province: provinceName,
  };
}

/** How one clerk writes places, the same on all pages of a book. */
export interface PlaceStyle {
  readonly kinds: 'full' | 'abbreviated' | 'none';
  readonly separator: ', ' | ' - ';
}

export function placeStyle(random: Random): PlaceStyle {
  return {
    kinds: random.weighted([
      ['full', 6],
      ['abbreviated', 1],
      ['none', 3],
    ] as const),
    separator: random.chance(0.75) ? ', ' : ' - ',
  };
}

/** The commune as text, from the longest way of writing it to the shortest, for lines that are too short. */
export function communeTexts(c: Commune, style: PlaceStyle): string[] {
  const { separator: s } = style;
  const full = `${c.kind} ${c.name}${s}${c.districtKind} ${c.district}${s}${c.provinceKind} ${c.province}`;
  const short = `${ABBREVIATIONS[c.kind]} ${c.name}${s}${ABBREVIATIONS[c.districtKind]} ${c.district}${s}${ABBREVIATIONS[c.provinceKind]} ${c.province}`;
  const bare = `${c.name}${s}${c.district}${s}${c.province}`;
  const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);
  if (style.kinds === 'full') return [capital(full), bare];
  return style.kinds === 'abbreviated' ? [capital(short), bare] : [bare];
}

const ABBREVIATIONS: Record<string, string> = {
  xã: 'x.',
  phường: 'P.',
  'thị trấn': 'TT.',
  huyện: 'h.',
  quận: 'Q.',
  'thị xã': 'TX.',
  'thành phố': 'TP.',
  tỉnh: 't.',
};

/** A dwelling in the commune: hamlet or house number before it. */
export function dwellingTexts(random: Random, c: Commune, style: PlaceStyle): string[] {
  const before =
    c.kind === 'xã'
      ? random.chance(0.5)
        ? `Thôn ${random.pick(HAMLETS)}`
        : `${random.pick(['Xóm', 'Đội', 'Thôn'])} ${random.int(1, 15)}`
      : random.chance(0.6)
        ? `Số ${random.int(2, 280)} ${random.pick(STREETS)}`
        : `Tổ ${random.int(1, 40)}`;
  // Only the word for the unit loses its capital behind the hamlet.
  const lower = (text: string) =>
    /^(Xã|Phường|Thị trấn|X\.) /u.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
  const texts = communeTexts(c, style);
  return [...texts.map((t) => `${before}${style.separator}${lower(t)}`), texts[texts.length - 1]!];
}

/** Where children are born. */
export function birthplaceTexts(random: Random, c: Commune, style: PlaceStyle): string[] {
  const s = style.separator;
  return random.weighted([
    [communeTexts(c, style), 3],
    [
      [
        `Trạm y tế ${c.kind} ${c.name}${s}${c.districtKind} ${c.district}${s}${c.provinceKind} ${c.province}`,
        `Trạm y tế ${c.kind} ${c.name}${s}${c.district}${s}${c.province}`,
        `Trạm y tế ${c.kind} ${c.name}`,
      ],
      3,
    ],
    [
      [
        `Bệnh viện đa khoa ${c.districtKind} ${c.district}${s}${c.provinceKind} ${c.province}`,
        `BVĐK ${c.districtKind} ${c.district}${s}${c.province}`,
        `BVĐK ${c.district}`,
      ],
      3,
    ],
    [[`Bệnh viện Phụ sản ${c.province}`, `BV Phụ sản ${c.province}`], 1],
  ]);
}
