import { PDFDocument } from '@napi-rs/canvas';
import type { Book } from '../../models/books.ts';
import type { BookEvent, OddityKind } from '../../models/completeness.ts';
import { formatDate } from '../../models/dates.ts';
import type { BookPolicy } from '../../models/policy.ts';
import { registerOf } from '../../models/registers/registry.ts';
import { linesOf, type Pen, type Weight, widthOf, write } from './letters.ts';

/** What a record of handing over is made of. */
export interface HandOver {
  readonly book: Book;
  readonly event: BookEvent;
  /** Who hands over: organisation and person. */
  readonly from: { readonly organisation: string; readonly person: string };
}

/** A4 in points. */
const PAPER = { width: 595, height: 842 };
const MARGIN = { left: 71, right: 57, top: 57, bottom: 57 };
const WIDTH = PAPER.width - MARGIN.left - MARGIN.right;
const SIZE = 12;

const ODD: Readonly<Record<OddityKind, string>> = {
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

const KEYING: Readonly<Record<BookPolicy['keying']['kind'], string>> = {
  single: 'nhập một lần',
  fields: 'nhập hai lần độc lập các trường được chọn',
  share: 'nhập hai lần độc lập một tỷ lệ bản ghi ngẫu nhiên',
  double: 'nhập hai lần độc lập toàn bộ',
};

/** Writes from top to bottom and turns the page when it is full. */
class Sheet {
  private readonly pdf: PDFDocument;
  private pen: Pen;
  private y = MARGIN.top;
  private pages = 1;

  constructor(title: string) {
    this.pdf = new PDFDocument({ title });
    this.pen = this.begin();
  }

  private begin(): Pen {
    const pen = this.pdf.beginPage(PAPER.width, PAPER.height);
    pen.fillStyle = 'black';
    pen.textBaseline = 'alphabetic';
    return pen;
  }

  /** Turns the page unless this much room is left. */
  need(height: number): void {
    if (this.y + height <= PAPER.height - MARGIN.bottom) return;
    this.foot();
    this.pdf.endPage();
    this.pages += 1;
    this.pen = this.begin();
    this.y = MARGIN.top;
  }

  private foot(): void {
    const text = `${this.pages}`;
    const x = PAPER.width - MARGIN.right - widthOf(this.pen, text, 9, 400);
    write(this.pen, text, { x, y: PAPER.height - 30 }, 9, 400);
  }

  text(
    text: string,
    { size = SIZE, weight = 400 as Weight, indent = 0, centre = false, after = 3 } = {},
  ): void {
    for (const line of linesOf(this.pen, text, WIDTH - indent, size, weight)) {
      const pitch = size * 1.35;
      this.need(pitch);
      this.y += pitch;
      const free = centre ? (WIDTH - widthOf(this.pen, line, size, weight)) / 2 : indent;
      write(this.pen, line, { x: MARGIN.left + free, y: this.y }, size, weight);
    }
    this.y += after;
  }

  rule(width: number): void {
    this.pen.fillRect(MARGIN.left + (WIDTH - width) / 2, this.y, width, 0.7);
    this.y += 10;
  }

  heading(text: string): void {
    this.need(50);
    this.y += 6;
    this.text(text, { weight: 700 });
  }

  /** A name and what it is, in two columns. */
  line(name: string, value: string): void {
    const column = 190;
    const lines = linesOf(this.pen, value, WIDTH - column, SIZE, 400);
    this.need(SIZE * 1.35 * lines.length);
    const top = this.y;
    for (const [i, text] of lines.entries())
      write(this.pen, text, { x: MARGIN.left + column, y: top + SIZE * 1.35 * (i + 1) }, SIZE, 400);
    write(this.pen, name, { x: MARGIN.left, y: top + SIZE * 1.35 }, SIZE, 400);
    this.y = top + SIZE * 1.35 * lines.length + 2;
  }

  /** Two places to sign, side by side. */
  signatures(left: readonly string[], right: readonly string[]): void {
    this.need(150);
    const top = this.y + 16;
    for (const [side, texts] of [left, right].entries()) {
      const centre = MARGIN.left + (WIDTH / 4) * (side === 0 ? 1 : 3);
      let y = top;
      for (const [i, text] of texts.entries()) {
        const weight = i === 0 ? 700 : 400;
        for (const line of linesOf(this.pen, text, WIDTH / 2 - 20, SIZE, weight)) {
          y += SIZE * 1.35;
          const x = centre - widthOf(this.pen, line, SIZE, weight) / 2;
          write(this.pen, line, { x, y }, SIZE, weight);
        }
      }
    }
    this.y = top + 130;
  }

  close(): Buffer {
    this.foot();
    this.pdf.endPage();
    return this.pdf.close();
  }
}

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
