import type { Alert, IncidentConcern } from '@watchpost/contracts/alert';
import { kindOf } from '../alerts/alert-subject.ts';
import { concernOfKind } from './policy.ts';

/** What an alert is about, as far as it makes incidents. */
export function concernOf({ eventType, details }: Pick<Alert, 'eventType' | 'details'>): IncidentConcern {
  return concernOfKind[kindOf(eventType, details)] ?? concernOfKind[eventType] ?? 'other';
}
