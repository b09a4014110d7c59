import { type Alert, type Incident, severities } from '@watchpost/contracts/alert';
import { isSuppressed, isToldAgain } from '../suppression/suppression.ts';

/** What a transaction did to one alert of an incident. */
export interface MemberChange {
  /** Missing for an alert that is new. */
  readonly before: Alert | undefined;
  readonly after: Alert;
}

/**
 * What a change of an incident means for people.
 * `opened`: there is something new. `updated`: it goes on and has become more. `rose`: its severity has.
 * `returned`: it was acknowledged or over, and is open again. `acknowledged`: somebody has all of it.
 * `cleared`: it is over. `quieted`: nobody is told of any of its alerts any more. `merged`: its alerts
 * are those of another one. `changed`: nobody has to know.
 */
export type IncidentChangeKind =
  | 'opened'
  | 'updated'
  | 'rose'
  | 'returned'
  | 'acknowledged'
  | 'cleared'
  | 'quieted'
  | 'merged'
  | 'changed';

/** What a transaction did to an incident. */
export interface IncidentChange {
  /** Missing for an incident that is new. */
  readonly before: Incident | undefined;
  readonly after: Incident;
  readonly kind: IncidentChangeKind;
  /** Those of its alerts that changed; empty where people moved alerts between incidents. */
  readonly members: readonly MemberChange[];
}

const rank = ({ severity }: Pick<Alert, 'severity'>): number => severities.indexOf(severity);

/** Whether people who know of the incident do not know this of one of its alerts. */
function isNews({ before, after }: MemberChange): boolean {
  if (isSuppressed(after)) return false;
  if (!before) return true;
  if (isSuppressed(before)) return isToldAgain(before, after);
  return rank(after) > rank(before) || (before.state !== 'open' && after.state === 'open');
}

/** What a change of an incident means for people. */
export function kindOfChange(
  before: Incident | undefined,
  after: Incident,
  members: readonly MemberChange[],
): IncidentChangeKind {
  if (!before) return after.state === 'over' || after.quiet ? 'changed' : 'opened';
  if (after.state === 'over') return before.state === 'over' ? 'changed' : 'cleared';
  if (after.quiet) return before.quiet ? 'changed' : 'quieted';
  if (before.quiet) return members.some(isNews) ? 'opened' : 'changed';
  if (before.state === 'over') return 'returned';
  if (rank(after) > rank(before)) return 'rose';
  if (before.state !== after.state) return after.state === 'open' ? 'returned' : 'acknowledged';
  return members.some(isNews) ? 'updated' : 'changed';
}
