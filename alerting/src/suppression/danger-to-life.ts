import type { Alert } from '@watchpost/contracts/alert';
import { lifeSafetyEvents } from '../ingest/policy.ts';

type Asked = Pick<Alert, 'eventType' | 'details'>;

const kindsOf = new Map<string, 'all' | readonly string[]>(Object.entries(lifeSafetyEvents));

/** Whether an alert says that a life may be in danger: nothing keeps that from people by itself. */
export function isDangerToLife({ eventType, details }: Asked): boolean {
  const kinds = kindsOf.get(eventType);
  if (kinds === undefined) return false;
  return kinds === 'all' || kinds.includes(String(details.kind ?? details.category));
}

/** The same for the column `kind` of alerts: types of which all are, and `type/kind` of the others. */
export const dangerousKinds: readonly string[] = [...kindsOf].flatMap(([type, kinds]) =>
  kinds === 'all' ? [type] : kinds.map((kind) => `${type}/${kind}`),
);
