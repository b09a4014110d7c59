import type { Alert } from '@watchpost/contracts/alert';
import { parseSource } from '@watchpost/contracts/wire';
import { AlertHandler } from '../alerts/alert-handler.ts';
import type { ChangeEntry } from '../alerts/change-entry.ts';
import { incidentCell } from '../places/incident.ts';
import { lockUnresolved } from '../store/alert-store.ts';
import { takeLateConditions } from '../store/late-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { DecisionContext } from './decision-context.ts';
import { loadClearings } from './load-clearings.ts';

/** What became of late conditions. */
export interface Settled {
  readonly alerts: readonly Alert[];
  readonly entries: readonly ChangeEntry[];
  /** Of each gateway, how many are over: they came too late to page anybody. */
  readonly late: ReadonlyMap<string, number>;
  readonly mapChanged: boolean;
}

/**
 * The backlog of these gateways is through. Of what they reported late, the conditions whose newest word is
 * that they hold alert now, however late; the others are history.
 */
export async function settleLate(
  tx: Queryable,
  gateways: readonly string[],
  { directory, newId, policy, rules, nowMs }: DecisionContext,
): Promise<Settled> {
  const site = directory.site.id;
  const conditions = await takeLateConditions(tx, site, gateways);
  const late = new Map<string, number>();
  if (conditions.length === 0) return { alerts: [], entries: [], late, mapChanged: false };
  const clearings = await loadClearings(
    tx,
    site,
    conditions.flatMap(({ event }) => {
      const device = directory.device(parseSource(event.source).device);
      return device ? [{ event, device }] : [];
    }),
    nowMs,
  );
  const groups = conditions.map(({ groupKey }) => groupKey);
  const handler = new AlertHandler(await lockUnresolved(tx, site, groups), clearings, newId, policy);
  for (const { event, gateway, risk, receivedAt, groupKey } of conditions) {
    const device = directory.device(parseSource(event.source).device);
    if (device === undefined || event.time <= (clearings.get(groupKey) ?? '')) {
      late.set(gateway, (late.get(gateway) ?? 0) + 1);
      continue;
    }
    const lateMs = Date.parse(receivedAt) - Date.parse(event.time);
    const { lifeSafety } = rules.ruleFor(event);
    const cell = incidentCell(event, device.at, directory.planOf(device.zone));
    const alerting = { alerts: true, onMap: true, lateMs, lifeSafety, cell };
    handler.handle({ event, gateway: device.gateway, risk, receivedAt, ...alerting });
  }
  const alerts = await handler.save(tx);
  return { alerts, entries: handler.entries, late, mapChanged: handler.mapChanged };
}
