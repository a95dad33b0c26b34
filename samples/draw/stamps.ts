import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Rect } from './composition.ts';
import { type Face, font, setText, widthOf } from './fonts.ts';
import type { Random } from './random.ts';

const RED = ['#c8202c', '#b91f2e', '#d2353a', '#a81c2b'];
const BLUE = ['#2339a8', '#3145b4', '#2a2f8e'];

/** Rubber takes ink unevenly: spots stay free, one side is fainter. */
function wear(ctx: SKRSContext2D, w: number, h: number, random: Random, strength: number): void {
  ctx.save();
  ctx.globalCompositeOperation = 'destination-out';
  const spots = Math.round((w * h) / 1800);
  for (let i = 0; i < spots; i++) {
    ctx.globalAlpha = random.between(0.05, 0.5) * strength;
    ctx.beginPath();
    ctx.arc(random.between(0, w), random.between(0, h), random.between(1, 7), 0, 7);
    ctx.fill();
  }
  const angle = random.between(0, 6.28);
  const fade = ctx.createLinearGradient(
    w / 2 - (Math.cos(angle) * w) / 2,
    h / 2 - (Math.sin(angle) * h) / 2,
    w / 2 + (Math.cos(angle) * w) / 2,
    h / 2 + (Math.sin(angle) * h) / 2,
  );
  fade.addColorStop(0, 'rgba(0,0,0,0)');
  fade.addColorStop(0.6, 'rgba(0,0,0,0)');
  fade.addColorStop(1, `rgba(0,0,0,${(0.7 * strength).toFixed(2)})`);
  ctx.globalAlpha = 1;
  ctx.fillStyle = fade;
  ctx.fillRect(0, 0, w, h);
  ctx.restore();
}

/** The round seal of an authority: two rings, its name along them, a star. `radius` in pixels. */
export function seal(
  ctx: SKRSContext2D,
  at: { x: number; y: number },
  radius: number,
  words: { top: string; bottom: string },
  random: Random,
): void {
  const size = Math.ceil(radius * 2.1);
  const canvas = createCanvas(size, size);
  const c = canvas.getContext('2d');
  c.translate(size / 2, size / 2);
  c.strokeStyle = c.fillStyle = random.pick(RED);
  c.lineWidth = radius * 0.035;
  circle(c, radius * 0.97);
  c.lineWidth = radius * 0.018;
  circle(c, radius * 0.9);
  circle(c, radius * 0.58);
  star(c, radius * 0.27);
  along(c, words.top, radius * 0.66, -Math.PI / 2, false, Math.PI * 1.08, radius * 0.2);
  along(c, words.bottom, radius * 0.82, Math.PI / 2, true, Math.PI * 0.76, radius * 0.2);
  c.setTransform(1, 0, 0, 1, 0, 0);
  wear(c, size, size, random, random.between(0.5, 1));
  ctx.save();
  ctx.globalCompositeOperation = 'multiply';
  ctx.globalAlpha = random.between(0.62, 0.85);
  ctx.translate(at.x, at.y);
  ctx.rotate(random.normal(0.12));
  ctx.drawImage(canvas, -size / 2, -size / 2);
  ctx.restore();
}

function circle(c: SKRSContext2D, radius: number): void {
  c.beginPath();
  c.arc(0, 0, radius, 0, Math.PI * 2);
  c.stroke();
}

function star(c: SKRSContext2D, radius: number): void {
  c.beginPath();
  for (let i = 0; i < 10; i++) {
    const r = i % 2 ? radius * 0.4 : radius;
    const a = (i * Math.PI) / 5 - Math.PI / 2;
    c.lineTo(Math.cos(a) * r, Math.sin(a) * r);
  }
  c.closePath();
  c.fill();
}

function along(
  c: SKRSContext2D,
  text: string,
  radius: number,
  centre: number,
  inward: boolean,
  /** At most so much of the circle, in radians; longer texts get smaller letters. */
  arc: number,
  size: number,
): void {
  const spread = 1.08;
  const face = { family: 'arimo', weight: 700 };
  const length = (widthOf(text, font(face, size)) * spread) / radius;
  const type = font(face, size * Math.min(1, arc / length));
  const total = (widthOf(text, type) * spread) / radius;
  let angle = centre + (inward ? total / 2 : -total / 2);
  for (const letter of text) {
    const turn = (widthOf(letter, type) * spread) / radius;
    const middle = inward ? angle - turn / 2 : angle + turn / 2;
    c.save();
    c.rotate(middle);
    c.translate(radius, 0);
    c.rotate(inward ? -Math.PI / 2 : Math.PI / 2);
    setText(c, type, letter, -widthOf(letter, type) / 2, 0);
    c.restore();
    angle += inward ? -turn : turn;
  }
}

/** What a set of rubber stamps looks like; an office orders name and position together. */
export interface StampSet {
  readonly face: Face;
  readonly colour: string;
}

export function stampSet(random: Random): StampSet {
  return {
    face: random.pick([
      { family: 'tinos', weight: 700 },
      { family: 'arimo', weight: 700 },
      { family: 'tinos', weight: 700, italic: true },
    ]),
    colour: random.pick(random.chance(0.5) ? RED : BLUE),
  };
}

/** A name or an office from a rubber stamp, centred at `at`; returns the bounds of its ink. */
export function nameStamp(
  ctx: SKRSContext2D,
  at: { x: number; y: number },
  width: number,
  text: string,
  { face, colour }: StampSet,
  random: Random,
): Rect {
  let size = random.between(50, 60);
  while (widthOf(text, font(face, size)) > width && size > 24) size -= 2;
  const type = font(face, size);
  const w = Math.ceil(widthOf(text, type) + 20);
  const h = Math.ceil(size * 1.7);
  const canvas = createCanvas(w, h);
  const c = canvas.getContext('2d');
  c.fillStyle = colour;
  setText(c, type, text, 10, size * 1.2);
  wear(c, w, h, random, random.between(0.3, 0.8));
  const turn = random.normal(0.012);
  ctx.save();
  ctx.globalCompositeOperation = 'multiply';
  ctx.globalAlpha = random.between(0.75, 0.95);
  ctx.translate(at.x, at.y);
  ctx.rotate(turn);
  ctx.drawImage(canvas, -w / 2, -size * 1.2);
  ctx.restore();
  const lift = Math.abs(Math.sin(turn) * w) / 2;
  return { x: at.x - w / 2, y: at.y - size * 1.1 - lift, w, h: size * 1.45 + lift * 2 };
}

/** Somebody's signature: loops that run along a line, a tall one first, and often a stroke below. */
export function signature(ctx: SKRSContext2D, area: Rect, colour: string, random: Random): void {
  const w = Math.min(area.w * random.between(0.35, 0.6), 430);
  const h = Math.min(area.h * random.between(0.5, 0.85), 170);
  const x0 = area.x + (area.w - w) * random.between(0.25, 0.75);
  const y0 = area.y + area.h * 0.62;
  const turns = random.between(3.2, 7.5);
  const reach = (w / turns) * random.between(0.5, 1.1);
  const slant = random.between(0.1, 0.5);
  const climb = random.between(-0.05, 0.22);
  const first = random.between(0.5, 1);
  const beats = Array.from({ length: 12 }, () => random.between(0.25, 1));
  const phase = random.between(2.2, 4);
  ctx.save();
  ctx.globalCompositeOperation = 'multiply';
  ctx.strokeStyle = colour;
  ctx.globalAlpha = 0.9;
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  ctx.lineWidth = random.between(3, 5);
  ctx.beginPath();
  let x = x0;
  let y = y0;
  for (let t = 0; t <= 1; t += 0.004) {
    const angle = phase + t * turns * 2 * Math.PI;
    const beat = t * turns;
    const i = Math.floor(beat);
    const size =
      i === 0
        ? first
        : (beats[i % 12]! * (1 - (beat - i)) + beats[(i + 1) % 12]! * (beat - i)) *
          (0.75 - 0.45 * t);
    const up = (h * size * (1 - Math.cos(angle))) / 2;
    x = x0 + t * w + reach * Math.sin(angle) * (0.4 + size) + up * slant;
    y = y0 - up - climb * t * w;
    if (t === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  }
  if (random.chance(0.65)) {
    ctx.bezierCurveTo(
      x + w * 0.35,
      y + h * 0.1,
      x + w * 0.1,
      y0 + h * 0.5,
      x0 + w * 0.2,
      y0 + h * 0.28,
    );
    ctx.quadraticCurveTo(
      x0 + w * 0.6,
      y0 + h * 0.1,
      x0 + w * random.between(1, 1.25),
      y0 - climb * w,
    );
  }
  ctx.stroke();
  ctx.restore();
}
