import type { FormAnswer } from '../../api/contract.ts';
import { useRecordLog } from '../calls/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Trouble } from '../parts/problem.tsx';
import { addressOf } from '../router.ts';
import { useLanguage } from '../text/language.tsx';
import { type LogContent, type LoggedValue, LogReasons, labelIn, nameOf } from './log.tsx';
import { ValueText } from './value-text.tsx';

/** Everything that happened to a record, the newest first. */
export function LogDialog({
  recordId,
  form,
  onClose,
}: {
  readonly recordId: string;
  readonly form: FormAnswer;
  readonly onClose: () => void;
}) {
  const { texts, language } = useLanguage();
  const log = useRecordLog(recordId);
  const labelOf = labelIn(form, language);
  return (
    <Dialog title={texts.log} onClose={onClose}>
      {log.isError && <Trouble error={log.error} again={() => void log.refetch()} />}
      {log.isPending && <p className="loading">{texts.loading}</p>}
      <p className="small">
        <a href={addressOf({ at: 'audit', id: recordId })}>{texts.audit}</a>
      </p>
      <ol className="log" reversed>
        {[...(log.data?.items ?? [])].reverse().map((entry) => {
          const content = entry.content as LogContent;
          const values = Object.entries(content.values ?? {});
          return (
            <li key={entry.version} value={entry.version}>
              <strong>{nameOf(content, texts)}</strong> · {entry.person?.name ?? texts.machine} ·{' '}
              <span className="dim">{new Date(entry.at).toLocaleString(texts.locale)}</span>
              <LogReasons content={content} labelOf={labelOf} />
              {values.length > 3 ? (
                <details>
                  <summary>{texts.fieldsChanged(values.length)}</summary>
                  <LogValues values={values} labelOf={labelOf} />
                </details>
              ) : (
                <LogValues values={values} labelOf={labelOf} />
              )}
            </li>
          );
        })}
      </ol>
    </Dialog>
  );
}

function LogValues({
  values,
  labelOf,
}: {
  readonly values: readonly [string, LoggedValue][];
  readonly labelOf: (key: string) => string;
}) {
  return (
    <ul className="log-values">
      {values.map(([key, value]) => (
        <li key={key}>
          <span className="dim">{labelOf(key)}:</span> <ValueText value={value} />
        </li>
      ))}
    </ul>
  );
}
