import type { Random } from './random.ts';

/**
 * People are invented: a family name, a middle name and a given name are each drawn by chance from
 * the commonest Vietnamese ones.
 */
export interface Person {
  readonly sex: 'male' | 'female';
  readonly family: string;
  readonly name: string;
}

const FAMILIES: readonly (readonly [string, number])[] = [
  ['Nguyễn', 34],
  ['Trần', 12],
  ['Lê', 10],
  ['Phạm', 8],
  ['Hoàng', 4],
  ['Huỳnh', 2],
  ['Phan', 4],
  ['Vũ', 5],
  ['Võ', 2],
  ['Đặng', 3],
  ['Bùi', 3],
  ['Đỗ', 3],
  ['Hồ', 2],
  ['Ngô', 2],
  ['Dương', 2],
  ['Lý', 1],
  ['Đinh', 1],
  ['Đoàn', 1],
  ['Lương', 1],
  ['Mai', 1],
  ['Trịnh', 1],
  ['Đào', 1],
  ['Hà', 1],
  ['Tạ', 1],
  ['Cao', 1],
  ['Lưu', 1],
  ['Tô', 1],
  ['Quách', 1],
  ['Thái', 1],
  ['Kiều', 1],
  ['Chử', 0.3],
  ['Nghiêm', 0.5],
  ['Khổng', 0.4],
  ['Giáp', 0.4],
  ['Phùng', 1],
  ['Vương', 0.7],
  ['Tăng', 0.5],
  ['Triệu', 0.5],
];

const MIDDLES = {
  male: ['Văn', 'Văn', 'Văn', 'Đức', 'Hữu', 'Minh', 'Quang', 'Công', 'Đình', 'Xuân', 'Ngọc'].concat(
    ['Tuấn', 'Trọng', 'Thế', 'Quốc', 'Anh', 'Mạnh', 'Bá', 'Duy', 'Viết', 'Hoàng', 'Gia', 'Tiến'],
  ),
  female: ['Thị', 'Thị', 'Thị', 'Thị', 'Thị Thu', 'Thị Ngọc', 'Thị Thanh', 'Ngọc', 'Thu'].concat([
    'Thị Hồng',
    'Thị Kim',
    'Thị Bích',
    'Phương',
    'Thùy',
    'Khánh',
    'Thảo',
    'Minh',
    'Quỳnh',
    'Thị Mỹ',
  ]),
} as const;

const GIVEN = {
  male: (
    'Hùng Dũng Cường Tuấn Sơn Hải Nam Bình Minh Đức Thắng Long Quân Hiếu Trung Kiên Phúc Huy Khoa ' +
    'Thành Tùng Hưng Việt Khánh Lâm Quý Toàn Vinh Hậu Đạt Phong Tiến Mạnh Chiến Định Lượng Thuật ' +
    'Thưởng Khải Nghĩa Hoàn Tưởng Luyện Bắc Giang Ước Duẩn Thỏa Vượng Đại Kỷ Chỉnh Bảy'
  ).split(' '),
  female: (
    'Hương Lan Hoa Mai Hồng Nga Hằng Thủy Hà Linh Trang Ngân Yến Oanh Tuyết Thảo Phượng Dung Huệ ' +
    'Loan Nhung Thơm Xuyến Duyên Quyên Hạnh Mỵ Ly Ngọc Vân Anh Hiền Nhàn Thắm Lụa Chi Diệp Quỳnh ' +
    'Gấm Hợi Nguyệt Thúy Miền Ánh Bưởi Sen Tươi Vỹ Sửu Hảo Thuận Tỵ Giỏi'
  ).split(' '),
} as const;

/** `family` gives a child the family name of its father. */
export function invent(random: Random, sex: Person['sex'], family?: string): Person {
  const own = family ?? random.weighted(FAMILIES);
  const middle = random.chance(0.04) ? '' : `${random.pick(MIDDLES[sex])} `;
  let given = random.pick(GIVEN[sex]);
  while (middle.includes(given)) given = random.pick(GIVEN[sex]);
  return { sex, family: own, name: `${own} ${middle}${given}` };
}
