import type { Alert, Incident } from '@watchpost/contracts/alert';
import type { SiteDirectory } from '../places/site-directory.ts';
import { concernOf } from './concern.ts';
import { concernRules, type IncidentPolicy } from './policy.ts';

/** An incident that an alert may join, as it is when the alert opens. */
export interface JoinableIncident {
  readonly incident: Pick<Incident, 'id' | 'concern' | 'zones' | 'lastMemberAt' | 'alerts'>;
  readonly devices: readonly string[];
}

/**
 * The incident that an alert belongs to: of the same concern, whose newest alert is recent, in the zone of
 * the alert or near its device. Of several the one that grew last; undefined where it begins one of its own.
 */
export function chooseIncident(
  alert: Alert,
  joinable: readonly JoinableIncident[],
  directory: Pick<SiteDirectory, 'device' | 'planOf'>,
  policy: IncidentPolicy,
): JoinableIncident | undefined {
  const { windowMs, alertsAtMost } = policy;
  const concern = concernOf(alert);
  if (concernRules[concern].groups === 'never') return undefined;
  const openedMs = Date.parse(alert.openedAt);
  return joinable
    .filter(({ incident, devices }) => {
      if (incident.concern !== concern || incident.alerts >= alertsAtMost) return false;
      // Not by the sign: our own clock may have been set back.
      if (Math.abs(openedMs - Date.parse(incident.lastMemberAt)) > windowMs) return false;
      return isNear(alert, { zones: incident.zones, devices }, directory, policy);
    })
    .toSorted((a, b) => Date.parse(b.incident.lastMemberAt) - Date.parse(a.incident.lastMemberAt))[0];
}

/** Whether an alert is in a zone of an incident or near one of its devices. */
export function isNear(
  alert: Pick<Alert, 'zone' | 'device'>,
  { zones, devices }: { readonly zones: readonly string[]; readonly devices: readonly string[] },
  directory: Pick<SiteDirectory, 'device' | 'planOf'>,
  { nearM }: Pick<IncidentPolicy, 'nearM'>,
): boolean {
  if (zones.includes(alert.zone)) return true;
  return nearM > 0 && devices.some((device) => distanceM(alert.device, device, directory) <= nearM);
}

/** How far two devices are from each other on their plan, metres; infinite where they share none. */
function distanceM(one: string, other: string, directory: Pick<SiteDirectory, 'device' | 'planOf'>): number {
  const [a, b] = [directory.device(one), directory.device(other)];
  if (!a || !b || directory.planOf(a.zone) !== directory.planOf(b.zone)) return Number.POSITIVE_INFINITY;
  return Math.hypot(a.at[0] - b.at[0], a.at[1] - b.at[1]);
}
