import { defineForm, type FormInput } from './define.ts';
import { line, residencePlace, signatory } from './items.ts';

/** One of the spouses; the page asks the same of both. */
const spouse = (who: 'chong' | 'vo', name: string): FormInput['lines'] => [
  line(name, `${who}HoTen`),
  line('Ngày, tháng, năm sinh', `${who}NgaySinh`),
  [...line('Dân tộc', `${who}DanToc`), ...line('Quốc tịch', `${who}QuocTich`)],
  residencePlace(who),
  line('Số Giấy CMND/Hộ chiếu/Giấy tờ hợp lệ thay thế', `${who}SoGiayToTuyThan`),
];

/**
 * Marriage page of TT 08.a/2010/TT-BTP and TT 05/2012/TT-BTP. Husband before wife. What was noted
 * at registration and what changed later stand apart; the template's one column is for the latter.
 */
export const marriage2010 = defineForm({
  id: 'marriage-2010',
  version: 1,
  register: 'KH',
  vi: 'Kết hôn, mẫu 2010',
  en: 'Marriage, form of 2010',
  era: { from: 2010, to: 2015 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'confirmed',
  source: 'TT 08.a/2010/TT-BTP; labels seen on scans',
  lines: [
    [...line('Trang số', 'trangSo'), ...line('Số', 'so')],
    ...spouse('chong', 'Họ và tên chồng'),
    ...spouse('vo', 'Họ và tên vợ'),
    line('Nơi đăng ký', 'noiDangKy', 2),
    line('Ngày, tháng, năm đăng ký', 'ngayDangKy'),
    line('Ghi chú', 'ghiChuKhiDangKy', 2),
    signatory('Họ tên, chức vụ người ký Giấy chứng nhận kết hôn'),
    [
      { label: 'Chữ ký của chồng' },
      { signature: 'chong' },
      { label: 'Chữ ký của vợ' },
      { signature: 'vo' },
    ],
    [{ label: 'Người thực hiện' }, { blank: ['nguoiThucHien'], area: 'below' }],
  ],
  margin: [{ label: 'Ghi những thay đổi sau này' }, { blank: ['ghiChu'], area: 'below', lines: 6 }],
  fromBook: ['quyenSo'],
});
