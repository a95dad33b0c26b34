import { Button, Group, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useConfirmTotp, useOfferTotp, useRemoveTotp } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';

/** Codes of an authenticator at sign-in: turned on by a first right code, off by the password. */
export function Authenticator({ on }: { readonly on: boolean }) {
  const texts = useTexts();
  const offer = useOfferTotp();
  const confirm = useConfirmTotp();
  const remove = useRemoveTotp();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const offered = on ? undefined : offer.data;
  const begin = (event: FormEvent) => {
    event.preventDefault();
    if (password === '') return;
    (on ? remove : offer).mutate(password, {
      onSuccess: () => {
        setPassword('');
        if (on) offer.reset();
      },
    });
  };
  const end = (event: FormEvent) => {
    event.preventDefault();
    // The secret was shown once.
    confirm.mutate(code, { onSuccess: () => offer.reset(), onSettled: () => setCode('') });
  };
  const error = (on ? remove : offer).error;
  return (
    <section className="panel" aria-labelledby="authenticator">
      <h2 id="authenticator">{texts.authenticator}</h2>
      <p className="small">{on ? texts.authenticatorOn : texts.authenticatorOff}</p>
      {offered ? (
        <form className="enrol" onSubmit={end}>
          <img
            className="qr"
            src={`data:image/svg+xml,${encodeURIComponent(offered.qr)}`}
            alt={texts.qrAlt}
          />
          <div className="lines">
            <p className="small">{texts.enrolHelp}</p>
            <p>
              <span className="small">{texts.secret}</span>
              <br />
              <code className="secret">{offered.secret}</code>
            </p>
            <TextInput
              label={texts.code}
              value={code}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={6}
              onChange={(event) => setCode(event.currentTarget.value.replace(/\D/g, ''))}
            />
            {confirm.error && <Trouble error={confirm.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={() => offer.reset()}>
                {texts.cancel}
              </Button>
              <Button type="submit" loading={confirm.isPending} disabled={code.length !== 6}>
                {texts.turnOn}
              </Button>
            </Group>
          </div>
        </form>
      ) : (
        <form className="lines" onSubmit={begin}>
          <PasswordInput
            label={texts.currentPassword}
            value={password}
            autoComplete="current-password"
            maxLength={200}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {error && <Trouble error={error} />}
          <Group justify="flex-end">
            <Button
              type="submit"
              variant="default"
              loading={offer.isPending || remove.isPending}
              disabled={password === ''}
            >
              {on ? texts.turnOff : texts.turnOn}
            </Button>
          </Group>
        </form>
      )}
    </section>
  );
}
