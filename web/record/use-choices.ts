import { useDebouncedValue } from '@mantine/hooks';
import { useMemo } from 'react';
import type { CodeListsAnswer, FormAnswer, FormField } from '../../api/contract.ts';
import { useUnits, useWordings } from '../calls/queries.ts';
import { choicesOf } from './suggestions.ts';

/** Groups of fields whose wordings come back again and again in a book. */
const COMES_BACK: readonly string[] = ['place', 'name', 'text'];

/**
 * What a field may be answered with while a person types: its closed list, else what people have
 * written in such fields of this book (none of it without `bookId`), and for places the communes of
 * the country.
 */
export function useChoices(
  bookId: string | undefined,
  field: FormField | undefined,
  draft: string,
  form: FormAnswer,
  lists: CodeListsAnswer['lists'],
): readonly string[] {
  const comesBack = field && !field.list && COMES_BACK.includes(field.group);
  const asked = comesBack && bookId !== undefined && draft !== '' ? field.key : undefined;
  const wordings = useWordings(bookId ?? '', asked);
  const [search] = useDebouncedValue(field?.group === 'place' ? draft.trim() : '', 150);
  const units = useUnits(search);
  return useMemo(() => {
    if (!field) return [];
    if (!comesBack) return choicesOf(field, form, lists);
    return [
      ...(asked === undefined ? [] : (wordings.data?.items ?? []).map((w) => w.text)),
      ...(field.group === 'place' && search !== '' ? (units.data?.items ?? []) : []),
    ];
  }, [field, comesBack, asked, form, lists, wordings.data, units.data, search]);
}
