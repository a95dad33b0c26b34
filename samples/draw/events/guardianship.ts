import { invent } from '../people.ts';
import type { Random } from '../random.ts';
import { dateText, partsOf, type Volume } from '../volume.ts';
import {
  BLANK,
  bornBefore,
  caps,
  type Draft,
  noDocument,
  personal,
  sameDocument,
  written,
} from '../writing.ts';

/** A guardian and a ward; the same people when the guardianship ends. */
export function guardianship(volume: Volume, index: number, random: Random, draft: Draft): void {
  const { day: registered } = volume.entry(index);
  const guardian = invent(random, random.chance(0.6) ? 'male' : 'female');
  const ward = invent(random, random.chance(0.5) ? 'male' : 'female', guardian.family);
  const wardBorn = registered - random.int(400, 5000);
  const guardianBorn = bornBefore(random, registered, 35, 70);
  Object.assign(draft, personal(volume, random, 'ngh', guardian, guardianBorn, registered));
  Object.assign(draft, personal(volume, random, 'ndgh', ward, wardBorn, registered));
  Object.assign(draft, noDocument('ndgh'));
  const kind = random.weighted([['DN', 3] as const, ['CU', 2] as const]);
  draft.loaiGiamHo = random.chance(0.04) ? BLANK : { texts: [kind], normalized: kind };

  const since = registered - random.int(200, 1500);
  draft.dangKyGiamHoSo = written(`${random.int(1, 20)}/${partsOf(since).year}`);
  draft.dangKyGiamHoNgay = written(dateText(since, volume.dates));
  draft.lyDoChamDut = written(
    random.pick([
      'Người giám hộ xin thay đổi người giám hộ',
      'Người được giám hộ được nhận làm con nuôi',
      'Cha, mẹ đã đủ điều kiện thực hiện quyền, nghĩa vụ',
    ]),
  );
  draft.nycHoTen = written(caps(volume, guardian.name, false));
  Object.assign(draft, sameDocument(draft, 'ngh', 'nyc'));
}
