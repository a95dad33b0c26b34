import { defineForm } from './define.ts';
import { boxes, heading, identityDocument, line, numberBookPage, signatory } from './items.ts';

/**
 * Page of the book of certificates of marital status of TT 15/2015/TT-BTP and TT 04/2020. Known are
 * the line on the time of residence, the marital status and the boxes; the rest follows the register
 * and the birth page of the same year. The boxes say less than the template's codes for the purpose.
 */
export const maritalStatus2015 = defineForm({
  id: 'marital-status-2015',
  version: 1,
  register: 'HN',
  vi: 'Xác nhận tình trạng hôn nhân, mẫu 2015',
  en: 'Marital status, form of 2015',
  era: { from: 2016 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'unconfirmed',
  source:
    'TT 15/2015/TT-BTP; time of residence, status and boxes from a reproduction of the printed form, the rest after the register and birth-2015',
  invented: [
    'Số',
    'Quyển',
    'Trang số',
    'Ngày, tháng, năm đăng ký',
    'Để ĐKKH ở nước ngoài',
    'Người được cấp Giấy xác nhận tình trạng hôn nhân',
    'Họ, chữ đệm, tên',
    'Ngày, tháng, năm sinh',
    'Giới tính',
    'Dân tộc',
    'Quốc tịch',
    'Giấy tờ tùy thân',
    'Nơi cư trú',
    'Họ, chữ đệm, tên người yêu cầu',
    'Họ, chữ đệm, tên, chức vụ người ký',
    'Ghi chú',
    'Người yêu cầu',
    'Người thực hiện',
  ],
  lines: [
    numberBookPage,
    line('Ngày, tháng, năm đăng ký', 'ngayDangKy'),
    heading('Người được cấp Giấy xác nhận tình trạng hôn nhân'),
    line('Họ, chữ đệm, tên', 'nxnHoTen'),
    line('Ngày, tháng, năm sinh', 'nxnNgaySinh'),
    [
      ...line('Giới tính', 'nxnGioiTinh'),
      ...line('Dân tộc', 'nxnDanToc'),
      ...line('Quốc tịch', 'nxnQuocTich'),
    ],
    identityDocument('nxn'),
    line('Nơi cư trú', 'nxnNoiCuTru', 2),
    line('Trong thời gian cư trú tại', 'nxnThoiGianCuTruTai', 2),
    [...line('từ ngày', 'nxnThoiGianCuTruTu'), ...line('đến ngày', 'nxnThoiGianCuTruDen')],
    line('Tình trạng hôn nhân', 'nxnTinhTrangHonNhan', 2),
    boxes('mucDichTrenTrang', {
      'Để ĐKKH trong nước': 'TN',
      'Để ĐKKH ở nước ngoài': 'NN',
      'Mục đích khác': 'KHAC',
    }),
    line('Họ, chữ đệm, tên người yêu cầu', 'nycHoTen'),
    identityDocument('nyc'),
    signatory('Họ, chữ đệm, tên, chức vụ người ký'),
    line('Ghi chú', 'ghiChu', 2),
    [
      { label: 'Người yêu cầu' },
      { signature: 'nyc' },
      { label: 'Người thực hiện' },
      { blank: ['nguoiThucHien'], area: 'below' },
    ],
  ],
  fromBook: ['noiCap'],
});
