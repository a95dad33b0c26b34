import type { Accepted } from './actions.ts';
import type { Finding } from './record.ts';

/** True when a finding keeps a record from approval: broken rules, and what has no standard form. */
const isDeviation = ({ severity, rule }: Finding) =>
  severity === 'error' || rule === 'notNormalized';

const isAbout = (accepted: Accepted, finding: Finding) =>
  accepted.rule === finding.rule &&
  accepted.fields.length === finding.fields.length &&
  accepted.fields.every((key) => finding.fields.includes(key));

/**
 * The deviations that nobody has accepted. A fact of history is never rejected: a checker who has
 * compared it with the page accepts it with a reason.
 */
export const openDeviations = (
  findings: readonly Finding[],
  accepted: readonly Accepted[],
): Finding[] => findings.filter((f) => isDeviation(f) && !accepted.some((a) => isAbout(a, f)));
