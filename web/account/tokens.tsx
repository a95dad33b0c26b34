import { Button, Checkbox, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { NewTokenRequest } from '../../api/contract.ts';
import { useEndToken, useNewToken, useTokens } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';

type Scope = NewTokenRequest['scopes'][number];
/** The parts of the API, in the order of the work. */
const PARTS = [
  'projects',
  'books',
  'uploads',
  'forms',
  'images',
  'records',
  'work',
  'quality',
  'completeness',
  'exports',
  'templates',
  'people',
] as const;
const RIGHTS = ['read', 'write'] as const;

/** Tokens by which programs act as this person; each is shown once. */
export function Tokens() {
  const texts = useTexts();
  const tokens = useTokens();
  const end = useEndToken();
  const [adding, setAdding] = useState(false);
  const items = tokens.data?.items ?? [];
  const date = (time: string | undefined) =>
    time === undefined ? '—' : new Date(time).toLocaleDateString(texts.locale);
  return (
    <section className="panel" aria-labelledby="tokens">
      <Group justify="space-between">
        <h2 id="tokens">{texts.tokens}</h2>
        {!adding && (
          <Button size="compact-sm" variant="default" onClick={() => setAdding(true)}>
            {texts.newToken}
          </Button>
        )}
      </Group>
      <p className="small">{texts.tokensHelp}</p>
      {tokens.isError && <Trouble error={tokens.error} again={() => void tokens.refetch()} />}
      {adding && <NewToken onClose={() => setAdding(false)} />}
      {end.error && <Trouble error={end.error} />}
      {items.length > 0 && (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">{texts.tokenName}</th>
              <th scope="col">{texts.tokenScopes}</th>
              <th scope="col">{texts.tokenUsed}</th>
              <th scope="col">{texts.tokenUntil}</th>
              <th scope="col">
                <span className="unseen">{texts.change}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((token) => (
              <tr key={token.id}>
                <td>{token.name}</td>
                <td className="small">{token.scopes.join(', ')}</td>
                <td className="nowrap">{date(token.usedAt)}</td>
                <td className="nowrap">{date(token.expiresAt)}</td>
                <td>
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`${texts.endToken}: ${token.name}`}
                    onClick={() => end.mutate(token.id)}
                  >
                    {texts.endToken}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function NewToken({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  const create = useNewToken();
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [scopes, setScopes] = useState<readonly Scope[]>([]);
  const life = Number(days);
  const isReady =
    name.trim() !== '' && scopes.length > 0 && Number.isInteger(life) && life >= 1 && life <= 366;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) create.mutate({ name: name.trim(), scopes: [...scopes], days: life });
  };
  if (create.data)
    return (
      <div className="sub">
        <p>{texts.tokenOnce}</p>
        <p>
          <code className="secret">{create.data.token}</code>
        </p>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {texts.close}
          </Button>
        </Group>
      </div>
    );
  return (
    <form className="sub" onSubmit={submit}>
      <Group align="flex-start" grow>
        <TextInput
          label={texts.tokenName}
          description={texts.tokenNameHelp}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={texts.tokenDays}
          description={texts.tokenDaysHelp}
          value={days}
          inputMode="numeric"
          maxLength={3}
          onChange={(event) => setDays(event.currentTarget.value)}
        />
      </Group>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">{texts.tokenScopes}</th>
            {RIGHTS.map((right) => (
              <th key={right} scope="col">
                {texts.rights[right]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {PARTS.map((part) => (
            <tr key={part}>
              <td>{texts.tokenParts[part]}</td>
              {RIGHTS.map((right) => {
                const scope: Scope = `${part}:${right}`;
                return (
                  <td key={right}>
                    <Checkbox
                      size="xs"
                      aria-label={`${texts.tokenParts[part]}: ${texts.rights[right]}`}
                      checked={scopes.includes(scope)}
                      onChange={() =>
                        setScopes(
                          scopes.includes(scope)
                            ? scopes.filter((s) => s !== scope)
                            : [...scopes, scope],
                        )
                      }
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {create.error && <Trouble error={create.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button type="submit" loading={create.isPending} disabled={!isReady}>
          {texts.newToken}
        </Button>
      </Group>
    </form>
  );
}
