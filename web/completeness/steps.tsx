import { Button, Group, NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { CompletenessAnswer, SessionAnswer, StepRequest } from '../../api/contract.ts';
import { useOrganisations, useStep } from '../calls/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Trouble } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';

type Kind = StepRequest['kind'];

/** The steps that may be taken from a state, as the API takes them. */
const FROM: Readonly<Record<Kind, readonly CompletenessAnswer['state'][]>> = {
  delivered: ['keyed', 'delivered', 'approved'],
  ready: ['approved'],
  withdrawn: ['ready'],
  transferred: ['ready'],
};
const KINDS = ['delivered', 'ready', 'transferred', 'withdrawn'] as const;

/** Handing the book over, putting it on the list, and what was done so far. */
export function Steps({
  bookId,
  said,
  session,
}: {
  readonly bookId: string;
  readonly said: CompletenessAnswer;
  readonly session: SessionAnswer;
}) {
  const texts = useTexts();
  const [asking, setAsking] = useState<Kind>();
  const may = (kind: Kind) =>
    FROM[kind].includes(said.state) &&
    session.abilities.includes(kind === 'delivered' ? 'handOver' : 'release');
  const delivered = said.steps.some((step) => step.kind === 'delivered');
  return (
    <section className="panel" aria-labelledby="steps">
      <h2 id="steps">{texts.handingOver}</h2>
      <Group gap="xs">
        {KINDS.filter(may).map((kind) => (
          <Button
            key={kind}
            size="compact-sm"
            variant={kind === 'withdrawn' ? 'default' : 'filled'}
            onClick={() => setAsking(kind)}
          >
            {texts.stepKinds[kind]}
          </Button>
        ))}
        {delivered && (
          <Button
            size="compact-sm"
            variant="default"
            component="a"
            href={`/api/books/${bookId}/hand-over.pdf`}
            download
          >
            {texts.handOverPdf}
          </Button>
        )}
      </Group>
      {said.steps.length === 0 ? (
        <p className="small">{texts.noSteps}</p>
      ) : (
        <ul className="plain">
          {said.steps.map((step) => (
            <li key={step.at}>
              <strong>{texts.stepsTaken[step.kind]}</strong>
              {step.to !== undefined && ` → ${step.to}`}
              <div className="small">
                {new Date(step.at).toLocaleString(texts.locale)} · {step.person.name}
                {step.note !== undefined && ` · ${step.note}`}
              </div>
            </li>
          ))}
        </ul>
      )}
      {asking && (
        <StepDialog
          bookId={bookId}
          kind={asking}
          open={said.open}
          onClose={() => setAsking(undefined)}
        />
      )}
    </section>
  );
}

function StepDialog({
  bookId,
  kind,
  open,
  onClose,
}: {
  readonly bookId: string;
  readonly kind: Kind;
  readonly open: number;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const step = useStep(bookId);
  const organisations = useOrganisations().data?.items ?? [];
  const [to, setTo] = useState('');
  const [note, setNote] = useState('');
  const isDelivery = kind === 'delivered';
  return (
    <Dialog title={texts.stepKinds[kind]} size="md" onClose={onClose}>
      <div className="lines">
        <p>{texts.stepHelp[kind]}</p>
        {open > 0 && <p className="warn">{texts.openCount(open)}</p>}
        {isDelivery && (
          <NativeSelect
            label={texts.receiver}
            value={to}
            data={[
              { value: '', label: '' },
              ...organisations.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        )}
        <Textarea
          label={texts.noteOptional}
          rows={2}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {step.error && <Trouble error={step.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {texts.cancel}
          </Button>
          <Button
            loading={step.isPending}
            disabled={isDelivery && to === ''}
            onClick={() =>
              step.mutate(
                {
                  kind,
                  ...(isDelivery ? { to } : {}),
                  ...(note.trim() === '' ? {} : { note: note.trim() }),
                },
                { onSuccess: onClose },
              )
            }
          >
            {texts.stepKinds[kind]}
          </Button>
        </Group>
      </div>
    </Dialog>
  );
}
