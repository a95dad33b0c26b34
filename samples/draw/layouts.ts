import type { Face } from './fonts.ts';

/** Pages are A4 upright at 300 dpi; every length of a layout is in pixels of such a page. */
export const PAGE = { width: 2480, height: 3508, dpi: 300 } as const;
/** An open book of such pages. */
export const SPREAD = { width: 2 * PAGE.width, height: PAGE.height, dpi: PAGE.dpi } as const;

/** The line that people write on, dotted in most books. */
export type Leader =
  | { readonly kind: 'dots'; readonly pitch: number; readonly radius: number }
  | { readonly kind: 'text'; readonly text: string; readonly size: number }
  | {
      readonly kind: 'dashes';
      readonly dash: number;
      readonly gap: number;
      readonly width: number;
    }
  | { readonly kind: 'rule'; readonly width: number };

/** How one printing house sets a page; it knows no form, so every form can be set by every house. */
export interface Layout {
  readonly house: string;
  readonly labels: Face;
  readonly headings: Face;
  readonly size: number;
  readonly headingSize: number;
  readonly headingCapitals?: boolean;
  /** The printed frame: its edges, rules and the narrow column at its right. */
  readonly frame: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly rule: 'single' | 'heavy' | 'double' | 'thickThin' | 'thinThick';
    readonly margin: number;
  };
  /** Distance of two writing lines; set closer where a form has more lines than fit. */
  readonly pitch: number;
  /** From frame to text at either side, and how much further in the lines below a heading begin. */
  readonly inset: number;
  readonly indent: number;
  readonly headingAlign: 'left' | 'centre';
  /** The line with book, page and number, if the form begins with one: across, or pushed to the right. */
  readonly head: 'across' | 'right';
  /** A rule across the page below that line. */
  readonly headRule?: boolean;
  readonly leader: Leader;
  /** How far the line to write on lies below the labels' baseline. */
  readonly drop: number;
  /** Printed behind a label that ends without punctuation and has a place to write behind it. */
  readonly colon: boolean;
  readonly gap: number;
  /** Where the second and third label of a line begin, in parts of the line; shared by need without. */
  readonly tabs?: Readonly<Record<number, readonly number[]>>;
  /** Where writing begins, in parts of the line, behind a label that has the line for itself. */
  readonly valuesAt?: number;
  /** Writing lines of fields that may have several: all, one, or all but for some. */
  readonly lines: 'most' | 'one';
  readonly otherLines?: Readonly<Record<string, number>>;
  /** Labels that begin a new line in this house though the usual print has them further right. */
  readonly breakBefore: readonly string[];
  readonly boxes: {
    readonly side: 'before' | 'after';
    readonly columns: number;
    readonly size: number;
  };
  /** Takes the other wording of a label where the form knows one. */
  readonly otherWording?: boolean;
  readonly inkOfPrint: string;
}

const BASE: Layout = {
  house: 'Nhà in A',
  labels: { family: 'tinos' },
  headings: { family: 'tinos', weight: 700 },
  size: 50,
  headingSize: 52,
  frame: { left: 210, top: 230, right: 2330, bottom: 3290, rule: 'single', margin: 400 },
  pitch: 112,
  inset: 46,
  indent: 0,
  headingAlign: 'left',
  head: 'across',
  leader: { kind: 'dots', pitch: 12.5, radius: 2.4 },
  drop: 7,
  colon: false,
  gap: 14,
  lines: 'most',
  breakBefore: [],
  boxes: { side: 'before', columns: 4, size: 40 },
  inkOfPrint: '#26221f',
};

/**
 * The printing houses, in the order of the layout numbers, which begin at 1. Those from 11 on are
 * for reporting accuracy only: test/bench/books.ts.
 */
export const LAYOUTS: readonly Layout[] = [
  BASE,
  {
    ...BASE,
    house: 'Nhà in B',
    labels: { family: 'noto-serif' },
    headings: { family: 'noto-serif', weight: 700, italic: true },
    size: 43,
    headingSize: 45,
    frame: { left: 170, top: 190, right: 2300, bottom: 3330, rule: 'double', margin: 350 },
    pitch: 106,
    inset: 38,
    indent: 40,
    leader: { kind: 'text', text: '.', size: 46 },
    drop: 5,
    colon: true,
    gap: 10,
    tabs: { 2: [0, 0.6], 3: [0, 0.3, 0.62] },
    otherLines: { nksQueQuan: 1, nksNoiSinh: 1, meNoiCuTru: 1, chongNoiCuTru: 1, voNoiCuTru: 1 },
    breakBefore: ['(ghi bằng chữ)'],
    boxes: { side: 'after', columns: 2, size: 36 },
  },
  {
    ...BASE,
    house: 'Nhà in C',
    labels: { family: 'arimo' },
    headings: { family: 'arimo', weight: 700 },
    size: 44,
    headingSize: 44,
    frame: { left: 240, top: 280, right: 2360, bottom: 3250, rule: 'thickThin', margin: 460 },
    pitch: 118,
    inset: 34,
    indent: 0,
    headingAlign: 'centre',
    head: 'right',
    leader: { kind: 'dots', pitch: 17, radius: 1.9 },
    drop: 9,
    gap: 20,
    lines: 'one',
    otherLines: { nksNgaySinhBangChu: 2, nguoiKy: 2, nycLoaiGiayToTuyThan: 2, ghiChu: 2 },
    boxes: { side: 'before', columns: 2, size: 42 },
    inkOfPrint: '#2b2a2e',
  },
  {
    ...BASE,
    house: 'Nhà in D',
    labels: { family: 'tinos', italic: true },
    headings: { family: 'tinos', weight: 700, italic: false },
    size: 54,
    headingSize: 50,
    frame: { left: 150, top: 210, right: 2350, bottom: 3340, rule: 'single', margin: 380 },
    pitch: 108,
    inset: 60,
    indent: 30,
    leader: { kind: 'text', text: '…', size: 40 },
    drop: 4,
    gap: 8,
    tabs: { 2: [0, 0.52] },
    otherLines: { nksNgaySinhBangChu: 1, nguoiKy: 1 },
    breakBefore: ['Giới tính', '(ghi bằng chữ)', 'ghi bằng chữ'],
    boxes: { side: 'before', columns: 1, size: 38 },
    otherWording: true,
    inkOfPrint: '#1f2430',
  },
  {
    ...BASE,
    house: 'Nhà in E',
    labels: { family: 'eb-garamond', weight: 500 },
    headings: { family: 'eb-garamond', weight: 700 },
    size: 52,
    headingSize: 56,
    frame: { left: 190, top: 260, right: 2340, bottom: 3300, rule: 'double', margin: 420 },
    pitch: 110,
    inset: 42,
    indent: 56,
    leader: { kind: 'dashes', dash: 7, gap: 8, width: 3 },
    drop: 8,
    colon: true,
    gap: 16,
    tabs: { 2: [0, 0.66], 3: [0, 0.36, 0.66] },
    otherLines: { nksNoiSinh: 1, nguoiKy: 1 },
    breakBefore: ['Giới tính'],
    boxes: { side: 'after', columns: 4, size: 34 },
    inkOfPrint: '#2a2320',
  },
  {
    ...BASE,
    house: 'Nhà in G',
    labels: { family: 'roboto-slab' },
    headings: { family: 'roboto-slab', weight: 600 },
    size: 41,
    headingSize: 43,
    frame: { left: 220, top: 200, right: 2290, bottom: 3310, rule: 'single', margin: 330 },
    pitch: 102,
    inset: 52,
    indent: 24,
    headingAlign: 'left',
    head: 'right',
    leader: { kind: 'dots', pitch: 10, radius: 2 },
    drop: 6,
    gap: 12,
    lines: 'one',
    otherLines: { nksNgaySinhBangChu: 2, nksQueQuan: 2, chongNoiCuTru: 2, voNoiCuTru: 2 },
    boxes: { side: 'before', columns: 2, size: 44 },
    inkOfPrint: '#233042',
  },
  {
    ...BASE,
    house: 'Nhà in H',
    labels: { family: 'cousine' },
    headings: { family: 'cousine', weight: 700 },
    size: 38,
    headingSize: 38,
    headingCapitals: true,
    frame: { left: 250, top: 240, right: 2380, bottom: 3280, rule: 'heavy', margin: 370 },
    pitch: 100,
    inset: 30,
    indent: 0,
    leader: { kind: 'text', text: '.', size: 38 },
    drop: 3,
    colon: true,
    gap: 22,
    tabs: { 2: [0, 0.56] },
    otherLines: { nksQueQuan: 1, meNoiCuTru: 1, chaNoiCuTru: 1, ghiChu: 1 },
    boxes: { side: 'after', columns: 1, size: 40 },
    inkOfPrint: '#2d2a33',
  },
  {
    ...BASE,
    house: 'Nhà in I',
    labels: { family: 'noto-serif', weight: 300, italic: true },
    headings: { family: 'arimo', weight: 700 },
    size: 40,
    headingSize: 41,
    frame: { left: 160, top: 170, right: 2250, bottom: 3270, rule: 'thinThick', margin: 310 },
    pitch: 115,
    inset: 64,
    indent: 70,
    head: 'right',
    headRule: true,
    leader: { kind: 'rule', width: 2.5 },
    drop: 11,
    gap: 18,
    tabs: { 3: [0, 0.34, 0.67] },
    lines: 'one',
    otherLines: { nksNoiSinh: 2, nguoiKy: 2, nycLoaiGiayToTuyThan: 2 },
    breakBefore: ['(ghi bằng chữ)', 'ghi bằng chữ'],
    boxes: { side: 'before', columns: 3, size: 32 },
    inkOfPrint: '#1c1c1f',
  },
  {
    ...BASE,
    house: 'Nhà in K',
    labels: { family: 'eb-garamond', italic: true, weight: 600 },
    headings: { family: 'eb-garamond', weight: 800 },
    size: 56,
    headingSize: 50,
    headingCapitals: true,
    frame: { left: 280, top: 330, right: 2400, bottom: 3360, rule: 'single', margin: 430 },
    pitch: 104,
    inset: 50,
    indent: 0,
    headingAlign: 'centre',
    leader: { kind: 'dots', pitch: 7.6, radius: 1.7 },
    drop: 10,
    gap: 26,
    otherLines: { nksNoiSinh: 1, voNoiCuTru: 1, chongNoiCuTru: 1 },
    breakBefore: ['Giới tính', 'Trang số'],
    boxes: { side: 'after', columns: 2, size: 46 },
    otherWording: true,
    inkOfPrint: '#3a2c22',
  },
  {
    ...BASE,
    house: 'Nhà in L',
    labels: { family: 'arimo', italic: true },
    headings: { family: 'roboto-slab', weight: 700 },
    size: 39,
    headingSize: 47,
    frame: { left: 130, top: 250, right: 2310, bottom: 3220, rule: 'double', margin: 480 },
    pitch: 110,
    inset: 26,
    indent: 18,
    headRule: true,
    leader: { kind: 'dashes', dash: 20, gap: 13, width: 2.2 },
    drop: 8,
    colon: true,
    gap: 12,
    valuesAt: 0.3,
    otherLines: { nksQueQuan: 1, meNoiCuTru: 1, nguoiKy: 1 },
    boxes: { side: 'before', columns: 4, size: 36 },
    inkOfPrint: '#27313a',
  },
  {
    ...BASE,
    house: 'Nhà in M',
    labels: { family: 'tinos', weight: 700 },
    headings: { family: 'tinos', weight: 700, italic: true },
    size: 46,
    headingSize: 49,
    frame: { left: 300, top: 210, right: 2390, bottom: 3240, rule: 'thinThick', margin: 410 },
    pitch: 107,
    inset: 40,
    indent: 36,
    head: 'right',
    leader: { kind: 'dots', pitch: 14.6, radius: 3 },
    drop: 12,
    colon: true,
    gap: 18,
    tabs: { 2: [0, 0.48], 3: [0, 0.4, 0.7] },
    otherLines: { nksQueQuan: 1, chaNoiCuTru: 1, voNoiCuTru: 1 },
    breakBefore: ['Giới tính', 'ghi bằng chữ'],
    boxes: { side: 'before', columns: 2, size: 38 },
    inkOfPrint: '#20242c',
  },
  {
    ...BASE,
    house: 'Nhà in N',
    labels: { family: 'roboto-slab', weight: 300 },
    headings: { family: 'roboto-slab', weight: 700 },
    size: 44,
    headingSize: 44,
    headingCapitals: true,
    frame: { left: 140, top: 300, right: 2270, bottom: 3350, rule: 'heavy', margin: 360 },
    pitch: 113,
    inset: 56,
    indent: 0,
    headingAlign: 'centre',
    headRule: true,
    leader: { kind: 'text', text: '…', size: 34 },
    drop: 6,
    gap: 9,
    lines: 'one',
    otherLines: { nksNgaySinhBangChu: 2, meNoiCuTru: 2, chongNoiCuTru: 2, ghiChu: 2 },
    boxes: { side: 'after', columns: 4, size: 42 },
    otherWording: true,
    inkOfPrint: '#33302b',
  },
  {
    ...BASE,
    house: 'Nhà in O',
    labels: { family: 'cousine', italic: true },
    headings: { family: 'noto-serif', weight: 700 },
    size: 36,
    headingSize: 42,
    frame: { left: 200, top: 180, right: 2320, bottom: 3260, rule: 'double', margin: 440 },
    pitch: 103,
    inset: 34,
    indent: 48,
    leader: { kind: 'rule', width: 1.8 },
    drop: 7,
    colon: true,
    gap: 15,
    tabs: { 2: [0, 0.62] },
    valuesAt: 0.34,
    otherLines: { nksNoiSinh: 1, nguoiKy: 1, chongNoiCuTru: 1 },
    breakBefore: ['(ghi bằng chữ)'],
    boxes: { side: 'before', columns: 1, size: 34 },
    inkOfPrint: '#262a30',
  },
  {
    ...BASE,
    house: 'Nhà in P',
    labels: { family: 'noto-serif', weight: 500 },
    headings: { family: 'eb-garamond', weight: 700, italic: true },
    size: 45,
    headingSize: 54,
    frame: { left: 180, top: 270, right: 2350, bottom: 3310, rule: 'thickThin', margin: 320 },
    pitch: 105,
    inset: 48,
    indent: 20,
    head: 'right',
    leader: { kind: 'dashes', dash: 12, gap: 6, width: 2.6 },
    drop: 9,
    gap: 20,
    otherLines: { nksQueQuan: 1, meNoiCuTru: 1 },
    breakBefore: ['Giới tính', 'Trang số'],
    boxes: { side: 'after', columns: 3, size: 40 },
    inkOfPrint: '#1d2126',
  },
];

/** @throws RangeError for a number without a layout. */
export function layoutOf(number: number): Layout {
  const layout = LAYOUTS[number - 1];
  if (!layout) throw new RangeError(`layouts are 1 to ${LAYOUTS.length}, not ${number}`);
  return layout;
}
