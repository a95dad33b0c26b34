import { useMemo } from 'react';
import type { FormAnswer } from '../../api/contract.ts';
import { useForms, useRecord, useRecordLog, useVerification } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { StatusBadge } from '../parts/status.tsx';
import { LogReasons, labelIn, nameOf } from '../record/log.tsx';
import { ValueText } from '../record/value-text.tsx';
import { addressOf } from '../router.ts';
import { useLanguage, useTexts } from '../text/language.tsx';
import { type AuditEntry, auditOf, type Change } from './changes.ts';

/** The most changes that stand open under an action. */
const OPEN = 6;

/** Everything that was done to a record: who, when, what to what, and whether the chain holds. */
export function AuditScreen({ id }: { readonly id: string }) {
  const { texts, language } = useLanguage();
  const record = useRecord(id);
  const log = useRecordLog(id);
  const forms = useForms();
  const verification = useVerification(id);
  const entries = useMemo(() => [...auditOf(log.data?.items ?? [])].reverse(), [log.data]);
  const failed = [record, log, forms].find((q) => q.isError);
  if (failed)
    return (
      <div className="screen">
        <Trouble error={failed.error} again={() => void failed.refetch()} />
      </div>
    );
  if (!record.data || !log.data || !forms.data) return <p className="loading">{texts.loading}</p>;
  const form = forms.data.items.find((f) => f.id === record.data.form);
  const { data } = verification;
  return (
    <div className="screen">
      <nav className="crumbs" aria-label={texts.record}>
        <a href={addressOf({ at: 'record', id })}>‹ {texts.openRecord}</a>
      </nav>
      <div className="audit-head">
        <h1>
          {texts.audit}
          {record.data.values.so?.text && ` · ${texts.recordTitle(record.data.values.so.text)}`}
        </h1>
        <StatusBadge status={record.data.status} />
        {data && (
          <p className={data.intact ? 'chain good' : 'chain bad'} role="status">
            {data.intact ? `✓ ${texts.chainHolds}` : `✗ ${texts.chainBroken(data.version ?? 0)}`}
          </p>
        )}
      </div>
      <table className="list audit">
        <thead>
          <tr>
            <th scope="col">{texts.version}</th>
            <th scope="col">{texts.when}</th>
            <th scope="col">{texts.who}</th>
            <th scope="col">{texts.what}</th>
            <th scope="col">{texts.fingerprint}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((item) => (
            <AuditRow key={item.entry.version} item={item} form={form} language={language} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AuditRow({
  item: { entry, content, changes },
  form,
  language,
}: {
  readonly item: AuditEntry;
  readonly form: FormAnswer | undefined;
  readonly language: 'vi' | 'en';
}) {
  const texts = useTexts();
  const labelOf = labelIn(form, language);
  const confirmed = changes.filter((c) => c.confirmed);
  const changed = changes.filter((c) => !c.confirmed);
  return (
    <tr>
      <td>{entry.version}</td>
      <td className="nowrap">{new Date(entry.at).toLocaleString(texts.locale)}</td>
      <td>{entry.person?.name ?? texts.machine}</td>
      <td>
        <strong>{nameOf(content, texts)}</strong>
        <LogReasons content={content} labelOf={labelOf} />
        {changed.length > OPEN ? (
          <details>
            <summary>{texts.fieldsChanged(changed.length)}</summary>
            <Changes changes={changed} labelOf={labelOf} />
          </details>
        ) : (
          <Changes changes={changed} labelOf={labelOf} />
        )}
        {confirmed.length > 0 && (
          <details>
            <summary>{texts.fieldsConfirmed(confirmed.length)}</summary>
            <Changes changes={confirmed} labelOf={labelOf} />
          </details>
        )}
      </td>
      <td>
        <code title={entry.hash}>{entry.hash.slice(0, 12)}</code>
      </td>
    </tr>
  );
}

function Changes({
  changes,
  labelOf,
}: {
  readonly changes: readonly Change[];
  readonly labelOf: (key: string) => string;
}) {
  return (
    <ul className="log-values">
      {changes.map(({ key, before, after, confirmed }) => (
        <li key={key}>
          <span className="dim">{labelOf(key)}:</span>{' '}
          {before && !confirmed && (
            <>
              <span className="before">
                <ValueText value={before} />
              </span>{' '}
              →{' '}
            </>
          )}
          <ValueText value={after} />
          {after.note && <span className="dim"> ({after.note})</span>}
          {after.evidence?.confidence !== undefined && (
            <span className="dim"> {Math.round(100 * after.evidence.confidence)} %</span>
          )}
        </li>
      ))}
    </ul>
  );
}
