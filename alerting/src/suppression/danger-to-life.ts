import type { Alert } from '@watchpost/contracts/alert';
import { type EventType, isEventType } from '@watchpost/contracts/wire';
import { lifeSafetyEvents } from '../ingest/policy.ts';

/** Whether an alert says that a life may be in danger: nothing keeps it from people by itself. */
export function isDangerToLife({ eventType, details }: Pick<Alert, 'eventType' | 'details'>): boolean {
  const kinds = isEventType(eventType) ? lifeSafetyEvents[eventType as EventType] : undefined;
  if (kinds === undefined) return false;
  return kinds === 'all' || kinds.includes(String(details.kind ?? details.category));
}
