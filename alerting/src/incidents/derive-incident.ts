import { type Alert, type Incident, type Severity, severities } from '@watchpost/contracts/alert';
import { isUnresolved } from '../alerts/alert-lifecycle.ts';
import { isSuppressed } from '../suppression/suppression.ts';
import { concernOf } from './concern.ts';

/** What the alerts of an incident come to. */
export interface MemberSummary {
  readonly alerts: number;
  /** The highest of all. */
  readonly severity: Severity;
  /** The highest of those that are unresolved; null when none is. */
  readonly unresolvedSeverity: Severity | null;
  /** Whether nobody has acknowledged one of them. */
  readonly anyOpen: boolean;
  /** Whether nobody is told of any of those that are unresolved. */
  readonly quiet: boolean;
  readonly zones: readonly Alert['zone'][];
  /** How often the cause of one of them came and went, while that was too often. */
  readonly flapping: number;
}

/** An incident of one alert: it has the id of the alert that it begins with. */
export function incidentOfOne(alert: Alert): Incident {
  const { id, site, severity, zone, openedAt, updatedAt } = alert;
  const isOver = !isUnresolved(alert.state);
  return {
    ...{ id, site, severity, openedAt, updatedAt, version: 1, concern: concernOf(alert), zones: [zone] },
    state: isOver ? 'over' : alert.state === 'open' ? 'open' : 'acknowledged',
    quiet: !isOver && isSuppressed(alert),
    ...{ alerts: 1, flapping: 0, lastMemberAt: openedAt, mergedInto: null, changedIn: 1 },
    closedAt: isOver ? updatedAt : null,
  };
}

/**
 * The next version of an incident, from what its alerts are now. `now` is RFC 3339, like `lastMemberAt`,
 * which is given when an alert joined.
 */
export function deriveIncident(
  before: Incident,
  members: MemberSummary,
  now: string,
  lastMemberAt: string = before.lastMemberAt,
): Incident {
  const isOver = members.unresolvedSeverity === null;
  const version = before.version + 1;
  const severity = members.unresolvedSeverity ?? members.severity;
  const state = isOver ? 'over' : members.anyOpen ? 'open' : 'acknowledged';
  const rose = severities.indexOf(severity) > severities.indexOf(before.severity);
  return {
    ...before,
    ...{ version, severity, state, quiet: members.quiet, zones: [...members.zones], alerts: members.alerts },
    ...{ lastMemberAt, updatedAt: now, flapping: members.flapping },
    closedAt: isOver ? (before.closedAt ?? now) : null,
    changedIn: rose || (state === 'open' && before.state !== 'open') ? version : before.changedIn,
  };
}

/** The severity that the database counts as `order`: 0 is the highest. */
export const severityAt = (order: number): Severity => severities[severities.length - 1 - order] ?? 'low';
