import { type Form, isBlank, isChoice, itemsOf } from '../../models/forms/define.ts';
import { type Box, union } from '../../models/geometry.ts';
import type { Stage } from '../../models/stages.ts';
import { Placement } from './place.ts';
import { ofEntry, Readings } from './reading.ts';

const PlacedForm = Placement.pick({ form: true, formVersion: true });

/**
 * Where the fields of `form` are written on a page, by key, in fractions of the straightened page:
 * also those in which nothing was read. A field in several parts (day, month, year) lies around
 * all parts that were found; one of which none was found is absent.
 * @param outputs what the stages found on the page; none, or of another version of the form, gives
 *   no regions, since their items would be other fields
 * @param entry which entry of a page that has several
 */
export function regionsOf(
  outputs: Partial<Record<Stage, unknown>>,
  form: Form,
  entry = 0,
): ReadonlyMap<string, Box> {
  const placed = PlacedForm.safeParse(outputs.place);
  const readings = Readings.safeParse(outputs.read);
  if (!placed.success || !readings.success) return new Map();
  if (placed.data.form !== form.id || placed.data.formVersion !== form.version) return new Map();
  const items = itemsOf(form);
  const regions = new Map<string, Box>();
  const { blanks, choices } = ofEntry(readings.data, entry);
  for (const { item: at, box } of [...blanks, ...choices]) {
    const item = items[at];
    const keys = !item ? [] : isBlank(item) ? item.blank : isChoice(item) ? [item.choice] : [];
    for (const key of keys) {
      const known = regions.get(key);
      regions.set(key, known ? union([known, box])! : box);
    }
  }
  return regions;
}
