import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { FormAnswer } from '../../api/contract.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useLanguage } from '../text/language.tsx';
import { outbox } from './desk.ts';
import { type Conflict, saidOf, type Waiting } from './outbox.ts';
import { ValueText } from './value-text.tsx';

/** Two people answered the same record: both sides, field by field, and a person chooses. */
export function ConflictDialog({
  conflict,
  waiting,
  form,
}: {
  readonly conflict: Conflict;
  readonly waiting: readonly Waiting[];
  readonly form: FormAnswer;
}) {
  const { texts, language } = useLanguage();
  const [chosen, setChosen] = useState<Readonly<Record<string, 'mine' | 'theirs'>>>({});
  const { current, disputes, recordId } = conflict;
  const open = waiting.every((w) => current.moves.includes(w.action.type));
  const labelOf = (key: string) =>
    [...form.fields, ...form.bookFields].find((f) => f.key === key)?.[language] ?? key;
  const left = disputes.filter((d) => !chosen[d.key]).length;
  const who = current.keyers.map((k) => k.name).join(', ');
  const said = Object.entries(
    Object.assign({}, ...waiting.map(saidOf)) as ReturnType<typeof saidOf>,
  );
  return (
    <Dialog title={texts.conflictTitle}>
      {open ? (
        <>
          <p className="small">
            {disputes.length > 0 && texts.conflictHelp} {who && `${texts.keyer}: ${who}`}
          </p>
          {disputes.map(({ key, mine, theirs }) => (
            <fieldset key={key} className="dispute">
              <legend>{labelOf(key)}</legend>
              {(
                [
                  ['mine', texts.mine, mine],
                  ['theirs', texts.theirs, theirs],
                ] as const
              ).map(([side, word, value]) => (
                <label key={side} className="side">
                  <input
                    type="radio"
                    name={key}
                    checked={chosen[key] === side}
                    onChange={() => setChosen({ ...chosen, [key]: side })}
                  />
                  <span className="dim">{word}</span>{' '}
                  <strong>
                    <ValueText
                      value={{
                        state: value.state,
                        ...(value.text === undefined ? {} : { text: value.text }),
                      }}
                    />
                  </strong>
                </label>
              ))}
            </fieldset>
          ))}
        </>
      ) : (
        <>
          <p className="small">{texts.conflictClosed}</p>
          <dl className="said">
            {said.map(([key, answer]) => (
              <div key={key}>
                <dt>{labelOf(key)}</dt>
                <dd>
                  <ValueText
                    value={{
                      state: answer.state,
                      ...(answer.text === undefined ? {} : { text: answer.text }),
                    }}
                  />
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <Group justify="flex-end" mt="md">
        {open ? (
          <>
            <span className="small" role="status">
              {left > 0 && texts.choicesLeft(left)}
            </span>
            <Button
              disabled={left > 0}
              onClick={() =>
                outbox.resolve(
                  recordId,
                  new Set(disputes.filter((d) => chosen[d.key] === 'mine').map((d) => d.key)),
                )
              }
            >
              {texts.goOn}
            </Button>
          </>
        ) : (
          <Button onClick={() => outbox.resolve(recordId, undefined)}>{texts.discardMine}</Button>
        )}
      </Group>
    </Dialog>
  );
}
