import { defineForm } from './define.ts';
import { dateInParts, heading, line, residencePlace, signatory } from './items.ts';

/**
 * Death page of TT 08.a/2010/TT-BTP and TT 05/2012/TT-BTP. The line with number and page is not in
 * the source's list, though no register is without it.
 */
export const death2010 = defineForm({
  id: 'death-2010',
  version: 1,
  register: 'KT',
  vi: 'Khai tử, mẫu 2010',
  en: 'Death, form of 2010',
  era: { from: 2010, to: 2015 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'unconfirmed',
  source: 'TT 08.a/2010/TT-BTP; labels seen on scans, but for the first line',
  invented: ['Trang số', 'Số'],
  lines: [
    [...line('Trang số', 'trangSo'), ...line('Số', 'so')],
    heading('Phần ghi về người chết:'),
    [...line('Họ và tên', 'nktHoTen'), ...line('Giới tính', 'nktGioiTinh')],
    line('Ngày, tháng, năm sinh', 'nktNgaySinh'),
    [...line('Dân tộc', 'nktDanToc'), ...line('Quốc tịch', 'nktQuocTich')],
    residencePlace('nkt', 'cuối cùng trước khi chết'),
    line('Số CMND/Hộ chiếu/Giấy tờ hợp lệ thay thế', 'nktSoGiayToTuyThan'),
    [
      { label: 'Giờ, phút, ngày, tháng, năm chết' },
      { blank: ['nktGioPhutChet', 'nktNgayChet'], split: 'timeAndDate' },
    ],
    line('Nơi chết', 'nktNoiChet', 2),
    line('Nguyên nhân chết', 'nktNguyenNhanChet', 2),
    line('Giấy báo tử/Giấy tờ thay thế Giấy báo tử', 'gbtSo'),
    [...line('do', 'gbtCoQuanCap'), ...dateInParts('cấp ngày', 'gbtNgay')],
    line('Nơi đăng ký', 'noiDangKy', 2),
    line('Ngày, tháng, năm đăng ký', 'ngayDangKy'),
    line('Ghi chú', 'ghiChuKhiDangKy', 2),
    signatory('Họ tên, chức vụ người ký Giấy chứng tử'),
    [
      { label: 'Người đi khai tử (Ký, ghi rõ họ tên)' },
      { blank: ['nycHoTen'], area: 'below' },
      { label: 'Người thực hiện' },
      { blank: ['nguoiThucHien'], area: 'below' },
    ],
  ],
  margin: [{ label: 'Ghi những thay đổi sau này' }, { blank: ['ghiChu'], area: 'below', lines: 6 }],
  fromBook: ['quyenSo'],
});
