import { describe, expect, test } from 'vitest';
import { isBlank, isChoice, itemsOf } from '../../models/forms/define.ts';
import { formOf } from '../../models/forms/registry.ts';
import type { Readings } from '../../pipeline/stages/reading.ts';
import { regionsOf } from '../../pipeline/stages/regions.ts';

const at = (x: number, y = 0.5) => ({ x, y, w: 0.1, h: 0.02 });

/** Outputs of the stages on a page where only these items of the form were found. */
function outputsOf(
  formId: string,
  boxes: Readonly<Record<string, ReturnType<typeof at>>>,
  version = formOf(formId).version,
) {
  const readings: Readings = { reader: 'test', blanks: [], choices: [], missing: [] };
  for (const [item, printed] of itemsOf(formOf(formId)).entries()) {
    if (isChoice(printed)) {
      const box = boxes[printed.choice];
      if (box) readings.choices.push({ item, options: [], box });
    } else if (isBlank(printed)) {
      const box = boxes[[printed.blank.join('+'), printed.part].filter(Boolean).join(':')];
      const open = {
        state: 'written' as const,
        text: '',
        words: [],
        candidates: [],
        reader: 'test',
      };
      if (box) readings.blanks.push({ item, ...open, box });
    }
  }
  const place = { form: formId, formVersion: version, how: 'labels', score: 1, areas: [] };
  return { place, read: readings };
}

describe('the regions of a page', () => {
  const form = formOf('birth-2006');

  test('are those of every field that was found, though nothing was read in it', () => {
    const regions = regionsOf(outputsOf('birth-2006', { meHoTen: at(0.2) }), form);
    expect([...regions]).toEqual([['meHoTen', at(0.2)]]);
  });

  test('of a date go around the parts that were found', () => {
    const parts = { 'ngayDangKy:day': at(0.2), 'ngayDangKy:year': at(0.7, 0.51) };
    const region = regionsOf(outputsOf('birth-2006', parts), form).get('ngayDangKy')!;
    expect(region.x).toBeCloseTo(0.2);
    expect(region.y).toBeCloseTo(0.5);
    expect(region.x + region.w).toBeCloseTo(0.8);
    expect(region.y + region.h).toBeCloseTo(0.53);
  });

  test('of fields that share a blank are the same', () => {
    const regions = regionsOf(outputsOf('birth-2006', { 'nguoiKy+chucVuNguoiKy': at(0.3) }), form);
    expect(regions.get('nguoiKy')).toEqual(at(0.3));
    expect(regions.get('chucVuNguoiKy')).toEqual(at(0.3));
  });

  test('are known of choices too', () => {
    const outputs = outputsOf('marriage-2006', { voLoaiCuTru: at(0.4) });
    expect(regionsOf(outputs, formOf('marriage-2006')).get('voLoaiCuTru')).toEqual(at(0.4));
  });

  test('are none where the page was placed by another form or another version of it', () => {
    const found = { meHoTen: at(0.2) };
    expect(regionsOf(outputsOf('birth-2006', found, form.version + 1), form).size).toBe(0);
    expect(regionsOf(outputsOf('birth-2006', found), formOf('birth-2015')).size).toBe(0);
    expect(regionsOf({}, form).size).toBe(0);
  });
});
