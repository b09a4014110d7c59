import type { Alert } from '@watchpost/contracts/alert';

/**
 * Whether an alert is new to a person, as the server counts it: unresolved and never seen, or graver or open
 * again since; who took it has seen it.
 * @param seen the version that the person saw; undefined: none
 */
export function isUnseen(alert: Alert, seen: number | undefined, user: string): boolean {
  const { state, acknowledgedBy, changedIn } = alert;
  if (state === 'resolved' || state === 'closed' || acknowledgedBy === user) return false;
  if (seen === undefined) return true;
  return (changedIn?.severity ?? 1) > seen || (state === 'open' && (changedIn?.state ?? 1) > seen);
}
