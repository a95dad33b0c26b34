import type { PageKind } from '../../models/books.ts';
import type { ReadLine } from '../readers/port.ts';
import { lettersOf, occurrences } from './labels.ts';

/**
 * What covers and closing notes say, each wording with its weight. No source gives their exact text;
 * the law gives the content: a cover names the register, the authority and the number of the book, a
 * note closes the book with the numbers of its pages and entries (Luật Hộ tịch, Điều 58).
 */
const WORDINGS: Readonly<Record<'cover' | 'closing', readonly (readonly [string, number])[]>> = {
  cover: [
    ['Cộng hòa xã hội chủ nghĩa Việt Nam', 1],
    ['Độc lập - Tự do - Hạnh phúc', 1],
    ['Sổ đăng ký', 2],
    ['Sổ hộ tịch', 2],
    ['Sổ cấp giấy xác nhận', 2],
    ['Quyển số', 2],
    ['Ngày mở sổ', 2],
    ['Mở sổ ngày', 2],
    ['Mở ngày', 1],
    ['Khóa ngày', 1],
    ['Ủy ban nhân dân', 1],
    ['Sở Tư pháp', 1],
    ['Bộ Tư pháp', 1],
    ['Ban hành kèm theo', 1],
    ['Lưu trữ vĩnh viễn', 1],
  ],
  closing: [
    ['Khóa sổ', 2],
    ['Sổ này được khóa', 2],
    ['Sổ này đã khóa', 2],
    ['Ngày khóa sổ', 2],
    ['Tổng số trang', 2],
    ['Tổng số trường hợp', 2],
    ['Tổng số sự kiện', 2],
    ['Số trường hợp đăng ký', 2],
    ['Trường hợp đã đăng ký', 2],
    ['Sổ này gồm', 2],
    ['Sổ này có', 2],
    ['Trang đã ghi', 1],
    ['Xác nhận', 1],
  ],
};
/** What the words of a kind must weigh together. */
const ENOUGH = 4;
/** Covers and notes are short: letters. A certificate or a letter with the same head is not. */
const LONGEST = 900;

/** Cover or closing note, by what was read on a page that bears no form; undefined for neither. */
export function kindByWords(lines: readonly ReadLine[]): PageKind | undefined {
  const text = lines.map((line) => lettersOf(line.words.map((w) => w.text).join(''))).join(' ');
  if (text.length > LONGEST) return undefined;
  const weigh = (kind: keyof typeof WORDINGS) =>
    WORDINGS[kind].reduce((sum, [words, weight]) => sum + (says(text, words) ? weight : 0), 0);
  const [cover, closing] = [weigh('cover'), weigh('closing')];
  if (Math.max(cover, closing) < ENOUGH) return undefined;
  return closing >= cover ? 'closing' : 'cover';
}

function says(text: string, words: string): boolean {
  const pattern = lettersOf(words);
  const edits = pattern.length < 8 ? 1 : Math.floor(pattern.length * 0.2);
  return occurrences(text, pattern, edits).length > 0;
}
