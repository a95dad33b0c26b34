import { describe, expect, it } from 'vitest';
import { isBlank, isChoice, itemsOf } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { PageId } from '../../models/ids.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { isSyllable } from '../../models/syllable.ts';
import { repairName, repairPlace } from '../../pipeline/prefill/lexicon.ts';
import {
  asDate,
  asDateWords,
  asDigits,
  asListed,
  asName,
  joinTime,
} from '../../pipeline/prefill/repair.ts';
import { identityDocument, nameAndPosition, timeAndDate } from '../../pipeline/prefill/splits.ts';
import { prefill } from '../../pipeline/stages/prefill.ts';
import type { BlankReading, ChoiceReading, Readings } from '../../pipeline/stages/reading.ts';

const form = formOf('birth-2006');
const register = registerOf('KS');
const box = { x: 0.1, y: 0.1, w: 0.2, h: 0.02 };
const pageId = '11111111-1111-4111-8111-111111111111' as PageId;

/** Readings of a page on which only `texts` is written, by field key or key:part. */
function readingsOf(
  texts: Record<string, string>,
  formId = 'birth-2006',
  choices: ChoiceReading[] = [],
): Readings {
  const blanks: BlankReading[] = itemsOf(formOf(formId)).flatMap((item, at) => {
    if (!isBlank(item)) return [];
    const text = texts[item.part ? `${item.blank[0]}:${item.part}` : item.blank[0]!];
    return [
      {
        item: at,
        state: text === undefined ? ('blank' as const) : ('written' as const),
        text: text ?? '',
        words: (text ?? '')
          .split(' ')
          .filter(Boolean)
          .map((t) => ({ text: t, belief: 0.95 })),
        candidates: [],
        reader: 'test',
        box,
      },
    ];
  });
  return { reader: 'test', blanks, choices, missing: [] };
}

const book = { number: '01/2008', place: 'UBND xã Bình Hưng' };
const run = (texts: Record<string, string>) =>
  prefill({ readings: readingsOf(texts), form, register, book, pageId });

describe('prefill', () => {
  it('answers every field of the register, and invents nothing on a blank page', () => {
    const values = run({});
    expect(Object.keys(values).sort()).toEqual(Object.keys(register.fields).sort());
    for (const [key, value] of Object.entries(values)) {
      if (key === 'quyenSo' || key === 'noiDangKy') continue;
      expect(['blank', 'notOnForm']).toContain(value.state);
      expect(value.text).toBeUndefined();
      expect(value.normalized).toBeUndefined();
    }
  });

  it('takes number and place of the book from its cover', () => {
    const values = run({});
    expect(values.quyenSo).toMatchObject({
      state: 'written',
      text: '01/2008',
      evidence: { source: 'book' },
    });
    expect(values.noiDangKy?.text).toBe('UBND xã Bình Hưng');
  });

  it('leaves a field open whose ink says nothing', () => {
    expect(run({ nksHoTen: ' .. ' }).nksHoTen).toBeUndefined();
  });

  it('leaves a field open that was not found on the page', () => {
    const readings = readingsOf({});
    const item = itemsOf(form).findIndex((i) => isBlank(i) && i.blank.includes('nksHoTen'));
    const without = {
      ...readings,
      blanks: readings.blanks.filter((b) => b.item !== item),
      missing: [item],
    };
    expect(prefill({ readings: without, form, register, book, pageId }).nksHoTen).toBeUndefined();
  });

  it('joins a date that is asked in parts, and only when all parts were read', () => {
    const parts = { 'ngayDangKy:day': '5', 'ngayDangKy:month': '01', 'ngayDangKy:year': '2008' };
    expect(run(parts).ngayDangKy).toMatchObject({ state: 'written', normalized: '05.01.2008' });
    const { 'ngayDangKy:month': _, ...without } = parts;
    expect(run(without).ngayDangKy).toBeUndefined();
  });

  it('is surer of a date that the words repeat, and less sure of one that they contradict', () => {
    const date = { nksNgaySinh: '15/01/2008' };
    const alone = run(date).nksNgaySinh!.evidence.confidence!;
    const words = 'Ngày mười lăm, tháng một, năm hai nghìn không trăm linh tám';
    const agreed = run({ ...date, nksNgaySinhBangChu: words }).nksNgaySinh!;
    const differs = run({ ...date, nksNgaySinhBangChu: words.replace('lăm', 'sáu') }).nksNgaySinh!;
    expect(agreed.evidence.confidence).toBeGreaterThan(alone);
    expect(differs.evidence.confidence).toBeLessThan(alone);
    expect(differs.text).toBe('15/01/2008');
    expect(differs.evidence.rules.map((r) => r.rule)).toContain('wordsDiffer');
  });

  it('keeps what was read beside what a rule made of it', () => {
    const value = run({ nksDanToc: 'Kính' }).nksDanToc!;
    expect(value).toMatchObject({ text: 'Kinh', normalized: 'Kinh' });
    expect(value.evidence.candidates.map((c) => c.text)).toContain('Kính');
    expect(value.evidence.rules.map((r) => r.rule)).toContain('list');
  });

  it('takes the alternative that is not struck out, and none when both or neither are', () => {
    const marriage = formOf('marriage-2006');
    const item = itemsOf(marriage).findIndex((i) => isChoice(i) && i.choice === 'chongLoaiCuTru');
    const choose = (first: number, second: number) =>
      prefill({
        readings: readingsOf({}, 'marriage-2006', [
          {
            item,
            box,
            options: [
              { code: '1', strength: first, box },
              { code: '2', strength: second, box },
            ],
          },
        ]),
        form: marriage,
        register: registerOf('KH'),
        book,
        pageId,
      }).chongLoaiCuTru;
    expect(choose(0, 0.9)).toMatchObject({ state: 'written', normalized: '1', text: 'thường trú' });
    expect(choose(0.9, 0)).toMatchObject({ normalized: '2' });
    expect(choose(0.9, 0.9)).toBeUndefined();
    expect(choose(0, 0)?.state).toBe('blank');
  });
});

describe('repairs', () => {
  it('turn letters into digits only where digits stand', () => {
    expect(asDigits('2OO8').text).toBe('2008');
    expect(asDigits('O1/2OO8').text).toBe('01/2008');
    expect(asDigits('không số').text).toBe('không số');
  });

  it('read a date whose slashes were taken for ones, and leave nonsense alone', () => {
    expect(asDate('15/01/2008').text).toBe('15/01/2008');
    expect(asDate('15101/2008').text).toBe('15/01/2008');
    expect(asDate('99/99/2008').text).toBe('99/99/2008');
  });

  it('take the nearest entry of a closed list only when it is near', () => {
    expect(asListed('Viêt Nan', 'quocTich').text).toBe('Việt Nam');
    expect(asListed('KÍNH', 'danToc').text).toBe('KINH');
    expect(asListed('xyzw', 'danToc').text).toBe('xyzw');
  });

  it('put number words right by their grammar', () => {
    expect(asDateWords('Ngày mươi môt, tháng tư. năm hai nghin ba').text).toBe(
      'Ngày mười một, tháng tư, năm hai nghìn ba',
    );
    expect(asDateWords('hai mười ba').text).toBe('hai mươi ba');
  });

  it('give family names their diacritics and leave given names as written', () => {
    expect(repairName('NGUYẾỄN HỮU TÙNG').text).toBe('NGUYỄN HỮU TÙNG');
    expect(repairName('Trinh Thi Ly').text).toBe('Trịnh Thị Ly');
    expect(repairName('Võ Bá Phúc').text).toBe('Võ Bá Phúc');
    expect(repairName('Đặng Minh Tưởng').text).toBe('Đặng Minh Tưởng');
  });

  it('give places the diacritics of units and leave unknown ones as written', () => {
    expect(repairPlace('Xã Hòa Lạc Mới, huyên Quảng Trach, tỉnh Quảng Bình').text).toBe(
      'Xã Hòa Lạc Mới, huyện Quảng Trạch, tỉnh Quảng Bình',
    );
  });

  it('take a full stop between words for a dot of the leader, unless it ends an abbreviation', () => {
    expect(asName('Nguyễn.Đình Tưởng').text).toBe('Nguyễn Đình Tưởng');
    expect(asDateWords('Ngày.mười bốn, tháng.mười một').text).toBe('Ngày mười bốn, tháng mười một');
    expect(repairPlace('TP.Hà Nội').text).toBe('TP.Hà Nội');
  });

  it('read a date in which a sign between the figures is missing', () => {
    expect(asDate('1102/1986')).toMatchObject({ text: '11/02/1986', rule: 'date' });
    expect(asDate('3102/1986').rule).toBeUndefined();
  });

  it('mend capitals only to known names that the ink allows', () => {
    expect(repairName('TRẦN TIỀN KHẢI').text).toBe('TRẦN TIẾN KHẢI');
    expect(repairName('NGÔ TROỌNG LẦÂM').text).toBe('NGÔ TRỌNG LÂM');
    expect(repairName('PHAN TRỌNG THỎA').text).toBe('PHAN TRỌNG THỎA');
    expect(asName('Trần Văn ĐỨc').text).toBe('Trần Văn Đức');
  });

  it('mend names of units by one capital or by the mark below, and no further', () => {
    expect(repairPlace('xã Hải Đức, huyện Ân Thị, tỉnh Hưng Vên').text).toBe(
      'xã Hải Đức, huyện Ân Thi, tỉnh Hưng Yên',
    );
    expect(repairPlace('Thôn Vên').text).toBe('Thôn Vên');
  });

  it('give back the mark below that a dotted line hides, where a syllable needs it', () => {
    expect(repairName('Phạm Tiến Thuât').text).toBe('Phạm Tiến Thuật');
    expect(repairPlace('Phú Lôc, Nghĩa Hưng').text).toBe('Phú Lộc, Nghĩa Hưng');
    expect(repairPlace('Thôn Hôi').text).toBe('Thôn Hôi');
  });

  it('know which syllables Vietnamese can have', () => {
    for (const word of ['nguyễn', 'quốc', 'giếng', 'khuya', 'Tỵ', 'oanh', 'nghiêng'])
      expect(isSyllable(word)).toBe(true);
    for (const word of ['môt', 'trach', 'nguyếễn', 'ksor', 'bh'])
      expect(isSyllable(word)).toBe(false);
  });
});

describe('lines that hold several fields', () => {
  it.each([
    ['Phạm Văn Bình - Phó Chủ tịch UBND', 'Phạm Văn Bình', 'Phó Chủ tịch UBND'],
    ['Phó Chủ tịch UBND xã Đoàn Thị Nhàn', 'Đoàn Thị Nhàn', 'Phó Chủ tịch UBND xã'],
    ['Chủ tịch: Lê Văn Tám', 'Lê Văn Tám', 'Chủ tịch'],
    ['Lê Văn Tám', 'Lê Văn Tám', ''],
    ['Chủ tịchi Lê Văn Tám', 'i Lê Văn Tám', 'Chủ tịch'],
  ])('"%s" is a name and a position', (text, name, position) => {
    expect(nameAndPosition(text)).toEqual({ name, position });
  });

  it('an identity document is kind, number, date and issuer', () => {
    expect(
      identityDocument('CMND số 151234567, cấp ngày 02/03/2010, tại Công an tỉnh Thái Bình'),
    ).toEqual({
      kind: 'CMND',
      number: '151234567',
      issued: '02/03/2010',
      issuer: 'Công an tỉnh Thái Bình',
    });
    expect(identityDocument('CCCD số 034189118489 do Cục Cảnh sát cấp ngày 11.07.2016')).toEqual({
      kind: 'CCCD',
      number: '034189118489',
      issued: '11.07.2016',
      issuer: 'Cục Cảnh sát',
    });
    expect(identityDocument('CMND 178426918, câp ngày 19/01/2005, nơi câp CA Nghệ An').issuer).toBe(
      'CA Nghệ An',
    );
    expect(identityDocument('Hộ chiếu B1234567')).toMatchObject({
      kind: expect.stringContaining('Hộ chiếu'),
    });
  });

  it.each([
    ['10 giờ 30 phút, ngày 05/01/2012', '10 giờ 30 phút', '05/01/2012'],
    ['05.01.2012 lúc 7h05', '7h05', '05.01.2012'],
    ['6 giờ ngày 05-01-2012', '6 giờ', '05-01-2012'],
    ['ngày 05/01/2012', '', '05/01/2012'],
    ['2012', '', '2012'],
  ])('"%s" is a time and a date', (text, time, date) => {
    expect(timeAndDate(text)).toEqual({ time, date });
  });

  it('a time asked in parts is joined, and is none when a part cannot be', () => {
    expect(joinTime('10', '05')?.text).toBe('10 giờ 05 phút');
    expect(joinTime('31', '05')).toBeUndefined();
    expect(joinTime('10', '')).toBeUndefined();
  });
});
