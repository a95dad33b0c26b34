import type { Book } from '../../models/books.ts';
import type { BookEvent, OddityKind } from '../../models/completeness.ts';
import { formatDate } from '../../models/dates.ts';
import type { BookPolicy } from '../../models/policy.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { Sheet } from './sheet.ts';

/** What a record of handing over is made of. */
export interface HandOver {
  readonly book: Book;
  readonly event: BookEvent;
  /** Who hands over: organisation and person. */
  readonly from: { readonly organisation: string; readonly person: string };
}

export const ODD: Readonly<Record<OddityKind, string>> = {
  documentOpen: 'Tệp chưa tách trang',
  pageFailed: 'Trang máy không xử lý được',
  pageWithoutEntry: 'Trang không có mục đăng ký',
  noNumber: 'Bản ghi không có số đăng ký',
  gap: 'Thiếu số',
  double: 'Trùng số',
  noClosingNote: 'Không có lời khóa sổ',
  entriesDiffer: 'Số mục khác lời khóa sổ (khóa sổ, bản ghi)',
  pagesDiffer: 'Số trang khác lời khóa sổ (khóa sổ, trang quét)',
};

export const KEYING: Readonly<Record<BookPolicy['keying']['kind'], string>> = {
  single: 'nhập một lần',
  fields: 'nhập hai lần độc lập các trường được chọn',
  share: 'nhập hai lần độc lập một tỷ lệ bản ghi ngẫu nhiên',
  double: 'nhập hai lần độc lập toàn bộ',
};

const count = (n: number) => n.toLocaleString('vi-VN');

/**
 * The record of handing a book over (biên bản bàn giao) as a PDF, A4: what was handed over, how it
 * was keyed, what is odd about it with the reasons, and the fingerprint by which the data can be
 * told from any other. It holds no personal data of the people in the book.
 */
export function handOverPdf({ book, event, from }: HandOver): Buffer {
  const { standing, documents, oddities, to = '', note } = event.data;
  const register = registerOf(book.register);
  const sheet = new Sheet(`Biên bản bàn giao ${book.placeShort} ${book.number}`);
  sheet.text('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', { weight: 700, centre: true });
  sheet.text('Độc lập - Tự do - Hạnh phúc', { weight: 700, centre: true, after: 4 });
  sheet.rule(150);
  sheet.text('BIÊN BẢN BÀN GIAO', { size: 15, weight: 700, centre: true, after: 0 });
  sheet.text('Dữ liệu số hóa sổ hộ tịch', { weight: 700, centre: true, after: 10 });
  const day = new Intl.DateTimeFormat('vi-VN', {
    timeZone: 'Asia/Ho_Chi_Minh',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(event.at);
  sheet.line('Thời điểm', day);
  sheet.line('Bên giao', `${from.organisation} (${from.person})`);
  sheet.line('Bên nhận', to);
  sheet.heading('1. Sổ');
  sheet.line('Loại sổ', register.vi);
  sheet.line('Nơi đăng ký', book.place);
  sheet.line('Đơn vị hành chính', book.unit);
  sheet.line('Quyển số', book.number);
  if (book.opened) sheet.line('Mở sổ', formatDate(book.opened));
  if (book.closed) sheet.line('Khóa sổ', formatDate(book.closed));
  sheet.heading('2. Dữ liệu');
  sheet.line('Tệp quét', count(documents.length));
  for (const { name, pageCount, bytes, sha256 } of documents)
    sheet.text(`${name}: ${count(pageCount ?? 0)} trang, ${count(bytes)} byte, SHA-256 ${sha256}`, {
      size: 9,
      indent: 14,
      after: 1,
    });
  sheet.line('Trang', count(standing.pages));
  sheet.line('Bản ghi', count(Object.values(standing.records).reduce((a, b) => a + b, 0)));
  sheet.line('Cách nhập', KEYING[book.policy.keying.kind]);
  sheet.line('Bản ghi nhập hai lần', count(standing.keyedTwice));
  sheet.line('Bản ghi phải phân xử', count(standing.arbitrated));
  sheet.heading(`3. Điểm bất thường: ${count(oddities.length)}`);
  for (const { kind, detail, reason } of oddities)
    sheet.text(
      `- ${ODD[kind]}${detail === '' ? '' : `: ${detail}`}. Lý do: ${reason === '' ? '(chưa có)' : reason}`,
      { size: 10, indent: 8, after: 1 },
    );
  if (note) {
    sheet.heading('4. Ghi chú');
    sheet.text(note);
  }
  sheet.heading('Mã nhận dạng dữ liệu (SHA-256 của mọi bản ghi)');
  sheet.text(event.fingerprint, { size: 10 });
  sheet.signatures(['BÊN GIAO', '(Ký, ghi rõ họ tên)'], ['BÊN NHẬN', '(Ký, ghi rõ họ tên)']);
  return sheet.close();
}
