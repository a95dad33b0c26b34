import { Button, Group, Text } from '@mantine/core';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { SessionAnswer } from '../../api/contract.ts';
import { readUploads, wipeUploads } from '../book/uploads.ts';
import { call, Refused } from '../calls/client.ts';
import { useLive } from '../calls/live.tsx';
import { forgetAnswers } from '../calls/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { LanguageSwitch } from '../parts/language-switch.tsx';
import { Trouble } from '../parts/problem.tsx';
import { SchemeSwitch } from '../parts/scheme.tsx';
import { holds, outbox, wipeDesk } from '../record/desk.ts';
import { addressOf, type Place } from '../router.ts';
import { useTexts } from '../text/language.tsx';

/** The line above every screen: the way home, what is not saved yet, language, person. */
export function Header({
  session,
  at,
}: {
  readonly session: SessionAnswer;
  readonly at: Place['at'];
}) {
  const texts = useTexts();
  const live = useLive();
  return (
    <header className="header">
      <a className="home" href={addressOf({ at: 'books' })}>
        <img src="/icon.svg" alt="" width="22" height="22" />
        {texts.product}
      </a>
      <nav className="header-nav" aria-label={texts.screens}>
        <a
          href={addressOf({ at: 'books' })}
          {...(at === 'books' ? { 'aria-current': 'page' as const } : {})}
        >
          {texts.books}
        </a>
        <a
          href={addressOf({ at: 'dashboard' })}
          {...(at === 'dashboard' ? { 'aria-current': 'page' as const } : {})}
        >
          {texts.dashboard}
        </a>
        {session.abilities.includes('managePeople') && (
          <a
            href={addressOf({ at: 'people' })}
            {...(at === 'people' ? { 'aria-current': 'page' as const } : {})}
          >
            {texts.people}
          </a>
        )}
      </nav>
      <div className="header-middle">
        <SaveSign />
      </div>
      <span className={live ? 'live on' : 'live'} title={live ? texts.live : texts.polling}>
        <span aria-hidden="true">●</span>{' '}
        <span className="wide-only">{live ? texts.live : texts.polling}</span>
      </span>
      <SchemeSwitch />
      <LanguageSwitch />
      <a
        className="person"
        href={addressOf({ at: 'account' })}
        title={`${texts.account} · ${session.organisation.name}`}
        {...(at === 'account' ? { 'aria-current': 'page' as const } : {})}
      >
        {session.person.name}
      </a>
      <SignOut />
    </header>
  );
}

/** What has not reached the server: nobody should have to guess whether work is safe. */
function SaveSign() {
  const texts = useTexts();
  const { waiting, line, sending, conflicts, rejections } = useSyncExternalStore(
    outbox.subscribe,
    outbox.read,
  );
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (outbox.read().waiting.length > 0 || readUploads().some((u) => u.state === 'sending'))
        event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);
  const conflict = conflicts[0];
  const rejected = rejections[0]?.waiting;
  return (
    <span role="status" className="save-sign">
      {conflict ? (
        <a className="sign bad" href={addressOf({ at: 'record', id: conflict.recordId })}>
          {texts.conflictWaiting}
        </a>
      ) : rejected ? (
        <a className="sign bad" href={addressOf({ at: 'record', id: rejected.recordId })}>
          {texts.rejectionWaiting}
        </a>
      ) : line === 'down' ? (
        <span className="sign bad" title={texts.lineDownHelp}>
          {texts.lineDown} · {texts.waitingToSend(waiting.length)}
        </span>
      ) : waiting.length > 0 || sending ? (
        <span className="sign">{texts.sending}</span>
      ) : (
        ''
      )}
    </span>
  );
}

/** Leaves nothing of a person in this browser; the sign-in comes up. */
export function leaveBrowser(client: QueryClient): void {
  wipeDesk();
  wipeUploads();
  client.setQueryData(['session'], null);
  forgetAnswers(client);
  window.location.hash = '';
}

function SignOut() {
  const texts = useTexts();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>();
  const unsent = () => outbox.read().waiting.length;
  const signOut = async () => {
    await holds.giveAllBack();
    try {
      await call('DELETE', '/session');
    } catch (problem) {
      // A session that is over already is what was wanted.
      if (!(problem instanceof Refused && problem.problem.kind === 'notSignedIn')) {
        setError(problem);
        setAsking(true);
        return;
      }
    }
    leaveBrowser(client);
  };
  return (
    <>
      <button
        type="button"
        className="sign-out"
        onClick={() => (unsent() > 0 ? setAsking(true) : void signOut())}
      >
        {texts.signOut}
      </button>
      {asking && (
        <Dialog title={texts.signOut} size="md" onClose={() => setAsking(false)}>
          {unsent() > 0 && <Text size="sm">{texts.signOutLoses(unsent())}</Text>}
          {error !== undefined && <Trouble error={error} />}
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => setAsking(false)}>
              {texts.cancel}
            </Button>
            <Button color="red" onClick={() => void signOut()}>
              {texts.signOutAnyway}
            </Button>
          </Group>
        </Dialog>
      )}
    </>
  );
}
