import { defineForm } from './define.ts';
import { boxes, heading, identityDocument, line, numberBookPage, signatory } from './items.ts';

/** Change or correction, TT 15/2015/TT-BTP: fields and boxes are known, headings and signatures are not. */
export const change2015 = defineForm({
  id: 'change-2015',
  version: 1,
  register: 'TDCC',
  vi: 'Thay đổi, cải chính hộ tịch, mẫu 2015',
  en: 'Change and correction, form of 2015',
  era: { from: 2016 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'unconfirmed',
  source:
    'TT 15/2015/TT-BTP; fields in their order and boxes from a reproduction of the printed form, headings and signatures after birth-2015',
  invented: [
    'Người được thay đổi, cải chính hộ tịch',
    'Họ, chữ đệm, tên người đi đăng ký',
    'Họ, chữ đệm, tên, chức vụ người ký',
    'Người đi đăng ký',
  ],
  lines: [
    numberBookPage,
    line('Ngày, tháng, năm đăng ký', 'ngayDangKy'),
    boxes('loaiViec', {
      'Thay đổi hộ tịch': 'TD',
      'Cải chính hộ tịch': 'CC',
      'Bổ sung hộ tịch': 'BS',
      'Xác định lại dân tộc': 'XDDT',
      'Ghi vào sổ hộ tịch việc thay đổi hộ tịch': 'GHISO',
    }),
    heading('Người được thay đổi, cải chính hộ tịch'),
    line('Họ, chữ đệm, tên', 'ntdHoTen'),
    line('Ngày, tháng, năm sinh', 'ntdNgaySinh'),
    [
      ...line('Giới tính', 'ntdGioiTinh'),
      ...line('Dân tộc', 'ntdDanToc'),
      ...line('Quốc tịch', 'ntdQuocTich'),
    ],
    identityDocument('ntd', 'kindAndNumber'),
    line('Nơi cư trú', 'ntdNoiCuTru', 2),
    line('Tên giấy tờ hộ tịch', 'gthtTen'),
    [...line('Số', 'gthtSo'), ...line('Ngày cấp', 'gthtNgayCap')],
    line('Nơi cấp', 'gthtNoiCap'),
    line('Nội dung: được thay đổi từ', 'noiDungTu', 2),
    line('thành', 'noiDungThanh', 2),
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
