import { invent } from '../people.ts';
import type { Random } from '../random.ts';
import type { Volume } from '../volume.ts';
import {
  BLANK,
  bornBefore,
  caps,
  type Draft,
  documentOf,
  identityCard,
  noDocument,
  personal,
  sameDocument,
  written,
} from '../writing.ts';

/** A parent who recognises a child: the forms take the first person for the parent. */
export function recognition(volume: Volume, index: number, random: Random, draft: Draft): void {
  const { day: registered } = volume.entry(index);
  const father = random.chance(0.85);
  const parent = invent(random, father ? 'male' : 'female');
  const child = invent(random, random.chance(0.5) ? 'male' : 'female', parent.family);
  const childBorn = registered - random.int(60, 6000);
  const parentBorn = bornBefore(random, childBorn, 20, 38);
  Object.assign(draft, personal(volume, random, 'cm', parent, parentBorn, registered));
  Object.assign(draft, personal(volume, random, 'nc', child, childBorn, registered));
  if (registered - childBorn < 14 * 366) Object.assign(draft, noDocument('nc'));
  draft.ncQuocTich = written('Việt Nam');
  draft.quanHeHaiBen = written(father ? 'cha' : 'mẹ');
  draft.loaiNhan = random.chance(0.05) ? BLANK : { texts: ['CMNC'], normalized: 'CMNC' };

  const other = random.chance(0.4);
  const declarant = other ? invent(random, father ? 'female' : 'male') : parent;
  draft.nycHoTen = written(caps(volume, declarant.name, false));
  draft.nycQHNguoiNhan = written(other ? (father ? 'Vợ' : 'Chồng') : 'Bản thân');
  draft.nycQHNguoiDuocNhan = written(declarant.sex === 'male' ? 'Cha' : 'Mẹ');
  if (other) {
    const born = bornBefore(random, registered, 20, 40);
    const card = identityCard(random, born, registered, declarant.sex);
    Object.assign(draft, documentOf(volume, random, 'nyc', card, registered));
  } else Object.assign(draft, sameDocument(draft, 'cm', 'nyc'));
  const number = String(random.int(1, 60)).padStart(2, '0');
  const printed = volume.form.lines.flat().some((i) => 'label' in i && /QĐ-UBND/.test(i.label));
  draft.quyetDinhSo = written(printed ? number : `${number}/QĐ-UBND`);
}
