import { defineRegister } from './define.ts';

/** Sổ đăng ký nuôi con nuôi. Field names and order: models/registers/README.md, sources. */
export const adoption = defineRegister({
  code: 'NCN',
  version: 1,
  vi: 'Sổ đăng ký nuôi con nuôi',
  en: 'Adoption register',
  confirmation: 'projectConvention',
  status:
    'DERIVED, NOT NATIONAL: no digitisation template for this register was found; fields follow the printed labels of the TT 15/2015-era register page (S8). Field names are proposals of this project',
  fields: {
    so: { vi: 'Số', en: 'Registration number', kind: 'registrationNumber' },
    quyenSo: { vi: 'Quyển', en: 'Book number', kind: 'bookNumber' },
    trangSo: { vi: 'Trang số', en: 'Page number', kind: 'pageNumber' },
    ngayDangKy: { vi: 'Ngày, tháng, năm đăng ký', en: 'Registration date', kind: 'date' },
    cnHoTen: { vi: 'Họ và tên - con nuôi', en: 'Full name - adopted child', kind: 'name' },
    cnNgaySinh: {
      vi: 'Ngày, tháng, năm sinh - con nuôi',
      en: 'Date of birth - adopted child',
      kind: 'partialDate',
    },
    cnGioiTinh: {
      vi: 'Giới tính - con nuôi',
      en: 'Sex - adopted child',
      kind: 'code',
      list: 'gioiTinh',
    },
    cnDanToc: {
      vi: 'Dân tộc - con nuôi',
      en: 'Ethnic group - adopted child',
      kind: 'code',
      list: 'danToc',
    },
    cnQuocTich: {
      vi: 'Quốc tịch - con nuôi',
      en: 'Nationality - adopted child',
      kind: 'code',
      list: 'quocTich',
    },
    cnNoiThuongTru: {
      vi: 'Nơi thường trú - con nuôi',
      en: 'Residence - adopted child',
      kind: 'place',
    },
    chnHoTen: { vi: 'Họ và tên - cha nuôi (ÔNG)', en: 'Full name - adoptive father', kind: 'name' },
    chnNgaySinh: {
      vi: 'Ngày, tháng, năm sinh - cha nuôi (ÔNG)',
      en: 'Date of birth - adoptive father',
      kind: 'partialDate',
    },
    chnDanToc: {
      vi: 'Dân tộc - cha nuôi (ÔNG)',
      en: 'Ethnic group - adoptive father',
      kind: 'code',
      list: 'danToc',
    },
    chnQuocTich: {
      vi: 'Quốc tịch - cha nuôi (ÔNG)',
      en: 'Nationality - adoptive father',
      kind: 'code',
      list: 'quocTich',
    },
    chnNoiThuongTru: {
      vi: 'Nơi thường trú - cha nuôi (ÔNG)',
      en: 'Residence - adoptive father',
      kind: 'place',
    },
    chnSoGiayToTuyThan: {
      vi: 'Số Giấy CMND/Hộ chiếu - cha nuôi (ÔNG)',
      en: 'Identity document number - adoptive father',
      kind: 'documentNumber',
    },
    menHoTen: { vi: 'Họ và tên - mẹ nuôi (BÀ)', en: 'Full name - adoptive mother', kind: 'name' },
    menNgaySinh: {
      vi: 'Ngày, tháng, năm sinh - mẹ nuôi (BÀ)',
      en: 'Date of birth - adoptive mother',
      kind: 'partialDate',
    },
    menDanToc: {
      vi: 'Dân tộc - mẹ nuôi (BÀ)',
      en: 'Ethnic group - adoptive mother',
      kind: 'code',
      list: 'danToc',
    },
    menQuocTich: {
      vi: 'Quốc tịch - mẹ nuôi (BÀ)',
      en: 'Nationality - adoptive mother',
      kind: 'code',
      list: 'quocTich',
    },
    menNoiThuongTru: {
      vi: 'Nơi thường trú - mẹ nuôi (BÀ)',
      en: 'Residence - adoptive mother',
      kind: 'place',
    },
    menSoGiayToTuyThan: {
      vi: 'Số Giấy CMND/Hộ chiếu - mẹ nuôi (BÀ)',
      en: 'Identity document number - adoptive mother',
      kind: 'documentNumber',
    },
    chgHoTen: {
      vi: 'Họ và tên - bên giao - ÔNG',
      en: 'Full name - giving party, man',
      kind: 'name',
    },
    chgNgaySinh: {
      vi: 'Ngày, tháng, năm sinh - bên giao - ÔNG',
      en: 'Date of birth - giving party, man',
      kind: 'partialDate',
    },
    chgDanToc: {
      vi: 'Dân tộc - bên giao - ÔNG',
      en: 'Ethnic group - giving party, man',
      kind: 'code',
      list: 'danToc',
    },
    chgQuocTich: {
      vi: 'Quốc tịch - bên giao - ÔNG',
      en: 'Nationality - giving party, man',
      kind: 'code',
      list: 'quocTich',
    },
    chgNoiThuongTru: {
      vi: 'Nơi thường trú - bên giao - ÔNG',
      en: 'Residence - giving party, man',
      kind: 'place',
    },
    chgSoGiayToTuyThan: {
      vi: 'Số Giấy CMND/Hộ chiếu - bên giao - ÔNG',
      en: 'Identity document number - giving party, man',
      kind: 'documentNumber',
    },
    megHoTen: {
      vi: 'Họ và tên - bên giao - BÀ',
      en: 'Full name - giving party, woman',
      kind: 'name',
    },
    megNgaySinh: {
      vi: 'Ngày, tháng, năm sinh - bên giao - BÀ',
      en: 'Date of birth - giving party, woman',
      kind: 'partialDate',
    },
    megDanToc: {
      vi: 'Dân tộc - bên giao - BÀ',
      en: 'Ethnic group - giving party, woman',
      kind: 'code',
      list: 'danToc',
    },
    megQuocTich: {
      vi: 'Quốc tịch - bên giao - BÀ',
      en: 'Nationality - giving party, woman',
      kind: 'code',
      list: 'quocTich',
    },
    megNoiThuongTru: {
      vi: 'Nơi thường trú - bên giao - BÀ',
      en: 'Residence - giving party, woman',
      kind: 'place',
    },
    megSoGiayToTuyThan: {
      vi: 'Số Giấy CMND/Hộ chiếu - bên giao - BÀ',
      en: 'Identity document number - giving party, woman',
      kind: 'documentNumber',
    },
    quanHeBenGiao: {
      vi: 'Quan hệ của bên giao với trẻ được nhận làm con nuôi',
      en: 'Relation of the giving party to the child',
      kind: 'text',
    },
    tenCoSoNuoiDuong: { vi: 'Tên cơ sở nuôi dưỡng', en: 'Care institution', kind: 'text' },
    daiDienCoSoNuoiDuong: {
      vi: 'Họ tên, chức vụ của đại diện cơ sở nuôi dưỡng',
      en: 'Institution representative',
      kind: 'text',
    },
    quyetDinhSo: {
      vi: 'Giấy chứng nhận/Quyết định số',
      en: 'Certificate or decision number',
      kind: 'text',
    },
    quyetDinhNgay: {
      vi: 'Ngày Giấy chứng nhận/Quyết định',
      en: 'Certificate or decision date',
      kind: 'partialDate',
    },
    noiDangKy: { vi: 'Nơi đăng ký', en: 'Registration authority', kind: 'place' },
    nguoiKy: { vi: 'Họ, chữ đệm, tên người ký', en: 'Signatory', kind: 'name', maxLength: 50 },
    chucVuNguoiKy: {
      vi: 'Chức vụ người ký',
      en: 'Signatory position',
      kind: 'text',
      maxLength: 50,
    },
    nguoiThucHien: { vi: 'Người thực hiện', en: 'Clerk', kind: 'name', maxLength: 50 },
    ghiChu: { vi: 'Ghi chú', en: 'Notes', kind: 'text' },
  },
  rules: [],
});
