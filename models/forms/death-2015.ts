import { defineForm } from './define.ts';
import { boxes, heading, identityDocument, line, numberBookPage, signatory } from './items.ts';

/**
 * Death page of TT 15/2015/TT-BTP and TT 04/2020. Known are the boxes and the lines on the death
 * and its notice; the rest follows the birth page of the same year.
 */
export const death2015 = defineForm({
  id: 'death-2015',
  version: 1,
  register: 'KT',
  vi: 'Khai tử, mẫu 2015',
  en: 'Death, form of 2015',
  era: { from: 2016 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'unconfirmed',
  source:
    'TT 15/2015/TT-BTP; boxes and the lines on death and notice from a reproduction of the printed form, the rest after birth-2015',
  invented: [
    'Số',
    'Quyển',
    'Trang số',
    'Ngày, tháng, năm đăng ký',
    'Ghi vào sổ hộ tịch việc khai tử',
    'Người được đăng ký khai tử',
    'Họ, chữ đệm, tên',
    'Ngày, tháng, năm sinh',
    'Giới tính',
    'Dân tộc',
    'Quốc tịch',
    'Nơi cư trú cuối cùng',
    'Giấy tờ tùy thân',
    'Nơi chết',
    'Nguyên nhân chết',
    'Họ, chữ đệm, tên người đi khai tử',
    'Họ, chữ đệm, tên, chức vụ người ký',
    'Ghi chú',
    'Người đi khai tử',
    'Người thực hiện',
  ],
  lines: [
    numberBookPage,
    line('Ngày, tháng, năm đăng ký', 'ngayDangKy'),
    boxes('loaiDangKy', {
      'Đúng hạn': '1',
      'Quá hạn': '4',
      'Đăng ký lại': '2',
      'Ghi vào sổ hộ tịch việc khai tử': '3',
    }),
    boxes('nktTreEm', { 'Trẻ dưới 01 tuổi': 'D1', 'Trẻ từ 01 đến dưới 5 tuổi': 'D5' }),
    heading('Người được đăng ký khai tử'),
    line('Họ, chữ đệm, tên', 'nktHoTen'),
    line('Ngày, tháng, năm sinh', 'nktNgaySinh'),
    [
      ...line('Giới tính', 'nktGioiTinh'),
      ...line('Dân tộc', 'nktDanToc'),
      ...line('Quốc tịch', 'nktQuocTich'),
    ],
    line('Nơi cư trú cuối cùng', 'nktNoiCuTru', 2),
    identityDocument('nkt'),
    [
      { label: 'Đã chết vào lúc' },
      { blank: ['nktGioPhutChet'], part: 'hour' },
      { label: 'giờ' },
      { blank: ['nktGioPhutChet'], part: 'minute' },
      ...line('phút, ngày', 'nktNgayChet'),
    ],
    line('Nơi chết', 'nktNoiChet', 2),
    line('Nguyên nhân chết', 'nktNguyenNhanChet'),
    [
      ...line('Giấy báo tử số', 'gbtSo'),
      ...line('Do', 'gbtCoQuanCap'),
      ...line('Cấp ngày', 'gbtNgay'),
    ],
    line('Họ, chữ đệm, tên người đi khai tử', 'nycHoTen'),
    identityDocument('nyc'),
    signatory('Họ, chữ đệm, tên, chức vụ người ký'),
    line('Ghi chú', 'ghiChu', 2),
    [
      { label: 'Người đi khai tử' },
      { signature: 'nyc' },
      { label: 'Người thực hiện' },
      { blank: ['nguoiThucHien'], area: 'below' },
    ],
  ],
  fromBook: ['noiDangKy'],
});
