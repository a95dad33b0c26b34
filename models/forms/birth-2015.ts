import { defineForm } from './define.ts';

/** Birth page of TT 15/2015/TT-BTP and TT 04/2020. Mother before father; parents by year of birth. */
export const birth2015 = defineForm({
  id: 'birth-2015',
  version: 1,
  register: 'KS',
  vi: 'Khai sinh, mẫu 2015',
  en: 'Birth, form of 2015',
  era: { from: 2016 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'confirmed',
  source: 'TT 15/2015/TT-BTP; labels from a reproduction of the printed form',
  lines: [
    [
      { label: 'Số' },
      { blank: ['so'] },
      { label: 'Quyển' },
      { blank: ['quyenSo'] },
      { label: 'Trang số' },
      { blank: ['trangSo'] },
    ],
    [{ label: 'Ngày, tháng, năm đăng ký' }, { blank: ['ngayDangKy'] }],
    [
      {
        choice: 'loaiDangKy',
        mark: 'tick',
        options: [
          { text: 'Đúng hạn', code: '1' },
          { text: 'Quá hạn', code: '4' },
          { text: 'Đăng ký lại', code: '2' },
          { text: 'Ghi vào sổ hộ tịch việc khai sinh', code: '3' },
        ],
      },
    ],
    [
      {
        choice: 'nksLoaiKhaiSinh',
        mark: 'tick',
        options: [
          { text: 'Trẻ chưa xác định được cha mẹ', code: '4' },
          { text: 'Trẻ bị bỏ rơi', code: '5' },
        ],
      },
    ],
    [{ label: 'Người được đăng ký khai sinh', heading: true }],
    [{ label: 'Họ, chữ đệm, tên' }, { blank: ['nksHoTen'] }],
    [
      { label: 'Ngày, tháng, năm sinh' },
      { blank: ['nksNgaySinh'] },
      { label: 'ghi bằng chữ' },
      { blank: ['nksNgaySinhBangChu'], lines: 2 },
    ],
    [
      { label: 'Giới tính' },
      { blank: ['nksGioiTinh'] },
      { label: 'Dân tộc' },
      { blank: ['nksDanToc'] },
      { label: 'Quốc tịch' },
      { blank: ['nksQuocTich'] },
    ],
    [{ label: 'Nơi sinh' }, { blank: ['nksNoiSinh'], lines: 2 }],
    [{ label: 'Quê quán' }, { blank: ['nksQueQuan'], lines: 2 }],
    [{ label: 'Số định danh cá nhân' }, { blank: ['nksSoDinhDanh'] }],
    [{ label: 'Họ, chữ đệm, tên mẹ' }, { blank: ['meHoTen'] }],
    [
      { label: 'Năm sinh' },
      { blank: ['meNgaySinh'] },
      { label: 'Dân tộc' },
      { blank: ['meDanToc'] },
      { label: 'Quốc tịch' },
      { blank: ['meQuocTich'] },
    ],
    [{ label: 'Nơi cư trú' }, { blank: ['meNoiCuTru'], lines: 2 }],
    [{ label: 'Họ, chữ đệm, tên cha' }, { blank: ['chaHoTen'] }],
    [
      { label: 'Năm sinh' },
      { blank: ['chaNgaySinh'] },
      { label: 'Dân tộc' },
      { blank: ['chaDanToc'] },
      { label: 'Quốc tịch' },
      { blank: ['chaQuocTich'] },
    ],
    [{ label: 'Nơi cư trú' }, { blank: ['chaNoiCuTru'], lines: 2 }],
    [{ label: 'Họ, chữ đệm, tên người đi khai sinh' }, { blank: ['nycHoTen'] }],
    [
      { label: 'Giấy tờ tùy thân' },
      {
        blank: [
          'nycLoaiGiayToTuyThan',
          'nycSoGiayToTuyThan',
          'nycNgayCapGiayToTuyThan',
          'nycNoiCapGiayToTuyThan',
        ],
        split: 'identityDocument',
        lines: 2,
      },
    ],
    [
      { label: 'Họ, chữ đệm, tên, chức vụ người ký' },
      { blank: ['nguoiKy', 'chucVuNguoiKy'], split: 'nameAndPosition', lines: 2 },
    ],
    [{ label: 'Ghi chú' }, { blank: ['ghiChu'], lines: 2 }],
    [
      { label: 'Người đi khai sinh' },
      { signature: 'nyc' },
      { label: 'Người thực hiện' },
      { blank: ['nguoiThucHien'], area: 'below' },
    ],
  ],
  fromBook: ['noiDangKy'],
});
