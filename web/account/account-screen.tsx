import { Button, Group, PasswordInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { SessionAnswer } from '../../api/contract.ts';
import { signOutEverywhere, useChangePassword } from '../calls/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Trouble } from '../parts/problem.tsx';
import { holds, outbox } from '../record/desk.ts';
import { leaveBrowser } from '../session/header.tsx';
import { useTexts } from '../text/language.tsx';
import { Authenticator } from './authenticator.tsx';
import { Tokens } from './tokens.tsx';

/** One's own account: password, authenticator, sessions, tokens. */
export default function AccountScreen({ session }: { readonly session: SessionAnswer }) {
  const texts = useTexts();
  const { person, organisation } = session;
  return (
    <div className="screen narrow spaced">
      <h1>{texts.account}</h1>
      <p className="small">
        {person.name} · {person.login} · {organisation.name} ·{' '}
        {person.roles.map((role) => texts.roleNames[role]).join(', ')}
      </p>
      <Password />
      <Authenticator on={session.totp} />
      <Everywhere />
      <Tokens />
    </div>
  );
}

const EMPTY = { current: '', next: '', again: '' };
/** As the API has it. */
const SHORTEST = 8;

function Password() {
  const texts = useTexts();
  const change = useChangePassword();
  const [values, setValues] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const wrong = {
    current: values.current === '' && texts.needed,
    next: values.next.length < SHORTEST && texts.passwordHelp,
    again: values.again !== values.next && texts.passwordsDiffer,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).some(Boolean)) return;
    change.mutate(
      { current: values.current, next: values.next },
      {
        onSuccess: () => {
          setValues(EMPTY);
          setTried(false);
        },
      },
    );
  };
  const input = (key: keyof typeof EMPTY, label: string, kind: 'current' | 'new') => (
    <PasswordInput
      label={label}
      value={values[key]}
      error={tried && wrong[key]}
      autoComplete={`${kind}-password`}
      maxLength={200}
      onChange={(event) => setValues({ ...values, [key]: event.currentTarget.value })}
    />
  );
  return (
    <section className="panel" aria-labelledby="password">
      <h2 id="password">{texts.changePassword}</h2>
      <form className="lines" onSubmit={submit} noValidate>
        {input('current', texts.currentPassword, 'current')}
        {input('next', texts.newPassword, 'new')}
        {input('again', texts.passwordAgain, 'new')}
        <p className="small">{texts.changePasswordHelp}</p>
        {change.error && <Trouble error={change.error} />}
        <Group justify="flex-end">
          <span role="status" className="small">
            {change.isSuccess && texts.passwordChanged}
          </span>
          <Button type="submit" loading={change.isPending}>
            {texts.save}
          </Button>
        </Group>
      </form>
    </section>
  );
}

/** Signing out on every computer, after what would be lost here was said. */
function Everywhere() {
  const texts = useTexts();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>();
  const unsent = outbox.read().waiting.length;
  const leave = async () => {
    try {
      await holds.giveAllBack();
      await signOutEverywhere();
      leaveBrowser(client);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <section className="panel" aria-labelledby="everywhere">
      <h2 id="everywhere">{texts.sessions}</h2>
      <Group justify="space-between">
        <p className="small">{texts.everywhereHelp}</p>
        <Button variant="default" onClick={() => setAsking(true)}>
          {texts.signOutEverywhere}
        </Button>
      </Group>
      {asking && (
        <Dialog title={texts.signOutEverywhere} size="md" onClose={() => setAsking(false)}>
          <p>{texts.everywhereHelp}</p>
          {unsent > 0 && <p className="warn">{texts.signOutLoses(unsent)}</p>}
          {error !== undefined && <Trouble error={error} />}
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => setAsking(false)}>
              {texts.cancel}
            </Button>
            <Button color="red" onClick={() => void leave()}>
              {texts.signOutEverywhere}
            </Button>
          </Group>
        </Dialog>
      )}
    </section>
  );
}
