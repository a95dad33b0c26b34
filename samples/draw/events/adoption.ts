import { invent } from '../people.ts';
import type { Random } from '../random.ts';
import { dateText, type Volume } from '../volume.ts';
import { BLANK, bornBefore, type Draft, personal, written } from '../writing.ts';

/** A child that a couple adopts from its parents, or from a home for children. */
export function adoption(volume: Volume, index: number, random: Random, draft: Draft): void {
  const { day: registered } = volume.entry(index);
  const fromHome = random.chance(0.25);
  const born = registered - random.int(60, 4500);
  const parents = [invent(random, 'male'), invent(random, 'female')] as const;
  const child = invent(random, random.chance(0.5) ? 'male' : 'female', parents[0].family);
  const adopters = [invent(random, 'male'), invent(random, 'female')] as const;
  const alone = random.chance(0.15);
  const people = [
    ['cn', child, born],
    ['chn', adopters[0], bornBefore(random, born, 28, 45)],
    ['men', adopters[1], bornBefore(random, born, 28, 45)],
    ['chg', parents[0], bornBefore(random, born, 19, 40)],
    ['meg', parents[1], bornBefore(random, born, 19, 40)],
  ] as const;
  for (const [who, person, day] of people)
    Object.assign(draft, personal(volume, random, who, person, day, registered));
  const absent = [...(alone ? ['chn'] : []), ...(fromHome ? ['chg', 'meg'] : [])];
  for (const key of Object.keys(draft))
    if (absent.some((who) => key.startsWith(who))) draft[key] = BLANK;

  draft.quanHeBenGiao = written(fromHome ? 'Cơ sở nuôi dưỡng' : 'Cha, mẹ đẻ');
  draft.tenCoSoNuoiDuong = fromHome
    ? written(`Trung tâm Bảo trợ xã hội ${volume.commune.province}`, 'TT Bảo trợ xã hội')
    : BLANK;
  draft.daiDienCoSoNuoiDuong = fromHome
    ? written(`${invent(random, 'female').name}, Giám đốc`)
    : BLANK;
  draft.quyetDinhSo = written(`${String(random.int(1, 40)).padStart(2, '0')}/QĐ-UBND`);
  draft.quyetDinhNgay = written(dateText(registered, volume.dates));
}
