import { Button, Group, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { ClosingNoteRequest, CompletenessAnswer } from '../../api/contract.ts';
import { useClosingNote } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';

const NUMBERS = ['entries', 'pages', 'first', 'last'] as const;

/** What the note at the end of the volume says, as far as it is there and can be read. */
export function ClosingNote({
  bookId,
  note,
  mayChange,
}: {
  readonly bookId: string;
  readonly note: CompletenessAnswer['note'];
  readonly mayChange: boolean;
}) {
  const texts = useTexts();
  const save = useClosingNote(bookId);
  const [values, setValues] = useState<Readonly<Record<(typeof NUMBERS)[number], string>>>({
    entries: `${note?.entries ?? ''}`,
    pages: `${note?.pages ?? ''}`,
    first: `${note?.first ?? ''}`,
    last: `${note?.last ?? ''}`,
  });
  const [text, setText] = useState(note?.text ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const request: ClosingNoteRequest = { ...(text.trim() === '' ? {} : { text: text.trim() }) };
    // What is left empty is not there, which is not nought.
    for (const key of NUMBERS) if (values[key] !== '') request[key] = Number(values[key]);
    save.mutate(request);
  };
  return (
    <section className="panel" aria-labelledby="closing-note">
      <h2 id="closing-note">{texts.closingNote}</h2>
      <form className="lines" onSubmit={submit}>
        <div className="in-two">
          {NUMBERS.map((key) => (
            <TextInput
              key={key}
              size="xs"
              label={texts.closingNumbers[key]}
              inputMode="numeric"
              maxLength={7}
              readOnly={!mayChange}
              value={values[key]}
              onChange={(event) =>
                setValues({ ...values, [key]: event.currentTarget.value.replace(/\D/g, '') })
              }
            />
          ))}
        </div>
        <Textarea
          size="xs"
          label={texts.closingText}
          rows={2}
          maxLength={2000}
          readOnly={!mayChange}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {save.error && <Trouble error={save.error} />}
        {mayChange && (
          <Group justify="flex-end">
            <Button type="submit" size="compact-sm" variant="default" loading={save.isPending}>
              {texts.save}
            </Button>
          </Group>
        )}
      </form>
    </section>
  );
}
