import type { CodeListsAnswer, FormAnswer, FormField, RecordAnswer } from '../../api/contract.ts';

type Value = RecordAnswer['values'][string];

/** Lower case without diacritics, `đ` as `d`: typing "kinh" or "viet" finds its item. */
export function plain(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gu, 'd').trim();
}

const MOST = 5;

/** The wordings of a closed list as a page would have them: foreign names in brackets left out. */
export function choicesOf(
  field: FormField,
  form: FormAnswer,
  lists: CodeListsAnswer['lists'],
): readonly string[] {
  for (const item of [...form.lines.flat(), ...form.margin])
    if ('choice' in item && item.choice === field.key) return item.options.map((o) => o.text);
  if (!field.list) return [];
  return (lists[field.list]?.items ?? []).map((i) => i.labelVi.replace(/\s*\(.*\)$/u, ''));
}

/**
 * What `Alt+1` to `Alt+5` take: other readings of the machine, and items of the field's list.
 * While a person types (`draft`), the items that fit what is typed.
 */
export function suggestionsFor(
  value: Value | undefined,
  draft: string | undefined,
  choices: readonly string[],
): readonly string[] {
  const now = draft ?? (value?.state === 'written' ? (value.text ?? '') : '');
  const readings = (value?.evidence.candidates ?? []).map((c) => c.text);
  if (value && value.evidence.source !== 'person' && value.text !== undefined)
    readings.unshift(value.text);
  let items = choices;
  if (draft) {
    const typed = plain(draft);
    const words = typed.split(/\s+/);
    const folded = choices.map((text) => ({ text, plain: plain(text) }));
    const starts = folded.filter((c) => c.plain.startsWith(typed));
    const within = folded.filter((c) => {
      if (c.plain.startsWith(typed)) return false;
      const own = c.plain.split(/[^\p{L}\p{N}]+/u);
      return c.plain.includes(typed) || words.every((w) => own.some((word) => word.startsWith(w)));
    });
    items = [...starts, ...within].map(({ text }) => text);
  } else if (choices.length > MOST) {
    items = [];
  }
  const all = draft ? [...items, ...readings] : [...readings, ...items];
  return [...new Set(all.filter((text) => text !== '' && text !== now))].slice(0, MOST);
}
