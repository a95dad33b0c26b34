import { dateToWords } from '../../../models/dates.ts';
import { fieldsOnForm } from '../../../models/forms/define.ts';
import { invent, type Person } from '../people.ts';
import { birthplaceTexts, communeTexts, dwellingTexts } from '../places.ts';
import type { Random } from '../random.ts';
import { type Day, dateText, dayOf, partsOf, type Volume } from '../volume.ts';
import {
  BLANK,
  caps,
  type Draft,
  documentOf,
  ethnicity,
  identityCard,
  nationality,
  written,
} from '../writing.ts';

/** A child, its parents and who declared it. */
export function birth(volume: Volume, index: number, random: Random, draft: Draft): void {
  const { day: registered } = volume.entry(index);
  const late = random.chance(0.12);
  const born = registered - (late ? random.int(70, 4000) : random.int(2, 58));
  const sex = random.chance(0.51) ? 'male' : 'female';
  const father = invent(random, 'male');
  const mother = invent(random, 'female');
  const fatherKnown = !random.chance(0.05);
  const child = invent(random, sex, (fatherKnown ? father : mother).family);
  const mothersDay = dayOf(
    partsOf(born).year - random.int(19, 38),
    random.int(1, 12),
    random.int(1, 28),
  );
  const fathersDay = mothersDay - random.int(-700, 3000);
  const place = random.chance(0.7) ? volume.commune : random.pick(volume.neighbours);
  const native = random.chance(0.75) ? volume.commune : random.pick(volume.neighbours);
  const group = ethnicity(volume, random);
  const words = dateToWords(partsOf(born));

  draft.nksHoTen = written(caps(volume, child.name, true));
  draft.nksGioiTinh = written(sex === 'male' ? 'Nam' : 'Nữ');
  draft.nksNgaySinh = random.chance(0.02)
    ? written(String(partsOf(born).year))
    : written(dateText(born, volume.dates));
  draft.nksNgaySinhBangChu =
    draft.nksNgaySinh.texts[0]!.length === 4
      ? written(dateToWords({ year: partsOf(born).year }))
      : written(random.chance(0.6) ? words : words.replaceAll(',', ''));
  draft.nksNoiSinh = written(...birthplaceTexts(random, place, volume.places));
  draft.nksDanToc = written(group);
  draft.nksQuocTich = written('Việt Nam');
  draft.nksQueQuan = random.chance(0.04) ? BLANK : written(...communeTexts(native, volume.places));
  draft.chaHoTen = fatherKnown ? written(caps(volume, father.name, false)) : BLANK;
  draft.chaDanToc = fatherKnown ? written(group) : BLANK;
  draft.chaQuocTich = fatherKnown ? written(nationality(random)) : BLANK;
  draft.meHoTen = written(caps(volume, mother.name, false));
  draft.meDanToc = random.chance(0.02) ? BLANK : written(ethnicity(volume, random));
  draft.meQuocTich = written('Việt Nam');
  const parents = (day: Day) =>
    random.chance(0.85) ? String(partsOf(day).year) : dateText(day, volume.dates);
  draft.meNgaySinh = written(parents(mothersDay));
  draft.chaNgaySinh = fatherKnown ? written(parents(fathersDay)) : BLANK;
  const home = dwellingTexts(random, volume.commune, volume.places);
  draft.meNoiCuTru = written(...home);
  draft.chaNoiCuTru = !fatherKnown
    ? BLANK
    : random.chance(0.7)
      ? written(...home)
      : written(...dwellingTexts(random, random.pick(volume.neighbours), volume.places));

  const [relation, declarant, day] = random.weighted<readonly [string, Person, Day]>([
    [[random.pick(['Cha đẻ', 'Cha', 'Bố đẻ']), father, fathersDay], fatherKnown ? 12 : 0],
    [[random.pick(['Mẹ đẻ', 'Mẹ']), mother, mothersDay], 5],
    [['Ông nội', invent(random, 'male', father.family), fathersDay - 9000], fatherKnown ? 1.5 : 0],
    [['Bà ngoại', invent(random, 'female'), mothersDay - 8800], 1.2],
    [['Bà nội', invent(random, 'female'), fathersDay - 8800], fatherKnown ? 0.8 : 0],
  ]);
  draft.nycHoTen = written(caps(volume, declarant.name, false));
  draft.nycQuanHe = random.chance(0.03) ? BLANK : written(relation);
  const card = identityCard(random, day, registered, declarant.sex);
  Object.assign(draft, documentOf(volume, random, 'nyc', card, registered));

  const { year } = partsOf(born);
  draft.nksSoDinhDanh = random.chance(0.25)
    ? BLANK
    : written(
        `034${(year >= 2000 ? 2 : 0) + (sex === 'female' ? 1 : 0)}${String(year).slice(2)}${String(random.int(0, 999999)).padStart(6, '0')}`,
      );
  const kind = late ? '4' : random.weighted([['1', 20] as const, ['2', 1] as const]);
  draft.loaiDangKy = random.chance(0.03) ? BLANK : { texts: [kind], normalized: kind };
  // A foundling has no parents on the page.
  const foundling = fieldsOnForm(volume.form).includes('nksLoaiKhaiSinh') && random.chance(0.03);
  draft.nksLoaiKhaiSinh = foundling ? { texts: ['5'], normalized: '5' } : BLANK;
  if (foundling) {
    for (const key of Object.keys(draft)) if (/^(me|cha)\p{Lu}/u.test(key)) draft[key] = BLANK;
  }
}
