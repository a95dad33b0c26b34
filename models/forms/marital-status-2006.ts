import { defineForm } from './define.ts';
import { dateInParts, heading, line, residencePlace, signatory } from './items.ts';

/**
 * Page of the book of certificates of marital status of QĐ 01/2006/QĐ-BTP. The source shortens two
 * labels with "…"; they are completed from the label that it gives in full. The certificate's date
 * is taken for the date of registration, the only one on the page.
 */
export const maritalStatus2006 = defineForm({
  id: 'marital-status-2006',
  version: 1,
  register: 'HN',
  vi: 'Xác nhận tình trạng hôn nhân, mẫu 2006',
  en: 'Marital status, form of 2006',
  era: { from: 2006, to: 2010 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'confirmed',
  source: 'QĐ 01/2006/QĐ-BTP; labels seen on scans',
  lines: [
    [...line('Số', 'so'), ...line('Trang số', 'trangSo')],
    heading('Phần ghi về người được cấp Giấy xác nhận tình trạng hôn nhân:'),
    [...line('Họ và tên', 'nxnHoTen'), ...line('Giới tính', 'nxnGioiTinh')],
    line('Ngày, tháng, năm sinh', 'nxnNgaySinh'),
    line('Nơi sinh', 'nxnNoiSinh', 2),
    [...line('Dân tộc', 'nxnDanToc'), ...line('Quốc tịch', 'nxnQuocTich')],
    line('Số Giấy CMND/Hộ chiếu', 'nxnSoGiayToTuyThan'),
    residencePlace('nxn'),
    line('Nơi thường trú trước khi xuất cảnh', 'nxnNoiThuongTruTruocXuatCanh', 2),
    line('Tình trạng hôn nhân', 'nxnTinhTrangHonNhan', 2),
    line('Mục đích sử dụng Giấy xác nhận tình trạng hôn nhân', 'nxnMucDichSuDung', 2),
    heading('Phần ghi về người đề nghị cấp Giấy xác nhận tình trạng hôn nhân:'),
    line('Họ và tên', 'nycHoTen'),
    line('Quan hệ với người được cấp Giấy xác nhận tình trạng hôn nhân', 'nycQuanHe', 2),
    [
      ...line('Giấy xác nhận tình trạng hôn nhân số', 'soGiayXacNhan'),
      ...dateInParts('ngày', 'ngayDangKy'),
    ],
    signatory('Họ tên, chức vụ, người ký Giấy xác nhận tình trạng hôn nhân'),
    [{ label: 'Cán bộ Tư pháp hộ tịch' }, { blank: ['nguoiThucHien'], area: 'below' }],
  ],
  margin: [{ label: 'Ghi chú:' }, { blank: ['ghiChu'], area: 'below', lines: 6 }],
  fromBook: ['quyenSo', 'noiCap'],
});
