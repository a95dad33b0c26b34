import { defineForm, type FormInput } from './define.ts';
import { heading, line, numberBookPage, signatory } from './items.ts';

/** A couple in the two columns of a table: the row's label stands once, before both. */
const couple = (name: string, man: string, woman: string): FormInput['lines'] => {
  const row = (label: string, field: string, lines = 1): FormInput['lines'][number] => [
    { label },
    { blank: [`${man}${field}`], under: 'ÔNG', lines },
    { blank: [`${woman}${field}`], under: 'BÀ', lines },
  ];
  return [
    heading(name),
    [{ label: 'ÔNG' }, { label: 'BÀ' }],
    row('Họ và tên', 'HoTen'),
    row('Ngày, tháng, năm sinh', 'NgaySinh'),
    row('Dân tộc', 'DanToc'),
    row('Quốc tịch', 'QuocTich'),
    row('Nơi thường trú', 'NoiThuongTru', 2),
    row('Số Giấy CMND/Hộ chiếu', 'SoGiayToTuyThan'),
  ];
};

/** Adoption page of 2015: fields and the tables of two columns are known, headings and signatures are not. */
export const adoption2015 = defineForm({
  id: 'adoption-2015',
  version: 1,
  register: 'NCN',
  vi: 'Nuôi con nuôi, mẫu 2015',
  en: 'Adoption, form of 2015',
  era: { from: 2016 },
  paper: 'A4',
  entriesPerPage: 1,
  confirmation: 'unconfirmed',
  source:
    'Reproduction of the printed form of the time of TT 15/2015/TT-BTP: fields in their order and the two columns; headings and signatures are ours',
  invented: [
    'Con nuôi',
    'Cha nuôi, mẹ nuôi',
    'Bên giao con nuôi',
    'ngày',
    'Họ, chữ đệm, tên, chức vụ người ký',
  ],
  lines: [
    numberBookPage,
    line('Ngày, tháng, năm đăng ký', 'ngayDangKy'),
    heading('Con nuôi'),
    [...line('Họ và tên', 'cnHoTen'), ...line('Giới tính', 'cnGioiTinh')],
    [
      ...line('Ngày, tháng, năm sinh', 'cnNgaySinh'),
      ...line('Dân tộc', 'cnDanToc'),
      ...line('Quốc tịch', 'cnQuocTich'),
    ],
    line('Nơi thường trú', 'cnNoiThuongTru', 2),
    ...couple('Cha nuôi, mẹ nuôi', 'chn', 'men'),
    ...couple('Bên giao con nuôi', 'chg', 'meg'),
    line('Quan hệ của bên giao với trẻ được nhận làm con nuôi', 'quanHeBenGiao'),
    line('Tên cơ sở nuôi dưỡng', 'tenCoSoNuoiDuong'),
    line('Họ tên, chức vụ của đại diện cơ sở nuôi dưỡng', 'daiDienCoSoNuoiDuong'),
    [...line('Giấy chứng nhận/Quyết định số', 'quyetDinhSo'), ...line('ngày', 'quyetDinhNgay')],
    line('Nơi đăng ký', 'noiDangKy'),
    signatory('Họ, chữ đệm, tên, chức vụ người ký'),
    line('Ghi chú', 'ghiChu', 2),
    [{ label: 'Người thực hiện' }, { blank: ['nguoiThucHien'], area: 'below' }],
  ],
});
