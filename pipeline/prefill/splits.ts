import { fold, tidy } from '../../models/text.ts';
import { trimResidue } from './repair.ts';

/** Titles of officials who sign registers, longest first, so that "Phó Chủ tịch" wins over "Chủ tịch". */
const POSITIONS = [
  'phó chủ tịch ủy ban nhân dân',
  'chủ tịch ủy ban nhân dân',
  'phó chủ tịch ubnd',
  'chủ tịch ubnd',
  'phó trưởng phòng tư pháp',
  'trưởng phòng tư pháp',
  'phó giám đốc sở tư pháp',
  'giám đốc sở tư pháp',
  'phó chủ tịch',
  'chủ tịch',
  'phó trưởng phòng',
  'trưởng phòng',
  'phó giám đốc',
  'giám đốc',
  'công chức tư pháp',
].map((p) => ({ folded: fold(p) }));

/**
 * "Phạm Văn Bình, Phó Chủ tịch" or "Phó Chủ tịch: Phạm Văn Bình" → name and position. Without a
 * known title both stay in the name and the position is left to a person.
 */
export function nameAndPosition(text: string): { name: string; position: string } {
  const read = tidy(text);
  const letters = fold(read);
  for (const { folded } of POSITIONS) {
    const at = letters.indexOf(folded);
    if (at < 0 || letters.length !== [...read].length) continue;
    const before = trimResidue(read.slice(0, at));
    if (before) return { name: before, position: trimResidue(read.slice(at)) };
    const rest = read.slice(at + folded.length);
    // The title goes on with the office, then stands the name, often behind a sign.
    const office =
      /^\s*(ubnd|ủy ban nhân dân)?\s*(xã|xa|phường|thị trấn|huyện|quận|tỉnh)?(?![\p{L}])\s*[,:;-]?\s*/iu.exec(
        rest,
        // A title may be read as grown together with what stands behind it.
      )?.[0] ?? '';
    const sign = /^[^,:;]*[,:;]\s*(.+)$/u.exec(rest);
    const name = sign ? sign[1]! : rest.slice(office.length);
    return {
      name: trimResidue(name),
      position: trimResidue(read.slice(at, read.length - name.length)),
    };
  }
  const comma = /^([^,]+),\s*(.+)$/u.exec(read);
  return comma
    ? { name: trimResidue(comma[1]!), position: trimResidue(comma[2]!) }
    : { name: trimResidue(read), position: '' };
}

/** Digits of an identity card, of a citizen's card; a passport has fewer behind its letter. */
const DIGITS = { least: 9, most: 14, behindLetter: 7 } as const;

/** The first run of digits that is long enough; a speck among them may have been read as a sign. */
function documentNumber(text: string): RegExpExecArray | undefined {
  return [...text.matchAll(/(?<![\p{L}\d])([A-Z] ?)?\d[\d ]*(?:[.-] ?)?[\d ]*\d/gu)].find(
    (found) => {
      const digits = found[0].replace(/\D/g, '').length;
      return digits <= DIGITS.most && digits >= (found[1] ? DIGITS.behindLetter : DIGITS.least);
    },
  );
}

/**
 * "CMND số 151234567, cấp ngày 02/03/2010, tại Công an tỉnh Thái Bình" → kind as written, number,
 * date and place of issue; a part that does not stand there is empty.
 */
export function identityDocument(text: string): {
  kind: string;
  number: string;
  issued: string;
  issuer: string;
} {
  const read = tidy(text);
  const number = documentNumber(read);
  const kind = trimResidue(
    (number ? read.slice(0, number.index) : read).replace(/[\s,]*(số|so|Số|:)\s*:?\s*$/u, ''),
  );
  const rest = number ? read.slice(number.index + number[0].length) : '';
  const issued = /\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}/.exec(rest);
  // The office stands behind the date, or between the number and "cấp ngày".
  const tail = issued ? rest.slice(issued.index + issued[0].length) : rest;
  const between = issued
    ? rest.slice(0, issued.index).replace(/\s*c[aâấậ]p[\s.]*(ngày)?[\s.:]*$/iu, '')
    : '';
  const office = (text: string) =>
    trimResidue(
      trimResidue(text).replace(
        /^(n[ơo]i c[aâấậ]p|tại|tai|[dđ][o0ôơaạ]|bởi)(?!\p{L})\s*:?\s*/iu,
        '',
      ),
    );
  const issuer = /\p{L}{2}/u.test(tail) ? office(tail) : office(between);
  return {
    kind,
    number: number ? number[0].replace(/[ .-]/g, '') : '',
    issued: issued ? issued[0].replace(/\s/g, '') : '',
    issuer: issued || number ? issuer : '',
  };
}

/**
 * "10 giờ 30 phút, ngày 05/01/2012" or "05/01/2012 lúc 10h30" → time and date as written; a part
 * that does not stand there is empty.
 */
export function timeAndDate(text: string): { time: string; date: string } {
  const read = tidy(text);
  const time = /\d{1,2}\s*(?:(?:giờ|gio|h|:)\s*)(?:\d{1,2}\s*(?:phút|phut|p(?![\p{L}]))?)?/iu.exec(
    read,
  );
  const rest = time
    ? `${read.slice(0, time.index)} ${read.slice(time.index + time[0].length)}`
    : read;
  const date = rest.replace(/(^|[\s,;.])(lúc|ngày|ngay|luc)(?=[\s\d])/giu, ' ');
  return { time: trimResidue(time?.[0] ?? ''), date: trimResidue(date) };
}
