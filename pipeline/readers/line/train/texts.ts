import { dateToWords } from '../../../../models/dates.ts';
import { numberToWords } from '../../../../models/numbers.ts';
import type { Random } from '../../../../samples/draw/random.ts';
import { unitNames } from '../../../prefill/units.ts';
import {
  FAMILY_NAMES,
  NAME_SYLLABLES,
  PLACE_WORDS,
  REGISTER_PHRASES,
} from '../../../prefill/words.ts';

const ETHNIC =
  'Kinh Tày Thái Mường Nùng Hoa Dao Khơ-me Gia-rai Ê-đê Ba-na Chăm Cơ-ho Xơ-đăng Hrê Mnông Ra-glai Xtiêng Thổ Giáy Mạ Co Chơ-ro Sán-Dìu Bru-Vân-Kiều Hà-Nhì Xinh-mun Lào La-Chí Phù-Lá La-Hủ Kháng Lự Pà-Thẻn Lô-Lô Chứt Mảng Cơ-lao Bố-Y Ngái Si-la Pu-péo Brâu Rơ-măm Ơ-đu Mông'
    .split(' ')
    .map((s) => s.replaceAll('-', ' '));
const NATIONS =
  'Việt Nam|Việt Nam|Việt Nam|Trung Quốc|Lào|Cam-pu-chia|Hàn Quốc|Đài Loan|Hoa Kỳ|Pháp|Nhật Bản|Đức|Nga|Úc|Canada|Anh'.split(
    '|',
  );
const RELATIONS =
  'Cha đẻ|Mẹ đẻ|Cha|Mẹ|Bố đẻ|Ông nội|Bà nội|Ông ngoại|Bà ngoại|Chồng|Vợ|Con|Anh|Chị|Em|Cháu|Bác|Chú|Cô|Dì|Cậu|Con đẻ|Anh ruột|Em ruột'.split(
    '|',
  );
const POSITIONS =
  'Chủ tịch|Phó Chủ tịch|Công chức tư pháp - hộ tịch|Phó Chủ tịch UBND xã|Chủ tịch UBND|Trưởng phòng Tư pháp|Cán bộ tư pháp|Phó trưởng phòng|Giám đốc Sở Tư pháp|TM. UBND|KT. Chủ tịch'.split(
    '|',
  );
const JOBS =
  'làm ruộng|công nhân|giáo viên|nội trợ|buôn bán|bộ đội|học sinh|sinh viên|bác sĩ|kế toán|lái xe|thợ may|thợ xây|nông dân|tự do|cán bộ|hưu trí|y tá|kỹ sư'.split(
    '|',
  );
const LISTED =
  'Nam|Nữ|Nam|Nữ|Kinh|Việt Nam|thường trú|tạm trú|CMND|CCCD|Hộ chiếu|Đúng hạn|Quá hạn|Đăng ký lại|độc thân|đã kết hôn|ly hôn|Không|Có|già yếu|bệnh tật|tai nạn|tuổi già|ung thư|đuối nước'.split(
    '|',
  );
const STREETS =
  'Trần Hưng Đạo|Lê Lợi|Quang Trung|Nguyễn Trãi|Hai Bà Trưng|Lý Bôn|Ngô Quyền|Điện Biên Phủ|Cách Mạng Tháng 8|Lê Duẩn|Phan Bội Châu|Hoàng Hoa Thám|Nguyễn Huệ|Bà Triệu|Láng Hạ|Xô Viết Nghệ Tĩnh|Tôn Đức Thắng|Võ Thị Sáu|Kim Mã|Hùng Vương|Nguyễn Thị Minh Khai|Đinh Tiên Hoàng|30 tháng 4|An Dương Vương|Âu Cơ'.split(
    '|',
  );
const INITIALS = 'b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x'
  .split(' ')
  .concat(['']);
const RHYMES =
  'a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oai oan oang oanh oat oay oăn oc oe oi om on ong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uât uây uc uê ui um un ung uôc uôi uôm uôn uông uôt up ut uy uyên uyêt ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yên yêu'.split(
    ' ',
  );
const TONES = ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'];
const FOREIGN =
  "Y Blô Mlô|K'Brăng|H'Hen Niê|Rơ Châm|A Lăng|Siu Black|David|Maria|Thạch Sô Phia|Kpă|Ksor|Michael Brown|Kim Ji Won|Wang Wei|Somchai|Anna|Robert|Fujita".split(
    '|',
  );

const cap = (s: string) => s.charAt(0).toLocaleUpperCase('vi') + s.slice(1);
const title = (s: string) => s.split(' ').map(cap).join(' ');
const pad = (n: number) => String(n).padStart(2, '0');

let unitList: readonly string[] | undefined;
const unit = (random: Random) => {
  unitList ??= [...unitNames().values()].flat();
  return random
    .pick(unitList)
    .replace(/^(Tỉnh|Thành phố|Huyện|Quận|Thị xã|Xã|Phường|Thị trấn) /u, '');
};

/** A syllable that the grammar allows, rarely one that nobody uses. */
export function syllable(random: Random): string {
  const rhyme = random.pick(RHYMES);
  const closed = /(c|ch|p|t)$/u.test(rhyme);
  const tone = closed ? random.pick(['\u0301', '\u0323']) : random.pick(TONES);
  // The mark stands on the vowel with a mark of its own, else on the last but one of an open rhyme.
  const marked = [...rhyme].findLastIndex((c) => 'ăâêôơư'.includes(c));
  const vowels = [...rhyme].flatMap((c, i) => ('aăâeêioôơuưy'.includes(c) ? [i] : []));
  const open = vowels.length === rhyme.length;
  const at =
    marked >= 0
      ? marked
      : (vowels[open && vowels.length > 1 ? vowels.length - 2 : vowels.length - 1] ?? 0);
  const letters = [...rhyme];
  letters[at] = (letters[at]! + tone).normalize('NFC');
  return random.pick(INITIALS) + letters.join('');
}

function name(random: Random): string {
  if (random.chance(0.02)) return random.pick(FOREIGN);
  const family = random.chance(0.6) ? FAMILY_NAMES[random.int(0, 14)]! : random.pick(FAMILY_NAMES);
  const one = () => (random.chance(0.85) ? random.pick(NAME_SYLLABLES) : cap(syllable(random)));
  const middle = random.weighted([
    ['Thị', 4],
    ['Văn', 3],
    ['', 5],
  ] as const);
  const parts = [family, middle === '' ? one() : middle, one()];
  if (random.chance(0.35)) parts.splice(2, 0, one());
  if (random.chance(0.05)) parts.splice(1, 1);
  return parts.join(' ');
}

function personName(random: Random): string {
  const text = name(random);
  const look = random.next();
  if (look < 0.42) return text.toLocaleUpperCase('vi');
  return look < 0.47 ? text.toLocaleLowerCase('vi') : text;
}

function dateFigures(random: Random): string {
  const [d, m] = [random.int(1, 31), random.int(1, 12)];
  const y = random.chance(0.9) ? random.int(1920, 2024) : random.int(1000, 2099);
  const separator = random.weighted([
    ['/', 6],
    ['-', 3],
    ['.', 2],
    [' / ', 0.4],
    [' - ', 0.4],
  ] as const);
  const two = random.chance(0.75);
  const text = [two ? pad(d) : d, two ? pad(m) : m, y].join(separator);
  return random.weighted([
    [text, 12],
    [String(y), 2.5],
    [`${pad(m)}${separator}${y}`, 0.8],
    [`ngày ${pad(d)} tháng ${pad(m)} năm ${y}`, 1.6],
    [`Ngày ${d} tháng ${m} năm ${y}`, 0.6],
    [pad(d), 0.8],
    [String(m), 0.5],
    [`${random.int(0, 23)} giờ ${random.int(0, 59)} phút`, 0.6],
    [`${random.int(0, 23)}h${pad(random.int(0, 59))}, ${text}`, 0.3],
    [`năm ${y}`, 0.4],
  ]);
}

function dateInWords(random: Random): string {
  const date = { day: random.int(1, 28), month: random.int(1, 12), year: random.int(1930, 2024) };
  let text = random.chance(0.12) ? dateToWords({ year: date.year }) : dateToWords(date);
  if (random.chance(0.4)) text = text.replaceAll(',', '');
  if (random.chance(0.3)) text = text.toLocaleLowerCase('vi');
  // A long line of it is often broken in two.
  if (random.chance(0.4)) {
    const words = text.split(' ');
    const at = random.int(2, Math.max(2, words.length - 3));
    text = (random.chance(0.5) ? words.slice(0, at) : words.slice(at)).join(' ');
  }
  return text;
}

function number(random: Random): string {
  const digits = (n: number) => Array.from({ length: n }, () => random.int(0, 9)).join('');
  const year = random.int(1950, 2024);
  return random.weighted([
    [String(random.int(1, 400)), 3],
    [String(random.int(1, 400)).padStart(3, '0'), 2],
    [pad(random.int(0, 99)), 2],
    [`${random.int(1, 999)}/${year}`, 2],
    [`${pad(random.int(1, 99))}/${year}`, 1.5],
    [`${pad(random.int(1, 9))}-${year}`, 0.4],
    [`${random.int(1, 60)}a`, 0.2],
    [digits(9), 3],
    [digits(12), 2],
    [`B${digits(7)}`, 0.3],
    [digits(random.int(1, 14)), 1.5],
    [`${digits(3)} ${digits(3)} ${digits(3)}`, 0.4],
    [`${random.int(1, 90)}/QĐ-UBND`, 0.5],
    [`Số ${random.int(1, 400)}`, 0.3],
    [`${random.int(1, 400)}/KS`, 0.3],
    [`01/${year}/KS`, 0.2],
    [`Quyển số ${pad(random.int(1, 20))}/${year}`, 0.2],
  ]);
}

function place(random: Random): string {
  const style = random.next();
  const sep = random.weighted([
    [', ', 8],
    [' - ', 3],
    [' ', 0.6],
    ['-', 0.5],
  ] as const);
  const commune = random.chance(0.8)
    ? unit(random)
    : title(`${syllable(random)} ${syllable(random)}`);
  const [district, province] = [unit(random), unit(random)];
  const house = random.weighted([
    ['', 5],
    [`Thôn ${unit(random)}`, 1.5],
    [`thôn ${random.int(1, 12)}`, 1],
    [`Xóm ${random.int(1, 20)}`, 1],
    [`ấp ${unit(random)}`, 0.7],
    [`Khu phố ${random.int(1, 9)}`, 0.6],
    [`Tổ ${random.int(1, 40)}`, 0.8],
    [`Số ${random.int(1, 400)} ${random.pick(STREETS)}`, 1],
    [`${random.int(1, 900)} ${random.pick(STREETS)}`, 1],
    [`${random.int(1, 400)}/${random.int(1, 90)} đường ${random.pick(STREETS)}`, 0.8],
    [`Số nhà ${random.int(1, 99)}, ngõ ${random.int(1, 300)}, phố ${random.pick(STREETS)}`, 0.5],
    [`Đội ${random.int(1, 14)}`, 0.4],
    ['Bệnh viện đa khoa', 0.5],
    ['Trạm y tế', 0.6],
    ['Bệnh viện Phụ sản', 0.4],
  ] as const);
  const ranks =
    style < 0.45
      ? random.chance(0.3)
        ? ['Phường ', 'Quận ', 'Thành phố ']
        : random.chance(0.8)
          ? ['xã ', 'huyện ', 'tỉnh ']
          : ['Xã ', 'Huyện ', 'Tỉnh ']
      : style < 0.62
        ? random.pick([
            ['P. ', 'Q. ', 'TP. '],
            ['X. ', 'H. ', 'T. '],
            ['P.', 'Q.', 'TP.'],
            ['TT. ', 'TX. ', 'T. '],
          ])
        : ['', '', ''];
  const parts = [ranks[0] + commune, ranks[1] + district, ranks[2] + province];
  if (random.chance(0.12)) parts[1] = `${ranks[1] || 'quận '}${random.int(1, 12)}`;
  const from = random.weighted([
    [0, 7],
    [1, 2],
    [2, 1],
  ] as const);
  const text = [...(house && from === 0 ? [house] : []), ...parts.slice(from)];
  if (random.chance(0.15)) text.pop();
  let whole = text.join(sep);
  if (random.chance(0.05)) whole = whole.toLocaleUpperCase('vi');
  // A second line begins in the middle, a first one ends there.
  const words = whole.split(' ');
  if (words.length > 5 && random.chance(0.35)) {
    const at = random.int(2, words.length - 2);
    whole = (random.chance(0.5) ? words.slice(0, at) : words.slice(at)).join(' ');
  }
  return whole;
}

function freeText(random: Random): string {
  const kind = random.next();
  if (kind < 0.3)
    return Array.from({ length: random.int(1, 5) }, () => {
      const s = syllable(random);
      return random.chance(0.35) ? cap(s) : random.chance(0.2) ? s.toLocaleUpperCase('vi') : s;
    }).join(' ');
  if (kind < 0.5)
    return Array.from({ length: random.int(1, 3) }, () => random.pick(REGISTER_PHRASES)).join(
      random.pick([' ', ', ', '. ']),
    );
  if (kind < 0.6) return numberToWords(random.int(1, 3000));
  if (kind < 0.75)
    return `${random.pick(['Đã cấp lại bản chính', 'Cấp bản sao', 'Bổ sung quê quán', 'Cải chính năm sinh theo QĐ số 12/QĐ-UBND', 'Theo QĐ số'])} ngày ${dateFigures(random)}`;
  if (kind < 0.85) return random.pick(JOBS);
  return `${random.pick(PLACE_WORDS)} ${unit(random)}`;
}

/** A text as one stands in a field of a register, by kind with the weights of real forms. */
export function inventText(random: Random): string {
  const make = random.weighted<(r: Random) => string>([
    [personName, 24],
    [place, 24],
    [dateFigures, 14],
    [dateInWords, 6],
    [number, 11],
    [(r) => r.pick(r.pick([ETHNIC, NATIONS, RELATIONS, LISTED, LISTED])), 8],
    [
      (r) =>
        r.chance(0.5)
          ? `${name(r)}${r.pick([' - ', ', ', ' '])}${r.pick(POSITIONS)}`
          : r.pick(POSITIONS),
      4,
    ],
    [
      (r) =>
        `${r.pick(['CMND', 'Số CMND', 'CCCD', 'Giấy CMND số', 'CMND số'])} ${number(r)}${r.chance(0.5) ? `, ${r.pick(['cấp ngày', 'ngày cấp'])} ${dateFigures(r)}` : ''}${r.chance(0.4) ? `, ${r.pick(['nơi cấp', 'CA', 'Công an tỉnh'])} ${unit(r)}` : ''}`,
      3,
    ],
    [freeText, 6],
  ]);
  return make(random).normalize('NFC');
}
