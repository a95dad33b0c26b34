import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import type { FormsAnswer } from '../../api/contract.ts';
import { useForms, useNewBook, useUnits } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { addressOf, go } from '../router.ts';
import { type Language, useLanguage, useTexts } from '../text/language.tsx';
import { readPartialDate } from './partial-date.ts';
import { NEW_POLICY, policyOf, wrongIn } from './policy.ts';
import { PolicyFields } from './policy-fields.tsx';

const EMPTY = { form: '', place: '', placeShort: '', number: '', opened: '', closed: '' };

/** The forms in groups, one group for each register. */
function choices(forms: FormsAnswer['items'], language: Language, unconfirmed: string) {
  const registers = [...new Set(forms.map((f) => f.register[language]))];
  return registers.map((group) => ({
    group,
    items: forms
      .filter((f) => f.register[language] === group)
      .map((f) => ({
        value: f.id,
        label: f.confirmation === 'confirmed' ? f[language] : `${f[language]} (${unconfirmed})`,
      })),
  }));
}

/** What a person says about a volume when it comes in. */
export function NewBookScreen() {
  const { texts, language } = useLanguage();
  const forms = useForms();
  const create = useNewBook();
  const [values, setValues] = useState(EMPTY);
  const [policy, setPolicy] = useState(NEW_POLICY);
  const [tried, setTried] = useState(false);
  const set = (key: keyof typeof EMPTY) => (event: { currentTarget: { value: string } }) =>
    setValues({ ...values, [key]: event.currentTarget.value });

  const form = values.form || (forms.data?.items[0]?.id ?? '');
  const opened = readPartialDate(values.opened);
  const closed = readPartialDate(values.closed);
  const number = values.number.replace(/\s/g, '');
  const wrong = {
    place: values.place.trim() === '' && texts.needed,
    placeShort: values.placeShort.trim() === '' && texts.needed,
    number: !/^\d{1,3}\/\d{4}$/.test(number) && texts.numberWrong,
    opened: opened === null && texts.dateWrong,
    closed: closed === null && texts.dateWrong,
  };
  const input = (key: keyof typeof wrong, help: string, maxLength: number) => (
    <TextInput
      name={key}
      label={texts[key]}
      description={help}
      value={values[key]}
      onChange={set(key)}
      error={tried && wrong[key]}
      maxLength={maxLength}
    />
  );

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    const first = (Object.keys(wrong) as (keyof typeof wrong)[]).find((key) => wrong[key]);
    if (first) {
      event.currentTarget.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
      return;
    }
    if (wrongIn(policy).size > 0) return;
    create.mutate(
      {
        form,
        place: values.place,
        placeShort: values.placeShort,
        number,
        ...(opened ? { opened } : {}),
        ...(closed ? { closed } : {}),
        policy: policyOf(policy),
      },
      { onSuccess: ({ book }) => go({ at: 'book', id: book.id }) },
    );
  };

  return (
    <div className="screen narrow">
      <h1>{texts.newBook}</h1>
      {forms.isError && <Trouble error={forms.error} again={() => void forms.refetch()} />}
      <form onSubmit={submit} className="stack" noValidate>
        <NativeSelect
          label={texts.form}
          data={choices(forms.data?.items ?? [], language, texts.unconfirmed)}
          value={form}
          onChange={set('form')}
        />
        {input('place', texts.placeHelp, 255)}
        <Places typed={values.place} onPick={(place) => setValues({ ...values, place })} />
        <Group align="flex-start" grow>
          {input('placeShort', texts.placeShortHelp, 80)}
          {input('number', texts.numberHelp, 10)}
        </Group>
        <Group align="flex-start" grow>
          {input('opened', texts.dateHelp, 10)}
          {input('closed', texts.dateHelp, 10)}
        </Group>
        <PolicyFields
          form={forms.data?.items.find((f) => f.id === form)}
          value={policy}
          onChange={setPolicy}
        />
        {create.error && <Trouble error={create.error} />}
        <Group justify="flex-end">
          <Button component="a" variant="default" href={addressOf({ at: 'books' })}>
            {texts.cancel}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {texts.save}
          </Button>
        </Group>
      </form>
    </div>
  );
}

/** Communes that fit what is typed, written as covers have them. */
function Places({
  typed,
  onPick,
}: {
  readonly typed: string;
  readonly onPick: (place: string) => void;
}) {
  const texts = useTexts();
  const [search] = useDebouncedValue(
    typed.replace(/^\s*(ubnd|ủy ban nhân dân|uỷ ban nhân dân)\s+/iu, '').trim(),
    200,
  );
  const units = useUnits(search).data?.items ?? [];
  const places = units.slice(0, 4).map((u) => `UBND ${u.charAt(0).toLowerCase()}${u.slice(1)}`);
  if (search.length < 2 || places.length === 0 || places.includes(typed)) return null;
  return (
    <ul className="chips" aria-label={texts.candidates}>
      {places.map((place) => (
        <li key={place}>
          <button type="button" className="chip" onClick={() => onPick(place)}>
            {place}
          </button>
        </li>
      ))}
    </ul>
  );
}
