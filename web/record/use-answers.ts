import type { Answer } from './answers.ts';
import { useDrafts } from './use-drafts.ts';

/**
 * Answers that go to the server together, when all of them are given; kept over a reload until then.
 * `latest` is ahead of the drawn state.
 */
export function useAnswers(of: string) {
  const { drafts, latest, change } = useDrafts(of);
  const parse = (kept: Readonly<Record<string, string>>): Readonly<Record<string, Answer>> =>
    Object.fromEntries(
      Object.entries(kept).map(([key, text]) => [key, JSON.parse(text) as Answer]),
    );
  return {
    answers: parse(drafts),
    latest: () => parse(latest.current),
    say: (key: string, answer: Answer | undefined) => change(key, answer && JSON.stringify(answer)),
  };
}
