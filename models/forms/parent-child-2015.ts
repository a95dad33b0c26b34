import { defineForm, type FormInput } from './define.ts';
import { boxes, identityDocument, line, numberBookPage, signatory } from './items.ts';

/** One of the two people; the page asks the same of both. */
const person = (who: 'cm' | 'nc', name: string): FormInput['lines'] => [
  line(name, `${who}HoTen`),
  line('Ngày, tháng, năm sinh', `${who}NgaySinh`),
  [...line('Dân tộc', `${who}DanToc`), ...line('Quốc tịch', `${who}QuocTich`)],
  line('Quê quán', `${who}QueQuan`, 2),
  line('Nơi cư trú', `${who}NoiCuTru`, 2),
  identityDocument(who),
];

/**
 * Recognition page of TT 15/2015/TT-BTP and TT 04/2020. Only the three boxes are known; the rest
 * follows the register and the birth page of the same year.
 */
export const parentChild2015 = defineForm({
  id: 'parent-child-2015',
  version: 1,
  register: 'CMC',
  vi: 'Nhận cha, mẹ, con, mẫu 2015',
  en: 'Recognition of parent and child, form of 2015',
  era: { from: 2016 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'unconfirmed',
  source:
    'TT 15/2015/TT-BTP; boxes from a reproduction of the printed form, the rest after the register and birth-2015',
  invented: [
    'Số',
    'Quyển',
    'Trang số',
    'Ngày, tháng, năm đăng ký',
    'Ghi vào sổ hộ tịch việc nhận cha, mẹ, con',
    'Họ, chữ đệm, tên cha/mẹ',
    'Họ, chữ đệm, tên con',
    'Ngày, tháng, năm sinh',
    'Dân tộc',
    'Quốc tịch',
    'Quê quán',
    'Nơi cư trú',
    'Giấy tờ tùy thân',
    'Họ, chữ đệm, tên người đi đăng ký',
    'Họ, chữ đệm, tên, chức vụ người ký',
    'Ghi chú',
    'Người đi đăng ký',
    'Người thực hiện',
  ],
  lines: [
    numberBookPage,
    line('Ngày, tháng, năm đăng ký', 'ngayDangKy'),
    boxes('loaiNhan', {
      'Con nhận cha, mẹ': 'CNCM',
      'Cha, mẹ nhận con': 'CMNC',
      'Ghi vào sổ hộ tịch việc nhận cha, mẹ, con': 'GHISO',
    }),
    ...person('cm', 'Họ, chữ đệm, tên cha/mẹ'),
    ...person('nc', 'Họ, chữ đệm, tên con'),
    line('Họ, chữ đệm, tên người đi đăng ký', 'nycHoTen'),
    identityDocument('nyc'),
    signatory('Họ, chữ đệm, tên, chức vụ người ký'),
    line('Ghi chú', 'ghiChu', 2),
    [
      { label: 'Người đi đăng ký' },
      { signature: 'nyc' },
      { label: 'Người thực hiện' },
      { blank: ['nguoiThucHien'], area: 'below' },
    ],
  ],
  fromBook: ['noiDangKy'],
});
