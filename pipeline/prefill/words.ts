import { fold } from '../../models/text.ts';

const list = (text: string) =>
  text
    .trim()
    .split(/\s*[,\n]\s*/u)
    .filter(Boolean);

/** Family names in use, the frequent ones first. */
export const FAMILY_NAMES = list(`
Nguyễn, Trần, Lê, Phạm, Hoàng, Huỳnh, Phan, Vũ, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Lý, Đào, Đinh, Đoàn, Lâm,
Trịnh, Mai, Trương, Cao, Hà, Lương, Tạ, Phùng, Tô, Châu, Vương, Thái, Chu, Tống, Triệu, La, Lã, Lưu, Quách, Kiều,
Nghiêm, Nông, Ninh, Hứa, Tăng, Tôn, Mạc, Mạch, Lại, Lò, Lục, Khúc, Khương, Kim, Giang, Doãn, Diệp, Cù, Chử, Cung,
Bạch, Bành, Âu, An, Ân, Đàm, Đan, Điền, Đồng, Đường, Giáp, Hàn, Hán, Hầu, Hình, Hoa, Khổng, Khuất, Lều, Liễu, Lô,
Lỗ, Lường, Ma, Mã, Mẫn, Mông, Ngọ, Ngũ, Ngụy, Nhan, Nhâm, Nhữ, Ông, Phí, Phó, Phương, Quàng, Sái, Sầm, Sùng, Thạch,
Thân, Thẩm, Thiều, Tiêu, Tòng, Trà, Trang, Trưng, Từ, Ung, Ứng, Vàng, Văn, Vi, Viên, Vừ, Xa, Xã, Y, Giàng, Hạ, Hạng, Thào, Cầm, Cà, Bế, Bàn, Đèo`);

/** Syllables of middle and given names in use; not complete, so an unknown one stays as read. */
export const NAME_SYLLABLES = list(`
Bá, Ly, Tưởng, Chỉnh, Thẩm, Hiến, Huỳnh, Khuyến, Luân, Nhâm, Phiên, Quảng, Sỹ, Thiệu, Trạch, Trưởng, Tùy, Viết, Ước, Xuyên, Văn, Thị, Hữu, Đức, Đình, Xuân, Quang, Minh, Ngọc, Thanh, Hồng, Thu, Kim, Bảo, Gia, Anh, Hoàng, Công, Duy, Tuấn,
Quốc, Thành, Trung, Hùng, Dũng, Cường, Mạnh, Hải, Sơn, Long, Nam, Phong, Phúc, Lộc, Thọ, Khang, Khánh, Khoa, Khôi,
Kiên, Kiệt, Lâm, Linh, Loan, Lan, Liên, Lương, Lưu, Luyến, Luyện, Lý, Mai, Mỹ, My, Nga, Ngân, Nghĩa, Nguyên, Nguyệt,
Nhàn, Nhân, Nhật, Nhi, Nhiên, Nhung, Ninh, Nương, Oanh, Phát, Phú, Phước, Phương, Phượng, Quân, Quý, Quyên, Quyết, Quỳnh,
Sáng, Sang, Sinh, Soạn, Tài, Tâm, Tân, Tấn, Thái, Thân, Thắng, Thảo, Thắm, Thế, Thi, Thiên, Thiện, Thịnh, Thoa,
Thơ, Thông, Thơm, Thuận, Thục, Thùy, Thủy, Thúy, Thư, Thương, Thường, Thưởng, Tiên, Tiến, Tín, Tình, Tỉnh, Toàn, Toản,
Trà, Trâm, Trân, Trang, Trí, Triều, Trinh, Trọng, Trúc, Trường, Tú, Tuân, Tùng, Tuyên, Tuyền, Tuyết, Tươi, Tường, Tỵ,
Tý, Uyên, Vân, Viên, Việt, Vinh, Vĩnh, Vỹ, Vũ, Vui, Vy, Vượng, Xoan, Xuyến, Yên, Yến, An, Ân, Ái, Ánh, Bách, Bằng, Bích,
Bình, Bắc, Băng, Ba, Bảy, Cẩm, Cẩn, Cảnh, Cao, Cát, Châm, Chân, Châu, Chi, Chí, Chiến, Chiều, Chính, Chung, Chương, Chuyên,
Cúc, Cừ, Danh, Dân, Diễm, Diện, Diệp, Diệu, Dịu, Doan, Doanh, Du, Dung, Duyên, Dương, Đài, Đại, Đạo, Đạt, Đăng, Đào, Đặng,
Điền, Điệp, Điểm, Định, Đoàn, Đoan, Đô, Độ, Đông, Đồng, Đệ, Đường, Giang, Giao, Giáp, Hà, Hạ, Hạnh, Hân, Hằng, Hảo, Hào, Hậu, Hiên,
Hiền, Hiển, Hiếu, Hiệp, Hiệu, Hoa, Hòa, Hoà, Hóa, Hoài, Hoan, Hoàn, Hoạt, Hội, Hợi, Hợp, Huân, Huấn, Huế, Huệ, Huy, Huyên, Huyền, Huynh,
Hương, Hường, Hưng, Hưởng, Hướng, Kha, Khải, Khanh, Khiêm, Khuê, Khuyên, Khương, Kiều, Kính, Kỳ, Lam, Lai, Lê, Lệ, Liễu, Liệu, Lợi, Lực,
Mận, Mậu, Mẫn, Mến, Miên, Miền, Mơ, Mùi, Mừng, Na, Năm, Ngà, Ngát, Nghi, Nghiêm, Ngoan, Ngọ, Nhã, Nhạn, Nhất, Nhị, Như, Nhựt, Nữ,
Phấn, Phi, Phụng, Phùng, Quế, Quyền, Sâm, Sen, Sĩ, Sửu, Sự, Sương, Tẩm, Thạch, Thạnh, Thêm, Thìn, Thoại, Thu, Thuấn, Thụ, Thụy, Thuyết,
Tịnh, Toán, Tố, Tồn, Triệu, Trình, Trịnh, Tư, Từ, Tứ, Tựu, Út, Vang, Vạn, Vàng, Viễn, Vương, Xứng, Ý,
Gấm, Thỏa, Mỵ, Nhài, Lụa, Mây, Duyệt, Sáu, Tám, Chín, Lành, Nết, Bưởi, Lựu, Thuyên, Triển, Tiệp, Toại, Truyền, Vịnh, Chuẩn, Chức,
Cương, Dậu, Tuất, Đỉnh, Đính, Hoạch, Khiết, Kiểm, Luật, Lượng, Nghị, Nhượng, Phẩm, Sắc, Thao, Thuần, Thước, Tuyển`);

/** Ranks of administrative units and other words that stand before or in names of places. */
export const PLACE_WORDS = list(`
xã, phường, thị trấn, huyện, quận, thị xã, thành phố, tỉnh, thôn, xóm, ấp, bản, buôn, làng, tổ, khu phố, tổ dân phố, khóm, đội, đường, số nhà,
bệnh viện, bệnh viện đa khoa, bệnh viện phụ sản, bệnh viện huyện, bệnh viện tỉnh, đa khoa, phụ sản, trạm y tế, trung tâm y tế, nhà hộ sinh, trạm xá, tại nhà, khu vực, trung ương, công an, cục cảnh sát, công an tỉnh, công an huyện`);

/** Titles of officials and phrases of notes in registers. */
export const REGISTER_PHRASES = list(`
chủ tịch, phó chủ tịch, ủy ban nhân dân, trưởng phòng, phó trưởng phòng, tư pháp, hộ tịch, phòng tư pháp, sở tư pháp, giám đốc, phó giám đốc, công chức, cán bộ, xã, phường, thị trấn, huyện, tỉnh,
đăng ký, đăng ký lại, đăng ký quá hạn, đăng ký đúng hạn, quá hạn, đúng hạn, cấp bản sao, cấp lại, bản chính, bản sao, đã cấp, đã cấp lại, cấp lại bản chính, đã cấp lại bản chính, cải chính, cải chính họ tên, thay đổi, bổ sung, theo quyết định, quyết định,
kết hôn, ly hôn, đã ly hôn, theo bản án, bản án số, quyết định số, tòa án nhân dân, nhận con nuôi, ghi chú, đã chết, khai tử`);

/** Words of dates and numbers in words. */
export const NUMBER_WORDS = list(`
ngày, tháng, năm, không, một, mốt, hai, ba, bốn, tư, lăm, nhăm, sáu, bảy, bẩy, tám, chín, mười, mươi, trăm, nghìn, ngàn, linh, lẻ, mồng, mùng, giêng, chạp`);

/** Entries by their letters without diacritics. */
export function byFold(entries: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>();
  for (const entry of entries) {
    const key = fold(entry);
    const known = map.get(key);
    if (!known) map.set(key, [entry]);
    else if (!known.includes(entry)) known.push(entry);
  }
  return map;
}
