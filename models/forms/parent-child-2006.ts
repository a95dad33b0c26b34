import { defineForm } from './define.ts';
import { dateInParts, heading, line, residencePlace, signatory } from './items.ts';

/**
 * Recognition page of QĐ 01/2006/QĐ-BTP. The register tells parent from child, the page who
 * recognises from who is recognised: the form takes the first for the parent, as in most entries.
 * Where a child recognises a parent the two must be changed over by hand; the register's rule on
 * their birth dates finds them. The date of the decision is taken for that of registration.
 */
export const parentChild2006 = defineForm({
  id: 'parent-child-2006',
  version: 1,
  register: 'CMC',
  vi: 'Nhận cha, mẹ, con, mẫu 2006',
  en: 'Recognition of parent and child, form of 2006',
  era: { from: 2006, to: 2010 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'confirmed',
  source: 'QĐ 01/2006/QĐ-BTP; labels seen on scans',
  lines: [
    [...line('Số', 'so'), ...line('Trang số', 'trangSo')],
    heading('Phần ghi về người nhận cha, mẹ, con:'),
    line('Họ và tên', 'cmHoTen'),
    line('Ngày, tháng, năm sinh', 'cmNgaySinh'),
    [...line('Dân tộc', 'cmDanToc'), ...line('Quốc tịch', 'cmQuocTich')],
    line('Quê quán', 'cmQueQuan', 2),
    residencePlace('cm'),
    line('Số Giấy CMND/Hộ chiếu', 'cmSoGiayToTuyThan'),
    heading('Phần ghi về người được nhận là cha, mẹ, con:'),
    line('Họ và tên', 'ncHoTen'),
    line('Ngày, tháng, năm sinh', 'ncNgaySinh'),
    line('Nơi sinh', 'ncNoiSinh', 2),
    [...line('Dân tộc', 'ncDanToc'), ...line('Quốc tịch', 'ncQuocTich')],
    line('Quê quán', 'ncQueQuan', 2),
    residencePlace('nc'),
    heading('Phần ghi về người yêu cầu đăng ký việc nhận cha, mẹ:'),
    line('Họ và tên', 'nycHoTen'),
    line('Quan hệ với người nhận cha, mẹ', 'nycQHNguoiNhan'),
    [...line('Quyết định số', 'quyetDinhSo'), ...dateInParts('ngày', 'ngayDangKy')],
    signatory('Họ tên, chức vụ, người ký Quyết định'),
    [{ label: 'Cán bộ Tư pháp hộ tịch' }, { blank: ['nguoiThucHien'], area: 'below' }],
  ],
  margin: [{ label: 'Ghi chú' }, { blank: ['ghiChu'], area: 'below', lines: 6 }],
  fromBook: ['quyenSo', 'noiDangKy'],
});
