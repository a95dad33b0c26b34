import type { FormField } from '../../api/contract.ts';
import type { Answers } from './outbox.ts';
import type { Row, Value } from './rows.ts';
import { asTaken } from './typed.ts';

export type Answer = Answers[string];

/** A value as an answer that says the same. */
export const answerOf = (value: Pick<Value, 'state' | 'text' | 'note'>): Answer => ({
  state: value.state,
  ...(value.text === undefined ? {} : { text: value.text }),
  ...(value.note === undefined ? {} : { note: value.note }),
});

/** The text that stands in a field's input before anybody types. */
export const textOf = (value: Pick<Value, 'state' | 'text'> | undefined): string =>
  value && (value.state === 'written' || value.state === 'struckOut') ? (value.text ?? '') : '';

/** True when a field holds a text that is not its value. */
export const isEdited = (
  value: Pick<Value, 'state' | 'text'> | undefined,
  draft: string | undefined,
): boolean => draft !== undefined && draft.trim() !== textOf(value);

/** A typed text as the answer that it makes; undefined for none. */
export function typedAnswer(
  field: FormField,
  draft: string,
  value: Value | undefined,
): Answer | undefined {
  const text = asTaken(field, draft, value);
  return text === '' ? undefined : { state: 'written', text };
}

/** The row as a person's answer makes it; as it is without one. */
export const withAnswer = (row: Row, answer: Answer | undefined): Row =>
  answer
    ? {
        ...row,
        value: { ...answer, evidence: { source: 'person', candidates: [], rules: [] } },
        look: answer.note === undefined ? 'person' : 'uncertain',
      }
    : row;
