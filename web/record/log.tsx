import type { FormAnswer, LogEntry } from '../../api/contract.ts';
import { useTexts } from '../text/language.tsx';
import type { Texts } from '../text/vi.ts';
import { useReasonText } from './reasons.tsx';

/** A value as it stands in the log; the API leaves the content open. */
export interface LoggedValue {
  readonly state: 'written' | 'blank' | 'notOnForm' | 'illegible' | 'struckOut';
  readonly text?: string;
  readonly note?: string;
  readonly evidence?: { readonly source?: string; readonly confidence?: number };
}

/** The content of an entry as far as it is shown. */
export interface LogContent {
  readonly type: LogEntry['content']['type'];
  readonly values?: Readonly<Record<string, LoggedValue>>;
  readonly done?: boolean;
  readonly reasons?: readonly {
    readonly field?: string;
    readonly code?: string;
    readonly reason: string;
  }[];
  readonly accepted?: readonly {
    readonly rule: string;
    readonly fields: readonly string[];
    readonly reason: string;
  }[];
}

/** What was done. */
export const nameOf = (content: LogContent, texts: Texts) =>
  content.type === 'keyed' && content.done
    ? texts.logTypes.keyedDone
    : texts.logTypes[content.type];

/** A field's label on the form or of the book; its key where there is none. */
export const labelIn =
  (form: FormAnswer | undefined, language: 'vi' | 'en') =>
  (key: string): string =>
    [...(form?.fields ?? []), ...(form?.bookFields ?? [])].find((f) => f.key === key)?.[language] ??
    key;

/** Why a record was returned or reopened, and why what is against a rule was accepted. */
export function LogReasons({
  content,
  labelOf,
}: {
  readonly content: LogContent;
  readonly labelOf: (key: string) => string;
}) {
  const texts = useTexts();
  const wordsOf = useReasonText();
  return (
    <>
      {content.reasons?.map((r) => (
        <p key={`${r.field} ${r.code} ${r.reason}`} className="notice returned">
          {r.field && `${labelOf(r.field)}: `}
          {wordsOf(r)}
        </p>
      ))}
      {content.accepted?.map(({ rule, fields, reason }) => (
        <p key={`${rule} ${fields.join()}`} className="notice warning">
          {texts.acceptedBecause} ({fields.map(labelOf).join(', ')}): {reason}
        </p>
      ))}
    </>
  );
}
