import { defineForm, type FormInput } from './define.ts';
import { dateInParts, line, residencePlace, signatory } from './items.ts';

/** One of the spouses; the page asks the same of both. */
const spouse = (who: 'chong' | 'vo', name: string): FormInput['lines'] => [
  line(name, `${who}HoTen`),
  line('Ngày, tháng, năm sinh', `${who}NgaySinh`),
  [...line('Dân tộc', `${who}DanToc`), ...line('Quốc tịch', `${who}QuocTich`)],
  residencePlace(who),
  line('Số Giấy CMND/Hộ chiếu', `${who}SoGiayToTuyThan`),
];

/** Marriage page of QĐ 01/2006/QĐ-BTP. Husband before wife. */
export const marriage2006 = defineForm({
  id: 'marriage-2006',
  version: 1,
  register: 'KH',
  vi: 'Kết hôn, mẫu 2006',
  en: 'Marriage, form of 2006',
  era: { from: 2006, to: 2010 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'confirmed',
  source: 'QĐ 01/2006/QĐ-BTP; labels seen on scans',
  lines: [
    [...line('Trang số', 'trangSo'), ...line('Số', 'so')],
    ...spouse('chong', 'Họ và tên chồng'),
    ...spouse('vo', 'Họ và tên vợ'),
    dateInParts('Đăng ký ngày', 'ngayDangKy'),
    signatory('Họ tên, chức vụ, người ký Giấy chứng nhận kết hôn'),
    [
      { label: 'Chữ ký của chồng' },
      { signature: 'chong' },
      { label: 'Chữ ký của vợ' },
      { signature: 'vo' },
    ],
    [{ label: 'Cán bộ Tư pháp hộ tịch' }, { blank: ['nguoiThucHien'], area: 'below' }],
  ],
  margin: [{ label: 'Ghi chú:' }, { blank: ['ghiChu'], area: 'below', lines: 6 }],
  fromBook: ['quyenSo', 'noiDangKy'],
});
