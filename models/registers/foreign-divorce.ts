import { defineRegister } from './define.ts';

/** Sổ ghi chú ly hôn (ghi vào sổ việc ly hôn, hủy việc kết hôn đã giải quyết ở nước ngoài). Field names and order: models/registers/README.md, sources. */
export const foreignDivorce = defineRegister({
  code: 'GCLH',
  version: 1,
  vi: 'Sổ ghi chú ly hôn (ghi vào sổ việc ly hôn, hủy việc kết hôn đã giải quyết ở nước ngoài)',
  en: 'Register of foreign divorces and annulments',
  confirmation: 'unknown',
  status:
    'UNKNOWN: neither a digitisation template nor the printed page was found. The seed and the 2025 MoJ system list the register; the fields below are a minimal proposal',
  people: ['voHoTen', 'chongHoTen'],
  fields: {
    so: { vi: 'Số', en: 'Registration number', kind: 'registrationNumber' },
    quyenSo: { vi: 'Quyển số', en: 'Book number', kind: 'bookNumber' },
    trangSo: { vi: 'Trang số', en: 'Page number', kind: 'pageNumber' },
    ngayDangKy: { vi: 'Ngày, tháng, năm đăng ký', en: 'Registration date', kind: 'date' },
    voHoTen: { vi: 'Họ, chữ đệm, tên - vợ', en: 'Full name - wife', kind: 'name' },
    voNgaySinh: { vi: 'Ngày sinh - vợ', en: 'Date of birth - wife', kind: 'partialDate' },
    chongHoTen: { vi: 'Họ, chữ đệm, tên - chồng', en: 'Full name - husband', kind: 'name' },
    chongNgaySinh: { vi: 'Ngày sinh - chồng', en: 'Date of birth - husband', kind: 'partialDate' },
    banAnSo: {
      vi: 'Bản án/Quyết định/giấy tờ ly hôn số',
      en: 'Foreign judgment or paper number',
      kind: 'text',
    },
    banAnNgay: { vi: 'Ngày có hiệu lực', en: 'Effective date', kind: 'partialDate' },
    cqNuocNgoai: { vi: 'Cơ quan nước ngoài đã giải quyết', en: 'Foreign authority', kind: 'text' },
    ketHonSo: {
      vi: 'Số/ngày/nơi đăng ký kết hôn trước đây',
      en: 'Earlier marriage registration',
      kind: 'text',
    },
    nguoiKy: { vi: 'Họ, chữ đệm, tên người ký', en: 'Signatory', kind: 'name', maxLength: 50 },
    chucVuNguoiKy: {
      vi: 'Chức vụ người ký',
      en: 'Signatory position',
      kind: 'text',
      maxLength: 50,
    },
    nguoiThucHien: { vi: 'Người thực hiện', en: 'Clerk', kind: 'name', maxLength: 50 },
    ghiChu: { vi: 'Ghi chú', en: 'Notes', kind: 'text' },
  },
  rules: [],
});
