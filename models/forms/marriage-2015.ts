import { defineForm, type FormInput } from './define.ts';
import { boxes, identityDocument, line, numberBookPage, signatory } from './items.ts';

/** One of the spouses; the page asks the same of both. */
const spouse = (who: 'chong' | 'vo', name: string): FormInput['lines'] => [
  line(name, `${who}HoTen`),
  line('Ngày, tháng, năm sinh', `${who}NgaySinh`),
  [...line('Dân tộc', `${who}DanToc`), ...line('Quốc tịch', `${who}QuocTich`)],
  line('Nơi cư trú', `${who}NoiCuTru`, 2),
  identityDocument(who),
];

/**
 * Marriage page of TT 15/2015/TT-BTP and TT 04/2020. Known are that the wife comes first, the three
 * boxes and the date of the relation; the rest follows the birth page of the same year.
 */
export const marriage2015 = defineForm({
  id: 'marriage-2015',
  version: 1,
  register: 'KH',
  vi: 'Kết hôn, mẫu 2015',
  en: 'Marriage, form of 2015',
  era: { from: 2016 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'unconfirmed',
  source:
    'TT 15/2015/TT-BTP; boxes, order of wife and husband and the date of the relation from a reproduction of the printed form, the rest after birth-2015',
  invented: [
    'Số',
    'Quyển',
    'Trang số',
    'Ngày, tháng, năm đăng ký',
    'Họ, chữ đệm, tên vợ',
    'Họ, chữ đệm, tên chồng',
    'Ngày, tháng, năm sinh',
    'Dân tộc',
    'Quốc tịch',
    'Nơi cư trú',
    'Giấy tờ tùy thân',
    'Họ, chữ đệm, tên, chức vụ người ký',
    'Ghi chú',
    'Vợ',
    'Chồng',
    'Người thực hiện',
  ],
  lines: [
    numberBookPage,
    line('Ngày, tháng, năm đăng ký', 'ngayDangKy'),
    boxes('loaiDangKy', { 'Kết hôn lần đầu': '1', 'Đăng ký lại': '2', 'Ghi chú kết hôn': '3' }),
    line('Ngày, tháng, năm xác nhận/xác lập quan hệ hôn nhân', 'ngayXacLapQuanHeHonNhan'),
    ...spouse('vo', 'Họ, chữ đệm, tên vợ'),
    ...spouse('chong', 'Họ, chữ đệm, tên chồng'),
    signatory('Họ, chữ đệm, tên, chức vụ người ký'),
    line('Ghi chú', 'ghiChu', 2),
    [
      { label: 'Vợ' },
      { signature: 'vo' },
      { label: 'Chồng' },
      { signature: 'chong' },
      { label: 'Người thực hiện' },
      { blank: ['nguoiThucHien'], area: 'below' },
    ],
  ],
  fromBook: ['noiDangKy'],
});
