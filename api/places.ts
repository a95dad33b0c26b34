import type { FieldValues } from '../models/fields.ts';
import { fieldsOnForm } from '../models/forms/define.ts';
import { formOf } from '../models/forms/registry.ts';
import type { RecordRow } from '../models/store/records.ts';
import { regionsOf } from '../pipeline/stages/regions.ts';
import type { System } from '../pipeline/system.ts';
import type { FieldPlace } from './contract.ts';

/**
 * Where each field of a record is written, by key: as the value's evidence says, else as the machine
 * found the field on the record's pages, though it read nothing there. Fields that were not found
 * are absent.
 */
export async function placesOf(
  { store }: Pick<System, 'store'>,
  record: Pick<RecordRow, 'form' | 'pages' | 'entry'>,
  values: FieldValues,
): Promise<Record<string, FieldPlace>> {
  const form = formOf(record.form);
  const places: Record<string, FieldPlace> = {};
  for (const [key, { evidence }] of Object.entries(values)) {
    const { pageId, box } = evidence;
    if (pageId && box) places[key] = { pageId, box };
  }
  const asked = fieldsOnForm(form);
  for (const { pageId } of record.pages) {
    if (asked.every((key) => places[key])) break;
    for (const [key, box] of regionsOf(await store.pages.outputs(pageId), form, record.entry))
      places[key] ??= { pageId, box };
  }
  return places;
}
