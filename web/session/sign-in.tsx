import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Refused } from '../calls/client.ts';
import { useSignIn } from '../calls/queries.ts';
import { LanguageSwitch } from '../parts/language-switch.tsx';
import { Trouble } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';

/** Answered by a password that was right, for an account that wants a code too. */
const CODE_KINDS: readonly string[] = ['codeNeeded', 'wrongCode'];

/** Name and password, and a code where the account has an authenticator. `again`: the session ended while somebody was at work. */
export function SignIn({ again }: { readonly again: boolean }) {
  const texts = useTexts();
  const signIn = useSignIn();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ login, password, ...(asksCode && code !== '' ? { code } : {}) });
  };
  const { error } = signIn;
  const kind = error instanceof Refused ? error.problem.kind : undefined;
  // Still asked for while the next try is under way.
  const [asksCode, setAsksCode] = useState(false);
  if (kind !== undefined && CODE_KINDS.includes(kind) && !asksCode) setAsksCode(true);
  return (
    <main className="sign-in">
      <form onSubmit={submit} aria-labelledby="product">
        <div className="sign-in-head">
          <img src="/icon.svg" alt="" width="40" height="40" />
          <h1 id="product">{texts.product}</h1>
        </div>
        {again && <p className="small">{texts.signInAgain}</p>}
        <TextInput
          label={texts.login}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          required
          withAsterisk={false}
        />
        <PasswordInput
          label={texts.password}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
        />
        {asksCode && (
          <TextInput
            label={texts.code}
            description={texts.codeHelp}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value.replace(/\D/g, ''))}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={6}
            autoFocus
            required
            withAsterisk={false}
          />
        )}
        {error && kind !== 'codeNeeded' && <Trouble error={error} />}
        <Button type="submit" loading={signIn.isPending} fullWidth>
          {texts.signIn}
        </Button>
        <LanguageSwitch />
      </form>
    </main>
  );
}
