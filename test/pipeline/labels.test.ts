import { describe, expect, it } from 'vitest';
import { itemsOf } from '../../models/forms/define.ts';
import { formOf, PRINTED } from '../../models/forms/registry.ts';
import { areasOf } from '../../pipeline/forms/areas.ts';
import { snapEnds } from '../../pipeline/forms/label-ends.ts';
import { matchLabels, printedTexts } from '../../pipeline/forms/labels.ts';
import { matchLayout } from '../../pipeline/forms/layout.ts';
import { blankGray, type Gray } from '../../pipeline/image/gray.ts';
import type { ReadLine } from '../../pipeline/readers/port.ts';

const CHAR = 10;

/** A line of text as a reader would give it: each character ten pixels wide. */
function line(text: string, x: number, y: number): ReadLine {
  const words = [...text.matchAll(/\S+/g)].map((match) => {
    const glyphs = [...match[0]].map((char, i) => {
      const x0 = x + (match.index + i) * CHAR;
      return { text: char, belief: 0.95, box: { x0, y0: y, x1: x0 + CHAR, y1: y + 20 } };
    });
    const box = { x0: glyphs[0]!.box.x0, y0: y, x1: glyphs.at(-1)!.box.x1, y1: y + 20 };
    return { text: match[0], belief: 0.95, glyphs, choices: [], box };
  });
  return { words, box: { x0: x, y0: y, x1: x + text.length * CHAR, y1: y + 20 } };
}

/** A page of the form with something written behind each label. */
function pageOf(id: string, written = 'Nguyen Van', spoil: (text: string) => string = (t) => t) {
  const form = formOf(id);
  let y = 100;
  const lines: ReadLine[] = [];
  for (const row of form.lines) {
    let text = '';
    for (const item of row) {
      if ('label' in item) text += `${spoil(item.label)} `;
      else if ('choice' in item) text += `${item.options.map((o) => o.text).join('/')} `;
      else text += `${written} `;
    }
    lines.push(line(text, 100, y));
    y += 60;
  }
  return { form, lines };
}

describe('labels', () => {
  it.each(PRINTED.map((f) => f.id))('of %s are all found among writing', (id) => {
    const { form, lines } = pageOf(id);
    const { found, score } = matchLabels(form, lines);
    expect(score).toBeGreaterThan(0.99);
    expect(found.length).toBe(printedTexts(form).filter((t) => !t.margin).length);
  });

  it('are found in order where the same label stands several times', () => {
    const { form, lines } = pageOf('birth-2006');
    const { found } = matchLabels(form, lines);
    const items = itemsOf(form);
    const races = found.filter((f) => (items[f.item] as { label?: string }).label === 'Dân tộc');
    expect(races).toHaveLength(3);
    expect(races.map((r) => r.box.y0)).toEqual(
      [...races.map((r) => r.box.y0)].sort((a, b) => a - b),
    );
  });

  it('are still found when a letter in five was misread', () => {
    let n = 0;
    const spoil = (text: string) =>
      [...text].map((c) => (/\p{L}/u.test(c) && ++n % 5 === 0 ? 'x' : c)).join('');
    const { form, lines } = pageOf('birth-2006', 'Nguyen Van', spoil);
    expect(matchLabels(form, lines).score).toBeGreaterThan(0.6);
  });

  it('tell the forms apart', () => {
    const { lines } = pageOf('marriage-2006');
    const own = matchLabels(formOf('marriage-2006'), lines).score;
    const other = matchLabels(formOf('birth-2015'), lines).score;
    expect(own - other).toBeGreaterThan(0.3);
  });
});

describe('label ends', () => {
  const form = formOf('birth-2006');
  const item = itemsOf(form).findIndex((i) => 'label' in i && i.label === 'Quê quán');
  const other = itemsOf(form).findIndex((i) => 'label' in i && i.label === 'Nơi sinh');

  /** Letters 10 pixels wide and 20 high, 2 apart; words 8 apart. */
  function print(text: string, y: number, sheet: Gray): number {
    let x = 100;
    for (const char of text) {
      if (char !== ' ')
        for (let dy = 0; dy < 20; dy++)
          sheet.data.fill(40, (y + dy) * 900 + x, (y + dy) * 900 + x + 8);
      x += 10;
    }
    return x - 2;
  }
  const label = (at: number, text: string, y: number, x1: number) => ({
    item: at,
    option: 0,
    text,
    similarity: 1,
    box: { x0: 100, y0: y, x1, y1: y + 20 },
  });

  it.each([
    ['inside the word written behind it', 22],
    ['before its last letters', -14],
  ])('are put at the gap in the print when they were read %s', (_, off) => {
    const sheet = blankGray(900, 200);
    const end = print('Quê quán', 100, sheet);
    print('Quê quán  Thôn Đông', 100, sheet);
    const sure = print('Nơi sinh', 40, sheet);
    const [moved] = snapEnds(
      form,
      [
        label(item, 'Quê quán', 100, end + off),
        label(other, 'Nơi sinh', 40, sure),
        label(other, 'Nơi sinh', 40, sure),
      ],
      sheet,
    );
    expect(moved!.box.x1).toBe(end);
  });

  it('stay where they were read when writing touches them, though a gap lies before', () => {
    const sheet = blankGray(900, 200);
    const end = print('Quê quán', 100, sheet);
    print('Quê quánThôn Đông', 100, sheet);
    const sure = label(other, 'Nơi sinh', 40, print('Nơi sinh', 40, sheet));
    const [kept] = snapEnds(form, [label(item, 'Quê quán', 100, end), sure, sure], sheet);
    expect(kept!.box.x1).toBe(end);
  });

  it('stay where nothing is printed', () => {
    const found = [label(item, 'Quê quán', 100, 180)];
    expect(snapEnds(form, found, blankGray(900, 200))).toEqual(found);
  });
});

describe('areas', () => {
  const { form, lines } = pageOf('birth-2006');
  const { found } = matchLabels(form, lines);
  const areas = areasOf(form, found, { left: 90, right: 900, bottom: 2000 });
  const items = itemsOf(form);
  const areaOf = (key: string) =>
    areas.find((a) => {
      const item = items[a.item]!;
      return 'blank' in item && item.blank.includes(key);
    })!;

  it('run from their label to the next one on the line', () => {
    const [name] = areaOf('nksHoTen').lines;
    const label = found.find((f) => f.text === 'Giới tính')!;
    expect(name!.x).toBeGreaterThan(100 + 'Họ và tên'.length * CHAR - 1);
    expect(name!.x + name!.w).toBeLessThanOrEqual(label.box.x0);
  });

  it('run to the edge where no label follows', () => {
    const [sex] = areaOf('nksGioiTinh').lines;
    expect(sex!.x + sex!.w).toBeCloseTo(900);
  });

  it('go on over lines without a label', () => {
    const moved = found.map((f) => {
      // Two more writing lines below the place of birth.
      const down = f.item > areaOf('nksNoiSinh').item ? 60 : 0;
      return { ...f, box: { ...f.box, y0: f.box.y0 + down, y1: f.box.y1 + down } };
    });
    const again = areasOf(form, moved, { left: 90, right: 900, bottom: 2000 });
    expect(again.find((a) => a.item === areaOf('nksNoiSinh').item)!.lines).toHaveLength(2);
    expect(again.find((a) => a.item === areaOf('chaHoTen').item)!.lines).toHaveLength(1);
  });

  it('are absent for a blank whose own label was not found', () => {
    const without = found.filter((f) => f.text !== 'Quê quán');
    const again = areasOf(form, without, { left: 90, right: 900, bottom: 2000 });
    expect(again.some((a) => a.item === areaOf('nksQueQuan').item)).toBe(false);
  });

  it('of a table lie in the row of their label and the column of their head', () => {
    const { form: adoption, lines: page } = pageOf('adoption-2015');
    const table = page.flatMap((row) => {
      const { y0 } = row.box;
      return row.words[0]!.text === 'ÔNG' ? [line('ÔNG', 500, y0), line('BÀ', 760, y0)] : [row];
    });
    const labels = matchLabels(adoption, table).found;
    const cells = areasOf(adoption, labels, { left: 90, right: 900, bottom: 4000 });
    const cell = (key: string) => {
      const at = itemsOf(adoption).findIndex((i) => 'blank' in i && i.blank.includes(key));
      return cells.find((a) => a.item === at)!.lines[0]!;
    };
    const [man, woman] = [cell('chnHoTen'), cell('menHoTen')];
    expect(man.x + man.w).toBeLessThan(woman.x);
    expect(man.x).toBeGreaterThan(100 + 'Họ và tên'.length * CHAR);
    expect(woman.x).toBeLessThan(760);
    expect(woman.y).toBe(man.y);
    expect(cell('chgHoTen').y).toBeGreaterThan(cell('chnSoGiayToTuyThan').y);
  });
});

describe('a known layout', () => {
  const box = (x: number, y: number) => ({ x0: x, y0: y, x1: x + 80, y1: y + 14 });
  const labels = Array.from({ length: 14 }, (_, i) => ({
    item: i,
    option: 0,
    text: `label ${i}`,
    similarity: 1,
    box: box(80 + (i % 2) * 300, 80 + i * 60),
  }));
  /** A different pattern of blocks for each label; scaled about the middle, then moved. */
  function page(dx: number, dy: number, scale = 1): Gray {
    const image = blankGray(700, 1000);
    for (let v = 0; v < 1000; v++)
      for (let u = 0; u < 700; u++) {
        const x = Math.floor((u - dx - 350) / scale + 350);
        const y = Math.floor((v - dy - 500) / scale + 500);
        const i = labels.findIndex(({ box: b }) => x >= b.x0 && x < b.x1 && y >= b.y0 && y < b.y1);
        if (i < 0) continue;
        const [column, row] = [(x - labels[i]!.box.x0) >> 2, (y - labels[i]!.box.y0) >> 2];
        if (Math.sin(column * 12.9898 + row * 78.233 + i * 17.3) > 0.1)
          image.data[v * 700 + u] = 30;
      }
    return image;
  }

  it('is found again where it moved to', () => {
    const match = matchLayout({ half: page(0, 0), labels }, page(23, -17));
    expect(match.found).toBe(1);
    expect(match.correlation).toBeGreaterThan(0.9);
    for (const [i, label] of match.labels.entries()) {
      expect(label.box.x0 - labels[i]!.box.x0).toBe(23);
      expect(label.box.y0 - labels[i]!.box.y0).toBe(-17);
    }
  });

  it.each([0.98, 1.02])('is found again on a page of %d times its size', (scale) => {
    const match = matchLayout({ half: page(0, 0), labels }, page(-12, 9, scale));
    expect(match.found).toBe(1);
    for (const [i, { box: b }] of match.labels.entries()) {
      const right = (labels[i]!.box.x1 - 350) * scale + 350 - 12;
      const bottom = (labels[i]!.box.y1 - 500) * scale + 500 + 9;
      // Patches move by whole pixels.
      expect(Math.abs(b.x1 - right)).toBeLessThan(1.6);
      expect(Math.abs(b.y1 - bottom)).toBeLessThan(1.6);
    }
  });

  it('is not found on a blank page', () => {
    expect(matchLayout({ half: page(0, 0), labels }, blankGray(700, 1000)).found).toBe(0);
  });
});
