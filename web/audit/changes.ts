import type { LogEntry } from '../../api/contract.ts';
import type { LogContent, LoggedValue } from '../record/log.tsx';

/** A field before and after an action. `confirmed`: a person said what a machine had said. */
export interface Change {
  readonly key: string;
  readonly before: LoggedValue | undefined;
  readonly after: LoggedValue;
  readonly confirmed: boolean;
}

export interface AuditEntry {
  readonly entry: LogEntry;
  readonly content: LogContent;
  readonly changes: readonly Change[];
}

const says = (value: LoggedValue | undefined) =>
  JSON.stringify([value?.state, value?.text ?? '', value?.note ?? '']);
const byPerson = (value: LoggedValue | undefined) => value?.evidence?.source === 'person';

/** Every action with what it changed, oldest first. A machine never changes what a person said. */
export function auditOf(log: readonly LogEntry[]): readonly AuditEntry[] {
  const values = new Map<string, LoggedValue>();
  return log.map((entry) => {
    const content = entry.content as LogContent;
    const changes: Change[] = [];
    for (const [key, after] of Object.entries(content.values ?? {})) {
      const before = values.get(key);
      if (content.type === 'prefilled' && byPerson(before)) continue;
      values.set(key, after);
      const same = before !== undefined && says(before) === says(after);
      const confirmed = same && byPerson(after) && !byPerson(before);
      if (!same || confirmed) changes.push({ key, before, after, confirmed });
    }
    return { entry, content, changes };
  });
}
