import type { Alert } from '@watchpost/contracts/alert';
import { isUnresolved } from '../alerts/alert-lifecycle.ts';
import type { IncidentPolicy } from '../incidents/policy.ts';
import { noteConditionChange } from '../store/flapping-store.ts';
import { isDangerToLife } from '../suppression/danger-to-life.ts';
import { withSuppressions } from '../suppression/suppression.ts';
import type { SuppressionRule } from '../suppression/suppression-rules.ts';

/** What {@link flappingRule} needs. */
export interface FlappingOptions {
  readonly site: string;
  readonly policy: IncidentPolicy['flapping'];
}

/** Whether the cause of an alert came back or ended. */
const hasChanged = (before: Alert | undefined, after: Alert): boolean =>
  before !== undefined && before.condition !== after.condition && isUnresolved(after.state);

/**
 * An alert whose cause comes and goes more often than the policy allows says so, and people are told no more
 * of it until it has kept still for as long; a danger to life only says so.
 */
export function flappingRule({ site, policy }: FlappingOptions): SuppressionRule {
  return async (tx, alerts) => {
    const judged: Alert[] = [];
    for (const { before, after } of alerts) {
      if (after.site !== site || !hasChanged(before, after)) {
        judged.push(after);
        continue;
      }
      const nowMs = Date.parse(after.updatedAt);
      const changes = await noteConditionChange(tx, after, nowMs - policy.withinMs);
      judged.push(changes > policy.above ? flapping(after, changes, nowMs + policy.withinMs) : after);
    }
    return judged;
  };
}

function flapping(alert: Alert, changes: number, untilMs: number): Alert {
  const counted = { ...alert, details: { ...alert.details, flapping: changes } };
  if (isDangerToLife(alert)) return counted;
  const others = (alert.suppressions ?? []).filter(({ kind }) => kind !== 'flapping');
  const until = new Date(untilMs).toISOString();
  return withSuppressions(counted, [...others, { kind: 'flapping', ref: alert.id, until, by: null }]);
}
