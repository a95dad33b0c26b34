import { CODE_LISTS } from '../../models/code-lists.ts';
import { dateToWords } from '../../models/dates.ts';
import { fieldsOnForm } from '../../models/forms/define.ts';
import { numberToWords } from '../../models/numbers.ts';
import type { RegisterField } from '../../models/registers/define.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { invent, type Person } from './people.ts';
import { birthplaceTexts, communeTexts, dwellingTexts, inventCommune } from './places.ts';
import type { Random } from './random.ts';
import { type Day, dateText, dayOf, partsOf, type Volume } from './volume.ts';

/** What a clerk writes into one field of one page. */
export interface Writing {
  /** Ways to write it, the preferred first, shorter ones behind for lines that are too short; empty: left blank. */
  readonly texts: readonly string[];
  /** Where the text alone does not give it: the code of a ticked box, of an abbreviation. */
  readonly normalized?: string;
  /** A date that the form may ask in parts. */
  readonly day?: Day;
  readonly struckOut?: boolean;
}

/** The writing of one page by field key; covers every field that the form asks on the page. */
export type Entry = Readonly<Record<string, Writing>>;

type Draft = Record<string, Writing>;

const BLANK: Writing = { texts: [] };
const written = (...texts: string[]): Writing => ({ texts });

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
> = { KS: birth, KH: marriage };

function common(volume: Volume, index: number, random: Random): Draft {
  const { number, day } = volume.entry(index);
  const signatory = random.weighted(
    volume.signatories.map((s, i) => [s, i === 0 ? 4 : 2] as const),
  );
  return {
    so: written(volume.numbers(number, partsOf(day).year)),
    quyenSo: written(volume.number),
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

const caps = (volume: Volume, name: string, first: boolean) =>
  volume.capitals === 'all' || (volume.capitals === 'first' && first)
    ? name.toLocaleUpperCase('vi')
    : name;

const ethnicity = (volume: Volume, random: Random) =>
  random.chance(0.94)
    ? volume.ethnicity
    : random.pick(['Kinh', 'Tày', 'Thái', 'Mường', 'Nùng', 'Hoa', 'Dao', 'Khơ Me', 'Gia Rai']);

const nationality = (random: Random) =>
  random.weighted([
    ['Việt Nam', 60],
    ['Trung Quốc (Đài Loan)', 0.4],
    ['Lào', 0.4],
  ] as const);

function identityNumber(random: Random, born: Day, registered: Day, sex: Person['sex']) {
  const digits = (n: number) => Array.from({ length: n }, () => random.int(0, 9)).join('');
  // Since 2016 some people have the twelve digits of the citizen's card.
  if (registered > dayOf(2016, 2, 1) && random.chance(0.35)) {
    const { year } = partsOf(born);
    const century = (year >= 2000 ? 2 : 0) + (sex === 'female' ? 1 : 0);
    return { kind: 'CCCD', code: '4', number: `034${century}${String(year).slice(2)}${digits(6)}` };
  }
  if (random.chance(0.03)) {
    return { kind: 'Hộ chiếu', code: '2', number: `B${digits(7)}` };
  }
  return { kind: 'CMND', code: '1', number: `1${digits(8)}` };
}

function birth(volume: Volume, index: number, random: Random, draft: Draft): void {
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
  const card = identityNumber(random, day, registered, declarant.sex);
  const province = volume.commune.province;
  draft.nycLoaiGiayToTuyThan = { texts: [card.kind], normalized: card.code };
  draft.nycSoGiayToTuyThan = written(card.number);
  // The citizen's card exists since 2016.
  const issued = registered - random.int(200, 4500);
  draft.nycNgayCapGiayToTuyThan = written(
    dateText(card.code === '4' ? Math.max(issued, dayOf(2016, 1, 4)) : issued, volume.dates),
  );
  draft.nycNoiCapGiayToTuyThan =
    card.code === '1'
      ? written(`Công an ${volume.commune.provinceKind} ${province}`, `CA ${province}`)
      : card.code === '4'
        ? written('Cục Cảnh sát ĐKQL cư trú và DLQG về dân cư', 'Cục Cảnh sát')
        : written('Cục Quản lý xuất nhập cảnh', 'Cục QLXNC');

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

function marriage(volume: Volume, index: number, random: Random, draft: Draft): void {
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
    const card = identityNumber(random, born, registered, person.sex);
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
    volume.form.lines.flat().flatMap((i) => ('blank' in i && i.blank.length > 1 ? i.blank : [])),
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
