import { invent } from '../people.ts';
import { communeTexts } from '../places.ts';
import type { Random } from '../random.ts';
import { dateText, dayOf, type Volume } from '../volume.ts';
import {
  BLANK,
  bornBefore,
  caps,
  type Draft,
  documentOf,
  identityCard,
  personal,
  sameDocument,
  written,
} from '../writing.ts';

/** A person's certificate of marital status. */
export function maritalStatus(volume: Volume, index: number, random: Random, draft: Draft): void {
  const { day: registered } = volume.entry(index);
  const person = invent(random, random.chance(0.5) ? 'male' : 'female');
  const born = bornBefore(random, registered, 19, 45);
  Object.assign(draft, personal(volume, random, 'nxn', person, born, registered));
  draft.soGiayXacNhan = random.chance(0.1)
    ? BLANK
    : written(`${random.int(1, 300)}/UBND-XNTTHN`, `${random.int(1, 300)}`);
  draft.nxnNoiThuongTruTruocXuatCanh = random.chance(0.93)
    ? BLANK
    : written(...communeTexts(volume.commune, volume.places));
  draft.nxnTinhTrangHonNhan = written(
    random.weighted([
      ['Chưa đăng ký kết hôn với ai', 6],
      ['Chưa kết hôn lần nào', 3],
      ['Đã ly hôn, chưa đăng ký kết hôn lại', 1.5],
      [
        person.sex === 'male' ? 'Vợ đã chết, chưa kết hôn lại' : 'Chồng đã chết, chưa kết hôn lại',
        0.6,
      ],
    ]),
  );
  const [purpose, box] = random.weighted([
    [['Đăng ký kết hôn', 'TN'] as const, 6],
    [['Để đăng ký kết hôn', 'TN'] as const, 3],
    [['Kết hôn ở nước ngoài', 'NN'] as const, 0.5],
    [['Vay vốn ngân hàng', 'KHAC'] as const, 1],
    [['Mua bán đất', 'KHAC'] as const, 0.7],
  ]);
  draft.nxnMucDichSuDung = written(purpose);
  draft.mucDichTrenTrang = { texts: [box], normalized: box };
  const adult = Math.min(born + 18 * 366, registered - 30);
  draft.nxnThoiGianCuTruTai = written(...communeTexts(volume.commune, volume.places));
  draft.nxnThoiGianCuTruTu = written(dateText(Math.max(adult, dayOf(1990, 1, 1)), volume.dates));
  draft.nxnThoiGianCuTruDen = written(dateText(registered, volume.dates));

  const self = random.chance(0.9);
  const declarant = self ? person : invent(random, 'male', person.family);
  draft.nycHoTen = written(caps(volume, declarant.name, false));
  draft.nycQuanHe = written(self ? 'Bản thân' : random.pick(['Bố', 'Anh', 'Cha']));
  const card = identityCard(random, born - 9000, registered, declarant.sex);
  Object.assign(
    draft,
    self ? sameDocument(draft, 'nxn', 'nyc') : documentOf(volume, random, 'nyc', card, registered),
  );
}
