import { defineForm, type FormInput } from './define.ts';
import { boxes, heading, identityDocument, line, numberBookPage, signatory } from './items.ts';

/** Guardian or ward; the page asks the same of both. */
const person = (who: 'ngh' | 'ndgh', name: string): FormInput['lines'] => [
  heading(name),
  line('Họ, chữ đệm, tên', `${who}HoTen`),
  line('Ngày, tháng, năm sinh', `${who}NgaySinh`),
  [
    ...line('Giới tính', `${who}GioiTinh`),
    ...line('Dân tộc', `${who}DanToc`),
    ...line('Quốc tịch', `${who}QuocTich`),
  ],
  identityDocument(who, 'kindAndNumber'),
  line('Nơi cư trú', `${who}NoiCuTru`, 2),
];

/** Guardianship page of TT 15/2015/TT-BTP: fields and boxes are known, headings and signatures are not. */
export const guardianship2015 = defineForm({
  id: 'guardianship-2015',
  version: 1,
  register: 'GH',
  vi: 'Giám hộ, mẫu 2015',
  en: 'Guardianship, form of 2015',
  era: { from: 2016 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'unconfirmed',
  source:
    'TT 15/2015/TT-BTP; fields in their order and boxes from a reproduction of the printed form, headings and signatures after birth-2015',
  invented: [
    'Người giám hộ',
    'Người được giám hộ',
    'Họ, chữ đệm, tên người đi đăng ký',
    'Họ, chữ đệm, tên, chức vụ người ký',
    'Người đi đăng ký',
  ],
  lines: [
    numberBookPage,
    line('Ngày, tháng, năm đăng ký', 'ngayDangKy'),
    boxes('loaiGiamHo', {
      'Giám hộ cử': 'CU',
      'Giám hộ đương nhiên': 'DN',
      'Ghi vào sổ hộ tịch việc giám hộ': 'GHISO',
    }),
    ...person('ngh', 'Người giám hộ'),
    ...person('ndgh', 'Người được giám hộ'),
    line('Họ, chữ đệm, tên người đi đăng ký', 'nycHoTen'),
    identityDocument('nyc', 'kindAndNumber'),
    signatory('Họ, chữ đệm, tên, chức vụ người ký'),
    line('Ghi chú', 'ghiChu', 2),
    [
      { label: 'Người đi đăng ký' },
      { signature: 'nyc' },
      { label: 'Người thực hiện' },
      { blank: ['nguoiThucHien'], area: 'below' },
    ],
  ],
});
