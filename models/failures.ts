import { z } from 'zod';

/**
 * What can go wrong and is answered: kind → HTTP status of the API, whether the queue tries again
 * by itself, and the sentence for people in both languages (`vi` first). Anything else that is
 * thrown is a bug and stays loud.
 */
export const FAILURES = {
  empty: [
    422,
    false,
    'Tệp rỗng (0 byte). Hãy chọn lại tệp.',
    'The file is empty (0 bytes). Choose the file again.',
  ],
  notPdf: [
    422,
    false,
    'Đây không phải tệp PDF. Hãy quét lại hoặc xuất ra PDF.',
    'This is not a PDF. Scan again or export it as PDF.',
  ],
  encrypted: [
    422,
    false,
    'PDF có mật khẩu mở. Hãy lưu lại không mật khẩu rồi tải lên.',
    'The PDF needs a password to open. Save it without one and upload again.',
  ],
  truncated: [
    422,
    false,
    'PDF bị cắt cụt hoặc hỏng. Hãy sao chép lại từ máy quét.',
    'The PDF is cut short or damaged. Copy it again from the scanner.',
  ],
  noPages: [422, false, 'PDF không có trang nào.', 'The PDF has no pages.'],
  pageTree: [
    422,
    false,
    'Danh mục trang của PDF bị hỏng. Hãy xuất lại tệp.',
    'The page tree of the PDF is broken. Export the file again.',
  ],
  pageCountDisagrees: [
    422,
    false,
    'Hai bộ đọc PDF đếm số trang khác nhau; không tách để khỏi mất trang. Hãy xuất lại tệp.',
    'Two PDF readers disagree on the number of pages; nothing was split so that no page is lost. Export the file again.',
  ],
  tooManyPages: [
    413,
    false,
    'PDF nhiều trang hơn giới hạn. Hãy chia nhỏ tệp.',
    'The PDF has more pages than the limit. Divide the file.',
  ],
  tooLarge: [
    413,
    false,
    'Tệp lớn hơn giới hạn. Hãy chia nhỏ tệp.',
    'The file is larger than the limit. Divide it.',
  ],
  pageTooLarge: [
    422,
    false,
    'Trang quá lớn (điểm ảnh). Hãy quét lại ở 300 dpi.',
    'The page has too many pixels. Scan it again at 300 dpi.',
  ],
  pageUnreadable: [
    422,
    false,
    'Không giải mã được ảnh của trang. Hãy quét lại trang này.',
    'The image of this page cannot be decoded. Scan this page again.',
  ],
  timeout: [
    504,
    true,
    'Xử lý quá lâu và đã bị dừng. Hãy thử lại.',
    'This took too long and was stopped. Try again.',
  ],
  outOfMemory: [
    507,
    false,
    'Xử lý cần quá nhiều bộ nhớ và đã bị dừng. Hãy quét lại ở 300 dpi.',
    'This needed too much memory and was stopped. Scan again at 300 dpi.',
  ],
  crashed: [
    500,
    true,
    'Bộ xử lý bị dừng đột ngột. Hãy thử lại; nếu lặp lại, hãy quét lại trang.',
    'The decoder stopped suddenly. Try again; if it happens again, scan the page again.',
  ],
  wrongForm: [
    422,
    false,
    'Trang không đúng mẫu của sổ. Hãy kiểm tra lại trang hoặc nhập tay.',
    'The page is not of the form that the book says. Check the page or key it by hand.',
  ],
  blankPage: [
    422,
    false,
    'Trang trắng: không có gì để đọc.',
    'A blank page: there is nothing to read.',
  ],
  notPlaced: [
    422,
    false,
    'Không tìm thấy mẫu trên trang. Hãy nhập tay.',
    'The form was not found on this page. Key it by hand.',
  ],
  readerFailed: [500, true, 'Bộ nhận dạng bị lỗi. Hãy thử lại.', 'The reader failed. Try again.'],
  duplicate: [409, false, 'Tệp này đã có trong sổ.', 'This file is already in the book.'],
  invalid: [400, false, 'Dữ liệu gửi lên không hợp lệ.', 'The request is not valid.'],
  notSignedIn: [401, false, 'Hãy đăng nhập.', 'Sign in first.'],
  wrongPassword: [401, false, 'Sai tên đăng nhập hoặc mật khẩu.', 'Wrong name or password.'],
  tooManyTries: [
    429,
    false,
    'Thử quá nhiều lần. Hãy chờ một phút.',
    'Too many tries. Wait a minute.',
  ],
  locked: [
    429,
    false,
    'Tài khoản tạm khóa 15 phút vì nhập sai nhiều lần. Quản trị viên có thể mở khóa.',
    'The account is locked for 15 minutes after too many wrong tries. An administrator can unlock it.',
  ],
  codeNeeded: [
    401,
    false,
    'Hãy nhập mã 6 số của ứng dụng xác thực.',
    'Enter the 6-digit code of your authenticator.',
  ],
  wrongCode: [
    401,
    false,
    'Mã xác thực sai hoặc đã dùng. Hãy chờ mã tiếp theo.',
    'The code is wrong or was used already. Wait for the next one.',
  ],
  forbidden: [403, false, 'Bạn không có quyền làm việc này.', 'You may not do this.'],
  fourEyes: [
    403,
    false,
    'Người nhập, người kiểm tra và người phê duyệt phải là những người khác nhau.',
    'Keyer, checker and approver must be different people.',
  ],
  notFound: [404, false, 'Không tìm thấy.', 'Not found.'],
  conflict: [
    409,
    false,
    'Người khác đã sửa bản ghi này. Hãy so sánh hai bản.',
    'Somebody else has changed this record. Compare both versions.',
  ],
  leased: [409, false, 'Người khác đang mở bản ghi này.', 'Somebody else has this record open.'],
  notAllowedNow: [
    409,
    false,
    'Không thể làm việc này ở trạng thái hiện tại.',
    'This cannot be done in the present state.',
  ],
  incomplete: [422, false, 'Còn trường chưa được trả lời.', 'Some fields have no answer yet.'],
  notComplete: [
    422,
    false,
    'Sổ chưa đầy đủ: còn bản ghi chưa phê duyệt hoặc điểm bất thường chưa có lý do.',
    'The book is not complete: records are not approved, or something odd has no reason.',
  ],
  sampleNeeded: [
    409,
    false,
    'Cần một mẫu kiểm tra đạt yêu cầu trước khi phê duyệt.',
    'A sample that is accepted is needed before approval.',
  ],
  openDeviation: [
    422,
    false,
    'Còn sai lệch hoặc câu hỏi chưa giải quyết.',
    'A deviation or a question is still open.',
  ],
  nothingToExport: [
    422,
    false,
    'Chưa có gì để xuất: bản chính thức gồm các bản ghi đã phê duyệt, bản nháp gồm mọi bản ghi của sổ.',
    'Nothing to export yet: a dataset holds the approved records, a draft all records of the book.',
  ],
  badTemplate: [
    422,
    false,
    'Không dùng được tệp mẫu. Hãy chọn tệp Excel (.xlsx) có hàng tiêu đề của mẫu.',
    'This template file cannot be used. Choose an Excel file (.xlsx) that has the header row of the template.',
  ],
  interrupted: [499, false, 'Đã dừng theo yêu cầu.', 'Stopped as asked.'],
  folderNotEmpty: [
    409,
    false,
    'Thư mục đích không trống. Hãy chọn thư mục khác.',
    'The target folder is not empty. Choose another one.',
  ],
  inUse: [
    503,
    false,
    'Thư mục dữ liệu đang được một tiến trình khác sử dụng.',
    'Another process is using this data folder.',
  ],
  notRunning: [
    503,
    true,
    'Cơ sở dữ liệu chưa chạy. Hãy chạy `npm start` trước.',
    'The database is not running. Run `npm start` first.',
  ],
  badConfiguration: [500, false, 'Cấu hình không hợp lệ.', 'The configuration is not valid.'],
} as const satisfies Record<string, readonly [number, boolean, string, string]>;

export const FailureKind = z.enum(
  Object.keys(FAILURES) as [keyof typeof FAILURES, ...(keyof typeof FAILURES)[]],
);
export type FailureKind = z.infer<typeof FailureKind>;

/** The stored and sent form of a failure. `detail` never holds a personal value. */
export const FailureData = z.object({
  kind: FailureKind,
  message: z.string(),
  detail: z.string().optional(),
});
export type FailureData = z.infer<typeof FailureData>;

/** A problem that the system knows how to answer; see {@link FAILURES}. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  /** What exactly, in plain words, without personal data. */
  readonly detail: string | undefined;

  constructor(kind: FailureKind, detail?: string, options?: { cause?: unknown }) {
    super(detail ? `${FAILURES[kind][3]} (${detail})` : FAILURES[kind][3], options);
    this.kind = kind;
    this.detail = detail;
  }

  get status(): number {
    return FAILURES[this.kind][0];
  }

  /** True when the queue should try again by itself. */
  get retryable(): boolean {
    return FAILURES[this.kind][1];
  }

  toData(): FailureData {
    return {
      kind: this.kind,
      message: FAILURES[this.kind][2],
      ...(this.detail === undefined ? {} : { detail: this.detail }),
    };
  }
}
