import type { ColumnAnswer, ColumnItem, ColumnResult, FormField } from '../../api/contract.ts';
import { type Answer, isEdited, typedAnswer } from '../record/answers.ts';

export type ColumnRow = ColumnAnswer['items'][number];

/** What a row says now: a person's answer, or nothing where it confirms what was shown. */
export function answerIn(
  row: ColumnRow,
  field: FormField,
  draft: string | undefined,
  said: Answer | undefined,
): Answer | undefined {
  if (said) return said;
  if (draft === undefined || !isEdited(row.value, draft)) return undefined;
  return typedAnswer(field, draft, row.value);
}

/** True when the row may be confirmed: it has a value, or a person has given one. */
export function isAnswered(
  row: ColumnRow,
  draft: string | undefined,
  answer: Answer | undefined,
): boolean {
  if (answer) return true;
  return row.value !== undefined && (draft === undefined || draft.trim() !== '');
}

/** What is sent for a row. */
export const itemOf = (row: ColumnRow, answer: Answer | undefined): ColumnItem => ({
  recordId: row.recordId,
  seen: row.version,
  ...(answer ? { answer } : {}),
});

/** The rows that the server did not take because somebody was faster, as they are now. */
export function returned(
  sent: readonly ColumnRow[],
  results: readonly ColumnResult[],
): readonly ColumnRow[] {
  return results.flatMap((result) => {
    const row = sent.find((r) => r.recordId === result.recordId);
    if (!row || result.outcome !== 'stale' || result.version === undefined) return [];
    const { value: _, ...rest } = row;
    return [{ ...rest, version: result.version, ...(result.value ? { value: result.value } : {}) }];
  });
}

/**
 * What a column does once its last row is off the screen. `full`: the last answer held as many rows
 * as were asked for, so there may be more; `unsaved`: rows on their way, which an answer would still
 * hold; `asking`: an answer is on its way.
 */
export function atTheEnd(column: {
  readonly rows: number;
  readonly full: boolean;
  readonly unsaved: number;
  readonly asking: boolean;
}): 'rows' | 'ask' | 'wait' | 'ended' {
  const { rows, full, unsaved, asking } = column;
  if (rows > 0) return 'rows';
  if (asking) return 'wait';
  if (!full) return 'ended';
  return unsaved > 0 ? 'wait' : 'ask';
}

/** How many cells a screen of `width` × `height` pixels holds, and in how many columns. */
export function gridOf(
  group: FormField['group'],
  width: number,
  height: number,
): { readonly across: number; readonly cells: number } {
  const wide = group === 'place' || group === 'text' ? 480 : group === 'name' ? 320 : 230;
  const across = Math.max(1, Math.floor(width / wide));
  return { across, cells: across * Math.max(1, Math.floor(height / CELL_HEIGHT)) };
}

/** As in `look.css`. */
export const CELL_HEIGHT = 98;
