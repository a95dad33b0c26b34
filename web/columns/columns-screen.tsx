import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useBook, useCodeLists, useColumns, useForms } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { KeysDialog, useKeysKey } from '../record/keys-dialog.tsx';
import { addressOf, go } from '../router.ts';
import { useLanguage } from '../text/language.tsx';
import { Column } from './column.tsx';

/** The same field of all records of a book; the first one that wants answers unless one is asked. */
export function ColumnsScreen({ id, field }: { readonly id: string; readonly field?: string }) {
  const { texts, language } = useLanguage();
  const book = useBook(id);
  const forms = useForms();
  const lists = useCodeLists();
  const columns = useColumns(id);
  const [done, setDone] = useState(0);
  const [keys, setKeys] = useState(false);
  useKeysKey(() => setKeys((old) => !old));
  const failed = [book, forms, lists, columns].find((q) => q.isError);
  if (failed)
    return (
      <div className="screen">
        <Trouble error={failed.error} again={() => void failed.refetch()} />
      </div>
    );
  if (!book.data || !forms.data || !lists.data || !columns.data)
    return <p className="loading">{texts.loading}</p>;
  const form = forms.data.items.find((f) => f.id === book.data.book.form);
  const counts = columns.data.items;
  const wanted = field ?? counts.find((c) => c.open > 0)?.field ?? counts[0]?.field;
  const shown = form?.fields.find((f) => f.key === wanted);
  if (!form || !shown) return <p className="nothing">{texts.noRecords}</p>;
  const at = counts.findIndex((c) => c.field === wanted);
  const next = [...counts.slice(at + 1), ...counts.slice(0, at)].find((c) => c.open > 0)?.field;
  return (
    <div className="columns">
      <div className="desk-head">
        <nav aria-label={texts.backToBook}>
          <a href={addressOf({ at: 'book', id })}>
            ‹ {texts.book} {book.data.book.number}
          </a>
        </nav>
        <h1>{texts.byColumn}</h1>
        <NativeSelect
          size="xs"
          aria-label={texts.column}
          value={shown.key}
          data={counts.map((c) => {
            const own = form.fields.find((f) => f.key === c.field);
            return { value: c.field, label: `${own?.[language] ?? c.field} (${c.open})` };
          })}
          onChange={(event) => go({ at: 'columns', id, field: event.currentTarget.value })}
        />
        <span className="small people">{done > 0 && texts.columnDone(done)}</span>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => setKeys(true)}
          aria-keyshortcuts="F1"
        >
          {texts.keys} <kbd>F1</kbd>
        </Button>
      </div>
      <Column
        key={shown.key}
        bookId={id}
        field={shown}
        form={form}
        lists={lists.data.lists}
        next={next}
        onConfirmed={(n) => setDone((old) => old + n)}
      />
      {keys && <KeysDialog keys={texts.keyHelpColumn} onClose={() => setKeys(false)} />}
    </div>
  );
}
