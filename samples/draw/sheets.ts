import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { registerOf } from '../../models/registers/registry.ts';
import type { Print } from './composition.ts';
import { type Face, font, setText, widthOf } from './fonts.ts';
import type { Pen } from './ink.ts';
import { type Layout, PAGE } from './layouts.ts';
import { invent } from './people.ts';
import { communeTexts } from './places.ts';
import { drawPrint } from './print.ts';
import type { Random } from './random.ts';
import { seal, signature } from './stamps.ts';
import { dateText, type Volume } from './volume.ts';

/**
 * Sheets of a volume that are no entry: `unused` has the form printed on it and nothing written;
 * `certificate` and `list` are papers that somebody has laid in. No source gives the words of covers
 * and closing notes: they are invented around what the law says is on them.
 */
export const SHEETS = ['cover', 'closing', 'blank', 'unused', 'certificate', 'list'] as const;
export type Sheet = (typeof SHEETS)[number];

/** Draws an upright clean sheet. */
export function drawSheet(
  sheet: Sheet,
  volume: Volume,
  layout: Layout,
  print: Print,
  pen: Pen,
  random: Random,
): Canvas {
  const canvas = createCanvas(PAGE.width, PAGE.height);
  const ctx = canvas.getContext('2d');
  ctx.fillStyle = '#ffffff';
  ctx.fillRect(0, 0, PAGE.width, PAGE.height);
  if (sheet === 'unused') drawPrint(ctx, print, layout);
  else if (sheet !== 'blank') DRAW[sheet](ctx, { volume, layout, pen, random });
  return canvas;
}

interface Hand {
  readonly volume: Volume;
  readonly layout: Layout;
  readonly pen: Pen;
  readonly random: Random;
}

const upper = (text: string) => text.toLocaleUpperCase('vi');

/** Print in the middle of the sheet, no wider than it. */
function centred(ctx: SKRSContext2D, text: string, face: Face, size: number, y: number): void {
  const room = PAGE.width - 2 * 320;
  const fit = Math.min(size, (size * room) / widthOf(text, font(face, size)));
  const type = font(face, fit);
  setText(ctx, type, text, (PAGE.width - widthOf(text, type)) / 2, y);
}

/** Printed words, then written ones behind them. */
function filled(
  ctx: SKRSContext2D,
  { layout, pen }: Hand,
  words: readonly string[],
  x: number,
  y: number,
  size = 54,
): void {
  let at = x;
  for (const [i, text] of words.entries()) {
    const written = i % 2 === 1;
    ctx.fillStyle = written ? pen.colour : layout.inkOfPrint;
    const type = written ? font(pen.face, pen.size) : font(layout.labels, size);
    setText(ctx, type, text, at, y - (written ? 4 : 0));
    at += widthOf(text, type) + 22;
  }
}

function nation(ctx: SKRSContext2D, { layout, random }: Hand, y: number): number {
  ctx.fillStyle = layout.inkOfPrint;
  const motto = random.pick(['Độc lập - Tự do - Hạnh phúc', 'Độc lập – Tự do – Hạnh phúc']);
  centred(ctx, 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', layout.headings, 62, y);
  centred(ctx, motto, layout.headings, 58, y + 90);
  return y + 180;
}

function cover(ctx: SKRSContext2D, hand: Hand): void {
  const { volume, layout, random } = hand;
  const { commune, form } = volume;
  const register = registerOf(form.register);
  ctx.strokeStyle = layout.inkOfPrint;
  ctx.lineWidth = 8;
  const inset = random.between(140, 240);
  if (random.chance(0.7))
    ctx.strokeRect(inset, inset, PAGE.width - 2 * inset, PAGE.height - 2 * inset);
  let y = random.between(420, 560);
  ctx.fillStyle = layout.inkOfPrint;
  if (random.chance(0.5)) y = nation(ctx, hand, y) + 140;
  else {
    centred(
      ctx,
      random.pick(['BỘ TƯ PHÁP', 'SỞ TƯ PHÁP', 'ỦY BAN NHÂN DÂN']),
      layout.headings,
      60,
      y,
    );
    y += 240;
  }
  ctx.fillStyle = layout.inkOfPrint;
  const title = upper(register.vi);
  centred(ctx, title, layout.headings, random.between(110, 150), y + random.between(300, 500));
  y += random.between(700, 900);
  const x = random.between(420, 640);
  const pitch = random.between(120, 170);
  const opened = volume.entry(0).day;
  const rows: string[][] = [
    [random.pick(['Quyển số:', 'QUYỂN SỐ']), volume.number],
    [random.pick(['Ủy ban nhân dân xã/phường:', 'Nơi đăng ký:', 'UBND:']), commune.name],
    ['Huyện:', commune.district],
    ['Tỉnh:', commune.province],
    [random.pick(['Mở ngày:', 'Ngày mở sổ:', 'Mở sổ ngày:']), dateText(opened, volume.dates)],
    [
      random.pick(['Khóa ngày:', 'Ngày khóa sổ:', 'Khóa sổ ngày:']),
      dateText(opened + 300, volume.dates),
    ],
  ];
  for (const row of rows) {
    filled(ctx, hand, row, x, y, random.between(50, 64));
    y += pitch;
  }
  ctx.fillStyle = layout.inkOfPrint;
  centred(
    ctx,
    random.pick([`TP/HT-${volume.year}`, 'Lưu trữ vĩnh viễn', `Năm ${volume.year}`]),
    layout.labels,
    48,
    PAGE.height - 420,
  );
}

function closing(ctx: SKRSContext2D, hand: Hand): void {
  const { volume, layout, pen, random } = hand;
  const entries = random.int(30, 240);
  const day = dateText(volume.entry(0).day + 300, volume.dates);
  let y = random.between(380, 900);
  ctx.fillStyle = layout.inkOfPrint;
  centred(
    ctx,
    random.pick(['KHÓA SỔ', 'BIÊN BẢN KHÓA SỔ', 'PHẦN KHÓA SỔ']),
    layout.headings,
    76,
    y,
  );
  y += 220;
  const x = 320;
  const pitch = random.between(115, 160);
  const rows = random.pick([
    [
      ['Sổ này được khóa ngày', day],
      ['Tổng số trang:', String(entries)],
      ['Tổng số trường hợp đã đăng ký:', String(entries)],
    ],
    [
      ['Ngày khóa sổ:', day],
      ['Sổ này gồm', String(entries), 'trang, đã đăng ký', String(entries), 'trường hợp.'],
    ],
    [
      ['Hôm nay, ngày', day, 'tiến hành khóa sổ.'],
      ['Tổng số trang đã ghi:', String(entries)],
      ['Tổng số sự kiện hộ tịch đã đăng ký:', String(entries)],
      ['Từ số', '01', 'đến số', String(entries)],
    ],
  ]);
  for (const row of rows) {
    filled(ctx, hand, row, x, y);
    y += pitch;
  }
  y += 120;
  ctx.fillStyle = layout.inkOfPrint;
  const position = random.pick(['CHỦ TỊCH', 'TM. ỦY BAN NHÂN DÂN', 'Người khóa sổ']);
  const type = font(layout.headings, 56);
  setText(ctx, type, position, 1500, y);
  const room = { x: 1420, y: y + 60, w: 640, h: 240 };
  signature(ctx, room, pen.colour, random);
  ctx.fillStyle = pen.colour;
  setText(ctx, font(pen.face, pen.size), volume.signatories[0]!.name, 1500, y + 420);
  if (random.chance(0.8)) stamp(ctx, hand, 1450, y + 200);
}

function stamp(ctx: SKRSContext2D, { volume: { commune }, random }: Hand, x: number, y: number) {
  const bottom = upper(`${commune.districtKind} ${commune.district} - ${commune.province}`);
  seal(
    ctx,
    { x, y },
    random.between(195, 215),
    { top: upper(`U.B.N.D ${commune.kind} ${commune.name}`), bottom: bottom.slice(0, 30) },
    random,
  );
}

/** A certificate as people are given: the same head as a cover, and a page full of lines. */
function certificate(ctx: SKRSContext2D, hand: Hand): void {
  const { volume, layout, random } = hand;
  let y = nation(ctx, hand, 380) + 200;
  ctx.fillStyle = layout.inkOfPrint;
  centred(
    ctx,
    random.pick(['GIẤY ỦY QUYỀN', 'ĐƠN XIN XÁC NHẬN', 'TỜ KHAI', 'GIẤY MỜI']),
    layout.headings,
    96,
    y,
  );
  y += 200;
  const one = () => invent(random, random.chance(0.5) ? 'male' : 'female').name;
  const [place] = communeTexts(volume.commune, volume.places);
  const say = [
    ['Kính gửi:', `Ủy ban nhân dân ${place}`],
    ['Tôi tên là:', one()],
    ['Sinh năm:', String(random.int(1940, 1995))],
    ['Hiện đang cư trú tại:', place!],
    ['Nay làm đơn này trình bày việc sau đây:', ''],
    ['', 'Gia đình tôi có thửa đất giáp với hộ ông'],
    ['', `${one()}, nay đề nghị địa phương xem xét.`],
    ['Người làm chứng:', one()],
    ['Tôi xin cam đoan những điều trên là đúng sự thật.', ''],
  ];
  for (const row of say) {
    filled(ctx, hand, row, 300, y);
    y += random.between(118, 150);
  }
  signature(ctx, { x: 1450, y: y + 120, w: 600, h: 240 }, hand.pen.colour, random);
}

/** A list of names in a table: an index, a table register of older years. */
function list(ctx: SKRSContext2D, hand: Hand): void {
  const { volume, layout, pen, random } = hand;
  ctx.fillStyle = layout.inkOfPrint;
  ctx.strokeStyle = layout.inkOfPrint;
  centred(ctx, random.pick(['MỤC LỤC', 'DANH SÁCH', 'BẢNG KÊ']), layout.headings, 84, 360);
  const xs = [220, 380, 1150, 1500, 2260];
  const heads = ['TT', 'Họ và tên', 'Năm sinh', 'Thôn, xóm'];
  const row = random.between(104, 140);
  const count = Math.min(22, Math.floor((PAGE.height - 800) / row));
  ctx.lineWidth = 3;
  for (let n = 0; n <= count + 1; n++) {
    ctx.beginPath();
    ctx.moveTo(xs[0]!, 480 + n * row);
    ctx.lineTo(xs[4]!, 480 + n * row);
    ctx.stroke();
  }
  for (const x of xs) {
    ctx.beginPath();
    ctx.moveTo(x, 480);
    ctx.lineTo(x, 480 + (count + 1) * row);
    ctx.stroke();
  }
  for (const [i, head] of heads.entries())
    setText(ctx, font(layout.headings, 46), head, xs[i]! + 20, 480 + row * 0.65);
  for (let n = 1; n <= count; n++) {
    const cells = [
      String(n),
      invent(random, random.chance(0.5) ? 'male' : 'female').name,
      String(random.int(1950, 2005)),
      random.pick(volume.neighbours).name,
    ];
    ctx.fillStyle = pen.colour;
    for (const [i, cell] of cells.entries())
      setText(ctx, font(pen.face, pen.size * 0.85), cell, xs[i]! + 20, 480 + row * (n + 0.68));
  }
}

const DRAW = { cover, closing, certificate, list } satisfies Record<
  Exclude<Sheet, 'blank' | 'unused'>,
  (ctx: SKRSContext2D, hand: Hand) => void
>;
