import { defineForm, type FormItemInput } from './define.ts';
import { line } from './items.ts';

const PEOPLE = ['chong', 'vo'] as const;

/** A column that asks the same of husband and wife, each on a line of their own. */
const both = (label: string, ...fields: string[]): FormItemInput[] => [
  { label },
  ...PEOPLE.map((who, row) => ({
    blank: fields.map((field) => `${who}${field}`),
    row,
    ...(fields.length > 1 ? { split: 'identityDocument' as const } : {}),
  })),
];

/** A column in which one thing stands for both. */
const shared = (label: string, ...blank: string[]): FormItemInput[] => [
  { label },
  { blank, ...(blank.length > 1 ? { split: 'nameAndPosition' as const } : {}) },
];

const group = 'PHẦN GHI VỀ CHỒNG, VỢ';

/**
 * Marriages before 2006: a table over an open book, four marriages of two lines each. The register
 * has no field for native place and number of the marriage, so these columns are not read. The
 * number in the first column is taken for the registration number, as no other is printed.
 */
export const marriage1999 = defineForm({
  id: 'marriage-1999',
  version: 1,
  register: 'KH',
  vi: 'Kết hôn, sổ khổ A3 trước 2006',
  en: 'Marriage, A3 table before 2006',
  era: { from: 1999, to: 2005 },
  paper: 'A3',
  entriesPerPage: 4,
  confirmation: 'confirmed',
  source: 'Table form before QĐ 01/2006/QĐ-BTP; heads of its columns seen on scans',
  lines: [line('Trang số', 'trangSo')],
  table: {
    rows: 2,
    columns: [
      { items: shared('STT', 'so') },
      { items: shared('Ngày, tháng, năm cấp Giấy chứng nhận kết hôn', 'ngayDangKy') },
      { group, items: both('Họ và tên (Viết bằng chữ in hoa)', 'HoTen') },
      { group, items: both('Ngày, tháng, năm sinh', 'NgaySinh') },
      { group, items: both('Dân tộc', 'DanToc') },
      { group, items: both('Quốc tịch', 'QuocTich') },
      { group, items: [{ label: 'Quê quán' }] },
      { group, items: both('Nơi thường trú/Tạm trú', 'NoiCuTru') },
      {
        group,
        items: both(
          'Giấy CMND/Giấy tờ hợp lệ thay thế. Số, nơi cấp, ngày cấp',
          'LoaiGiayToTuyThan',
          'SoGiayToTuyThan',
          'NgayCapGiayToTuyThan',
          'NoiCapGiayToTuyThan',
        ),
      },
      { group, items: [{ label: 'Kết hôn lần thứ mấy' }] },
      {
        group,
        items: [
          { label: 'Chữ ký của chồng, vợ' },
          ...PEOPLE.map((who, row) => ({ signature: who, row })),
        ],
      },
      {
        items: shared(
          'Họ tên, chức vụ của người ký Giấy chứng nhận kết hôn',
          'nguoiKy',
          'chucVuNguoiKy',
        ),
      },
      {
        items: [
          { label: 'Họ tên, chữ ký của cán bộ hộ tịch' },
          { blank: ['nguoiThucHien'], area: 'below' },
        ],
      },
      { items: shared('Ghi chú', 'ghiChu') },
    ],
  },
  fromBook: ['quyenSo', 'noiDangKy'],
});
