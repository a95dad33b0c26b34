import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLanguage } from '../text/language.tsx';
import { useReasonText } from './reasons.tsx';
import type { Row } from './rows.ts';

/** What is said at a field: broken rules, why it was returned, what the machine went by. */
export function FieldNotices({
  row,
  evidence = false,
}: {
  readonly row: Row;
  readonly evidence?: boolean;
}) {
  const { texts, language } = useLanguage();
  const wordsOf = useReasonText();
  return (
    <>
      {row.reasons.map((reason) => (
        <p key={`${reason.code} ${reason.reason}`} className="notice returned">
          {texts.returnedBecause}: {wordsOf(reason)}
        </p>
      ))}
      {row.findings.map((finding) => (
        <p key={finding.rule} className={`notice ${finding.severity}`}>
          {finding[language]}
        </p>
      ))}
      {row.accepted.map(({ rule, reason }) => (
        <p key={rule} className="notice evidence">
          {texts.acceptedBecause}: {reason}
        </p>
      ))}
      {row.value?.note !== undefined && (
        <p className="notice warning">
          {texts.uncertainBecause}: {row.value.note}
        </p>
      )}
      {evidence && row.value && row.value.evidence.source !== 'person' && (
        <p className="notice evidence">
          {row.value.evidence.confidence !== undefined &&
            texts.machineSays(Math.round(100 * row.value.evidence.confidence))}
          {row.value.evidence.rules.map((r) => ` · ${r.says}`).join('')}
        </p>
      )}
    </>
  );
}

/** A sentence about the whole record. */
export function Notice({
  tone,
  children,
}: {
  readonly tone: 'info' | 'warn' | 'bad';
  readonly children: ReactNode;
}) {
  const color = { info: 'blue', warn: 'orange', bad: 'red' }[tone];
  return (
    <Alert color={color} variant="light" className="trouble">
      {children}
    </Alert>
  );
}
