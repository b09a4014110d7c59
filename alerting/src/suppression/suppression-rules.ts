import type { Alert } from '@watchpost/contracts/alert';
import type { ChangeEntry } from '../alerts/change-entry.ts';
import { correctIncidents } from '../places/alert-incidents.ts';
import { updateAlerts } from '../store/alert-store.ts';
import type { Queryable } from '../store/schema.ts';
import { recordSuppressions } from '../store/suppression-store.ts';
import { afterChange } from './suppression.ts';

/** An alert before and after a transaction; before is missing for one that is new. */
export interface JudgedAlert {
  readonly before: Alert | undefined;
  readonly after: Alert;
}

/**
 * Decides in the transaction of a change what keeps people from being told of the alerts: gives each as it
 * then is, in the version in which it got it. Alerts of other sites are given back as they are.
 */
export type SuppressionRule = (tx: Queryable, alerts: readonly JudgedAlert[]) => Promise<readonly Alert[]>;

/**
 * Judges the alerts that a transaction changed, one rule after the other, stores what came of it and writes
 * down what begins and ends.
 */
export async function judgeSuppressions(
  tx: Queryable,
  entries: readonly ChangeEntry[],
  rules: Iterable<SuppressionRule>,
): Promise<readonly ChangeEntry[]> {
  const changed = new Map<string, JudgedAlert>();
  for (const { alert, before } of entries)
    changed.set(alert.id, { before: changed.get(alert.id)?.before ?? before, after: alert });
  const given = [...changed.values()];
  let judged = given.map(({ before, after }) => ({ before, after: afterChange(before, after) }));
  for (const rule of rules) {
    const next = await rule(tx, judged);
    judged = judged.map(({ before, after }, index) => ({ before, after: next[index] ?? after }));
  }
  const revised = judged.flatMap(({ after }, index) => (after === given[index]?.after ? [] : [after]));
  await updateAlerts(tx, revised);
  for (const [index, { after }] of judged.entries()) {
    const was = given[index]?.after;
    // A test counts nowhere on the map.
    if (was && was.disposition !== after.disposition)
      await correctIncidents(tx, after.site, [{ before: was, after }]);
  }
  await recordSuppressions(tx, judged);
  if (revised.length === 0) return entries;
  const byId = new Map(revised.map((alert) => [alert.id, alert]));
  return entries.map((entry) => ({ ...entry, alert: byId.get(entry.alert.id) ?? entry.alert }));
}
