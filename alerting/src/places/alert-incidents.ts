import type { Alert } from '@watchpost/contracts/alert';
import { addIncidents, type Incident } from '../store/place-risk-store.ts';
import type { Queryable } from '../store/schema.ts';
import { incidentKind, isIncident } from './incident.ts';

/** The incident that an alert is, at its cell; undefined for what does not feed the map. */
export function incidentOf(
  alert: Pick<Alert, 'eventType' | 'details' | 'openedAt'>,
  cell: string | null,
): Incident | undefined {
  const kind = incidentKind(alert.eventType, alert.details);
  if (kind === undefined || cell === null) return undefined;
  return { cell, kind, timeMs: Date.parse(alert.openedAt) };
}

/**
 * Corrects the map after what an alert was said to be has changed: what was false, a nuisance, a test or a
 * duplicate is no incident of its place.
 */
export async function correctIncidents(
  tx: Queryable,
  site: string,
  changes: readonly { readonly before: Alert; readonly after: Alert }[],
): Promise<void> {
  const corrected = changes.filter(
    ({ before, after }) => isIncident(before.disposition) !== isIncident(after.disposition),
  );
  if (corrected.length === 0) return;
  const cells = await tx
    .selectFrom('alert')
    .select(['id', 'cell'])
    .where('site', '=', site)
    .where(
      'id',
      'in',
      corrected.map(({ after }) => after.id),
    )
    .execute();
  const cellOf = new Map(cells.map(({ id, cell }) => [id, cell]));
  const incidents = corrected.flatMap(({ after }): Incident[] => {
    const incident = incidentOf(after, cellOf.get(after.id) ?? null);
    return incident ? [{ ...incident, removed: !isIncident(after.disposition) }] : [];
  });
  await addIncidents(tx, site, incidents);
}
