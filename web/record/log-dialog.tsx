import type { FormAnswer, LogEntry } from '../../api/contract.ts';
import { useRecordLog } from '../calls/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Trouble } from '../parts/problem.tsx';
import { addressOf } from '../router.ts';
import { useLanguage } from '../text/language.tsx';
import type { Texts } from '../text/vi.ts';
import { ValueText } from './value-text.tsx';

type Values = Record<
  string,
  { state: 'written' | 'blank' | 'illegible' | 'struckOut'; text?: string }
>;

/** The content of an entry as far as it is shown; the API leaves it open. */
interface Content {
  readonly type: LogEntry['content']['type'];
  readonly values?: Values;
  readonly done?: boolean;
  readonly reasons?: readonly { readonly field?: string; readonly reason: string }[];
}

const nameOf = (content: Content, texts: Texts) =>
  content.type === 'keyed' && content.done
    ? texts.logTypes.keyedDone
    : texts.logTypes[content.type];

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
  const log = useRecordLog(recordId, true);
  const labelOf = (key: string) =>
    [...form.fields, ...form.bookFields].find((f) => f.key === key)?.[language] ?? key;
  return (
    <Dialog title={texts.log} onClose={onClose}>
      {log.isError && <Trouble error={log.error} again={() => void log.refetch()} />}
      {log.isPending && <p className="loading">{texts.loading}</p>}
      <p className="small">
        <a href={addressOf({ at: 'audit', id: recordId })}>{texts.audit}</a>
      </p>
      <ol className="log" reversed>
        {[...(log.data?.items ?? [])].reverse().map((entry) => {
          const content = entry.content as Content;
          const values = Object.entries(content.values ?? {});
          return (
            <li key={entry.version} value={entry.version}>
              <strong>{nameOf(content, texts)}</strong> · {entry.person?.name ?? texts.machine} ·{' '}
              <span className="dim">{new Date(entry.at).toLocaleString(texts.locale)}</span>
              {content.reasons?.map((r) => (
                <p key={`${r.field}${r.reason}`} className="notice returned">
                  {r.field && `${labelOf(r.field)}: `}
                  {r.reason}
                </p>
              ))}
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
  readonly values: readonly [string, Values[string]][];
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
