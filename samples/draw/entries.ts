import { CODE_LISTS } from '../../models/code-lists.ts';
import { dateToWords } from '../../models/dates.ts';
import { fieldsOnForm, isBlank } from '../../models/forms/define.ts';
import { numberToWords } from '../../models/numbers.ts';
import type { RegisterField } from '../../models/registers/define.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { adoption } from './events/adoption.ts';
import { birth } from './events/birth.ts';
import { change } from './events/change.ts';
import { death } from './events/death.ts';
import { guardianship } from './events/guardianship.ts';
import { maritalStatus } from './events/marital-status.ts';
import { marriage } from './events/marriage.ts';
import { recognition } from './events/recognition.ts';
import { invent } from './people.ts';
import { communeTexts, inventCommune } from './places.ts';
import type { Random } from './random.ts';
import { type Day, dateText, partsOf, type Volume } from './volume.ts';
import { BLANK, caps, type Draft, type Entry, type Writing, written } from './writing.ts';

/** Invents what stands on page `index` (from 0) of a book. */
export function inventEntry(volume: Volume, index: number, random: Random): Entry {
  const { form } = volume;
  const register = registerOf(form.register);
  const draft: Draft = { ...common(volume, index, random) };
  ENTRIES[form.register]?.(volume, index, random, draft);
  for (const key of fieldsOnForm(form)) {
    draft[key] ??= anything(volume, random, register.fields[key]!);
  }
  strike(volume, random, draft);
  return draft;
}

/** By register; a register that is missing here gets plausible values by kind of field. */
const ENTRIES: Readonly<
  Record<string, (volume: Volume, index: number, random: Random, draft: Draft) => void>
> = {
  KS: birth,
  KH: marriage,
  KT: death,
  CMC: recognition,
  HN: maritalStatus,
  GH: guardianship,
  CDGH: guardianship,
  NCN: adoption,
  TDCC: change,
};

function common(volume: Volume, index: number, random: Random): Draft {
  const { number, day } = volume.entry(index);
  const signatory = random.weighted(
    volume.signatories.map((s, i) => [s, i === 0 ? 4 : 2] as const),
  );
  return {
    so: written(volume.numbers(number, partsOf(day).year)),
    quyenSo: written(volume.number),
    noiDangKy: written(`UBND ${volume.commune.kind} ${volume.commune.name}`),
    trangSo: random.chance(0.03)
      ? BLANK
      : written(String(volume.firstPage + index).padStart(2, '0')),
    ngayDangKy: { texts: [dateText(day, volume.dates)], day },
    nguoiKy: written(signatory.name),
    chucVuNguoiKy: written(signatory.position),
    nguoiThucHien: random.chance(0.04)
      ? BLANK
      : written(volume.clerks[random.chance(0.85) ? 0 : 1]!),
    ghiChu: random.chance(0.22) ? written(note(volume, random, day)) : BLANK,
  };
}

function note(volume: Volume, random: Random, after: Day): string {
  const day = dateText(after + random.int(40, 2500), volume.dates);
  return random.weighted([
    [`Đã cấp lại bản chính ngày ${day}`, 4],
    [`Cấp bản sao ngày ${day}`, 3],
    [`Cải chính năm sinh theo QĐ số ${random.int(3, 90)}/QĐ-UBND ngày ${day}`, 2],
    ['Đăng ký quá hạn', volume.form.register === 'KS' ? 2 : 0],
    [`Bổ sung quê quán ngày ${day}`, 1],
  ]);
}

/** A plausible value for a field of a form that has no entry of its own. */
function anything(volume: Volume, random: Random, field: RegisterField): Writing {
  if (random.chance(0.1)) return BLANK;
  const day = volume.entry(0).day - random.int(10, 15000);
  switch (field.kind) {
    case 'name':
      return written(caps(volume, invent(random, random.pick(['male', 'female'])).name, false));
    case 'place':
      return written(...communeTexts(inventCommune(random, volume.commune), volume.places));
    case 'date':
    case 'partialDate':
      return { texts: [dateText(day, volume.dates)], day };
    case 'dateInWords':
      return written(dateToWords(partsOf(day)));
    case 'code': {
      const item = random.pick(CODE_LISTS[field.list!]!.items);
      return { texts: [item.labelVi], normalized: item.code };
    }
    case 'personalId':
      return written(Array.from({ length: 12 }, () => random.int(0, 9)).join(''));
    case 'documentNumber':
      return written(`1${Array.from({ length: 8 }, () => random.int(0, 9)).join('')}`);
    case 'time':
      return written(`${random.int(0, 23)} giờ ${random.int(0, 59)} phút`);
    case 'text':
      return written(numberToWords(random.int(1, 2000)));
    default:
      return written(String(random.int(1, 400)));
  }
}

/** On some pages a clerk crosses one value out and leaves it at that. */
function strike(volume: Volume, random: Random, draft: Draft): void {
  if (!random.chance(0.07)) return;
  const fields = registerOf(volume.form.register).fields;
  const shared = new Set(
    volume.form.lines
      .flat()
      .flatMap((i) => (isBlank(i) && (i.blank.length > 1 || i.part) ? i.blank : [])),
  );
  const keys = fieldsOnForm(volume.form).filter(
    (key) =>
      draft[key]!.texts.length > 0 &&
      draft[key]!.normalized === undefined &&
      !shared.has(key) &&
      ['place', 'text', 'code', 'partialDate', 'documentNumber'].includes(fields[key]!.kind) &&
      key !== 'ghiChu',
  );
  if (keys.length === 0) return;
  const key = random.pick(keys);
  draft[key] = { ...draft[key]!, struckOut: true };
}
