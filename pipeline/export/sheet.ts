import { PDFDocument } from '@napi-rs/canvas';
import { linesOf, type Pen, type Weight, widthOf, write } from './letters.ts';

/** A4 in points. */
const PAPER = { width: 595, height: 842 };
const MARGIN = { left: 71, right: 57, top: 57, bottom: 57 };
const WIDTH = PAPER.width - MARGIN.left - MARGIN.right;
const SIZE = 12;

/** Writes from top to bottom and turns the page when it is full. */
export class Sheet {
  private readonly pdf: PDFDocument;
  private pen: Pen;
  private y = MARGIN.top;
  private pages = 1;

  constructor(title: string) {
    this.pdf = new PDFDocument({ title });
    this.pen = this.begin();
  }

  private begin(): Pen {
    const pen = this.pdf.beginPage(PAPER.width, PAPER.height);
    pen.fillStyle = 'black';
    pen.textBaseline = 'alphabetic';
    return pen;
  }

  /** Turns the page unless this much room is left. */
  need(height: number): void {
    if (this.y + height <= PAPER.height - MARGIN.bottom) return;
    this.foot();
    this.pdf.endPage();
    this.pages += 1;
    this.pen = this.begin();
    this.y = MARGIN.top;
  }

  private foot(): void {
    const text = `${this.pages}`;
    const x = PAPER.width - MARGIN.right - widthOf(this.pen, text, 9, 400);
    write(this.pen, text, { x, y: PAPER.height - 30 }, 9, 400);
  }

  text(
    text: string,
    { size = SIZE, weight = 400 as Weight, indent = 0, centre = false, after = 3 } = {},
  ): void {
    for (const line of linesOf(this.pen, text, WIDTH - indent, size, weight)) {
      const pitch = size * 1.35;
      this.need(pitch);
      this.y += pitch;
      const free = centre ? (WIDTH - widthOf(this.pen, line, size, weight)) / 2 : indent;
      write(this.pen, line, { x: MARGIN.left + free, y: this.y }, size, weight);
    }
    this.y += after;
  }

  rule(width: number): void {
    this.pen.fillRect(MARGIN.left + (WIDTH - width) / 2, this.y, width, 0.7);
    this.y += 10;
  }

  heading(text: string): void {
    this.need(50);
    this.y += 6;
    this.text(text, { weight: 700 });
  }

  /** A name and what it is, in two columns. */
  line(name: string, value: string): void {
    const column = 190;
    const pitch = SIZE * 1.35;
    const sides = [
      { x: MARGIN.left, lines: linesOf(this.pen, name, column - 12, SIZE, 400) },
      { x: MARGIN.left + column, lines: linesOf(this.pen, value, WIDTH - column, SIZE, 400) },
    ];
    const height = pitch * Math.max(...sides.map(({ lines }) => lines.length));
    this.need(height);
    for (const { x, lines } of sides)
      for (const [i, text] of lines.entries())
        write(this.pen, text, { x, y: this.y + pitch * (i + 1) }, SIZE, 400);
    this.y += height + 2;
  }

  /** Two places to sign, side by side. */
  signatures(left: readonly string[], right: readonly string[]): void {
    this.need(150);
    const top = this.y + 16;
    for (const [side, texts] of [left, right].entries()) {
      const centre = MARGIN.left + (WIDTH / 4) * (side === 0 ? 1 : 3);
      let y = top;
      for (const [i, text] of texts.entries()) {
        const weight = i === 0 ? 700 : 400;
        for (const line of linesOf(this.pen, text, WIDTH / 2 - 20, SIZE, weight)) {
          y += SIZE * 1.35;
          const x = centre - widthOf(this.pen, line, SIZE, weight) / 2;
          write(this.pen, line, { x, y }, SIZE, weight);
        }
      }
    }
    this.y = top + 130;
  }

  close(): Buffer {
    this.foot();
    this.pdf.endPage();
    return this.pdf.close();
  }
}
