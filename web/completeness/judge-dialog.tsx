import { Button, Group, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { FormAnswer, JudgeRequest, RecordAnswer } from '../../api/contract.ts';
import { useCodeLists, useForms, useJudge, useRecord } from '../calls/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Trouble } from '../parts/problem.tsx';
import { Crop } from '../record/crop.tsx';
import { Label } from '../record/label.tsx';
import { RETURN_LIST } from '../record/review.ts';
import { rowsOf } from '../record/rows.ts';
import { ValueText } from '../record/value-text.tsx';
import { useLanguage, useTexts } from '../text/language.tsx';

interface Props {
  readonly bookId: string;
  readonly sampleId: string;
  readonly recordId: string;
  readonly onClose: () => void;
  readonly onJudged: () => void;
}

/** A record of a sample: each value beside its place on the page, right unless something is said. */
export function JudgeDialog(props: Props) {
  const texts = useTexts();
  const record = useRecord(props.recordId);
  const form = useForms().data?.items.find((f) => f.id === record.data?.form);
  return (
    <Dialog title={texts.judge} onClose={props.onClose}>
      {record.isError && <Trouble error={record.error} again={() => void record.refetch()} />}
      {record.data && form ? (
        <Judging {...props} record={record.data} form={form} />
      ) : (
        <p className="loading">{texts.loading}</p>
      )}
    </Dialog>
  );
}

function Judging({
  bookId,
  sampleId,
  record,
  form,
  onClose,
  onJudged,
}: Props & { readonly record: RecordAnswer; readonly form: FormAnswer }) {
  const { texts, language } = useLanguage();
  const judge = useJudge(bookId);
  const codes = useCodeLists().data?.lists[RETURN_LIST]?.items ?? [];
  const [wrong, setWrong] = useState<Readonly<Record<string, string>>>({});
  const rows = rowsOf(record, form, [], true, {
    margin: texts.marginFields,
    book: texts.bookFields,
  }).filter((row) => !row.fromBook);
  const errors = Object.entries(wrong)
    .filter(([, code]) => code !== '')
    .map(([field, code]) => ({ field, code })) satisfies JudgeRequest['errors'];
  return (
    <>
      <p className="small">{texts.judgeHelp}</p>
      {rows.map((row) => {
        const { key } = row.field;
        return (
          <div key={key} className="card judged">
            <Crop record={record} row={row} label={row.field.vi} height={48} />
            <div className="judge-line">
              <span className="row-label">
                <Label row={row} />
              </span>
              <strong className="card-value">
                <ValueText value={row.value} />
              </strong>
              <NativeSelect
                size="xs"
                aria-label={`${texts.judge}: ${row.field[language]}`}
                value={wrong[key] ?? ''}
                data={[
                  { value: '', label: texts.judgedRight },
                  ...codes.map((item) => ({
                    value: item.code,
                    label: language === 'vi' ? item.labelVi : item.labelEn,
                  })),
                ]}
                onChange={(event) => setWrong({ ...wrong, [key]: event.currentTarget.value })}
              />
            </div>
          </div>
        );
      })}
      {judge.error && <Trouble error={judge.error} />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button
          color={errors.length > 0 ? 'red' : 'blue'}
          loading={judge.isPending}
          onClick={() =>
            judge.mutate({ sampleId, recordId: record.id, errors }, { onSuccess: onJudged })
          }
        >
          {errors.length > 0 ? texts.judgedWrong(errors.length) : texts.judgeRight}
        </Button>
      </Group>
    </>
  );
}
