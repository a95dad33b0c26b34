import ExcelJS from 'exceljs';
import type { RecordStatus } from '../../models/actions.ts';
import type { Book } from '../../models/books.ts';
import { labelOf } from '../../models/code-lists.ts';
import type { BookState } from '../../models/completeness.ts';
import type { Rate, Sample, Verdict } from '../../models/quality.ts';
import { registerOf } from '../../models/registers/registry.ts';
import type { Completeness } from '../../models/store/completeness.ts';
import type { Quality } from '../../models/store/reports.ts';
import { KEYING, ODD } from './hand-over.ts';
import { Sheet } from './sheet.ts';

/** What a book is accepted by; nothing of it tells what a record says. */
export interface Acceptance {
  readonly book: Book;
  readonly completeness: Completeness;
  /** Newest first. */
  readonly samples: readonly Sample[];
  /** Of all time; absent when nothing was checked yet. */
  readonly quality: Quality | undefined;
  readonly at: Date;
}

type Cell = string | number;
interface Table {
  readonly title: string;
  readonly rows: readonly (readonly [string, Cell])[];
}

const STATES: Readonly<Record<BookState, string>> = {
  received: 'đã tiếp nhận',
  digitised: 'đang nhập',
  keyed: 'đã nhập xong',
  delivered: 'đã bàn giao',
  approved: 'đã duyệt',
  ready: 'sẵn sàng chuyển đổi',
  transferred: 'đã chuyển',
};
const STATUSES: Readonly<Record<RecordStatus, string>> = {
  prefilled: 'chờ nhập',
  secondKeying: 'chờ nhập lần hai',
  arbitration: 'chờ phân xử',
  keyed: 'chờ kiểm tra',
  checked: 'chờ duyệt',
  returned: 'bị trả lại',
  approved: 'đã duyệt',
};
const VERDICTS: Readonly<Record<Verdict, string>> = {
  open: 'chưa xem hết',
  accepted: 'đạt',
  rejected: 'không đạt',
};

const number = (n: number) => n.toLocaleString('vi-VN');
const percent = (share: number) =>
  share.toLocaleString('vi-VN', { style: 'percent', maximumFractionDigits: 2 });

/** "2 / 400 (0,5%; khoảng tin cậy 95%: 0,14% – 1,8%)". */
const rate = ({ errors, of, rate: share, low, high }: Rate): string =>
  share === null
    ? 'chưa có'
    : `${number(errors)} / ${number(of)} (${percent(share)}; khoảng tin cậy 95%: ${percent(low)} – ${percent(high)})`;

const dayOf = (at: Date) =>
  new Intl.DateTimeFormat('vi-VN', {
    timeZone: 'Asia/Ho_Chi_Minh',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  }).format(at);

function recordsOf({ completeness: { standing } }: Acceptance): Table {
  const statuses = Object.keys(STATUSES) as RecordStatus[];
  const all = Object.values(standing.records).reduce((a, b) => a + b, 0);
  return {
    title: '2. Dữ liệu',
    rows: [
      ['Tệp quét', standing.documents],
      ['Trang', standing.pages],
      ['Trang máy đã xong', standing.pagesDone],
      ['Bản ghi', all],
      ...statuses
        .filter((status) => standing.records[status])
        .map((status) => [`Bản ghi ${STATUSES[status]}`, standing.records[status]!] as const),
      ['Bản ghi nhập hai lần', standing.keyedTwice],
      ['Bản ghi phải phân xử', standing.arbitrated],
    ],
  };
}

function qualityOf({ quality, samples }: Acceptance): Table {
  const reasons = Object.entries(quality?.reasons ?? {}).sort(([, a], [, b]) => b - a);
  return {
    title: '3. Chất lượng',
    rows: [
      ...(quality
        ? ([
            ['Trường sai trong mẫu', rate(quality.fields)],
            ['Bản ghi sai trong mẫu', rate(quality.records)],
            ['Lần trả lại', rate(quality.returns)],
          ] as const)
        : []),
      ...reasons.map(([code, n]) => [`Lý do: ${labelOf('lyDoTraLai', code)}`, n] as const),
      ...samples.map(
        ({ drawnAt, verdict, records, accept, recordRate }) =>
          [
            `Mẫu ngày ${dayOf(drawnAt)}`,
            `${VERDICTS[verdict]}; ${number(recordRate.errors)} sai trong ${number(records.length)}, cho phép ${number(accept)}`,
          ] as const,
      ),
    ],
  };
}

/** The figures in the order in which both files show them. */
function tablesOf(figures: Acceptance): Table[] {
  const { book, completeness } = figures;
  const { note, oddities } = completeness;
  return [
    {
      title: '1. Sổ',
      rows: [
        ['Loại sổ', registerOf(book.register).vi],
        ['Nơi đăng ký', book.place],
        ['Đơn vị hành chính', book.unit],
        ['Quyển số', book.number],
        ['Cách nhập', KEYING[book.policy.keying.kind]],
        ['Tình trạng', STATES[completeness.state]],
        ['Số mục theo lời khóa sổ', note?.entries ?? 'không có'],
      ],
    },
    recordsOf(figures),
    qualityOf(figures),
    {
      title: '4. Điểm bất thường',
      rows: [
        ['Còn phải xử lý', completeness.open],
        ...oddities.map(
          ({ kind, detail, exception }) =>
            [
              `${ODD[kind]}${detail === '' ? '' : `: ${detail}`}`,
              exception?.reason ?? '(chưa có lý do)',
            ] as const,
        ),
      ],
    },
    {
      title: '5. Mã nhận dạng dữ liệu (SHA-256 của mọi bản ghi)',
      rows: [['SHA-256', completeness.standing.fingerprint]],
    },
  ];
}

const TITLE = 'SỐ LIỆU NGHIỆM THU';

/** The figures as a PDF, A4. */
export async function acceptancePdf(figures: Acceptance): Promise<Buffer> {
  const sheet = new Sheet(`Số liệu nghiệm thu ${figures.book.placeShort} ${figures.book.number}`);
  sheet.text(TITLE, { size: 15, weight: 700, centre: true, after: 0 });
  sheet.text(`Ngày ${dayOf(figures.at)}`, { centre: true, after: 8 });
  for (const { title, rows } of tablesOf(figures)) {
    sheet.heading(title);
    for (const [name, value] of rows)
      sheet.line(name, typeof value === 'number' ? number(value) : value);
  }
  return sheet.close();
}

/** The same figures as a workbook; numbers are numbers, and no text is a formula. */
export async function acceptanceWorkbook(figures: Acceptance): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  workbook.created = figures.at;
  const sheet = workbook.addWorksheet('Nghiệm thu');
  sheet.columns = [{ width: 44 }, { width: 70 }];
  const bold = { font: { bold: true } };
  Object.assign(sheet.addRow([TITLE]), bold);
  sheet.addRow(['Ngày', dayOf(figures.at)]);
  for (const { title, rows } of tablesOf(figures)) {
    sheet.addRow([]);
    Object.assign(sheet.addRow([title]), bold);
    for (const row of rows) sheet.addRow([...row]);
  }
  sheet.eachRow((row) => {
    row.alignment = { vertical: 'top', wrapText: true };
  });
  return Buffer.from(await workbook.xlsx.writeBuffer());
}
