import { defineTemplate } from './define.ts';

const PAGE_ONLY = 'on printed pages only, no column for it is known';

/**
 * The columns that software for Công văn 1437/BTP-CNTT (25/4/2019) reads and writes. The letter and
 * its annexes could not be read: names and order are those on which unrelated programs agree, the
 * header texts are ours. A site that has the ministry's file loads it and gets its header.
 */
export const btp1437 = defineTemplate({
  id: 'btp-1437',
  version: 1,
  vi: 'Mẫu theo Công văn 1437/BTP-CNTT',
  en: 'Template of Công văn 1437/BTP-CNTT',
  national: true,
  headers: 'unconfirmed',
  source:
    'Columns and order: software of several vendors that share no code. Header texts: this project. The letter itself was not available.',
  sheetName: 'DL',
  fileNames: {
    stem: '{place}-{TYPE}.{YEAR}.{BOOK}',
    pdf: '{TYPE}.{YEAR}.{BOOK}.{DATE}.{NUMBER}.pdf',
    numberWidth: 3,
  },
  registers: {
    KS: {
      confirmation: 'confirmed',
      note: 'Five independent programs agree on these 60 columns.',
      columns: `
        so quyenSo trangSo ngayDangKy loaiDangKy noiDangKy nguoiKy chucVuNguoiKy nguoiThucHien
        ghiChu nksHoTen nksGioiTinh nksNgaySinh nksNgaySinhBangChu nksNoiSinh nksNoiSinhDVHC
        nksQueQuan nksDanToc nksQuocTich nksQuocTichKhac nksLoaiKhaiSinh nksMatTich
        nksMatTichNgayGhiChuTuyenBo nksMatTichCanCuTuyenBo nksMatTichNgayGhiChuHuyTuyenBo
        nksMatTichCanCuHuyTuyenBo nksHanCheNangLucHanhVi nksHanCheNangLucHanhViNgayGhiChuTuyenBo
        nksHanCheNangLucHanhViCanCuTuyenBo nksHanCheNangLucHanhViNgayGhiChuHuyTuyenBo
        nksHanCheNangLucHanhViNgayCanCuHuyTuyenBo meHoTen meNgaySinh meDanToc meQuocTich
        meQuocTichKhac meLoaiCuTru meNoiCuTru meLoaiGiayToTuyThan meSoGiayToTuyThan chaHoTen
        chaNgaySinh chaDanToc chaQuocTich chaQuocTichKhac chaLoaiCuTru chaNoiCuTru
        chaLoaiGiayToTuyThan chaSoGiayToTuyThan nycHoTen nycQuanHe nycLoaiGiayToTuyThan
        nycGiayToKhac nycSoGiayToTuyThan nycNgayCapGiayToTuyThan nycNoiCapGiayToTuyThan
        soDangKyNuocNgoai ngayDangKyNuocNgoai cqNuocNgoaiDaDangKy qgNuocNgoaiDaDangKy
      `,
      leftOut: [
        { key: 'nksSoDinhDanh', why: 'only in the later template of 70 columns' },
        { key: 'nksQuocTichStr', why: 'only in the later template of 70 columns' },
        { key: 'nksQuocTichKhacStr', why: 'only in the later template of 70 columns' },
        { key: 'meSoDinhDanhCaNhan', why: 'only in the later template of 70 columns' },
        { key: 'meQuocTichStr', why: 'only in the later template of 70 columns' },
        { key: 'meQuocTichKhacStr', why: 'only in the later template of 70 columns' },
        { key: 'chaSoDinhDanhCaNhan', why: 'only in the later template of 70 columns' },
        { key: 'chaQuocTichStr', why: 'only in the later template of 70 columns' },
        { key: 'chaQuocTichKhacStr', why: 'only in the later template of 70 columns' },
      ],
    },
    KH: {
      confirmation: 'confirmed',
      note: 'Two independent programs agree on these 44 columns; one puts a running number before them.',
      columns: `
        so quyenSo trangSo ngayDangKy loaiDangKy noiDangKy nguoiKy chucVuNguoiKy
        ngayXacLapQuanHeHonNhan nguoiThucHien ghiChu tinhTrangKetHon huyKetHonNgayGhiChu
        huyKetHonCanCu congNhanKetHonNgayGhiChu congNhanKetHonCanCu chongHoTen chongNgaySinh
        chongDanToc chongQuocTich chongQuocTichKhac chongLoaiCuTru chongNoiCuTru
        chongLoaiGiayToTuyThan chongGiayToKhac chongSoGiayToTuyThan chongNgayCapGiayToTuyThan
        chongNoiCapGiayToTuyThan voHoTen voNgaySinh voDanToc voQuocTich voQuocTichKhac voLoaiCuTru
        voNoiCuTru voLoaiGiayToTuyThan voGiayToKhac voSoGiayToTuyThan voNgayCapGiayToTuyThan
        voNoiCapGiayToTuyThan soDangKyNuocNgoai ngayDangKyNuocNgoai cqNuocNgoaiDaDangKy
        qgNuocNgoaiDaDangKy
      `,
      leftOut: [{ key: 'ghiChuKhiDangKy', why: PAGE_ONLY }],
    },
    KT: {
      confirmation: 'disputed',
      note: 'Programs agree on 47 columns; nktNgayChetGhiBangChu is the 48th of only one of them.',
      columns: `
        so quyenSo trangSo ngayDangKy loaiDangKy noiDangKy nguoiKy chucVuNguoiKy nguoiThucHien
        ghiChu nktHoTen nktGioiTinh nktNgaySinh nktDanToc nktQuocTich nktQuocTichKhac nktLoaiCuTru
        nktNoiCuTru nktLoaiGiayToTuyThan nktGiayToKhac nktSoGiayToTuyThan nktNgayCapGiayToTuyThan
        nktNoiCapGiayToTuyThan nktNgayChet nktNgayChetGhiBangChu nktGioPhutChet nktNoiChet
        nktNguyenNhanChet nktTinhTrangTuyenBoViecChet nktNgayGhiChuTuyenBoViecChet
        nktCanCuTuyenBoViecChet nktNgayGhiChuHuyTuyenBoViecChet nktCanCuHuyTuyenBoViecChet gbtLoai
        gbtSo gbtNgay gbtCoQuanCap nycHoTen nycQuanHe nycLoaiGiayToTuyThan nycGiayToKhac
        nycSoGiayToTuyThan nycNgayCapGiayToTuyThan nycNoiCapGiayToTuyThan soDangKyNuocNgoai
        ngayDangKyNuocNgoai cqNuocNgoaiDaDangKy qgNuocNgoaiDaDangKy
      `,
      disputed: {
        nktNgayChetGhiBangChu: 'one program has this column, another does not',
      },
      leftOut: [
        { key: 'ghiChuKhiDangKy', why: PAGE_ONLY },
        { key: 'nktTreEm', why: PAGE_ONLY },
      ],
    },
    CMC: {
      confirmation: 'disputed',
      note: 'Two independent programs agree on these 50 columns; one of them has two more, left out here.',
      columns: `
        so quyenSo trangSo quyetDinhSo ngayDangKy loaiDangKy loaiXacNhan noiDangKy nguoiKy
        chucVuNguoiKy nguoiThucHien ghiChu cmHoTen cmNgaySinh cmDanToc cmQuocTich cmQuocTichKhac
        cmQueQuan cmLoaiCuTru cmNoiCuTru cmLoaiGiayToTuyThan cmGiayToKhac cmSoGiayToTuyThan
        cmNgayCapGiayToTuyThan cmNoiCapGiayToTuyThan ncHoTen ncNgaySinh ncDanToc ncQuocTich
        ncQuocTichKhac ncQueQuan ncLoaiCuTru ncNoiCuTru ncLoaiGiayToTuyThan ncGiayToKhac
        ncSoGiayToTuyThan ncNgayCapGiayToTuyThan ncNoiCapGiayToTuyThan nycHoTen nycQHNguoiDuocNhan
        nycQHNguoiNhan nycLoaiGiayToTuyThan nycGiayToKhac nycSoGiayToTuyThan
        nycNgayCapGiayToTuyThan nycNoiCapGiayToTuyThan soDangKyNuocNgoai ngayDangKyNuocNgoai
        cqNuocNgoaiDaDangKy qgNuocNgoaiDaDangKy
      `,
      leftOut: [
        { key: 'cmGioiTinh', why: 'one program has this column, another does not' },
        { key: 'ncGioiTinh', why: 'one program has this column, another does not' },
        { key: 'loaiNhan', why: PAGE_ONLY },
        { key: 'quanHeHaiBen', why: PAGE_ONLY },
        { key: 'ncNoiSinh', why: PAGE_ONLY },
      ],
    },
    HN: {
      confirmation: 'confirmed',
      note: 'Four independent programs agree on these 35 columns, two of them with other spellings.',
      columns: `
        so quyenSo trangSo ngayDangKy noiCap nguoiKy chucVuNguoiKy nguoiThucHien ghiChu nxnHoTen
        nxnGioiTinh nxnNgaySinh nxnDanToc nxnQuocTich nxnQuocTichKhac nxnLoaiCuTru nxnNoiCuTru
        nxnLoaiGiayToTuyThan nxnGiayToKhac nxnSoGiayToTuyThan nxnNgayCapGiayToTuyThan
        nxnNoiCapGiayToTuyThan nxnThoiGianCuTruTai nxnThoiGianCuTruTu nxnThoiGianCuTruDen
        nxnTinhTrangHonNhan nxnLoaiMucDichSuDung nxnMucDichSuDung nycHoTen nycQuanHe
        nycLoaiGiayToTuyThan nycGiayToKhac nycSoGiayToTuyThan nycNgayCapGiayToTuyThan
        nycNoiCapGiayToTuyThan
      `,
      leftOut: [
        { key: 'soGiayXacNhan', why: PAGE_ONLY },
        { key: 'nxnNoiSinh', why: PAGE_ONLY },
        { key: 'nxnNoiThuongTruTruocXuatCanh', why: PAGE_ONLY },
        { key: 'mucDichTrenTrang', why: PAGE_ONLY },
      ],
      aliases: {
        nxnLoaiMucDichSuDung: ['nxnLoaiMucDiSuDung'],
        nxnMucDichSuDung: ['nxnMucDiSuDung'],
        nycNgayCapGiayToTuyThan: ['nycNgayCapGiayToKhac'],
        nycNoiCapGiayToTuyThan: ['nycNoiCapGiayToKhac'],
      },
    },
  },
});
