import { invent } from '../people.ts';
import { communeTexts } from '../places.ts';
import type { Random } from '../random.ts';
import { dateText, partsOf, type Volume } from '../volume.ts';
import {
  BLANK,
  bornBefore,
  caps,
  type Draft,
  documentOf,
  identityCard,
  noDocument,
  personal,
  written,
} from '../writing.ts';

const OF_AGE = ['Già yếu', 'Tuổi già', 'Tai biến mạch máu não', 'Bệnh tim'];
const CAUSES = ['Ung thư gan', 'Tai nạn giao thông', 'Bệnh hiểm nghèo', 'Bệnh phổi', 'Đuối nước'];

/** Somebody who died, the notice of it and who declared it. */
export function death(volume: Volume, index: number, random: Random, draft: Draft): void {
  const { day: registered } = volume.entry(index);
  const late = random.chance(0.15);
  const died = registered - (late ? random.int(16, 900) : random.int(1, 14));
  const child = random.chance(0.03);
  const born = child ? died - random.int(20, 1700) : bornBefore(random, died, 22, 96);
  const person = invent(random, random.chance(0.55) ? 'male' : 'female');
  Object.assign(draft, personal(volume, random, 'nkt', person, born, registered));
  if (child || random.chance(0.2)) Object.assign(draft, noDocument('nkt'));
  draft.nktNgayChet = written(dateText(died, volume.dates));
  const time = { hour: random.int(0, 23), minute: random.pick([0, 5, 10, 15, 20, 30, 40, 45, 50]) };
  const minute = String(time.minute).padStart(2, '0');
  draft.nktGioPhutChet = random.chance(0.1)
    ? BLANK
    : { texts: [`${time.hour} giờ ${minute} phút`], time };
  const { commune, places } = volume;
  draft.nktNoiChet = random.weighted([
    [written('Tại nhà'), 5],
    [written(...communeTexts(commune, places)), 3],
    [written(`Bệnh viện đa khoa ${commune.districtKind} ${commune.district}`, 'BVĐK'), 2],
  ]);
  const age = (died - born) / 365.25;
  const causes = age > 60 ? [...OF_AGE, ...CAUSES] : CAUSES;
  draft.nktNguyenNhanChet = random.chance(0.05) ? BLANK : written(random.pick(causes));
  const group = age < 1 ? 'D1' : age < 5 ? 'D5' : undefined;
  draft.nktTreEm = group ? { texts: [group], normalized: group } : BLANK;

  const noticed = random.chance(0.7);
  const noticeDay = died + random.int(0, Math.min(5, registered - died));
  draft.gbtSo = noticed ? written(`${random.int(1, 120)}/${partsOf(noticeDay).year}`) : BLANK;
  draft.gbtNgay = noticed ? { texts: [dateText(noticeDay, volume.dates)], day: noticeDay } : BLANK;
  draft.gbtCoQuanCap = !noticed
    ? BLANK
    : random.chance(0.6)
      ? written(`Trạm y tế ${volume.commune.kind} ${volume.commune.name}`, 'Trạm y tế')
      : written(`BVĐK ${volume.commune.districtKind} ${volume.commune.district}`, 'BVĐK');

  const [relation, sex] = random.pick([
    ['Con', 'male'],
    ['Con trai', 'male'],
    ['Con gái', 'female'],
    ['Cháu', 'male'],
    [person.sex === 'male' ? 'Vợ' : 'Chồng', person.sex === 'male' ? 'female' : 'male'],
  ] as const);
  const declarant = invent(random, sex, relation.startsWith('Con') ? person.family : undefined);
  const declarantBorn = bornBefore(random, registered, 20, 65);
  draft.nycHoTen = written(caps(volume, declarant.name, false));
  draft.nycQuanHe = random.chance(0.05) ? BLANK : written(relation);
  const card = identityCard(random, declarantBorn, registered, sex);
  Object.assign(draft, documentOf(volume, random, 'nyc', card, registered));
  const kind = late ? '4' : random.weighted([['1', 20] as const, ['2', 1] as const]);
  draft.loaiDangKy = random.chance(0.03) ? BLANK : { texts: [kind], normalized: kind };
  if (late && random.chance(0.6)) draft.ghiChuKhiDangKy = written('Đăng ký quá hạn');
  else draft.ghiChuKhiDangKy = BLANK;
}
