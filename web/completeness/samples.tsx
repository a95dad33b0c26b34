import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { SampleAnswer } from '../../api/contract.ts';
import { useDrawSample, useSamples } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';
import { JudgeDialog } from './judge-dialog.tsx';

type Rate = SampleAnswer['recordRate'];

/** Samples of what waits for approval: drawn by chance, judged record by record. */
export function Samples({
  bookId,
  sampling,
  mayDraw,
}: {
  readonly bookId: string;
  readonly sampling: { readonly size: number; readonly accept: number };
  readonly mayDraw: boolean;
}) {
  const texts = useTexts();
  const samples = useSamples(bookId);
  const draw = useDrawSample(bookId);
  return (
    <section className="panel" aria-labelledby="samples">
      <Group justify="space-between">
        <h2 id="samples">{texts.samples}</h2>
        {mayDraw && (
          <Button
            size="compact-sm"
            variant="default"
            loading={draw.isPending}
            onClick={() => draw.mutate()}
          >
            {texts.drawSample}
          </Button>
        )}
      </Group>
      <p className="small">{texts.samplingIs(sampling.size, sampling.accept)}</p>
      {draw.error && <Trouble error={draw.error} />}
      {samples.isError && <Trouble error={samples.error} again={() => void samples.refetch()} />}
      {samples.data?.items.map((sample) => (
        <Sample key={sample.id} bookId={bookId} sample={sample} mayJudge={mayDraw} />
      ))}
    </section>
  );
}

function Sample({
  bookId,
  sample,
  mayJudge,
}: {
  readonly bookId: string;
  readonly sample: SampleAnswer;
  readonly mayJudge: boolean;
}) {
  const texts = useTexts();
  const [judging, setJudging] = useState<string>();
  const left = sample.records.filter((r) => r.errors === null);
  const record = sample.records.find((r) => r.recordId === judging);
  const percent = (n: number) =>
    (100 * n).toLocaleString(texts.locale, { maximumFractionDigits: 1 });
  const said = ({ errors, of, low, high, rate }: Rate) =>
    rate === null ? '—' : texts.rate(errors, of, percent(rate), percent(low), percent(high));
  return (
    <div className="sub sample" data-verdict={sample.verdict}>
      <p>
        <strong>{texts.verdicts[sample.verdict]}</strong>{' '}
        <span className="small">
          {new Date(sample.drawnAt).toLocaleString(texts.locale)} · {sample.drawnBy.name}
        </span>
      </p>
      <p className="small">
        {texts.wrongRecords}: {said(sample.recordRate)}
        <br />
        {texts.wrongFields}: {said(sample.fieldRate)}
      </p>
      <ul className="plain">
        {sample.records.map(({ recordId, number, errors }) => (
          <li key={recordId} className="sample-line">
            <span>{texts.recordTitle(number ?? '—')}</span>
            <span className={errors?.length ? 'small warn' : 'small'}>
              {errors === null
                ? texts.notJudged
                : errors.length === 0
                  ? texts.judgedRight
                  : texts.judgedWrong(errors.length)}
            </span>
            {errors === null && mayJudge && (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`${texts.judge}: ${number ?? recordId}`}
                onClick={() => setJudging(recordId)}
              >
                {texts.judge}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {record && (
        <JudgeDialog
          key={record.recordId}
          bookId={bookId}
          sampleId={sample.id}
          recordId={record.recordId}
          onClose={() => setJudging(undefined)}
          onJudged={() => setJudging(left.find((r) => r.recordId !== judging)?.recordId)}
        />
      )}
    </div>
  );
}
