import type { RecordStatus } from './actions.ts';
import type { FieldGroup } from './field-kinds.ts';
import { FIELD_KINDS } from './field-kinds.ts';
import type { FieldValue, FieldValues } from './fields.ts';
import type { Person } from './people.ts';
import { type BookPolicy, isKeyedBlind, type Keying } from './policy.ts';
import type { RecordState } from './record.ts';
import type { Register } from './registers/define.ts';
import { sameText } from './text.ts';
import type { Work } from './work.ts';

/** True when two people say the same about a place on the page; only NFC and spacing are forgiven. */
export const sameReading = (
  a: Pick<FieldValue, 'state' | 'text'> | undefined,
  b: Pick<FieldValue, 'state' | 'text'> | undefined,
): boolean => a?.state === b?.state && sameText(a?.text ?? '', b?.text ?? '');

interface Keyed {
  /** The fields that the form asks, in page order. */
  readonly asked: readonly string[];
  readonly register: Register;
  readonly values: FieldValues;
  /** What the machine had read when people began. */
  readonly machine: FieldValues;
  /** What two people have agreed on before. */
  readonly agreed: FieldValues;
  /** Whether this record was drawn for the random share; undefined before it was. */
  readonly drawn: boolean | undefined;
}

const doubted = (machine: FieldValue | undefined, below: number) =>
  machine?.evidence.confidence === undefined || machine.evidence.confidence < below;

/**
 * The fields that a second person keys blindly, once the first calls the record done: what the
 * policy asks for, less what two people have agreed on and nobody has changed since.
 * `draw` answers a random number from 0 to 1.
 */
export function fieldsToKeyAgain(keying: Keying, keyed: Keyed, draw: () => number): string[] {
  const { asked, register, values, machine, agreed, drawn } = keyed;
  const open = asked.filter((key) => !agreed[key] || !sameReading(agreed[key], values[key]));
  switch (keying.kind) {
    case 'single':
      return [];
    case 'double':
      return open;
    case 'share':
      return (drawn ?? draw() < keying.share) ? open : [];
    case 'fields': {
      const groups: readonly FieldGroup[] = keying.groups;
      const below = keying.confidenceBelow;
      return open.filter(
        (key) =>
          keying.fields.includes(key) ||
          groups.includes(FIELD_KINDS[register.fields[key]!.kind].group) ||
          (below !== undefined && doubted(machine[key], below)),
      );
    }
  }
}

/**
 * In these a record waits for other eyes whatever its book's policy says by now: what a second person
 * is to key was settled when the first called it done.
 */
export const UNSETTLED: readonly RecordStatus[] = ['secondKeying', 'arbitration'];

/**
 * True when nothing of what a record says may be shown to this person, who might be its second keyer:
 * to keyers, in a book that is keyed blindly until the readings are settled, in another one while they
 * are unsettled. The first keyer sees their own work, whoever has it open to key sees the machine's,
 * the arbiter sees all.
 */
export function hidesReadings(
  person: Person,
  state: Pick<RecordState, 'status' | 'firstKeyers'>,
  policy: BookPolicy,
  /** What the person has the record open for. */
  openFor: Work | undefined,
): boolean {
  if (!person.roles.includes('keyer')) return false;
  if (!isKeyedBlind(policy) && !UNSETTLED.includes(state.status)) return false;
  if (state.firstKeyers.includes(person.id)) return false;
  if (['keyed', 'checked', 'approved'].includes(state.status)) return false;
  return openFor !== 'key' && openFor !== 'arbitrate';
}
