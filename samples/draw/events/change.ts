import { invent } from '../people.ts';
import type { Random } from '../random.ts';
import { dateText, partsOf, type Volume } from '../volume.ts';
import {
  bornBefore,
  caps,
  type Draft,
  documentOf,
  identityCard,
  personal,
  sameDocument,
  written,
} from '../writing.ts';

/** A change or correction in somebody's certificate. */
export function change(volume: Volume, index: number, random: Random, draft: Draft): void {
  const { day: registered } = volume.entry(index);
  const person = invent(random, random.chance(0.5) ? 'male' : 'female');
  const born = bornBefore(random, registered, 16, 45);
  Object.assign(draft, personal(volume, random, 'ntd', person, born, registered));
  const { year } = partsOf(born);
  const wrong = invent(random, person.sex, person.family).name;
  const [kind, from, to] = random.weighted([
    [['CC', `Năm sinh ${year + 1}`, `Năm sinh ${year}`] as const, 4],
    [['TD', `Họ tên ${wrong}`, `Họ tên ${person.name}`] as const, 3],
    [['BS', 'Quê quán để trống', `Quê quán ${volume.commune.province}`] as const, 2],
    [['XDDT', 'Dân tộc Tày', 'Dân tộc Kinh'] as const, 1],
  ]);
  draft.loaiViec = { texts: [kind], normalized: kind };
  draft.noiDungTu = written(from);
  draft.noiDungThanh = written(to);
  draft.gthtTen = written('Giấy khai sinh');
  const issued = born + random.int(10, 900);
  draft.gthtSo = written(`${random.int(1, 180)}/${partsOf(issued).year}`);
  draft.gthtNgayCap = written(dateText(issued, volume.dates));
  draft.gthtNoiCap = written(`UBND ${volume.commune.kind} ${volume.commune.name}`);
  const declarant = random.chance(0.6) ? person : invent(random, 'male', person.family);
  const adult = bornBefore(random, registered, 20, 60);
  draft.nycHoTen = written(caps(volume, declarant.name, false));
  const card = identityCard(random, adult, registered, declarant.sex);
  Object.assign(
    draft,
    declarant === person
      ? sameDocument(draft, 'ntd', 'nyc')
      : documentOf(volume, random, 'nyc', card, registered),
  );
}
