import { fieldsOnForm } from '../../../models/forms/define.ts';
import { invent } from '../people.ts';
import { dwellingTexts } from '../places.ts';
import type { Random } from '../random.ts';
import { dateText, partsOf, type Volume } from '../volume.ts';
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

/** Husband and wife. */
export function marriage(volume: Volume, index: number, random: Random, draft: Draft): void {
  const { day: registered } = volume.entry(index);
  const husband = invent(random, 'male');
  const wife = invent(random, 'female');
  const his = registered - random.int(20 * 366, 36 * 365);
  const hers = Math.min(his + random.int(-900, 3200), registered - 18 * 366);
  for (const [who, person, born] of [
    ['chong', husband, his],
    ['vo', wife, hers],
  ] as const) {
    const resident = random.chance(0.9) ? '1' : '2';
    const home = random.chance(0.72) ? volume.commune : random.pick(volume.neighbours);
    const card = identityCard(random, born, registered, person.sex);
    draft[`${who}HoTen`] = written(caps(volume, person.name, true));
    draft[`${who}NgaySinh`] = random.chance(0.06)
      ? written(String(partsOf(born).year))
      : written(dateText(born, volume.dates));
    draft[`${who}DanToc`] = written(ethnicity(volume, random));
    draft[`${who}QuocTich`] = written(who === 'chong' ? nationality(random) : 'Việt Nam');
    draft[`${who}LoaiCuTru`] = random.chance(0.04)
      ? BLANK
      : { texts: [resident], normalized: resident };
    draft[`${who}NoiCuTru`] = written(...dwellingTexts(random, home, volume.places));
    draft[`${who}SoGiayToTuyThan`] = random.chance(0.06) ? BLANK : written(card.number);
  }
  draft.ghiChuKhiDangKy = BLANK;
  const asked = fieldsOnForm(volume.form);
  if (!asked.includes('chongNgayCapGiayToTuyThan')) return;
  for (const [who, born, sex] of [
    ['chong', his, 'male'],
    ['vo', hers, 'female'],
  ] as const) {
    const card = identityCard(random, born, registered, sex);
    Object.assign(draft, documentOf(volume, random, who, card, registered));
  }
  if (!asked.includes('loaiDangKy')) return;
  const kind = random.weighted([['1', 20] as const, ['2', 1] as const]);
  draft.loaiDangKy = random.chance(0.03) ? BLANK : { texts: [kind], normalized: kind };
  draft.ngayXacLapQuanHeHonNhan = random.chance(0.6)
    ? BLANK
    : written(dateText(kind === '1' ? registered : registered - 3000, volume.dates));
}
