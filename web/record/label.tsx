import { useLanguage } from '../text/language.tsx';
import { type Row, splitLabel } from './rows.ts';

/** A field's label: what it is, and smaller whose it is. */
export function Label({ row }: { readonly row: Row }) {
  const { language } = useLanguage();
  const [main, of] = splitLabel(row.field[language]);
  return (
    <>
      {main}
      {of && !row.ownerKnown && <small> {of}</small>}
    </>
  );
}
