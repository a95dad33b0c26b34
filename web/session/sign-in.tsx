import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useSignIn } from '../calls/queries.ts';
import { LanguageSwitch } from '../parts/language-switch.tsx';
import { Trouble } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';

/** Name and password. `again`: the session ended while somebody was at work. */
export function SignIn({ again }: { readonly again: boolean }) {
  const texts = useTexts();
  const signIn = useSignIn();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ login, password });
  };
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
        {signIn.error && <Trouble error={signIn.error} />}
        <Button type="submit" loading={signIn.isPending} fullWidth>
          {texts.signIn}
        </Button>
        <LanguageSwitch />
      </form>
    </main>
  );
}
