import { type Alert, type Suppression, severities } from '@watchpost/contracts/alert';
import { isUnresolved } from '../alerts/alert-lifecycle.ts';
import { revise } from '../alerts/alert-revision.ts';

/**
 * Why a suppression ended: its time was over, what it came from was changed or ended, the severity of the
 * alert rose, or the alert was resolved.
 */
export type SuppressionEnd = 'time' | 'lifted' | 'severity' | 'resolved';

/** Kinds that somebody decided knowing how grave the alert was: a rise in severity ends them. */
const endedByRise: readonly Suppression['kind'][] = ['silence', 'snooze'];

const isSame = (one: Suppression, { kind, ref }: Pick<Suppression, 'kind' | 'ref'>): boolean =>
  one.kind === kind && one.ref === ref;

const rank = ({ severity }: Alert): number => severities.indexOf(severity);

/** Whether nobody is told of an alert. */
export function isSuppressed(alert: Pick<Alert, 'suppressions'> | undefined): boolean {
  return (alert?.suppressions?.length ?? 0) > 0;
}

/** The alert with these suppressions and no other, in the same version. */
export function withSuppressions(alert: Alert, suppressions: readonly Suppression[]): Alert {
  const { suppressions: _before, ...rest } = alert;
  return suppressions.length === 0 ? rest : { ...rest, suppressions: [...suppressions] };
}

/** Suppresses an alert from now on (RFC 3339); of the same origin the newer one counts. */
export function suppress(alert: Alert, suppression: Suppression, now: string): Alert {
  const others = (alert.suppressions ?? []).filter((one) => !isSame(one, suppression));
  return withSuppressions(revise(alert, {}, now), [...others, suppression]);
}

/** Ends the suppressions of an alert that `ends` names; the same alert where it has none of them. */
export function lift(alert: Alert, ends: (suppression: Suppression) => boolean, now: string): Alert {
  const left = (alert.suppressions ?? []).filter((one) => !ends(one));
  if (left.length === (alert.suppressions?.length ?? 0)) return alert;
  return withSuppressions(revise(alert, {}, now), left);
}

/** The soonest time at which a suppression of an alert ends by itself, RFC 3339. */
export function suppressedUntil({ suppressions = [] }: Pick<Alert, 'suppressions'>): string | undefined {
  return suppressions.flatMap(({ until }) => until ?? []).toSorted()[0];
}

/**
 * What a change of an alert leaves of its suppressions, in the same version: nothing of one that is over, and
 * nothing that was decided on something less grave.
 */
export function afterChange(before: Alert | undefined, after: Alert): Alert {
  const { suppressions } = after;
  if (suppressions === undefined) return after;
  if (!isUnresolved(after.state)) return withSuppressions(after, []);
  if (!before || rank(after) <= rank(before)) return after;
  const left = suppressions.filter(({ kind }) => !endedByRise.includes(kind));
  return left.length === suppressions.length ? after : withSuppressions(after, left);
}

/** Why a suppression that an alert had is gone. */
export function endOf(before: Alert, after: Alert, { kind, until }: Suppression): SuppressionEnd {
  if (!isUnresolved(after.state)) return 'resolved';
  if (rank(after) > rank(before) && endedByRise.includes(kind)) return 'severity';
  return until !== null && until <= after.updatedAt ? 'time' : 'lifted';
}

/**
 * Whether people are told of an alert that nothing keeps quiet any more: it is judged as new while its cause
 * has not ended and nobody has it. Whoever had put it off himself hears of it in any case.
 */
export function isToldAgain(before: Alert, after: Alert): boolean {
  if (rank(after) > rank(before)) return true;
  if (after.condition === 'cleared') return false;
  return after.state === 'open' || (before.suppressions ?? []).some(({ kind }) => kind === 'snooze');
}
