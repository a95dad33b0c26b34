import type { SKRSContext2D } from '@napi-rs/canvas';
import { LEADING, type Print, type WritingLine } from './composition.ts';
import { font, setText, widthOf } from './fonts.ts';
import type { Layout } from './layouts.ts';

/** Draws what the printing house puts on the paper before anyone writes. */
export function drawPrint(ctx: SKRSContext2D, print: Print, layout: Layout): void {
  ctx.save();
  ctx.fillStyle = layout.inkOfPrint;
  ctx.strokeStyle = layout.inkOfPrint;
  frame(ctx, print, layout);
  for (const label of print.labels) {
    const type = font(label.face, label.size);
    for (const [i, row] of label.printed.split('\n').entries()) {
      const x = label.at.x + (label.box.w - widthOf(row, type)) / 2;
      setText(ctx, type, row, x, label.at.y + i * LEADING * label.size);
    }
  }
  for (const blank of print.blanks) {
    if (blank.dotted) for (const line of blank.lines) leader(ctx, line, layout);
  }
  ctx.lineWidth = 3;
  for (const choice of print.choices) {
    for (const { square } of choice.options) {
      if (square) ctx.strokeRect(square.x, square.y, square.w, square.h);
    }
  }
  ctx.restore();
}

/** Widths of the inner and outer rule of a frame. */
const RULES: Readonly<Record<Layout['frame']['rule'], readonly [number, number?]>> = {
  single: [4],
  heavy: [9],
  double: [3, 3],
  thickThin: [3, 8],
  thinThick: [7, 3],
};

function frame(ctx: SKRSContext2D, print: Print, { frame: f }: Layout): void {
  const { x, y, w, h } = print.frame ?? {
    x: f.left,
    y: f.top,
    w: f.right - f.left,
    h: f.bottom - f.top,
  };
  const [inner, outer] = RULES[f.rule];
  ctx.lineWidth = inner;
  ctx.strokeRect(x, y, w, h);
  if (outer) {
    ctx.lineWidth = outer;
    ctx.strokeRect(x - 16, y - 16, w + 32, h + 32);
  }
  ctx.lineWidth = 3;
  for (const { from, to } of print.rules) {
    ctx.beginPath();
    ctx.moveTo(from.x, from.y);
    ctx.lineTo(to.x, to.y);
    ctx.stroke();
  }
  if (print.marginRule !== undefined) {
    ctx.lineWidth = 3;
    ctx.beginPath();
    ctx.moveTo(print.marginRule, f.top);
    ctx.lineTo(print.marginRule, f.bottom);
    ctx.stroke();
  }
}

function leader(ctx: SKRSContext2D, line: WritingLine, layout: Layout): void {
  const { leader: style } = layout;
  const y = line.y + layout.drop;
  const right = line.x + line.w;
  if (style.kind === 'dots') {
    ctx.beginPath();
    for (let x = line.x + style.radius; x <= right - style.radius; x += style.pitch) {
      ctx.moveTo(x + style.radius, y);
      ctx.arc(x, y, style.radius, 0, Math.PI * 2);
    }
    ctx.fill();
  } else if (style.kind === 'text') {
    const type = font(layout.labels, style.size);
    const times = Math.floor(line.w / widthOf(style.text, type));
    setText(ctx, type, style.text.repeat(Math.max(0, times)), line.x, y);
  } else {
    ctx.lineWidth = style.width;
    if (style.kind === 'dashes') ctx.setLineDash([style.dash, style.gap]);
    ctx.beginPath();
    ctx.moveTo(line.x, y);
    ctx.lineTo(right, y);
    ctx.stroke();
    ctx.setLineDash([]);
  }
}
