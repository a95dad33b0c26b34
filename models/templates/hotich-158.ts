import { defineTemplate } from './define.ts';

/** The later import template of the civil-status software "158"; only its birth sheet is known. */
export const hotich158 = defineTemplate({
  id: 'hotich-158',
  version: 1,
  vi: 'Mẫu nhập của phần mềm hộ tịch 158',
  en: 'Import template of the civil-status software 158',
  national: true,
  headers: 'unconfirmed',
  source:
    'Columns, order and sheet name: one copy of the birth template. Header texts: this project. Templates of other registers were not found.',
  sheetName: 'DL Import',
  fileNames: {
    stem: '{place}-{TYPE}.{YEAR}.{BOOK}',
    pdf: '{TYPE}.{YEAR}.{BOOK}.{DATE}.{NUMBER}.pdf',
    numberWidth: 3,
  },
  registers: {
    KS: {
      confirmation: 'disputed',
      note: 'Seen in one source only: the 60 columns of btp-1437, a running number and 9 more.',
      columns: `
        STT so quyenSo trangSo ngayDangKy loaiDangKy noiDangKy nguoiKy chucVuNguoiKy nguoiThucHien
        ghiChu nksSoDinhDanh nksHoTen nksGioiTinh nksNgaySinh nksNgaySinhBangChu nksNoiSinh
        nksNoiSinhDVHC nksQueQuan nksDanToc nksQuocTich nksQuocTichStr nksQuocTichKhac
        nksQuocTichKhacStr nksLoaiKhaiSinh nksMatTich nksMatTichNgayGhiChuTuyenBo
        nksMatTichCanCuTuyenBo nksMatTichNgayGhiChuHuyTuyenBo nksMatTichCanCuHuyTuyenBo
        nksHanCheNangLucHanhVi nksHanCheNangLucHanhViNgayGhiChuTuyenBo
        nksHanCheNangLucHanhViCanCuTuyenBo nksHanCheNangLucHanhViNgayGhiChuHuyTuyenBo
        nksHanCheNangLucHanhViNgayCanCuHuyTuyenBo meSoDinhDanhCaNhan meHoTen meNgaySinh meDanToc
        meQuocTich meQuocTichStr meQuocTichKhac meQuocTichKhacStr meLoaiCuTru meNoiCuTru
        meLoaiGiayToTuyThan meSoGiayToTuyThan chaSoDinhDanhCaNhan chaHoTen chaNgaySinh chaDanToc
        chaQuocTich chaQuocTichStr chaQuocTichKhac chaQuocTichKhacStr chaLoaiCuTru chaNoiCuTru
        chaLoaiGiayToTuyThan chaSoGiayToTuyThan nycHoTen nycQuanHe nycLoaiGiayToTuyThan
        nycGiayToKhac nycSoGiayToTuyThan nycNgayCapGiayToTuyThan nycNoiCapGiayToTuyThan
        soDangKyNuocNgoai ngayDangKyNuocNgoai cqNuocNgoaiDaDangKy qgNuocNgoaiDaDangKy
      `,
    },
  },
});
