import { Alert, Button, Group, Text } from '@mantine/core';
import { Refused } from '../calls/client.ts';
import { useLanguage } from '../text/language.tsx';
import { type Texts, vi } from '../text/vi.ts';

interface Said {
  readonly message: string;
  readonly messageEn?: string | undefined;
  readonly detail?: string | undefined;
}

/** The sentence of a problem in the language of the screen. */
export function sentence(problem: Said, texts: Texts): string {
  return texts === vi ? problem.message : (problem.messageEn ?? problem.message);
}

/** What an error of a call says to a person; anything that is not an answer is a line that is down. */
export function sentenceOf(error: unknown, texts: Texts): string {
  return error instanceof Refused ? sentence(error.problem, texts) : texts.noAnswer;
}

/** An error where its result would have been, with a way to try again. */
export function Trouble({
  error,
  again,
}: {
  readonly error: unknown;
  readonly again?: (() => void) | undefined;
}) {
  const { texts } = useLanguage();
  const detail = error instanceof Refused ? error.problem.detail : undefined;
  return (
    <Alert color="red" variant="light" role="alert" className="trouble">
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <div>
          <Text size="sm">{sentenceOf(error, texts)}</Text>
          {detail && (
            <Text size="xs" c="dimmed">
              {detail}
            </Text>
          )}
        </div>
        {again && (
          <Button size="compact-sm" variant="default" onClick={again}>
            {texts.tryAgain}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
