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
];

/** End of a guardianship, TT 15/2015/TT-BTP: fields are known, headings and signatures are not. */
export const guardianshipEnd2015 = defineForm({
  id: 'guardianship-end-2015',
  version: 1,
  register: 'CDGH',
  vi: 'Chấm dứt giám hộ, mẫu 2015',
  en: 'End of guardianship, form of 2015',
  era: { from: 2016 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'unconfirmed',
  source:
    'TT 15/2015/TT-BTP; fields in their order from a reproduction of the printed form, headings, words of the boxes and signatures after guardianship-2015',
  invented: [
    'Giám hộ cử',
    'Giám hộ đương nhiên',
    'Người giám hộ',
    'Người được giám hộ',
    'Họ, chữ đệm, tên người đi đăng ký',
    'Họ, chữ đệm, tên, chức vụ người ký',
    'Người đi đăng ký',
  ],
  lines: [
    numberBookPage,
    line('Ngày, tháng, năm đăng ký', 'ngayDangKy'),
    boxes('loaiGiamHo', { 'Giám hộ cử': 'CU', 'Giám hộ đương nhiên': 'DN' }),
    ...person('ngh', 'Người giám hộ'),
    ...person('ndgh', 'Người được giám hộ'),
    [...line('Đăng ký giám hộ số', 'dangKyGiamHoSo'), ...line('ngày', 'dangKyGiamHoNgay')],
    line('Lý do chấm dứt việc giám hộ', 'lyDoChamDut', 2),
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
