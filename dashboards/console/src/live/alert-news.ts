import type { Alert } from '@watchpost/contracts/alert';

/**
 * Whether a person wants to hear of this version of an alert: it opened, opened again, changed its severity,
 * or is kept quiet no more.
 * @param known the version of it that was known before, if any
 */
export function isNews(alert: Alert, known: Alert | undefined): boolean {
  if (known && known.version >= alert.version) return false;
  if (alert.state !== 'open' || alert.suppressions) return false;
  if (known?.suppressions) return true;
  if (known) return known.state !== 'open' || known.severity !== alert.severity;
  const { changedIn, version } = alert;
  return version === 1 || changedIn?.state === version || changedIn?.severity === version;
}
