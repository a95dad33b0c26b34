/**
 * Draws a training set: `npx tsx pipeline/readers/line/train/draw.ts --out DIR --name train
 * --count 100000 --seed 1 [--faces all|typed|hand|left-out] [--fonts FOLDER]`. FOLDER, `fonts` beside
 * this file unless said, is one whose `node_modules` has the packages of `faces.ts` that the product
 * itself does not have.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { addFontsOf } from '../../../../samples/draw/fonts.ts';
import { seeded } from '../../../../samples/draw/random.ts';
import { prepareLine } from '../prepare.ts';
import { drawLine } from './draw-line.ts';
import { HANDS, LEFT_OUT, TYPED } from './faces.ts';
import { openSet } from './set.ts';
import { inventText } from './texts.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    name: { type: 'string', default: 'train' },
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    faces: { type: 'string', default: 'all' },
    fonts: { type: 'string', default: path.join(import.meta.dirname, 'fonts') },
  },
});
if (!values.out) throw new Error('--out DIR is missing');
addFontsOf(values.fonts);

const set = await openSet(values.out, values.name);
const faces = { typed: TYPED, hand: HANDS, 'left-out': LEFT_OUT };
let lost = 0;
for (let i = 0; i < Number(values.count); i++) {
  const random = seeded(`${values.seed}/${i}`);
  const family =
    values.faces === 'all'
      ? random.chance(0.58)
        ? HANDS
        : TYPED
      : faces[values.faces as keyof typeof faces];
  const face = random.pick(family);
  const text = inventText(random);
  try {
    const field = await drawLine(text, face, inventText(random), random);
    const line = field && prepareLine(field);
    if (!line || !(await set.add(line, `${face.ink}:${face.family}`, text))) lost++;
  } catch (error) {
    // A face without one of the letters, a text that fits no line.
    if (lost++ < 5) console.error(String(error));
  }
  if (i % 2000 === 1999) console.error(`${i + 1} drawn, ${lost} lost`);
}
await set.close();
console.error(`${set.count} lines in ${values.out}, ${lost} lost`);
