import type { Alert } from '@watchpost/contracts/alert';
import { WatchpostError } from '@watchpost/contracts/errors';

/** What a person decides by: when one of these changed, a step that did not see it is stale. */
type Seen = 'severity' | 'state' | 'disposition';

const seenFields = ['severity', 'state', 'disposition'] as const satisfies readonly Seen[];

/** Alerts of older services do not say when each field changed: as if all of it had changed last. */
function changedInOf(alert: Alert): Record<Seen, number> {
  const { version } = alert;
  return alert.changedIn ?? { severity: version, state: version, disposition: version };
}

/** The next version of an alert: `parts` are changed at `now` (RFC 3339). */
export function revise(alert: Alert, parts: Partial<Alert>, now: string): Alert {
  const version = alert.version + 1;
  const next = { ...alert, ...parts, updatedAt: now, version };
  const before = changedInOf(alert);
  const since = (field: Seen) => (next[field] === alert[field] ? before[field] : version);
  return {
    ...next,
    changedIn: { severity: since('severity'), state: since('state'), disposition: since('disposition') },
  };
}

/**
 * Refuses a step that was decided on what is no longer so. Further events of the same severity, a cleared
 * cause and notes make nothing stale: a device that chatters would keep everybody from acknowledging.
 * @throws WatchpostError `alert.stale` with what changed and how it is now; `api.invalid` for a version that
 *   does not exist yet.
 */
export function requireSeen(alert: Alert, version: number): void {
  if (version > alert.version) {
    throw new WatchpostError('api.invalid', { path: '/version', details: { version: alert.version } });
  }
  const since = changedInOf(alert);
  const changed = seenFields.filter((field) => since[field] > version);
  if (changed.length === 0) return;
  const { severity, state, condition, disposition } = alert;
  throw new WatchpostError('alert.stale', {
    path: '/version',
    details: {
      seen: version,
      version: alert.version,
      changed: changed.join(','),
      severity,
      state,
      condition,
      disposition: disposition ?? 'none',
    },
  });
}
