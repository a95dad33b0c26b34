import { defineForm, type FormInput } from './define.ts';
import { heading, line, residencePlace, signatory } from './items.ts';

/** One of the two people; the page asks the same of both. */
const person = (who: 'cm' | 'nc'): FormInput['lines'] => [
  line('Họ và tên', `${who}HoTen`),
  line('Ngày, tháng, năm sinh', `${who}NgaySinh`),
  [...line('Dân tộc', `${who}DanToc`), ...line('Quốc tịch', `${who}QuocTich`)],
  residencePlace(who),
  line('Số Giấy CMND/Hộ chiếu/Giấy tờ hợp lệ thay thế', `${who}SoGiayToTuyThan`),
];

/**
 * Recognition page of TT 08.a/2010/TT-BTP and TT 05/2012/TT-BTP. The first person is taken for the
 * parent: where the page says "Là con của", the two must be changed over by hand. The line with
 * number and page is not in the source's list, though no register is without it.
 */
export const parentChild2010 = defineForm({
  id: 'parent-child-2010',
  version: 1,
  register: 'CMC',
  vi: 'Nhận cha, mẹ, con, mẫu 2010',
  en: 'Recognition of parent and child, form of 2010',
  era: { from: 2010, to: 2015 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'unconfirmed',
  source: 'TT 08.a/2010/TT-BTP; labels seen on scans, but for the first line',
  invented: ['Trang số', 'Số'],
  lines: [
    [...line('Trang số', 'trangSo'), ...line('Số', 'so')],
    heading('Người có tên dưới đây:'),
    ...person('cm'),
    [...line('Là', 'quanHeHaiBen'), { label: 'của người có tên dưới đây:' }],
    ...person('nc'),
    heading('Phần ghi về người đi đăng ký việc nhận cha, mẹ, con:'),
    line('Họ và tên', 'nycHoTen'),
    line('Quan hệ với người được nhận là cha, mẹ, con', 'nycQHNguoiDuocNhan'),
    [...line('Quyết định số', 'quyetDinhSo'), ...line('/QĐ-UBND ngày', 'ngayDangKy')],
    signatory('Họ tên, chức vụ người ký Quyết định'),
    [
      { label: 'Người đi đăng ký' },
      { signature: 'nyc' },
      { label: 'Người thực hiện' },
      { blank: ['nguoiThucHien'], area: 'below' },
    ],
  ],
  margin: [{ label: 'Ghi những thay đổi sau này' }, { blank: ['ghiChu'], area: 'below', lines: 6 }],
  fromBook: ['quyenSo', 'noiDangKy'],
});
